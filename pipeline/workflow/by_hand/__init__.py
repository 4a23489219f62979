"""Whether what the user says in files of a run is in its tables."""
