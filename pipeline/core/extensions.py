"""What other packages add to this one, found by their entry points.

A package declares in its ``pyproject.toml``, under one of `GROUPS`, a name and where the object is::

    [project.entry-points."teamshape.metric_columns"]
    high_metabolic_m = "my_club.columns:high_metabolic_m"

See docs/extending.md. Nothing is imported until the extension is asked for.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import metadata, util
from pathlib import Path
from typing import Any, TypeVar

from pipeline.core.errors import ExtensionError

PROVIDERS = "teamshape.providers"
METRIC_COLUMNS = "teamshape.metric_columns"
NETWORKS = "teamshape.networks"
SECTIONS = "teamshape.sections"
COMMANDS = "teamshape.commands"
GROUPS: Mapping[str, str] = {
    PROVIDERS: "readers of tracking data",
    METRIC_COLUMNS: "columns of the movement tables",
    NETWORKS: "families of segmentation networks",
    SECTIONS: "sections of the page",
    COMMANDS: "commands",
}
"""Groups of entry points, and what their objects add."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Extension:
    """One entry point: its name, the package and version that brings it, and a fingerprint of its file."""

    name: str
    package: str
    fingerprint: str
    entry: metadata.EntryPoint

    def load(self) -> Any:
        """Import the object.

        Raises
        ------
        ExtensionError
            If that fails, for whatever reason the other package has.
        """
        try:
            return self.entry.load()
        except Exception as error:  # another package's code may fail in any way
            raise ExtensionError(
                f"extension {self.name} of {self.package}: cannot be loaded "
                f"({type(error).__name__}: {error}); update or uninstall that package"
            ) from error


def extensions(group: str) -> tuple[Extension, ...]:
    """List the installed extensions of one of `GROUPS`, by name.

    Raises
    ------
    ExtensionError
        If two packages bring one of the same name.
    """
    return _found(group, tuple(sys.path))


def loaded(group: str, kind: type[T]) -> dict[str, T]:
    """Load all extensions of ``group``, each of which must be a ``kind``, by name.

    Raises
    ------
    ExtensionError
        If one cannot be loaded, is something else, or calls itself otherwise than its entry point.
    """
    out: dict[str, T] = {}
    for extension in extensions(group):
        value = extension.load()
        if not isinstance(value, kind):
            raise ExtensionError(
                f"extension {extension.name} of {extension.package}: a {type(value).__name__}, but "
                f"{group} expects a {kind.__name__}"
            )
        if (named := getattr(value, "name", extension.name)) != extension.name:
            raise ExtensionError(
                f"extension {extension.name} of {extension.package}: its name is {named}; "
                "give its entry point the same"
            )
        out[extension.name] = value
    return out


def fingerprints(group: str) -> dict[str, str]:
    """Say what each extension of ``group`` is, for the fingerprint of a step; nothing is imported."""
    return {e.name: e.fingerprint for e in extensions(group)}


@lru_cache(maxsize=64)
def _found(group: str, path: tuple[str, ...]) -> tuple[Extension, ...]:
    """``path`` is that of `sys`: what is installed is looked up again where it changes."""
    out: dict[str, Extension] = {}
    for entry in metadata.entry_points(group=group):
        package = f"{entry.dist.name} {entry.dist.version}" if entry.dist else "an unknown package"
        if entry.name in out:
            if out[entry.name].entry.value == entry.value:
                continue  # one package found twice on the path
            raise ExtensionError(
                f"extension {entry.name}: both {out[entry.name].package} and {package} bring it to {group}; "
                "uninstall one"
            )
        out[entry.name] = Extension(entry.name, package, _fingerprint(entry, package), entry)
    return tuple(out[name] for name in sorted(out))


def _fingerprint(entry: metadata.EntryPoint, package: str) -> str:
    """Name the package and hash the file, so that an edited extension counts as another."""
    try:
        found = util.find_spec(entry.module)
    except (ImportError, ValueError):
        found = None
    origin = Path(found.origin) if found and found.origin else None
    text = origin.read_bytes() if origin and origin.is_file() else b""
    return f"{package} {entry.value} {hashlib.sha256(text).hexdigest()[:16]}"
