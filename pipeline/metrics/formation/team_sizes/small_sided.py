"""Formation templates of small-sided teams: eight, six and four outfield players (9, 7, 5-a-side and futsal).

Drawn by the logic of the eleven-a-side ones (`pipeline.metrics.formation.templates`) on usual sizes of pitch:
there are no labelled periods of such teams to learn from. So all are equally common beforehand, spreads are
wide, and scores are no measured probabilities.
"""

from __future__ import annotations

import numpy as np

from pipeline.metrics.formation.templates import COUNT_PRIOR, TEMPLATES, Template

_ROW_X_M = {8: (-9.5, 0.0, 9.5), 6: (-7.5, 0.5, 8.0), 4: (-5.5, 0.0, 5.5)}
"""How far forward the lines of a team stand; a line between two others is half way."""
_HALF_WIDTH_M = {8: 13.0, 6: 10.0, 4: 6.0}
_SPREAD_M = {8: (2.6, 3.0), 6: (2.4, 2.6), 4: (2.0, 2.2)}
"""Along and across, of each place."""
_NAMES = {
    8: ("3-3-2", "3-2-3", "3-4-1", "4-3-1", "2-4-2", "2-3-3", "3-1-3-1"),
    6: ("2-3-1", "3-2-1", "2-2-2", "3-1-2", "1-4-1", "2-1-3"),
    4: ("1-2-1", "2-2", "3-1", "2-1-1", "1-1-2"),
}
_ABOUT = {"back": ("CB", "B"), "middle": ("CM", "M"), "front": ("ST", "W")}
_WIDE_SHARE = {1: (0.0,), 2: (0.5, -0.5), 3: (1.0, 0.0, -1.0), 4: (1.0, 0.35, -0.35, -1.0)}
"""Where those of a line stand across, in shares of half the width, from the left."""


def templates_of(size: int) -> tuple[Template, ...]:
    """Give the templates for so many outfield players; none for teams of other sizes."""
    return TEMPLATES if size == 10 else _SMALL.get(size, ())


def _drawn(name: str, size: int) -> Template:
    lines = [int(n) for n in name.split("-")]
    low, _, high = _ROW_X_M[size]
    roles, places = [], []
    for i, number in enumerate(lines):
        x = low + (high - low) * i / (len(lines) - 1)
        kind = "back" if i == 0 else "front" if i == len(lines) - 1 else "middle"
        for share in _WIDE_SHARE[number]:
            roles.append(_role(kind, share, number, i, len(lines)))
            places.append((x, share * _HALF_WIDTH_M[size]))
    where = np.array(places)
    where -= where.mean(axis=0)
    spread = np.tile(np.diag(np.square(_SPREAD_M[size])), (size, 1, 1))
    where.flags.writeable = spread.flags.writeable = False
    return Template(name, tuple(roles), where, spread, lines[0], COUNT_PRIOR)


def _role(kind: str, share: float, number: int, line: int, n_lines: int) -> str:
    """Name a place as in eleven-a-side: LB, LCB, CB; LM, LCM, CM (alone in a line also DM or AM); LW, ST."""
    central, wide = _ABOUT[kind]
    if share == 0:
        if kind == "middle" and number == 1 and n_lines > 3:
            return "DM" if line == 1 else "AM"
        return central
    side = "L" if share > 0 else "R"
    return side + (wide if abs(share) == 1.0 else central)


_SMALL = {size: tuple(_drawn(name, size) for name in names) for size, names in _NAMES.items()}
