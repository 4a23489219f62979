"""Work in the background: processes started by the server, and what browsers are told of them."""
