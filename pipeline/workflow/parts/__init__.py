"""Footage in parts that know nothing of each other, so that any process, on any machine, can take some.

- `part_grid`: which part a moment belongs to; which parts are done
- `segment_parts`: people, ball, cuts and camera motion of some parts
- `part_task`: what a worker has to know, in a file beside the parts
- `part_workers`: several processes at once, each with a share of the parts; `worker_process` is one of them
"""
