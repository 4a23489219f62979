"""Colours, the drawn pitch, wording: shared by all that people look at."""
