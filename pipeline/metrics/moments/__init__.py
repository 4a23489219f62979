"""A match as arrays, moment by moment: what phases, behaviour, runs and pitch control are measured from."""
