"""Repeated sprints: several in a row with little rest. Tables in, numbers out.

At least three sprints with at most 21 s between neighbours (Spencer et al., J Sports Sci 22 (2004) 843).
"""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.core.settings.physical_settings import PhysicalSettings


def bouts(
    sprints: Sequence[tuple[float, float]], settings: PhysicalSettings
) -> list[tuple[float, float, int]]:
    """Group one player's sprints, (start, end) s in order, into bouts: start, end (s) and how many sprints.

    A bout has at least ``repeated_sprints`` of them with at most ``repeated_rest_s`` between neighbours.
    """
    groups: list[list[tuple[float, float]]] = []
    for run in sprints:
        if groups and run[0] - groups[-1][-1][1] <= settings.repeated_rest_s:
            groups[-1].append(run)
        else:
            groups.append([run])
    return [(g[0][0], g[-1][1], len(g)) for g in groups if len(g) >= settings.repeated_sprints]
