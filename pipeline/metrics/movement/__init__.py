"""Movement of players and teams: smooth paths, speed, distance, their errors."""
