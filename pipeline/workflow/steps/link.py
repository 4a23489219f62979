"""Step link: tracks, positions and identities -> people, each with all of his tracks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pipeline.core.config import Config
from pipeline.workflow.step import Context, Step

if TYPE_CHECKING:
    import pandas as pd

NAME = "link"
MUCH_UNKNOWN = 0.2
_READS = ("tracks", "instances", "positions", "identities")


def step(looks: tuple[str, ...] = ()) -> Step:
    """Make the step; ``looks`` names the tables of appearance and shirt numbers that earlier steps write."""
    return Step(
        name=NAME,
        version=1,
        reads=(*_READS, *looks),
        writes=("people", "links"),
        settings=_settings,
        do=_link,
    )


def _settings(_: Config) -> Mapping[str, Any]:
    return {}


def _link(context: Context) -> Mapping[str, Any]:
    from pipeline.linking.link import link
    from pipeline.tables import storage

    tables = [storage.read(context.table(name), name) for name in _READS]
    readings, appearance = (_optional(context, n) for n in ("number_readings", "tracklet_appearance"))
    made = link(*tables, readings=readings, appearance=appearance)
    storage.write(made.people, context.table("people"), "people")
    storage.write(made.links, context.table("links"), "links")
    if made.facts["unknown_share"] > MUCH_UNKNOWN:
        context.warn(
            f"{made.facts['unknown_share']:.0%} of the players' time belongs to nobody in particular"
        )
    return made.facts


def _optional(context: Context, name: str) -> pd.DataFrame | None:
    from pipeline.tables import storage
    from pipeline.tables.schemas import SCHEMAS

    path = context.table(name)
    return storage.read(path, name) if name in SCHEMAS and path.exists() else None
