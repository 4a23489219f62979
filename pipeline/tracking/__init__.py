"""Linking instances over time within a camera shot."""
