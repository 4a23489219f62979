"""Heatmaps as picture, page and table."""
