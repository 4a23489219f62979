"""Write docs/tables.md from the declarations in pipeline/tables/schemas.py.

python benchmarks/write_tables_doc.py
"""

from __future__ import annotations

from pathlib import Path

from pipeline.tables.run_schemas import markdown
from pipeline.tables.schemas import SCHEMAS

TARGET = Path(__file__).parents[1] / "docs" / "tables.md"
_HEAD = """# Tables

Every run writes these to `tables/`, as Parquet and CSV. Missing means no row;
a column marked * can be null. Thresholds are the default settings'; `tables/README.md` in a run
quotes those of the run, and lists columns that extensions add.
Written by `python benchmarks/write_tables_doc.py`.
"""


def text() -> str:
    """Render every table as Markdown."""
    return _HEAD + markdown(SCHEMAS.values())


if __name__ == "__main__":
    TARGET.write_text(text(), encoding="utf-8")
