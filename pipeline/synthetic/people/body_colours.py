"""The colour of every face of a body: kit patterns, skin, hair, boots, number."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pipeline.synthetic.looks import BOOTS, HAIRS, SKINS, Kit
from pipeline.synthetic.match.squad import Person
from pipeline.synthetic.people.body import TUBES, Topology, digit_cells, topology

Array = NDArray[np.float64]


def paint(person: Person, kit: Kit, rng: np.random.Generator) -> Array:
    """Colours ``(F, 4)``: blue, green, red in 0..255 and 1 for painted faces, 0 for unused number cells."""
    topo = topology()
    out = np.ones((len(topo.faces), 4))
    names = np.array([*(t.name for t in TUBES), "number"])[topo.tube]
    skin = np.array(SKINS[person.skin])
    for name, colour in (("pelvis", kit.shorts), ("short", kit.shorts), ("foot", BOOTS[person.boots])):
        out[names == name, :3] = colour
    for name in ("neck", "head", "arm", "leg", "hand"):
        out[names == name, :3] = skin
    _legs(out, names, topo, kit)
    _shirt(out, names, topo, kit)
    _hair(out, names, topo, person)
    if kit.gloves is not None:
        out[names == "hand", :3] = kit.gloves
    cells = names == "number"
    out[cells, :3] = kit.number
    out[cells, 3] = digit_cells(person.number)
    fabric = rng.normal(1.0, 0.035, len(out))[:, None]
    out[:, :3] = np.clip(
        out[:, :3] * np.where(cells[:, None], 1.0, fabric) * _crevices(names, topo)[:, None], 3, 255
    )
    return out


def _legs(out: Array, names: NDArray[np.str_], topo: Topology, kit: Kit) -> None:
    leg = names == "leg"
    out[leg & (topo.segment >= 3), :3] = kit.socks
    if kit.long_trousers:
        out[leg, :3] = kit.shorts


def _shirt(out: Array, names: NDArray[np.str_], topo: Topology, kit: Kit) -> None:
    torso, arm = names == "torso", names == "arm"
    sleeve = arm & (topo.segment <= (4 if kit.long_sleeves else 1))
    out[torso | sleeve, :3] = kit.shirt
    if kit.second is None:
        return
    lateral, front = np.cos(topo.angle_rad), np.sin(topo.angle_rad) < 0
    body = {
        "stripes": torso & (np.floor((topo.angle_rad / (2 * np.pi)) * 12).astype(int) % 2 == 0),
        "hoops": torso & (topo.segment % 2 == 0),
        "halves": torso & (lateral > 0),
        "sash": torso & front & (np.abs(topo.segment / 7.0 - 0.5 - 0.45 * lateral) < 0.2),
        "sleeves": sleeve,
    }.get(kit.pattern, np.zeros_like(torso))
    out[body, :3] = kit.second


def _hair(out: Array, names: NDArray[np.str_], topo: Topology, person: Person) -> None:
    """Style 0 short, 1 cropped (top only), 2 full, 3 shaved."""
    head, back = names == "head", np.sin(topo.angle_rad)
    drop, from_side = ((2.6, -0.3), (1.0, 0.2), (4.0, -0.2), (-9.0, -2.0))[person.hair_style]
    covered = head & (topo.segment >= 4.6 - drop * (back > from_side))
    out[covered, :3] = HAIRS[person.hair]


def _crevices(names: NDArray[np.str_], topo: Topology) -> Array:
    """Where less light gets in, ``(F,)``: below the shirt's hem, inside the thighs, under the chin."""
    dim = np.ones(len(names))
    dim[(names == "torso") & (topo.segment == 0)] = 0.93
    dim[(names == "pelvis") & (topo.segment >= 1)] = 0.86
    dim[(names == "short") & (topo.segment == 0)] = 0.88
    dim[(names == "leg") & (topo.segment == 0)] = 0.8
    dim[names == "neck"] = 0.82
    return dim
