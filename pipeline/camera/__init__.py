"""What the picture itself says about the camera: motion, cuts, grass."""
