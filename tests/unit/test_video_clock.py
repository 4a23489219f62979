import struct
from fractions import Fraction
from itertools import pairwise

import av
import pytest
import video_samples
from hypothesis import given
from hypothesis import strategies as st

from pipeline import video
from pipeline.video.timestamps import LOOKAHEAD, Clock

MS = Fraction(1, 1000)


def times(stamps, **options):
    clock = Clock(MS, 25.0, **options)
    out = [clock.time_s(stamp, stamps[i + 1 : i + 1 + LOOKAHEAD]) for i, stamp in enumerate(stamps)]
    return [None if t is None else round(1000 * t) for t in out], clock.n_repaired


def test_sound_stamps_count_from_the_first():
    assert times([5000, 5040, 5080]) == ([0, 40, 80], 0)


def test_a_variable_rate_is_kept():
    assert times([0, 40, 900, 910]) == ([0, 40, 900, 910], 0)


def test_missing_stamps_go_on_at_the_usual_rate():
    assert times([None, None, None]) == ([0, 40, 80], 3)


def test_a_missing_stamp_between_sound_ones_moves_nothing_else():
    assert times([0, None, 80]) == ([0, 40, 80], 1)


def test_stamps_that_begin_late_continue_from_there():
    assert times([None, 500, 540]) == ([0, 40, 80], 1)


def test_a_repeated_stamp_gets_half_a_frame():
    assert times([0, 0, 80, 80, 160]) == ([0, 20, 80, 100, 160], 2)


def test_a_picture_that_comes_too_late_is_dropped():
    assert times([0, 40, 2000, 2040, 80, 2080, 2120]) == ([0, 40, 2000, 2040, None, 2080, 2120], 1)


def test_a_joined_recording_goes_on():
    stamps = [0, 40, 2000, 2040, 0, 40, 80, 120, 160]
    assert times(stamps) == ([0, 40, 2000, 2040, 2080, 2120, 2160, 2200, 2240], 1)


@pytest.mark.parametrize("hours", [5, 24 * 50, 24 * 365 * 50])
def test_a_clock_that_is_set_goes_on_and_a_pause_stays(hours):
    jump = hours * 3_600_000
    assert times([0, 40, 80 + jump, 120 + jump]) == ([0, 40, 80, 120], 0)
    assert times([0, jump, 80, 120, 160, 200]) == ([0, 40, 80, 120, 160, 200], 1)
    assert times([0, 40, 3_600_000]) == ([0, 40, 3_600_000], 0)


def test_an_origin_from_before_counts_from_there():
    assert times([4000, 4040], origin=1000) == ([3000, 3040], 0)


def test_no_stamps_no_times():
    assert times([]) == ([], 0)


@given(st.lists(st.none() | st.integers(-10_000, 10_000), max_size=40), st.sampled_from([5.0, 25.0, 60.0]))
def test_times_always_grow(stamps, fps):
    clock = Clock(MS, fps)
    out = [clock.time_s(stamp, stamps[i + 1 : i + 1 + LOOKAHEAD]) for i, stamp in enumerate(stamps)]
    kept = [t for t in out if t is not None]
    assert all(a < b for a, b in pairwise(kept))


@given(st.lists(st.integers(1, 500), min_size=1, max_size=40))
def test_growing_stamps_are_never_touched(steps):
    stamps = [sum(steps[:i]) for i in range(len(steps) + 1)]
    out, n_repaired = times(stamps)
    assert out == pytest.approx([s - stamps[0] for s in stamps])
    assert n_repaired == 0


def _seen(path):
    warnings = []
    return len(list(video.frames(path, warn=warnings.append))), " ".join(warnings)


@pytest.mark.parametrize(("factor", "said"), [(100, "each 4 s, its codec 25 a second"), (5, "each 0.2 s")])
def test_times_that_do_not_fit_the_rate_of_the_codec_are_said(tmp_path, factor, said):
    images = [video_samples.noise(i, 64, 48) for i in range(12)]
    plain = video_samples.encoded(tmp_path / "a.mp4", "libx264", "yuv420p", images)
    with av.open(str(plain)) as read, av.open(str(tmp_path / "b.mkv"), "w") as out:
        stream = out.add_stream_from_template(read.streams.video[0])
        for packet in read.demux(read.streams.video[0]):
            if packet.dts is not None:
                packet.pts, packet.dts, packet.stream = packet.pts * factor, packet.dts * factor, stream
                out.mux(packet)
    n, warned = _seen(tmp_path / "b.mkv")
    assert n == 12
    assert said in warned


def test_pictures_that_a_damaged_clock_cuts_off_are_said(tmp_path):
    images = [video_samples.noise(i, 64, 48) for i in range(12)]
    path = video_samples.encoded(tmp_path / "a.mp4", "libx264", "yuv420p", images)
    data = bytearray(path.read_bytes())
    at = data.find(b"mdhd") + 16  # behind version and flags and two times: the ticks a second
    struct.pack_into(">I", data, at, struct.unpack_from(">I", data, at)[0] // 100)
    path.write_bytes(data)
    n, warned = _seen(path)
    assert n == 12 or f"only {n} of 12 packets gave a picture" in warned


def test_sound_films_of_any_rate_raise_no_doubt(tmp_path):
    for rate in (10, 25, 60):
        images = [video_samples.picture(100 + i) for i in range(12)]
        path = video_samples.film(tmp_path / f"{rate}.mp4", images, [i / rate for i in range(12)])
        assert _seen(path) == (12, "")
