"""A minute of play in which something of everything happens, for tests of what play and physical tables say.

A (4-4-2, attacks to the right) has the ball: a pass from 3 to 7, then one to the striker 9, who runs in
behind. B wins it from him and plays it on; B's defence moves up eight metres; 10 of A presses the one
who won it. One player of A is unseen for three seconds.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import tracking_run
from made_up_people import match, track

from pipeline.metrics.summary import MatchTables
from pipeline.tables import storage

SECONDS = 70.0
RUNNER, PRESSER, WINNER, HIDDEN = 9, 10, 22, 2
RUN_S, WON_S, HIDDEN_S = 12.0, 22.0, (30.0, 33.0)
TOP_MPS, GAIN_MPS2, EVEN_S = 9.0, 4.5, 2.0


@dataclass(frozen=True)
class View:
    """How the scene is seen: mirrored along ``x`` or ``y`` (-1), at ``hz``, ``later`` by so many seconds,
    with ``swapped`` letters of the teams.
    """

    x: int = 1
    y: int = 1
    hz: float = 10.0
    later: float = 0.0
    swapped: bool = False


def scene(view: View) -> MatchTables:
    """Give the tables of the scene, not measured."""
    people, ball = _played(view.hz)
    everyone = pd.concat([people, ball], ignore_index=True)
    everyone["x_m"] *= view.x
    everyone["y_m"] *= view.y
    everyone["time_s"] += view.later
    everyone["frame"] += int(view.later * 25)
    letters = {"A": "B", "B": "A"} if view.swapped else {"A": "A", "B": "B"}
    everyone["team"] = everyone["team"].map(letters)
    ways = ("left_to_right", "right_to_left")
    way = ways[int((view.x < 0) != view.swapped)]
    halves = tracking_run.periods((view.later, view.later + SECONDS), attack_a=(way,))
    rows = [(0.0, WON_S, "A"), (WON_S, SECONDS, "B")]
    spells = pd.DataFrame(rows, columns=["start_s", "end_s", "team"]).assign(source="given", score=1.0)
    spells[["start_s", "end_s"]] += view.later
    spells["team"] = spells["team"].map(letters)
    made = tracking_run.unmeasured(everyone, halves=halves, spells=spells)
    names = ("frames", "positions", "labels", "identities", "periods", "possession")
    return MatchTables(**{n: made[n] for n in names}, people=storage.empty("people"))


def _played(hz: float) -> tuple[pd.DataFrame, pd.DataFrame]:
    people = match(seconds=SECONDS, hz=hz, noise_m=0.0)
    times = np.unique(people["time_s"])
    outfield = people["role"] == "player"
    b = (people["team"] == "B") & outfield
    people.loc[b, "x_m"] -= 8 * _ease((people.loc[b, "time_s"] - 40) / 5)
    runner = people["track_id"] == RUNNER
    people.loc[runner, "x_m"] += _run_m(people.loc[runner, "time_s"].to_numpy())
    at = {int(t): own[["x_m", "y_m"]].to_numpy(float) for t, own in people.groupby("track_id")}
    press = people["track_id"] == PRESSER
    near = (_ease((times - WON_S + 4) / 8) * (1 - _ease((times - 30) / 6)))[:, None]
    people.loc[press, ["x_m", "y_m"]] = (1 - near) * at[PRESSER] + near * (at[WINNER] + [-1.0, 1.0])
    hidden = (people["track_id"] == HIDDEN) & people["time_s"].between(*HIDDEN_S)
    ball = _ball(times, at)
    return people[~hidden], track(99, times, ball[:, 0], ball[:, 1], role="ball")


def _ball(times: np.ndarray, at: dict[int, np.ndarray]) -> np.ndarray:
    """From foot to foot: who has it until when, a second of flight in between."""
    stays = ((3, 0.0, 8.0), (7, 9.0, 14.0), (RUNNER, 15.2, 21.0), (WINNER, 22.0, 34.0), (27, 35.0, SECONDS))
    when, where = [], []
    for who, start, end in stays:
        own = (times >= start) & (times <= end)
        when.append(times[own])
        where.append(at[who][own] + [0.3, 0.1])
    known, places = np.concatenate(when), np.concatenate(where)
    return np.column_stack([np.interp(times, known, places[:, k]) for k in (0, 1)])


def _run_m(times: np.ndarray) -> np.ndarray:
    """Metres of a run whose speed is a trapezoid from `RUN_S` on."""
    ramp = TOP_MPS / GAIN_MPS2
    t = np.clip(times - RUN_S, 0, 2 * ramp + EVEN_S)
    up, down = np.minimum(t, ramp), np.clip(t - ramp - EVEN_S, 0, None)
    even = np.clip(t - ramp, 0, EVEN_S)
    return GAIN_MPS2 * up**2 / 2 + TOP_MPS * even + TOP_MPS * down - GAIN_MPS2 * down**2 / 2


def _ease(share: np.ndarray | pd.Series) -> np.ndarray:
    s = np.clip(np.asarray(share, float), 0, 1)
    return s**3 * (10 - 15 * s + 6 * s**2)
