"""The rendered ground: grass, goals, stands, and the camera."""
