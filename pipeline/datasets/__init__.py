"""Data sets of annotated pictures: import, check, masks from teachers, rendered pictures."""
