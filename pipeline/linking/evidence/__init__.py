"""What speaks for a piece being a person: place, shape of the team, appearance, number."""
