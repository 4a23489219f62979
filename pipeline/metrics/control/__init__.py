"""Pitch control: which team would have the ball where."""
