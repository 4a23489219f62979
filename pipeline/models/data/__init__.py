"""Data sets of annotated pictures: import, check, masks from teachers, crops for training."""
