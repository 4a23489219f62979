"""All that is known of one player of a run: movement by part, roles, and beside his team and his like."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.core.errors import TableError, UserError
from pipeline.metrics.comparison.movement_rates import compare_rates, rate_table
from pipeline.metrics.direction.match_stretch import Stretch
from pipeline.metrics.movement import pace
from pipeline.report.heatmap.player_query import Person, find, persons
from pipeline.report.movement_answer import pace_basis
from pipeline.report.player.role_groups import groups, role_times
from pipeline.report.side_query import team_letter
from pipeline.report.time_blocks import blocks_of
from pipeline.runs.stored_run import StoredRun

if TYPE_CHECKING:
    import pandas as pd

LEAST_MIN = 1.0
"""Others are compared with from so many minutes in view."""


@dataclass(frozen=True, slots=True)
class PlayerAnswer:
    """One player.

    ``parts``: his rows of ``movement_parts``; ``rates``: `movement_rates.rate_table` over the whole match
    (``part`` whole), in and out of possession; ``beside``: `movement_rates.compare_rates` from each group to
    him (``group``, ``players``); ``roles``: ``role, share, phase``; ``group``: of his role, None where
    unknown; ``pace_note`` as in `pace.note`.
    """

    run: StoredRun
    who: Person
    team_name: str
    group: str | None
    parts: pd.DataFrame
    rates: pd.DataFrame
    beside: pd.DataFrame
    roles: pd.DataFrame
    pace_note: str

    @property
    def whole(self) -> pd.Series:
        """His row over the whole match."""
        return self.parts[self.parts["by"] == "whole"].iloc[0]


def player_answer(run: StoredRun, text: str, team: str | None = None) -> PlayerAnswer:
    """Answer for the player that ``text`` names: shirt, name, ``A7``, ``t12`` (see `player_query.find`).

    Raises
    ------
    UserError
        If nobody or more than one is meant, he is no player, or he was never followed on the pitch.
    TableError
        If the run has no tracks.
    """
    if not run.has("movement_parts"):
        raise TableError(f"{run.root}: nobody was followed there (mode team), so there are no players")
    _, identities = run.by_person("positions")
    letter = None if team is None else team_letter(team, _team_names(run), f"--team {team}")
    who = find(text, persons(identities, run.table("people")), letter)
    parts = run.table("movement_parts")
    own = parts[parts["track_id"].isin(who.tracks)]
    if who.role not in ("player", "goalkeeper") or not (own["by"] == "whole").any():
        raise UserError(f"{text}: {who.choice} has no movement here; choose a player who was followed")
    longest = own[own["by"] == "whole"].sort_values("minutes_visible").iloc[-1]["track_id"]
    own = own[own["track_id"] == longest].reset_index(drop=True)
    group = groups(run).get(int(longest))
    return PlayerAnswer(
        run,
        who,
        run.team_name(who.team) if who.team else "team unknown",
        group,
        own,
        _rates(run, int(longest), who.team),
        _beside(run, int(longest), who.team, group),
        _roles(run, int(longest)),
        pace.note(pace_basis(run)),
    )


def _team_names(run: StoredRun) -> dict[str, str]:
    return {t: run.team_name(t) for t in ("A", "B")}


def _rates(run: StoredRun, track: int, team: str | None) -> pd.DataFrame:
    import pandas as pd

    made = [rate_table(blocks_of(run, [track], team, Stretch())).assign(part="whole")]
    if len(run.table("possession")) and team is not None:
        for phase in ("in", "out"):
            blocks = blocks_of(run, [track], team, Stretch(phase=phase))
            made.append(rate_table(blocks).assign(part=phase))
    return pd.concat(made, ignore_index=True)


def _beside(run: StoredRun, track: int, team: str | None, group: str | None) -> pd.DataFrame:
    """Compare him with the others of his team (outfield, or keepers none), and with all of his role."""
    import pandas as pd

    table, known = run.table("movement"), groups(run)
    others = table[(table["track_id"] != track) & (table["minutes_visible"] >= LEAST_MIN)]
    mates = others[(others["team"] == team) & (others["role"] == "player")]["track_id"].astype(int).tolist()
    like = [t for t in others["track_id"].astype(int) if group is not None and known.get(t) == group]
    own = blocks_of(run, [track], team, Stretch())
    made = []
    for name, tracks in (("team", mates), ("role", like)):
        if tracks:
            found = compare_rates(blocks_of(run, tracks, team, Stretch()), own)
            made.append(found.assign(group=name, players=len(tracks)))
    return (
        pd.concat(made, ignore_index=True)
        if made
        else compare_rates(own, own).iloc[:0].assign(group="", players=0)
    )


def _roles(run: StoredRun, track: int) -> pd.DataFrame:
    import pandas as pd

    made = [role_times(run, phase).assign(phase=phase) for phase in ("all", "in", "out")]
    both = pd.concat(made, ignore_index=True)
    return both[both["track_id"] == track].drop(columns="track_id").reset_index(drop=True)
