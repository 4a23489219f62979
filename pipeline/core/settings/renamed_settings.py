"""Settings that have another name now: the old one still counts (docs/deprecation.md says how long)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

RENAMED = {"play.shape_seen": "measure.shape_min_players"}
"""New name by old."""


def old_names(data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """List the old names in ``data``, settings by group, each with its new one."""
    for old, new in RENAMED.items():
        group, name = old.split(".")
        inner = data.get(group)
        if isinstance(inner, Mapping) and name in inner:
            yield old, new


def under_new_names(data: Mapping[str, Any]) -> dict[str, Any]:
    """Copy ``data`` with old names replaced; what is there under its new name counts before the old one."""
    out = dict(data)
    for old, new in old_names(data):
        (group, name), (to_group, to_name) = old.split("."), new.split(".")
        out[group] = {k: v for k, v in out[group].items() if k != name}
        there = out.get(to_group, {})
        if isinstance(there, Mapping):
            out[to_group] = {to_name: data[group][name]} | dict(there)
    return out
