"""Footage that a browser plays: the original where it does, else a copy made once."""
