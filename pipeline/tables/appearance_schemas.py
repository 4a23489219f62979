"""Tables of how people look: shirt numbers read, colours and build of each track."""

from __future__ import annotations

from pipeline.tables.columns import FRAME, TRACK, Column, TableSchema

ZONE_NAMES = ("head", "shirt", "shorts", "socks")
"""Zones of the body whose colours are measured; the head is hair and skin together."""
_NUMBER = Column(
    "number", "Int32", "shirt number; null where none was read, or not surely enough", True, low=0, high=99
)

NUMBER_READINGS = TableSchema(
    "number_readings",
    "What the number reader said about each picture of a track that was looked at.",
    ("frame", "instance"),
    (
        FRAME,
        Column("instance", "int32", "number of the person within the frame, from 0", low=0),
        TRACK,
        _NUMBER,
        Column(
            "score",
            "float32",
            "probability that this number is right, 0 to 1; null without one",
            True,
            low=0,
            high=1,
        ),
        Column("legible", "float32", "probability that a number can be read here, 0 to 1", low=0, high=1),
    ),
)


def _zone(name: str) -> tuple[Column, ...]:
    colour = f"colour of the {name} over the track's samples, CIE L*a*b*"
    return (
        *(Column(f"{name}_{c}", "float32", f"{colour}: mean; null where never seen", True) for c in "lab"),
        *(
            Column(
                f"{name}_{c}_spread",
                "float32",
                f"{colour}: standard deviation; null with fewer than two samples",
                True,
                low=0,
            )
            for c in "lab"
        ),
        Column(f"{name}_n", "int32", f"samples in which the {name} was seen", low=0),
    )


TRACKLET_APPEARANCE = TableSchema(
    "tracklet_appearance",
    "What each track looks like: one row for each track of a person, none for the ball.",
    ("track_id",),
    (
        TRACK,
        Column("n_samples", "int32", "pictures of it that were looked at", low=0),
        *(column for zone in ZONE_NAMES for column in _zone(zone)),
        Column("height_to_width", "float32", "height of the box over its width, median", low=0),
        Column(
            "relative_height",
            "float32",
            "height over that of others where he stands in the picture, median; null where they were too few",
            True,
            low=0,
        ),
        _NUMBER,
        Column(
            "number_score",
            "float32",
            "probability of the likeliest number, 0 to 1, also where it is too low for one; null where no "
            "reading was legible",
            True,
            low=0,
            high=1,
        ),
        Column("n_legible", "int32", "readings that had a vote on the number", low=0),
    ),
)
