"""Team-level and player-level analytics from match footage."""
