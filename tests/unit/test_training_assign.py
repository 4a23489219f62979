"""At somebody's feet the ball keeps its anchors, whatever the network guesses there; else all is as ever."""

import torch
from ultralytics.utils.tal import TaskAlignedAssigner

from pipeline.core.types import BALL, PLAYER
from pipeline.training.segmentation.ball_anchors import BallFirstAssigner

PERSON_BOX = (20.0, 10.0, 44.0, 74.0)
BALL_BOX = (36.0, 64.0, 44.0, 72.0)
GRID = torch.stack(torch.meshgrid(torch.arange(4, 96, 8.0), torch.arange(4, 96, 8.0), indexing="xy"), -1)
ANCHORS = GRID.reshape(-1, 2)


def assign(kind, labels, boxes, guess=PERSON_BOX):
    """What each anchor learns (-1: nothing) when all guess ``guess`` and all classes alike."""
    n = len(ANCHORS)
    assigner = kind(topk=10, num_classes=4, alpha=0.5, beta=6.0, stride=[8, 16, 32])
    classes, _, scores, found, _ = assigner(
        torch.full((1, n, 4), 0.1),
        torch.tensor(guess).expand(1, n, 4),
        ANCHORS,
        torch.tensor(labels).view(1, -1, 1),
        torch.tensor(boxes).view(1, -1, 4),
        torch.ones(1, len(labels), 1),
    )
    return torch.where(found[0], classes[0], -1), scores[0]


def at_ball():
    middle = torch.tensor([(BALL_BOX[0] + BALL_BOX[2]) / 2, (BALL_BOX[1] + BALL_BOX[3]) / 2])
    return (ANCHORS - middle).abs().amax(dim=1) < 8


def test_a_ball_at_somebodys_feet_is_learnt_although_every_guess_there_is_the_person():
    usual, _ = assign(TaskAlignedAssigner, [PLAYER, BALL], [PERSON_BOX, BALL_BOX])
    ours, scores = assign(BallFirstAssigner, [PLAYER, BALL], [PERSON_BOX, BALL_BOX])
    assert (usual[at_ball()] == BALL).sum() < (ours[at_ball()] == BALL).sum()
    assert (ours[at_ball()] == BALL).all()
    assert scores[at_ball(), BALL].max() > 0.2
    assert (ours == PLAYER).sum() >= 5


def test_people_without_a_ball_are_assigned_as_ever():
    two = [PERSON_BOX, (28.0, 12.0, 52.0, 76.0)]
    for found, expected in zip(
        assign(BallFirstAssigner, [PLAYER, PLAYER], two),
        assign(TaskAlignedAssigner, [PLAYER, PLAYER], two),
        strict=True,
    ):
        assert torch.equal(found, expected)


def test_a_ball_that_the_guesses_meet_is_scored_by_how_well_they_do():
    _, scores = assign(BallFirstAssigner, [BALL], [BALL_BOX], guess=BALL_BOX)
    assert scores[:, BALL].max() > 0.99
