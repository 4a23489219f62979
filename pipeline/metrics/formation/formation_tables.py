"""The tables ``formations`` and ``roles``: how each team stands, and who stood where in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pipeline.metrics.direction.attack_direction import forward
from pipeline.metrics.formation.role_em import role_shares
from pipeline.metrics.formation.template_fit import MIN_DEFENDERS_SCORE, UNCLEAR
from pipeline.metrics.formation.windowed_formations import Stance

if TYPE_CHECKING:
    import pandas as pd


def formation_table(found: list[Stance]) -> pd.DataFrame:
    """Name both teams' formations: table ``formations`` of `pipeline.tables.schemas`."""
    import pandas as pd

    from pipeline.tables import storage

    table = pd.DataFrame([_formation(s) for s in found]) if found else storage.empty("formations")
    return storage.conform(table, "formations")


def role_table(found: list[Stance]) -> pd.DataFrame:
    """Say who played which role for how long: table ``roles`` of `pipeline.tables.schemas`.

    Roles are named after the nearest template, which need not be a clear one.
    """
    import pandas as pd

    from pipeline.tables import storage

    rows = [row for stance in found if stance.fit is not None for row in _roles(stance)]
    table = pd.DataFrame(rows) if rows else storage.empty("roles")
    return storage.conform(table, "roles")


def _key(stance: Stance) -> dict[str, object]:
    return {
        "team": stance.team,
        "phase": stance.phase,
        "scope": stance.scope,
        "period": stance.period,
        "start_s": stance.window.start_s,
        "end_s": stance.window.end_s,
    }


def _formation(stance: Stance) -> dict[str, object]:
    found = stance.fit
    row = _key(stance) | {
        "kind": stance.window.kind,
        "method": stance.places.method,
        "attack": stance.attack,
        "players_seen": stance.players_seen,
        "coverage": stance.coverage,
        "n_frames": stance.n_frames,
        "formation": UNCLEAR,
        "score": 0.0,
    }
    missing = ("nearest", "second", "variant", "distance_m", "margin", "defenders", "defenders_score")
    row |= dict.fromkeys(missing)
    if found is not None:
        row |= {"formation": found.formation, "nearest": found.nearest}
        row |= {"second": found.second, "variant": found.variant}
        row |= {"distance_m": found.matches[0].rms_m, "margin": found.margin, "score": found.score}
        told = found.formation != UNCLEAR or found.defenders_score >= MIN_DEFENDERS_SCORE
        row["defenders"] = found.defenders if told else None
        row["defenders_score"] = found.defenders_score
    return row


def _roles(stance: Stance) -> list[dict[str, object]]:
    assert stance.fit is not None
    best, places = stance.fit.matches[0], stance.places
    names = [best.template.roles[s] for s in best.slots]
    where = forward(places.places_m, stance.attack or "left_to_right")
    spread = np.sqrt(np.trace(places.covariances_m2, axis1=1, axis2=2) / 2)
    about = [
        _key(stance) | {"role": name, "x_m": x, "y_m": y, "spread_m": s}
        for name, (x, y), s in zip(names, where, spread, strict=True)
    ]
    slot, tracks = places.slot, places.team.tracks
    looked_at = len(slot)
    if not stance.tracked:
        counts = np.bincount(slot[slot >= 0], minlength=len(names))
        none = {"track_id": None, "share": None}
        return [
            a | none | {"role_share": n / looked_at, "n_frames": n}
            for a, n in zip(about, counts, strict=True)
        ]
    rows = []
    for track, share in role_shares(slot, tracks, len(names)).items():
        total = int(((tracks == track) & (slot >= 0)).sum())
        for r in np.flatnonzero(share):
            n = round(share[r] * total)
            row = {"track_id": track, "share": share[r], "role_share": n / looked_at, "n_frames": n}
            rows.append(about[r] | row)
    return rows
