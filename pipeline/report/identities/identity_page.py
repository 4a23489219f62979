"""The page of who is who: one HTML file that needs nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.core.files import whole_file
from pipeline.linking.by_hand.doubt_list import Doubt, doubt_list
from pipeline.linking.by_hand.entries import MARK, Entry, as_line
from pipeline.linking.by_hand.moments import Seen, seen_of
from pipeline.report.identities.doubt_cards import DoubtCard, doubt_card, moment_of
from pipeline.report.identities.people_cards import TeamCards, person_cards, unknown_time
from pipeline.report.identities.scenes import missing_footage, scenes
from pipeline.report.identities.track_pictures import TrackPictures
from pipeline.report.page.people_texts import audit_rows
from pipeline.report.style.colours import to_hex
from pipeline.report.style.html_assets import asset, templates
from pipeline.report.style.team_colours import match_colours
from pipeline.runs.mask_run import masks_of
from pipeline.runs.run_directory import read_json, step_path
from pipeline.tables.names import player_labels

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.runs.stored_run import StoredRun

MOST_DOUBTS = 60
_OFFICIALS = "#c9a400"


@dataclass(frozen=True, slots=True)
class Correction:
    """An entry of ``corrections.yaml``: its number, the line, and its note."""

    number: int
    line: str
    note: str


def page_path(root: Path) -> Path:
    """Where the page of the run in ``root`` lies."""
    return root / "report" / "identities.html"


def write_page(run: StoredRun, entries: Sequence[Entry], *, most: int = MOST_DOUBTS) -> Path:
    """Write the page of a run with links; the footage is read for the scenes, if it is still there.

    Raises
    ------
    RunError
        If the page cannot be written.
    """
    path = page_path(run.root)
    text = page(run, entries, most=most)
    with whole_file(path) as part:
        part.write_text(text, encoding="utf-8")
    return path


def page(run: StoredRun, entries: Sequence[Entry], *, most: int = MOST_DOUBTS) -> str:
    """Make the HTML: people of each team, at most ``most`` doubts, the corrections so far."""
    from markupsafe import Markup

    people, links = run.table("people"), run.table("links")
    seen = seen_of(run.table("tracks", ["frame", "time_s", "track_id"]))
    pictures = TrackPictures(run.root, links, seen)
    called = player_labels(people)
    doubts = doubt_list(people, links, seen)
    cards, missing = _cards(run, doubts[:most], called, pictures, seen)
    return (
        templates()
        .get_template("identities.html")
        .render(
            name=run.name,
            version=run.record.get("versions", {}).get("teamshape", ""),
            css=Markup(asset("page.css")),
            teams=_teams(run, people, links, called, pictures),
            doubts=cards,
            n_doubts=len(doubts),
            missing=missing,
            audit=audit_rows(read_json(step_path(run.root, "link")).get("facts", {})),
            corrections=[
                Correction(e.number, as_line(_bare(e)), str(e.more.get("note", "")))
                for e in entries
                if e.verb != MARK
            ],
        )
    )


def _bare(entry: Entry) -> Entry:
    return Entry(entry.number, entry.verb, entry.whom, {k: v for k, v in entry.more.items() if k != "note"})


def _teams(
    run: StoredRun, people: pd.DataFrame, links: pd.DataFrame, called: dict[int, str], pictures: TrackPictures
) -> list[TeamCards]:
    colours = match_colours(run.root)
    out = []
    for team in ("A", "B"):
        own = person_cards(people[people["team"] == team], links, called, pictures)
        colour = to_hex(colours.team(team).page)
        out.append(TeamCards(run.team_name(team), colour, own, *unknown_time(links, team)))
    others = person_cards(people[people["team"].isna()], links, called, pictures)
    return [*out, TeamCards("Officials", _OFFICIALS, others, "", "")] if others else out


def _cards(
    run: StoredRun, doubts: Sequence[Doubt], called: dict[int, str], pictures: TrackPictures, seen: Seen
) -> tuple[list[DoubtCard], str | None]:
    moments = [moment_of(doubt, pictures, seen) for doubt in doubts]
    made: dict[Any, str] = {}
    missing = None
    if any(m is not None for m in moments):
        masks = masks_of(run)
        missing = missing_footage(masks)
        made = {} if missing else scenes(masks, [m for m in moments if m is not None])
    shown = zip(doubts, moments, strict=True)
    return [doubt_card(d, called, pictures, seen, made.get(m)) for d, m in shown], missing
