"""The optimiser on published cases and at its edges."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from evaluator.rules.matching import draw, solve
from evaluator.rules.matching.problem import Impossible, Problem, seeded_order
from evaluator.rules.matching.shortage import remedy

NOBODY = np.iinfo(np.int16).min
PUBLISHED = Path(__file__).parents[1] / "golden" / "matching"


def a_problem(worth, *, seats=1, most=2, least=0, **more):
    table = np.array(worth, np.int16)
    rows, columns = table.shape
    return Problem(table, np.full(rows, seats), np.full(columns, most), np.full(columns, least), **more)


def published(number):
    """A conference's bids, exact in quarters, with what the best assignment is known to be worth (PrefLib MD-00002)."""
    rows = (PUBLISHED / f"preflib-{number}.csv").read_text().split()
    table = np.array([[int(cell) for cell in row.split(",")] for row in rows], np.int16)
    table[table < 0] = NOBODY
    return table


@pytest.mark.parametrize(("number", "most", "best"), [(1, 6, "124.25"), (2, 7, "141.5"), (3, 6, "454.25")])
def test_the_published_optimum_is_reached(number, most, best):
    plan = solve.assign(a_problem(published(number), seats=3, most=most))
    assert Fraction(plan.total, 4) == Fraction(best)
    assert plan.gap == 0


@pytest.mark.parametrize(("limit", "share"), [("1/4", 657), ("1/2", 853), ("3/4", 947), ("13/16", 961)])
def test_the_price_of_chance_is_as_published(limit, share):
    problem = a_problem(published(3), seats=3, most=6)
    best = solve.assign(problem)
    question = draw.by_lot(problem, Fraction(limit))
    likely = solve.assign(question)
    assert round(Fraction(1000 * likely.total, question.grid * best.total)) == share


def test_every_pair_comes_as_often_as_planned():
    problem = draw.by_lot(a_problem([[9, 8, 7], [9, 8, 1], [9, 2, 7]], seats=1, most=1), Fraction(1, 2))
    planned = solve.assign(problem)
    counts = np.zeros(len(planned.parts))
    draws = 4000
    for seed in range(draws):
        drawn = draw.draw(planned, problem.grid, seed)
        counts += np.isin(planned.initiative * 3 + planned.reviewer, drawn.initiative * 3 + drawn.reviewer)
    expected = planned.parts / problem.grid
    assert abs(counts / draws - expected).max() < 0.035


def test_a_lone_initiative_without_enough_reviewers_is_named():
    with pytest.raises(Impossible) as refused:
        solve.assign(a_problem([[5, 5, 5], [5, NOBODY, NOBODY]], seats=2))
    reason = refused.value.shortage
    assert (reason.initiatives, reason.needed, reason.others, reason.lacking) == ((1,), 2, 1, 1)


def test_initiatives_that_share_too_few_reviewers_are_named_together():
    worth = [[5, NOBODY, NOBODY], [5, NOBODY, NOBODY], [5, NOBODY, NOBODY], [5, 5, 5]]
    problem = a_problem(worth)
    with pytest.raises(Impossible) as refused:
        solve.assign(problem)
    reason = refused.value.shortage
    assert (reason.initiatives, reason.reviewers, reason.room, reason.lacking) == ((0, 1, 2), (0,), 2, 1)
    assert remedy(reason, problem).more_load == 1
    assert solve.load_that_works(problem) == 1


def test_no_load_helps_where_conflicts_bar():
    assert solve.load_that_works(a_problem([[5, NOBODY]], seats=2)) is None


def test_a_promise_that_cannot_be_kept_is_named():
    with pytest.raises(Impossible) as refused:
        solve.assign(a_problem([[5, NOBODY], [5, NOBODY]], least=1))
    reason = refused.value.shortage
    assert reason.owed
    assert reason.reviewers == (1,)


def test_more_promised_than_there_is_to_give_is_refused_by_counting():
    with pytest.raises(Impossible) as refused:
        solve.assign(a_problem([[5, 5]], least=1))
    assert refused.value.shortage.owed


def test_evenness_spreads_what_is_equally_good():
    plan = solve.assign(a_problem([[5, 5, 5]] * 6, most=6, even=1))
    assert plan.loads(3).tolist() == [2, 2, 2]


def test_evenness_gives_way_to_suitability():
    plan = solve.assign(a_problem([[50, 5]] * 4, most=4, even=2))
    assert plan.loads(2).tolist() == [4, 0]


def test_the_fair_plan_gives_up_a_little_for_the_worst_off():
    worth = [[10, 9], [10, 1]]
    best, fair = solve.assign(a_problem(worth, most=1)), solve.fair(a_problem(worth, most=1))
    assert (best.total, fair.total) == (19, 19)
    stark = [[20, 9], [10, 1]]
    assert solve.assign(a_problem(stark, most=1)).total == 21
    assert solve.fair(a_problem(stark, most=1)).total == 19


def test_a_large_scale_of_numbers_is_still_exact():
    rng = np.random.default_rng(3)
    worth = rng.integers(0, 10**8, (200, 30)).astype(np.int32)
    problem = Problem(worth, np.full(200, 3), np.full(30, 22), np.zeros(30, np.int64))
    plan = solve.assign(problem)
    assert plan.gap == 0
    assert plan.total == int(worth[plan.initiative, plan.reviewer].sum())


def test_the_order_by_seed_does_not_depend_on_the_order_of_the_file():
    names = ["SK-1", "SK-2", "SK-3", "SK-4"]
    one = [names[at] for at in seeded_order(names, 5)]
    other = names[::-1]
    assert [other[at] for at in seeded_order(other, 5)] == one
    assert [names[at] for at in seeded_order(names, 6)] != one
