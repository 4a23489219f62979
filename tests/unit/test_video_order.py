"""Containers whose stamps follow the order of decoding: all pictures, each at its own time."""

from fractions import Fraction

import av
import numpy as np
import pytest
import video_samples as samples

from pipeline.core.config import VideoSettings
from pipeline.video import frames, pixel_aspect

N, SIZE = 40, 64
_PACKED_MARK = b"\0\0\1\xb2DivX503b1393p"
_EMPTY = bytes.fromhex("000001b65040")


def shown(source, **settings):
    """Number of each picture (its brightness tells it) and its time in pictures."""
    said = []
    chosen = VideoSettings(**settings)
    found = [
        (round((float(f.image[-8:].mean()) - 20) / 5), f.time_s * 25)
        for f in frames(source, chosen, warn=said.append)
    ]
    return [n for n, _ in found], [t for _, t in found], said


def packets(codec, **options):
    """Encoded pictures in the order of decoding, and the stream's own facts."""
    encoder = av.CodecContext.create(codec, "w")
    encoder.width = encoder.height = SIZE
    encoder.pix_fmt, encoder.time_base, encoder.framerate = "yuv420p", Fraction(1, 25), Fraction(25)
    encoder.options = {"g": "100", **options}
    out = []
    for i in range(N):
        frame = av.VideoFrame.from_ndarray(np.full((SIZE, SIZE, 3), 20 + 5 * i, np.uint8), format="rgb24")
        frame.pts = i
        out += encoder.encode(frame)
    return [bytes(p) for p in [*out, *encoder.encode(None)]], encoder


def stored(path, codec, parts, encoder, stamps=None):
    """Write packets with stamps of decoding alone, as AVI has them."""
    with av.open(str(path), "w") as out:
        stream = out.add_stream(codec, rate=25)
        stream.width = stream.height = SIZE
        stream.pix_fmt = "yuv420p"
        stream.codec_context.extradata = encoder.extradata
        for i, data in enumerate(parts):
            packet = av.Packet(data)
            packet.stream, packet.time_base = stream, Fraction(1, 25)
            packet.pts = packet.dts = i if stamps is None else stamps[i]
            packet.is_keyframe = i == 0
            out.mux(packet)
    return path


def packed(parts):
    """MPEG-4 as DivX stores it: each P-picture with the B-picture behind it, then an empty packet."""
    first = parts[0].replace(b"\0\0\1\xb6", _PACKED_MARK + b"\0\0\1\xb6", 1)
    pairs = [p for i in range(1, len(parts) - 1, 2) for p in (parts[i] + parts[i + 1], _EMPTY)]
    return [first, *pairs]


@pytest.mark.parametrize("name", ["a.avi", "copied.mkv"])
@pytest.mark.parametrize("codec", ["libx264", "mpeg4"])
def test_b_frames_stamped_as_they_are_decoded_come_out_each_at_its_time(tmp_path, name, codec):
    parts, encoder = packets(codec, bf="2")
    numbers, times, said = shown(stored(tmp_path / name, codec, parts, encoder))
    assert numbers == list(range(N))
    assert times == pytest.approx(range(N), abs=0.1)
    assert said == []


@pytest.mark.parametrize("last_is_empty", [True, False])
def test_two_pictures_in_a_packet_come_out_both_also_at_the_end(tmp_path, last_is_empty):
    parts, encoder = packets("mpeg4", bf="1")
    whole = packed(parts)
    whole = whole if last_is_empty else whole[:-1]
    numbers, times, said = shown(stored(tmp_path / "a.avi", "mpeg4", whole, encoder))
    n = len(numbers)
    assert n == N - 1  # an odd one has no pair
    assert numbers == list(range(n))
    assert times == pytest.approx(range(n), abs=0.1)
    assert said == []


def test_empty_places_of_dropped_pictures_stay_gaps_in_time(tmp_path):
    parts, encoder = packets("mpeg4", bf="2")
    stamps = [i if i < 20 else i + 10 for i in range(len(parts))]
    numbers, times, _ = shown(stored(tmp_path / "a.avi", "mpeg4", parts, encoder, stamps))
    assert numbers == list(range(N))
    assert times == pytest.approx([i if i < 20 else i + 10 for i in range(N)], abs=0.1)


def test_an_empty_place_among_the_first_is_the_muxers_not_a_pause(tmp_path):
    parts, encoder = packets("mpeg4", bf="2")
    stamps = [i if i < 2 else i + 1 for i in range(len(parts))]
    _, times, _ = shown(stored(tmp_path / "a.avi", "mpeg4", parts, encoder, stamps))
    assert times == pytest.approx(range(N), abs=0.1)


def test_the_start_is_passed_over_at_the_same_times(tmp_path):
    parts, encoder = packets("libx264", bf="2")
    path = stored(tmp_path / "a.avi", "libx264", parts, encoder)
    numbers, times, _ = shown(path, start_s=0.8)
    assert numbers == list(range(20, N))
    assert times == pytest.approx(range(20, N), abs=0.1)


def test_sound_b_frames_keep_their_variable_times(tmp_path):
    times = [0, 0.04, 0.2, 0.24, 0.28, 0.6, 0.64, 0.68, 0.72, 0.76]
    path = samples.film(tmp_path / "a.mp4", [samples.picture(60 + 10 * i) for i in range(10)], times)
    found = [f.time_s for f in frames(path)]
    assert found == pytest.approx(times, abs=1e-3)


def test_a_jump_by_hours_is_cut_and_said_wherever_reading_begins(tmp_path):
    times = [i / 25 if i < 30 else i / 25 + 5 * 3600 for i in range(60)]
    images = [samples.picture(40 + 3 * i) for i in range(60)]
    path = samples.stamped(tmp_path / "a.mkv", images, times)
    for start_s in (0.0, 0.5, 1.5):
        said = []
        found = list(frames(path, VideoSettings(start_s=start_s), warn=said.append))
        first = round(start_s * 25 + 0.49)
        assert [f.index for f in found] == list(range(first, 60))
        assert [f.time_s for f in found] == pytest.approx([i / 25 for i in range(first, 60)], abs=1e-3)
        assert any("jumps in time of more than four hours, cut (5 h in all): 1" in line for line in said)


@pytest.mark.parametrize(
    ("said", "expected"), [(Fraction(4, 3), 4 / 3), (Fraction(1, 100), 1.0), (None, 1.0)]
)
def test_the_shape_of_pixels_is_read_unless_it_is_nonsense(tmp_path, said, expected):
    with av.open(str(tmp_path / "a.mp4"), "w") as out:
        stream = out.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        if said:
            stream.codec_context.sample_aspect_ratio = said
        frame = av.VideoFrame.from_ndarray(samples.picture(90), format="bgr24")
        for packet in [*stream.encode(frame), *stream.encode(None)]:
            out.mux(packet)
    assert pixel_aspect(tmp_path / "a.mp4") == pytest.approx(expected)
