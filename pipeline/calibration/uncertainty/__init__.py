"""How far off a view is in metres, and how steady."""
