"""The page and the overlay video."""
