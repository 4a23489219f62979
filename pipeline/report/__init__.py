"""What people look at: the page, heatmaps, comparisons, the overlay video."""
