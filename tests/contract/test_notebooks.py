"""The notebooks run from the first cell to the last on a finished run, and are kept clean."""

import ast
import json
from pathlib import Path

import fake_run
import made_up_run
import nbformat
import pytest
from nbclient import NotebookClient

from pipeline.season import matches as season_of

FOLDER = Path(__file__).parents[2] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
LOGIC = (ast.FunctionDef, ast.ClassDef, ast.Lambda, ast.For, ast.While, ast.If, ast.Try, ast.With)
by_name = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)


@pytest.fixture(scope="session")
def season(tmp_path_factory):
    """A season of two finished runs: one of footage, one of tracking data."""
    folder = tmp_path_factory.mktemp("season")
    runs = [fake_run.build(folder / "clip", seconds=2.0), made_up_run.measured(folder / "derby")]
    season_of.add(folder, runs)
    return folder


def code(path):
    return ["".join(c["source"]) for c in json.loads(path.read_text())["cells"] if c["cell_type"] == "code"]


def test_there_are_four():
    assert [p.stem[:2] for p in NOTEBOOKS] == ["01", "02", "03", "04"]


@by_name
def test_a_notebook_runs(path, season, monkeypatch):
    monkeypatch.setenv("TEAMSHAPE_RUN", str(season / "derby"))
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(FOLDER)}}).execute()
    ran = [c for c in notebook.cells if c.cell_type == "code"]
    assert all(c.execution_count for c in ran)
    assert all(c.outputs for c in ran[1:])


@by_name
def test_a_notebook_keeps_no_outputs_and_no_logic(path):
    nbformat.validate(nbformat.read(path, as_version=4))
    for cell in json.loads(path.read_text())["cells"]:
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None
    for source in code(path):
        lines = [line for line in source.splitlines() if not line.startswith("%")]
        found = [type(n).__name__ for n in ast.walk(ast.parse("\n".join(lines))) if isinstance(n, LOGIC)]
        assert not found, source


@by_name
def test_a_notebook_begins_with_how_to_get_a_run_and_lets_it_be_chosen(path):
    first = json.loads(path.read_text())["cells"][0]
    assert first["cell_type"] == "markdown"
    assert "TEAMSHAPE_RUN" in "".join(first["source"])
    assert 'os.environ.get("TEAMSHAPE_RUN", "../runs/demo")' in code(path)[0]
