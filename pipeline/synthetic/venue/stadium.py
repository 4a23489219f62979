"""What stands around the pitch: advertising boards, stands with a crowd, walls, roofs, dugouts."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.core.pitch import Pitch
from pipeline.synthetic.looks import SKINS, Colour, Light
from pipeline.synthetic.venue.true_camera import Camera

Array = NDArray[np.float64]
Image = NDArray[np.uint8]

_BRANDS = (
    "TEAMSHAPE",
    "HALFSPACE",
    "open pitch",
    "NORTH BAY",
    "FULLBACK",
    "lowblock.",
    "OFFSIDE CAFE",
    "3-4-3",
    "KICKOFF RADIO",
)
_BOARD_COLOURS: tuple[tuple[Colour, Colour], ...] = (
    ((38, 34, 34), (240, 240, 240)),
    ((120, 50, 30), (245, 245, 245)),
    ((40, 40, 180), (245, 245, 245)),
    ((235, 235, 235), (50, 40, 40)),
    ((60, 90, 40), (240, 240, 240)),
    ((30, 150, 235), (30, 30, 30)),
)
_SEATS: tuple[Colour, ...] = ((45, 80, 205), (120, 60, 40), (95, 90, 88), (60, 110, 60), (50, 45, 160))


@dataclass(frozen=True, slots=True)
class Venue:
    """What the ground looks like; ``crowd`` 0..1 is how full it is, ``seats`` and ``boards`` pick colours."""

    crowd: float = 0.75
    seats: int = 0
    boards: int = 0
    bench: bool = True
    score_bug: bool = True


@dataclass(frozen=True, slots=True)
class Panel:
    """A flat textured rectangle.

    ``corner_m`` (3,) is the texture's lower left corner, ``right_m`` and ``up_m`` (3,) are its sides;
    ``surface`` is one of `core.types.SURFACE_NAMES`.
    """

    corner_m: Array
    right_m: Array
    up_m: Array
    texture: Image
    surface: str = "outside"

    @property
    def outline_m(self) -> Array:
        """Its four corners, ``(4, 3)``."""
        corners = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], float)
        return self.corner_m + corners[:, :1] * self.right_m + corners[:, 1:] * self.up_m

    def faces(self, camera: Camera) -> bool:
        """Whether its front is seen."""
        front = np.cross(self.right_m, self.up_m)
        return bool((camera.position_m - self.corner_m) @ front > 0)


def panels(pitch: Pitch, venue: Venue, light: Light, rng: np.random.Generator) -> tuple[Panel, ...]:
    """All panels, roughly from far to near for a camera on the -y side: stands, walls, boards."""
    half_x, half_y = pitch.length_m / 2, pitch.width_m / 2
    level = light.surround
    out: list[Panel] = []
    for side in ("far", "left", "right"):
        start, along, out_way = _side(side, half_x + 8.5, half_y + 6.5)
        length = float(np.linalg.norm(along))
        z = np.array([0.0, 0.0, 1.0])
        for base, height, depth, z0 in ((0.0, 9.0, 17.0, 1.6), (14.0, 11.0, 16.0, 13.5)):
            slope = out_way * depth + z * height
            texture = _crowd((round(np.hypot(depth, height) * 14), round(length * 14)), venue, level, rng)
            out.append(Panel(start + out_way * base + z * z0, along, slope, texture))
        wall = _wall(round(length * 6), 14, (70, 66, 64), level * 0.9)
        out.append(Panel(start - out_way * 0.2, along, z * 1.7, wall))
        fascia = _boards(length, 0.9, venue.boards + 2, level * 0.8, rng)
        out.append(Panel(start + out_way * 13.8 + z * 11.3, along, z * 1.5, fascia, "board"))
        roof = _wall(round(length * 2), 20, (45, 42, 40), level * 0.5)
        out.append(Panel(start + out_way * 30.0 + z * 24.0, along, z * 14.0, roof))
    for side in ("left", "right", "far"):
        start, along, _ = _side(side, half_x + 4.5, half_y + 4.2)
        texture = _boards(float(np.linalg.norm(along)), 0.95, venue.boards, min(1.0, level * 1.25), rng)
        out.append(Panel(start, along, np.array([0.0, 0.0, 0.95]), texture, "board"))
    return (*out, *(_dugouts(half_y, level) if venue.bench else ()))


def _dugouts(half_y: float, level: float) -> tuple[Panel, ...]:
    """Two low roofs beside the near touchline, with their back walls."""
    out = []
    for middle in (-16.0, 16.0):
        corner = np.array([middle - 6.0, -half_y - 7.6, 0.0])
        long, up, deep = np.array([12.0, 0.0, 0.0]), np.array([0.0, 0.0, 2.0]), np.array([0.0, 1.6, 0.3])
        out.append(Panel(corner + up, long, deep, _wall(120, 16, (120, 112, 104), level)))
        out.append(Panel(corner, long, up, _wall(120, 20, (62, 52, 46), level)))
    return tuple(out)


def _side(side: str, half_x: float, half_y: float) -> tuple[Array, Array, Array]:
    """Lower left corner, way along and way outwards of one side, as seen from the pitch."""
    reach = 1.0 if half_x < 60 else 1.35
    if side == "far":
        return (
            np.array([-half_x * reach, half_y, 0.0]),
            np.array([2 * half_x * reach, 0, 0]),
            np.array([0, 1.0, 0]),
        )
    if side == "right":
        return np.array([half_x, half_y, 0.0]), np.array([0, -2 * half_y, 0.0]), np.array([1.0, 0, 0])
    return np.array([-half_x, -half_y, 0.0]), np.array([0, 2 * half_y, 0.0]), np.array([-1.0, 0, 0])


def draw_panel(image: Image, panel: Panel, camera: Camera) -> None:
    """Photograph a panel into ``image``, in place; not from its back, and no parts behind the camera."""
    height, width = panel.texture.shape[:2]
    covered = cover(panel.outline_m, camera) if panel.faces(camera) else None
    if covered is None:
        return
    (rows, columns), mask = covered
    image_from_panel = (
        camera.image_from_world()
        @ np.c_[np.r_[panel.right_m, 0], np.r_[panel.up_m, 0], np.r_[panel.corner_m, 1]]
    )
    panel_from_texture = np.array(
        [[1 / width, 0, 0.5 / width], [0, -1 / height, 1 - 0.5 / height], [0, 0, 1]]
    )
    shift = np.array([[1, 0, -columns.start], [0, 1, -rows.start], [0, 0, 1.0]])
    drawn = cv2.warpPerspective(
        panel.texture,
        shift @ image_from_panel @ panel_from_texture,
        mask.shape[::-1],
        flags=cv2.INTER_AREA,
        borderMode=cv2.BORDER_REPLICATE,
    )
    cv2.copyTo(drawn, mask.astype(np.uint8), image[rows, columns])


def cover(outline_m: Array, camera: Camera) -> tuple[tuple[slice, slice], NDArray[np.bool_]] | None:
    """Find the pixels that a flat polygon ``(N, 3)`` fills: a part of the picture and ``(h, w)`` in it.

    None where nothing of it is in the picture.
    """
    outline = _clip_near(outline_m, camera)
    if outline is None:
        return None
    px, _ = camera.project(outline)
    low = np.floor(np.maximum(px.min(axis=0) - 1, 0)).astype(int)
    high = np.ceil(np.minimum(px.max(axis=0) + 2, [camera.width_px, camera.height_px])).astype(int)
    if (high <= low).any():
        return None
    mask = np.zeros((int(high[1] - low[1]), int(high[0] - low[0])), np.uint8)
    polygon = np.round(np.clip(px - low, -20000, 20000) * 16).astype(np.int32)
    cv2.fillPoly(mask, [polygon], 255.0, cv2.LINE_AA, 4)
    return (slice(int(low[1]), int(high[1])), slice(int(low[0]), int(high[0]))), mask > 127


def _clip_near(world: Array, camera: Camera, near_m: float = 2.0) -> Array | None:
    """Cut a polygon ``(N, 3)`` at the plane ``near_m`` before the camera; None when nothing is left."""
    depth = (world - camera.position_m) @ camera.camera_from_world[2] - near_m
    out = []
    for i in range(len(world)):
        j = (i + 1) % len(world)
        if depth[i] >= 0:
            out.append(world[i])
        if (depth[i] >= 0) != (depth[j] >= 0):
            t = depth[i] / (depth[i] - depth[j])
            out.append(world[i] + t * (world[j] - world[i]))
    return np.array(out) if len(out) > 2 else None


def _crowd(shape: tuple[int, int], venue: Venue, level: float, rng: np.random.Generator) -> Image:
    """Rows of seats with people in them, seen from the front, ``(h, w, 3)``; about 14 px to the metre."""
    height, width = shape
    row, seat = 11, 7
    image = np.full(
        (height, width, 3), np.array(_SEATS[venue.seats % len(_SEATS)]) * 0.55 * level, np.float32
    )
    for top in range(0, height, row):
        image[top : top + 3] *= 0.6
    rows, columns = height // row, width // seat
    wave = cv2.resize(rng.standard_normal((3, 14)).astype(np.float32), (columns, rows))
    taken = rng.random((rows, columns)) < np.clip(venue.crowd + 0.25 * wave, 0, 1)
    clothes = rng.choice([25, 40, 60, 95, 150, 210], (rows, columns), p=[0.3, 0.25, 0.18, 0.12, 0.09, 0.06])
    coats = clothes[..., None] * rng.uniform(0.7, 1.25, (rows, columns, 3)) * level
    faces = np.array(SKINS)[rng.integers(0, len(SKINS), (rows, columns))] * 0.65 * level
    person = np.zeros((rows, columns, row, seat, 4), np.float32)
    person[:, :, 4:, :6, :3], person[:, :, 4:, :6, 3] = coats[:, :, None, None], 1.0
    person[:, :, 1:4, 1:5, :3], person[:, :, :4, 1:5, 3] = faces[:, :, None, None], 1.0
    person[:, :, 0, 1:5, :3] = 30 * level
    person[..., 3] *= taken[:, :, None, None]
    flat = person.transpose(0, 2, 1, 3, 4).reshape(rows * row, columns * seat, 4)
    for r in range(rows):
        band = flat[r * row : (r + 1) * row]
        band[:] = np.roll(band, int(rng.integers(0, seat)), axis=1)
    seen = image[: rows * row, : columns * seat]
    seen[:] = np.where(flat[..., 3:] > 0, flat[..., :3], seen)
    for c in rng.integers(0, max(1, width - 30), max(1, width // 260)):
        image[:, c : c + 16] = 105 * level
    return np.asarray(cv2.GaussianBlur(np.clip(image, 0, 255).astype(np.uint8), (3, 3), 0.7))


def _wall(width: int, height: int, colour: Colour, level: float) -> Image:
    return np.full((max(2, height), max(2, width), 3), np.array(colour) * level, np.uint8)


def _boards(length_m: float, height_m: float, style: int, level: float, rng: np.random.Generator) -> Image:
    """A strip of advertisements with invented names, 28 px to the metre."""
    scale = 28
    height, width = round(height_m * scale), round(length_m * scale)
    image = np.zeros((height, width, 3), np.uint8)
    x, k = 0, int(rng.integers(0, len(_BRANDS)))
    while x < width:
        panel = int(rng.choice([6, 8, 10]) * scale)
        back, ink = _BOARD_COLOURS[(style + k) % len(_BOARD_COLOURS)]
        image[:, x : x + panel] = np.clip(np.array(back) * level, 0, 255)
        text, font = _BRANDS[k % len(_BRANDS)], cv2.FONT_HERSHEY_DUPLEX
        size = height / 30
        (text_width, text_height), _ = cv2.getTextSize(text, font, size, 2)
        if text_width < panel - 10:
            at = (x + (panel - text_width) // 2, (height + text_height) // 2)
            cv2.putText(image, text, at, font, size, [c * level for c in ink], 2, cv2.LINE_AA)
        x, k = x + panel, k + 1
    return image
