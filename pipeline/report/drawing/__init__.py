"""Figures as SVG, made here: seen without JavaScript, printed sharp, and light."""
