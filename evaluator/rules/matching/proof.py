"""The proof: prices under which no plan at all, over every allowed pair, can be worth more."""

from dataclasses import dataclass

import numpy as np

from evaluator.rules.matching.flow import Flow
from evaluator.rules.matching.problem import Problem, Table, Whole, is_open

_FAR = 1 << 58
_MORE = 16


@dataclass(frozen=True, slots=True, eq=False)
class Proof:
    """An upper bound of every plan's worth (fines included), and pairs that may still do better."""

    bound: int
    better: Whole


def prices(problem: Problem, flow: Flow, span: int) -> Whole:
    """Return reviewers' prices that make the flow optimal on its own pairs.

    An initiative that reads ``a`` and could read ``b`` says ``price[a] - price[b] <= worth[a] - worth[b]``;
    a reviewer with room costs nothing. Of all such prices the middle between highest and lowest is taken: it is the
    least likely to flatter a pair that was not looked at.
    """
    loss = _losses(problem, flow)
    reach = span + span // 2
    while True:
        high, low = _limits(problem, flow, reach)
        high, low = _closure(high, loss), -_closure(-low, loss.T)
        # A long chain of hand-overs may need dearer reviewers than were allowed for at first.
        if (high >= low).all() or reach > _FAR // 8:
            return np.asarray((high + low) // 2)
        reach *= 4


def _limits(problem: Problem, flow: Flow, reach: int) -> tuple[Whole, Whole]:
    """Return the highest and lowest price each reviewer may have for his own load: the next seat's cost, the last one's."""
    width = problem.size[1]
    seat, rest = np.divmod(flow.load, problem.grid)
    under = flow.load < problem.least * problem.grid
    last = np.maximum(np.where(rest > 0, seat, seat - 1), 0)
    high = np.where(flow.load >= problem.most * problem.grid, reach, problem.seat_cost(seat, flow.fine))
    low = problem.seat_cost(last, flow.fine)
    low = np.where(under, low, np.maximum(low, -reach))
    rows, columns = np.divmod(flow.pairs, width)
    waiting = (flow.missing[rows] > 0) & (flow.parts < problem.share)
    if waiting.any():
        need = problem.worth[rows[waiting], columns[waiting]].astype(np.int64) + flow.penalty
        np.maximum.at(low, columns[waiting], need)
        high = np.where(high == reach, reach + flow.penalty, high)
    return high, low


def _losses(problem: Problem, flow: Flow) -> Whole:
    """Return per pair of reviewers the least worth lost by handing one part from the first to the second."""
    count, width = problem.size
    rows, columns = np.divmod(flow.pairs, width)
    worth = problem.worth[rows, columns].astype(np.int64)
    given = np.flatnonzero(flow.parts > 0)
    free = np.flatnonzero(flow.parts < problem.share)
    number = np.bincount(rows[free], minlength=count)
    first = np.concatenate([[0], np.cumsum(number)[:-1]])
    times = number[rows[given]]
    giver = np.repeat(given, times)
    within = np.arange(len(giver)) - np.repeat(np.cumsum(times) - times, times)
    taker = free[np.repeat(first[rows[given]], times) + within]
    loss = np.full(width * width, _FAR)
    np.minimum.at(loss, columns[giver] * width + columns[taker], worth[giver] - worth[taker])
    return loss.reshape(width, width)


def _closure(start: Whole, loss: Whole) -> Whole:
    """Return the highest prices not above ``start`` with ``price[a] <= price[b] + loss[a, b]``."""
    price = start
    for _ in range(len(start) + 1):
        lower = np.minimum(price, (loss + price).min(axis=1))
        if (lower == price).all():
            break
        price = lower
    return price


def prove(problem: Problem, flow: Flow, price: Whole) -> Proof:
    """Bound every plan by duality, and name the pairs outside the flow that the prices favour.

    The bound holds for any prices: an initiative's best choice under them, plus what the reviewers' time is worth.
    """
    _, width = problem.size
    bound = _time_worth(problem, price, flow.fine)
    given = _given(problem, flow, price)
    picks = min(width, -(-int(problem.seats.max(initial=0)) * problem.grid // problem.share) + _MORE)
    better = []
    for rows in problem.pieces():
        values = problem.less(rows, price)
        best = _best_sum(values, problem.seats[rows] * problem.grid, problem.share, flow.penalty)
        bound += int(best.sum())
        losing = np.flatnonzero(best > given.total[rows])
        if losing.size:
            better.append(_favoured(values[losing], rows.start + losing, given.worst[rows][losing], picks))
    found = np.concatenate(better) if better else np.empty(0, np.int64)
    return Proof(bound, np.setdiff1d(found, flow.pairs))


def _favoured(values: Table, lines: Whole, worst: Whole, picks: int) -> Whole:
    """Return the flat positions of the best pairs of these rows that beat the worst given; at least one is new.

    Only so many of each row: under prices that are still rough nearly every pair may look better, which in a
    province are tens of millions.
    """
    width = values.shape[1]
    best = np.argpartition(values, width - picks, axis=1)[:, width - picks :]
    beats = np.take_along_axis(values, best, axis=1) > worst[:, None]
    flat: Whole = (lines[:, None] * width + best)[beats]
    return flat


def _time_worth(problem: Problem, price: Whole, fine: int) -> int:
    """Return what all seats together bring at these prices: each what its price is above its cost, if it is."""
    promised = _above(price + fine, problem.even, np.zeros_like(price), problem.least)
    return int(problem.grid * (promised + _above(price, problem.even, problem.least, problem.most)).sum())


def _above(price: Whole, even: int, first: Whole, stop: Whole) -> Whole:
    """Return the sum of ``max(0, price - even * seat)`` over the seats from first up to, not including, stop."""
    if not even:
        return np.asarray(np.maximum(price, 0) * (stop - first))
    number = np.clip(-(-price // even), first, stop) - first
    total: Whole = number * price - even * (number * first + number * (number - 1) // 2)
    return total


@dataclass(frozen=True, slots=True, eq=False)
class _Given:
    total: Whole
    worst: Whole


def _given(problem: Problem, flow: Flow, price: Whole) -> _Given:
    """Return what each initiative got under the prices: the sum, and its worst part."""
    count, width = problem.size
    used = np.flatnonzero(flow.parts > 0)
    rows, columns = np.divmod(flow.pairs[used], width)
    value = problem.worth[rows, columns].astype(np.int64) - price[columns]
    total = -flow.penalty * flow.missing
    np.add.at(total, rows, value * flow.parts[used])
    worst = np.full(count, _FAR)
    np.minimum.at(worst, rows, value)
    worst[flow.missing > 0] = -flow.penalty
    return _Given(total, worst)


def _best_sum(values: Table, wanted: Whole, share: int, penalty: int) -> Whole:
    """Return per row the worth of its best choice; a part with nobody costs the penalty."""
    count, width = values.shape
    picks = int(-(-int(wanted.max(initial=0)) // share))
    keep = min(picks, width)
    if not picks:
        return np.zeros(count, np.int64)
    top = values if keep == width else np.partition(values, width - keep, axis=1)[:, width - keep :]
    top = -np.sort(-top, axis=1)
    taken = np.clip(wanted[:, None] - share * np.arange(keep), 0, share)
    worth = np.where(is_open(top), top.astype(np.int64), -penalty)
    worth = np.maximum(worth, -penalty)
    total: Whole = (worth * taken).sum(axis=1) - penalty * (wanted - taken.sum(axis=1))
    return total
