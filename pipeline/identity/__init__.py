"""Teams and roles from kit colours and places."""
