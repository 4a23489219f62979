"""What each camera shot is: the main camera, another one, a close-up, a replay, a graphic; or unclear.

- `shot_facts`: each shot in numbers; `thumbnails`: the few small pictures that are kept of it
- `transitions`: how one shot gives way to the next, and which of these transitions are the same
- `overlay_graphics`: the score bug and whatever else is laid over the picture, and where it is gone
- `replays`: which shots repeat what was already shown; `classification`: the table ``shots``
"""
