"""The unknowns of a shot: either a camera that stands still, or a free homography for each frame. No I/O."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray

from pipeline.calibration.camera_model import pinhole
from pipeline.calibration.camera_model.homography import inverted

Array = NDArray[np.float64]


class Views(Protocol):
    """N views of the pitch with d parameters each and q shared ones."""

    def matrices(self) -> Array:
        """``image_from_pitch``, ``(N, 3, 3)``."""

    def derivatives(self) -> tuple[Array, Array]:
        """Of the matrices, ``(N, d, 3, 3)`` by own and ``(N, q, 3, 3)`` by shared parameters."""

    def moved(self, own: Array, shared: Array) -> Self:
        """Take a step: ``(N, d)`` and ``(q,)``."""

    def part(self, which: slice) -> Self:
        """Some of the views."""

    def prior(self) -> tuple[Array, Array]:
        """What is known of the shared parameters beforehand: weights and offsets from it, ``(q,)`` each."""

    def own_prior(self) -> tuple[Array, Array]:
        """The same for each frame's own parameters: weights ``(d,)`` and offsets ``(N, d)``."""


@dataclass(frozen=True, slots=True)
class StillCamera:
    """A camera on a tripod. ``own`` ``(N, 4)`` and ``shared`` ``(6,)`` as in `pinhole.image_from_pitch`.

    ``expected`` and ``sigma`` ``(6,)`` are the prior on the shared ones; ``shift_sigma`` is that on the
    shift of the principal point, which is 0 unless the picture was cut from a wider one.
    """

    own: Array
    shared: Array
    centre_px: tuple[float, float]
    expected: Array
    sigma: Array
    shift_sigma: float

    def matrices(self) -> Array:
        """See `Views.matrices`."""
        return pinhole.image_from_pitch(self.own, self.shared, self.centre_px)

    def derivatives(self) -> tuple[Array, Array]:
        """See `Views.derivatives`."""
        here = self.own, self.shared, self.centre_px
        return pinhole.derivatives(*here), pinhole.shared_derivatives(*here)

    def moved(self, own: Array, shared: Array) -> StillCamera:
        """See `Views.moved`; no step turns by more than 0.2 rad or moves by more than 10 m."""
        shift = shared.copy()
        shift[:3] *= min(1.0, 10.0 / max(float(np.linalg.norm(shift[:3])), 1e-12))
        shift[3:] = np.clip(shift[3:], -0.05, 0.05)
        return replace(self, own=self.own + np.clip(own, -0.2, 0.2), shared=self.shared + shift)

    def part(self, which: slice) -> StillCamera:
        """See `Views.part`."""
        return replace(self, own=self.own[which])

    def prior(self) -> tuple[Array, Array]:
        """See `Views.prior`."""
        return 1 / self.sigma**2, self.shared - self.expected

    def own_prior(self) -> tuple[Array, Array]:
        """See `Views.own_prior`: only the shift is known."""
        weight = np.array([0, 0, 0, 1 / self.shift_sigma**2])
        return weight, self.own * [0.0, 0.0, 0.0, 1.0]


@dataclass(frozen=True, slots=True)
class FreeViews:
    """Homographies without a camera behind them: ``views`` is ``(N, 3, 3)`` image_from_pitch.

    Each has 8 parameters: small changes of the picture, in units of ``scale_px`` from ``centre_px``.
    """

    views: Array
    centre_px: tuple[float, float]
    scale_px: float

    def matrices(self) -> Array:
        """See `Views.matrices`."""
        return self.views

    def derivatives(self) -> tuple[Array, Array]:
        """See `Views.derivatives`."""
        unit, back = self._unit()
        local = unit @ self.views
        out = np.zeros((len(self.views), 8, 3, 3))
        for j in range(8):
            out[:, j, j // 3] = local[:, j % 3]
        return back @ out, np.zeros((len(self.views), 0, 3, 3))

    def moved(self, own: Array, shared: Array) -> FreeViews:
        """See `Views.moved`."""
        unit, back = self._unit()
        change = np.concatenate([np.clip(own, -0.2, 0.2), np.zeros((len(own), 1))], axis=1).reshape(-1, 3, 3)
        return replace(self, views=back @ (np.eye(3) + change) @ unit @ self.views)

    def part(self, which: slice) -> FreeViews:
        """See `Views.part`."""
        return replace(self, views=self.views[which])

    def prior(self) -> tuple[Array, Array]:
        """See `Views.prior`: nothing is shared."""
        return np.zeros(0), np.zeros(0)

    def own_prior(self) -> tuple[Array, Array]:
        """See `Views.own_prior`: nothing is known."""
        return np.zeros(8), np.zeros((len(self.views), 8))

    def _unit(self) -> tuple[Array, Array]:
        cx, cy = self.centre_px
        back = np.array([[self.scale_px, 0, cx], [0, self.scale_px, cy], [0, 0, 1.0]])
        return inverted(back), back


@dataclass(frozen=True, slots=True)
class OrientedCamera:
    """A camera whose place is known, near an aim: ``own`` ``(N, 4)`` and ``shared`` as in `StillCamera`;
    ``expected`` ``(N, 4)`` and ``sigma`` ``(4,)`` are the prior on the aim.
    """

    own: Array
    shared: Array
    centre_px: tuple[float, float]
    expected: Array
    sigma: Array

    def matrices(self) -> Array:
        """See `Views.matrices`."""
        return pinhole.image_from_pitch(self.own, self.shared, self.centre_px)

    def derivatives(self) -> tuple[Array, Array]:
        """See `Views.derivatives`: the place is not among the unknowns."""
        by_own = pinhole.derivatives(self.own, self.shared, self.centre_px)
        return by_own, np.zeros((len(self.own), 0, 3, 3))

    def moved(self, own: Array, shared: Array) -> OrientedCamera:
        """See `Views.moved`."""
        return replace(self, own=self.own + np.clip(own, -0.2, 0.2))

    def part(self, which: slice) -> OrientedCamera:
        """See `Views.part`."""
        return replace(self, own=self.own[which], expected=self.expected[which])

    def prior(self) -> tuple[Array, Array]:
        """See `Views.prior`: nothing is shared."""
        return np.zeros(0), np.zeros(0)

    def own_prior(self) -> tuple[Array, Array]:
        """See `Views.own_prior`."""
        return 1 / self.sigma**2, self.own - self.expected
