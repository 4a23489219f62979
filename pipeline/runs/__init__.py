"""Finished and unfinished runs on disk: the run directory, and its tables read together."""
