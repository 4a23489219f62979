"""What commands print: progress, tables, summaries."""
