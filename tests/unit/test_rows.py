import numpy as np
import pytest

from pipeline.appearance.kit_colours import kit_colours
from pipeline.core import masks
from pipeline.core.types import BALL, Instances
from pipeline.tables import storage
from pipeline.workflow.instance_rows import FrameFacts, Rows

PICTURE = np.full((60, 80, 3), (60, 140, 90), np.uint8)


def found(frame, *lefts, class_id=0):
    boxes = np.array([(x, 10, x + 10, 40) for x in lefts], np.float32).reshape(-1, 4)
    crops = tuple(masks.encode(np.ones((30, 10), bool), 10, x) for x in lefts)
    n = len(lefts)
    return Instances(frame, boxes, np.full(n, 0.5, np.float32), np.full(n, class_id, np.int8), crops)


def facts(frame, motion=None):
    return FrameFacts(frame, frame / 25, 0, False, 0.7, motion)


def rows(*pictures):
    out = Rows()
    for picture in pictures:
        out.add(facts(picture.frame), picture, kit_colours(PICTURE, picture))
    return out


def test_pictures_without_people_still_have_a_row_in_frames():
    made = rows(found(0), found(1))
    assert made.frames()["frame"].tolist() == [0, 1]
    assert made.instances().empty
    assert made.segments().empty
    assert made.instances().dtypes.equals(storage.empty("instances").dtypes)


def test_no_pictures_make_empty_tables():
    assert [len(t) for t in (Rows().frames(), Rows().instances(), Rows().segments())] == [0, 0, 0]


def test_instances_are_numbered_within_their_frame():
    made = rows(found(3, 5, 30), found(4), found(5, 50))
    people = made.instances()
    assert people[["frame", "instance"]].to_numpy().tolist() == [[3, 0], [3, 1], [5, 0]]
    assert people["time_s"].tolist() == pytest.approx([0.12, 0.12, 0.2])
    assert people["area_px"].tolist() == [300, 300, 300]
    assert people["foot_y_px"].tolist() == pytest.approx([39.1] * 3)
    assert made.segments()[["frame", "instance", "left"]].to_numpy().tolist() == [
        [3, 0, 5],
        [3, 1, 30],
        [5, 0, 50],
    ]


def test_masks_survive_the_table():
    row = rows(found(0, 5)).segments().iloc[0]
    again = masks.from_bytes(row["top"], row["left"], row["height"], row["width"], row["runs"])
    assert masks.iou(again, found(0, 5).masks[0]) == 1


def test_classes_are_written_by_name_and_by_number():
    made = rows(found(0, 5, class_id=BALL))
    assert made.instances()["class_name"].tolist() == ["ball"]
    assert made.segments()["class_id"].tolist() == [BALL]
    assert made.instances()["torso_l"].isna().all()


def test_motion_is_written_row_by_row_and_null_where_unknown():
    out = Rows()
    moved = np.array([[1.0, 2, 3], [4, 5, 6], [7, 8, 9]])
    for frame, motion in ((0, None), (1, moved)):
        out.add(facts(frame, motion), found(frame), kit_colours(PICTURE, found(frame)))
    table = out.frames()
    assert np.isnan(table.loc[0, "m11"])
    assert table.loc[1, ["m11", "m12", "m13", "m21"]].tolist() == [1, 2, 3, 4]
