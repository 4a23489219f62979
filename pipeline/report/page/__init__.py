"""The page of a run: figures, tables and texts for its template."""
