from itertools import product

import cv2
import numpy as np

from pipeline.egomotion import edge_alignment


def elsewhere(array, offset):
    """The same values, ``offset`` bytes behind a multiple of 64."""
    raw = np.empty(array.nbytes + 128, np.uint8)
    start = -raw.ctypes.data % 64 + offset
    out = raw[start : start + array.nbytes].view(array.dtype).reshape(array.shape)
    out[...] = array
    return out


def test_where_memory_lies_changes_no_edge(monkeypatch):
    """Mirrored, the picture has pairs of equally strong pixels: a last bit would choose another one."""
    noise = np.random.default_rng(1).integers(0, 60, (239, 424)).astype(np.uint8)
    grey = np.maximum(noise, noise[::-1, ::-1])
    sobel, found = cv2.Sobel, set()
    for offsets in product((0, 4, 16, 32), repeat=2):
        places = iter(offsets)
        monkeypatch.setattr(cv2, "Sobel", lambda *a, at=places, **k: elsewhere(sobel(*a, **k), next(at)))
        edges = edge_alignment.find_edges(grey)
        found.add(edges.points.tobytes() + edges.slope.tobytes())
    assert len(found) == 1
