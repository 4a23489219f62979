"""Tracking measured against the truth: HOTA and its kin, and how whole each person's identity is."""
