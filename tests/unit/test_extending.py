"""Every example of docs/extending.md, installed beside the product and used; and what goes wrong."""

import os
import re
import subprocess
import sys
from pathlib import Path

import cv2
import made_up_people
import numpy as np
import pandas as pd
import pytest
import tracking_run
from extension_package import DOC, example, install

from pipeline.core import extensions
from pipeline.core.config import Config, SegmentSettings, load
from pipeline.core.errors import ExtensionError, TrackingError, WeightsError
from pipeline.formats.readers.providers import provider_of
from pipeline.networks import segmenter
from pipeline.report import run_data
from pipeline.report.movement_answer import measures, movement_answer
from pipeline.report.page.page import page
from pipeline.runs.run_directory import read_json
from pipeline.runs.stored_run import StoredRun
from pipeline.season import matches, query
from pipeline.tables import storage
from pipeline.tables.metric_columns import metric_column
from pipeline.tables.run_schemas import markdown, schemas_of_run
from pipeline.workflow import plan
from pipeline.workflow.step import fingerprints


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """Install an example of the page, or one's own package, for this test."""

    def do(heading_or_path: str, code: str = "", toml: str = "") -> None:
        parts = (heading_or_path, code, toml) if code else example(heading_or_path)
        monkeypatch.syspath_prepend(install(tmp_path / "site", *parts))

    before = set(sys.modules)
    yield do
    for name in set(sys.modules) - before:
        if name.partition(".")[0] in ("my_club", "other"):
            del sys.modules[name]


@pytest.fixture(scope="module")
def people():
    return made_up_people.match(seconds=6.0)


@pytest.fixture(scope="module")
def run(people, tmp_path_factory):
    """A run made without extensions."""
    return tracking_run.build(tmp_path_factory.mktemp("run") / "run", people)


def teamshape(site: Path, *arguments: object) -> subprocess.CompletedProcess:
    paths = os.pathsep.join([str(site), str(Path(__file__).parents[2])])
    return subprocess.run(
        [sys.executable, "-m", "pipeline", *map(str, arguments)],
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": paths, "COLUMNS": "200"},
    )


def own_text(html: str) -> str:
    return re.sub(r"<script.*?</script>", "", html, flags=re.DOTALL)


def test_every_heading_with_an_example_is_tested_here():
    headings = re.findall(r"^## (A .*)$", DOC.read_text(encoding="utf-8"), re.MULTILINE)
    tested = Path(__file__).read_text(encoding="utf-8")
    assert len(headings) == 5
    assert all(f'"{h}"' in tested for h in headings)


def test_a_metric_column_is_in_tables_documentation_command_page_and_season(
    installed, people, tmp_path, monkeypatch
):
    installed("A metric column")
    root = tracking_run.build(tmp_path / "run", people)
    whole = storage.read(root / "tables" / "movement.parquet", "movement").set_index("track_id")
    assert whole["walking_s"].between(5, 6).all()  # they sway, slower than 2 m/s
    parts = storage.read(root / "tables" / "movement_parts.parquet", "movement_parts")
    windows = parts[parts["by"] == "5min"].set_index("track_id")["walking_s"]
    assert np.allclose(windows, whole["walking_s"])
    assert "time slower than 2 m/s" in markdown(schemas_of_run(Config().measure).values())
    assert "walking_s" in measures(movement_answer(StoredRun.open(root), "5min"))
    assert "walking, s" in own_text(page(run_data.load(root, Config()), None))
    matches.add(tmp_path, [root])
    assert query.ask(tmp_path, "select sum(walking_s) as s from movement")["s"][0] > 100
    printed = teamshape(tmp_path / "site", "movement", root)
    assert printed.returncode == 0, printed.stderr
    assert "walking, s" in printed.stdout
    # and without the package the run can still be read
    monkeypatch.setattr(sys, "path", [p for p in sys.path if not p.endswith("site")])
    assert "walking_s" in storage.read(root / "tables" / "movement.parquet", "movement")
    assert "walking, s" not in own_text(page(run_data.load(root, Config()), None))


def test_an_installed_or_edited_metric_column_reruns_measure_and_what_reads_it(installed):
    steps = plan.steps("both")
    before = fingerprints(steps, Config(), "v")
    installed("A metric column")
    with_it = fingerprints(steps, Config(), "v")
    assert {n for n in before if before[n] != with_it[n]} == {"measure", "physical", "play", "report"}


def test_a_provider_is_recognised_and_analysed(installed, people, tmp_path):
    installed("A tracking-data provider")
    lines = [
        f"1;{r.time_s:.2f};{'H' if r.team == 'A' else 'A'};{r.track_id};{r.x_m:.2f};{r.y_m:.2f}"
        for r in people.itertuples()
    ]
    match = tmp_path / "match.txt"
    match.write_text("\n".join(["BEACON 1 104 67", *lines]))
    settings = load(None, {"report.csv": False})
    plan.analyze([match], tmp_path / "run", settings, lambda *_: None, {})
    record = read_json(tmp_path / "run" / "run.json")
    assert record["tracking"]["provider"] == "beacon"
    assert record["config"]["pitch"].items() >= {"length_m": 104.0, "width_m": 67.0}.items()
    found = storage.read(tmp_path / "run" / "tables" / "movement.parquet", "movement")
    assert len(found) == people["track_id"].nunique()


def test_a_file_that_a_provider_cannot_read_is_named_in_one_line(installed, tmp_path):
    installed("A tracking-data provider")
    broken = tmp_path / "broken.txt"
    broken.write_text("BEACON 1 104 67\n1;0.0;H")
    with pytest.raises(TrackingError, match=r"broken\.txt.*beacon"):
        plan.analyze([broken], tmp_path / "run", Config(), lambda *_: None, {})


def test_a_provider_of_ours_keeps_its_name(installed, tmp_path):
    code = example("A tracking-data provider")[1].replace('"beacon"', '"tracab"')
    toml = '[project.entry-points."teamshape.providers"]\ntracab = "other.beacon:PROVIDER"'
    installed("other/beacon.py", code, toml)
    with pytest.raises(ExtensionError, match="tracab"):
        provider_of((DOC,), "tracab")


def test_a_network_of_another_family_segments(installed, tmp_path):
    installed("A family of segmentation networks")
    weights = tmp_path / "level.bright"
    weights.write_text("200")
    network = segmenter.load(SegmentSettings(weights=str(weights)))
    image = np.zeros((90, 160, 3), np.uint8)
    cv2.rectangle(image, (20, 30), (29, 59), (255, 255, 255), -1)
    images = [("one", 0, image), ("again", 1, None), ("other", 2, image[:, ::-1].copy())]
    found = dict(network.stream(images))
    assert found["one"].boxes_px.tolist() == [[20, 30, 30, 60]]
    assert found["again"].frame == 1
    assert found["other"].boxes_px.tolist() == [[130, 30, 140, 60]]
    weights.write_text("bright")
    with pytest.raises(WeightsError, match="brightness"):
        segmenter.load(SegmentSettings(weights=str(weights)))


def test_weights_of_a_family_that_is_not_installed_are_of_an_unknown_kind(tmp_path):
    weights = tmp_path / "level.bright"
    weights.write_text("200")
    with pytest.raises(WeightsError, match="unknown kind of file"):
        segmenter.load(SegmentSettings(weights=str(weights)))


def test_the_bundled_network_is_not_run_again_for_another_family(installed):
    steps = plan.steps("both")
    before = fingerprints(steps, Config(), "v")
    installed("A family of segmentation networks")
    assert fingerprints(steps, Config(), "v") == before


def test_a_section_stands_on_the_page_where_it_wants_to(installed, run):
    data = run_data.load(run, Config())
    plain = page(data, None)
    installed("A section of the page")
    html = page(data, None)
    text = own_text(html)
    assert '<a href="#pace">Pace</a>' in text
    assert text.index('id="shape"') < text.index('id="pace"') < text.index('id="heatmaps"')
    assert re.search(r"Team A</td><td>0-5 min</td><td>\d+ m/min", text)
    assert '"pace":{' in html
    before, _, rest = text.partition('<section id="pace" aria-labelledby="pace-title">')
    without = before + rest.partition("</section>\n")[2]
    assert without.replace('<a href="#pace">Pace</a>', "").split() == own_text(plain).split()


def test_a_section_that_reads_what_it_does_not_declare_is_told_so(installed, run):
    code = example("A section of the page")[1].replace('reads=("team_movement_parts",)', "reads=()")
    toml = '[project.entry-points."teamshape.sections"]\npace = "other.halves:SECTION"'
    installed("other/halves.py", code, toml)
    with pytest.raises(ExtensionError, match="team_movement_parts"):
        page(run_data.load(run, Config()), None)


def test_an_installed_section_writes_the_page_again_and_nothing_else(installed):
    before = fingerprints(plan.steps("both"), Config(), "v")
    installed("A section of the page")
    after = fingerprints(plan.steps("both"), Config(), "v")
    assert {n for n in before if before[n] != after[n]} == {"report"}


def test_a_command_is_listed_and_runs(tmp_path, run):
    site = install(tmp_path / "site", *example("A command"))
    table = storage.read(run / "tables" / "movement.parquet", "movement")
    fast = table.assign(psv99_mps=np.where(table["track_id"] == 3, 9.0, 5.0))
    storage.write(fast, tmp_path / "tables" / "movement.parquet", "movement")
    assert "fastest" in teamshape(site, "--help").stdout
    done = teamshape(site, "fastest", tmp_path, "-n", 1)
    assert (done.stdout, done.stderr) == ("track 3, team A: 32.4 km/h\n", "")
    failed = teamshape(site, "fastest", site)
    assert failed.returncode == 2
    assert len(failed.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("name", "code", "said"),
    [
        ("broken", "import nothing_of_this_name", "broken of other 1.0: cannot be loaded"),
        ("run", "def value(): ...", "there is one of this name"),
        ("number", "value = 3", "a int"),
    ],
    ids=["fails", "taken", "no command"],
)
def test_a_broken_command_is_named_and_the_others_go_on_working(tmp_path, name, code, said):
    toml = f'[project.entry-points."teamshape.commands"]\n{name} = "other.command:value"'
    site = install(tmp_path / "site", "other/command.py", code, toml)
    done = teamshape(site, "config")
    assert done.returncode == 0
    assert "measure:" in done.stdout
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("1 / 0", "ZeroDivisionError"),
        ("def walking_s(samples): return 0.0", "expects a MetricColumn"),
        (
            "from pipeline.tables.metric_columns import metric_column\n"
            "@metric_column('m')\ndef running_s(samples): return 0.0\nwalking_s = running_s",
            "its name is running_s",
        ),
        (
            "from pipeline.tables.metric_columns import metric_column\n"
            "@metric_column('m')\ndef walking_s(samples): return samples.nothing",
            "walking_s: failed",
        ),
    ],
    ids=["fails to load", "no column", "other name", "fails to measure"],
)
def test_a_broken_metric_column_is_named_in_one_line(installed, people, tmp_path, code, said):
    toml = '[project.entry-points."teamshape.metric_columns"]\nwalking_s = "other.columns:walking_s"'
    installed("other/columns.py", code, toml)
    with pytest.raises(ExtensionError, match=said):
        tracking_run.build(tmp_path / "run", people)


def test_a_metric_column_keeps_off_the_names_of_ours(installed):
    code = example("A metric column")[1].replace("walking_s", "sprints")
    toml = '[project.entry-points."teamshape.metric_columns"]\nsprints = "other.columns:sprints"'
    installed("other/columns.py", code, toml)
    with pytest.raises(ExtensionError, match="sprints"):
        schemas_of_run(Config().measure)
    with pytest.raises(ExtensionError, match="expected a name"):
        metric_column("m")(lambda samples: 0.0)


def test_nothing_installed_adds_nothing():
    assert all(extensions.extensions(group) == () for group in extensions.GROUPS)
    assert pd.Series(extensions.GROUPS).is_unique
