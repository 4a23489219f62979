"""The network that reads shirt numbers."""
