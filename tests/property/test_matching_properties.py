"""The optimiser against trying everything, and what must hold of every plan."""

from dataclasses import replace
from fractions import Fraction
from itertools import combinations, product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluator.rules.matching import apart, draw, solve
from evaluator.rules.matching.problem import Coverage, Impossible, Problem, barred

NOBODY = np.iinfo(np.int16).min


@st.composite
def problems(draw_, most_rows=4, most_columns=5):
    rows, columns = draw_(st.integers(1, most_rows)), draw_(st.integers(1, most_columns))
    worth = draw_(st.lists(st.integers(-3, 60), min_size=rows * columns, max_size=rows * columns))
    closed = draw_(
        st.lists(st.sampled_from([False, False, False, True]), min_size=rows * columns, max_size=rows * columns)
    )
    seats = draw_(st.lists(st.integers(0, min(3, columns)), min_size=rows, max_size=rows))
    most = draw_(st.lists(st.integers(0, 4), min_size=columns, max_size=columns))
    least = [min(limit, draw_(st.integers(0, 2))) for limit in most]
    table = np.array(worth, np.int16).reshape(rows, columns)
    table[np.array(closed).reshape(rows, columns)] = NOBODY
    coverage = None
    if draw_(st.booleans()):
        fields = draw_(st.lists(st.integers(-1, 1), min_size=rows, max_size=rows))
        knows = draw_(st.lists(st.booleans(), min_size=2 * columns, max_size=2 * columns))
        coverage = Coverage(np.array(fields, np.int64), np.array(knows).reshape(2, columns))
    return Problem(
        worth=table,
        seats=np.array(seats, np.int64),
        most=np.array(most, np.int64),
        least=np.array(least, np.int64),
        seed=draw_(st.integers(0, 5)),
        even=draw_(st.sampled_from([0, 0, 2, 25])),
        coverage=coverage,
    )


def is_covered(problem, row, columns):
    """Return whether somebody of the row's field is among its reviewers, if it asks for one."""
    asked = problem.coverage
    if asked is None or asked.field[row] < 0 or problem.seats[row] == 0:
        return True
    return any(asked.knows[asked.field[row], column] for column in columns)


def best_by_trying(problem, close=None):
    """Return the worth of the best plan, or None if there is none; ``close``: who never reads the same as whom."""
    count, width = problem.size
    choices = [
        [
            each
            for each in combinations(range(width), int(problem.seats[row]))
            if all(problem.worth[row, c] != NOBODY for c in each)
            and is_covered(problem, row, each)
            and (close is None or not any(close[one, other] for one, other in combinations(each, 2)))
        ]
        for row in range(count)
    ]
    best = None
    for plan in product(*choices):
        load = np.bincount(np.array([c for each in plan for c in each], int), minlength=width)
        if (load > problem.most).any() or (load < problem.least).any():
            continue
        worth = sum(int(problem.worth[row, c]) for row, each in enumerate(plan) for c in each)
        worth -= problem.even * int((load * (load - 1) // 2).sum())
        best = worth if best is None else max(best, worth)
    return best


@settings(max_examples=300, deadline=None)
@given(problems())
def test_a_plan_is_worth_as_much_as_the_best_of_all_plans(problem):
    try:
        found = solve.assign(problem)
    except Impossible as error:
        assert best_by_trying(problem) is None
        reason = error.shortage
        assert reason.owed or reason.needed - reason.room - reason.others == reason.lacking > 0
    else:
        assert found.total == best_by_trying(problem)
        assert found.gap == 0


@settings(max_examples=100, deadline=None)
@given(problems(most_rows=12, most_columns=6))
def test_a_plan_keeps_every_limit(problem):
    try:
        found = solve.assign(problem)
    except Impossible:
        return
    assert (problem.worth[found.initiative, found.reviewer] != barred(problem.worth)).all()
    assert (np.bincount(found.initiative, minlength=problem.size[0]) == problem.seats).all()
    loads = found.loads(problem.size[1])
    assert (loads <= problem.most).all()
    assert (loads >= problem.least).all()
    pairs = set(zip(found.initiative.tolist(), found.reviewer.tolist(), strict=True))
    assert len(pairs) == len(found.initiative)
    for row in range(problem.size[0]):
        assert is_covered(problem, row, found.reviewer[found.initiative == row])


@settings(max_examples=60, deadline=None)
@given(problems(most_rows=10, most_columns=6))
def test_the_same_question_has_the_same_answer(problem):
    try:
        first, second = solve.assign(problem), solve.assign(problem)
    except Impossible:
        return
    assert first.reviewer.tolist() == second.reviewer.tolist()
    assert first.initiative.tolist() == second.initiative.tolist()


@settings(max_examples=100, deadline=None)
@given(problems(), st.data())
def test_the_fair_plan_has_the_best_worst_pair(problem, data):
    del data
    try:
        found = solve.fair(problem)
    except Impossible:
        return
    if not found.initiative.size:
        return
    worst = int(problem.worth[found.initiative, found.reviewer].min())
    higher = problem.with_floor(worst + 1)
    table = np.where(higher.allowed(slice(0, problem.size[0])), problem.worth, NOBODY).astype(np.int16)
    stricter = replace(problem, worth=table)
    assert best_by_trying(stricter) is None


@settings(max_examples=60, deadline=None)
@given(problems(most_rows=8, most_columns=6), st.sampled_from(["1/2", "3/4", "7/10"]), st.integers(0, 3))
def test_a_draw_is_a_plan_and_no_pair_is_likelier_than_agreed(problem, limit, seed):
    question = draw.by_lot(problem, Fraction(limit))
    try:
        planned = solve.assign(question)
    except Impossible:
        return
    assert (planned.parts <= Fraction(limit) * question.grid).all()
    drawn = draw.draw(planned, question.grid, seed, experts=problem.are_experts(planned.initiative, planned.reviewer))
    for row in range(problem.size[0]):
        assert is_covered(problem, row, drawn.reviewer[drawn.initiative == row])
    assert (drawn.parts == 1).all()
    assert (np.bincount(drawn.initiative, minlength=problem.size[0]) == problem.seats).all()
    loads = drawn.loads(problem.size[1])
    assert (loads <= problem.most).all()
    assert (loads >= problem.least).all()


@settings(max_examples=60, deadline=None)
@given(problems(most_rows=10, most_columns=6), st.integers(0, 5))
def test_a_refill_touches_nothing_that_is_given(problem, leaving):
    problem = replace(problem, least=np.zeros_like(problem.least))
    try:
        found = solve.assign(problem)
    except Impossible:
        return
    gone = leaving % problem.size[1]
    keep = found.reviewer != gone
    table = problem.worth.copy()
    table[:, gone] = NOBODY
    kept_rows, kept_columns = found.initiative[keep], found.reviewer[keep]
    question = replace(problem, worth=table)
    try:
        fresh = solve.refill(question, kept_rows, kept_columns)
    except Impossible:
        return
    every = np.concatenate([kept_rows, fresh.initiative])
    everybody = np.concatenate([kept_columns, fresh.reviewer])
    for row in range(problem.size[0]):
        # Who stays may be nobody of the field where no seat is empty; then nothing can be asked.
        assert is_covered(problem, row, everybody[every == row]) or not (fresh.initiative == row).any()
    assert (np.bincount(every, minlength=problem.size[0]) == problem.seats).all()
    assert gone not in fresh.reviewer
    load = np.bincount(np.concatenate([kept_columns, fresh.reviewer]), minlength=problem.size[1])
    assert (load <= problem.most).all()


@settings(max_examples=200, deadline=None)
@given(problems(), st.data())
def test_who_is_kept_apart_never_meets_and_the_plan_is_the_best_of_its_kind(problem, data):
    width = problem.size[1]
    people = st.tuples(st.integers(0, width - 1), st.integers(0, width - 1))
    close = np.zeros((width, width), np.bool_)
    for one, other in data.draw(st.lists(people, max_size=3)):
        close[one, other] = close[other, one] = one != other
    table = problem.worth.copy()
    best = best_by_trying(problem, close)
    try:
        found = apart.assign(problem, close)
    except Impossible:
        assert best is None
    else:
        assert (found.total, found.gap) == (best, 0)
        assert not apart.meetings(found, close).size
    assert (problem.worth == table).all()


@settings(max_examples=60, deadline=None)
@given(problems(most_rows=8, most_columns=6), st.integers(2, 4))
def test_where_the_weaker_leaves_nobody_meets_and_the_gap_told_is_true(problem, unit):
    problem = replace(problem, least=np.zeros_like(problem.least), coverage=None)
    units = np.arange(problem.size[1]) % unit
    close = (units[:, None] == units) & ~np.eye(problem.size[1], dtype=bool)
    try:
        free = solve.assign(problem)
        found = apart._weaker_leaves(problem, close, free, solve.assign)
    except Impossible:
        return
    assert not apart.meetings(found, close).size
    assert found.bound == max(free.bound, found.total)


@settings(max_examples=60, deadline=None)
@given(problems(most_rows=8, most_columns=6), st.data())
def test_what_is_settled_is_kept_and_the_rest_is_the_best_for_it(problem, data):
    count, width = problem.size
    problem = replace(problem, least=np.zeros_like(problem.least), most=problem.most + 2)
    must = data.draw(st.sets(st.tuples(st.integers(0, count - 1), st.integers(0, width - 1)), max_size=3))
    rows, columns = (np.array([pair[at] for pair in sorted(must)], np.int64) for at in (0, 1))
    problem.worth[rows, columns] = 0
    asked = replace(problem, worth=problem.worth.copy())
    try:
        found = solve.assign(solve.set_aside(asked, rows, columns))
    except Impossible:
        return
    every_row = np.concatenate([rows, found.initiative])
    every_column = np.concatenate([columns, found.reviewer])
    pairs = set(zip(every_row.tolist(), every_column.tolist(), strict=True))
    assert len(pairs) == len(every_row)
    assert must <= pairs
    needs = np.maximum(problem.seats, np.bincount(rows, minlength=count))
    assert (np.bincount(every_row, minlength=count) == needs).all()
    for row in range(count):
        assert is_covered(problem, row, every_column[every_row == row]) or not (found.initiative == row).any()
