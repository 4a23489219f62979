"""The sides of a comparison: what a user typed, read from runs."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from pipeline.core.errors import UserError
from pipeline.metrics.comparison.comparison_side import MIN_SEEN, Side, side
from pipeline.metrics.direction.left_to_right import attack_to_the_right, sides
from pipeline.metrics.direction.match_stretch import Stretch, inside
from pipeline.report.finished_run import StoredRun, stored
from pipeline.report.style.colours import Rgb

if TYPE_CHECKING:
    from pipeline.metrics.direction.match_stretch import Phase

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
_PHASE_WORDS: dict[str, str] = {"in": "in possession", "out": "out of possession"}


@dataclass(frozen=True, slots=True)
class Asked:
    """One side as typed: ``RUN[:team[:half1|half2|in|out]]``; ``team`` None is both."""

    root: Path
    team: str | None
    half: int | None = None
    phase: Phase | None = None


@dataclass(frozen=True, slots=True)
class NamedSide:
    """A side with its name and colour; ``attack_known`` says whether its direction of attack is."""

    label: str
    ink: Rgb
    run: StoredRun
    side: Side
    attack_known: bool


def parse(text: str) -> Asked:
    """Read one argument of ``teamshape compare``.

    Raises
    ------
    UserError
        If something after the run is neither a team nor a part of the match.
    """
    root, words = text, list[str]()
    while not Path(root).exists() and ":" in root:
        root, _, word = root.rpartition(":")
        words.insert(0, word)
    team: str | None = None
    half: int | None = None
    phase: Phase | None = None
    for i, word in enumerate(words):
        if found := re.fullmatch(r"half([1-5])", word):
            half = int(found[1])
        elif word == "in" or word == "out":
            phase = "in" if word == "in" else "out"
        elif i == 0 and word:
            team = word
        else:
            raise UserError(f"{text}: {word!r} is no part of a match; expected half1, half2, in or out")
    return Asked(Path(root), team, half, phase)


def read_sides(texts: list[str], min_seen: int = MIN_SEEN) -> list[NamedSide]:
    """Read all sides of a comparison; a run without a team gives both of its teams.

    Raises
    ------
    UserError
        If there are not 2 to `MOST` sides, or a run, team or part is not there.
    """
    asked = [parse(text) for text in texts]
    runs = {a.root: stored(a.root) for a in asked}
    wanted = [(a, team) for a in asked for team in _teams(a, runs[a.root])]
    if not 2 <= len(wanted) <= MOST:
        raise UserError(f"{' '.join(texts)}: {len(wanted)} sides; a comparison needs 2 to {MOST}")
    labels = _labels([(runs[a.root], team, a) for a, team in wanted])
    return [
        _read(runs[a.root], team, a, label, INKS[i % len(INKS)], min_seen)
        for i, ((a, team), label) in enumerate(zip(wanted, labels, strict=True))
    ]


def _teams(asked: Asked, run: StoredRun) -> tuple[str, ...]:
    if asked.team is None:
        return ("A", "B")
    for team in ("A", "B"):
        if asked.team.casefold() in (team.casefold(), run.team_name(team).casefold()):
            return (team,)
    names = " or ".join(dict.fromkeys(n for t in ("A", "B") for n in (t, run.team_name(t)) if " " not in n))
    raise UserError(f"{asked.root}:{asked.team}: no such team; expected {names}")


def _labels(wanted: list[tuple[StoredRun, str, Asked]]) -> list[str]:
    """Name sides by team, part and, where there are several, run; numbered where that is still the same."""
    several = len({run.root.resolve() for run, _, _ in wanted}) > 1
    labels = []
    for run, team, asked in wanted:
        half = "" if asked.half is None else f"period {asked.half}"
        parts = [
            run.team_name(team),
            half,
            _PHASE_WORDS.get(asked.phase or "", ""),
            run.name if several else "",
        ]
        labels.append(", ".join(p for p in parts if p))
    twice = {label for label, n in Counter(labels).items() if n > 1}
    return [f"{label} ({i})" if label in twice else label for i, label in enumerate(labels, start=1)]


def _read(run: StoredRun, team: str, asked: Asked, label: str, ink: Rgb, min_seen: int) -> NamedSide:
    if asked.half is not None and asked.half not in set(run.periods["period"]):
        raise UserError(f"{run.root}: period {asked.half} is not known here (table periods does not have it)")
    if asked.phase is not None and not len(run.possession):
        raise UserError(f"{run.root}: possession is not known here (table possession is absent or empty)")
    way = sides(run.playing, run.formations, run.periods)
    people = attack_to_the_right(run.playing, way)
    part = Stretch(half=asked.half, phase=asked.phase)
    own = people[people["team"] == team]
    times = own["time_s"].to_numpy(float)
    own = own[inside(times, part, team, run.periods, run.possession)]
    if not (own["role"] == "player").any():
        raise UserError(f"{run.root}: nobody of {label} was placed on the pitch")
    signs = way.signs(own["time_s"].to_numpy(float), own["team"].to_numpy(object))
    made = side(own, team, run.pitch, run.possession, min_seen=min_seen)
    return NamedSide(label, ink, run, made, bool(np.all(signs != 0)))
