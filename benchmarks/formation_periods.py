"""Name labelled formations: 403 team periods of 233 matches in ``../shared/tracking/formation_periods.csv``.

Five folds by match: places, spreads, how common each formation is and what makes scores probabilities are
learned on four and tried on the fifth, with all templates of the product active. The product's own
constants are the same, learned on all periods and rounded (``--templates`` prints them), so only this says
how well the method names what it has not seen.

    python benchmarks/formation_periods.py [--shared ../shared] [--templates]

Exits with 1 if a bar is missed.
"""

from __future__ import annotations

import argparse
import itertools
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from metrics_truth import MISSED, bar

from pipeline.metrics.formation.template_fit import DEPENDENCE, DOUBT, MIN_SCORE, chances
from pipeline.metrics.formation.template_likelihood import lay
from pipeline.metrics.formation.templates import COUNT_PRIOR, TEMPLATES, VARIANTS, Template, template

FOLDS = 5
BARS = {10: (0.82, 0.93), 8: (0.76, 0.90), 6: (0.63, 0.83), 5: (0.53, 0.80)}
"""Players seen: least share of exact names and of back lines."""
MAX_CALIBRATION_ERROR = 0.05
REPEATS = 3
"""Draws of who is seen, a period."""
_FEW, _SD_M = 3, 2.2
"""A role's spread leans on this many periods of this spread, m."""
_ROLES = {
    "4-1-3-2": {"CDM": "DM", "CAM": "AM", "LCF": "LST"},
    "4-2-3-1": {"CAM": "AM", "CF": "ST", "LM": "LW"},
    "4-3-3": {"CDM": "DM", "CF": "ST", "LM": "LW"},
    "4-4-2": {"LCF": "LST"},
    "3-4-3": {"CF": "ST", "LM": "LW"},
    "3-5-2": {"CDM": "DM", "LCF": "LST"},
}
"""The data's roles in the product's words."""


@dataclass(frozen=True)
class Periods:
    """Labelled periods: formation, match and fold ``(N,)``, ``places_m`` ``(N, 10, 2)``, roles of each."""

    formation: np.ndarray
    fold: np.ndarray
    places_m: np.ndarray
    roles: list[tuple[str, ...]]


@dataclass(frozen=True)
class Laid:
    """All templates laid over what is seen of periods: ``of`` ``(M,)`` the period, ``cost`` ``(M, T)``."""

    of: np.ndarray
    cost: np.ndarray


def main() -> None:
    """Run all checks and print them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--shared", type=Path, default=Path(__file__).parents[1].parent / "shared")
    parser.add_argument("--templates", action="store_true", help="print templates learned on all periods")
    arguments = parser.parse_args()
    periods = read(arguments.shared / "tracking" / "formation_periods.csv")
    if arguments.templates:
        show(learned(periods, np.ones(len(periods.fold), dtype=bool)))
        return
    print(f"{len(periods.fold)} periods, {FOLDS} folds by match, {len(TEMPLATES)} templates active: "
          f"{', '.join(t.name for t in TEMPLATES)} (variants told beside a name: "
          f"{', '.join(v.name for v in VARIANTS)})")  # fmt: skip
    results = {n: fold_by_fold(periods, n) for n in BARS}
    fixed = {n: as_in_product(periods, n) for n in BARS}
    accuracy(periods, results, fixed)
    reliability(periods, results)
    confusion(periods, results[10])
    best_constants(periods, results)
    print("\nmissed: " + "; ".join(MISSED) if MISSED else "\nall bars met")
    sys.exit(1 if MISSED else 0)


def read(path: Path) -> Periods:
    """Read the labelled periods, without ``others``: those have no name to be right about."""
    table = pd.read_csv(path)
    table = table[table["formation"] != "others"].sort_values(["period", "role"], kind="stable")
    first = table.groupby("period").first()
    matches = np.random.default_rng(0).permutation(table["match"].unique())
    fold = {match: i % FOLDS for i, match in enumerate(matches)}
    roles = [tuple(own) for _, own in table.groupby("period")["role"]]
    return Periods(
        first["formation"].to_numpy(str),
        first["match"].map(fold).to_numpy(int),
        table[["x_m", "y_m"]].to_numpy(float).reshape(-1, 10, 2),
        roles,
    )


def learned(periods: Periods, train: np.ndarray) -> tuple[Template, ...]:
    """Learn the product's templates; one without a label keeps places and count, and takes its roles'
    spreads.

    (Its count comes from periods labelled ``others``, which are in no fold.)
    """
    own = {t.name: _learn(periods, train, t) for t in TEMPLATES if (periods.formation == t.name).any()}
    return tuple(own.get(t.name) or _respread(t, list(own.values())) for t in TEMPLATES)


def _learn(periods: Periods, train: np.ndarray, like: Template) -> Template:
    rows = np.flatnonzero(train & (periods.formation == like.name))
    names = [_word(role, like.name) for role in periods.roles[rows[0]]]
    places = periods.places_m[rows][:, [names.index(role) for role in like.roles]]
    other = [like.roles.index(_mirrored(role)) for role in like.roles]
    both = np.concatenate([places, places[:, other] * [1, -1]])
    gap = both - both.mean(axis=0)
    spread = np.einsum("nri,nrj->rij", gap, gap) / 2 + np.eye(2) * _SD_M**2 * _FEW
    return template(like.name, like.roles, both.mean(axis=0), spread / (len(rows) + _FEW), len(rows))


def _word(role: str, formation: str) -> str:
    words = _ROLES[formation]
    left = words.get(_mirrored(role)) if role.startswith("R") else None
    return _mirrored(left) if left else words.get(role, role)


def _mirrored(role: str) -> str:
    return {"L": "R", "R": "L"}.get(role[0], role[0]) + role[1:]


def _respread(drawn: Template, known: list[Template]) -> Template:
    spreads = []
    for role in drawn.roles:
        having = [t for t in known if role in t.roles]
        near = [t for t in having if t.defenders == drawn.defenders] or having
        spreads.append(np.mean([t.covariances_m2[t.roles.index(role)] for t in near], axis=0))
    return template(
        drawn.name, drawn.roles, drawn.places_m.copy(), np.array(spreads), drawn.weight - COUNT_PRIOR
    )


def laid(periods: Periods, rows: np.ndarray, templates: tuple[Template, ...], n: int) -> Laid:
    """Lay templates over ``n`` players of each period drawn at random; with all ten the middle is known."""
    of, cost = [], []
    for row in rows:
        rng = np.random.default_rng((n, int(row)))
        for _ in range(1 if n == 10 else REPEATS):
            places = periods.places_m[row][rng.permutation(10)[:n]]
            places = places - places.mean(axis=0)
            of.append(row)
            cost.append([lay(places, t, centred=n == 10, noise_m=0.0).cost for t in templates])
    return Laid(np.array(of), np.array(cost))


@dataclass(frozen=True)
class Result:
    """What was said of each draw: names, probabilities ``(M, T)``, and the costs behind them."""

    of: np.ndarray
    chance: np.ndarray
    cost: np.ndarray
    weights: np.ndarray


def fold_by_fold(periods: Periods, n: int) -> Result:
    """Try every fold with what the other four teach."""
    parts = []
    for fold in range(FOLDS):
        train = periods.fold != fold
        templates = learned(periods, train)
        weights = np.array([t.weight for t in templates])
        dependence, doubt = constants(periods, train, n)
        own = laid(periods, np.flatnonzero(~train), templates, n)
        said = chances(own.cost, weights, n, dependence=dependence, doubt=doubt)
        parts.append(Result(own.of, said, own.cost, np.tile(weights, (len(own.of), 1))))
    return Result(
        *(np.concatenate([getattr(p, k) for p in parts]) for k in ("of", "chance", "cost", "weights"))
    )


_INNER: dict[int, tuple[float, float]] = {}


def constants(periods: Periods, train: np.ndarray, n: int) -> tuple[float, float]:
    """Find dependence and doubt by halves of the training folds, over all numbers of players seen."""
    key = hash(train.tobytes())
    if key not in _INNER:
        folds = np.unique(periods.fold[train])
        results = []
        for some in (folds[:2], folds[2:]):
            learn = train & np.isin(periods.fold, some)
            templates = learned(periods, learn)
            weights = np.array([t.weight for t in templates])
            for k in BARS:
                own = laid(periods, np.flatnonzero(train & ~learn)[::2], templates, k)
                results.append((k, Result(own.of, own.cost, own.cost, np.tile(weights, (len(own.of), 1)))))
        _INNER[key] = least_loss(periods, results)
    return _INNER[key]


def least_loss(periods: Periods, results: list[tuple[int, Result]]) -> tuple[float, float]:
    """Choose dependence and doubt by least mean log loss, each number of players seen counting the same."""

    def loss(pair: tuple[float, float]) -> float:
        return float(np.mean([_log_loss(periods, n, r, *pair) for n, r in results]))

    return min(itertools.product(np.arange(0.15, 0.46, 0.05), (0.0, 0.02, 0.05, 0.08, 0.12)), key=loss)


def _log_loss(periods: Periods, n: int, result: Result, dependence: float, doubt: float) -> float:
    said = np.array([
        chances(c, w, n, dependence=dependence, doubt=doubt)
        for c, w in zip(result.cost, result.weights, strict=True)
    ])  # fmt: skip
    return float(-np.log(said[np.arange(len(said)), _truth(periods, result.of)]).mean())


def as_in_product(periods: Periods, n: int) -> Result:
    """Name all periods with the product's own constants, which were learned on them: no measure of skill."""
    own = laid(periods, np.arange(len(periods.fold)), TEMPLATES, n)
    weights = np.array([t.weight for t in TEMPLATES])
    return Result(own.of, chances(own.cost, weights, n), own.cost, np.tile(weights, (len(own.of), 1)))


def _truth(periods: Periods, of: np.ndarray) -> np.ndarray:
    names = [t.name for t in TEMPLATES]
    return np.array([names.index(name) for name in periods.formation[of]])


def _backs(chance: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Most probable number of defenders of each draw, and its probability."""
    numbers = np.array([t.defenders for t in TEMPLATES])
    sums = np.stack([chance[:, numbers == d].sum(axis=1) for d in (3, 4)], axis=1)
    return sums.argmax(axis=1) + 3, sums.max(axis=1)


def _right(periods: Periods, result: Result) -> tuple[np.ndarray, np.ndarray]:
    truth = _truth(periods, result.of)
    numbers = np.array([t.defenders for t in TEMPLATES])
    return result.chance.argmax(axis=1) == truth, _backs(result.chance)[0] == numbers[truth]


def accuracy(periods: Periods, results: dict[int, Result], fixed: dict[int, Result]) -> None:
    """Print exact names and back lines."""
    print("\n| seen of ten | exact | back line | bars | named (score 0.5 or more) | exact of those "
          "| product's constants on the data they come from |")  # fmt: skip
    print("|---|---|---|---|---|---|---|")
    for n, result in results.items():
        exact, back = _right(periods, result)
        named = result.chance.max(axis=1) >= MIN_SCORE
        verdict = bar(f"{n} seen exact", float(exact.mean()), BARS[n][0], 1)
        verdict += ", " + bar(f"{n} seen back line", float(back.mean()), BARS[n][1], 1)
        seen = " / ".join(f"{v.mean():.3f}" for v in _right(periods, fixed[n]))
        print(f"| {n} | {exact.mean():.3f} | {back.mean():.3f} | {BARS[n][0]}, {BARS[n][1]}: {verdict} "
              f"| {named.mean():.2f} | {exact[named].mean():.3f} | {seen} |")  # fmt: skip


def reliability(periods: Periods, results: dict[int, Result]) -> None:
    """Print how often scores are right, and the calibration error: mean distance of the two, by tenths."""
    print("\n| seen | score of | calibration error | bar | said -> right (n), by tenths of the score |")
    print("|---|---|---|---|---|")
    for n, result in results.items():
        exact, back = _right(periods, result)
        rows = (("name", result.chance.max(axis=1), exact), ("back line", _backs(result.chance)[1], back))
        for what, said, right in rows:
            tenth = np.minimum((said * 10).astype(int), 9)
            cells = [(said[tenth == k], right[tenth == k]) for k in np.unique(tenth)]
            error = sum(abs(s.mean() - r.mean()) * len(s) for s, r in cells) / len(said)
            text = ", ".join(f"{s.mean():.2f} -> {r.mean():.2f} ({len(s)})" for s, r in cells)
            verdict = bar(f"{n} seen {what} calibration", float(error), 0, MAX_CALIBRATION_ERROR)
            print(f"| {n} | {what} | {error:.3f} | {verdict} | {text} |")


def confusion(periods: Periods, result: Result) -> None:
    """Print what each label was called with all ten seen."""
    names = np.array([t.name for t in TEMPLATES])
    said = pd.Series(names[result.chance.argmax(axis=1)], name="said")
    print("\n" + pd.crosstab(pd.Series(periods.formation[result.of], name="label"), said).to_string())


def best_constants(periods: Periods, results: dict[int, Result]) -> None:
    """Say which constants the product should have: those of least loss over all folds."""
    found = least_loss(periods, list(results.items()))
    folds = [tuple(float(round(x, 2)) for x in v) for v in _INNER.values()]
    print(f"\nfolds chose dependence and doubt {folds}; all together "
          f"{tuple(np.round(found, 2))}; the product has {DEPENDENCE}, {DOUBT}")  # fmt: skip


def show(templates: tuple[Template, ...]) -> None:
    """Print templates as `pipeline.metrics.formation.templates` writes them."""
    for t in templates:
        parts = []
        for role, (x, y), spread in zip(t.roles, t.places_m, t.covariances_m2, strict=True):
            if not role.startswith("R"):
                a, b = np.sqrt(np.diag(spread))
                numbers = (x, y, a, b, spread[0, 1] / (a * b))
                parts.append(" ".join([role, *(f"{round(v, 1) + 0.0:g}" for v in numbers)]))
        print(f"{t.name} {t.weight:g}: {', '.join(parts)}")


if __name__ == "__main__":
    main()
