"""Finding the camera view from landmarks, lines and motion."""
