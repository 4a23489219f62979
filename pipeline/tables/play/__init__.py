"""Tables of physical load and of play: declared columns."""
