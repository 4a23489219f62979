"""A rendered match that knows its own truth."""
