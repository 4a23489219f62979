"""Finding the camera view from keypoints, lines and motion."""
