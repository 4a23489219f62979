"""What the pass over the footage gathers for later steps, and what they do with it."""

from types import SimpleNamespace

import drawn_shots as drawn
import numpy as np
import pytest

from pipeline import video
from pipeline.calibration.evidence.key_frames import key_frames
from pipeline.core import config
from pipeline.core.config import VideoSettings
from pipeline.core.types import Frame, Instances
from pipeline.egomotion.reduced_picture import reduced
from pipeline.networks.pitch_network import PitchReading
from pipeline.shots import thumbnails
from pipeline.video.decoded_picture import DecodedPicture
from pipeline.workflow.instance_rows import FrameFacts
from pipeline.workflow.observers import chosen_observers, pitch_looks, small_pictures
from pipeline.workflow.observers.observer import Sight, Target
from pipeline.workflow.observers.pitch_looks import Look, PitchLooks
from pipeline.workflow.observers.small_pictures import SmallPictures
from pipeline.workflow.step import marked

SHOTS = np.repeat([0, 1, 2], [30, 40, 25])
PICTURES = [*drawn.pan(1, 30), *drawn.pan(2, 40), *drawn.pan(3, 25)]
PARTS = np.repeat([0, 1, 2], [45, 20, 30])
"""Three shots in three parts, whose borders they cross."""
FRAME = np.arange(len(PICTURES))
TIME_S = FRAME / drawn.FPS
BOXES = np.array([[10, 20, 30, 60], [50, 60, 54, 64]], np.float32)


def sight(number, grass=0.7, duplicate=False):
    """A picture as the pass shows it: its shot counts from the beginning of its part."""
    shot = int(SHOTS[number] - SHOTS[np.searchsorted(PARTS, PARTS[number])])
    frame = Frame(number, float(TIME_S[number]), PICTURES[number])
    facts = FrameFacts(number, frame.time_s, shot, duplicate, grass, None)
    found = Instances(number, BOXES, np.ones(2, np.float32), np.array([0, 3], np.int8), ())
    return Sight(frame, reduced(frame.image), facts, found)


def watch(observer, parts=(0, 1, 2), **facts):
    for part in parts:
        for number in np.flatnonzero(part == PARTS).tolist():
            observer.see(sight(number, **facts))
        observer.end(part)


@pytest.fixture
def film(monkeypatch):
    """The footage as it can be decoded again; counts the pictures that are converted."""
    read = []

    def pictures(source, settings):
        for number in range(len(PICTURES)):
            yield DecodedPicture(
                number, float(TIME_S[number]), lambda n=number: read.append(n) or PICTURES[n]
            )

    monkeypatch.setattr(video, "pictures", pictures)
    return read


def glimpses(folder, which):
    shown = small_pictures.pictures(None, VideoSettings(), folder, which, lambda _: None)
    return thumbnails.glimpse(shown, which)


def assert_same_glimpses(one, other):
    assert one.tiny.keys() == other.tiny.keys()
    assert one.edges.keys() == other.edges.keys() == {0, 1, 2}
    assert one.change == other.change
    assert all(np.array_equal(one.tiny[k], other.tiny[k]) for k in one.tiny)
    assert all(np.array_equal(one.edges[k], other.edges[k]) for k in one.edges)


def test_small_pictures_of_the_pass_are_all_that_shots_want(tmp_path, film):
    which = thumbnails.wanted(FRAME, TIME_S, SHOTS, PARTS)
    again = glimpses(tmp_path / "nothing", which)
    assert sorted(film) == sorted(which.around | which.within.keys())
    film.clear()
    watch(SmallPictures(Target(marked(tmp_path / "seen", "f"), "f")))
    assert_same_glimpses(glimpses(tmp_path / "seen", which), again)
    assert not film


def test_pictures_of_a_part_that_nobody_watched_are_decoded(tmp_path, film):
    which = thumbnails.wanted(FRAME, TIME_S, SHOTS, PARTS)
    again = glimpses(tmp_path / "nothing", which)
    film.clear()
    watch(SmallPictures(Target(marked(tmp_path / "seen", "f"), "f")), parts=(0, 2))
    assert_same_glimpses(glimpses(tmp_path / "seen", which), again)
    assert film
    assert {PARTS[number] for number in film} == {1}


def test_a_shot_across_parts_has_no_more_pictures_than_another():
    which = thumbnails.wanted(FRAME, TIME_S, np.zeros_like(SHOTS), PARTS)
    assert len(which.within) == 7
    assert {PARTS[number] for number in which.within} == {0, 1, 2}
    assert thumbnails.wanted(FRAME[:0], TIME_S[:0], SHOTS[:0], PARTS[:0]).within == {}


class PitchNetwork:
    """Says of each picture what its first pixel is, and counts."""

    def __init__(self):
        self.read_pictures = []

    def read(self, image):
        self.read_pictures.append(image)
        points = np.full((32, 2), np.nan)
        points[0] = image[0, 0, :2]
        return PitchReading(points, np.ones(32, np.float32), np.zeros((72, 128), np.float32), np.eye(3))


def looks_of(rows):
    return [Look(int(FRAME[r]), float(TIME_S[r]), BOXES[:1].astype(float)) for r in rows]


def chosen_rows(every_s=0.2):
    span = np.cumsum(np.append(0, (np.diff(SHOTS) != 0) | (np.diff(PARTS) != 0)))
    return key_frames(TIME_S, span, np.zeros(len(span), bool), every_s)


def looked(folder, network):
    return pitch_looks.look(
        None, VideoSettings(), looks_of(chosen_rows()), lambda: network, 0.3, folder, lambda _: None
    )


def test_the_pitch_network_has_seen_its_key_frames_in_the_pass(tmp_path, film):
    alone, passing = PitchNetwork(), PitchNetwork()
    expected = looked(tmp_path, alone)
    watch(PitchLooks(Target(marked(tmp_path / "seen", "f"), "f"), config.load(), passing))
    found = looked(tmp_path / "seen", None)
    assert len(found) == len(expected) == len(alone.read_pictures) == len(passing.read_pictures) > 20
    for one, other in zip(found, expected, strict=True):
        for name in one.__slots__:
            assert np.array_equal(getattr(one, name), getattr(other, name)), name


def test_key_frames_that_are_missing_are_looked_at_once(tmp_path, film):
    folder = marked(tmp_path / "seen", "f")
    watch(PitchLooks(Target(folder, "f"), config.load(), PitchNetwork()), parts=(0, 1))
    rest = PitchNetwork()
    found = looked(folder, rest)
    assert [e.frame for e in found] == chosen_rows().tolist()
    assert len(rest.read_pictures) == (PARTS[chosen_rows()] == 2).sum()
    again = PitchNetwork()
    assert len(looked(folder, again)) == len(found)
    assert not again.read_pictures


def test_damaged_files_count_as_missing(tmp_path, film):
    folder, which = marked(tmp_path / "seen", "f"), thumbnails.wanted(FRAME, TIME_S, SHOTS, PARTS)
    again = glimpses(tmp_path / "nothing", which)
    watch(SmallPictures(Target(folder, "f")))
    watch(PitchLooks(Target(folder, "f"), config.load(), PitchNetwork()))
    for path, keep in ((folder / "small-000001.npz", 0.6), (folder / "pass-000002.npz", 0.5)):
        content = path.read_bytes()
        path.write_bytes(content[: int(keep * len(content))])
    (folder / "small-000002.npz").write_bytes(b"")
    film.clear()
    assert_same_glimpses(glimpses(folder, which), again)
    assert {PARTS[number] for number in film} == {1, 2}
    rest = PitchNetwork()
    assert [e.frame for e in looked(folder, rest)] == chosen_rows().tolist()
    assert len(rest.read_pictures) == (PARTS[chosen_rows()] == 2).sum()


def test_pictures_without_grass_and_repeated_ones_are_not_looked_at(tmp_path):
    network = PitchNetwork()
    target = Target(marked(tmp_path / "seen", "f"), "f")
    watch(PitchLooks(target, config.load(), network), grass=0.01)
    watch(PitchLooks(target, config.load(), network), duplicate=True)
    assert not network.read_pictures
    watch(PitchLooks(target, config.load(overrides={"pitch.preset": "futsal"}), network), (0,), grass=0.01)
    assert network.read_pictures


def test_nothing_is_written_for_settings_that_are_no_longer_those_of_the_run(tmp_path):
    target = Target(marked(tmp_path / "seen", "old"), "old")
    observers = SmallPictures(target), PitchLooks(target, config.load(), PitchNetwork())
    marked(tmp_path / "seen", "new")
    for observer in observers:
        watch(observer)
    assert [p.name for p in (tmp_path / "seen").iterdir()] == ["fingerprint"]


def test_a_setting_changes_the_mark_of_its_own_observer_alone(tmp_path):
    def marks(people="p", **changed):
        return chosen_observers.marks(config.load(overrides=changed), people)

    before = marks()
    assert set(before) == {chosen_observers.PITCH, chosen_observers.SMALL}
    for setting in ({"calibrate.every_s": 0.5}, {"calibrate.min_keypoint_score": 0.5}):
        after = marks(**setting)
        assert after[chosen_observers.SMALL] == before[chosen_observers.SMALL]
        assert after[chosen_observers.PITCH] != before[chosen_observers.PITCH]
    assert marks(**{"calibrate.max_gap_s": 0.5, "project.margin_m": 3.0}) == before
    assert not set(marks("other").values()) & set(before.values())
    assert set(marks(**{"calibrate.points": "clicks.yaml"})) == {chosen_observers.SMALL}


def test_observers_are_made_for_what_is_asked(tmp_path, monkeypatch):
    monkeypatch.setattr("pipeline.networks.pitch_network.PitchNet", lambda *_: SimpleNamespace())
    asked = {chosen_observers.SMALL: "a", chosen_observers.PITCH: "b"}
    made = chosen_observers.observers(tmp_path, asked, config.load(), 1)
    assert [type(one) for one in made] == [PitchLooks, SmallPictures]
    assert chosen_observers.observers(tmp_path, {}, config.load(), 1) == []
