"""The command line: arguments in, one line an error, exit code 2 for the user's mistakes."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Mapping
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated, Any

import typer

from pipeline.cli import (
    analyze,
    calibration,
    data,
    export,
    footage,
    formations,
    heatmap,
    image,
    movement,
    season,
    train,
    weights,
)
from pipeline.cli.added_commands import add_commands
from pipeline.cli.answers import player
from pipeline.cli.arguments import options
from pipeline.cli.arguments.old_spellings import renamed
from pipeline.cli.many import batch_command, part_commands
from pipeline.cli.people import identities, start_app, tracking_evaluation, view
from pipeline.cli.play import off_ball, phase_times, physical_load, team_behaviour
from pipeline.cli.upkeep import doctor
from pipeline.core.errors import CorrectionsError, UserError
from pipeline.core.text.printable import printable

app = typer.Typer(
    name="teamshape",
    help="Match footage in; team masks, player masks, tracks, formations and movement tables out.",
    epilog="Example: teamshape run match.mp4 -o runs/derby",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)

_DISK = {
    *(errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM),
    *(errno.ENOENT, errno.ENAMETOOLONG, errno.ENOTDIR, errno.EISDIR, errno.EFBIG, errno.EIO),
}
_STOPPED = 130
_CONTINUED = ("run", "analyze", "batch", "demo", "image", "merge", "train", "work")


def _version(asked: bool) -> None:
    if asked:
        from importlib import metadata

        typer.echo(f"teamshape {metadata.version('teamshape')}")
        raise typer.Exit


@app.callback()
def _top(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Match footage in; team masks, player masks, tracks, formations and movement tables out."""


def _mount(
    do: Any, panel: str, example: str, *, name: str | None = None, old: Mapping[str, str] | None = None
) -> None:
    """Add a command to its panel of ``--help``, with an example, and option names that it had before."""
    kind = renamed(old or {})
    app.command(name, cls=kind, rich_help_panel=panel, epilog=f"Example: {example}")(do)


_mount(footage.run, options.FOOTAGE, "teamshape run match.mp4 -o runs/derby --every 0.1",
       old={"--calibration": "--points"})  # fmt: skip
_mount(batch_command.batch, options.FOOTAGE, "teamshape batch matches.csv -o runs --config fast")
_mount(part_commands.plan, options.FOOTAGE, "teamshape plan match.mp4 -o runs/derby")
_mount(part_commands.work, options.FOOTAGE, "teamshape work runs/derby --task 3/8")
_mount(part_commands.merge, options.FOOTAGE, "teamshape merge runs/derby")
_mount(analyze.analyze, options.FOOTAGE, "teamshape analyze tracking.jsonl --meta match.json -o runs/final")
_mount(footage.demo, options.FOOTAGE, "teamshape demo -o runs/demo")
_mount(footage.probe, options.FOOTAGE, "teamshape probe match.mp4")
_mount(footage.report, options.FOOTAGE, "teamshape report runs/derby")
_mount(doctor.doctor, options.FOOTAGE, "teamshape doctor --json")
_mount(identities.identities, options.FOOTAGE, "teamshape identities runs/derby --apply")
_mount(start_app.app, options.FOOTAGE, "teamshape app matches/")
_mount(view.view, options.FOOTAGE, "teamshape view runs/derby")
_mount(footage.config, options.FOOTAGE, "teamshape config fast > my.yaml")
_mount(movement.movement, options.ANSWERS, "teamshape movement runs/derby --by half --team A -o movement.csv")
_mount(physical_load.physical, options.ANSWERS, "teamshape physical runs/derby --show runs --player A7")
_mount(phase_times.phases, options.ANSWERS, "teamshape phases runs/derby --team A --half 1")
_mount(team_behaviour.behaviour, options.ANSWERS, "teamshape behaviour runs/derby --part build_up")
_mount(off_ball.off_ball, options.ANSWERS, "teamshape off-ball runs/derby --kind in_behind -o runs.png",
       name="off-ball")  # fmt: skip
_mount(formations.formations, options.ANSWERS, "teamshape formations runs/derby --window 3min --roles")
_mount(formations.compare, options.ANSWERS, "teamshape compare runs/derby:A:half1 runs/derby:A:half2")
_mount(player.player, options.ANSWERS, "teamshape player runs/derby A7 -o seven.html")
_mount(heatmap.heatmap, options.ANSWERS, "teamshape heatmap runs/derby --player A7 --half 1 -o seven.png",
       old={"--from": "--start", "--to": "--end"})  # fmt: skip
_mount(export.export, options.EXPORT, "teamshape export runs/derby --format skillcorner -o out/")
_mount(export.masks, options.EXPORT, "teamshape masks runs/derby --kind semantic --format png -o out/")
app.add_typer(season.season, rich_help_panel=options.SEASONS)
_mount(image.image, options.PICTURES, "teamshape image photos/ -o out/ --format overlay --format coco")
app.add_typer(data.data, rich_help_panel=options.TRAINING)
_mount(train.train, options.TRAINING, "teamshape train --data ds/ -o trained/ --epochs 30",
       old={"--start": "--weights"})  # fmt: skip
_mount(train.evaluate, options.TRAINING, "teamshape evaluate --data ds/ --weights best.pt -o page.html",
       old={"--page": "--out"})  # fmt: skip
_mount(tracking_evaluation.evaluate_tracking, options.TRAINING,
       "teamshape evaluate-tracking runs/demo truth/ -o scores.json", name="evaluate-tracking")  # fmt: skip
app.add_typer(weights.weights, rich_help_panel=options.TRAINING)
_mount(calibration.calibrate, options.CALIBRATION, "teamshape calibrate picture.jpg -o views.json")
_mount(calibration.evaluate_calibration, options.CALIBRATION,
       "teamshape evaluate-calibration --data pitch/ -o page.html", name="evaluate-calibration",
       old={"--page": "--out"})  # fmt: skip


def main() -> None:
    """Run the command line; the user's mistakes end in one line and exit code 2."""
    for name in ("stdout", "stderr"):  # closed, as services and windows without a console have them
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 - as long as we live
    for stream in (sys.stdout, sys.stderr):  # a console that cannot write a name still gets its answer
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
    sys.argv[1:] = [_expanded(a) for a in sys.argv[1:]]
    try:
        add_commands(app)
        code = app(prog_name="teamshape", standalone_mode=False)
    except CorrectionsError as error:
        _fail(*error.lines)
    except UserError as error:
        _fail(str(error))
    except OSError as error:
        if error.errno not in _DISK:
            raise
        _fail(f"{error.filename or 'output'}: {error.strerror}; free space or choose another -o")
    except KeyboardInterrupt:
        code = _STOPPED
    except Exception as error:
        # typer's own complaints, of whichever click it carries, have an exit code and format themselves.
        if not hasattr(error, "format_message"):
            raise
        _usage(error)
    if code == _STOPPED:
        goes_on = sys.argv[1:2] and sys.argv[1] in _CONTINUED
        sys.stderr.write(f"stopped{'; the same command continues where it was' if goes_on else ''}\n")
    sys.exit(code if isinstance(code, int) else 0)


def _expanded(argument: str) -> str:
    """Put the home folder in the place of ~ where shells do not: behind an option's = sign."""
    option, sign, value = argument.partition("=")
    if option.startswith("-") and sign and value.startswith("~"):
        return f"{option}={Path(value).expanduser()}"
    return argument


def _usage(error: Any) -> None:
    """Print what is wrong with the arguments, and the command that explains them."""
    context = getattr(error, "ctx", None)
    if type(error).__name__ == "NoArgsIsHelpError":
        error.show()
        sys.exit(2)
    path = context.command_path if context is not None else "teamshape"
    message = error.format_message().replace("Value error, ", "").rstrip(".")
    _fail(f"{message}; see '{path} --help'")


def _fail(*messages: str) -> None:
    for message in messages:
        sys.stderr.write("teamshape: " + printable(message) + "\n")
    sys.exit(2)
