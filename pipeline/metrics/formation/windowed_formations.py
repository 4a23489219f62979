"""How each team stood, window by window and phase by phase: places, templates, direction of attack."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Literal

import numpy as np

from pipeline.metrics.direction.attack_direction import (
    MOST,
    Attack,
    attacks,
    attacks_by_period,
    forward,
    lasting_evidence,
    opposite,
)
from pipeline.metrics.direction.match_stretch import Stretch, inside
from pipeline.metrics.formation.formation_changes import formation_changes, substitutions
from pipeline.metrics.formation.team_places import TeamPlaces, team_places, thinned
from pipeline.metrics.formation.team_sizes.small_sided import templates_of
from pipeline.metrics.formation.template_fit import Fit, fit, fit_either_way
from pipeline.metrics.formation.time_windows import (
    FormationSettings,
    Window,
    seconds_between,
    visible_s,
    windows,
)
from pipeline.metrics.shape.team_shape import TeamFrames, team_frames
from pipeline.tables.play import phase_names as play

if TYPE_CHECKING:
    import pandas as pd

Scope = Literal["window", "span"]
Phase = Literal["all"] | play.Phase

SAMPLE_S = 0.2
UNSEEN_SD_M = 1.0
"""How much less sure places put together from snippets get with each player out of the picture, m."""
UNSEEN_LASTING_SD_M = 0.45
"""The same for places from tracks that last: pairs seen together at other times make up for it."""
MOMENT_SD_M = 3.0
"""How far, per axis, places over seconds stray from those over minutes, m: with it, in windows of 10-30 s of
TRACAB, the number of defenders was right in 90% where its score says 85%."""


_PENALTIES = 5
"""The period in which nobody stands in formation."""


@dataclass(frozen=True, slots=True)
class Stance:
    """A team in a window.

    ``scope``: ``window``, or ``span``: all of a half or from one change of formation to the next.
    ``coverage``: share of the window's time (of the phase) in which enough of the team was seen;
    ``players_seen``: mean outfield players a frame; ``tracked``: the tracks in ``places`` are real ones;
    ``fit`` is None with too few players.
    """

    team: str
    phase: Phase
    scope: Scope
    period: int | None
    window: Window
    attack: Attack | None
    players_seen: float
    n_frames: int
    coverage: float
    tracked: bool
    places: TeamPlaces
    fit: Fit | None


@dataclass(frozen=True, slots=True)
class _Half:
    """Footage in which sides are not changed: a half, as far as is known; ``attack`` is team A's."""

    people: pd.DataFrame
    period: int | None
    attack: Attack | None
    windows: list[Window]

    @property
    def lasting(self) -> bool:
        """Whether there is enough of it to speak of formations."""
        return any(w.kind == "formation" for w in self.windows)


def stances(
    people: pd.DataFrame,
    settings: FormationSettings,
    periods: pd.DataFrame | None = None,
    possession: pd.DataFrame | None = None,
) -> list[Stance]:
    """Describe both teams over all windows and spans, whole and by phase.

    Parameters
    ----------
    people
        What `people.people` gives, players and goalkeepers, tracked or not.
    periods, possession
        Tables of the run where it has them. No window crosses a change of period, and a period's given
        direction of attack counts; without possession there is only the phase ``all``.
    """
    out: list[Stance] = []
    for half in _halves(people, settings, periods):
        for team in ("A", "B"):
            spans = _spans(half, team, settings.team_size) if half.lasting else []
            out += _of_team(half, team, spans, settings, possession)
    return out


def named(
    places: TeamPlaces,
    attack: Attack | None,
    players_seen: float,
    min_players: int,
    *,
    moment: bool = False,
) -> Fit | None:
    """Fit templates to a team's places; None with too few of them, or for a size of team without templates.

    ``moment``: they are of seconds only.
    """
    size = places.team.size
    templates = templates_of(size)
    if len(places.places_m) < min_players or not templates:
        return None
    unseen_sd = UNSEEN_SD_M if places.method == "snippets" else UNSEEN_LASTING_SD_M
    unseen = max(len(places.places_m) - players_seen, 0) if places.method == "roles" else size - players_seen
    parts = (unseen_sd * max(unseen, 0), MOMENT_SD_M if moment else 0.0)
    noise = float(np.linalg.norm(parts))
    if attack is None:
        return fit_either_way(places.places_m, noise_m=noise, templates=templates)[0]
    return fit(forward(places.places_m, attack), noise_m=noise, templates=templates)


def _halves(
    people: pd.DataFrame, settings: FormationSettings, periods: pd.DataFrame | None
) -> Iterator[_Half]:
    if periods is not None and len(periods):
        play = periods[periods["period"] != _PENALTIES].sort_values("start_s")
        ways = attacks_by_period(people, play)
        for period, way in zip(play.to_dict("records"), ways, strict=True):
            part = people[people["time_s"].between(period["start_s"], period["end_s"])]
            yield _Half(part, int(period["period"]), way, windows(part, settings))
        return
    cut = windows(people, settings)
    ways = attacks([float(np.clip(lasting_evidence(w.of(people)), -MOST, MOST)) for w in cut])
    for way, group in groupby(zip(ways, cut, strict=True), key=lambda pair: pair[0]):
        own = [w for _, w in group]
        inside = people["time_s"].between(own[0].start_s, own[-1].end_s)
        yield _Half(people[inside], None, way, own)


def _spans(half: _Half, team: str, size: int) -> list[Window]:
    """Cut a half where the team changed its formation."""
    frames = thinned(team_frames(half.people, team, size), SAMPLE_S)
    cuts = formation_changes(frames, substitutions_s=substitutions(frames))
    start, end = half.windows[0].start_s, half.windows[-1].end_s
    edges = [start, *(c for c in cuts if start < c < end), end]
    return [Window(a, b, "formation") for a, b in pairwise(edges)]


def _of_team(
    half: _Half,
    team: str,
    spans: list[Window],
    settings: FormationSettings,
    possession: pd.DataFrame | None,
) -> Iterator[Stance]:
    yield from _of_phase(half, half.people, half.windows, team, "all", spans, None, settings)
    if possession is None or not len(possession) or not half.lasting:
        return
    times = half.people["time_s"].to_numpy(float)
    for phase in ("in", "out"):
        part = half.people[inside(times, Stretch(phase=phase), team, possession, possession)]
        cut = [w for w in windows(part, settings) if w.kind == "formation"]
        spells = possession[(possession["team"] == team) == (phase == "in")]
        yield from _of_phase(half, part, cut, team, phase, spans, spells, settings)


def _of_phase(
    half: _Half,
    part: pd.DataFrame,
    cut: list[Window],
    team: str,
    phase: Phase,
    spans: list[Window],
    spells: pd.DataFrame | None,
    settings: FormationSettings,
) -> Iterator[Stance]:
    chosen: list[tuple[Scope, Window]] = [("window", w) for w in cut]
    if len(cut) > 1:
        chosen += [("span", s) for s in spans]
    for scope, window in chosen:
        people = window.of(part)
        if ((people["team"] == team) & (people["role"] == "player")).any():
            yield _stance(people, half, team, phase, scope, window, spells, settings)


def _stance(
    part: pd.DataFrame,
    half: _Half,
    team: str,
    phase: Phase,
    scope: Scope,
    window: Window,
    spells: pd.DataFrame | None,
    settings: FormationSettings,
) -> Stance:
    attack = half.attack if team == "A" else opposite(half.attack)
    frames = team_frames(part, team, settings.team_size)
    counts = np.isfinite(frames.places_m[..., 0]).sum(axis=1)
    seen = float(counts.mean())
    found = team_places(thinned(frames, SAMPLE_S))
    moment = window.kind == "shape_at_this_moment"
    seconds = window.end_s - window.start_s
    if spells is not None:
        seconds = seconds_between(spells, window.start_s, window.end_s)
    return Stance(
        team,
        phase,
        scope,
        half.period,
        window,
        attack,
        seen,
        len(frames.frames),
        _coverage(frames, counts >= settings.min_players, seconds),
        bool((frames.tracks >= 0).any()),
        found,
        named(found, attack, seen, settings.min_players, moment=moment),
    )


def _coverage(frames: TeamFrames, enough: np.ndarray, seconds: float) -> float:
    if not enough.any():
        return 0.0
    return min(1.0, visible_s(frames.times_s[enough]) / seconds) if seconds > 0 else 1.0
