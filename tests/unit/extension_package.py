"""Packages that extend the product from outside, made of the examples in docs/extending.md."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

DOC = Path(__file__).parents[2] / "docs" / "extending.md"
_BLOCK = re.compile(r'^```(?:python|toml) title="([^"]+)"\n(.*?)^```$', re.MULTILINE | re.DOTALL)


def example(heading: str) -> tuple[str, str, str]:
    """The example under a heading of the page: path of its module, its text, its entry point."""
    section = DOC.read_text(encoding="utf-8").partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    (path, code), (_, toml) = _BLOCK.findall(section)
    return path, code, toml


def install(folder: Path, path: str, code: str, toml: str) -> Path:
    """Put a package where Python finds it once ``folder`` is on its path: a module and its entry points."""
    module = folder / path
    module.parent.mkdir(parents=True, exist_ok=True)
    module.write_text(code, encoding="utf-8")
    about = folder / f"{module.parent.name}-1.0.dist-info"
    about.mkdir(exist_ok=True)
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {module.parent.name}\nVersion: 1.0\n")
    groups = tomllib.loads(toml)["project"]["entry-points"]
    lines = [f"[{group}]\n" + "".join(f"{n} = {v}\n" for n, v in of.items()) for group, of in groups.items()]
    (about / "entry_points.txt").write_text("".join(lines))
    return folder
