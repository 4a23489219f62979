"""Write the reference pages of docs/ from the code: tables, settings, commands.

python scripts/write_reference.py

A test compares the pages with what this writes, so they cannot fall behind.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import typer.main
import yaml

from pipeline.cli import main as cli
from pipeline.core.config import Config
from pipeline.core.settings.settings_base import Settings
from pipeline.tables.run_schemas import markdown
from pipeline.tables.schemas import SCHEMAS

DOCS = Path(__file__).parents[1] / "docs"
_BY = "Written by `python scripts/write_reference.py`; edit the code, not this page."
_BOUNDS = {"Ge": ("ge", "at least"), "Gt": ("gt", "above"), "Le": ("le", "at most"), "Lt": ("lt", "below")}


def tables() -> str:
    """Render every table as Markdown, from `pipeline.tables.schemas`."""
    head = [
        "# Tables",
        "",
        "Every run writes these to `tables/`, as Parquet and CSV. Missing means no row;",
        "a column marked * can be null. Thresholds are those of the default settings; `tables/README.md` in",
        f"a run quotes its own, and lists columns that extensions add. {_BY}",
    ]
    return "\n".join(head) + "\n" + markdown(SCHEMAS.values())


def settings() -> str:
    """Render every setting as Markdown, from `pipeline.core.config`."""
    out = [
        "# Settings",
        "",
        "`--set KEY=VALUE` changes one, `--config FILE` several; `teamshape config` prints them all as YAML.",
        f"A changed setting reruns the steps that depend on it, nothing else. {_BY}",
        "",
    ]
    alone = [n for n in Config.model_fields if not isinstance(getattr(Config(), n), Settings)]
    out += _table(("setting", "default", "meaning"), [_setting(Config(), n, "") for n in alone])
    for name in Config.model_fields:
        group = getattr(Config(), name)
        if isinstance(group, Settings):
            out += ["", f"## {name}", "", (type(group).__doc__ or "").strip(), ""]
            out += _table(("setting", "default", "meaning"), list(_group(group, f"{name}.")))
    return "\n".join(out) + "\n"


def commands() -> str:
    """Render every command with its options as Markdown, from `pipeline.cli`."""
    group = typer.main.get_command(cli.app)
    out = ["# Commands", "", f"`teamshape COMMAND --help` shows the same in a terminal. {_BY}"]
    panels: dict[str, list[list[str]]] = {}
    for path, command in _walk(group, "teamshape"):
        panel = getattr(command, "rich_help_panel", None) or "Commands"
        panels.setdefault(str(panel), []).append(_command(path, command))
    for panel, pages in panels.items():
        out += ["", f"## {panel}"]
        for page in pages:
            out += page
    return "\n".join(out) + "\n"


PAGES: dict[str, Callable[[], str]] = {"tables.md": tables, "settings.md": settings, "commands.md": commands}
"""What is written, by its name in docs/."""


def _group(group: Settings, prefix: str) -> Iterator[tuple[str, str, str]]:
    """The rows of a group of settings, with those of groups in it."""
    for name in type(group).model_fields:
        value = getattr(group, name)
        if isinstance(value, Settings):
            yield from _group(value, f"{prefix}{name}.")
        else:
            yield _setting(group, name, prefix)


def _setting(group: Settings, name: str, prefix: str) -> tuple[str, str, str]:
    field = type(group).model_fields[name]
    value = getattr(group, name)
    shown = yaml.safe_dump(list(value) if isinstance(value, tuple) else value, default_flow_style=True)
    bounds = [
        f"{words} {getattr(m, attribute):g}"
        for m in field.metadata
        for kind, (attribute, words) in _BOUNDS.items()
        if type(m).__name__ == kind
    ]
    choices = re.findall(r"'([^']+)'", str(field.annotation)) if "Literal" in str(field.annotation) else []
    about = [field.description or "", ", ".join(bounds), " or ".join(f"`{c}`" for c in choices)]
    return (
        f"`{prefix}{name}`",
        f"`{shown.removesuffix('...' + chr(10)).strip()}`",
        "; ".join(filter(None, about)),
    )


def _walk(command: Any, path: str, panel: str | None = None) -> Iterator[tuple[str, Any]]:
    """Every command that does something, in the order of the help; those of a group in its panel."""
    if not hasattr(command, "commands"):
        if panel is not None:
            command.rich_help_panel = panel
        yield path, command
        return
    for name, inner in command.commands.items():
        own = panel or getattr(inner, "rich_help_panel", None)
        yield from _walk(inner, f"{path} {name}", str(own) if own else None)


def _command(path: str, command: Any) -> list[str]:
    context = command.context_class(command, info_name=path)
    shown = [p for p in command.params if not p.hidden]
    arguments = [p for p in shown if p.param_type_name == "argument"]
    usage = " ".join([path, "[OPTIONS]", *(_argument(p) for p in arguments)])
    text = " ".join((command.help or "").split("\n\n")[0].split())
    more = [" ".join(part.split()) for part in (command.help or "").split("\n\n")[1:]]
    out = ["", f"### {path}", "", text, *(line for part in more for line in ("", part))]
    out += ["", "```", usage, "```"]
    example = (command.epilog or "").removeprefix("Example: ")
    if example:
        out += ["", "Example:", "", "```", example, "```"]
    rows = [_option(p, context) for p in shown]
    return [*out, "", *_table(("", "takes", "meaning"), rows)] if rows else out


def _option(param: Any, context: Any) -> tuple[str, str, str]:
    """Names of an option or argument, what it takes, and what it means."""
    if param.param_type_name == "argument":
        name = f"`{_argument(param)}`"
        takes = ""
    else:
        name = ", ".join(f"`{o}`" for o in (*param.opts, *param.secondary_opts))
        takes = "" if param.is_flag else (param.metavar or param.display_type(context))
    about = [param.help or ""]
    if param.required:
        about.append("Required.")
    elif isinstance(param.show_default, str):
        about.append(f"Default: {param.show_default}.")
    elif param.default is not None and param.default is not False and param.default is not True:
        about.append(f"Default: {param.default}.")
    cell = f"`{takes.strip('<>')}`" if takes else ""
    return name, cell, " ".join(filter(None, about))


def _argument(param: Any) -> str:
    name = str(param.metavar or param.name.upper())
    return name + ("..." if param.nargs == -1 and not name.endswith("...") else "")


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> list[str]:
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    return lines + [f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |" for row in rows]


def main() -> None:
    """Write all pages."""
    for name, render in PAGES.items():
        (DOCS / name).write_text(render(), encoding="utf-8")
        sys.stdout.write(f"{DOCS / name}\n")


if __name__ == "__main__":
    main()
