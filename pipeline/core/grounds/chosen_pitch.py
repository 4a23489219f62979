"""The pitch that settings describe. No I/O."""

from __future__ import annotations

from pipeline.core.config import PitchSettings
from pipeline.core.grounds.marks import Marks
from pipeline.core.pitch import Pitch


def chosen_pitch(settings: PitchSettings) -> Pitch:
    """Make the pitch of the settings: size, marks, players."""
    return Pitch(
        settings.length_m, settings.width_m, Marks(**settings.markings.model_dump()), settings.players
    )
