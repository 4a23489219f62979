"""What every observer of the pass over the footage can do."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from zipfile import BadZipFile

from pipeline.core.types import Frame, Instances
from pipeline.egomotion.reduced_picture import Reduced
from pipeline.workflow.instance_rows import FrameFacts
from pipeline.workflow.step import is_marked

DAMAGED = (OSError, EOFError, ValueError, KeyError, BadZipFile, zlib.error)
"""What reading a damaged file of what was gathered may raise: such a one counts as missing."""


@dataclass(frozen=True, slots=True)
class Sight:
    """A picture, itself and made small, and what is known of it by now; its shot counts from its part on."""

    frame: Frame
    small: Reduced
    facts: FrameFacts
    found: Instances


@dataclass(frozen=True, slots=True)
class Target:
    """Where something is gathered, and its fingerprint."""

    folder: Path
    fingerprint: str

    def stands(self) -> bool:
        """Say whether that is still wanted there: by now the run may have other settings."""
        return is_marked(self.folder, self.fingerprint)


class Observer(Protocol):
    """Somebody who is shown the pictures of a part, in order, and writes down what a later step needs."""

    def see(self, sight: Sight) -> None:
        """Look at the next picture of a part."""

    def end(self, part: int) -> None:
        """Write down what was seen of the part that ends here, and begin anew.

        Raises
        ------
        RunError
            If the disk is full or the folder cannot be written.
        """
