"""Tables as the settings of a run and the installed extensions make them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from pipeline.core.config import MeasureSettings
from pipeline.core.errors import ExtensionError
from pipeline.core.settings.physical_settings import PhysicalSettings
from pipeline.tables.cameras.view_lenses import LENS_COLUMNS
from pipeline.tables.columns import Column, TableSchema
from pipeline.tables.metric_columns import metric_columns
from pipeline.tables.movement_schemas import movement_schemas
from pipeline.tables.play.physical_schemas import physical_schemas
from pipeline.tables.schemas import SCHEMAS
from pipeline.tables.speed_bands import band_columns, bands_among

WITH_METRIC_COLUMNS = ("movement", "movement_parts")
"""Tables of one row a player, to which `metric_columns` add."""
_WITH_BANDS = (*WITH_METRIC_COLUMNS, "team_movement_parts")
_FOREIGN = "of an extension that is not installed"


def schemas_of_run(
    settings: MeasureSettings, physical: PhysicalSettings | None = None
) -> dict[str, TableSchema]:
    """Declare all tables of a run with these settings, and with what is installed now.

    Raises
    ------
    ExtensionError
        If an installed metric column is broken, or is named as a column that there is.
    """
    out = SCHEMAS | {schema.name: schema for schema in movement_schemas(settings)}
    out |= {schema.name: schema for schema in physical_schemas(settings, physical or PhysicalSettings())}
    added = tuple(m.column for m in metric_columns())
    return out | {name: _with(out[name], added) for name in WITH_METRIC_COLUMNS}


def schema_of(name: str, columns: Iterable[str], stored: Mapping[str, str] | None = None) -> TableSchema:
    """Declare the table ``name`` that has these ``columns``: with their speed bands and metric columns.

    Parameters
    ----------
    stored
        The dtypes of a table on disk. It may have numbers from an extension that is not installed here;
        these are taken as they are.
    """
    schema = SCHEMAS[name]
    if name == "views" and not set(LENS_COLUMNS) & set(columns := list(columns)):
        return replace(schema, columns=tuple(c for c in schema.columns if c.name not in LENS_COLUMNS))
    if name not in _WITH_BANDS:
        return schema
    there = list(columns)
    if bands := bands_among(there):
        schema = _with_bands(schema, band_columns(bands, nullable=name == "team_movement_parts"))
    if name not in WITH_METRIC_COLUMNS:
        return schema
    known = {m.name: m.column for m in metric_columns()}
    declared = {c.name for c in schema.columns}
    more = [n for n in there if n not in declared and (n in known or _number(stored, n))]
    return _with(schema, tuple(known.get(n) or Column(n, "float64", _FOREIGN, True) for n in more))


def markdown(schemas: Iterable[TableSchema]) -> str:
    """Describe tables: a heading each, and every column with type and meaning; * can be null."""
    out: list[str] = []
    for schema in schemas:
        key = f" A row is known by {', '.join(f'`{k}`' for k in schema.key)}." if schema.key else ""
        out += ["", f"## {schema.name}", "", schema.about + key, ""]
        out += ["| column | type | meaning |", "|---|---|---|"]
        for c in schema.columns:
            about = c.about.replace("|", "\\|")
            out.append(f"| `{c.name}`{'*' if c.nullable else ''} | {c.dtype} | {about} |")
    return "\n".join(out) + "\n"


def _number(stored: Mapping[str, str] | None, column: str) -> bool:
    return stored is not None and stored[column].lower().startswith(("float", "int"))


def _with(schema: TableSchema, added: tuple[Column, ...]) -> TableSchema:
    declared = {c.name for c in schema.columns}
    if taken := [c.name for c in added if c.name in declared]:
        raise ExtensionError(f"metric column {taken[0]}: table {schema.name} has one of this name already")
    return replace(schema, columns=(*schema.columns, *added)) if added else schema


def _with_bands(schema: TableSchema, bands: tuple[Column, ...]) -> TableSchema:
    """Put ``bands`` in the place of those that the default settings make."""
    default = {b.column for b in bands_among(c.name for c in schema.columns)}
    if default == {b.name for b in bands}:
        return schema
    at = next(i for i, c in enumerate(schema.columns) if c.name in default)
    rest = tuple(c for c in schema.columns if c.name not in default)
    return replace(schema, columns=(*rest[:at], *bands, *rest[at:]))
