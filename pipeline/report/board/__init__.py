"""The comparing board: players, roles, teams, halves, phases and matches beside each other, on one scale.

- `board_query`: what a side is called; `board_sides`: read from runs
- `board_figures`: shapes, heatmaps, movement, shape over time as SVG; `board_table`: all numbers in one table
- `board_page`: all of it as one page that needs nothing else
"""
