"""The best plan, found on few pairs and proven over all of them."""

from dataclasses import replace

import numpy as np

from evaluator.rules.matching import flow as flows
from evaluator.rules.matching import prices, proof, shortage
from evaluator.rules.matching.problem import Impossible, Plan, Problem, Shortage, Whole, barred

_ROUNDS = 60


def assign(problem: Problem) -> Plan:
    """Return the plan of the highest total worth; its gap is zero.

    Raises:
        Impossible: no plan gives every initiative its reviews, or a reviewer his promised least.
    """
    shortage.check_sums(problem)
    span = problem.span
    pairs = prices.candidates(problem, prices.guess(problem, span))
    fine = 4 * span
    for rounds in range(1, _ROUNDS + 1):
        flow = flows.solve(problem, pairs, fine=fine)
        price = proof.prices(problem, flow, span)
        proved = proof.prove(problem, flow, price)
        if proved.better.size and proved.bound > _worth(problem, flow):
            pairs = np.union1d(pairs, proved.better)
        elif _is_whole(problem, flow):
            return _plan(problem, flow, proved.bound, rounds)
        else:
            pairs = np.union1d(pairs, shortage.pairs_that_help(problem, flow))
            fine = _dearer(problem, flow, span)
    msg = "the rounds of the proof did not end"
    raise ArithmeticError(msg)


def _dearer(problem: Problem, flow: flows.Flow, span: int) -> int:
    """Return a higher fine; at the highest no chain of hand-overs is worth a broken promise.

    Raises:
        Impossible: the fine was the highest already.
    """
    highest = 4 * span * (sum(problem.size) + 1)
    if flow.fine == highest and not flow.missing.any():
        raise shortage.broken_promise(problem, flow)
    return min(highest, flow.fine * 64)


def _worth(problem: Problem, flow: flows.Flow) -> int:
    """Return worth of the pairs, less what is missing, plus what promises kept are worth."""
    rows, columns = np.divmod(flow.pairs, problem.size[1])
    plain = int((problem.worth[rows, columns].astype(np.int64) * flow.parts).sum())
    kept = int(np.minimum(flow.load, problem.least * problem.grid).sum())
    return plain + flow.fine * kept - flow.penalty * int(flow.missing.sum()) - problem.load_cost(flow.load)


def _is_whole(problem: Problem, flow: flows.Flow) -> bool:
    return not flow.missing.any() and bool((flow.load >= problem.least * problem.grid).all())


def _plan(problem: Problem, flow: flows.Flow, bound: int, rounds: int) -> Plan:
    """Return the flow as a plan, with the fines taken out of total and bound alike."""
    used = np.flatnonzero(flow.parts > 0)
    rows, columns = np.divmod(flow.pairs[used], problem.size[1])
    kept = flow.fine * int((problem.least * problem.grid).sum())
    return Plan(rows, columns, flow.parts[used], _worth(problem, flow) - kept, bound - kept, rounds, problem.floor)


def fair(problem: Problem) -> Plan:
    """Return the best plan among those whose worst pair is worth as much as it can be.

    "No initiative gets a reviewer below the level that everybody can have"; costs next to nothing of the total
    (matching.md 3.4).

    Raises:
        Impossible: as ``assign``.
    """
    best = assign(problem)
    if not best.initiative.size:
        return best
    low = reached_already = int(problem.worth[best.initiative, best.reviewer].min())
    high = _least_best(problem)
    uneven = replace(problem, even=0)  # whether a plan exists does not depend on it, and the flow is five times smaller
    price = prices.guess(uneven, problem.span)
    while low < high:
        middle = (low + high + 1) // 2
        reached = _worst_pair(uneven.with_floor(middle), price)
        if reached is None:
            high = middle - 1
        else:
            low = reached
    return best if low == reached_already else assign(problem.with_floor(low))


def _least_best(problem: Problem) -> int:
    """Return the lowest, over initiatives, of the last reviewer each would get if it could choose first."""
    lowest = None
    free = np.zeros(problem.size[1], np.int64)
    for rows in problem.pieces():
        need = -(-problem.seats[rows] * problem.grid // problem.share)
        values = -np.sort(-problem.less(rows, free).astype(np.int64), axis=1)
        wanted = need > 0
        if wanted.any():
            last = int(values[wanted, need[wanted] - 1].min())
            lowest = last if lowest is None else min(lowest, last)
    return lowest or 0


def _worst_pair(problem: Problem, price: Whole) -> int | None:
    """Return the worst pair of some complete plan within the floor, or None if there is no plan."""
    span = problem.span
    fine = 4 * span
    try:
        shortage.check_rows(problem)  # most floors that are too high fall here, at once
        pairs = prices.candidates(problem, price)
        for _ in range(_ROUNDS):
            flow = flows.solve(problem, pairs, fine=fine)
            if _is_whole(problem, flow):
                rows, columns = np.divmod(flow.pairs[flow.parts > 0], problem.size[1])
                return int(problem.worth[rows, columns].min())
            pairs = np.union1d(pairs, shortage.pairs_that_help(problem, flow, asked=4))
            fine = _dearer(problem, flow, span)
    except Impossible:
        return None
    return None


def set_aside(problem: Problem, rows: Whole, columns: Whole) -> Problem:
    """Return what is left to ask when these pairs are given already; marks them in the table as taken.

    The table is written to, not copied: a season's is hundreds of megabytes.
    """
    count, width = problem.size
    problem.worth[rows, columns] = barred(problem.worth)
    coverage = problem.coverage
    if coverage is not None:
        coverage = coverage.without(rows[coverage.are_experts(rows, columns)])
    by_row, by_column = np.bincount(rows, minlength=count), np.bincount(columns, minlength=width)
    return replace(
        problem,
        seats=np.maximum(problem.seats - by_row, 0),
        most=np.maximum(problem.most - by_column, 0),
        least=np.maximum(problem.least - by_column, 0),
        coverage=coverage,
    )


def refill(problem: Problem, rows: Whole, columns: Whole) -> Plan:
    """Return the best pairs for the seats that are empty, leaving the given work where it is.

    For reviewers who drop out and initiatives that come late. Nobody's promised least is chased here.

    Raises:
        Impossible: nobody with room may take a seat.
    """
    left = set_aside(problem, rows, columns)
    open_rows = np.flatnonzero(left.seats > 0)
    part = Problem(
        left.worth[open_rows],
        left.seats[open_rows],
        left.most,
        np.zeros_like(left.least),
        left.seed,
        coverage=left.coverage.only(open_rows) if left.coverage is not None else None,
    )
    try:
        plan = assign(part)
    except Impossible as error:
        raise Impossible(_moved(error.shortage, open_rows)) from error
    return Plan(open_rows[plan.initiative], plan.reviewer, plan.parts, plan.total, plan.bound, plan.rounds)


def _moved(reason: Shortage, rows: Whole) -> Shortage:
    """Return the reason with positions in the whole table instead of the part."""
    return Shortage(
        tuple(int(rows[place]) for place in reason.initiatives),
        reason.reviewers,
        reason.needed,
        reason.room,
        reason.others,
        reason.lacking,
        owed=reason.owed,
        of_field=reason.of_field,
    )


def load_that_works(problem: Problem) -> int | None:
    """Return by how much every reviewer's most must grow for a plan to exist; None if no load would do.

    Each step is forced by a proven reason, so the answer is the smallest.
    """
    more = 0
    while True:
        try:
            assign(shortage.with_more_load(problem, more))
        except Impossible as error:
            step = shortage.remedy(error.shortage, problem).more_load
            if step is None:
                return None
            more += step
        else:
            return more
