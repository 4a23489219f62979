"""What later steps need from the pixels, gathered in the one pass over the footage that finds people.

- `observer`: what every observer can do; `chosen_observers`: those that a run needs, and their fingerprints
- `pitch_looks`: the pitch network's evidence on key frames, for step calibrate
- `small_pictures`: small pictures around cuts and within shots, for step shots

Each writes a file a part into a folder of its own, ``steps/NAME.seen``, which stays with the run and is
marked with a fingerprint of just what its content depends on. Step calibrate or shots takes what lies there,
and looks at the footage for the rest: for all of it after a setting of the observer has changed.
"""
