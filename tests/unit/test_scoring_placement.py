"""Relative placement: a majority of places decides, then its size, its sum, and one place further."""

from fractions import Fraction

from evaluator.rules import scoring
from evaluator.rules.procedure import HigherSheet, Minimum, Ranking, SetAside
from evaluator.rules.scoring import placement
from tests.rubric_builder import a_rubric, numeric

JUDGES = ("J1", "J2", "J3", "J4", "J5")


def marks(**rows):
    """Totals by dossier from the places that five judges gave: the better the place, the more points."""
    return {
        name: {judge: Fraction(100 - place) for judge, place in zip(JUDGES, places, strict=True)}
        for name, places in rows.items()
    }


def names(order):
    return [tuple(placed.initiative for placed in block) for block in order.blocks]


def test_a_majority_of_first_places_wins_over_a_better_mean():
    order = placement.order(marks(A=(1, 1, 1, 4, 4), B=(2, 2, 2, 1, 1), C=(3, 3, 3, 2, 2), D=(4, 4, 4, 3, 3)))

    assert names(order) == [("A",), ("B",), ("C",), ("D",)]
    assert order.blocks[0][0] == placement.Placed("A", column=1, votes=3, places=3, judges=5)
    assert order.blocks[1][0] == placement.Placed("B", column=2, votes=5, places=8, judges=5)


def test_of_two_majorities_at_the_same_place_the_greater_goes_first_then_the_smaller_sum():
    greater = placement.order(marks(A=(1, 2, 2, 3, 3), B=(2, 1, 1, 2, 4), C=(3, 3, 3, 1, 1), D=(4, 4, 4, 4, 2)))
    assert names(greater) == [("B",), ("A",), ("C",), ("D",)]

    # B and C: three places of 2 or better each; B's add up to 4, C's to 5.
    smaller = placement.order(marks(A=(4, 4, 1, 4, 3), B=(1, 1, 4, 2, 4), C=(2, 2, 3, 1, 4), D=(3, 3, 2, 3, 1)))
    assert names(smaller) == [("B",), ("C",), ("D",), ("A",)]


def test_equal_majorities_are_told_apart_one_place_further():
    # Both have three votes for 2 or better with sum 5; with 3 or better A has four votes, B still three.
    order = placement.order(marks(A=(1, 2, 2, 3, 4), B=(2, 1, 2, 4, 4), C=(3, 3, 3, 1, 1), D=(4, 4, 1, 2, 3)))

    assert names(order)[:2] == [("A",), ("B",)]


def test_what_nothing_tells_apart_stays_together():
    order = placement.order(marks(A=(1, 2, 1, 2, 3), B=(2, 1, 2, 1, 3), C=(3, 3, 3, 3, 1)))

    assert names(order) == [("A", "B"), ("C",)]


def test_equal_totals_of_a_reviewer_share_the_better_place():
    order = placement.order({"A": {"J": Fraction(9)}, "B": {"J": Fraction(9)}, "C": {"J": Fraction(8)}})

    assert [[placed.column for placed in block] for block in order.blocks] == [[1, 1], [3]]


def test_a_dossier_without_a_sheet_of_every_reviewer_has_no_place():
    found = marks(A=(1, 1, 1, 2, 2), B=(2, 2, 2, 1, 1), C=(3, 3, 3, 3, 3))
    del found["B"]["J5"]
    order = placement.order(found)

    assert (names(order), order.incomplete, order.judges) == ([("A",), ("C",)], ("B",), 5)


def dossier(initiative, *totals, chair=None):
    sheets = tuple(scoring.Sheet(f"r{n}", {"a": total * 100}) for n, total in enumerate(totals))
    if chair is not None:
        sheets += (scoring.Sheet("c", {"a": chair * 100}, "chair"),)
    return scoring.Dossier(initiative, sheets)


def ranked(rubric, *dossiers):
    return scoring.ranked(rubric, scoring.Scorer(rubric).outcomes(dossiers))


def test_a_rubric_that_ranks_by_places_says_what_each_rank_rests_on():
    rubric = a_rubric(numeric(maximum=100), ranking=Ranking.PLACEMENT)
    # A has the lower mean and the majority of first places.
    found = ranked(rubric, dossier("A", 60, 60, 10), dossier("B", 50, 50, 90), dossier("C", 40, 40))

    assert [(each.initiative, each.rank, str(each.broken_by)) for each in found] == [
        ("A", 1, "2 of 3 reviewers placed it 1 or better; these places add up to 2."),
        ("B", 2, "3 of 3 reviewers placed it 2 or better; these places add up to 5."),
        ("C", None, "It has no rank: ranking by places needs a sheet of each of the 3 reviewers."),
    ]


def test_whoever_misses_the_conditions_comes_after_everybody_who_meets_them():
    rubric = a_rubric(numeric(maximum=100), ranking=Ranking.PLACEMENT, gates=(Minimum(at_least=5000),))
    found = ranked(rubric, dossier("A", 60, 60, 10), dossier("B", 50, 50, 90))

    assert [(each.initiative, each.passed, each.rank) for each in found] == [("B", True, 1), ("A", False, 2)]


def test_the_chairs_sheet_set_aside_breaks_a_tie_of_places_only():
    rubric = a_rubric(
        numeric(maximum=100),
        steps=(SetAside(role="chair"),),
        ranking=Ranking.PLACEMENT,
        ties=(HigherSheet(role="chair"),),
    )
    found = ranked(
        rubric, dossier("A", 90, 80, chair=10), dossier("B", 80, 90, chair=20), dossier("C", 70, 70, chair=99)
    )

    assert [(each.initiative, each.rank, each.tied) for each in found] == [
        ("B", 1, False),
        ("A", 2, False),
        ("C", 3, False),
    ]
    assert str(found[0].broken_by) == "Equal scores: the higher sheet of the role “chair” goes first (20)."
