"""Roster and match: who wears which number, kit colours, and when the halves are."""
