"""The docs site: built strictly, written from the code, and of nothing but itself."""

import importlib
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"


@pytest.fixture(scope="module")
def reference():
    sys.path.insert(0, str(ROOT / "scripts"))
    try:
        yield importlib.import_module("write_reference")
    finally:
        sys.path.remove(str(ROOT / "scripts"))


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    out = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "-q", "-d", str(out)],
        cwd=ROOT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1", "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return out


@pytest.mark.parametrize("name", ["tables.md", "settings.md", "commands.md"])
def test_reference_pages_are_what_the_code_says(reference, name):
    written = (DOCS / name).read_text(encoding="utf-8")
    assert reference.PAGES[name]() == written, "run: python scripts/write_reference.py"


def test_every_page_is_built_and_can_be_reached(site):
    home = (site / "index.html").read_text(encoding="utf-8")
    for page in DOCS.rglob("*.md"):
        target = page.relative_to(DOCS).with_suffix(".html").as_posix()
        assert (site / target).exists()
        assert f'href="{target}"' in home or target == "index.html"


def test_the_site_asks_nobody_else_for_anything(site):
    for page in site.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        loaded = re.findall(r"<(?:script|img|iframe)[^>]*\ssrc=[\"']?(https?:)?//", text)
        styles = re.findall(r"<link[^>]*rel=[\"']?(?:stylesheet|preconnect)[^>]*href=[\"']?https?://", text)
        assert (loaded, styles) == ([], []), page


def test_the_python_reference_shows_what_functions_take(site):
    text = (site / "api.html").read_text(encoding="utf-8")
    for name in (
        "pipeline.runs.run.Run",
        "pipeline.core.masks.from_bytes",
        "pipeline.season.query.ask",
        "pipeline.workflow.plan.execute",
    ):
        assert f'id="{name}"' in text


def test_functions_on_one_frames_way_exist():
    names = re.findall(r"`(pipeline\.[\w.]+)`", (DOCS / "one-frame.md").read_text(encoding="utf-8"))
    assert len(names) > 20
    for name in names:
        assert found(name), name


def found(name: str) -> bool:
    parts = name.split(".")
    for cut in range(len(parts), 0, -1):
        try:
            thing = importlib.import_module(".".join(parts[:cut]))
        except ModuleNotFoundError:
            continue
        for part in parts[cut:]:
            if not hasattr(thing, part):
                return False
            thing = getattr(thing, part)
        return True
    return False


def test_a_name_that_is_not_there_is_found_out():
    assert found("pipeline.video.frames")
    assert not found("pipeline.video.no_such_function")


def test_floors_in_the_design_are_those_that_are_checked():
    rows = re.findall(r"^\| \d+ \| (.+?) \|", (DOCS / "design.md").read_text(encoding="utf-8"), flags=re.M)
    told = [set(re.findall(r"`(\w+)`", row)) for row in rows]
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    (layers,) = (c["layers"] for c in contracts if c["type"] == "layers")
    assert told == [{room.strip().removeprefix("pipeline.") for room in floor.split("|")} for floor in layers]


def test_citation_and_package_agree():
    package = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    cited = yaml.safe_load((ROOT / "CITATION.cff").read_text())
    assert (cited["version"], cited["license"]) == (package["version"], package["license"])


@pytest.mark.parametrize(
    "path", sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("[!c]*.yml")), ids=lambda p: p.stem
)
def test_issue_forms_have_what_a_form_needs(path):
    form = yaml.safe_load(path.read_text())
    assert {"name", "description", "body"} <= form.keys()
    names = [part["id"] for part in form["body"]]
    assert len(names) == len(set(names))
    assert all(part["attributes"]["label"] for part in form["body"])


def test_hooks_before_a_commit_run_tools_that_are_there():
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())["repos"][0]["hooks"]
    scripts = [word for h in hooks for word in h["entry"].split() if word.startswith("scripts/")]
    assert scripts
    assert all((ROOT / s).exists() for s in scripts)


def test_old_names_in_the_policy_are_old_names_in_the_code():
    from pipeline.cli import main

    text = (ROOT / "pipeline" / "cli" / "main.py").read_text() + (
        ROOT / "pipeline" / "cli" / "data.py"
    ).read_text()
    policy = (DOCS / "deprecation.md").read_text(encoding="utf-8")
    assert main.app is not None
    for old in set(re.findall(r'"(--\w+)": "--\w+"', text)):
        assert old in policy
