"""The kind of each shot, with a score and what spoke for it: the table ``shots``. Tables in, table out."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pipeline.shots import replays
from pipeline.shots.shot_facts import main_camera
from pipeline.shots.transitions import CUT, WIPE, Change

if TYPE_CHECKING:
    import pandas as pd

FIRST = "first"

_MOSTLY = 0.5
_GOOD_ERROR_M = 1.0
"""Other views than the main camera's feed positions up to this median error, if most frames have one."""
_CLOSE_TALLEST, _CLOSE_WIDTH = 0.33, 0.33
_NO_GRASS, _NO_GRASS_WIDTH = 0.08, 0.08
_SMALL_TALLEST = 0.2
_STILL_LEVELS, _STILL_LEAST_S = 1.5, 0.4
_WIPE_SCORE = 0.9


@dataclass(frozen=True, slots=True)
class Look:
    """What a shot looks like: numbers of `shot_facts.facts`, and by how many grey levels its pictures differ.

    ``camera`` is ``main``, ``other``, or None where no place is known.
    """

    camera: str | None
    view_share: float
    grass: float
    tallest: float
    change: float
    length_s: float


@dataclass(frozen=True, slots=True)
class Guess:
    """A kind with its score, None where it is unclear, and what spoke for it."""

    kind: str
    score: float | None
    signs: str | None = None


UNCLEAR = Guess("unclear", None)


def shots_table(
    facts: pd.DataFrame, change: Mapping[int, float], found: list[Change], no_bug: Collection[int]
) -> pd.DataFrame:
    """Name the kind of each shot and say whether people in it get positions.

    Parameters
    ----------
    facts
        As `shot_facts.facts` gives them.
    change
        By how many grey levels the pictures of each shot differ; absent where there is but one.
    found
        The transitions, in order.
    no_bug
        Shots without the score bug that the main camera's shots around them have.

    Returns
    -------
    Table ``shots``.
    """
    import pandas as pd

    is_main = (facts["camera"] == main_camera(facts)).to_numpy(bool)
    spoken = replays.signs(facts, is_main, found, no_bug)
    between = {number: c.how for c in found for number in range(c.before + 1, c.after)}
    starts = between | {c.after: c.how for c in found}
    guesses = []
    for number, look in zip(facts.index.tolist(), _looks(facts, is_main, change), strict=True):
        in_wipe = between.get(number) == WIPE
        guesses.append(Guess("transition", _WIPE_SCORE) if in_wipe else guess(look, spoken[number]))
    table = facts.drop(columns="repeats").reset_index(names="shot")
    judged = pd.DataFrame(guesses, columns=["kind", "score", "signs"])
    table = table.join(judged.astype({"score": float}))
    table["start"] = [FIRST, *(starts.get(n, CUT) for n in facts.index[1:].tolist())][: len(table)]
    table["calibrated"] = table["view_share"] >= _MOSTLY
    table["feeds_positions"] = _feeds(table)
    return table


def guess(look: Look, spoken: list[str]) -> Guess:
    """Name the kind of one shot; ``spoken`` says that it is a replay (see `replays.signs`)."""
    seen = _by_look(look)
    if seen.kind == "graphic":
        return seen
    replayed = replays.chance(spoken, strict=seen.kind in ("main", "no_pitch"))
    return Guess("replay", replayed, "; ".join(spoken)) if replayed > 0 else seen


def _by_look(look: Look) -> Guess:
    if look.camera == "main":
        return Guess("main", 0.5 + look.view_share / 2, "the main camera's place")
    if look.view_share >= _MOSTLY:
        return Guess("other", look.view_share, "a camera at another place") if look.camera else UNCLEAR
    bare = _below(look.grass, _NO_GRASS, _NO_GRASS_WIDTH) if np.isfinite(look.grass) else 0.0
    still = _below(look.change, _STILL_LEVELS, _STILL_LEVELS) if look.length_s >= _STILL_LEAST_S else 0.0
    if min(bare, still) >= 0.5:
        return Guess("graphic", min(bare, still), "no grass, no motion")
    close = 1 - _below(look.tallest, _CLOSE_TALLEST, _CLOSE_WIDTH)
    if close >= 0.5:
        return Guess("close_up", close, "a person as tall as a third of the picture or more")
    if bare >= 0.5 and look.tallest < _SMALL_TALLEST:
        return Guess("no_pitch", bare, "no grass")
    return UNCLEAR


def _looks(facts: pd.DataFrame, is_main: NDArray[np.bool_], change: Mapping[int, float]) -> list[Look]:
    out = []
    for (number, shot), own in zip(facts.iterrows(), is_main.tolist(), strict=True):
        camera = "main" if own else "other" if np.isfinite(shot["camera"]) else None
        view, grass, tallest = (float(shot[name]) for name in ("view_share", "grass", "tallest"))
        length_s = float(shot["end_s"] - shot["start_s"])
        out.append(Look(camera, view, grass, tallest, change.get(int(str(number)), np.inf), length_s))
    return out


def _feeds(table: pd.DataFrame) -> pd.Series:
    """Which shots' people get positions: the main camera's, and others whose views are many and good."""
    main = (table["kind"] == "main") & (table["view_share"] > 0)
    good = (
        table["kind"].isin(["other", "unclear"]) & table["calibrated"] & (table["error_m"] <= _GOOD_ERROR_M)
    )
    return main | good


def _below(value: float, limit: float, width: float) -> float:
    """How surely a value lies below a limit: 0.5 at it, 1 from ``width`` below it."""
    return float(np.clip(0.5 + (limit - value) / (2 * width), 0, 1))
