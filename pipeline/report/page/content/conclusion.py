"""What the page says first: the whole run in one sentence."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from pipeline.metrics.formation.template_fit import UNCLEAR
from pipeline.report.page.formation_texts import PHASES, backs, known, row_of
from pipeline.report.page.match_halves import Part, parts
from pipeline.report.page.person_names import team_called
from pipeline.report.style.texts import words
from pipeline.report.style.wording import duration, share, with_variant

if TYPE_CHECKING:
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
    shapes = [(part.name, text) for part in parts(run) if (text := _shape(run, part, team))]
    if not shapes:
        return ""
    alike = [(shape, [name for name, _ in same]) for shape, same in groupby(shapes, key=lambda s: s[1])]
    if len(alike) > 1:
        told = [words("summary.in_part", shape=s, part=" and ".join(n).lower()) for s, n in alike]
    else:
        key = "in_all" if len(shapes) > 1 else "at_moment"
        told = [words(f"summary.{key}", shape=alike[0][0])]
    return words("summary.played", team=team_called(run, team), shapes=", ".join(told))


def _shape(run: RunData, part: Part, team: str) -> str:
    """Name the formation of a part: of all of it if clear, else of a phase if that is, else the nearest."""
    rows = {phase: row_of(run, part, team, phase) for phase in PHASES}
    whole = rows.pop("all")
    if whole is not None and whole["formation"] != UNCLEAR:
        return with_variant(whole["formation"], whole["variant"])
    clear = {phase: row for phase, row in rows.items() if row is not None and row["formation"] != UNCLEAR}
    for phase, row in clear.items():
        return words("summary.phase", shape=row["formation"], phase=PHASES[phase])
    if whole is None:
        return ""
    near = whole["nearest"]
    shape = words("summary.unclear", nearest=near) if known(near) else words("summary.unclear_bare")
    if not known(whole["defenders"]):
        return shape
    return words("summary.backs", backs=backs(whole), shape=shape)


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
