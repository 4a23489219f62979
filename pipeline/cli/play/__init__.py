"""Commands that answer from the tables of physical load and of play."""
