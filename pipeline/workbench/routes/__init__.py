"""Addresses of the workbench, one module a group; each has ``routes(bench)``."""
