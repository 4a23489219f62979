"""Settings of the step play."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from pipeline.core.settings.settings_base import Settings

Restart = Literal["kick_off", "goal_kick", "corner", "throw_in", "free_kick", "penalty"]


class PlaySettings(Settings):
    """Phases of play, team behaviour, off-ball runs, pitch control."""

    every_s: float = Field(0.2, gt=0, le=1, description="one moment in so many seconds is measured")
    build_up_to: float = Field(
        1 / 3, gt=0, lt=1, description="build-up: the ball in this share of the pitch before the own goal"
    )
    final_third_from: float = Field(
        2 / 3, gt=0, lt=1, description="final third: the ball beyond this share of the pitch"
    )
    transition_s: float = Field(
        5.0, ge=0, description="transition: so long after the ball was won or lost in play, s"
    )
    set_play_s: float = Field(10.0, ge=0, description="a set play lasts so long, if the ball is kept, s")
    set_plays: tuple[Restart, ...] = Field(
        ("corner", "throw_in", "free_kick", "penalty"), description="restarts that are set plays"
    )
    dead_s: float = Field(
        3.0, gt=0, description="nobody has the ball for so long: it was dead, and comes back by a restart, s"
    )
    rest_s: float = Field(5.0, gt=0, description="a ball that lies still for so long is a dead ball, s")
    rest_m: float = Field(1.0, gt=0, description="still: within this distance, m")
    free_kick_m: float = Field(7.0, gt=0, description="with no opponent nearer than this, m")
    low_block_m: float = Field(
        30.0,
        gt=0,
        description="low block: the middle of the team less than this before its goal line, m; this and the "
        "next on a pitch for eleven, in smaller games in proportion to its length",
    )
    high_block_m: float = Field(
        45.0, gt=0, description="high block: the middle of the team more than this before its goal line, m"
    )
    min_seen: int = Field(
        7, ge=3, le=10, description="outfield players needed to tell a block's height and the lanes"
    )
    min_phase_s: float = Field(1.0, ge=0, description="a shorter change of phase is none, s")
    reach_m: float = Field(2.0, gt=0, description="the ball is at the feet of a player this near, m")
    pass_s: float = Field(4.0, gt=0, description="a pass takes at most so long, s")
    line_step_m: float = Field(4.0, gt=0, description="a step of the defensive line is at least this, m")
    line_step_mps: float = Field(1.0, gt=0, description="and at least this fast, m/s")
    press_m: float = Field(3.0, gt=0, description="pressed: an opponent is this near the ball's player, m")
    press_within_s: float = Field(10.0, gt=0, description="time to press is looked for so long, s")
    run_kmh: float = Field(15.0, gt=0, description="an off-ball run is at least this fast, km/h")
    run_hold_s: float = Field(1.0, gt=0, description="for at least this long, s")
    forward_m: float = Field(5.0, gt=0, description="runs in behind and forward gain at least this, m")
    behind_m: float = Field(
        1.0,
        ge=0,
        description="in behind: it ends beyond the deepest opponent, or this little short of him, m",
    )
    overlap_m: float = Field(15.0, gt=0, description="overlap: past the ball at most this far from it, m")
    wide_m: float = Field(5.0, gt=0, description="pulling wide: at least this much towards the touchline, m")
    support_m: float = Field(5.0, gt=0, description="support: at least this much nearer to the ball, m")
    support_within_m: float = Field(15.0, gt=0, description="and this near it at the end, m")
    received_s: float = Field(2.0, ge=0, description="the ball came: so long after the run at most, s")
    control_every_s: float = Field(2.0, gt=0, description="pitch control once in so many seconds")
    control_cell_m: float = Field(4.0, ge=1, le=10, description="cells of pitch control, m")
    control_radius_m: float = Field(15.0, gt=0, description="around the ball: within this distance, m")

    @model_validator(mode="after")
    def _in_order(self) -> PlaySettings:
        if self.build_up_to >= self.final_third_from:
            raise ValueError("final_third_from must lie beyond build_up_to")
        if self.low_block_m >= self.high_block_m:
            raise ValueError("high_block_m must lie beyond low_block_m")
        return self
