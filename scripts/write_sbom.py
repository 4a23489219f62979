"""Write what teamshape is made of: a CycloneDX list of dependencies, and the page of their licences.

``python scripts/write_sbom.py build/sbom.json`` writes the list; with ``--page`` also docs/licences.md.
"""

from __future__ import annotations

import json
import re
import sys
from importlib import metadata
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
_PAGE = ROOT / "docs" / "licences.md"
_HEAD = """# Licences of dependencies

What an installation of teamshape (AGPL-3.0-or-later) consists of, without `dev` and `docs` tools; written by
`scripts/write_sbom.py --page` from the packages' own metadata. "not stated" means that these say nothing;
the package's files then do. `make sbom` lists what is installed, with versions (CycloneDX 1.5).

The wheels of `av` and `opencv-python` bundle FFmpeg (LGPL); that of `av` has x264 in it, which makes it
GPL-2.0-or-later. CUDA's libraries (of torch, on Linux) come with their maker's terms.

| package | licence |
|---|---|
"""


def installed(root: str = "teamshape") -> dict[str, metadata.Distribution]:
    """Find everything that ``root`` needs, directly or not, by name."""
    found: dict[str, metadata.Distribution] = {}
    waiting = [root]
    while waiting:
        name = _plain(waiting.pop())
        try:
            package = metadata.distribution(name)
        except metadata.PackageNotFoundError:  # for other systems
            continue
        if name in found:
            continue
        found[name] = package
        waiting += [re.split(r"[^A-Za-z0-9._-]", r)[0] for r in package.requires or [] if "extra ==" not in r]
    return found


def licence(package: metadata.Distribution) -> str:
    """The licence that a package's metadata state, in a line."""
    about = package.metadata
    stated = about.get("License-Expression") or ""
    classes = [c.split(" :: ")[-1] for c in about.get_all("Classifier") or [] if c.startswith("License ::")]
    text = (about.get("License") or "").strip()
    short = text.splitlines()[0] if text and len(text.splitlines()[0]) < 60 else ""
    return stated or ", ".join(c for c in classes if c != "OSI Approved") or short or "not stated"


def sbom() -> dict[str, Any]:
    """The list in the form of CycloneDX 1.5."""
    packages = installed()
    components = [
        {
            "type": "library",
            "name": name,
            "version": package.version,
            "purl": f"pkg:pypi/{name}@{package.version}",
            "licenses": [{"license": {"name": licence(package)}}],
        }
        for name, package in sorted(packages.items())
        if name != "teamshape"
    ]
    about = {"type": "application", "name": "teamshape", "version": packages["teamshape"].version}
    head = {"bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1, "metadata": {"component": about}}
    return head | {"components": components}


def page() -> str:
    """The page of licences."""
    rows = [f"| {name} | {licence(p)} |" for name, p in sorted(installed().items()) if name != "teamshape"]
    return _HEAD + "\n".join(rows) + "\n"


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def main() -> None:
    """Write the list, and the page where asked."""
    target = Path(sys.argv[1])
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(sbom(), indent=1) + "\n", encoding="utf-8")
    print(target)
    if "--page" in sys.argv[2:]:
        _PAGE.write_text(page(), encoding="utf-8")
        print(_PAGE)


if __name__ == "__main__":
    main()
