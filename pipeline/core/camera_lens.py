"""How a lens, or stitching, bends a picture: between its own px and those of a pinhole's picture. No I/O.

Every homography of a view belongs to the *straight* picture: the one that a pinhole with the same principal
point and focal length would have taken. Points of the real picture are straightened before a homography
is applied, and bent after it is inverted: here, and nowhere else.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
LensKind = Literal["straight", "radial", "cylinder"]
LENS_KINDS: tuple[LensKind, ...] = ("straight", "radial", "cylinder")

_ROUNDS, _CLOSE = 60, 1e-10
_SIDEWAYS = np.radians(85.0)
"""A plane shows no more than this to either side of a cylinder's middle."""


@dataclass(frozen=True, slots=True)
class Lens:
    """``straight``: none of the numbers counts.

    ``radial``: Brown's model, as OpenCV has it: what a pinhole shows at distance r from ``centre_px``, in
    focal lengths, is at ``r (1 + k1 r^2 + k2 r^4)``; k1 below 0 is a barrel. ``cylinder``: the columns
    of a stitched panorama are angles, ``focal_px`` to the radian, from ``centre_px``.
    """

    kind: LensKind = "straight"
    centre_px: tuple[float, float] = (0.0, 0.0)
    focal_px: float = 1.0
    k1: float = 0.0
    k2: float = 0.0

    @property
    def bends(self) -> bool:
        """Whether there is anything to straighten."""
        return self.kind != "straight"

    @property
    def reach(self) -> float:
        """How far from the middle, in focal lengths, a radial lens shows anything."""
        furthest = self._furthest()
        return float(self._at(np.array([furthest]))[0]) if np.isfinite(furthest) else float("inf")

    def straight(self, points_px: NDArray[np.floating]) -> Array:
        """Where a pinhole shows what the picture shows at ``(N, 2)``; NaN where it cannot."""
        points = np.asarray(points_px, dtype=np.float64).reshape(-1, 2)
        if self.kind == "straight":
            return points
        at = (points - self.centre_px) / self.focal_px
        if self.kind == "cylinder":
            angle = np.where(np.abs(at[:, 0]) < _SIDEWAYS, at[:, 0], np.nan)
            out = np.c_[np.tan(angle), at[:, 1] / np.cos(angle)]
        else:
            bent = np.hypot(at[:, 0], at[:, 1])
            plain = self._unbent(bent)
            out = at * np.where(bent > 0, plain / np.where(bent > 0, bent, 1.0), 1.0)[:, None]
        return np.asarray(out * self.focal_px + self.centre_px)

    def bent(self, points_px: NDArray[np.floating]) -> Array:
        """Where the picture shows what a pinhole shows at ``(N, 2)``; NaN where it does not."""
        points = np.asarray(points_px, dtype=np.float64).reshape(-1, 2)
        if self.kind == "straight":
            return points
        at = (points - self.centre_px) / self.focal_px
        if self.kind == "cylinder":
            angle = np.arctan(at[:, 0])
            out = np.c_[angle, at[:, 1] * np.cos(angle)]
        else:
            square = np.minimum((at**2).sum(axis=1), 1e6)
            known = np.sqrt(square) <= self._furthest()
            out = at * np.where(known, 1 + self.k1 * square + self.k2 * square**2, np.nan)[:, None]
        return np.asarray(out * self.focal_px + self.centre_px)

    def stretch(self, points_px: NDArray[np.floating]) -> Array:
        """Jacobian ``(N, 2, 2)`` of `straight` at points of the picture."""
        points = np.asarray(points_px, dtype=np.float64).reshape(-1, 2)
        if self.kind == "straight":
            return np.broadcast_to(np.eye(2), (len(points), 2, 2))
        at = (self.straight(points) - self.centre_px) / self.focal_px
        known = np.isfinite(at).all(axis=1)
        out = np.full((len(points), 2, 2), np.nan)
        out[known] = np.linalg.inv(self._bending(at[known]))
        return out

    def straight_lines(self, points_px: Array, normals: Array) -> tuple[Array, Array]:
        """Where a pinhole shows points on lines ``(N, 2)``, and the unit directions across them there."""
        along = np.c_[-normals[:, 1], normals[:, 0]]
        turned = np.einsum("nij,nj->ni", self.stretch(points_px), along)
        turned /= np.maximum(np.linalg.norm(turned, axis=1, keepdims=True), 1e-12)
        return self.straight(points_px), np.c_[turned[:, 1], -turned[:, 0]]

    def _bending(self, at: Array) -> Array:
        """Jacobian ``(N, 2, 2)`` of `bent` at points of the straight picture, in focal lengths."""
        x, y = at.T
        if self.kind == "cylinder":
            cosine = 1 / np.hypot(1, x)
            rows = [[cosine**2, np.zeros_like(x)], [-x * y * cosine**3, cosine]]
            return np.array(rows).transpose(2, 0, 1)
        square = x**2 + y**2
        scale = 1 + self.k1 * square + self.k2 * square**2
        grows = 2 * self.k1 + 4 * self.k2 * square
        outer = at[:, :, None] * at[:, None, :]
        return np.asarray(scale[:, None, None] * np.eye(2) + grows[:, None, None] * outer)

    def _unbent(self, bent: Array) -> Array:
        """Solve ``r (1 + k1 r^2 + k2 r^4) = bent`` by Newton's method between bounds; NaN where no r does."""
        furthest = self._furthest()
        top = furthest if np.isfinite(furthest) else 4.0 * max(float(np.max(bent, initial=1.0)), 1.0)
        within = bent <= self._at(np.array([top]))[0]
        low, high, r = np.zeros_like(bent), np.full_like(bent, top), np.minimum(bent, top)
        for _ in range(_ROUNDS):
            value = self._at(r) - bent
            low, high = np.where(value < 0, r, low), np.where(value > 0, r, high)
            slope = 1 + 3 * self.k1 * r**2 + 5 * self.k2 * r**4
            ahead = r - value / np.where(slope > 1e-6, slope, 1.0)
            ahead = np.where((ahead > low) & (ahead < high) & (slope > 1e-6), ahead, (low + high) / 2)
            done = np.max(np.abs(ahead - r), initial=0.0, where=within) < _CLOSE
            r = np.where(value == 0, r, ahead)
            if done:
                break
        return np.where(within, r, np.nan)

    def _at(self, plain: Array) -> Array:
        square = plain**2
        return np.asarray(plain * (1 + self.k1 * square + self.k2 * square**2))

    def _furthest(self) -> float:
        """The radius up to which points further out in the pinhole's picture are further out in ours."""
        # 1 + 3 k1 s + 5 k2 s^2 = 0 with s = r^2
        if abs(self.k2) < 1e-12:
            return float(np.sqrt(-1 / (3 * self.k1))) if self.k1 < 0 else float("inf")
        under = 9 * self.k1**2 - 20 * self.k2
        if under < 0:
            return float("inf")
        roots = (-3 * self.k1 + np.array([-1.0, 1.0]) * np.sqrt(under)) / (10 * self.k2)
        positive = roots[roots > 0]
        return float(np.sqrt(positive.min())) if len(positive) else float("inf")


STRAIGHT = Lens()
"""A lens that bends nothing."""


def middle_px(size_px: tuple[int, int]) -> tuple[float, float]:
    """Where the axis of a lens goes through a picture of this width and height, as far as is known."""
    return size_px[0] / 2, size_px[1] / 2
