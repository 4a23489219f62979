"""What the user says in files of a run, and whether it is in its tables."""
