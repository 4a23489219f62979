"""Hooks of the docs site (`mkdocs.yml`): pages not in the menu, and links that leave docs/."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

_OUTSIDE = re.compile(r"\[([^\]]+)\]\((?:\.\./)+([^)#]+)(?:#[^)]*)?\)")
_MORE = "How-to"


def on_config(config: Any) -> Any:
    """Append pages that the menu does not name to the how-to guides, so that none is out of reach."""
    folder = Path(config.docs_dir)
    named = set(re.findall(r"[\w/.-]+\.md", str(config.nav)))
    more = [str(p.relative_to(folder)) for p in sorted(folder.rglob("*.md"))]
    for entry in config.nav:
        if _MORE in entry:
            entry[_MORE] += [page for page in more if page not in named]
    return config


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """Name files of the repository instead of linking to them: the site has no copy of them.

    A link that goes up but stays within docs/ is left as it is.
    """
    depth = page.file.src_uri.count("/")

    def plain(found: re.Match[str]) -> str:
        ups = found[0].count("../")
        return found[0] if ups <= depth else f"{found[1]} (`{found[2]}`)"

    return _OUTSIDE.sub(plain, markdown)
