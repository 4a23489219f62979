"""Phases of play: what a team does with and without the ball, moment by moment."""
