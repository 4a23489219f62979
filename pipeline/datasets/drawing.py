"""Pictures with labels drawn on them, and a plain page to show them. No network, nothing to install."""

from __future__ import annotations

import base64
import html
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.core import masks
from pipeline.datasets.canonical import Label

COLOURS_BGR = (
    (60, 220, 60),
    (0, 220, 255),
    (60, 60, 255),
    (255, 60, 255),
    (255, 200, 0),
    (200, 200, 200),
)
"""Of player, goalkeeper, referee, ball and further classes."""
_STYLE = (
    "body{font:15px/1.45 system-ui,sans-serif;margin:2em auto;max-width:1200px;padding:0 1em;color:#222}"
    "table{border-collapse:collapse;margin:1em 0}td,th{border-bottom:1px solid #ddd;padding:.3em .8em;"
    "text-align:right}td:first-child,th:first-child{text-align:left}figure{display:inline-block;margin:.4em;"
    "vertical-align:top;max-width:580px}img{max-width:100%}figcaption{font-size:13px;color:#555}.bad{color:#b00}"
)


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture BGR with its caption."""

    image: NDArray[np.uint8]
    caption: str


def draw(image: NDArray[np.uint8], labels: Iterable[Label], strength: float = 0.45) -> NDArray[np.uint8]:
    """Tint the masks and draw the boxes of labels; a box without a mask is thick."""
    out = image.copy()
    for label in labels:
        colour = COLOURS_BGR[min(label.class_id, len(COLOURS_BGR) - 1)]
        if label.mask is not None and label.mask.height:
            m = label.mask
            part = out[m.top : m.top + m.height, m.left : m.left + m.width]
            inside = masks.decode(m)
            part[inside] = ((1 - strength) * part[inside] + strength * np.array(colour)).astype(np.uint8)
        x1, y1, x2, y2 = (round(v) for v in label.box_px)
        cv2.rectangle(out, (x1, y1), (x2, y2), colour, 1 if label.mask is not None else 3)
    return out


def cut_out(
    image: NDArray[np.uint8], box_px: Sequence[float], side_px: int = 260, context: float = 2.2
) -> NDArray[np.uint8]:
    """Cut out a box with its surroundings and enlarge it to a square of ``side_px``."""
    x1, y1, x2, y2 = box_px
    half = max(16.0, context * max(x2 - x1, y2 - y1) / 2)
    scale = side_px / (2 * half)
    matrix = np.array([[scale, 0, side_px / 2 - scale * (x1 + x2) / 2]] * 2)
    matrix[1] = [0, scale, side_px / 2 - scale * (y1 + y2) / 2]
    return np.asarray(cv2.warpAffine(image, matrix, (side_px, side_px), flags=cv2.INTER_CUBIC), np.uint8)


def page(title: str, parts: Iterable[str]) -> str:
    """Put a page together; it needs no other file."""
    head = f"<!doctype html><html lang=en><meta charset=utf-8><title>{html.escape(title)}</title>"
    return f"{head}<style>{_STYLE}</style><h1>{html.escape(title)}</h1>{''.join(parts)}</html>\n"


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table as HTML; numbers are shown with three digits, None and NaN as a dash."""
    out = ["<table><tr>", *(f"<th>{html.escape(h)}</th>" for h in header), "</tr>"]
    for row in rows:
        out += ["<tr>", *(f"<td>{html.escape(_text(v))}</td>" for v in row), "</tr>"]
    return "".join([*out, "</table>"])


def figures(items: Iterable[Figure]) -> str:
    """Pictures with captions as HTML, inside the page."""
    return "".join(_figure(item) for item in items)


def _figure(item: Figure) -> str:
    ok, data = cv2.imencode(".jpg", item.image, [cv2.IMWRITE_JPEG_QUALITY, 80])
    text = base64.b64encode(data.tobytes()).decode() if ok else ""
    caption = html.escape(item.caption)
    picture = f'<img alt="{caption}" src="data:image/jpeg;base64,{text}">'
    return f"<figure>{picture}<figcaption>{caption}</figcaption></figure>"


def _text(value: object) -> str:
    if value is None or (isinstance(value, float) and not np.isfinite(value)):
        return "–"
    return f"{value:.3f}" if isinstance(value, float) else str(value)
