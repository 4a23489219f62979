"""The teams' colours in pictures: as the user says, else from a run's table ``kits``."""

from __future__ import annotations

from pathlib import Path

from pipeline.core.types import Kind
from pipeline.report.style.colours import Colours, Lab, choose, of_hex, to_lab
from pipeline.runs.match_file import match_of_run
from pipeline.runs.run_directory import read_json, record_path
from pipeline.tables import storage


def match_colours(root: Path, kind: Kind = "video") -> Colours:
    """Choose the colours of a run's match: kits that the user names, else those found; usual ones without."""
    shirts = _found(root / "tables" / "kits.parquet") if kind == "video" else {}
    said = match_of_run(root, read_json(record_path(root))).sheet.get("kits", {})
    named = {team: to_lab(of_hex(colour)) for team, colour in said.items()}
    shirts |= {team: (float(lab[0]), float(lab[1]), float(lab[2])) for team, lab in named.items()}
    return choose(shirts.get("A"), shirts.get("B"))


def _found(path: Path) -> dict[str, Lab]:
    if not path.exists():
        return {}
    kits = storage.read(path, "kits")
    players = kits[kits["role"] == "player"].set_index("team")
    return {
        str(team): (float(row["torso_l"]), float(row["torso_a"]), float(row["torso_b"]))
        for team, row in players.iterrows()
    }
