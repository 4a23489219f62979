"""One file a step: read, call, write."""
