"""Tables of the step physical; thresholds are quoted from the settings that they are made with."""

from __future__ import annotations

from pipeline.core.config import MeasureSettings
from pipeline.core.settings.physical_settings import PhysicalSettings
from pipeline.tables.columns import PLAYER, ROLE_NAMES, TEAM_NAMES, TRACK, Column, TableSchema
from pipeline.tables.movement_schemas import acceleration_text

_WHO = (
    Column("role", "str", "role of the track", values=ROLE_NAMES),
    Column("team", "str", "A or B; null where unclear", True, TEAM_NAMES),
)
_START = Column("start_s", "float64", "start, s from the first frame", low=0)
_END = Column("end_s", "float64", "end, s from the first frame", low=0)


def _place(name: str, when: str) -> tuple[Column, ...]:
    about = f"pitch position {when}, m"
    return tuple(Column(f"{name}{n}_m", "float64", about) for n in "xy")


def physical_schemas(measure: MeasureSettings, physical: PhysicalSettings) -> tuple[TableSchema, ...]:
    """Declare ``physical, fast_runs, efforts, peak_demands``."""
    return (
        _summary(measure, physical),
        _fast_runs(measure, physical),
        _efforts(measure, physical),
        _peaks(physical),
    )


def _summary(measure: MeasureSettings, physical: PhysicalSettings) -> TableSchema:
    ends = f"{physical.decline_min:g} min"
    rest = f"{physical.repeated_sprints} or more sprints with at most {physical.repeated_rest_s:g} s between"
    floats = (
        Column("minutes_visible", "float64", "with a position, observed or interpolated, min", low=0),
        Column("coverage", "float64", "visible share of the play while on the pitch", low=0, high=1),
        Column("distance_visible_m", "float64", "metres run while visible; never extrapolated", low=0),
        Column("high_speed_m", "float64", f"metres at {measure.high_speed_from_kmh:g} km/h or more", low=0),
        Column("sprint_m", "float64", f"metres at {measure.sprint_from_kmh:g} km/h or more", low=0),
        Column("high_speed_runs", "int32", "rows of table fast_runs, sprints among them", low=0),
        Column("sprints", "int32", "as in table movement", low=0),
        Column("accelerations", "int32", "rows of that kind in table efforts", low=0),
        Column("decelerations", "int32", "rows of that kind in table efforts", low=0),
        Column("repeated_bouts", "int32", f"bouts of repeated sprints: {rest}", low=0),
        Column("most_in_a_bout", "int32", "sprints of the longest bout; 0 without one", low=0),
        Column("psv99_mps", "float64", "as in table movement; null if never so fast", True),
        Column(
            "psv99_error_mps",
            "float64",
            "its error, m/s: of a speed, and of the share of the time that was not seen",
            True,
            low=0,
        ),
        Column(
            "acceleration_error_mps2",
            "float64",
            "error of an acceleration, m/s^2, from the positions' own error; null without a speed",
            True,
            low=0,
        ),
        Column(
            "first_m_per_min", "float64", f"metres a visible minute in the first {ends} on the pitch", True
        ),
        Column("last_m_per_min", "float64", f"the same in the last {ends}", True),
        Column("decline", "float64", "last over first, minus 1; null where too little was seen", True),
        Column("decline_error", "float64", "its standard error, from minute to minute", True, low=0),
    )
    about = "Physical load of each tracked person over the time he was visible."
    return TableSchema("physical", about, ("track_id",), (TRACK, *_WHO, *floats, PLAYER))


def _fast_runs(measure: MeasureSettings, physical: PhysicalSettings) -> TableSchema:
    about = (
        f"High-speed runs, at {measure.high_speed_from_kmh:g} km/h or more for at least "
        f"{physical.high_speed_hold_s:g} s; a sprint held {measure.sprint_from_kmh:g} km/h for "
        f"{measure.sprint_hold_s:g} s within it."
    )
    columns = (
        Column("kind", "str", "high_speed, or sprint if it holds one", values=("high_speed", "sprint")),
        _START,
        _END,
        Column("seconds", "float64", "how long, s", low=0),
        Column("peak_mps", "float64", "greatest speed, m/s", low=0),
        Column("distance_m", "float64", "metres of the run", low=0),
        Column("sprints", "int32", "sprints that begin in it, as table movement counts them", low=0),
        *_place("start_", "at its start"),
        *_place("end_", "at its end"),
        Column(
            "direction",
            "str",
            f"forward, within {physical.forward_deg:g} degrees of the direction of attack; backward likewise;"
            " else across; null where that is unclear",
            True,
            ("forward", "backward", "across"),
        ),
        Column("possession", "str", "his team's for most of it; null where unknown", True, ("in", "out")),
        Column(
            "with_ball",
            "boolean",
            f"within {physical.carry_m:g} m of the ball for half of it; null where the ball was hardly seen",
            True,
        ),
    )
    return TableSchema("fast_runs", about, ("track_id", "start_s"), (TRACK, *_WHO, *columns))


def _efforts(measure: MeasureSettings, physical: PhysicalSettings) -> TableSchema:
    about = (
        f"Accelerations, {acceleration_text(measure)}, and decelerations, "
        f"{physical.deceleration_mps2:g} m/s^2 for {physical.deceleration_hold_s:g} s from "
        f"{physical.deceleration_from_kmh:g} km/h or more."
    )
    columns = (
        Column("kind", "str", "which", values=("acceleration", "deceleration")),
        _START,
        _END,
        Column("start_mps", "float64", "speed at its start, m/s", low=0),
        Column("end_mps", "float64", "speed at its end, m/s", low=0),
        Column("strongest_mps2", "float64", "greatest change of speed, m/s^2", low=0),
        *_place("", "at its start"),
    )
    return TableSchema("efforts", about, ("track_id", "kind", "start_s"), (TRACK, *_WHO, *columns))


def _peaks(physical: PhysicalSettings) -> TableSchema:
    about = (
        "The hardest minutes of each tracked person: the window of most metres a visible minute. "
        f"No row where he was never seen for {physical.peak_coverage:.0%} of a window."
    )
    columns = (
        Column("measure", "str", "which metres", values=("distance", "high_speed", "sprint")),
        Column("window_min", "float64", "length of the window, min", low=0),
        Column("m_per_min", "float64", "metres a visible minute of it", low=0),
        Column("start_s", "float64", "start of the window, s", low=0),
        Column("coverage", "float64", "share of it in which he was seen", low=0, high=1),
    )
    return TableSchema("peak_demands", about, ("track_id", "measure", "window_min"), (TRACK, *_WHO, *columns))
