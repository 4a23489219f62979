"""The start page: which runs there are, what is in footage, and a queue in which runs are made.

- `allowed_folders`: what may be named at all; `known_runs`: the runs below them
- `footage_look`: what footage says of itself, and a picture
- `run_order`: what the page asks for, checked; `job`, `run_queue`: one at a time, each in its own process
"""
