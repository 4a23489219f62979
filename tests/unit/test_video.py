import subprocess
import sys
import threading

import numpy as np
import pytest
import video_samples as samples

from pipeline.core.config import VideoSettings
from pipeline.core.errors import VideoError
from pipeline.video import Damage, frames, pictures, probe


def decode(source, **settings):
    said = []
    return list(frames(source, VideoSettings(**settings), warn=said.append)), said


def test_frames_come_with_number_time_and_pixels(tmp_path):
    found, said = decode(samples.normal(tmp_path / "a.mp4"))
    assert [f.index for f in found] == list(range(10))
    assert [f.time_s for f in found] == pytest.approx([i / 25 for i in range(10)], abs=1e-5)
    assert all(f.image.shape == (48, 64, 3) and f.image.dtype == np.uint8 for f in found)
    assert abs(int(found[3].image[-4, -4, 0]) - 130) < 6
    assert said == []


def test_a_variable_rate_keeps_its_times(tmp_path):
    found, _ = decode(samples.variable_rate(tmp_path / "a.mp4"))
    assert [f.time_s for f in found] == pytest.approx([0, 0.04, 0.12, 0.16, 0.4], abs=1e-5)


def test_black_footage_is_footage(tmp_path):
    assert len(decode(samples.black(tmp_path / "a.mp4"))[0]) == 5


@pytest.mark.parametrize(
    ("degrees", "size", "dark_corner"),
    [(90, (64, 48), (0, -1)), (180, (48, 64), (-1, -1)), (270, (64, 48), (-1, 0))],
)
def test_rotation_is_applied(tmp_path, degrees, size, dark_corner):
    path = samples.rotated(tmp_path / "a.mp4", degrees)
    image = next(frames(path)).image
    assert image.shape[:2] == size
    row, column = (-3 if i else 3 for i in dark_corner)
    assert image[row, column, 0] < 40
    assert image[-row, -column, 0] > 80
    assert (probe(path).height_px, probe(path).width_px) == size


@pytest.mark.parametrize(
    ("name", "codec", "pixels"),
    [
        ("a.mkv", "ffv1", "yuv420p"),
        ("a.mkv", "ffv1", "yuv422p10le"),
        ("a.mov", "png", "rgba"),
        ("a.mkv", "ffv1", "gray"),
        ("a.avi", "mpeg4", "yuv420p"),
        ("a.ts", "mpeg2video", "yuv420p"),
    ],
    ids=["lossless", "10 bit", "alpha", "grey", "avi", "transport stream"],
)
def test_codecs_containers_and_odd_sizes_come_out_as_bgr(tmp_path, name, codec, pixels):
    width, height = (66, 50) if codec.startswith("mpeg") else (67, 49)
    images = [samples.picture(120, width, height)] * 6
    found, said = decode(samples.encoded(tmp_path / name, codec, pixels, images))
    assert len(found) == 6
    assert found[0].image.shape == (height, width, 3)
    assert abs(int(found[2].image[-5, -5, 1]) - 120) < 6
    assert said == []


def test_a_truncated_file_gives_what_is_there_and_says_so(tmp_path):
    found, said = decode(samples.truncated(tmp_path / "a.mp4"))
    assert 10 < len(found) < 30
    assert any("truncated" in line for line in said)


def test_damage_in_the_middle_is_skipped(tmp_path):
    found, said = decode(samples.damaged(tmp_path / "a.mp4"))
    assert len(found) > 15
    assert found[-1].time_s == pytest.approx(39 / 25, abs=1e-3)
    times = [f.time_s for f in found]
    assert times == sorted(set(times))
    assert said


def test_damage_is_there_to_be_read(tmp_path):
    damage = Damage()
    n_pictures = sum(1 for _ in pictures(samples.truncated(tmp_path / "a.mp4"), damage=damage))
    assert damage.truncated
    assert damage.n_decoded == n_pictures


class TestRange:
    def test_start_and_end_are_kept_with_the_files_own_numbers(self, tmp_path):
        found, _ = decode(samples.normal(tmp_path / "a.mp4"), start_s=0.12, end_s=0.24)
        assert [f.index for f in found] == [3, 4, 5]
        assert found[0].time_s == pytest.approx(0.12, abs=1e-5)

    def test_one_in_so_many_seconds(self, tmp_path):
        found, _ = decode(samples.normal(tmp_path / "a.mp4"), every_s=0.1)
        assert [f.index for f in found] == [0, 3, 5, 8]

    def test_a_step_shorter_than_a_frame_gives_every_frame(self, tmp_path):
        assert len(decode(samples.normal(tmp_path / "a.mp4"), every_s=0.001)[0]) == 10

    def test_a_start_after_the_end_of_the_footage_is_told(self, tmp_path):
        with pytest.raises(VideoError, match=r"start_s = 9 s.*ends at 0\.36 s"):
            decode(samples.normal(tmp_path / "a.mp4"), start_s=9)

    @pytest.mark.parametrize("start_s", [0.3, 1.0, 1.9, 2.36])
    @pytest.mark.parametrize(
        ("name", "codec"), [("a.mp4", "libx264"), ("a.ts", "libx264"), ("a.mkv", "mpeg4")]
    )
    def test_passing_over_the_start_changes_nothing(self, tmp_path, name, codec, start_s):
        images = [samples.picture(40 + 3 * i) for i in range(60)]
        path = samples.encoded(tmp_path / name, codec, "yuv420p", images, n_keyframe=12)
        whole, _ = decode(path)
        found, _ = decode(path, start_s=start_s)
        expected = [f for f in whole if f.time_s >= start_s - 1e-6]
        assert [(f.index, f.time_s) for f in found] == [(f.index, f.time_s) for f in expected]
        assert all(np.array_equal(a.image, b.image) for a, b in zip(found, expected, strict=True))


class TestBadInput:
    def test_a_missing_file(self, tmp_path):
        with pytest.raises(VideoError, match="no such file"):
            decode(tmp_path / "none.mp4")

    def test_an_empty_file(self, tmp_path):
        (tmp_path / "a.mp4").touch()
        with pytest.raises(VideoError, match="empty"):
            decode(tmp_path / "a.mp4")

    @pytest.mark.parametrize("name", ["a.mp4", "a.txt"])
    def test_text_by_any_name(self, tmp_path, name):
        (tmp_path / name).write_text("not a video\n" * 500)
        with pytest.raises(VideoError):
            decode(tmp_path / name)

    def test_only_sound(self, tmp_path):
        with pytest.raises(VideoError, match="only sound"):
            decode(samples.only_sound(tmp_path / "a.mp4"))

    def test_a_file_without_its_index(self, tmp_path):
        path = samples.normal(tmp_path / "a.mp4")
        path.write_bytes(path.read_bytes()[:60])
        with pytest.raises(VideoError, match="truncated"):
            decode(path)

    def test_a_file_of_nothing_but_damage(self, tmp_path):
        path = samples.normal(tmp_path / "a.mp4")
        data = bytearray(path.read_bytes())
        at = data.find(b"mdat") + 4
        data[at:] = bytes(len(data) - at)
        path.write_bytes(data)
        for read in (decode, probe):
            with pytest.raises(VideoError, match="not one picture"):
                read(path)

    @pytest.mark.parametrize("read", [decode, probe])
    def test_messages_are_one_line_and_name_the_file(self, tmp_path, read):
        (tmp_path / "a.mp4").write_bytes(b"\x00" * 5000)
        with pytest.raises(VideoError) as caught:
            read(tmp_path / "a.mp4")
        assert "a.mp4" in str(caught.value)
        assert "\n" not in str(caught.value)


class TestProbe:
    def test_header_and_first_picture(self, tmp_path):
        info = probe(samples.normal(tmp_path / "a.mp4"))
        assert (info.width_px, info.height_px, info.n_frames_claimed) == (64, 48, 10)
        assert info.fps == pytest.approx(25, abs=0.1)
        assert info.duration_s == pytest.approx(0.4, abs=0.01)

    def test_equal_footage_has_an_equal_fingerprint_elsewhere(self, tmp_path):
        first = samples.normal(tmp_path / "a.mp4")
        (tmp_path / "copy of a.mp4").write_bytes(first.read_bytes())
        other = samples.black(tmp_path / "b.mp4")
        assert probe(first).fingerprint == probe(tmp_path / "copy of a.mp4").fingerprint
        assert probe(first).fingerprint != probe(other).fingerprint


def test_a_colon_in_a_name_is_no_protocol(tmp_path, monkeypatch):
    samples.normal(tmp_path / "match1:2.mp4")
    monkeypatch.chdir(tmp_path)
    assert len(decode("match1:2.mp4")[0]) == 10


def test_stopping_early_ends_the_thread(tmp_path):
    found = frames(samples.normal(tmp_path / "a.mp4", 60))
    next(found)
    found.close()
    assert not [t for t in threading.enumerate() if t.name == "read-ahead"]


def test_a_program_that_never_finishes_reading_still_exits(tmp_path):
    path = samples.normal(tmp_path / "a.mp4", 60)
    code = "import sys, pathlib, pipeline.video as v; it = v.frames(pathlib.Path(sys.argv[1])); next(it)"
    subprocess.run([sys.executable, "-c", code, str(path)], check=True, timeout=60)


@pytest.mark.parametrize(
    "text", ["#EXTM3U\n#EXTINF:1,\nother.ts\n", "ffconcat version 1.0\nfile other.mp4\n", "<MPD></MPD>"]
)
def test_a_playlist_that_pulls_in_other_files_is_refused(tmp_path, text):
    path = tmp_path / "clip.mp4"  # whatever it calls itself
    path.write_text(text)
    with pytest.raises(VideoError, match="a list of other files"):
        probe(path)
