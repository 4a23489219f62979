"""Settings of the step physical."""

from __future__ import annotations

from pydantic import Field, field_validator

from pipeline.core.settings.settings_base import Settings


class PhysicalSettings(Settings):
    """Physical load; what counts as fast is set in measure."""

    high_speed_hold_s: float = Field(
        0.7, ge=0, description="a high-speed run stays above measure.high_speed_kmh for at least this long, s"
    )
    deceleration_mps2: float = Field(3.0, gt=0, description="a deceleration is at least this, m/s^2")
    deceleration_hold_s: float = Field(0.5, ge=0, description="for at least this long, s")
    deceleration_from_kmh: float = Field(10.0, ge=0, description="and begins at least this fast, km/h")
    repeated_sprints: int = Field(3, ge=2, description="so many sprints in a row are repeated sprints")
    repeated_rest_s: float = Field(21.0, gt=0, description="with at most this much rest between them, s")
    peak_windows_min: tuple[float, ...] = Field(
        (1.0, 3.0, 5.0), min_length=1, max_length=8, description="lengths of the windows of peak demands, min"
    )
    peak_coverage: float = Field(
        0.8, gt=0, le=1, description="share of a window in which the player must be seen"
    )
    decline_min: float = Field(
        15.0, gt=0, description="decline compares the last with the first minutes on the pitch: how many"
    )
    decline_seen_min: float = Field(3.0, gt=0, description="visible time needed in each of them, min")
    forward_deg: float = Field(
        45.0, gt=0, lt=90, description="a run within this angle of the direction of attack goes forward"
    )
    carry_m: float = Field(2.0, gt=0, description="a runner this near the ball runs with it, m")

    @field_validator("peak_windows_min")
    @classmethod
    def _increasing(cls, windows: tuple[float, ...]) -> tuple[float, ...]:
        if windows[0] <= 0 or list(windows) != sorted(set(windows)):
            raise ValueError("expected minutes above 0 that increase, such as [1, 3, 5]")
        return windows
