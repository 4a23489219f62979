"""A heatmap as a small picture of few colours inside an SVG pitch, and the bar that explains it."""

from __future__ import annotations

import base64
import io
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pipeline.report.drawing.markup import element
from pipeline.report.style.colours import Rgb, to_lab, to_rgb

if TYPE_CHECKING:
    from markupsafe import Markup

    from pipeline.core.pitch import Pitch

Array = NDArray[np.float64]
LEVELS = 24
_UNSEEN = (128, 136, 131, 90)


def heat_colours(colour: Rgb, levels: int = LEVELS) -> NDArray[np.uint8]:
    """Give RGBA ``(levels, 4)`` from nothing over the hue of ``colour`` to its dark shade.

    Equally dark and solid for any hue, so that teams are compared and nobody needs to see colours.
    """
    _, a, b = (float(v) for v in to_lab(colour))
    middle, dark = to_rgb((56.0, a, b)), to_rgb((24.0, 0.7 * a, 0.7 * b))
    stops = np.array([(*middle, 0), (*middle, 82), (*middle, 230), (*dark, 255)], float)
    at = np.linspace(0, 1, levels)
    shades = [np.interp(at, [0.0, 0.25, 0.6, 1.0], stops[:, i]) for i in range(4)]
    return np.asarray(np.rint(np.column_stack(shades)), np.uint8)


def heat_image(values: Array, top: float, colour: Rgb, pitch: Pitch) -> Markup:
    """Lay values ``(ny, nx)`` over the pitch, y growing with the row; NaN is grey: hardly ever in view.

    ``top`` is what the darkest colour stands for.
    """
    half_l, half_w = pitch.length_m / 2, pitch.width_m / 2
    return element(
        "image",
        href=f"data:image/png;base64,{base64.b64encode(heat_png(values, top, colour)).decode('ascii')}",
        x=-half_l,
        y=-half_w,
        width=2 * half_l,
        height=2 * half_w,
        preserveAspectRatio="none",
    )


def heat_png(values: Array, top: float, colour: Rgb) -> bytes:
    """Make the picture, a pixel a cell, as PNG with a palette."""
    from PIL import Image

    known = np.nan_to_num(values)
    levels = np.rint(np.clip(known / top, 0, 1) * (LEVELS - 1)) if top > 0 else np.zeros(values.shape)
    levels = np.where(np.isnan(values), LEVELS, levels).astype(np.uint8)
    palette = np.vstack([heat_colours(colour), np.array([_UNSEEN], np.uint8)])
    picture = Image.fromarray(levels[::-1])
    picture.putpalette(palette[:, :3].tobytes())
    out = io.BytesIO()
    picture.save(out, "png", optimize=True, transparency=palette[:, 3].tobytes())
    return out.getvalue()


def css_gradient(colour: Rgb) -> str:
    """Give the colours of a heatmap as CSS, for the bar under it."""
    shades = heat_colours(colour, 7)
    stops = ", ".join("rgba({},{},{},{:.2f})".format(*rgba[:3], rgba[3] / 255) for rgba in shades.tolist())
    return f"linear-gradient(90deg, {stops})"
