"""A simulated match in metres: squads, tactics, ball."""
