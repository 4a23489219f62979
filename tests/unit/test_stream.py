"""Reading tables frame by frame."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.core.errors import TableError
from pipeline.tables.frame_stream import FrameReader


def write(path, frames, rows_a_group):
    table = pd.DataFrame({"frame": np.array(frames, "int32"), "n": range(len(frames))})
    table["word"] = [None if n % 2 else f"w{n}" for n in table["n"]]
    pq.write_table(pa.Table.from_pandas(table), path, row_group_size=rows_a_group)
    return path


@pytest.mark.parametrize("rows_a_group", [1, 2, 3, 100])
@pytest.mark.parametrize(
    "frames",
    [[0, 0, 1, 3, 3, 3, 3, 7], [3, 0, 7, 3, 0, 1, 3, 3]],
    ids=["in order", "out of order"],
)
def test_every_row_comes_with_its_frame_wherever_the_row_groups_end(tmp_path, frames, rows_a_group):
    reader = FrameReader(write(tmp_path / "t.parquet", frames, rows_a_group), ("n",))
    for frame in range(9):
        expected = {i for i, f in enumerate(frames) if f == frame}
        assert set(reader.take(frame)["n"].tolist()) == expected


def test_frames_may_be_left_out(tmp_path):
    reader = FrameReader(write(tmp_path / "t.parquet", [0, 1, 2, 3, 4, 4], 2), ("n",))
    assert reader.take(4)["n"].tolist() == [4, 5]


def test_missing_text_reads_as_none(tmp_path):
    rows = FrameReader(write(tmp_path / "t.parquet", [0, 0], 10), ("word",)).take(0)
    assert rows["word"].tolist() == ["w0", None]


def test_an_empty_table_gives_no_rows(tmp_path):
    assert FrameReader(write(tmp_path / "t.parquet", [], 10), ("n",)).take(0)["n"].size == 0


def test_a_missing_file_and_a_missing_column_are_named(tmp_path):
    with pytest.raises(TableError, match="cannot read the table"):
        FrameReader(tmp_path / "absent.parquet", ())
    with pytest.raises(TableError, match="lacks the columns colour"):
        FrameReader(write(tmp_path / "t.parquet", [0], 10), ("colour",))
