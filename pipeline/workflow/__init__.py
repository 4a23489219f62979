"""From footage or tracking data to a finished run: the plan, its steps, still pictures."""
