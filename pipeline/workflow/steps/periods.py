"""Step periods: who is where, and what the user says -> table periods, where halves are known."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pipeline.core.types import Mode
from pipeline.workflow.step import Context, Step

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.core.config import Config, PeriodSettings
    from pipeline.metrics.direction.halves import HalfTime, Play

NAME = "periods"


def step(mode: Mode) -> Step:
    """Make the step; in mode ``team`` teams are those of single instances."""
    tracked = ("identities",) if mode != "team" else ()
    reads = ("frames", "positions", "labels", *tracked)
    return Step(NAME, 1, reads, ("periods",), _settings, _do)


def _settings(config: Config) -> Mapping[str, Any]:
    given = config.periods.model_dump()
    if given["attack_a"] is None:  # nothing said is as before it could be said
        del given["attack_a"]
    return {"periods": given, "pitch": config.pitch.model_dump()}


def _do(context: Context) -> Mapping[str, Any]:
    from pipeline.core.settings.pitch_settings import chosen_pitch
    from pipeline.metrics.direction.halves import half_time, one_half_score, play_of
    from pipeline.tables import storage
    from pipeline.tables.who_is_where import footage_s, on_pitch, people

    names = step(context.config.mode).reads
    frames, *others = (storage.read(context.table(name), name) for name in names)
    playing = on_pitch(people(*others), chosen_pitch(context.config.pitch))
    given, play = context.config.periods, play_of(playing)
    after = playing if given.kick_off_s is None else playing[playing["time_s"] >= given.kick_off_s]
    found = None
    if given.half_time_s is None:
        found = half_time(after, play, _change(after))
    start_s = float(frames["time_s"].min()) if len(frames) else 0.0
    rows = _rows(given, found, play, start_s, start_s + footage_s(frames))
    table = _with_attack(playing, rows)
    storage.write(table, context.table("periods"), "periods")
    facts: dict[str, Any] = {"periods": len(table)}
    if found is not None:
        return facts | {"half_time_s": found.end_s, "score": found.score, "why": found.why}
    if given.half_time_s is None:
        facts["score"] = one_half_score(after, play)
    return facts


def _change(playing: pd.DataFrame) -> float | None:
    import numpy as np

    from pipeline.linking.ends import change_of_ends

    outfield = playing[playing["role"] == "player"]
    time_s, x_m = (outfield[c].to_numpy(np.float64) for c in ("time_s", "x_m"))
    return change_of_ends(time_s, x_m, (outfield["team"] == "A").to_numpy(bool))


def _rows(
    given: PeriodSettings, found: HalfTime | None, play: Play, start_s: float, end_s: float
) -> list[dict[str, Any]]:
    """List the halves that are known; none where nothing was given or found.

    Where only the direction is given, all of the footage is one half.
    """
    begins = given.kick_off_s if given.kick_off_s is not None else play.first()
    begins = max(start_s, begins or 0.0)
    if given.half_time_s is not None:
        again = given.second_half_s
        if again is None:
            again = play.first(given.half_time_s)
        halves = [(begins, given.half_time_s), (given.half_time_s if again is None else again, end_s)]
    elif found is not None:
        halves = [(begins, found.end_s), (found.start_s, end_s)]
    elif given.kick_off_s is not None or given.attack_a is not None:
        halves = [(begins, end_s)]
    else:
        return []
    from pipeline.metrics.direction.attack_direction import opposite

    source = "estimated" if found is not None else "given"
    ways = (given.attack_a, opposite(given.attack_a))
    return [
        {"period": n, "start_s": a, "end_s": b, "attack_a": ways[(n - 1) % 2], "source": source}
        for n, (a, b) in enumerate(halves, start=1)
        if a < b
    ]


def _with_attack(playing: pd.DataFrame, rows: list[dict[str, Any]]) -> pd.DataFrame:
    import numpy as np
    import pandas as pd

    from pipeline.metrics.direction.attack_direction import directions_by_period
    from pipeline.tables import storage

    if not rows:
        return storage.empty("periods")
    table = pd.DataFrame(rows)
    ways = directions_by_period(playing, table)
    attack, score = np.array([w.attack for w in ways], object), np.array([w.score for w in ways], float)
    return storage.conform(table.assign(attack_a=attack, attack_score=score), "periods")
