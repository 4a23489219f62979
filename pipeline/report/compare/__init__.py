"""Comparisons as a page and a table."""
