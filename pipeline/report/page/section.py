"""A section of the page: one file says what it reads, its facts and its template."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pipeline.core.errors import ExtensionError
from pipeline.core.extensions import SECTIONS, loaded
from pipeline.report.page.charts import Charts
from pipeline.report.run_data import RunData
from pipeline.tables import storage
from pipeline.tables.schemas import SCHEMAS

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class PageData:
    """What sections are made from: the run, its figures, the overlay video's address (None without one)."""

    run: RunData
    charts: Charts
    overlay: str | None
    reads: tuple[str, ...] = ()

    def table(self, name: str) -> pd.DataFrame:
        """Give a table that the section declares to read; empty where the run has none.

        Raises
        ------
        ExtensionError
            If the section does not declare it: the page would not follow its changes.
        """
        if name not in self.reads:
            raise ExtensionError(f"page section: reads table {name} without declaring it in reads")
        path = self.run.root / "tables" / f"{name}.parquet"
        return storage.read(path, name) if path.exists() else storage.empty(name)


Facts = Callable[[PageData], Mapping[str, Any]]


def _nothing(_: PageData) -> dict[str, Any]:
    return {}


@dataclass(frozen=True, slots=True)
class Section:
    """One section of the page.

    ``name`` is its address on the page. ``title``: its heading, or how that follows from the data; ``link``:
    its words in the menu. ``template`` is Jinja: it sees what ``facts`` gives, macros ``chart, cell, dot,
    mark, table, seek, choices, legend``, and ``kind, teams, attack_known, charts, overlay``. ``figures``, by
    the name that ``chart`` takes, are SVG (``markupsafe.Markup``, see `report.drawing`), or Plotly's: their
    code makes the page 5 MB larger. ``reads`` names the tables that ``facts`` and ``figures`` ask
    `PageData.table` for. A section from another package stands in front of the one named ``before``.
    """

    name: str
    title: str | Callable[[PageData], str]
    template: str
    facts: Facts = field(default=_nothing)
    figures: Facts = field(default=_nothing)
    reads: tuple[str, ...] = ()
    link: str = ""
    before: str = "quality"

    def heading(self, data: PageData) -> str:
        """Give the heading."""
        return self.title if isinstance(self.title, str) else self.title(data)


def with_added(own: tuple[Section, ...]) -> tuple[Section, ...]:
    """Add the sections that installed packages bring.

    Raises
    ------
    ExtensionError
        If one is broken, takes another's name, or reads a table that does not exist.
    """
    out = list(own)
    for section in added_sections():
        names = [s.name for s in out]
        if section.name in names:
            raise ExtensionError(f"page section {section.name}: there is one of this name; choose another")
        out.insert(names.index(section.before) if section.before in names else len(out), section)
    return tuple(out)


def added_sections() -> tuple[Section, ...]:
    """List the sections that installed packages bring, checked.

    Raises
    ------
    ExtensionError
        If one cannot be loaded, or reads a table that does not exist.
    """
    found = tuple(loaded(SECTIONS, Section).values())
    for section in found:
        if unknown := [r for r in section.reads if r not in SCHEMAS]:
            raise ExtensionError(
                f"page section {section.name}: reads {', '.join(unknown)}; tables are {', '.join(SCHEMAS)}"
            )
    return found
