"""Teams and roles of the people in still pictures, from the kits of all pictures of one match."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pipeline.appearance.feet import feet_px
from pipeline.appearance.kit_colours import KitColours, kit_colours
from pipeline.calibration.evidence.pitch_evidence import collect
from pipeline.calibration.sequence.frame_views import Limits
from pipeline.calibration.sequence.video_views import Footage, solve_video
from pipeline.calibration.sequence.view_tables import views_table
from pipeline.core.config import Config
from pipeline.core.label_maps import label_value
from pipeline.core.pitch import Pitch
from pipeline.core.settings.pitch_settings import chosen_pitch
from pipeline.core.types import Instances
from pipeline.identity.teams_and_roles import identify
from pipeline.positions.projection import projections
from pipeline.runs.frame_masks import UNTRACKED, FrameMasks
from pipeline.workflow.instance_rows import FrameFacts, Rows

if TYPE_CHECKING:
    import pandas as pd

    from pipeline.networks.pitch_network import PitchNet

_APART_S = 3600.0
"""Pictures are treated as shots an hour apart: nothing but the kits is carried from one to the next."""


@dataclass(frozen=True, slots=True)
class Look:
    """What one picture shows: people and balls, their kits, the camera's view (a row of ``views``)."""

    height_px: int
    width_px: int
    found: Instances
    kit: KitColours
    view: pd.DataFrame


def look(image: NDArray[np.uint8], found: Instances, network: PitchNet, config: Config) -> Look:
    """Measure kits and view of a picture ``(H, W, 3)`` BGR in which ``found`` was found."""
    height, width = image.shape[:2]
    settings = config.calibrate
    boxes = found.boxes_px.astype(np.float64)
    seen = collect(0, 0.0, image, network.read(image), boxes, settings.min_keypoint_score)
    alone = Footage(np.zeros(1, np.int64), np.zeros(1), np.zeros(1, np.int64), np.full((1, 3, 3), np.nan))
    view = views_table(alone, solve_video(alone, [seen], pitch_of(config), Limits(0.0, settings.max_error_m)))
    return Look(height, width, found, kit_colours(image, found), view)


def name_people(looks: Sequence[Look], matches: Sequence[str], config: Config) -> list[FrameMasks]:
    """Name everybody in N pictures; pictures of the same ``matches`` entry share their kits.

    Returns
    -------
    N entries; ``frame`` is the position in ``looks``. Without two kits that can be told apart, teams are
    None and players "unclear" in label maps. ``time_s`` means nothing.
    """
    out: list[FrameMasks | None] = [None] * len(looks)
    for match in dict.fromkeys(matches):
        at = [i for i, m in enumerate(matches) if m == match]
        labels = _labels([looks[i] for i in at], config)
        for k, i in enumerate(at):
            out[i] = _frame(i, looks[i], labels[labels["frame"] == k])
    return [frame for frame in out if frame is not None]


def name_found(
    pictures: Iterable[tuple[NDArray[np.uint8], Instances, str]],
) -> list[list[tuple[str, str | None]]]:
    """Name what was found in pictures ``(image BGR, found, match)``: role and team, as `name_people`."""
    from pipeline.networks.pitch_network import PitchNet

    config = Config()
    network = PitchNet(config.calibrate.weights)
    looks, matches = [], []
    for image, found, match in pictures:
        looks.append(look(image, found, network, config))
        matches.append(match)
    return [list(zip(f.role, f.team, strict=True)) for f in name_people(looks, matches, config)]


def _labels(looks: Sequence[Look], config: Config) -> pd.DataFrame:
    """Table ``labels`` of one match; ``frame`` is the position in ``looks``."""
    import pandas as pd

    rows, views = Rows(), []
    for i, seen in enumerate(looks):
        facts = FrameFacts(i, i * _APART_S, i, False, 0.0, None)
        rows.add(facts, replace(seen.found, frame=i), seen.kit)
        views.append(seen.view.assign(frame=i, time_s=facts.time_s))
    view = pd.concat(views, ignore_index=True)
    instances = rows.instances()
    # Only where people stand is asked for, not how certain that is.
    pitch = pitch_of(config)
    ground = projections(instances, view, np.zeros((len(view), 8, 8)), pitch, config.project.margin_m)
    return identify(rows.frames(), instances, None, view, ground, config.identify, pitch)[0]


def pitch_of(config: Config) -> Pitch:
    """The pitch of the settings."""
    return chosen_pitch(config.pitch)


def _frame(number: int, seen: Look, labels: pd.DataFrame) -> FrameMasks:
    found, n = seen.found, len(seen.found.masks)
    by_instance = labels.set_index("instance").reindex(range(n))
    role = tuple(str(r) for r in by_instance["role"])
    team = tuple(t if isinstance(t, str) else None for t in by_instance["team"])
    values = [label_value(r, t) for r, t in zip(role, team, strict=True)]
    return FrameMasks(
        frame=number,
        time_s=0.0,
        masks=found.masks,
        instance=np.arange(n),
        class_id=found.class_id.astype(np.int64),
        track_id=np.full(n, UNTRACKED, np.int64),
        value=np.array(values, np.uint8),
        score=found.score.astype(np.float64),
        feet_px=feet_px(found).astype(np.float64),
        boxes_px=found.boxes_px.astype(np.float64),
        role=role,
        team=team,
    )
