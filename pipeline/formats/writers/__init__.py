"""A finished run as positions in exchange formats."""
