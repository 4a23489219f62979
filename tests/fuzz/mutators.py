"""Seeded damage to bytes, texts, JSON and tables: what disks, editors and strangers do to them."""

from __future__ import annotations

import copy
import json
import random
from typing import Any

import numpy as np
import pandas as pd

NASTY: tuple[Any, ...] = (
    *("", " ", "-999", "1e400", "NaN", "-inf", "null", "true", "[]", "{}", "0x1F", "1,5", "2001-13-45"),
    *(
        "../../outside",
        "/etc/passwd",
        "C:\\x",
        "=1+1",
        "\x1b[2J",
        "é\u202e中",
        "'",
        '"',
        "\\",
        "\0",
        "&a [*a]",
    ),
    *("9" * 400, "[" * 3000, "!!python/object/apply:os.system [x]", "a: 1\na: 2", "x" * 100_000),
    *(None, True, -1, 0, 2**31, 2**63, -(2**62), 1e308, float("nan"), float("inf"), [], {}, [[[]]], ["x"]),
)


def damaged_bytes(data: bytes, rng: random.Random) -> bytes:
    """Flip, cut, blank, repeat or insert, once to four times."""
    out = bytearray(data)
    for _ in range(rng.randint(1, 4)):
        if not out:
            break
        at, n = rng.randrange(len(out)), rng.choice((1, 4, 64, 4096))
        how = rng.randrange(6)
        if how == 0:
            out[at] ^= 1 << rng.randrange(8)
        elif how == 1:
            del out[at:]
        elif how == 2:
            out[at : at + n] = bytes(len(out[at : at + n]))
        elif how == 3:
            out[at:at] = out[at : at + n]
        elif how == 4:
            del out[at : at + n]
        else:
            out[at : at + n] = rng.randbytes(n)
    return bytes(out)


def damaged_text(text: str, rng: random.Random) -> str:
    """Change words and lines, once to three times; now and then as bytes."""
    if rng.random() < 0.15:
        return damaged_bytes(text.encode(), rng).decode("utf-8", "replace")
    lines = text.split("\n")
    for _ in range(rng.randint(1, 3)):
        at = rng.randrange(len(lines))
        how = rng.randrange(5)
        if how == 0:
            del lines[at]
        elif how == 1:
            lines.insert(at, lines[rng.randrange(len(lines))])
        elif how == 2:
            lines[at] = lines[at][: rng.randrange(len(lines[at]) + 1)]
        else:
            words = lines[at].split(rng.choice((" ", ",", ":")))
            words[rng.randrange(len(words))] = str(rng.choice(NASTY))
            lines[at] = rng.choice((" ", ",", ":")).join(words)
        lines = lines or [""]
    return "\n".join(lines)


def damaged_json(value: Any, rng: random.Random) -> str:
    """Replace, remove or repeat something anywhere in a JSON value; now and then in its text."""
    if rng.random() < 0.2:
        return damaged_text(json.dumps(value, indent=1), rng)
    out = copy.deepcopy(value)
    for _ in range(rng.randint(1, 2)):
        place = _place(out, rng)
        if place is None:
            return json.dumps(rng.choice(NASTY))
        box, key = place
        how = rng.randrange(4)
        if how == 0:
            del box[key]
        elif how == 1 and isinstance(box, list):
            box.append(copy.deepcopy(box[key]))
        else:
            box[key] = rng.choice(NASTY)
    return json.dumps(out)


def damaged_table(table: pd.DataFrame, rng: random.Random) -> pd.DataFrame:
    """Change columns, cells, rows, units or order."""
    out = table.copy().astype(object)
    for _ in range(rng.randint(1, 2)):
        column = rng.choice(list(out.columns)) if len(out.columns) else None
        how = rng.randrange(7)
        if column is None:
            break
        if how == 0:
            out = out.drop(columns=column)
        elif how == 1:
            out = out.rename(columns={column: rng.choice(("frame", "x_m", "player", str(rng.choice(NASTY))))})
        elif how == 2 and len(out):
            out.iloc[rng.randrange(len(out)), list(out.columns).index(column)] = rng.choice(NASTY[:-4])
        elif how == 3:
            out[column] = str(rng.choice(NASTY[:20]))
        elif how == 4:
            numbers = pd.to_numeric(out[column], errors="coerce")
            out[column] = numbers * rng.choice((0.0, -1.0, 0.01, 100.0, 1000.0, 1e12, np.nan))
        elif how == 5:
            out = pd.concat([out, out.iloc[: rng.randrange(len(out) + 1)]])
        else:
            out = out.iloc[: rng.randrange(len(out) + 1)]
        if out.columns.duplicated().any():
            break
    return out


def _place(value: Any, rng: random.Random) -> tuple[Any, Any] | None:
    """Choose a place anywhere in a value: what holds it, and its key or index."""
    places = []
    waiting = [value]
    while waiting and len(places) < 2000:
        box = waiting.pop()
        keys = list(box) if isinstance(box, dict) else range(len(box)) if isinstance(box, list) else ()
        for key in keys:
            places.append((box, key))
            waiting.append(box[key])
    return rng.choice(places) if places else None
