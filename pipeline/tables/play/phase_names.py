"""Names of the phases of play, in the order in which they are shown."""

from __future__ import annotations

from typing import Literal, get_args

Phase = Literal[
    "in",
    "out",
    "build_up",
    "progression",
    "final_third",
    "set_play",
    "transition_after_gain",
    "high_block",
    "middle_block",
    "low_block",
    "set_play_against",
    "transition_after_loss",
]
"""A part of a team's time: all of it in or out of possession, or a phase of play."""

PHASES: tuple[Phase, ...] = get_args(Phase)[2:]
IN_PHASES, OUT_PHASES = PHASES[:5], PHASES[5:]

PHASE_TEXTS: dict[str, str] = {
    "in": "in possession",
    "out": "out of possession",
    "build_up": "build-up",
    "progression": "progression",
    "final_third": "final third",
    "set_play": "set play",
    "transition_after_gain": "transition after winning the ball",
    "high_block": "high block",
    "middle_block": "middle block",
    "low_block": "low block",
    "set_play_against": "against a set play",
    "transition_after_loss": "transition after losing the ball",
}
"""As people read them."""
