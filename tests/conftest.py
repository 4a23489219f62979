"""Fixtures that many tests share."""

from pathlib import Path

import hypothesis
import pytest

hypothesis.settings.register_profile(
    "busy machine", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("busy machine")

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def demo_clip() -> Path:
    """The bundled clip: a rendered match of ten seconds."""
    return ROOT / "pipeline" / "demo" / "demo.mp4"


@pytest.fixture(autouse=True)
def _no_width_of_the_test_runner(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parallel test runners set COLUMNS; output goes to a pipe here, as wide as it takes."""
    monkeypatch.delenv("COLUMNS", raising=False)
