"""Direction of attack, and parts of a match."""
