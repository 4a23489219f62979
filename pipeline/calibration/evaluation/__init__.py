"""Views measured against labelled pictures."""
