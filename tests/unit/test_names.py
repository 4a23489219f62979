"""What people are called, everywhere."""

import linked_people
import pytest

from pipeline.tables import storage
from pipeline.tables.names import label_of, player_labels, short_labels
from pipeline.tables.persons import PersonAt


def test_without_shirts_a_team_counts_from_one_in_the_order_of_the_table():
    rows = [(10 * i, "AB"[i % 2], "player", None, None) for i in range(1, 7)]
    assert short_labels(linked_people.people(*rows)) == {
        10: "B1", 20: "A1", 30: "B2", 40: "A2", 50: "B3", 60: "A3"
    }  # fmt: skip


def test_running_numbers_pass_over_shirts_of_the_same_team_only():
    people = linked_people.people(
        (1, "A", "player", None, None),
        (2, "A", "player", 2, None),
        (3, "A", "player", None, None),
        (4, "B", "player", None, None),
        (5, "B", "player", None, None),
    )
    assert short_labels(people) == {1: "A1", 2: "2", 3: "A3", 4: "B1", 5: "B2"}


def test_officials_and_people_of_no_team_have_labels_of_their_own():
    people = linked_people.people(
        (1, None, "referee", None, None), (2, None, "referee", None, None), (3, None, None, None, None)
    )
    assert short_labels(people) == {1: "REF 1", 2: "REF 2", 3: "P1"}


def test_the_full_label_has_shirt_and_name_or_what_the_provider_gave():
    people = linked_people.people(
        (1, "A", "player", 7, "Sancho"), (2, "A", "player", None, "Lima"), (3, "A", "player", None, None)
    )
    assert player_labels(people) == {1: "7 Sancho", 2: "Lima", 3: "A1"}
    assert short_labels(people) == {1: "7", 2: "Lima", 3: "A1"}
    given = player_labels(people.assign(provider_id="home_9"))
    assert given == {1: "7 Sancho", 2: "Lima", 3: "home_9"}


def test_nobody_has_no_labels():
    assert short_labels(storage.empty("people")) == player_labels(storage.empty("people")) == {}


@pytest.mark.parametrize(("labels", "text"), [({3: "A1"}, "A1"), ({4: "A1"}, "? (track 3)"), ({}, "track 3")])
def test_a_piece_of_nobody_is_a_question_mark_and_a_track_only_where_nobody_is_known(labels, text):
    assert label_of(labels, 3) == text


def test_a_split_track_shows_another_person_from_the_frame_on_where_it_was_split():
    at = PersonAt(linked_people.links((4, 50, 99, 8), (4, 0, 49, 3), (5, 0, 9, None)))
    assert [at(4, frame) for frame in (0, 49, 50, 99)] == [3, 3, 8, 8]
    assert at(5, 3) is None
    assert at(6, 3) is None
    assert PersonAt(storage.empty("links"))(1, 0) is None
