"""The search for the likeliest assignment of all pieces of a team, and where it is in doubt."""
