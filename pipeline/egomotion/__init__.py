"""How the camera moves and where the picture cuts, from the pixels alone."""
