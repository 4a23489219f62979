"""Views from points that a person marked."""
