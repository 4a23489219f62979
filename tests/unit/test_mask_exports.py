"""Exports of a whole run, read back with the formats' own tools."""

import io
import json

import cv2
import fake_run
import numpy as np
import pytest
from PIL import Image
from pycocotools import mask as coco_mask
from pycocotools.coco import COCO

from pipeline.core.errors import ConfigError, RunError, UserError
from pipeline.core.label_maps import PALETTE_RGB, paint
from pipeline.core.masks import CropMask, area, encode
from pipeline.core.types import LABEL_NAMES
from pipeline.formats.masks import label_png, mots_writer
from pipeline.formats.masks.mask_export import write_masks
from pipeline.runs.frame_masks import FrameMasks
from pipeline.runs.mask_run import open_masks

H, W = fake_run.HEIGHT, fake_run.WIDTH


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return fake_run.build(tmp_path_factory.mktemp("runs") / "both", seconds=0.4)


@pytest.fixture(scope="module")
def team_run(tmp_path_factory):
    return fake_run.build(tmp_path_factory.mktemp("runs") / "team", seconds=0.2, mode="team")


def labels_of(run_dir, frame):
    masks = list(open_masks(run_dir).frames())[frame]
    return paint(H, W, masks.masks, masks.value, masks.feet_px[:, 1])


def crowd(track_ids, crops: list[CropMask]) -> FrameMasks:
    n = len(crops)
    return FrameMasks(
        frame=0,
        time_s=0.0,
        masks=tuple(crops),
        instance=np.arange(n),
        class_id=np.zeros(n, int),
        track_id=np.array(track_ids, int),
        value=np.ones(n, np.uint8),
        score=np.ones(n),
        feet_px=np.array([(c.left, c.top + c.height) for c in crops], float),
        boxes_px=np.zeros((n, 4)),
        role=("player",) * n,
        team=("A",) * n,
    )


def test_semantic_png_is_read_as_values_by_opencv_and_the_legend_has_their_colours(run, tmp_path):
    assert write_masks(run, tmp_path, kind="semantic", format="png") == 10
    truth = labels_of(run, 3)
    assert set(np.unique(truth)) >= {0, 1, 2, 5, 6}
    assert (cv2.imread(str(tmp_path / "000003.png"), cv2.IMREAD_UNCHANGED) == truth).all()
    assert (cv2.imread(str(tmp_path / "000003.png"))[..., 0] == truth).all()
    legend = json.loads((tmp_path / "legend.json").read_text())
    assert [row["name"] for row in legend["labels"]] == list(LABEL_NAMES)
    assert [tuple(row["rgb"]) for row in legend["labels"]] == list(PALETTE_RGB)


def test_an_index_png_is_read_as_values_by_pillow_too():
    labels = np.arange(35, dtype=np.uint8).reshape(5, 7) % 8
    back = Image.open(io.BytesIO(label_png.index_png(labels)))
    assert back.mode == "L"
    assert (np.array(back) == labels).all()


def test_instance_png_holds_track_numbers(run, tmp_path):
    write_masks(run, tmp_path, kind="instance", format="png")
    image = cv2.imread(str(tmp_path / "000003.png"), cv2.IMREAD_UNCHANGED)
    frame = list(open_masks(run).frames())[3]
    assert image.dtype == np.uint16
    assert set(np.unique(image)) <= {0, *frame.track_id.tolist()}
    assert (
        (image > 0) == (paint(H, W, frame.masks, np.ones(len(frame.masks)), frame.feet_px[:, 1]) > 0)
    ).all()


def test_without_tracks_instance_png_numbers_each_frame(team_run, tmp_path):
    write_masks(team_run, tmp_path, kind="instance", format="png")
    image = cv2.imread(str(tmp_path / "000000.png"), cv2.IMREAD_UNCHANGED)
    n = len(next(iter(open_masks(team_run).frames())).masks)
    assert 1 <= image.max() <= n


def test_people_without_a_track_share_one_value():
    image = label_png.instance_map(crowd([7, -1], [_box(0, 0), _box(4, 4)]), 10, 10, tracked=True)
    assert np.unique(image).tolist() == [0, 7, label_png.NO_TRACK_VALUE]


def test_a_track_number_beyond_16_bits_is_refused():
    with pytest.raises(RunError, match="65535 does not fit"):
        label_png.instance_map(crowd([65_535], [_box(0, 0)]), 10, 10, tracked=True)


def test_coco_file_opens_in_pycocotools_with_the_same_masks(run, tmp_path):
    write_masks(run, tmp_path, kind="instance", format="coco")
    coco = COCO(str(tmp_path / "coco.json"))
    frame = list(open_masks(run).frames())[4]
    found = coco.loadAnns(coco.getAnnIds(imgIds=[frame.frame + 1]))
    assert len(found) == len(frame.masks) > 20
    for annotation, mask, who in zip(found, frame.masks, frame.track_id, strict=True):
        dense = coco.annToMask(annotation)
        assert dense.shape == (H, W)
        assert dense.sum() == annotation["area"] == area(mask)
        assert dense[mask.top : mask.top + mask.height, mask.left : mask.left + mask.width].sum() == area(
            mask
        )
        assert annotation["track_id"] == who
    assert {c["name"] for c in coco.cats.values()} == {"player", "goalkeeper", "referee", "ball"}


def test_semantic_coco_adds_up_to_the_label_map(run, tmp_path):
    write_masks(run, tmp_path, kind="semantic", format="coco")
    coco = COCO(str(tmp_path / "coco.json"))
    rebuilt = np.zeros((H, W), np.uint8)
    for annotation in coco.loadAnns(coco.getAnnIds(imgIds=[3])):
        rebuilt[coco.annToMask(annotation) > 0] = annotation["category_id"]
    assert (rebuilt == labels_of(run, 2)).all()


def test_mots_masks_never_overlap_and_ids_carry_class_and_track(run, tmp_path):
    write_masks(run, tmp_path, kind="instance", format="mots")
    covered = {}
    for line in (tmp_path / "mots.txt").read_text().splitlines():
        frame, number, kind, height, width, counts = line.split(" ")
        assert int(number) // 1000 == int(kind)
        dense = coco_mask.decode({"size": [int(height), int(width)], "counts": counts.encode()})
        covered[frame] = covered.get(frame, 0) + dense
    assert sorted(map(int, covered)) == list(range(1, 11))
    assert all(c.max() == 1 for c in covered.values())


def test_trackeval_reads_the_mots_file_and_finds_it_equal_to_itself(run, tmp_path):
    trackeval = pytest.importorskip("trackeval")
    write_masks(run, tmp_path, kind="instance", format="mots")
    text = (tmp_path / "mots.txt").read_text()
    for folder, name in (("gt/fake/gt", "gt"), ("trackers/us/data", "fake")):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / f"{name}.txt").write_text(text)
    data = trackeval.datasets.MOTSChallenge(
        {
            "GT_FOLDER": str(tmp_path / "gt"),
            "TRACKERS_FOLDER": str(tmp_path / "trackers"),
            "SEQ_INFO": {"fake": 10},
            "SKIP_SPLIT_FOL": True,
            "PRINT_CONFIG": False,
        }
    )
    raw = data.get_raw_seq_data("us", "fake")
    scores = trackeval.metrics.HOTA().eval_sequence(data.get_preprocessed_seq_data(raw, "pedestrian"))
    assert scores["HOTA"].min() == pytest.approx(1.0)
    assert scores["HOTA_TP"][0] > 200


def test_ids_stay_apart_when_tracks_outnumber_a_thousand():
    assert [mots_writer.id_factor(n) for n in (0, 999, 1000, 12_345)] == [1000, 1000, 10_000, 100_000]


def test_a_person_hidden_entirely_has_no_mots_line():
    frame = crowd([1, 2], [_box(2, 2), encode(np.ones((8, 8), bool), 0, 0)])
    assert [line.split()[1] for line in mots_writer.lines(frame, 10, 10, 1000)] == ["2002"]


@pytest.mark.parametrize(
    ("kind", "format", "message"),
    [
        ("panoptic", "png", "--kind panoptic: must be semantic or instance"),
        ("semantic", "mots", "--format mots: --kind semantic can be written as png or coco"),
    ],
)
def test_unknown_kinds_and_formats_are_refused(run, tmp_path, kind, format, message):
    with pytest.raises(ConfigError, match=message):
        write_masks(run, tmp_path, kind=kind, format=format)


def test_mots_without_tracks_says_how_to_get_them(team_run, tmp_path):
    with pytest.raises(RunError, match="run with --mode player"):
        write_masks(team_run, tmp_path, kind="instance", format="mots")


@pytest.mark.parametrize("format", ["png", "coco"])
def test_team_mode_exports_what_it_has(team_run, tmp_path, format):
    assert write_masks(team_run, tmp_path, kind="instance", format=format) == 5


def test_a_folder_that_is_no_run_is_refused(tmp_path):
    with pytest.raises(RunError, match="no run here"):
        write_masks(tmp_path, tmp_path / "out", kind="semantic", format="png")


def test_an_unfinished_run_is_refused_and_leaves_nothing(tmp_path):
    unfinished = fake_run.build(tmp_path / "run", seconds=0.2)
    (unfinished / "tables" / "labels.parquet").unlink()
    with pytest.raises(UserError, match="not finished"):
        write_masks(unfinished, tmp_path / "out", kind="semantic", format="png")
    assert not (tmp_path / "out").exists()


def test_a_run_without_people_exports_empty_frames(tmp_path):
    from pipeline.tables import storage

    empty = fake_run.build(tmp_path / "run", seconds=0.2)
    for name in ("instances", "segments", "labels", "tracks"):
        storage.write(storage.empty(name), empty / "tables" / f"{name}.parquet", name)
    for kind, format in (("semantic", "png"), ("instance", "coco"), ("instance", "mots")):
        assert write_masks(empty, tmp_path / format, kind=kind, format=format) == 5
    assert json.loads((tmp_path / "coco" / "coco.json").read_text())["annotations"] == []


def _box(top: int, left: int) -> CropMask:
    return encode(np.ones((4, 4), bool), top, left)
