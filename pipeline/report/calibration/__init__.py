"""Camera views drawn, to check them by eye."""
