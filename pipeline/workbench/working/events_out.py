"""What a process started by the server tells it: lines of JSON."""

from __future__ import annotations

import json
import sys
from typing import Any


def say(data: dict[str, Any]) -> None:
    """Write one line, at once."""
    sys.stdout.write(json.dumps(data, default=str) + "\n")
    sys.stdout.flush()
