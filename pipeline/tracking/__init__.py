"""Linking instances over time."""
