"""The page's section on play: phases, behaviour, passes, losses and runs as texts."""

import pandas as pd

from pipeline.report.page.content.play_facts import behaviour_rows, count_rows, phase_rows
from pipeline.report.style.html_assets import whole
from pipeline.tables import storage


def test_phases_have_minutes_and_their_share_of_the_time_with_or_without_the_ball():
    rows = [
        ("A", 0.0, 30.0, "build_up", "in"),
        ("A", 30.0, 120.0, "progression", "in"),
        ("B", 0.0, 60.0, "low_block", "out"),
    ]
    table = pd.DataFrame(rows, columns=["team", "start_s", "end_s", "phase", "possession"])
    found = {row["phase"]: row["cells"] for row in phase_rows(table)}
    assert found["build-up"] == [("0.5", "25%"), ("–", "")]
    assert found["progression"] == [("1.5", "75%"), ("–", "")]
    assert found["low block"] == [("–", ""), ("1.0", "100%")]
    assert phase_rows(table.iloc[:0]) == []


def test_behaviour_stands_beside_its_coverage_and_few_seconds_say_nothing():
    rows = [
        ("A", "possession", "in", "length_m", 30.24, 100.0, 0.5),
        ("A", "possession", "out", "length_m", 25.0, 20.0, 0.1),
        ("B", "possession", "out", "pressing_intensity", 0.51, 90.0, 0.4),
    ]
    parts = pd.DataFrame(rows, columns=["team", "by", "part", "measure", "mean", "seconds", "coverage"])
    length, pressing = behaviour_rows(parts)
    assert length["cells"] == [("30.2", "50%"), ("–", ""), ("–", ""), ("–", "")]
    assert pressing["cells"] == [("–", ""), ("–", ""), ("–", ""), ("0.51", "40%")]
    assert behaviour_rows(parts.iloc[:0]) == []


def test_counts_are_of_what_was_seen():
    passes = pd.DataFrame({"team": ["A", "A", "B"], "lines_broken": pd.array([1, None, 0], dtype="Int32")})
    lost = pd.DataFrame({"team": ["A", "B"], "press_s": [2.0, None], "regained_s": [None, 4.0]})
    runs = pd.DataFrame({"team": ["A", "A"], "kind": ["overlap"] * 2, "received": [True, None]})
    found = dict(count_rows(passes, lost, runs))
    assert found["Passes seen"] == ("2", "1")
    assert found["of which broke a line"] == ("1 of 1", "0 of 1")
    assert found["Pressed after, median"] == ("2.0\u00a0s", "–")
    assert found["Won back within 10 s"] == ("0 of 1", "1 of 1")
    assert found["Runs: overlap"] == ("2 (1)", "0")
    assert count_rows(*(storage.empty(n) for n in ("passes", "turnovers", "off_ball_runs"))) == []


def test_formations_stay_on_one_line():
    assert str(whole("four & 4-2-3-1 or 4-4-2")) == (
        'four &amp; <span class="whole">4-2-3-1</span> or <span class="whole">4-4-2</span>'
    )
