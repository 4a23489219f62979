"""Least squares over the views of a shot: unknowns, residuals, robust fits."""
