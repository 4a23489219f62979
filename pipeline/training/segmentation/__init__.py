"""Training of the segmentation and semantic networks."""
