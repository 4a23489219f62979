"""What the command line shows of itself: panels, choices, examples, old names."""

import shlex
import subprocess
import sys
from typing import get_args

import pytest
import typer.main
import yaml
from typer.testing import CliRunner

from pipeline.cli import main
from pipeline.cli.arguments import options
from pipeline.cli.arguments.old_spellings import rewritten


def leaves(command, path=()):
    if hasattr(command, "commands"):
        return [leaf for name, inner in command.commands.items() for leaf in leaves(inner, (*path, name))]
    return [(path, command)]


APP = typer.main.get_command(main.app)
LEAVES = leaves(APP)


def called(monkeypatch, capsys, *words):
    monkeypatch.setattr(sys, "argv", ["teamshape", *map(str, words)])
    with pytest.raises(SystemExit) as ended:
        main.main()
    return ended.value.code, *capsys.readouterr()


def test_help_has_a_panel_for_each_kind_of_question():
    text = CliRunner().invoke(main.app, ["--help"], env={"COLUMNS": "80"}).output
    for panel in ("FOOTAGE", "ANSWERS", "EXPORT", "SEASONS", "PICTURES", "TRAINING", "CALIBRATION"):
        assert f"─ {getattr(options, panel)} ─" in text
    assert max(len(line) for line in text.splitlines()) <= 80


@pytest.mark.parametrize(("path", "command"), LEAVES, ids=[" ".join(p) for p, _ in LEAVES])
def test_each_command_has_an_example_that_it_can_read(path, command):
    words = shlex.split(command.epilog.removeprefix("Example: "))
    assert words[: len(path) + 1] == ["teamshape", *path]
    typed = words[len(path) + 1 :]
    command.make_context("x", typed[: typed.index(">")] if ">" in typed else typed)


@pytest.mark.parametrize(("path", "command"), LEAVES, ids=[" ".join(p) for p, _ in LEAVES])
def test_one_thing_has_one_spelling(path, command):
    for param in command.params:
        if param.param_type_name == "option":
            assert ("-o" in param.opts) == ("--out" in param.opts)
            assert param.help, param.name
        spelled = {"team": "--team", "half": "--half", "phase": "--phase", "by": "--by", "db": "--db"}
        if param.name in spelled:
            assert param.opts == [spelled[param.name]]
        if param.name == "run_dir":
            assert param.metavar == "RUN"


def test_all_season_commands_take_db():
    for name, command in APP.commands["season"].commands.items():
        assert "db" in {p.name for p in command.params}, name


def test_choices_are_those_of_the_code():
    from importlib import resources
    from pathlib import Path

    from pipeline.datasets.importing import READERS
    from pipeline.formats.masks import mask_export
    from pipeline.formats.writers import exports
    from pipeline.networks import network_export
    from pipeline.report.movement_answer import CUTS
    from pipeline.workflow.stills import picture_results

    assert get_args(options.ExportFormat) == tuple(exports.FORMATS)
    assert get_args(options.MaskKind) == tuple(mask_export.FORMATS)
    assert get_args(options.MaskFormat) == mask_export.FORMATS["instance"]
    assert get_args(options.DataSetFormat) == tuple(READERS)
    assert get_args(options.NetworkFormat) == network_export.FORMATS
    assert get_args(options.MovementBy) == CUTS
    assert [f.value for f in options.ImageFormat] == [*picture_results.FORMATS, "semantic"]
    folder = Path(str(resources.files("pipeline"))).parent / "configs"
    assert sorted(get_args(options.BundledConfig)) == sorted(p.stem for p in folder.glob("*.yaml"))


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("movement", "x", "--by", "quarter"), "'quarter' is not one of 'whole', 'half', '5min'"),
        (("movement",), "Missing argument 'RUN'"),
        (("movment", "x"), "Did you mean 'movement'?; see 'teamshape --help'"),
        (("masks", "x", "-o", "y", "--kind", "pixels"), "see 'teamshape masks --help'"),
    ],
)
def test_wrong_arguments_are_one_line_that_names_the_help(monkeypatch, capsys, words, message):
    code, said, wrong = called(monkeypatch, capsys, *words)
    assert (code, said) == (2, "")
    assert message in wrong
    assert wrong.startswith("teamshape: ")
    assert wrong.count("\n") == 1


def test_the_version_is_said(monkeypatch, capsys):
    from importlib import metadata

    code, said, _ = called(monkeypatch, capsys, "--version")
    assert (code, said) == (0, f"teamshape {metadata.version('teamshape')}\n")


def test_old_names_are_read_as_new_ones_and_said(capsys):
    now = {"--page": "--out", "--from": "--start"}
    assert rewritten(["--page", "x", "--from=2", "--", "--page"], now) == [
        *("--out", "x", "--start=2", "--", "--page")
    ]
    assert capsys.readouterr().err.splitlines()[0].startswith("note: --page is called --out now")
    assert rewritten(["--out", "x"], now) == ["--out", "x"]
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("path", "old", "name", "value"),
    [
        (("run", "x.mp4"), "--calibration", "points", "p.yaml"),
        (("heatmap", "x"), "--from", "start", "2"),
        (("heatmap", "x"), "--to", "end", "2"),
        (("train", "--data", "d", "-o", "t"), "--start", "weights", "w.pt"),
        (("evaluate", "--data", "d"), "--page", "page", "p.html"),
        (("evaluate-calibration", "--data", "d"), "--page", "page", "p.html"),
    ],
)
def test_every_renamed_option_still_works(path, old, name, value):
    context = APP.commands[path[0]].make_context("x", [*path[1:], old, value])
    assert str(context.params[name]).startswith(value)


def test_shells_can_complete_commands_choices_and_settings():
    def completed(*words):
        done = subprocess.run(
            [sys.executable, "-m", "pipeline"],
            env={
                "_TEAMSHAPE_COMPLETE": "complete_bash",
                "COMP_WORDS": " ".join(["teamshape", *words]),
                "COMP_CWORD": str(len(words)),
                "PYTHONPATH": ":".join(sys.path),
            },
            capture_output=True,
            text=True,
        )
        return done.stdout.split()

    assert completed("mo") == ["movement"]
    assert completed("run", "x.mp4", "--set", "segment.img") == ["segment.imgsz="]


def test_nothing_is_printed_to_when_modules_are_imported(monkeypatch):
    code = (
        "import rich.console, sys\n"
        "made = []\n"
        "rich.console.Console.__init__ = lambda self, *a, **k: made.append(1)\n"
        "import pipeline.cli.main, pipeline.cli.console.progress\n"
        "import pipeline.cli.console.print_formations, pipeline.cli.console.print_season\n"
        "sys.exit(len(made))"
    )
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


def test_config_names_are_those_that_config_prints(monkeypatch, capsys):
    for name in get_args(options.BundledConfig):
        assert yaml.safe_load(called(monkeypatch, capsys, "config", name)[1])
