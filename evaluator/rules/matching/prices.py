"""Prices of reviewers' time, and the few pairs that are worth looking at under them.

A reviewer wanted by too many becomes dearer, one wanted by too few cheaper. Under such prices nearly every initiative
already gets whom it gets in the optimum, so the exact step needs only the best few pairs of each (matching.md 3.3).
"""

import numpy as np

from evaluator.rules.matching.problem import NEVER, Problem, Table, Whole, closed, is_open

ROUNDS = 24
EXTRA = 12
_SAMPLE = 2000
_PER_REVIEWER = 4


def guess(problem: Problem, span: int) -> Whole:
    """Return a price per reviewer, found on a sample by raising and lowering."""
    count, width = problem.size
    size = min(count, max(_SAMPLE, _PER_REVIEWER * width))
    rows = np.sort(np.random.default_rng(problem.seed & (2**64 - 1)).permutation(count)[:size]).astype(np.int64)
    wanted = problem.seats[rows] * problem.grid
    picks = int(-(-int(wanted.max(initial=0)) // problem.share))
    price = np.zeros(width)
    if not picks or picks >= width:
        return price.astype(np.int64)
    part = size / count
    weight = _weights(wanted, picks, problem.share)
    most, least = problem.most * problem.grid * part, problem.least * problem.grid * part
    step, pace, slope = span / 8, 0.5, np.zeros(width)
    for _ in range(ROUNDS):
        load = _load(problem.less(rows, (price + slope).astype(np.int64)), picks, weight)
        # Evenness makes the next seat of whoever carries much dearer: that price follows the load.
        slope += pace * (problem.even * load / (part * problem.grid) - slope)
        pace *= 0.9
        over = np.clip((load - most) / np.maximum(most, 1), -1, 1)
        under = np.clip((least - load) / np.maximum(least, 1), -1, 1)
        dear = np.where(over > 0, np.maximum(price, 0) + step * over, np.maximum(price + step * over, 0))
        cheap = np.where(under > 0, np.minimum(price, 0) - step * under, np.minimum(price - step * under, 0))
        price = np.where((over > 0) | ((price > 0) & (under <= 0)), dear, cheap)
        step *= 0.9
    return (price + slope).astype(np.int64)


def _load(values: Table, picks: int, weight: Whole) -> Whole:
    """Return what each reviewer would carry if every row took its best."""
    count, width = values.shape
    best = np.argpartition(values, width - picks, axis=1)[:, width - picks :]
    if weight.shape[1] > 1 and (weight != weight[0, 0]).any():
        order = np.argsort(-np.take_along_axis(values, best, axis=1), axis=1, kind="stable")
        best = np.take_along_axis(best, order, axis=1)
    return np.bincount(best.ravel(), np.broadcast_to(weight, (count, picks)).ravel(), width).astype(np.int64)


def _weights(wanted: Whole, picks: int, share: int) -> Whole:
    """Return how many parts the best, the second best ... of each row receive."""
    weights: Whole = np.minimum(np.maximum(wanted[:, None] - share * np.arange(picks), 0), share)
    return weights


def candidates(problem: Problem, price: Whole, extra: int = EXTRA) -> Whole:
    """Return the flat positions (row * width + column, ascending) of the best pairs of every row.

    Each row brings what it needs and ``extra`` more; a reviewer with a promised least brings his best rows too.
    """
    _, width = problem.size
    found = []
    for rows in problem.pieces():
        values = problem.less(rows, price)
        need = -(-problem.seats[rows] * problem.grid // problem.share)
        keep = min(width, int(need.max(initial=0)) + extra)
        best = _best(values, keep, rows.start)
        usable = is_open(np.take_along_axis(values, best, axis=1))
        line = np.arange(rows.start, rows.stop)[:, None]
        found.append((line * width + best)[usable & (need > 0)[:, None]])
        if problem.coverage is not None:
            found.append(_experts(problem, values, rows, need))
    found.append(_for_promises(problem, price))
    return np.unique(np.concatenate(found))


def _experts(problem: Problem, values: Table, rows: slice, need: Whole) -> Whole:
    """Return the flat positions of the best experts of the rows that ask for one."""
    width = problem.size[1]
    assert problem.coverage is not None  # noqa: S101 - asked by the caller
    asking = np.flatnonzero(problem.coverage.asks(rows) & (need > 0))
    lines = rows.start + asking
    known = np.where(problem.coverage.experts(lines), values[asking], closed(values)).astype(values.dtype)
    best = _best(known, min(width, -(-problem.grid // problem.share) + EXTRA // 2), rows.start)
    usable = is_open(np.take_along_axis(known, best, axis=1))
    return np.asarray((lines[:, None] * width + best)[usable])


def _best(values: Table, keep: int, start: int) -> Whole:
    """Return the columns of the ``keep`` best of each row; ties fall differently in each row, to spread the load."""
    count, width = values.shape
    if keep >= width:
        return np.broadcast_to(np.arange(width), (count, width))
    rows = (np.arange(start, start + count) * 40503) % 65521
    columns = (np.arange(width) * 25173) % 65521
    spread = ((rows[:, None] + columns) % 1021).astype(np.int64)
    keyed = values.astype(np.int64)
    keyed *= 1024
    keyed += spread
    return np.argpartition(keyed, width - keep, axis=1)[:, width - keep :]


def _for_promises(problem: Problem, price: Whole) -> Whole:
    """Return the pairs that let every reviewer with a promised least reach it."""
    count, width = problem.size
    owed = np.flatnonzero(problem.least > 0)
    if not owed.size:
        return np.empty(0, np.int64)
    # An initiative counts a pair by how little it loses against its own best: that is what the promise costs.
    keep = min(count, int(problem.least.max()) * 2 + EXTRA)
    kept_loss = np.full((0, owed.size), 0, np.int64)
    kept_row = np.full((0, owed.size), 0, np.int64)
    for rows in problem.pieces():
        values = problem.less(rows, price)
        loss = values[:, owed].astype(np.int64) - values.max(axis=1)[:, None]
        loss[~is_open(values[:, owed]) | (problem.seats[rows] == 0)[:, None]] = NEVER
        loss = np.concatenate([kept_loss, loss])
        line = np.broadcast_to(np.arange(rows.start, rows.stop)[:, None], (rows.stop - rows.start, owed.size))
        line = np.concatenate([kept_row, line])
        top = np.argpartition(loss, max(0, len(loss) - keep), axis=0)[-keep:]
        kept_loss, kept_row = np.take_along_axis(loss, top, axis=0), np.take_along_axis(line, top, axis=0)
    flat = kept_row * width + owed
    return np.asarray(flat[kept_loss > NEVER // 4])
