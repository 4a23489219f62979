"""The page of who is who: people, what is in doubt, and the lines that settle it."""
