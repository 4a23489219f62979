"""The page's texts and tables, as plain values for the template."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from pipeline.core.settings.settings_base import Settings
from pipeline.metrics.comparison.shape_distance import Comparison
from pipeline.metrics.comparison.shape_numbers import compare_shapes
from pipeline.report.page.content.match_facts import given_kits
from pipeline.report.page.formation_texts import headline, row_of, shape_words
from pipeline.report.page.match_halves import parts
from pipeline.report.page.person_names import listed, team_name
from pipeline.report.page.shot_texts import n_shots
from pipeline.report.run_data import RunData
from pipeline.report.style.colours import to_hex, to_lab
from pipeline.report.style.wording import DASH, colour_name, duration, many, number, share, signed

if TYPE_CHECKING:
    import pandas as pd

_PEOPLE = ("player", "goalkeeper", "referee", "unclear")


def facts(run: RunData) -> list[tuple[str, str, str]]:
    """The headline numbers: what, value, a word on it."""
    if run.kind == "tracking":
        return _tracking_facts(run)
    video, frames = run.record.get("video", {}), run.frames
    people = run.labels[run.labels["role"].isin(_PEOPLE)]
    count = people.groupby("frame").size().reindex(frames["frame"], fill_value=0)
    seen = float((run.views["source"] != "none").mean()) if len(run.views) else 0.0
    error = run.positions["error_m"]
    size = f"{video.get('width_px', '?')} × {video.get('height_px', '?')}"
    shots = n_shots(frames, run.shots)
    out = [
        (
            "Footage",
            duration(run.duration_s),
            f"{size}, {'one shot' if shots < 2 else many(shots, 'shot')}",
        ),
        ("Frames", number(len(frames)), f"{number(_rate(run), 1)} a second"),
        ("People a frame", number(float(count.median()) if len(count) else 0.0), "median, without the bench"),
        ("Camera view", share(seen), "of the frames"),
        ("Position error", number(float(error.median()), 1, "m") if len(error) else DASH, "expected, median"),
    ]
    if run.tracked:
        out.append(_followed(run))
    return out


def _followed(run: RunData) -> tuple[str, str, str]:
    tracks = int(run.identities["role"].isin(["player", "goalkeeper"]).sum())
    players = int(run.who["role"].isin(["player", "goalkeeper"]).sum())
    if not len(run.who):
        return "Player tracks", number(tracks), f"for {2 * run.pitch.players} players"
    return "Players told apart", number(players), f"from {many(tracks, 'track')}"


def _tracking_facts(run: RunData) -> list[tuple[str, str, str]]:
    players = run.labels[run.labels["role"].isin(["player", "goalkeeper"])]
    named = int(run.who["name"].notna().sum())
    error = run.positions["error_m"]
    out = [
        ("Play", duration(run.duration_s), many(len(run.periods), "period")),
        ("Frames", number(len(run.frames)), f"{number(_rate(run), 1)} a second"),
        (
            "Players a frame",
            number(while_shown(players), 1) if len(players) else DASH,
            f"mean while any is shown, of {2 * run.pitch.players}",
        ),
        ("Players", number(len(listed(run)) or len(run.who)), "on record" if named else "without names"),
        ("Position error", number(float(error.median()), 1, "m") if len(error) else DASH, "assumed, median"),
    ]
    if len(run.possession):
        held = (run.possession["end_s"] - run.possession["start_s"]).groupby(run.possession["team"]).sum()
        a, b = float(held.get("A", 0.0)), float(held.get("B", 0.0))
        source = "as given" if (run.possession["source"] == "given").all() else "estimated"
        out.append(
            ("Possession A – B", f"{share(a / max(a + b, 1e-9))} – {share(b / max(a + b, 1e-9))}", source)
        )
    return out


def while_shown(people: pd.DataFrame) -> float:
    """Mean number of ``people``, rows of ``labels``, a frame over the frames that show any; 0 without one."""
    return float(people.groupby("frame").size().mean()) if len(people) else 0.0


def teams(run: RunData) -> list[dict[str, Any]]:
    """Each team with its kit, how many are seen and its shape in a phrase."""
    out, kits = [], given_kits(run)
    for team in ("A", "B"):
        colour = run.colours.team(team)
        mine = run.labels[(run.labels["team"] == team) & (run.labels["role"] == "player")]
        lab = None if colour.kit is None else to_lab(colour.kit)
        out.append(
            {
                "name": team_name(run, team),
                "letter": team,
                "kit": kits.get(team) if colour.kit is None else to_hex(colour.kit),
                "colour": to_hex(colour.page),
                "kit_name": None
                if lab is None
                else colour_name((float(lab[0]), float(lab[1]), float(lab[2]))),
                "seen": number(while_shown(mine), 1),
                "whole": run.pitch.outfield,
                "shape": headline(run.formations, team),
                "halves": halves(run, team),
            }
        )
    return out


def halves(run: RunData, team: str) -> list[dict[str, str]]:
    """How a team stood in each part of which that is known; one part needs no name."""
    found = [(part.name, row) for part in parts(run) if (row := row_of(run, part, team, "all")) is not None]
    return [{"name": name if len(found) > 1 else "", "shape": shape_words(row)} for name, row in found]


_COMPARED = {
    "length_m": ("Length", 1, "m"),
    "width_m": ("Width", 1, "m"),
    "stretch_m": ("Mean distance to the centre", 1, "m"),
    "hull_m2": ("Area of the hull", 0, "m²"),
}
_MEANS = (
    ("players_seen", "Outfield players seen", 1, ""),
    ("centroid_speed_mps", "Speed of the centre", 2, "m/s"),
    ("distance_visible_m", "Metres run while visible, all together", 0, "m"),
)


def comparison_rows(run: RunData) -> list[tuple[str, str, str, str, str]]:
    """Team numbers side by side: measure, A, B, difference A - B, its 95% interval where known."""
    out = []
    table = run.team_movement.set_index("team")
    if not {"A", "B"} <= set(table.index) or not len(run.shapes):
        return []
    teams = [run.shapes[run.shapes["team"] == t] for t in ("B", "A")]
    shapes = compare_shapes(*teams, columns=tuple(_COMPARED))
    for row in shapes.to_dict("records"):
        about, digits, unit = _COMPARED[row["measure"]]
        gap = signed(row["difference"], digits)
        low, high = signed(row["low"], digits), signed(row["high"], digits)
        interval = f"{low} to {high}" if np.isfinite(row["low"]) else ""
        a, b = number(row["mean_b"], digits, unit), number(row["mean_a"], digits, unit)
        out.append((about, a, b, gap, interval))
    for name, about, digits, unit in _MEANS:
        one, two = (float(v) for v in table.loc[["A", "B"], name].astype(float))
        if np.isfinite(one) or np.isfinite(two):
            gap = signed(one - two, digits)
            out.append((about, number(one, digits, unit), number(two, digits, unit), gap, ""))
    return out


def likeness_rows(comparison: Comparison | None) -> list[tuple[str, str]]:
    """How much two shapes differ: what, value."""
    if comparison is None or not np.isfinite(comparison.same_role_m):
        return []
    return [
        ("Same-role distance, both about their middles", number(comparison.same_role_m, 1, "m")),
        ("The same with equal length and width: form alone", number(comparison.same_role_scaled_m, 1, "m")),
        ("Wasserstein distance of the roles: places and roaming", number(comparison.w2_m, 1, "m")),
        ("Difference of the networks of neighbours, 0 to 1", number(comparison.graph_difference, 2)),
    ]


def quality_rows(run: RunData) -> list[tuple[str, str]]:
    """Quality in numbers: what, value."""
    n_frames = max(len(run.frames), 1)
    source = run.views["source"]
    ball = run.labels.loc[run.labels["role"] == "ball", "frame"].nunique() / n_frames
    out = [(f"Camera view {name}", share(float((source == name).mean()))) for name in _SOURCES if len(source)]
    if len(run.positions):
        observed = float((run.positions["source"] == "observed").mean())
        out.append(("Positions observed, not interpolated", share(observed)))
    people = run.labels[run.labels["role"].isin(["player", "goalkeeper", "unclear"])]
    if len(people):
        out.append(("Sightings of players with a team", share(float(people["team"].notna().mean()))))
    out.append(("Frames with the ball", share(ball)))
    if run.tracked and len(run.identities):
        long = (run.identities["last_s"] - run.identities["first_s"]).median()
        out.append(
            ("Tracks in all, median length", f"{number(len(run.identities))}, {duration(float(long))}")
        )
    return out


_SOURCES = ("measured", "tracked", "interpolated", "none")


def setting_rows(settings: Settings, prefix: str = "") -> list[tuple[str, str]]:
    """Every setting with its value, by dotted name."""
    out = []
    for name in type(settings).model_fields:
        value = getattr(settings, name)
        if isinstance(value, Settings):
            out += setting_rows(value, f"{prefix}{name}.")
        else:
            out.append((f"{prefix}{name}", DASH if value is None else str(value)))
    return out


def version_rows(run: RunData) -> list[tuple[str, str]]:
    """Packages, weights and footage behind the run."""
    rows = [(str(k), str(v)) for k, v in run.record.get("versions", {}).items()]
    rows += [(str(k), f"SHA-256 {str(v)[:16]}…") for k, v in run.record.get("inputs", {}).items()]
    video = run.record.get("video", {})
    what = "tracking data" if run.kind == "tracking" else "footage"
    return [*rows, (what, f"{run.name}, fingerprint {str(video.get('fingerprint', '?'))[:16]}…")]


def timing_rows(run: RunData) -> list[tuple[str, str]]:
    """How long each step took."""
    done = [(name, step["seconds"]) for name, step in run.steps.items() if "seconds" in step]
    return [(name, duration(float(seconds))) for name, seconds in done]


def _rate(run: RunData) -> float:
    steps = np.diff(run.frames["time_s"].to_numpy(float))
    usual = float(np.median(steps)) if len(steps) else 0.0
    return 1 / usual if usual > 0 else float("nan")
