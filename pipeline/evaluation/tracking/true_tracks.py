"""Where everybody truly is: a rendered match, MOTChallenge text, or SoccerNet game state, as one table."""

from __future__ import annotations

import json
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.core.errors import UserError
from pipeline.synthetic import truth as rendered

if TYPE_CHECKING:
    import pandas as pd

BOX = ("x1_px", "y1_px", "x2_px", "y2_px")
COLUMNS = ("frame", "person_id", *BOX, "role", "team", "number", "x_m", "y_m", "ignored")
"""Columns of true tracks: ``role``, ``team`` (A or B) and ``number`` are null, metres NaN, where the truth
has none. ``ignored`` people may be found or missed without counting (hardly visible, coaches)."""

MIN_VISIBLE = 0.25
"""Share of a rendered figure below which nobody need find it."""
_MOT_PEOPLE = (-1, 1)


def read_truth(path: Path) -> pd.DataFrame:
    """Read true tracks: a rendered match, MOT ``gt.txt`` (or its sequence), ``Labels-GameState.json``.

    Frames count from 0. Metres have their origin at the centre spot, y up.

    Raises
    ------
    UserError
        If there is no such truth, or it cannot be read.
    """
    if (path / "truth_instances.parquet").exists():
        return _rendered(path)
    for file in (path / "gt" / "gt.txt", path / "gt.txt", path / "Labels-GameState.json"):
        if file.is_file():
            path = file
            break
    if path.is_file() and path.suffix == ".json":
        return _game_state(path)
    if path.is_file() and path.suffix == ".txt":
        return _mot(path)
    raise UserError(
        f"{path}: no truth here; expected a rendered match (truth_instances.parquet), MOTChallenge (gt.txt) "
        "or SoccerNet game state (Labels-GameState.json)"
    )


def read_paths(path: Path) -> pd.DataFrame | None:
    """Read where everybody was in every frame, in view or not; only a rendered match knows, others are None.

    Returns
    -------
    ``frame, person_id, x_m, y_m`` and more.
    """
    known = (path / "truth_instances.parquet").exists()
    return rendered.read(path).motion if known else None


def _rendered(folder: Path) -> pd.DataFrame:
    truth = rendered.read(folder)
    rows = truth.instances[truth.instances["role"] != "ball"]
    out = rows[["frame", "person_id", "role", "team", "x_m", "y_m"]].copy()
    out["x1_px"], out["y1_px"] = rows["left"].astype(float), rows["top"].astype(float)
    out["x2_px"] = out["x1_px"] + rows["width"]
    out["y2_px"] = out["y1_px"] + rows["height"]
    numbers = truth.people.set_index("person_id")["number"]
    out["number"] = rows["person_id"].map(numbers[numbers > 0]).astype("Int64")
    hardly = (rows["visible_share"] < MIN_VISIBLE) | (rows["width"] < 3) | (rows["height"] < 10)
    out["ignored"] = hardly | (rows["role"] == "other")
    return _ordered(out)


def _mot(path: Path) -> pd.DataFrame:
    import pandas as pd

    try:
        with warnings.catch_warnings(action="ignore", category=UserWarning):  # an empty file is no mistake
            rows = np.loadtxt(path, delimiter=",", ndmin=2)
    except (ValueError, OSError) as error:
        raise UserError(f"{path}: not MOTChallenge text ({error})") from None
    if rows.size and rows.shape[1] < 6:
        raise UserError(f"{path}: {rows.shape[1]} values a line, MOTChallenge has at least 6")
    rows = rows.reshape(-1, rows.shape[1] if rows.size else 7)
    out = pd.DataFrame({"frame": rows[:, 0].astype(int) - 1, "person_id": rows[:, 1].astype(int)})
    out[list(BOX)] = np.column_stack([rows[:, 2:4], rows[:, 2:4] + rows[:, 4:6]])
    # Column 7 is 0 for what must not count, column 8 the class: 1 are people.
    ignored = rows[:, 6] == 0 if rows.shape[1] > 6 else np.zeros(len(rows), bool)
    other = ~np.isin(rows[:, 7], _MOT_PEOPLE) if rows.shape[1] > 7 else np.zeros(len(rows), bool)
    return _ordered(out.assign(ignored=ignored | other))


def _game_state(path: Path) -> pd.DataFrame:
    import pandas as pd

    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        frames = {str(i["image_id"]): k for k, i in enumerate(data["images"])}
        names = {c["id"]: c["name"] for c in data["categories"]}
        rows = [_game_state_row(a, frames, names) for a in data["annotations"] if _is_person(a, names)]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UserError(f"{path}: not SoccerNet game state ({type(error).__name__}: {error})") from None
    return _ordered(pd.DataFrame(rows, columns=[c for c in COLUMNS if c != "ignored"]).assign(ignored=False))


def _is_person(annotation: dict[str, Any], names: dict[int, str]) -> bool:
    return names.get(annotation["category_id"]) in ("player", "goalkeeper", "referee") and bool(
        annotation.get("bbox_image")
    )


def _game_state_row(
    annotation: dict[str, Any], frames: dict[str, int], names: dict[int, str]
) -> dict[str, Any]:
    box, ground = annotation["bbox_image"], annotation.get("bbox_pitch") or {}
    said = annotation.get("attributes") or {}
    number = str(said.get("jersey") or "")
    return {
        "frame": frames[str(annotation["image_id"])],
        "person_id": int(annotation["track_id"]),
        "x1_px": float(box["x"]),
        "y1_px": float(box["y"]),
        "x2_px": float(box["x"]) + float(box["w"]),
        "y2_px": float(box["y"]) + float(box["h"]),
        "role": names[annotation["category_id"]],
        "team": {"left": "A", "right": "B"}.get(str(said.get("team"))),
        "number": int(number) if number.isdigit() else None,
        "x_m": float(ground.get("x_bottom_middle", "nan")),
        "y_m": -float(ground.get("y_bottom_middle", "nan")),
    }


def _ordered(table: pd.DataFrame) -> pd.DataFrame:
    for name in ("role", "team", "number"):
        table[name] = table.get(name)
    table["number"] = table["number"].astype("Int64")
    for name in ("x_m", "y_m"):
        table[name] = table.get(name, np.nan)
    out: pd.DataFrame = table[list(COLUMNS)]
    return out.sort_values(["frame", "person_id"], kind="stable", ignore_index=True)
