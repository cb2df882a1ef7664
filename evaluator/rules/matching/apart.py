"""Reviewers who never read the same initiative: the best plan under it, or one whose distance from the best is proven.

A flow does not know who else reads an initiative. So it is asked again with one of two meeting reviewers barred from
the initiative where they meet. In a small question every way of doing so is followed, the most promising first, until
the best is found; in a large one the weaker of the two leaves each time. Whatever is found, the plan without the rule
is worth at least as much: that bounds what could still be gained.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from heapq import heappop, heappush

import numpy as np
from numpy.typing import NDArray

from evaluator.rules.matching import solve
from evaluator.rules.matching.problem import Impossible, Plan, Problem, Whole, barred

# Pairs up to which every way is followed, and how many questions are asked at most.
_SMALL = 20_000
_ASKED = 400
_ROUNDS = 60

Solve = Callable[[Problem], Plan]


def assign(problem: Problem, close: NDArray[np.bool_], *, best: Solve = solve.assign) -> Plan:
    """Return the best plan in which no two reviewers who are ``close`` (R x R) read the same initiative.

    ``problem`` is answered by ``best``; its table is written to while the search lasts and left as it was.

    Raises:
        Impossible: there is none; in a large question also where none was found.
    """
    return keep(problem, best(problem), close, best=best)


def keep(problem: Problem, plan: Plan, close: NDArray[np.bool_], *, best: Solve = solve.assign) -> Plan:
    """Return the same where ``plan`` is the best one without the rule.

    Raises:
        Impossible: as ``assign``.
    """
    if not meetings(plan, close).size:
        return plan
    if problem.worth.size <= _SMALL:
        return _every_way(problem, close, plan, best)
    return _weaker_leaves(problem, close, plan, best)


def meetings(plan: Plan, close: NDArray[np.bool_]) -> Whole:
    """Return initiative, one reviewer and the other of every meeting of two who are close: three columns."""
    order = np.lexsort((plan.reviewer, plan.initiative))
    rows, columns = plan.initiative[order], plan.reviewer[order]
    found = []
    step = 1
    while True:  # neighbours in the list of an initiative, then those two places apart, and so on
        same = np.flatnonzero(rows[step:] == rows[:-step]) if step < len(rows) else np.empty(0, np.int64)
        if not same.size:
            break
        near = same[close[columns[same], columns[same + step]]]
        found.append(np.stack([rows[near], columns[near], columns[near + step]], axis=1))
        step += 1
    return np.concatenate(found) if found else np.empty((0, 3), np.int64)


@dataclass(order=True, slots=True)
class _Way:
    """A question with some pairs barred, and its answer; the most promising comes first."""

    loss: int
    number: int
    plan: Plan = field(compare=False)
    closed: tuple[tuple[int, int], ...] = field(compare=False)


def _every_way(problem: Problem, close: NDArray[np.bool_], plan: Plan, best: Solve) -> Plan:
    """Follow both choices at every meeting, the most promising question first."""
    ways, asked = [_Way(-plan.total, 0, plan, ())], 0
    refusal: Impossible | None = None
    while ways:
        way = heappop(ways)
        meeting = meetings(way.plan, close)
        if not meeting.size:
            return replace(way.plan, bound=max(way.plan.total, way.plan.bound))
        if asked >= _ASKED:
            return _weaker_leaves(problem, close, plan, best)
        row, one, other = (int(each) for each in meeting[0])
        for leaves in (one, other):
            asked += 1
            closed = (*way.closed, (row, leaves))
            try:
                answer = _with_closed(problem, closed, best)
            except Impossible as error:
                refusal = error
            else:
                heappush(ways, _Way(-answer.total, asked, answer, closed))
    assert refusal is not None  # noqa: S101 - a way ends in a plan or in a refusal
    raise refusal


def _weaker_leaves(problem: Problem, close: NDArray[np.bool_], plan: Plan, best: Solve) -> Plan:
    """At every meeting the weaker of the two leaves; ask again until nobody meets."""
    bound = plan.bound
    closed: set[tuple[int, int]] = set()
    for _ in range(_ROUNDS):
        meeting = meetings(plan, close)
        if not meeting.size:
            return replace(plan, bound=max(bound, plan.total))
        rows, one, other = meeting.T
        weaker = np.where(problem.worth[rows, one] < problem.worth[rows, other], one, other)
        closed |= set(zip(rows.tolist(), weaker.tolist(), strict=True))
        plan = _with_closed(problem, tuple(sorted(closed)), best)
    msg = "reviewers who are kept apart meet again and again"
    raise ArithmeticError(msg)


def _with_closed(problem: Problem, closed: tuple[tuple[int, int], ...], best: Solve) -> Plan:
    """Answer the question with these pairs barred; the table is as before afterwards."""
    rows, columns = np.array(closed, np.int64).T
    before = problem.worth[rows, columns]
    problem.worth[rows, columns] = barred(problem.worth)
    try:
        return best(problem)
    finally:
        problem.worth[rows, columns] = before
