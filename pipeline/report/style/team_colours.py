"""The teams' colours in pictures, from a run's table ``kits``."""

from __future__ import annotations

from pathlib import Path

from pipeline.report.style.colours import Colours, Lab, choose
from pipeline.tables import storage


def kit_colours(folder: Path) -> Colours:
    """Choose the colours of the match whose table ``kits`` lies in ``folder``; usual ones without it."""
    path = folder / "kits.parquet"
    if not path.exists():
        return choose(None, None)
    kits = storage.read(path, "kits")
    players = kits[kits["role"] == "player"].set_index("team")
    shirts: dict[str, Lab] = {
        str(team): (float(row["torso_l"]), float(row["torso_a"]), float(row["torso_b"]))
        for team, row in players.iterrows()
    }
    return choose(shirts.get("A"), shirts.get("B"))
