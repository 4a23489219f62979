"""Changes of formation with their time: from one span of table ``formations`` to the next. Tables in and out.

A span ends where the team's places changed (`formation_changes`), so something did change there; whether it
changed its *name* is a question of probability. With ``p(f)`` what one span says of formation ``f`` and
``q(f)`` what the next says, both stand in the same formation with probability ``sum p(f) q(f)``. The table
knows the two most probable of each; the rest is spread evenly over the templates left.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from pipeline.metrics.formation.template_fit import UNCLEAR
from pipeline.metrics.formation.templates import TEMPLATES

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("team", "period", "time_s", "before", "after", "changed", "score", "before_score", "after_score")
LEAST = 0.5
"""A change of name less probable than this is none."""


def named_changes(formations: pd.DataFrame, phase: str = "all") -> pd.DataFrame:
    """List where each team changed its formation.

    Parameters
    ----------
    formations
        Table ``formations``; its spans count. Without spans (short footage) there are no changes.

    Returns
    -------
    `COLUMNS`: ``before`` and ``after`` are names or ``unclear``; ``changed``: ``formation`` (another name,
    both clear), ``places`` (places changed within one formation, both clear) or ``unclear``; ``score``:
    probability that the formation is another one, None where a name is unclear: two that are not known are
    not for that two. A break between periods is listed where the name is another one, both clear: nothing
    else says that something changed there.
    """
    import pandas as pd

    spans = formations[(formations["scope"] == "span") & (formations["phase"] == phase)]
    rows = []
    for team in ("A", "B"):
        own = spans[spans["team"] == team].sort_values("start_s").to_dict("records")
        found = [(_change(one, two), _within(one, two)) for one, two in pairwise(own)]
        rows += [row for row, within in found if within or row["changed"] == "formation"]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _within(one: Mapping[Any, Any], two: Mapping[Any, Any]) -> bool:
    """Say whether two spans are of one period, as far as periods are known."""
    return str(one["period"]) == str(two["period"])


def other_score(one: Mapping[Any, Any], two: Mapping[Any, Any]) -> float:
    """Give the probability that two rows of ``formations`` are of different formations."""
    p, q = _chances(one), _chances(two)
    return max(0.0, min(1.0, 1.0 - sum(p[name] * q[name] for name in p)))


def _chances(row: Mapping[Any, Any]) -> dict[str, float]:
    names = [t.name for t in TEMPLATES]
    if not isinstance(row["nearest"], str):
        return dict.fromkeys(names, 1 / len(names))
    first = float(row["score"])
    known = {row["nearest"]: first, row["second"]: max(first - float(row["margin"]), 0.0)}
    left = [n for n in names if n not in known]
    rest = max(1.0 - sum(known.values()), 0.0) / len(left)
    return dict.fromkeys(left, rest) | known


def _change(one: Mapping[Any, Any], two: Mapping[Any, Any]) -> dict[str, object]:
    score = other_score(one, two)
    before, after = str(one["formation"]), str(two["formation"])
    if UNCLEAR in (before, after):
        changed = UNCLEAR
    elif before == after:
        changed = "places"
    else:
        changed = "formation" if score >= LEAST else UNCLEAR
    return {
        "team": two["team"],
        "period": two["period"],
        "time_s": float(two["start_s"]),
        "before": before,
        "after": after,
        "changed": changed,
        "score": None if UNCLEAR in (before, after) else score,
        "before_score": float(one["score"]),
        "after_score": float(two["score"]),
    }
