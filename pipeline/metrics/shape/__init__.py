"""Team shape at each moment: centroid, length, width, hull."""
