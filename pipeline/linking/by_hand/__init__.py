"""What the user says about who is who: corrections and the roster, on top of what was decided."""
