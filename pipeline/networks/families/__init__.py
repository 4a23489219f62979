"""Families of segmentation networks: what each has to offer, and the one that comes with the package."""
