"""Whether what came out of a stream can be all of it, at its own pace: stamps and indices get damaged too."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pipeline.video.decoded_picture import Damage

_FEW = 5
_PLAUSIBLE_FPS = (5.0, 400.0)
_TIMES_APART = 3.0
"""Interlaced streams give twice the rate; slow motion is worth a word too."""
_LONGEST_STEP_S = 2.0
_SHARE = 0.4
"""Of the packets; interlaced streams may have two a picture."""


def stream_doubts(stream: Any, damage: Damage) -> Iterator[str]:
    """Say what does not fit after all of a stream has been decoded."""
    n = damage.n_decoded
    if damage.n_packets >= _FEW and n + damage.n_bad < _SHARE * damage.n_packets:
        yield f"only {n} of {damage.n_packets} packets gave a picture; is its index damaged?"
    if n < _FEW or not damage.last_s:
        return
    steady = n - 1 - damage.n_gaps
    step_s = (damage.last_s - damage.gaps_s) / steady if steady > n / 2 else damage.last_s / (n - 1)
    rate = float(stream.codec_context.framerate or 0)
    known = _PLAUSIBLE_FPS[0] <= rate <= _PLAUSIBLE_FPS[1]
    if known and not 1 / _TIMES_APART < step_s * rate < _TIMES_APART:
        yield (
            f"its times give one picture each {step_s:.3g} s, its codec {rate:g} a second: speeds are right "
            "only if the times are; write them anew if they are damaged"
        )
    elif step_s > _LONGEST_STEP_S:
        yield f"one picture each {step_s:.3g} s by its times: too few to follow anybody"
