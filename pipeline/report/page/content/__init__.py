"""What the page's sections show: formations by half, heatmaps, places, players' cards, the video."""
