"""Rendered people: gait, bodies, clothes, shadows."""
