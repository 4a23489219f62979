"""The table ``formations``: how each team stands, window by window, or at this moment of a short clip."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pipeline.metrics.direction import Attack, attacks, evidence, opposite
from pipeline.metrics.formation import MIN_DEFENDERS_SCORE, PLACE_SD_M, UNCLEAR, Fit, fit, fit_either_way
from pipeline.metrics.places import TeamPlaces, team_places, thinned
from pipeline.metrics.shape import team_frames

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]

SAMPLE_S = 0.2
UNSEEN_SD_M = 1.5
"""How much less sure places put together from snippets get with each player out of the picture, m."""
UNSEEN_LASTING_SD_M = 0.6
"""The same for places from tracks that last: pairs seen together at other times make up for it."""

MOMENT_SD_M = 4.5
"""How far, per axis, places over seconds stray from those over minutes, m: with it, in windows of 10-30 s
of TRACAB, the number of defenders was right as often as its score says (0.85 and 0.81)."""


@dataclass(frozen=True, slots=True)
class FormationSettings:
    """Windows and thresholds; see `pipeline.config.MeasureSettings`."""

    window_s: float = 180.0
    min_s: float = 60.0
    min_players: int = 5


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of footage under one name; ``kind`` as in the table ``formations``."""

    start_s: float
    end_s: float
    kind: str


def formations(people: pd.DataFrame, settings: FormationSettings) -> pd.DataFrame:
    """Name both teams' formations: table ``formations`` of `pipeline.schemas`.

    Parameters
    ----------
    people
        What `people.people` gives, players and goalkeepers, tracked or not.
    """
    import pandas as pd

    from pipeline import tables

    cut = windows(people, settings)
    inside = [people[(people["time_s"] >= w.start_s) & (people["time_s"] <= w.end_s)] for w in cut]
    ways = attacks([evidence(part) for part in inside])
    rows = []
    for window, part, way in zip(cut, inside, ways, strict=True):
        for team, attack in (("A", way), ("B", opposite(way))):
            if ((part["team"] == team) & (part["role"] == "player")).any():
                rows.append(_row(part, team, attack, window, settings))
    table = pd.DataFrame(rows) if rows else tables.empty("formations")
    return tables.conform(table, "formations")


def windows(people: pd.DataFrame, settings: FormationSettings) -> list[Window]:
    """Cut the footage into windows of about equal visible time: that in which enough of a team is seen.

    Footage with less than ``min_s`` of it is one window, a shape at this moment.
    """
    outfield = people[people["role"] == "player"]
    seen = outfield.groupby(["time_s", "team"]).size().unstack(fill_value=0).max(axis=1)
    times = seen.index[seen >= settings.min_players].to_numpy(float)
    if not len(times):
        all_times = outfield["time_s"].to_numpy(float)
        return [Window(all_times.min(), all_times.max(), "shape_at_this_moment")] if len(all_times) else []
    visible = np.cumsum(np.minimum(np.diff(times, prepend=times[0]), 1.0))
    total = float(visible[-1])
    if total < settings.min_s:
        return [Window(float(times[0]), float(times[-1]), "shape_at_this_moment")]
    number = max(1, round(total / settings.window_s))
    which = np.minimum((visible / total * number).astype(int), number - 1)
    first = np.searchsorted(which, np.arange(number))
    last = np.r_[first[1:] - 1, len(times) - 1]
    return [Window(float(times[a]), float(times[b]), "formation") for a, b in zip(first, last, strict=True)]


def named(
    places: TeamPlaces,
    attack: Attack | None,
    players_seen: float,
    min_players: int,
    *,
    moment: bool = False,
) -> Fit | None:
    """Fit templates to a team's places; None with too few of them. ``moment``: they are of seconds only."""
    if len(places.places_m) < min_players:
        return None
    unseen_sd = UNSEEN_LASTING_SD_M if places.method != "snippets" else UNSEEN_SD_M
    parts = (PLACE_SD_M, unseen_sd * max(10 - players_seen, 0), MOMENT_SD_M if moment else 0.0)
    sd = float(np.linalg.norm(parts))
    if attack is None:
        return fit_either_way(places.places_m, place_sd_m=sd)[0]
    return fit(forward(places.places_m, attack), place_sd_m=sd)


def forward(places_m: Array, attack: Attack) -> Array:
    """Turn pitch directions into the team's own: x forward, y to the left (its own inverse)."""
    return places_m if attack == "left_to_right" else -places_m


def _row(
    part: pd.DataFrame, team: str, attack: Attack | None, window: Window, settings: FormationSettings
) -> dict[str, object]:
    frames = team_frames(part, team)
    counts = np.isfinite(frames.places_m[..., 0]).sum(axis=1)
    seen = float(counts.mean())
    found = named(
        team_places(thinned(frames, SAMPLE_S)),
        attack,
        seen,
        settings.min_players,
        moment=window.kind == "shape_at_this_moment",
    )
    row: dict[str, object] = {
        "team": team,
        "start_s": window.start_s,
        "end_s": window.end_s,
        "kind": window.kind,
        "attack": attack,
        "players_seen": seen,
        "n_frames": len(frames.frames),
        "formation": UNCLEAR,
        "score": 0.0,
    }
    row |= dict.fromkeys(("nearest", "second", "distance_m", "margin", "defenders"))
    if found is not None:
        backs = found.defenders if found.defenders_score >= MIN_DEFENDERS_SCORE else None
        row |= {"formation": found.formation, "nearest": found.nearest, "second": found.second}
        row |= {"distance_m": found.matches[0].rms_m, "margin": found.margin, "score": found.score}
        row["defenders"] = backs
    return row
