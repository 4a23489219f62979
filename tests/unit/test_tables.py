from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.core.errors import RunError, TableError
from pipeline.tables import storage
from pipeline.tables.schemas import SCHEMAS

LABELS = pd.DataFrame(
    {
        "frame": [0, 0],
        "instance": [0, 1],
        "role": ["player", "referee"],
        "team": ["A", None],
        "team_score": [0.9, None],
    }
)


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_an_empty_table_survives_disk_and_csv(tmp_path, name):
    path = tmp_path / f"{name}.parquet"
    storage.write(storage.empty(name), path, name)
    back = storage.read(path, name)
    assert back.empty
    assert list(back) == [c.name for c in SCHEMAS[name].columns]
    storage.write_csv(path, path.with_suffix(".csv"))
    assert path.with_suffix(".csv").read_text().strip() == ",".join(back)


def test_a_table_comes_back_as_written(tmp_path):
    path = tmp_path / "labels.parquet"
    storage.write(LABELS, path, "labels")
    back = storage.read(path, "labels")
    assert back["team"].isna().tolist() == [False, True]
    assert back["team"][0] == "A"
    assert back["team_score"].isna().tolist() == [False, True]
    assert storage.read(path, "labels", ["role"])["role"].tolist() == ["player", "referee"]


@pytest.mark.parametrize(
    ("change", "match"),
    [
        ({"team": ["C", None]}, "team"),
        ({"frame": [0, -1]}, "frame"),
        ({"instance": [0, 0]}, "unique|not unique|duplicate"),
        ({"extra": [1, 2]}, "unknown columns"),
        ({"team_score": ["high", None]}, "high"),
    ],
    ids=["unknown team", "negative frame", "a row twice", "a column too many", "text for a number"],
)
def test_what_does_not_fit_the_declaration_is_refused_and_not_written(tmp_path, change, match):
    path = tmp_path / "labels.parquet"
    with pytest.raises(TableError, match=match):
        storage.write(LABELS.assign(**change), path, "labels")
    assert not list(tmp_path.iterdir())


def test_a_column_that_an_older_version_did_not_write_is_null_if_it_may_be(tmp_path):
    path = tmp_path / "labels.parquet"
    LABELS.drop(columns="team_score").to_parquet(path)
    assert storage.read(path, "labels")["team_score"].isna().all()
    assert storage.read(path, "labels", ["role", "team_score"])["team_score"].isna().all()
    LABELS.drop(columns="role").to_parquet(path)
    with pytest.raises(TableError, match=r"missing columns \['role'\]"):
        storage.read(path, "labels")


def test_a_missing_or_broken_file_is_named(tmp_path):
    broken = tmp_path / "labels.parquet"
    broken.write_bytes(b"PAR1 but not really")
    for path in (broken, tmp_path / "absent.parquet"):
        with pytest.raises(TableError, match=path.name):
            storage.read(path, "labels")


def test_a_damaged_table_is_named_and_leaves_no_csv(tmp_path):
    broken = tmp_path / "shapes.parquet"
    storage.write(storage.empty("shapes"), broken, "shapes")
    whole = broken.read_bytes()
    for damaged in (whole[:-4], b"PAR1"):
        broken.write_bytes(damaged)
        with pytest.raises(TableError, match=r"shapes\.parquet: cannot read table shapes"):
            storage.write_csv(broken, tmp_path / "shapes.csv")
        assert not list(tmp_path.glob("*.csv*"))


def test_parts_are_joined_in_order(tmp_path):
    parts = []
    for i in range(3):
        parts.append(tmp_path / f"{i}.parquet")
        storage.write(LABELS.assign(frame=i), parts[-1], "labels")
    storage.concat(parts, tmp_path / "all.parquet")
    assert storage.read(tmp_path / "all.parquet", "labels")["frame"].tolist() == [0, 0, 1, 1, 2, 2]
    assert pq.ParquetFile(tmp_path / "all.parquet").metadata.row_group(0).column(0).compression == "ZSTD"


def test_an_unwritable_place_is_a_user_s_mistake_in_one_line(tmp_path):
    blocker = tmp_path / "file"
    blocker.write_text("not a folder")
    with pytest.raises(RunError, match="cannot write"):
        storage.write(LABELS, blocker / "labels.parquet", "labels")


def test_the_documentation_lists_every_table_and_column():
    text = (Path(__file__).parents[2] / "docs" / "tables.md").read_text()
    for schema in SCHEMAS.values():
        section = text.partition(f"\n## {schema.name}\n")[2].partition("\n## ")[0]
        assert [line.split("`")[1] for line in section.splitlines() if line.startswith("| `")] == [
            c.name for c in schema.columns
        ]


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(sorted(SCHEMAS)), st.lists(st.integers(0, 1000), max_size=4), st.integers(1, 3))
def test_the_quick_check_agrees_with_the_one_that_names_faults(name, damages, rows):
    schema = SCHEMAS[name]
    table = pd.DataFrame({c.name: _sound_values(c, rows) for c in schema.columns})
    for damage in damages:
        _damage(table, schema.columns[damage % len(schema.columns)], damage // 7)
    table = table.astype({c.name: c.dtype for c in schema.columns})
    try:
        storage._validate(table, schema)
        named = False
    except TableError:
        named = True
    assert storage.is_sound(table, schema) != named


def _sound_values(column, rows):
    if column.dtype in ("str", "object"):
        values = column.values or tuple(f"name{i}" for i in range(rows))
        return [values[i % len(values)] for i in range(rows)]
    if column.dtype.startswith("bool"):
        return [i % 2 == 0 for i in range(rows)]
    low = column.low or 0
    top = low + rows if column.high is None else column.high
    return [min(low + i, top) for i in range(rows)]


def _damage(table, column, how):
    """Put one cell at null or outside of the declared values, in the column's own dtype."""
    texts, floats = column.dtype in ("str", "object"), column.dtype.startswith("float")
    values = table[column.name].astype(object)
    outside = ("other words",) if texts else () if column.dtype.startswith("bool") else (-1, 3, 0)
    choices = (*((None,) if texts or floats else ()), *outside, values.iloc[0])
    values.iloc[how % len(table)] = choices[how % len(choices)]
    table[column.name] = values
