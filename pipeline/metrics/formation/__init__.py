"""Formations: places of players, templates, roles, changes over time."""
