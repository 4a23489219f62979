"""What an export wrote, and what its format could not hold."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Written:
    """``frames`` written; ``notes``: a sentence for each thing lost or changed; ``about``: further facts."""

    frames: int
    notes: tuple[str, ...] = ()
    about: dict[str, Any] = field(default_factory=dict)
