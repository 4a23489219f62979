"""Shapes of the digits on shirts: strokes with bevelled or rounded corners, and fonts from files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from pipeline.core.errors import UserError
from pipeline.synthetic.people.body import digit_cells

Glyph = NDArray[np.uint8]
Stroke = tuple[tuple[float, float], ...]

GLYPH_PX = 72
"""Height of a drawn digit, px."""
_N_WORDS = 200
_RING: Stroke = ((0, 0), (1, 0), (1, 2), (0, 2), (0, 0))
_STROKES: tuple[tuple[tuple[Stroke, ...], ...], ...] = (
    ((_RING,),),
    (
        (((0.15, 0.4), (0.6, 0), (0.6, 2)),),
        (((0.5, 0), (0.5, 2)),),
        (((0.15, 0.4), (0.6, 0), (0.6, 2)), ((0.15, 2), (1, 2))),
    ),
    (
        (((0, 0), (1, 0), (1, 1), (0, 1), (0, 2), (1, 2)),),
        (((0, 0.55), (0, 0), (1, 0), (1, 0.8), (0, 2), (1, 2)),),
    ),
    (
        (((0, 0), (1, 0), (1, 2), (0, 2)), ((0.25, 1), (1, 1))),
        (((0, 0), (1, 0), (0.45, 0.8), (1, 0.95), (1, 2), (0, 2)),),
        (((0, 0.4), (0, 0), (1, 0), (1, 2), (0, 2), (0, 1.6)), ((0.4, 1), (1, 1))),
    ),
    (
        (((0.75, 2), (0.75, 0), (0, 1.4), (1.1, 1.4)),),
        (((0, 0), (0, 1.1), (1, 1.1)), ((0.8, 0.4), (0.8, 2))),
        (((0, 0), (0, 1), (1, 1)), ((1, 0), (1, 2))),
    ),
    (
        (((1, 0), (0, 0), (0, 0.95), (1, 0.95), (1, 2), (0, 2)),),
        (((1, 0), (0, 0), (0, 0.85), (1, 0.85), (1, 2), (0, 2), (0, 1.55)),),
    ),
    (
        (((1, 0.35), (1, 0), (0, 0), (0, 2), (1, 2), (1, 1), (0, 1)),),
        (((1, 0), (0, 0), (0, 2), (1, 2), (1, 1), (0, 1)),),
        (((0.75, 0), (0, 1.2), (0, 2), (1, 2), (1, 1.1), (0.1, 1.1)),),
    ),
    (
        (((0, 0), (1, 0), (0.35, 2)),),
        (((0, 0.35), (0, 0), (1, 0), (1, 0.4), (0.4, 2)),),
        (((0, 0), (1, 0), (1, 2)),),
    ),
    ((_RING, ((0, 1), (1, 1))),),
    (
        (((0, 1.65), (0, 2), (1, 2), (1, 0), (0, 0), (0, 1), (1, 1)),),
        (((0, 2), (1, 2), (1, 0), (0, 0), (0, 1), (1, 1)),),
        (((0.25, 2), (1, 0.8), (1, 0), (0, 0), (0, 0.9), (0.9, 0.9)),),
    ),
)  # fmt: skip
"""Ways to draw 0 to 9, as broken lines in a box 1 wide and 2 high."""


def stroke_digits(rng: np.random.Generator) -> tuple[Glyph, ...]:
    """Draw 0 to 9 in one random style, each ``(72, W)`` uint8: 255 inside."""
    thick = float(rng.uniform(0.11, 0.24))
    aspect = float(rng.uniform(0.75, 1.2))
    bevel, rounds = float(rng.uniform(0, 0.5)), int(rng.integers(1, 4))
    slant = float(rng.choice([0.0, 0.0, rng.uniform(-0.05, 0.25)]))
    ways = [strokes[int(rng.integers(len(strokes)))] for strokes in _STROKES]
    return tuple(_draw(way, thick, aspect, bevel, rounds, slant) for way in ways)


@dataclass(frozen=True, slots=True)
class Prints:
    """What can be printed on shirts: ``digits`` are styles of 0 to 9, ``words`` names and sponsors."""

    digits: tuple[tuple[Glyph, ...], ...]
    words: tuple[Glyph, ...]

    def random_digits(self, rng: np.random.Generator) -> tuple[Glyph, ...]:
        """Draw a style."""
        return self.digits[int(rng.integers(len(self.digits)))]

    def random_word(self, rng: np.random.Generator) -> Glyph:
        """Draw a word."""
        return self.words[int(rng.integers(len(self.words)))]


def make_prints(fonts: Sequence[Path], rng: np.random.Generator, n_styles: int = 300) -> Prints:
    """Draw styles of digits and 200 words.

    A tenth of the styles is that of rendered matches; of the others half is drawn with strokes and half in
    ``fonts`` (files of TrueType), all with strokes where there are none.

    Raises
    ------
    UserError
        If a font cannot be read.
    """
    drawn = [cell_digits(rng) for _ in range(n_styles // 10)]
    drawn += [stroke_digits(rng) for _ in range(n_styles // 2 if fonts else n_styles - len(drawn))]
    if not fonts:
        return Prints(tuple(drawn), tuple(_stroke_word(drawn, rng) for _ in range(_N_WORDS)))
    from_files = [font_digits(p) for p in fonts]
    drawn += [from_files[i % len(from_files)] for i in range(n_styles - len(drawn))]
    opened = [_font(p) for p in fonts]
    words = [_of_font(opened[int(rng.integers(len(opened)))], _letters(rng)) for _ in range(_N_WORDS)]
    return Prints(tuple(drawn), tuple(words))


def cell_digits(rng: np.random.Generator) -> tuple[Glyph, ...]:
    """Draw 0 to 9 as rendered matches do, of 3 x 5 cells."""
    wide = int(rng.integers(10, 16))
    cells = [digit_cells(10 + d)[15:].reshape(5, 3).astype(np.uint8) * 255 for d in range(10)]
    return tuple(cv2.resize(c, (3 * wide, GLYPH_PX), interpolation=cv2.INTER_NEAREST) for c in cells)


def font_digits(path: Path) -> tuple[Glyph, ...]:
    """Draw 0 to 9 of a font file, each ``(72, W)`` uint8: 255 inside."""
    font = _font(path)
    return tuple(_of_font(font, str(d)) for d in range(10))


def set_number(number: int, digits: Sequence[Glyph], gap: float, aspect: float) -> Glyph:
    """Set a number of one or two digits, ``(72, W)``; ``gap`` in heights, widths times ``aspect``."""
    parts: list[Glyph] = []
    for char in str(number):
        glyph = digits[int(char)]
        wide = max(4, round(glyph.shape[1] * aspect))
        room = np.zeros((GLYPH_PX, max(1, round(gap * GLYPH_PX))), np.uint8)
        parts += [cv2.resize(glyph, (wide, GLYPH_PX)), room]
    return np.hstack(parts[:-1])


def number_plate(number: int, digits: Sequence[Glyph], gap: float, aspect: float) -> Glyph:
    """Say which digit is where in `set_number`'s picture: 1 + digit across its middle, 255 around it."""
    parts: list[Glyph] = []
    for char in str(number):
        wide = max(4, round(digits[int(char)].shape[1] * aspect))
        plate = np.full((GLYPH_PX, wide + max(1, round(gap * GLYPH_PX))), 255, np.uint8)
        plate[GLYPH_PX // 5 : -GLYPH_PX // 5, :wide] = 1 + int(char)
        parts.append(plate)
    return np.hstack(parts)[:, : -max(1, round(gap * GLYPH_PX))]


def _font(path: Path) -> ImageFont.FreeTypeFont:
    try:
        return ImageFont.truetype(str(path), 100)
    except OSError as error:
        raise UserError(f"{path}: not a font that can be read ({error}); give .ttf or .otf files") from error


def _letters(rng: np.random.Generator) -> str:
    return "".join(chr(int(c)) for c in rng.integers(65, 91, int(rng.integers(3, 11))))


def _stroke_word(styles: Sequence[tuple[Glyph, ...]], rng: np.random.Generator) -> Glyph:
    """Something like a word where there are no fonts: many digits in a row."""
    style = styles[int(rng.integers(len(styles)))]
    return np.hstack([style[int(d)] for d in rng.integers(0, 10, int(rng.integers(4, 11)))])


def _of_font(font: ImageFont.FreeTypeFont, text: str) -> Glyph:
    left, top, right, bottom = (int(v) for v in font.getbbox(text))
    canvas = Image.new("L", (max(right - left, 1), max(bottom - top, 1)))
    ImageDraw.Draw(canvas).text((-left, -top), text, fill=255, font=font)
    wide = max(4, round(canvas.width * GLYPH_PX / canvas.height))
    return np.asarray(canvas.resize((wide, GLYPH_PX), Image.Resampling.BILINEAR))


def _draw(
    strokes: tuple[Stroke, ...], thick: float, aspect: float, bevel: float, rounds: int, slant: float
) -> Glyph:
    big, width = 2 * GLYPH_PX, thick * 2 * GLYPH_PX
    high = big - width
    lines = [_cornered(np.array(s, float), bevel, rounds) for s in strokes]
    points = [
        np.column_stack([p[:, 0] * high / 2 * aspect + (2 - p[:, 1]) * high / 2 * slant, p[:, 1] * high / 2])
        for p in lines
    ]
    left = min(p[:, 0].min() for p in points)
    right = max(p[:, 0].max() for p in points)
    canvas = np.zeros((big, int(np.ceil(right - left + width))), np.uint8)
    for p in points:
        at = np.round((p - [left, 0] + width / 2) * 8).astype(np.int32)
        cv2.polylines(canvas, [at], False, 255, max(1, round(width)), cv2.LINE_AA, 3)
    size = (max(4, canvas.shape[1] // 2), GLYPH_PX)
    return np.asarray(cv2.resize(canvas, size, interpolation=cv2.INTER_AREA), np.uint8)


def _cornered(points: NDArray[np.float64], bevel: float, rounds: int) -> NDArray[np.float64]:
    """Cut the corners of a broken line ``rounds`` times; a closed one stays closed."""
    if bevel < 0.05:
        return points
    closed = bool((points[0] == points[-1]).all())
    for _ in range(rounds):
        before, after = points[:-1], points[1:]
        share = min(bevel, 0.5) / 2
        cut = np.stack([before * (1 - share) + after * share, before * share + after * (1 - share)], axis=1)
        cut = cut.reshape(-1, 2)
        points = np.vstack([cut, cut[:1]]) if closed else np.vstack([points[:1], cut[1:-1], points[-1:]])
    return points
