"""Physical load: fast runs, efforts, repeated sprints, peak demands, decline over the match."""
