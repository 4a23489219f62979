"""Phases of play of both teams: table ``phases``. Arrays in, table out.

With the ball: set play, transition after winning it, build-up, progression, final third, by where the
ball is (names of FIFA's Enhanced Football Intelligence). Without it: against a set play, transition
after losing it, high, middle and low block, by how far the middle of the team is from its goal. Where
possession is unknown there is no phase, nor while an estimate of it gives the ball to a player who has yet to
restart play, nor with the ball while it is unseen, nor without it while too few of the team are in view.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pipeline.core.pitch import Pitch
from pipeline.core.settings.play_settings import PlaySettings
from pipeline.metrics.moments.play_moments import TEAMS, Moments
from pipeline.metrics.phases.restarts import (
    FROM_THE_LINES,
    NOT_SEEN,
    NamedRestart,
    named_at,
    restarts,
    taken_at_s,
    taken_from_rest,
)
from pipeline.tables.play.phase_names import IN_PHASES, PHASES

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]
Ints = NDArray[np.int64]

NONE = -1
_CODE = {name: i for i, name in enumerate(PHASES)}


def phases(match: Moments, spells: pd.DataFrame, settings: PlaySettings, pitch: Pitch) -> pd.DataFrame:
    """Tell the phases of both teams over time.

    Parameters
    ----------
    match
        At ``settings.every_s``.
    spells
        Table ``possession``.
    """
    import pandas as pd

    from pipeline.tables import storage

    codes, kinds = phase_codes(match, spells, settings, pitch)
    parts = [_spans(match, codes[t], kinds, TEAMS[t]) for t in (0, 1)]
    rows = [p for p in parts if len(p)]
    table = pd.concat(rows, ignore_index=True) if rows else storage.empty("phases")
    return storage.conform(table.sort_values(["start_s", "team"], kind="stable"), "phases")


def phase_codes(
    match: Moments, spells: pd.DataFrame, settings: PlaySettings, pitch: Pitch
) -> tuple[Ints, NDArray[np.object_]]:
    """Give each team's phase at each moment, ``(2, T)``: a row of `PHASES`, `NONE` where unknown.

    And how the set play that goes on was restarted, ``(T,)``, else None.
    """
    since = _since(match, spells, settings, pitch)
    codes = np.full((2, len(match.times_s)), NONE, np.int64)
    for team in (0, 1):
        having, lacking = match.has_ball(team), match.has_ball(1 - team)
        codes[team] = np.where(having, _with_ball(match, team, settings, pitch), codes[team])
        codes[team] = np.where(lacking, _block(match, team, settings, pitch), codes[team])
        in_transition = since.turnover_s <= settings.transition_s
        codes[team][having & in_transition] = _CODE["transition_after_gain"]
        codes[team][lacking & in_transition] = _CODE["transition_after_loss"]
        codes[team][having & since.set_play] = _CODE["set_play"]
        codes[team][lacking & since.set_play] = _CODE["set_play_against"]
        codes[team][since.dead] = NONE
        codes[team] = _steadied(match, codes[team], settings.min_phase_s)
    since.kinds[~since.set_play] = None
    return codes, since.kinds


def _since(match: Moments, spells: pd.DataFrame, settings: PlaySettings, pitch: Pitch) -> _Since:
    known = restarts(match, spells, settings, pitch)
    ordered = spells.sort_values("start_s")
    start, team = ordered["start_s"].to_numpy(float), ordered["team"].to_numpy(object)
    given = (ordered["source"] == "given").to_numpy(bool)
    n = len(match.times_s)
    out = _Since(np.zeros(n, bool), np.full(n, np.inf), np.full(n, None, object), np.zeros(n, bool))
    for i in np.unique(match.spell[match.spell >= 0]):
        own = match.spell == i
        since = match.times_s - start[i]
        if i in known:
            if not given[i] and known[i].name not in FROM_THE_LINES:  # it was restarted unseen, some time ago
                continue
            taken_s = start[i] if given[i] else taken_at_s(match, float(start[i]), settings)
            out.dead[(since >= 0) & (match.times_s < taken_s)] = True
            _restarted(
                match, out, known[i], int(team[i] == "B"), taken_s, own if given[i] else None, settings
            )
        elif i and team[i] != team[i - 1]:
            out.turnover_s[own] = since[own]
    for at in np.flatnonzero(taken_from_rest(match, settings) & ("free_kick" in settings.set_plays)):
        own = match.spell == match.spell[at]
        if given[match.spell[at]]:  # whoever gives possession says when the ball is dead
            continue
        taken_s = taken_at_s(match, float(match.times_s[at]) - settings.rest_s / 2, settings)
        kick = named_at(match, int(at), int(match.owner[at]), pitch)
        _restarted(match, out, kick, int(match.owner[at]), taken_s, own, settings)
    return out


@dataclass(frozen=True, slots=True)
class _Since:
    """Moment by moment ``(T,)``: whether a set play goes on; s since the ball changed hands in play (inf: it
    did not); the restart of the spell, None; whether the ball lies where play will be restarted.
    """

    set_play: NDArray[np.bool_]
    turnover_s: Array
    kinds: NDArray[np.object_]
    dead: NDArray[np.bool_]


def _restarted(
    match: Moments,
    out: _Since,
    restart: NamedRestart,
    team: int,
    taken_s: float,
    within: NDArray[np.bool_] | None,
    settings: PlaySettings,
) -> None:
    """Note a restart by ``team``: a set play as long as it keeps the ball, ``within`` a spell if given."""
    later = match.times_s - taken_s
    if within is None:  # an estimate of possession breaks off
        lost = later[(later >= 0) & (match.owner == 1 - team)]
        within = later < lost.min(initial=np.inf)
    kept = within & (later >= 0) & (later <= settings.set_play_s)
    out.kinds[kept] = restart
    if restart.name in (*settings.set_plays, None):
        out.set_play[kept] = True


def _with_ball(match: Moments, team: int, settings: PlaySettings, pitch: Pitch) -> Ints:
    """Build-up, progression or final third, by where the ball is."""
    share = match.forward(team, match.ball_m)[:, 0] / pitch.length_m + 0.5
    code = np.where(
        share < settings.build_up_to,
        _CODE["build_up"],
        np.where(share > settings.final_third_from, _CODE["final_third"], _CODE["progression"]),
    )
    return np.where(np.isfinite(share), code, NONE)


def _block(match: Moments, team: int, settings: PlaySettings, pitch: Pitch) -> Ints:
    """Low, middle or high block, by the median distance of the outfield players from their goal line."""
    own = match.outfield[team]
    x = np.where(own, match.forward(team, match.places_m[team])[..., 0], np.nan) + pitch.length_m / 2
    enough = np.isfinite(x).sum(axis=1) >= pitch.fewest(settings.min_seen)
    middle = np.full(len(x), np.nan)
    if enough.any():
        middle[enough] = np.nanmedian(x[enough], axis=1)
    code = np.where(
        middle < pitch.of_eleven(settings.low_block_m),
        _CODE["low_block"],
        np.where(middle > pitch.of_eleven(settings.high_block_m), _CODE["high_block"], _CODE["middle_block"]),
    )
    return np.where(enough, code, NONE)


def _steadied(match: Moments, codes: Ints, min_s: float) -> Ints:
    """Give a phase shorter than ``min_s`` to the one before it in the same spell."""
    out = codes.copy()
    first, stop = _runs(match, codes)
    for a, b in zip(first.tolist(), stop.tolist(), strict=True):
        short = match.step_s[a:b].sum() < min_s - 1e-9
        if short and codes[a] != NONE and a and match.spell[a - 1] == match.spell[a] and out[a - 1] != NONE:
            out[a:b] = out[a - 1]
    return out


def _runs(match: Moments, codes: Ints) -> tuple[Ints, Ints]:
    """Bounds of the stretches of one phase in one spell without a gap."""
    apart = np.diff(match.times_s) > match.step_s[:-1] + 1e-6
    change = (np.diff(codes) != 0) | (np.diff(match.spell) != 0) | (np.diff(match.period) != 0) | apart
    edges = np.flatnonzero(change) + 1
    return (np.r_[0, edges], np.r_[edges, len(codes)]) if len(codes) else (edges, edges)


def _spans(match: Moments, codes: Ints, kinds: NDArray[np.object_], team: str) -> pd.DataFrame:
    import pandas as pd

    first, stop = _runs(match, codes)
    known = codes[first] != NONE if len(first) else np.zeros(0, bool)
    first, stop = first[known], stop[known]
    names = [PHASES[c] for c in codes[first]]
    began = [
        (kinds[a] or NOT_SEEN) if n.startswith("set_play") else NOT_SEEN
        for a, n in zip(first, names, strict=True)
    ]
    return pd.DataFrame(
        {
            "team": team,
            "start_s": match.times_s[first],
            "end_s": match.times_s[stop - 1] + match.step_s[stop - 1],
            "phase": names,
            "possession": ["in" if name in IN_PHASES else "out" for name in names],
            "restart": [r.name for r in began],
            "restart_score": [r.score for r in began],
        }
    )
