"""Write docs/tables.md from the declarations in pipeline/tables/schemas.py.

python benchmarks/write_tables_doc.py
"""

from __future__ import annotations

from pathlib import Path

from pipeline.tables.schemas import SCHEMAS

TARGET = Path(__file__).parents[1] / "docs" / "tables.md"


def text() -> str:
    """Render every table as Markdown."""
    out = [
        "# Tables",
        "",
        "Every run writes these to `tables/`, as Parquet and CSV. Missing means no row;",
        "a column marked * can be null.",
        "Written by `python benchmarks/write_tables_doc.py`.",
    ]
    for schema in SCHEMAS.values():
        key = f" A row is known by {', '.join(f'`{k}`' for k in schema.key)}." if schema.key else ""
        out += [
            "",
            f"## {schema.name}",
            "",
            schema.about + key,
            "",
            "| column | type | meaning |",
            "|---|---|---|",
        ]
        out += [f"| `{c.name}`{'*' if c.nullable else ''} | {c.dtype} | {c.about} |" for c in schema.columns]
    return "\n".join(out) + "\n"


if __name__ == "__main__":
    TARGET.write_text(text(), encoding="utf-8")
