"""Formations of teams of other sizes than eleven."""
