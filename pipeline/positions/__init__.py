"""From foot points in the picture to positions on the pitch: projection, short gaps, objects at rest."""
