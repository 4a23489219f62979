"""Training of the pitch network."""
