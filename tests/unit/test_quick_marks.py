"""What one press gives on a criterion of each kind, and which digit stands for it."""

import pytest

from evaluator.reviews.blind import quick_marks
from evaluator.rules.rubric import Anchor, Anchored, Band, Bands, Choice, Comment, Numeric, Option


def marks(criterion):
    return [(mark.digit, mark.least, mark.points, mark.most) for mark in quick_marks(criterion)]


def test_a_band_gives_its_middle_and_the_best_stands_first():
    criterion = Bands(
        key="a",
        label="A",
        maximum=3000,
        bands=(
            Band(least=0, most=0, text="none"),
            Band(least=100, most=2000, text="some"),
            Band(least=2100, most=3000, text="much"),
        ),
    )

    assert marks(criterion) == [("3", 2100, 2600, 3000), ("2", 100, 1100, 2000), ("1", 0, 0, 0)]


def test_the_middle_of_a_band_lies_on_the_step_and_inside_the_band():
    criterion = Bands(
        key="a",
        label="A",
        maximum=100,
        step=25,
        bands=(Band(least=0, most=25, text="low"), Band(least=50, most=100, text="high")),
    )

    assert marks(criterion) == [("2", 50, 75, 100), ("1", 0, 25, 25)]


def test_on_a_small_whole_scale_the_digit_is_the_points():
    found = marks(Numeric(key="a", label="A", maximum=1000))

    assert [(digit, points) for digit, _least, points, _most in reversed(found)] == [
        *((str(points), points * 100) for points in range(10)),
        ("", 1000),
    ]


@pytest.mark.parametrize(
    ("maximum", "step", "points"),
    [
        (2000, 100, [400, 800, 1200, 1600, 2000]),
        (75, 25, [0, 25, 50, 75]),
        (800, 25, [150, 300, 475, 625, 800]),
    ],
)
def test_a_large_or_broken_scale_offers_some_points_by_rank(maximum, step, points):
    found = marks(Numeric(key="a", label="A", maximum=maximum, step=step))

    assert [(digit, each) for digit, _least, each, _most in reversed(found)] == [
        (str(rank), each) for rank, each in enumerate(points, start=1)
    ]


def test_anchors_are_marks_and_choices_and_comments_are_none():
    anchored = Anchored(key="a", label="A", anchors=(Anchor(points=0, text="no"), Anchor(points=500, text="yes")))

    assert marks(anchored) == [("2", 500, 500, 500), ("1", 0, 0, 0)]
    assert marks(Choice(key="a", label="A", options=(Option(key="x", label="X", points=100),))) == []
    assert marks(Comment(key="a", label="A")) == []
