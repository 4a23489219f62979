"""Columns about cameras."""
