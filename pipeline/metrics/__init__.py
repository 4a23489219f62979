"""Football metrics: pure functions, tables in, tables out."""
