"""One file an annotation format."""
