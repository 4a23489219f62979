"""The sides of a comparison: what a user typed, read from runs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np

from pipeline.core.errors import UserError
from pipeline.metrics.comparison.comparison_side import Side, side
from pipeline.metrics.direction.left_to_right import attack_to_the_right, sides
from pipeline.metrics.direction.match_stretch import Stretch, inside
from pipeline.metrics.formation.formation_changes import substitutions
from pipeline.metrics.formation.role_model import SAMPLE_S
from pipeline.metrics.formation.team_places import thinned
from pipeline.metrics.movement import pace
from pipeline.metrics.shape.team_shape import team_frames
from pipeline.report.movement_answer import pace_basis
from pipeline.report.side_query import split_side, team_letter
from pipeline.report.style.colours import Rgb
from pipeline.report.time_blocks import blocks_of
from pipeline.runs.stored_run import StoredRun
from pipeline.tables.play.phase_names import PHASE_TEXTS

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.tables.play.phase_names import Phase

INKS: tuple[Rgb, ...] = (
    (0, 114, 178),
    (213, 94, 0),
    (0, 140, 100),
    (180, 90, 145),
    (70, 70, 70),
    (200, 140, 0),
    (86, 180, 233),
)
"""Told apart with any colour vision (after Okabe and Ito 2008)."""
MOST = 12
_KEYS = ("team", "half", "phase", "player")


@dataclass(frozen=True, slots=True)
class Asked:
    """One side as typed: ``RUN[:team[:half1|half2|in|out]]``; ``team`` None is both.

    ``player``: whom ``player=WHO`` names, None for a team.
    """

    root: Path
    team: str | None
    half: int | None = None
    phase: Phase | None = None
    player: str | None = None


@dataclass(frozen=True, slots=True)
class NamedSide:
    """A side with its name and colour; ``attack_known`` says whether its direction of attack is.

    ``blocks``: its outfield players' movement by block of time (`time_blocks.blocks_of`), None without
    tracks; ``pace``: what paces of the run are of.
    """

    label: str
    ink: Rgb
    run: StoredRun
    side: Side
    attack_known: bool
    blocks: pd.DataFrame | None = None
    pace: pace.Basis = "whole"


def parse(text: str) -> Asked:
    """Read one argument of ``teamshape compare``.

    Raises
    ------
    UserError
        If something after the run is neither a team nor a part of the match.
    """
    root, said = split_side(text, _KEYS)
    if root is None:
        raise UserError(f"{text}: expected a run directory in front, such as runs/derby:A:half1")
    half, phase = part_of(said, text)
    return Asked(root, said.get("team"), half, phase, said.get("player"))


def part_of(said: Mapping[str, str], text: str) -> tuple[int | None, Phase | None]:
    """Read half and phase of what was said of a side; ``text`` is for errors.

    Raises
    ------
    UserError
        If one is none.
    """
    half, phase = said.get("half"), said.get("phase")
    if half is not None and not half.isdecimal():
        raise UserError(f"{text}: half={half}: expected 1 or 2 (3 and 4: extra time)")
    if phase is not None and phase not in PHASE_TEXTS:
        raise UserError(f"{text}: phase={phase}: expected {', '.join(PHASE_TEXTS)}")
    return None if half is None else int(half), cast("Phase | None", phase)


def read_sides(texts: list[str], min_seen: int | None = None) -> list[NamedSide]:
    """Read all sides of a comparison; a run without a team gives both of its teams.

    ``min_seen``: team shape counts in frames with so many of the team in view; as each run's settings say
    where None.

    Raises
    ------
    UserError
        If there are not 2 to `MOST` sides, or a run, team or part is not there.
    """
    asked = [parse(text) for text in texts]
    runs = {a.root: StoredRun.open(a.root) for a in asked}
    wanted = [(a, team) for a in asked for team in _teams(a, runs[a.root])]
    if not 2 <= len(wanted) <= MOST:
        raise UserError(f"{' '.join(texts)}: {len(wanted)} sides; a comparison needs 2 to {MOST}")
    labels = _labels([(runs[a.root], team, a) for a, team in wanted])
    return [
        read_side(runs[a.root], team, a, label, INKS[i % len(INKS)], min_seen)
        for i, ((a, team), label) in enumerate(zip(wanted, labels, strict=True))
    ]


def _teams(asked: Asked, run: StoredRun) -> tuple[str, ...]:
    if asked.team is None:
        return ("A", "B")
    names = {t: run.team_name(t) for t in ("A", "B")}
    return (team_letter(asked.team, names, f"{asked.root}:{asked.team}"),)


def _labels(wanted: list[tuple[StoredRun, str, Asked]]) -> list[str]:
    """Name sides by team, part and, where there are several, run; numbered where that is still the same."""
    several = len({run.root.resolve() for run, _, _ in wanted}) > 1
    labels = []
    for run, team, asked in wanted:
        half = "" if asked.half is None else f"period {asked.half}"
        parts = [
            run.team_name(team),
            half,
            PHASE_TEXTS.get(asked.phase or "", ""),
            run.name if several else "",
        ]
        labels.append(", ".join(p for p in parts if p))
    twice = {label for label, n in Counter(labels).items() if n > 1}
    return [f"{label} ({i})" if label in twice else label for i, label in enumerate(labels, start=1)]


def read_side(
    run: StoredRun, team: str, asked: Asked, label: str, ink: Rgb, min_seen: int | None
) -> NamedSide:
    """Read one side: ``team`` (A or B) of ``run`` in the part that ``asked`` names.

    Raises
    ------
    UserError
        If the part is not known there, or nobody was placed on the pitch.
    """
    periods, possession = run.table("periods"), run.table("possession")
    if asked.half is not None and asked.half not in set(periods["period"]):
        raise UserError(f"{run.root}: period {asked.half} is not known here (table periods does not have it)")
    if asked.phase is not None and not len(possession):
        raise UserError(f"{run.root}: possession is not known here (table possession is absent or empty)")
    phases = run.table("phases")
    if asked.phase not in (None, "in", "out") and not len(phases):
        raise UserError(f"{run.root}: phases are not known here (table phases is absent or empty)")
    playing = run.people()
    way = sides(playing, run.table("formations", optional=True), periods)
    people = attack_to_the_right(playing, way)
    part = Stretch(half=asked.half, phase=asked.phase)
    own = people[people["team"] == team]
    times = own["time_s"].to_numpy(float)
    own = own[inside(times, part, team, periods, possession, phases)]
    if not (own["role"] == "player").any():
        raise UserError(f"{run.root}: nobody of {label} was placed on the pitch")
    signs = way.signs(own["time_s"].to_numpy(float), own["team"].to_numpy(object))
    cuts = _line_up_changes(run, people, team)
    fewest = run.config.measure.shape_min_players if min_seen is None else min_seen
    made = side(own, team, run.pitch, possession, min_seen=fewest, cuts_s=cuts)
    known = bool(np.all(signs != 0))
    if not run.has("movement_parts"):
        return NamedSide(label, ink, run, made, known)
    tracks = own.loc[own["role"] == "player", "track_id"].dropna().unique().astype(int).tolist()
    return NamedSide(label, ink, run, made, known, blocks_of(run, tracks, team, part), pace_basis(run))


def _line_up_changes(run: StoredRun, people: pd.DataFrame, team: str) -> tuple[float, ...]:
    """Say when ``team`` began a period or brought somebody on, s: by line-ups, else by tracks that last."""
    starts = tuple(float(t) for t in run.table("periods")["start_s"])
    known = run.table("people")
    came = known.loc[known["team"] == team, "on_s"].dropna()
    if len(came):
        return (*starts, *(float(t) for t in np.unique(came)))
    return (*starts, *substitutions(thinned(team_frames(people, team), SAMPLE_S)))
