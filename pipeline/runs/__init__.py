"""The run directory, and reading what is in it: record, tables, masks, tracks."""
