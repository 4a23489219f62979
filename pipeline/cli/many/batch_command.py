"""The command that processes a table of matches."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.cli.arguments.options import ConfigFile, Set
from pipeline.core.errors import UserError

if TYPE_CHECKING:
    from pipeline.workflow.batch.match_list import Match
    from pipeline.workflow.batch.match_runs import Outcome


def batch(
    matches: Annotated[
        Path, typer.Argument(metavar="MATCHES.csv", help="Columns match, source, and any setting.")
    ],
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder with a run for each match.")] = Path(
        "runs"
    ),
    config: ConfigFile = None,
    set_: Set = None,
    at_once: Annotated[int, typer.Option(min=1, max=256, help="Matches at the same time.")] = 1,
    retries: Annotated[int, typer.Option(min=0, max=20, help="Further attempts after a crash.")] = 1,
) -> None:
    """Process a table of matches, each as 'run' does; those that fail are named, the others go on.

    Stopped at any moment, the same command continues. How each ended is in batch.json, what it said in
    its .log.
    """
    from pipeline.cli.console import consoles
    from pipeline.core import config as settings
    from pipeline.workflow.batch import match_list, match_runs

    base = settings.find(config) if config else None
    listed = match_list.read(matches, out, settings.parse_set(set_ or []), base)

    def command(match: Match) -> list[str]:
        own = [f"{key}={_as_yaml(value)}" for key, value in match.settings.items()]
        given = [
            *(["--config", str(base)] if base else []),
            *(x for s in [*(set_ or []), *own] for x in ("--set", s)),
        ]
        return ["-m", "pipeline", "run", str(match.source), "-o", str(out / match.name), *given]

    def on_end(outcome: Outcome) -> None:
        why = f": {outcome.error}" if outcome.error else ""
        consoles.err().print(
            f"{outcome.match:<24} {outcome.state} after {outcome.seconds:.0f} s{why}",
            markup=False,
            soft_wrap=True,
        )

    ended = match_runs.process(listed, out, command, on_end, at_once, retries)
    failed = [o.match for o in ended if o.state != "finished"]
    typer.echo(f"finished: {len(ended) - len(failed)} of {len(ended)}; see {out / match_runs.RECORD}")
    if failed:
        raise UserError(
            f"failed: {', '.join(failed)}; see {out / failed[0]}.log; the same command tries again"
        )


def _as_yaml(value: object) -> str:
    import json

    return json.dumps(value, ensure_ascii=False)
