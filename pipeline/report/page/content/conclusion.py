"""What the page says first: the whole run in one sentence."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from pipeline.metrics.formation.template_fit import UNCLEAR
from pipeline.report.page.formation_texts import known, row_of
from pipeline.report.page.match_halves import parts
from pipeline.report.page.person_names import team_called
from pipeline.report.style.texts import words
from pipeline.report.style.wording import duration, share, with_variant

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.report.run_data import RunData


def conclusion(run: RunData) -> str:
    """Say how both teams stood, part by part, and who had the ball; empty where nothing is known."""
    said = [text for team in ("A", "B") if (text := _played(run, team))]
    if ball := _possession(run):
        said.append(ball)
    if not said:
        return ""
    sentence = "; ".join(said) + "."
    if "shape_at_this_moment" in set(run.formations["kind"]):
        sentence += " " + words("summary.moment", time=duration(run.duration_s))
    return sentence


def _played(run: RunData, team: str) -> str:
    found = [(part.name, row) for part in parts(run) if (row := row_of(run, part, team, "all")) is not None]
    if not found:
        return ""
    shapes = [(name, _shape(row)) for name, row in found]
    runs = [(shape, [name for name, _ in same]) for shape, same in groupby(shapes, key=lambda s: s[1])]
    if len(runs) > 1:
        told = [words("summary.in_part", shape=s, part=" and ".join(n).lower()) for s, n in runs]
    else:
        key = "in_all" if len(shapes) > 1 else "at_moment"
        told = [words(f"summary.{key}", shape=runs[0][0])]
    return words("summary.played", team=team_called(run, team), shapes=", ".join(told))


def _shape(row: pd.Series) -> str:
    if row["formation"] != UNCLEAR:
        return with_variant(row["formation"], row["variant"])
    if not known(row["nearest"]):
        return words("summary.unclear_bare")
    return words("summary.unclear", nearest=row["nearest"])


def _possession(run: RunData) -> str:
    """Say who had more of the ball; nothing where less than a tenth of the play is known."""
    spells = run.possession
    held = (spells["end_s"] - spells["start_s"]).groupby(spells["team"]).sum()
    a, b = float(held.get("A", 0.0)), float(held.get("B", 0.0))
    if a + b < 0.1 * run.duration_s or a + b <= 0:
        return ""
    team = "A" if a >= b else "B"
    source = "given" if (spells["source"] == "given").all() else "estimated"
    return words(
        "summary.possession",
        team=team_called(run, team),
        share=share(max(a, b) / (a + b)),
        source=words(f"summary.possession_{source}"),
    )
