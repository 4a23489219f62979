import numpy as np
import pytest

from pipeline.core.errors import RunError
from pipeline.datasets.drawing import Figure
from pipeline.datasets.plain_page import (
    Curve,
    Figures,
    Heading,
    Legend,
    Lines,
    Table,
    Text,
    page,
    write_page,
)


def test_every_block_comes_in_its_order_and_what_users_typed_is_no_markup():
    text = page(
        "<script>",
        [
            Heading("Faults & more", 3, bad=True),
            Text("a < b"),
            Table(("name", "<i>"), [("x", 0.5), ("y", float("nan")), (None, 7)]),
            Figures([Figure(np.zeros((4, 4, 3), np.uint8), 'a "quoted" caption')]),
            Lines("list", ["one", "<two>"]),
            Legend([("pitch", (1, 2, 3))]),
            Curve("loss", "1,2 3,4", "0 to 1", 420, 160),
        ],
    )
    parts = ["Faults &amp; more</h3>", "a &lt; b", "<td>0.500</td>", "<td>–</td>", "<td>7</td>"]
    parts += ["data:image/jpeg;base64,", "&lt;two&gt;", "rgb(1, 2, 3)", 'points="1,2 3,4"']
    at = [text.index(part) for part in parts]
    assert at == sorted(at)
    assert "<script>" not in text
    assert 'class="bad"' in text


def test_no_figures_are_said_to_be_none_and_no_blocks_give_a_title():
    assert "<p>none</p>" in page("x", [Figures([])])
    assert "<h1>x</h1>" in page("x", [])


def test_a_page_that_cannot_be_written_is_one_line(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(RunError, match="cannot write"):
        write_page(tmp_path / "file" / "page.html", "x", [])
