"""Rows of the tables frames, instances and segments, gathered picture by picture."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pipeline.appearance.feet import feet_px
from pipeline.appearance.kit_colours import KitColours
from pipeline.core import masks
from pipeline.core.types import CLASS_NAMES, Instances
from pipeline.tables import storage

if TYPE_CHECKING:
    import pandas as pd

MOTION_COLUMNS = tuple(f"m{row}{column}" for row in (1, 2, 3) for column in (1, 2, 3))


@dataclass(frozen=True, slots=True)
class FrameFacts:
    """What is known of one picture as a whole; ``image_from_previous`` is None where not measured."""

    frame: int
    time_s: float
    shot: int
    duplicate: bool
    grass: float
    image_from_previous: NDArray[np.float64] | None


@dataclass(slots=True)
class Rows:
    """The rows of consecutive pictures, in memory until they are made into tables."""

    facts: list[FrameFacts] = field(default_factory=list)
    found: list[Instances] = field(default_factory=list)
    kits: list[KitColours] = field(default_factory=list)
    feet: list[NDArray[np.float32]] = field(default_factory=list)

    def add(self, facts: FrameFacts, found: Instances, kit: KitColours) -> None:
        """Append one picture; the order of its instances numbers them."""
        self.facts.append(facts)
        self.found.append(found)
        self.kits.append(kit)
        self.feet.append(feet_px(found))

    def frames(self) -> pd.DataFrame:
        """Make the table ``frames``."""
        import pandas as pd

        names = ("frame", "time_s", "shot", "duplicate", "grass")
        table = pd.DataFrame({name: [getattr(f, name) for f in self.facts] for name in names})
        motion = np.full((len(self.facts), 9), np.nan)
        for row, facts in enumerate(self.facts):
            if facts.image_from_previous is not None:
                motion[row] = facts.image_from_previous.ravel()
        table[list(MOTION_COLUMNS)] = motion
        return storage.conform(table, "frames")

    def instances(self) -> pd.DataFrame:
        """Make the table ``instances``."""
        import pandas as pd

        counts = [len(f.masks) for f in self.found]
        if not sum(counts):
            return storage.empty("instances")
        boxes, feet = np.concatenate([f.boxes_px for f in self.found]), np.concatenate(self.feet)
        columns: dict[str, object] = {
            "frame": np.repeat([f.frame for f in self.facts], counts),
            "time_s": np.repeat([f.time_s for f in self.facts], counts),
            "instance": np.concatenate([np.arange(n) for n in counts]),
            "class_name": np.array(CLASS_NAMES)[np.concatenate([f.class_id for f in self.found])],
            "score": np.concatenate([f.score for f in self.found]),
            **dict(zip(("x1_px", "y1_px", "x2_px", "y2_px"), boxes.T, strict=True)),
            **dict(zip(("foot_x_px", "foot_y_px"), feet.T, strict=True)),
            "area_px": [masks.area(m) for f in self.found for m in f.masks],
            **self._kit_columns(),
        }
        return storage.conform(pd.DataFrame(columns), "instances")

    def segments(self) -> pd.DataFrame:
        """Make the table ``segments``."""
        import pandas as pd

        rows = [
            (f.frame, int(f.class_id[i]), i, m.top, m.left, m.height, m.width, masks.to_bytes(m))
            for f in self.found
            for i, m in enumerate(f.masks)
        ]
        names = ["frame", "class_id", "instance", "top", "left", "height", "width", "runs"]
        return (
            storage.conform(pd.DataFrame(rows, columns=names), "segments")
            if rows
            else storage.empty("segments")
        )

    def _kit_columns(self) -> dict[str, object]:
        torso = np.concatenate([k.torso for k in self.kits])
        legs = np.concatenate([k.legs for k in self.kits])
        return {
            **{f"torso_{c}": torso[:, i] for i, c in enumerate("lab")},
            **{f"legs_{c}": legs[:, i] for i, c in enumerate("lab")},
            "torso_spread": np.concatenate([k.torso_spread for k in self.kits]),
            "kit_px": np.concatenate([k.kit_px for k in self.kits]),
        }
