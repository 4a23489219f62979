"""What is in doubt as the page shows it: the piece, the assumed person, the rival, and lines to paste."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.core.text.said import clock
from pipeline.linking.by_hand.doubt_list import Choice, Doubt
from pipeline.linking.by_hand.moments import Seen
from pipeline.report.identities.scenes import Moment
from pipeline.report.identities.track_pictures import Picture, TrackPictures
from pipeline.report.page.people_texts import WHY
from pipeline.report.style.wording import DASH, duration, share
from pipeline.tables.names import UNKNOWN

MOST_OTHERS = 12


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody it could be: what he is called, how likely, how he looks before and after, and the line."""

    what: str
    label: str
    score: str
    pictures: list[Picture]
    line: str


@dataclass(frozen=True, slots=True)
class DoubtCard:
    """A doubt: ``who`` it is about, ``when``, ``why`` it was decided so; ``others`` are lines by label."""

    who: str
    when: str
    why: str
    stake: str
    team: str
    picture: Picture | None
    scene: str | None
    candidates: list[Candidate]
    others: list[tuple[str, str]]


def moment_of(doubt: Doubt, pictures: TrackPictures, seen: Seen) -> Moment | None:
    """Choose the moment that shows a doubt best: that of the piece's picture, else its middle."""
    piece = doubt.piece
    if piece is None:
        return None
    track = int(piece["track_id"])
    frame = pictures.frame_of(piece)
    if frame is None:
        own = seen.frames(track, int(piece["frame_from"]), int(piece["frame_to"]))
        if not len(own):
            return None
        frame = int(own[len(own) // 2])
    return Moment(track, frame, seen.time_of(frame))


def doubt_card(
    doubt: Doubt,
    called: Mapping[int, str],
    pictures: TrackPictures,
    seen: Seen,
    scene: str | None,
) -> DoubtCard:
    """Put a doubt into words and pictures."""
    piece = doubt.piece
    if piece is None:
        both = [_alone(c, called, pictures) for c in doubt.choices]
        stake = duration(doubt.at_stake_s)
        return DoubtCard(doubt.text, "", "", stake, "", None, scene, both, [])
    own, second = (None if piece[k] is None else int(piece[k]) for k in ("player_id", "second_id"))
    first_s, last_s = (seen.time_of(int(piece[k])) for k in ("frame_from", "frame_to"))
    shown = [c for c in doubt.choices if c.player_id is not None and c.player_id in (own, second)]
    return DoubtCard(
        who=f"Track {int(piece['track_id'])}, {piece['role']}"
        + (f" of {piece['team']}" if piece["team"] else ""),
        when=f"{clock(first_s)} to {clock(last_s)}",
        why=f"Decided by {WHY[piece['why']]}. " if piece["why"] in WHY else "It could be several. ",
        stake=duration(doubt.at_stake_s),
        team=piece["team"] or "",
        picture=pictures.of_piece(piece),
        scene=scene,
        candidates=[_candidate(c, piece, called, pictures) for c in shown],
        others=_others([c for c in doubt.choices if c not in shown], called, int(piece["track_id"])),
    )


def _candidate(
    choice: Choice, piece: Mapping[str, Any], called: Mapping[int, str], pictures: TrackPictures
) -> Candidate:
    who = choice.player_id or 0
    assumed = piece["player_id"] is not None and who == int(piece["player_id"])
    score = piece["score"] if assumed else piece["second_score"]
    return Candidate(
        what="Assumed" if assumed else "Rival" if piece["player_id"] is not None else "Perhaps",
        label=called.get(who, UNKNOWN),
        score=DASH if score is None else share(float(score)),
        pictures=pictures.around(who, piece),
        line=choice.line,
    )


def _alone(choice: Choice, called: Mapping[int, str], pictures: TrackPictures) -> Candidate:
    who = choice.player_id or 0
    return Candidate("Wears it", called.get(who, UNKNOWN), "", pictures.of_person(who, 4), choice.line)


def _others(choices: Sequence[Choice], called: Mapping[int, str], track: int) -> list[tuple[str, str]]:
    free = [(called.get(c.player_id, UNKNOWN), c.line) for c in choices if c.player_id is not None]
    new = [("somebody new", c.line) for c in choices if c.player_id is None]
    return [*free[:MOST_OTHERS], *new, ("no player, no official", f"- {{ignore: {track}}}")]
