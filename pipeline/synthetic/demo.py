"""The scene of the bundled demo clip."""

from __future__ import annotations

from dataclasses import replace

from pipeline.synthetic.match.simulate import MatchPlan
from pipeline.synthetic.scene import Scene
from pipeline.synthetic.venue.true_camera import PLANS

DEMO = Scene(
    plan=MatchPlan("4-3-3", "4-4-2", duration_s=10.0, start_ball_m=(14.0, 2.0), seed=31),
    camera=replace(PLANS["broadcast"], field_m=38.0),
)
"""Ten seconds, 4-3-3 in red against 4-4-2 in white, filmed from the main stand at night."""
