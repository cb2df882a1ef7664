"""The optimiser on published cases and at its edges."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from evaluator.rules.matching import apart, draw, solve
from evaluator.rules.matching.problem import Coverage, Impossible, Plan, Problem, Shortage, seeded_order
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


def test_every_draw_keeps_an_expert_where_one_is_planned():
    # Two experts and two others at each initiative, each with one half: exactly one expert in every draw.
    rows, columns = np.divmod(np.arange(40 * 4), 4)
    plan = Plan(rows, columns, np.full(160, 2), total=0, bound=0)
    for seed in range(5):
        drawn = draw.draw(plan, 4, seed, experts=columns < 2)
        assert np.bincount(drawn.initiative[drawn.reviewer < 2], minlength=40).tolist() == [1] * 40


def test_a_field_that_nobody_free_knows_is_named():
    coverage = Coverage(np.array([0, 1]), np.array([[True, False, False], [False, False, True]]))
    with pytest.raises(Impossible) as refused:
        solve.assign(a_problem([[NOBODY, 5, 5], [5, 5, 5]], seats=2, coverage=coverage))
    assert refused.value.shortage == Shortage((0,), (), 1, 0, 0, 1, of_field=True)


def test_experts_with_too_little_room_are_named_with_what_they_are_asked_for():
    coverage = Coverage(np.zeros(3, np.int64), np.array([[True, False, False]]))
    with pytest.raises(Impossible) as refused:
        solve.assign(a_problem([[5, 9, 9]] * 3, seats=2, most=2, coverage=coverage))
    assert refused.value.shortage == Shortage((0, 1, 2), (0,), 3, 2, 0, 1, of_field=True)


def test_the_price_of_an_expert_is_the_smallest_there_is():
    coverage = Coverage(np.array([0, 0]), np.array([[True, True, False, False]]))
    plan = solve.assign(a_problem([[1, 4, 9, 9], [2, 8, 9, 9]], seats=2, most=2, coverage=coverage))
    assert (plan.total, plan.gap) == (9 + 4 + 9 + 8, 0)
    alone = solve.assign(a_problem([[1, 4, 9, 9], [2, 8, 9, 9]], seats=2, most=1, coverage=coverage))
    assert alone.total == 1 + 9 + 8 + 9


# --- reviewers who are kept apart -------------------------------------------------------------

CLOSE = np.array([[False, True, False], [True, False, False], [False, False, False]])


def test_two_who_are_kept_apart_never_share_an_initiative():
    plan = apart.assign(a_problem([[9, 9, 1], [9, 8, 2]], seats=2, most=2), CLOSE)
    sharing = [set(plan.reviewer[plan.initiative == row].tolist()) for row in range(2)]
    assert all(not {0, 1} <= each for each in sharing)
    assert (plan.total, plan.gap) == (9 + 1 + 9 + 2, 0)


def test_nothing_is_asked_of_a_plan_in_which_nobody_meets():
    problem = a_problem([[9, 1, 5], [1, 9, 5]], seats=2, most=2)
    assert apart.assign(problem, CLOSE).total == solve.assign(problem).total


def test_what_cannot_be_kept_apart_is_refused():
    with pytest.raises(Impossible):
        apart.assign(a_problem([[9, 9, NOBODY]], seats=2), CLOSE)
