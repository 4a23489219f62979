"""Many matches, one command.

- `match_list`: the table of matches that a user writes, checked before any work begins
- `match_runs`: a process a match, repeated where that may help, and the record of how each ended
"""
