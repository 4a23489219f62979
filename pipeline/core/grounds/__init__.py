"""Kinds of football pitch: what is painted on each, and how many play on it."""
