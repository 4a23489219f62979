"""Step link: tracks, positions and identities -> people, each with all of his tracks."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.core.config import Config
from pipeline.workflow.step import Context, Step

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.linking.by_hand.corrections import Corrected
    from pipeline.linking.by_hand.entries import Entry
    from pipeline.linking.by_hand.roster import Roster
    from pipeline.linking.close_ups.link_close_ups import Pictures
    from pipeline.workflow.corrections_file import Said

NAME = "link"
VERSION = 4
MUCH_UNKNOWN = 0.2
_READS = ("tracks", "instances", "positions", "identities")


def step(looks: tuple[str, ...] = ()) -> Step:
    """Make the step; ``looks`` names the tables of appearance and shirt numbers that earlier steps write."""
    return Step(
        name=NAME,
        version=VERSION,
        reads=("frames", "shots", "periods", *_READS, *looks),
        writes=("people", "links", "placed_by_hand"),
        settings=_settings,
        do=_link,
        inputs=_inputs,
    )


def _settings(config: Config) -> Mapping[str, Any]:
    players = config.pitch.players
    return {} if players == 11 else {"players": players}


def _inputs(config: Config) -> Mapping[str, str]:
    """Identify what the user says by what it says; nothing said is no input."""
    from pipeline.linking.by_hand import entries, roster

    said = {
        "link.corrections": entries.content(_corrections(config)),
        "link.roster": roster.content(_roster(config)),
    }
    texts = {k: json.dumps(v, sort_keys=True, default=str) for k, v in said.items() if v}
    return {k: hashlib.sha256(text.encode()).hexdigest() for k, text in texts.items()}


def _corrections(config: Config) -> list[Entry]:
    from pipeline.linking.by_hand.entries import read_corrections

    return read_corrections(Path(config.link.corrections)) if config.link.corrections else []


def _roster(config: Config) -> Roster:
    from pipeline.formats.readers.line_ups import read_line_up
    from pipeline.linking.by_hand.roster import read_roster

    if not config.link.roster:
        return {}
    path = Path(config.link.roster)
    plain = path.suffix.lower() not in (".csv", ".json", ".xml")
    return read_roster(path) if plain else read_line_up(path, config.link.home)


def said_in_run(config: Config, root: Path) -> Config:
    """Add the ``corrections.yaml`` and ``roster.yaml`` that lie in the run, where none were given."""
    given = config.link.model_dump()
    files = {k: root / f"{k}.yaml" for k, v in given.items() if v is None and k != "home"}
    found = {k: str(path) for k, path in files.items() if path.is_file()}
    return config.model_copy(update={"link": config.link.model_copy(update=found)}) if found else config


def decided_of(config: Config, root: Path) -> tuple[pd.DataFrame, pd.DataFrame] | None:
    """Give ``people`` and ``links`` of a run as decided before any hand; None where that was not kept."""
    from pipeline.workflow import decided

    full = said_in_run(config, root)
    return decided.kept(root, decided.decided_key(root, _decided_by(full)))


def keep_decided(config: Config, root: Path, people: pd.DataFrame, links: pd.DataFrame) -> None:
    """Keep ``people`` and ``links`` of a run as decided before any hand, unless they are kept already."""
    from pipeline.workflow import decided

    key = decided.decided_key(root, _decided_by(said_in_run(config, root)))
    if key is not None and decided.kept(root, key) is None:
        decided.keep(root, key, people, links)


def roster_of(config: Config, root: Path, periods: pd.DataFrame) -> Roster:
    """Read the roster that a run uses, with times on the footage; ``periods`` is the table."""
    return _on_footage(said_in_run(config, root), periods)


def _decided_by(config: Config) -> Mapping[str, Any]:
    """What a decision depends on beside tables."""
    from pipeline.linking.by_hand import roster

    return {
        "version": VERSION,
        "settings": _settings(config),
        "roster": roster.content(_roster(config)),
    }


def _on_footage(config: Config, periods: pd.DataFrame) -> Roster:
    from pipeline.linking.by_hand.roster import on_footage

    halves = periods.sort_values("start_s")
    spans = [(float(a), float(b)) for a, b in zip(halves["start_s"], halves["end_s"], strict=True)]
    return on_footage(_roster(config), spans)


def corrections_of(config: Config, root: Path) -> list[Entry]:
    """Read the corrections that a run uses, given ones or its own.

    Raises
    ------
    CorrectionsError
        If they are none.
    """
    return _corrections(said_in_run(config, root))


def _link(context: Context) -> Mapping[str, Any]:
    from pipeline.linking.by_hand.roster import believable
    from pipeline.linking.link_people import link, settled
    from pipeline.tables import storage
    from pipeline.workflow import decided

    tracks, *others = (storage.read(context.table(name), name) for name in _READS)
    readings, appearance = (_optional(context, n) for n in ("number_readings", "tracklet_appearance"))
    roster = _on_footage(context.config, storage.read(context.table("periods"), "periods"))
    said = _said(context, roster, tracks, others[1])
    key = decided.decided_key(context.root, _decided_by(context.config))

    def told(people: pd.DataFrame, links: pd.DataFrame) -> Corrected:
        made = said.on(people, links)
        decided.keep(context.root, key, people, links)
        return made

    readings = believable(readings, others[-1], roster)
    known: dict[str, Any] = {"players": context.config.pitch.players, "changes_s": _changes(context)}
    before = decided.kept(context.root, key)
    if before is not None:  # only what a hand says is new: nothing has to be decided again
        made = settled(*before, said.on, tracks, *others, readings=readings, **known)
    else:
        appearance = believable(appearance, others[-1], roster)
        pictures = _pictures(context)
        made = link(
            tracks, *others, readings=readings, appearance=appearance, said=told, pictures=pictures, **known
        )
    storage.write(made.people, context.table("people"), "people")
    storage.write(made.links, context.table("links"), "links")
    storage.write(made.placed_by_hand, context.table("placed_by_hand"), "placed_by_hand")
    said.remember(context)
    if made.facts["unknown_share"] > MUCH_UNKNOWN:
        context.warn(
            f"{made.facts['unknown_share']:.0%} of the players' time belongs to nobody in particular"
        )
    return made.facts | ({"corrections": len(said.entries)} if said.entries else {})


def _said(context: Context, roster: Roster, tracks: pd.DataFrame, positions: pd.DataFrame) -> Said:
    from pipeline.linking.by_hand.placing import ground_of
    from pipeline.tables import storage
    from pipeline.workflow.corrections_file import Said

    entries, pitch = _corrections(context.config), context.config.pitch
    frames = storage.read(context.table("frames"), "frames", ["frame", "time_s"])
    ground = ground_of(frames, positions, (pitch.length_m / 2, pitch.width_m / 2)) if entries else None
    return Said(context.config.link.corrections, entries, roster, tracks, ground, pitch.players)


def _changes(context: Context) -> list[float] | None:
    """Give the moments at which ends are changed, from the halves that are known; None: to be looked for."""
    from pipeline.metrics.direction.attack_direction import opposite
    from pipeline.tables import storage

    halves = storage.read(context.table("periods"), "periods").sort_values("start_s")
    if len(halves) < 2:
        return None
    starts_s, ways = halves["start_s"].tolist(), halves["attack_a"].where(halves["attack_a"].notna(), None)
    # Unclear directions are taken to follow the Laws: ends change with every half.
    stays = [None not in (a, b) and a != opposite(b) for a, b in pairwise(ways.tolist())]
    return [float(start) for start, same in zip(starts_s[1:], stays, strict=True) if not same]


def _pictures(context: Context) -> Pictures | None:
    """Shots and the size of the footage, which need not be there any more."""
    from pipeline.linking.close_ups.link_close_ups import Pictures
    from pipeline.runs import run_directory
    from pipeline.tables import storage

    video = run_directory.read_json(run_directory.record_path(context.root)).get("video") or {}
    if "width_px" not in video:
        return None
    shots = storage.read(context.table("shots"), "shots")
    return Pictures(shots, int(video["width_px"]), int(video["height_px"]))


def _optional(context: Context, name: str) -> pd.DataFrame | None:
    from pipeline.tables import storage
    from pipeline.tables.schemas import SCHEMAS

    path = context.table(name)
    return storage.read(path, name) if name in SCHEMAS and path.exists() else None
