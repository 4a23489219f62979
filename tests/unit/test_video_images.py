import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
import video_samples as samples

from pipeline.core.config import VideoSettings
from pipeline.core.errors import VideoError
from pipeline.core.images import read
from pipeline.video import frames, probe
from pipeline.video.image_sequence import natural

LEVELS = [samples.picture(10 * i + 50) for i in range(12)]


def brightness(source, **settings):
    said = []
    found = list(frames(source, VideoSettings(**settings), warn=said.append))
    return [(f.index, round(f.time_s, 3), int(f.image[-1, -1, 0])) for f in found], said


def test_a_folder_is_read_in_natural_order(tmp_path):
    found, said = brightness(samples.folder(tmp_path / "in", LEVELS))
    assert found == [(i, round(i / 25, 3), 10 * i + 50) for i in range(12)]
    assert said == []


def test_a_glob_chooses(tmp_path):
    samples.folder(tmp_path / "in", LEVELS)
    found, _ = brightness(tmp_path / "in" / "frame1*.png", image_fps=10.0)
    assert found == [(0, 0.0, 60), (1, 0.1, 150), (2, 0.2, 160)]


def test_a_range_of_a_folder(tmp_path):
    found, _ = brightness(samples.folder(tmp_path / "in", LEVELS), start_s=0.1, end_s=0.3, every_s=0.08)
    assert [index for index, *_ in found] == [3, 5, 7]


def test_a_single_image_is_footage_of_one_frame(tmp_path):
    samples.folder(tmp_path, LEVELS[:1])
    assert brightness(tmp_path / "frame0.png")[0] == [(0, 0.0, 50)]


def test_an_unreadable_image_leaves_a_gap_and_is_told(tmp_path):
    source = samples.folder(tmp_path / "in", LEVELS[:4])
    (source / "frame1.png").write_bytes(b"broken")
    (source / "frame2.png").write_bytes(b"")
    found, said = brightness(source)
    assert [index for index, *_ in found] == [0, 3]
    assert len(said) == 1
    assert "skipped: 2" in said[0]


def test_images_of_two_sizes_are_refused_by_name(tmp_path):
    source = samples.folder(tmp_path / "in", [*LEVELS[:2], samples.picture(90, 32, 32)])
    with pytest.raises(VideoError, match=r"frame2\.png: is 32 x 32 px, but frame0\.png is 64 x 48"):
        brightness(source)


def test_a_folder_without_images_is_told(tmp_path):
    (tmp_path / "notes.txt").write_text("no pictures here")
    with pytest.raises(VideoError, match="no images"):
        brightness(tmp_path)


def test_a_glob_without_matches_is_told(tmp_path):
    with pytest.raises(VideoError, match="no file matches"):
        brightness(tmp_path / "*.png")


def test_a_glob_of_videos_is_told(tmp_path):
    samples.normal(tmp_path / "a.mp4")
    with pytest.raises(VideoError, match=r"a\.mp4, which is no image"):
        brightness(tmp_path / "*.mp4")


@pytest.mark.parametrize("read", [brightness, probe])
def test_a_folder_of_broken_images_is_told(tmp_path, read):
    (tmp_path / "a.png").write_bytes(b"broken")
    with pytest.raises(VideoError, match="not one"):
        read(tmp_path)


def test_probe_counts_and_sizes(tmp_path):
    info = probe(samples.folder(tmp_path / "in", LEVELS), VideoSettings(image_fps=10.0))
    assert (info.width_px, info.height_px, info.n_frames_claimed) == (64, 48, 12)
    assert (info.fps, info.duration_s) == (10.0, 1.2)


def test_the_fingerprint_follows_pictures_not_names(tmp_path):
    first = samples.folder(tmp_path / "in", LEVELS)
    same = samples.folder(tmp_path / "other", LEVELS)
    (same / "frame11.png").rename(same / "last99.png")
    different = samples.folder(tmp_path / "third", [*LEVELS[:-1], samples.picture(7)])
    assert probe(first).fingerprint == probe(same).fingerprint
    assert probe(first).fingerprint != probe(different).fingerprint


def test_grey_and_transparent_images_become_bgr(tmp_path):
    import cv2

    cv2.imwrite(str(tmp_path / "a.png"), np.full((48, 64), 77, np.uint8))
    cv2.imwrite(str(tmp_path / "b.png"), np.full((48, 64, 4), 88, np.uint8))
    assert [level for *_, level in brightness(tmp_path)[0]] == [77, 88]


def test_numbers_sort_as_numbers():
    names = ["f10.png", "f2.png", "f1.png", "cover.png"]
    assert sorted(map(Path, names), key=natural) == [
        Path(n) for n in ("cover.png", "f1.png", "f2.png", "f10.png")
    ]


def test_a_picture_beyond_what_can_be_decoded_is_unreadable(tmp_path):
    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + header
    data = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + chunk + struct.pack(">I", zlib.crc32(chunk))
    (tmp_path / "huge.png").write_bytes(data)
    assert read(tmp_path / "huge.png") is None
