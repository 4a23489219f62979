"""Fixtures that many tests share."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def demo_clip() -> Path:
    """The bundled clip: a rendered match of ten seconds."""
    return ROOT / "pipeline" / "demo" / "demo.mp4"
