"""What a reader must know about a run's numbers, in plain words."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np

from pipeline.report.page.page_texts import while_shown
from pipeline.report.page.shot_texts import n_shots, shot_notes
from pipeline.report.run_data import RunData
from pipeline.report.style.colours import SAFE
from pipeline.report.style.wording import duration, many, number, share

_WITH_FOLDERS = re.compile(r"/|[A-Za-z]:[\\/]")


def notes(run: RunData) -> list[str]:
    """List what was not observed or is less sure than usual, most important first."""
    found = [*_views(run), *shot_notes(run), *_people(run), *_tracks(run), *_footage(run)]
    for name, step in run.steps.items():
        said = [_without_folders(str(text)) for text in step.get("warnings", [])]
        found += [f"{text[:1].upper()}{text[1:]} ({name})." for text in said]
    return list(dict.fromkeys(found))


def _without_folders(text: str) -> str:
    """Name files without the folders of this computer: pages are sent to others."""
    first, *rest = (re.split(r"[\\/]", p)[-1] if _WITH_FOLDERS.match(p) else p for p in text.split(": "))
    begin = f"In {first}" if _WITH_FOLDERS.match(text) else first
    return ": ".join([begin, *rest])


def _views(run: RunData) -> Iterator[str]:
    if run.kind == "tracking":
        yield (
            "Made from tracking data without a video: there is no camera view, no kit colour, no mask and no "
            "overlay, and the error of positions is an assumption."
        )
        return
    if not len(run.views):
        return
    source = run.views["source"]
    missing, guessed = float((source == "none").mean()), float((source == "interpolated").mean())
    if missing == 1:
        yield (
            "Not observed: the pitch markings. No camera view could be worked out, so nothing is given in "
            "metres: no positions, distances, heatmaps or formations."
        )
        return
    if missing >= 0.005:
        yield f"No camera view in {share(missing)} of the frames: these have no positions on the pitch."
    if guessed >= 0.05:
        yield f"In {share(guessed)} of the frames the camera view is interpolated between measured ones."
    error = run.positions["error_m"].to_numpy(float)
    if len(error) and np.median(error) > 1.0:
        yield f"Positions are rough: their expected error is {number(float(np.median(error)), 1, 'm')}."


def _people(run: RunData) -> Iterator[str]:
    labels = run.labels
    if not len(labels):
        yield "Not observed: people. The network found nobody in this footage."
        return
    n_frames = max(len(run.frames), 1)
    ball = labels.loc[labels["role"] == "ball", "frame"].nunique() / n_frames
    if ball == 0:
        yield "Not observed: the ball."
    elif ball < 0.5:
        yield f"The ball was seen in {share(ball)} of the frames only."
    keepers = labels[labels["role"] == "goalkeeper"]
    for team in ("A", "B"):
        if not (keepers["team"] == team).any():
            yield f"Not observed: the goalkeeper of team {team}."
    people = labels[labels["role"].isin(["player", "goalkeeper", "unclear"])]
    typical = while_shown(people)
    most = 2 * run.pitch.players
    if typical < most - 2:
        yield (
            f"Of {most} players, {number(typical, 1)} are in view on average while any is: numbers cover the "
            "time in which a player was visible and are never extrapolated."
        )
    unclear = float(people["team"].isna().mean()) if len(people) else 0.0
    if unclear > 0.05:
        yield f"The team is unclear for {share(unclear)} of the sightings of players."
    for team in ("A", "B"):
        colour = run.colours.team(team)
        if colour.kit is not None and colour.video in SAFE:
            yield (
                f"Team {team} is drawn in a stand-in colour: its kit would be hard to tell from the other "
                "team's, or from the grass."
            )


def _tracks(run: RunData) -> Iterator[str]:
    if not run.tracked:
        yield "Team level only (mode team): players were not followed, so there is nothing per player."
        return
    players = run.identities[run.identities["role"].isin(["player", "goalkeeper"])]
    most = 2 * run.pitch.players
    if len(players) > most + 4 and run.kind == "video" and not len(run.who):
        yield (
            f"{number(len(players))} player tracks for at most {most} players: tracks end when a player is "
            "hidden or out of view, so one player appears under several numbers."
        )


def _footage(run: RunData) -> Iterator[str]:
    if "shape_at_this_moment" in set(run.formations["kind"]):
        yield (
            f"With {duration(run.duration_s)} of footage this is the teams' shape at this moment, not a "
            "claim about the formation that they play."
        )
    if run.kind == "tracking":
        return
    repeated = int(run.frames["duplicate"].sum())
    if repeated:
        all_frames = number(len(run.frames))
        yield f"{many(repeated, 'frame')} of {all_frames} repeat the one before (converted footage)."
    shots = n_shots(run.frames, run.shots)
    if shots > 1:
        linked = "and linked into people over all of them" if len(run.who) else "with new numbers"
        yield f"The footage has {many(shots, 'shot')}; players are followed anew in each, {linked}."
