"""A match read from tracking data -> the tables that steps after `identify` work on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pipeline.formats.readers.match_data import CLOCK_START_S, Array, Ints, MatchData, Person

if TYPE_CHECKING:
    import pandas as pd

_ALONE_S = 0.04
"""How long a frame lasts that has no neighbour."""
PAUSE_S = 10.0
"""Put between periods: their own breaks are longer, but nothing happens in them."""


def tables_of(match: MatchData, error_m: float) -> dict[str, pd.DataFrame]:
    """Make ``frames, positions, labels, identities, people, periods``; observed positions only.

    ``positions`` lacks the rows that fill gaps and has a column ``ball`` instead of ``source``.
    """
    time_s = times_s(match)
    usual = _usual_s(match.clock_s)
    tracks = _tracks(match)
    rows = _rows(match, tracks, time_s, error_m)
    return {
        "frames": _frames(match, time_s),
        "positions": rows.drop(columns=["role", "team"]),
        "labels": _labels(rows),
        "identities": _identities(rows),
        "people": _people(match, tracks, rows, time_s),
        "periods": _periods(match, time_s, usual),
    }


def times_s(match: MatchData) -> Array:
    """Lay the periods one behind the other, `PAUSE_S` apart, and count from the first frame, ``(F,)``."""
    out = np.zeros(len(match.frame))
    begins = 0.0
    for period in np.unique(match.period):
        own = match.period == period
        clock = match.clock_s[own]
        out[own] = begins + clock - clock[0]
        begins = float(out[own][-1]) + PAUSE_S
    return out


def _usual_s(clock_s: Array) -> float:
    steps = np.diff(clock_s)
    return float(np.median(steps[steps > 0])) if (steps > 0).any() else _ALONE_S


def _tracks(match: MatchData) -> Ints:
    """Number those who were seen: team A, team B, then the others; 0 for people never seen."""
    seen = np.unique(match.samples.who)
    order = {"A": 0, "B": 1, None: 2}
    ranked = sorted(
        seen.tolist(), key=lambda i: (order[match.people[i].team], match.people[i].jersey or 999, i)
    )
    out = np.zeros(len(match.people), np.int64)
    out[ranked] = np.arange(1, len(ranked) + 1)
    return out


def _rows(match: MatchData, tracks: Ints, time_s: Array, error_m: float) -> pd.DataFrame:
    import pandas as pd

    samples, n_ball = match.samples, len(match.ball_row)
    ball_track = int(tracks.max(initial=0)) + 1
    row = np.r_[samples.row, match.ball_row]
    track = np.r_[tracks[samples.who], np.full(n_ball, ball_track)]
    order = np.lexsort((track, row))
    row, track = row[order], track[order]
    places = np.concatenate([samples.xy_m, match.ball_m])[order]
    roles = np.array(["", *["player"] * (ball_track - 1), "ball"], dtype=object)
    teams = np.full(ball_track + 1, None, dtype=object)
    for person, number in zip(match.people, tracks.tolist(), strict=True):
        if number:
            roles[number], teams[number] = person.role, person.team
    first = np.searchsorted(row, row)
    return pd.DataFrame(
        {
            "frame": match.frame[row].astype(np.int32),
            "time_s": time_s[row],
            "instance": (np.arange(len(row)) - first).astype(np.int32),
            "track_id": track.astype(np.int32),
            "x_m": places[:, 0],
            "y_m": places[:, 1],
            "error_m": np.float32(error_m),
            "ball": track == ball_track,
            "role": roles[track],
            "team": teams[track],
        }
    )


def _frames(match: MatchData, time_s: Array) -> pd.DataFrame:
    from pipeline.tables import storage

    whole = storage.empty("frames").reindex(range(len(time_s)))
    shot = np.unique(match.period, return_inverse=True)[1]
    return whole.assign(frame=match.frame, time_s=time_s, shot=shot, duplicate=False)


def _labels(rows: pd.DataFrame) -> pd.DataFrame:
    score = np.where(rows["team"].isna(), np.nan, 1.0)
    return rows[["frame", "instance", "role", "team"]].assign(team_score=score)


def _identities(rows: pd.DataFrame) -> pd.DataFrame:
    group = rows.groupby("track_id", sort=True)
    out = group.agg(
        role=("role", "first"),
        team=("team", "first"),
        n_frames=("frame", "size"),
        first_s=("time_s", "min"),
        last_s=("time_s", "max"),
    ).reset_index()
    return out.assign(role_score=1.0, team_score=np.where(out["team"].isna(), np.nan, 1.0))


def _people(match: MatchData, tracks: Ints, rows: pd.DataFrame, time_s: Array) -> pd.DataFrame:
    import pandas as pd

    from pipeline.tables import storage

    sight = rows.groupby("track_id")["time_s"].agg(["min", "max"])
    out = []
    for person, track in zip(match.people, tracks.tolist(), strict=True):
        if not track or not person.somebody:
            continue
        on_s, off_s = _stay(match, person, time_s)
        if match.steady and person.team is not None and on_s is None:
            on_s, off_s = (float(v) for v in sight.loc[track])
        out.append(
            {
                "player_id": track,
                "track_id": track,
                "role": person.role,
                "team": person.team,
                "team_name": match.team_names.get(person.team) if person.team else None,
                "name": person.name,
                "jersey": person.jersey,
                "position": person.position,
                "provider_id": person.provider_id,
                "on_s": on_s,
                "off_s": off_s,
                "minutes_in_view": None,
                "score": None,
            }
        )
    return pd.DataFrame(out).sort_values("track_id") if out else storage.empty("people")


def _stay(match: MatchData, person: Person, time_s: Array) -> tuple[float | None, float | None]:
    """Turn a line-up's match clock into s from the first frame; a match not left ends with the last frame."""
    if person.on_s is None:
        return None, None
    off_s = float(time_s[-1]) if person.off_s is None else _at(match, person.off_s, time_s)
    return _at(match, person.on_s, time_s), off_s


def _at(match: MatchData, clock_s: float, time_s: Array) -> float:
    known = np.unique(match.period).tolist()
    begun = [p for p in known if CLOCK_START_S.get(p, np.inf) <= clock_s]
    period = begun[-1] if begun else known[0]
    own = match.period == period
    since = clock_s - CLOCK_START_S.get(period, 0.0) - match.clock_s[own][0]
    return float(np.clip(time_s[own][0] + since, time_s[own][0], time_s[own][-1]))


def _periods(match: MatchData, time_s: Array, usual_s: float) -> pd.DataFrame:
    import pandas as pd

    rows = []
    for period in np.unique(match.period).tolist():
        own = time_s[match.period == period]
        rows.append(
            {
                "period": period,
                "start_s": float(own[0]),
                "end_s": float(own[-1] + min(usual_s, PAUSE_S / 2)),
                "attack_a": None,
                "attack_score": None,
                "source": "given",
            }
        )
    return pd.DataFrame(rows)
