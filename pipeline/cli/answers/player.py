"""The command ``player``: one player, as a page, a table or JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipeline.cli.arguments.options import PlayerFormat, RunDir, Team
from pipeline.core.errors import UserError

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.report.player.player_answer import PlayerAnswer

_ENDINGS = {".html": "html", ".htm": "html", ".csv": "csv", ".json": "json"}


def player(
    run_dir: RunDir,
    who: Annotated[
        str,
        typer.Argument(
            metavar="WHO", help="Shirt number, name, A7 (of team A: shirt 7, or a label), or t12 (track)."
        ),
    ],
    team: Team = None,
    format_: Annotated[
        PlayerFormat | None,
        typer.Option(
            "--format",
            help="html: a page; csv and json: the numbers, into the terminal without -o.",
            show_default="by the name of -o, else html",
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", show_default="player_WHO.html in RUN", help="The file.")
    ] = None,
) -> None:
    """Show one player: movement, places, roles; in and out of possession; beside his team and his like."""
    from pipeline.report.player.player_answer import player_answer
    from pipeline.report.player.player_page import write_player
    from pipeline.runs.stored_run import StoredRun

    kind = _kind(format_, out)
    answer = player_answer(StoredRun.open(run_dir), who, team)
    if kind != "html":
        text = (
            _csv(answer)
            if kind == "csv"
            else json.dumps(numbers(answer), indent=1, ensure_ascii=False) + "\n"
        )
        _tell(text, out)
        return
    path = out or run_dir / f"player_{_file_name(answer)}.html"
    write_player(answer, path)
    _summary(answer)
    typer.echo(f"page: {path}")


def _kind(format_: str | None, out: Path | None) -> str:
    by_name = None if out is None else _ENDINGS.get(out.suffix.lower())
    if out is not None and by_name is None:
        raise UserError(f"-o {out}: expected a name that ends in {', '.join(_ENDINGS)}")
    if format_ is not None and by_name is not None and format_ != by_name:
        raise UserError(f"-o {out} --format {format_}: the name says {by_name}; leave one of them out")
    return format_ or by_name or "html"


def _tell(text: str, out: Path | None) -> None:
    from pipeline.core.files import whole_file

    if out is None:
        typer.echo(text, nl=False)
        return
    with whole_file(out) as part:
        part.write_text(text, encoding="utf-8")
    typer.echo(f"written to {out}")


def numbers(answer: PlayerAnswer) -> dict[str, Any]:
    """All numbers of an answer as JSON knows them."""
    from pipeline.core.json_files import plain

    who = answer.who
    about = {
        "player": who.label,
        "team": who.team,
        "team_name": answer.team_name,
        "role": who.role,
        "group": answer.group,
        "jersey": who.jersey,
        "name": who.name,
        "track_id": int(answer.whole["track_id"]),
        "note": answer.pace_note or None,
    }
    tables = {"movement": answer.parts, "rates": answer.rates, "beside": answer.beside, "roles": answer.roles}
    return about | {name: plain(json.loads(t.to_json(orient="records"))) for name, t in tables.items()}


def _csv(answer: PlayerAnswer) -> str:
    from pipeline.core.text.printable import safe_cells

    return str(safe_cells(long_table(answer)).to_csv(index=False, float_format="%.6g"))


def long_table(answer: PlayerAnswer) -> pd.DataFrame:
    """Give rates and comparisons as one table: ``of`` (whole, in, out; team, role), ``measure``, values."""
    import pandas as pd

    own = answer.rates.rename(columns={"part": "of"})[["of", "measure", "value", "low", "high", "minutes"]]
    beside = answer.beside.rename(
        columns={"group": "of", "value_b": "value", "value_a": "other", "n_b": "minutes"}
    )
    columns = ["of", "measure", "value", "other", "difference", "low", "high", "minutes", "players"]
    made = pd.concat([own, beside], ignore_index=True).reindex(columns=columns)
    made.insert(0, "player", answer.who.label)
    return made


def _file_name(answer: PlayerAnswer) -> str:
    who = answer.who
    if who.team is not None and who.jersey is not None:
        return f"{who.team}{who.jersey}"
    return who.short.replace(" ", "") if who.short else f"t{who.tracks[0]}"


def _summary(answer: PlayerAnswer) -> None:
    from pipeline.cli.console.fitted_table import Column, Line, print_line, show
    from pipeline.report.player import player_texts

    print_line(f"{answer.who.label} · {player_texts.about(answer)}")
    print_line(
        "; ".join(
            f"{what} {value} ({hint})" if hint else f"{what} {value}"
            for what, value, hint in player_texts.facts(answer)
        )
    )
    heads = ("in possession", "out of it", "his team", "differs by", "his role", "differs by")
    columns = [
        Column("while seen"),
        Column("match", True),
        *(Column(h, True, i + 1) for i, h in enumerate(heads)),
    ]
    names = ("about", "whole", "in", "out", "team", "team_gap", "role", "role_gap")
    show(columns, [Line([row[n] for n in names]) for row in player_texts.rate_rows(answer)], wide=False)
    if answer.pace_note:
        print_line(answer.pace_note)
