"""The overlay video: masks, names and radar on the footage."""
