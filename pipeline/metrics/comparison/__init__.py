"""Two team shapes side by side, with intervals."""
