"""The folders that the start page was given: nothing outside of them is named, listed or read."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

from pipeline.core.errors import RunError
from pipeline.video.image_sequence import SUFFIXES as PICTURES
from pipeline.video.image_sequence import natural

Kind = Literal["footage", "tracking", "roster", "points"]
ENDINGS: dict[Kind, frozenset[str]] = {
    "footage": frozenset(
        {".mp4", ".m4v", ".mov", ".mkv", ".avi", ".webm", ".mpg", ".mpeg", ".ts", ".mts", ".m2ts", ".mxf"}
        | {".wmv", ".flv", ".ogv", ".3gp", ".vob", ".y4m", ".h264", ".hevc"}
    ),
    "tracking": frozenset(
        {".parquet", ".csv", ".json", ".jsonl", ".xml", ".txt", ".dat", ".centroids", ".ball"}
    ),
    "roster": frozenset({".yaml", ".yml", ".csv", ".json", ".xml"}),
    "points": frozenset({".yaml", ".yml"}),
}
"""What is listed of each kind; any other file can be typed."""
_MOST = 2000


class AllowedFolders:
    """The folders below which files may be named.

    Raises
    ------
    RunError
        If one is no folder.
    """

    def __init__(self, folders: Sequence[Path]) -> None:
        for folder in folders:
            if not folder.is_dir():
                raise RunError(f"{folder}: no such folder; name one that has footage or runs")
        self.roots = tuple(dict.fromkeys(folder.resolve() for folder in folders))

    def checked(self, asked: str) -> Path:
        """Give the file or folder that is asked for, without links; relative ones are below the first folder.

        Raises
        ------
        RunError
            If it is not there, or outside.
        """
        text = asked.strip()
        if not text:
            raise RunError("no file named; choose one or type its path")
        try:
            path = (self.roots[0] / Path(text).expanduser()).resolve(strict=True)
        except (OSError, RuntimeError, ValueError):
            path = None
        if path is None or not self.inside(path):
            known = ", ".join(map(str, self.roots))
            raise RunError(f"{text}: not found below {known}; start teamshape app with the folder it is in")
        return path

    def inside(self, path: Path) -> bool:
        """Say whether a path without links is one of the folders or below one."""
        return any(path.is_relative_to(root) for root in self.roots)

    def listed(self, asked: str, kind: Kind) -> dict[str, Any]:
        """List a folder: folders in it, files of a kind, and how many pictures it has; hidden ones are not.

        ``data``: the folder itself can be given as tracking data, its files belong together.
        ``up``: the folder above, None where that is outside. ``more``: how many names were left out.
        """
        folder = self.checked(asked or str(self.roots[0]))
        folder = folder if folder.is_dir() else folder.parent
        try:
            names = sorted((p for p in folder.iterdir() if not p.name.startswith(".")), key=natural)
        except OSError as error:
            raise RunError(f"{folder}: cannot be read ({error.strerror})") from None
        folders = [p.name for p in names if p.is_dir() and self.inside(p.resolve())]
        files = [p for p in names if p.suffix.lower() in ENDINGS[kind] and p.is_file()]
        files = [p for p in files if self.inside(p.resolve())]
        pictures = sum(p.suffix.lower() in PICTURES for p in names) if kind == "footage" else 0
        return {
            "path": str(folder),
            "up": str(folder.parent) if self.inside(folder.parent) else None,
            "roots": [str(root) for root in self.roots],
            "folders": folders[:_MOST],
            "files": [{"name": p.name, "bytes": p.stat().st_size} for p in files[:_MOST]],
            "pictures": pictures,
            "data": kind == "tracking" and any(p.suffix == ".centroids" for p in files),
            "more": max(0, len(folders) - _MOST) + max(0, len(files) - _MOST),
        }
