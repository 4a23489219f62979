"""The small pictures of tracks that a run keeps, by piece and by person."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.core.errors import OutsideError
from pipeline.core.files import inside
from pipeline.core.text.said import clock
from pipeline.linking.by_hand.moments import Seen
from pipeline.runs.run_directory import read_json

if TYPE_CHECKING:
    import pandas as pd

LISTING = Path("thumbnails") / "tracks.json"


@dataclass(frozen=True, slots=True)
class Picture:
    """An address for ``src``, what is said below it, and the frame that it is from."""

    address: str
    caption: str
    frame: int


def data_address(jpeg: bytes) -> str:
    """Put a JPEG into an address, so that the page needs no other file."""
    return f"data:image/jpeg;base64,{base64.b64encode(jpeg).decode()}"


class TrackPictures:
    """Pictures of pieces of tracks, cut out by their masks.

    Parameters
    ----------
    root
        The run; one without pictures has none of anybody.
    links
        The table.
    seen
        Of its ``tracks``, for times.
    """

    def __init__(self, root: Path, links: pd.DataFrame, seen: Seen) -> None:
        self._folder = root / LISTING.parent
        self._listed: Mapping[str, Any] = read_json(root / LISTING)
        self._seen = seen
        known = links.dropna(subset=["player_id"]).sort_values("frame_from", kind="stable")
        self._of_person: dict[int, list[dict[Any, Any]]] = {}
        for row in known.to_dict("records"):
            self._of_person.setdefault(int(row["player_id"]), []).append(row)

    def frame_of(self, piece: Mapping[Any, Any]) -> int | None:
        """Give the frame of a piece's picture; None where the track's picture is of another piece."""
        listed = self._listed.get(str(int(piece["track_id"])))
        frame = listed.get("frame") if isinstance(listed, dict) else None
        within = isinstance(frame, int) and piece["frame_from"] <= frame <= piece["frame_to"]
        return frame if within else None

    def of_piece(self, piece: Mapping[Any, Any]) -> Picture | None:
        """Give the picture of a piece; None without one."""
        frame = self.frame_of(piece)
        if frame is None:
            return None
        name = str(self._listed[str(int(piece["track_id"]))].get("file", ""))
        try:
            jpeg = inside(self._folder, name).read_bytes()
        except (OSError, OutsideError):
            return None
        return Picture(data_address(jpeg), clock(self._seen.time_of(frame)), frame)

    def of_person(self, player_id: int, most: int) -> list[Picture]:
        """Give pictures of a person's longest pieces, in order of time."""
        longest = sorted(self._of_person.get(player_id, []), key=lambda r: -r["seconds"])
        found = [p for row in longest if (p := self.of_piece(row)) is not None][:most]
        return sorted(found, key=lambda p: p.frame)

    def around(self, player_id: int, piece: Mapping[Any, Any]) -> list[Picture]:
        """Give a person's nearest pictures before and after a piece, that piece itself left out."""
        key = (piece["track_id"], piece["frame_from"])
        own = [r for r in self._of_person.get(player_id, []) if (r["track_id"], r["frame_from"]) != key]
        found = [p for row in own if (p := self.of_piece(row)) is not None]
        middle = (piece["frame_from"] + piece["frame_to"]) / 2
        before = [p for p in found if p.frame < middle]
        after = [p for p in found if p.frame >= middle]
        return [*before[-1:], *after[:1]]
