"""Tracking data of many providers, and plain tables, as one kind of match."""
