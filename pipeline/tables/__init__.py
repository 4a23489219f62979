"""What is stored between steps: declared columns, Parquet on disk, reading frame by frame, who is where."""
