"""Grids over the pitch and seconds spent in their cells."""
