"""What the workbench says of a run, as plain values for JSON."""
