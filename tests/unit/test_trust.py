"""What runs, data sets and configs from elsewhere may do to us, and what a stopped run says of itself."""

import json
import os

import cv2
import numpy as np
import pandas as pd
import pytest
from PIL import Image
from test_run import context_for, make_step

from pipeline.core import config, files, rle
from pipeline.core.errors import ConfigError, DataSetError, OutsideError, RunError
from pipeline.core.text import printable, yaml_text
from pipeline.datasets import canonical
from pipeline.datasets.importing import import_dataset
from pipeline.networks import convert
from pipeline.runs import records, run_directory
from pipeline.video import image_sequence
from pipeline.video.decoded_picture import Damage
from pipeline.video.video_file import _upright
from pipeline.workflow import step as step_module

BOX = (40, 20, 60, 70)


@pytest.fixture
def made(tmp_path):
    """A run of one step, finished, and the step."""
    step = make_step("track", ("video",), ("tracks.txt",), [])
    run_directory.prepare(tmp_path)
    step_module.execute(step, context_for(tmp_path, "one"))
    record = {"config": {}, "video": {}, "source": "m.mp4", "state": "finished", "steps": {"track": "one"}}
    (tmp_path / "run.json").write_text(json.dumps(record))
    return tmp_path, step


@pytest.mark.parametrize("change", [b"", b"tracX", b"tracks and more"])
def test_a_damaged_output_is_not_finished(made, change):
    root, step = made
    assert step_module.finished(root, step, "one")
    (root / "tracks.txt").write_bytes(change)
    assert not step_module.finished(root, step, "one")


def test_a_step_that_fails_before_it_wrote_keeps_the_earlier_result(made):
    root, step = made

    def fail(_):
        raise KeyboardInterrupt

    broken = step_module.Step("track", 1, ("video",), ("tracks.txt",), step.settings, fail)
    with pytest.raises(KeyboardInterrupt):
        step_module.execute(broken, context_for(root, "two"))
    assert records.record_of(root)["state"] == "finished"
    assert step_module.finished(root, step, "one")


def test_tables_of_other_settings_than_run_json_names_are_not_read(made):
    root, step = made
    step_module.execute(step, context_for(root, "two"))
    with pytest.raises(RunError, match="not finished"):
        records.record_of(root)


@pytest.mark.parametrize(
    "name", ["../x", "a/../../x", "/etc/passwd", "C:\\x", "..\\x", "", "a\0b", "\\\\host\\share"]
)
def test_names_that_lead_out_of_a_folder_are_refused(tmp_path, name):
    with pytest.raises(OutsideError):
        files.inside(tmp_path, name)


def test_links_that_lead_out_of_a_folder_are_refused(tmp_path):
    (tmp_path / "root").mkdir()
    (tmp_path / "root" / "link").symlink_to(tmp_path)
    with pytest.raises(OutsideError, match="link"):
        files.inside(tmp_path / "root", "link/x")
    assert files.inside(tmp_path / "root", "a/b.jpg") == tmp_path / "root" / "a" / "b.jpg"


def picture(path, size=(160, 90)):
    path.parent.mkdir(parents=True, exist_ok=True)
    image = np.zeros((size[1], size[0], 3), np.uint8)
    image[BOX[1] : BOX[3], BOX[0] : BOX[2]] = 255
    cv2.imwrite(str(path), image)


def coco(folder, **image):
    picture(folder / "a_1.jpg")
    entry = {"id": 1, "file_name": "a_1.jpg", "width": 160, "height": 90} | image
    mark = {"id": 1, "image_id": 1, "category_id": 1, "bbox": [40, 20, 20, 50]}
    content = {"images": [entry], "annotations": [mark], "categories": [{"id": 1, "name": "player"}]}
    (folder / "labels.json").write_text(json.dumps(content))
    return folder


def test_a_data_set_cannot_name_pictures_outside(tmp_path):
    import_dataset("coco", coco(tmp_path / "src"), tmp_path / "ds")
    path = tmp_path / "ds" / "annotations" / "train.json"
    path.write_text(path.read_text().replace('"a_1.jpg"', '"../../../victim.jpg"'))
    with pytest.raises(OutsideError):
        canonical.load(tmp_path / "ds")
    with pytest.raises(OutsideError):
        import_dataset("coco", coco(tmp_path / "two", file_name="../src/a_1.jpg"), tmp_path / "other")


@pytest.mark.parametrize("size", [(320, 180), (90, 160)])
def test_labels_for_another_size_are_refused_and_nothing_is_left(tmp_path, size):
    source = coco(tmp_path / "src", width=size[0], height=size[1])
    with pytest.raises(DataSetError, match=f"made for {size[0]} x {size[1]} px"):
        import_dataset("coco", source, tmp_path / "ds")
    assert [p.name for p in tmp_path.iterdir()] == ["src"]
    import_dataset("coco", coco(tmp_path / "src"), tmp_path / "ds")


@pytest.mark.parametrize("value", [1, 3, 100, 255])
def test_whatever_is_not_black_in_a_mask_is_the_object(tmp_path, value):
    picture(tmp_path / "src" / "images" / "a_1.jpg")
    mask = np.zeros((90, 160), np.uint8)
    mask[BOX[1] : BOX[3], BOX[0] : BOX[2]] = value
    (tmp_path / "src" / "masks").mkdir()
    Image.fromarray(mask).save(tmp_path / "src" / "masks" / "a_1.png")
    made = import_dataset("masks", tmp_path / "src", tmp_path / "ds")
    assert [x.box_px for x in made.samples[0].labels] == [BOX]


def test_the_background_is_what_is_called_so_wherever_its_line_stands(tmp_path):
    src = tmp_path / "src"
    picture(src / "JPEGImages" / "a_1.jpg")
    colours = np.zeros((90, 160, 3), np.uint8)
    colours[BOX[1] : BOX[3], BOX[0] : BOX[2]], colours[80:88, 100:108] = (51, 221, 255), (250, 50, 83)
    for kind in ("SegmentationClass", "SegmentationObject"):
        (src / kind).mkdir()
        Image.fromarray(colours).save(src / kind / "a_1.png")
    (src / "labelmap.txt").write_text("ball:250,50,83::\nbackground:0,0,0::\nplayer:51,221,255::\n")
    made = import_dataset("voc", src, tmp_path / "ds")
    names = sorted(made.class_names[x.class_id] for x in made.samples[0].labels)
    assert names == ["ball", "player"]
    assert (made.label_map(made.samples[0]) == made.semantic_names.index("ball")).sum() == 64


@pytest.mark.parametrize("counts", [[2**62, 2**62], "1" * 50, [-5, 15], [10**10]])
def test_run_lengths_of_no_picture_are_refused_without_filling_memory(counts):
    with pytest.raises(DataSetError):
        rle.from_coco({"size": [100_000, 100_000], "counts": counts})


@pytest.mark.parametrize(
    "text",
    ["a: 1\na: 2", "[", "a: 2001-13-45", "!!float x", "[" * 3000, "a: !!python/object:os.system x", "@x"],
)
def test_yaml_that_is_none_is_one_kind_of_error(text):
    with pytest.raises(yaml_text.BadYamlError) as error:
        yaml_text.parse(text)
    assert "\n" not in str(error.value)


def test_a_setting_given_twice_and_trust_from_a_file_are_refused(tmp_path):
    path = tmp_path / "c.yaml"
    path.write_text("segment: {imgsz: 320}\nsegment: {imgsz: 640}\n")
    with pytest.raises(ConfigError, match="segment is there twice"):
        config.load(path)
    path.write_text("segment: {trust_weights: true}\n")
    with pytest.raises(ConfigError, match="--trust-weights on the command line"):
        config.load(path)
    assert config.load(None, config.parse_set(["segment.trust_weights=true"])).segment.trust_weights


def test_cells_that_a_spreadsheet_would_run_are_quoted_and_numbers_are_not():
    table = pd.DataFrame({"name": ["=1+1", "@x", "-5", "Ada", None], "x": [-1.0, 2, 3, 4, 5]})
    safe = printable.safe_cells(table)
    assert safe["name"].tolist()[:4] == ["'=1+1", "'@x", "-5", "Ada"]
    assert safe["x"].tolist() == table["x"].tolist()


def test_a_converted_network_that_changed_is_not_used(tmp_path):
    (tmp_path / "model.bin").write_bytes(b"weights")
    assert not convert._intact(tmp_path)
    (tmp_path / convert._DIGESTS).write_text(json.dumps(convert._digests(tmp_path)))
    assert convert._intact(tmp_path)
    (tmp_path / "model.bin").write_bytes(b"Weights")
    assert not convert._intact(tmp_path)


def numbered(folder, numbers):
    for n in numbers:
        cv2.imwrite(str(folder / f"frame_{n:06d}.png"), np.zeros((8, 8, 3), np.uint8))
    damage = Damage()
    return [p.time_s for p in image_sequence.pictures(folder, 10.0, damage)], damage.notes


def test_numbers_left_out_of_a_sequence_are_gaps_in_time(tmp_path):
    times, notes = numbered(tmp_path, [*range(12), *range(18, 30)])
    assert times[12] == pytest.approx(1.8)
    assert "12 to 17 are missing: 6 pictures" in notes[0]
    assert image_sequence.probe(tmp_path, 10.0).duration_s == pytest.approx(3.0)


def test_every_fifth_picture_is_told_and_names_without_a_sequence_are_not_times(tmp_path):
    (tmp_path / "fifth").mkdir()
    times, notes = numbered(tmp_path / "fifth", range(0, 50, 5))
    assert times[-1] == pytest.approx(0.9)
    assert "go up by 5" in notes[0]
    (tmp_path / "any").mkdir()
    assert numbered(tmp_path / "any", [3, 17, 40, 41, 90]) == (pytest.approx([0, 0.1, 0.2, 0.3, 0.4]), [])


def test_mirrored_pictures_are_shown_as_their_matrix_says():
    image = np.arange(6, dtype=np.uint8).reshape(2, 3, 1).repeat(3, axis=2)
    plain = image[..., 0]
    shown = {
        m: _upright(image, m, 0.0)[..., 0].tolist() for m in [(-1, 0, 0, 1), (1, 0, 0, -1), (0, 1, 1, 0)]
    }
    assert shown[-1, 0, 0, 1] == plain[:, ::-1].tolist()
    assert shown[1, 0, 0, -1] == plain[::-1].tolist()
    assert shown[0, 1, 1, 0] == plain.T.tolist()
    assert _upright(image, (0, 1, -1, 0), -90.0)[..., 0].tolist() == np.rot90(plain, -1).tolist()


@pytest.mark.skipif(os.name != "posix", reason="locks of POSIX")
def test_two_at_work_in_one_run_are_told(tmp_path):
    run_directory.prepare(tmp_path)
    told = pytest.raises(RunError, match="another teamshape works in it")
    with run_directory.alone(tmp_path), told, run_directory.alone(tmp_path):
        pass
