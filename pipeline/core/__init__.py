"""Plain values that every room shares: types, errors, settings, geometry, masks, the pitch."""
