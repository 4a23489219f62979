"""The scene of the bundled demo clip."""

from __future__ import annotations

from pathlib import Path

from pipeline.synthetic.scene import Scene
from pipeline.synthetic.simulate import MatchPlan

DEMO = Scene(plan=MatchPlan(formation_a="4-3-3", formation_b="4-4-2", duration_s=10.0, seed=1))
"""Ten seconds, 4-3-3 in red against 4-4-2 in white, filmed from the main stand at night."""

DEMO_FOLDER = Path(__file__).parents[1] / "demo"
"""Where the rendered clip (``demo.mp4``) and its truth tables lie."""
