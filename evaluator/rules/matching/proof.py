"""The proof: prices under which no plan at all, over every allowed pair, can be worth more."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evaluator.rules.matching.flow import Flow
from evaluator.rules.matching.problem import Problem, Table, Whole, closed, is_open

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
    waiting = (flow.missing[rows] > 0) & (flow.parts < problem.share) & ~_shut(problem, flow, rows, columns)
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
    if problem.coverage is not None:
        kept = ~(_shut(problem, flow, rows, columns)[taker] & problem.are_experts(rows, columns)[giver])
        giver, taker = giver[kept], taker[kept]
    loss = np.full(width * width, _FAR)
    np.minimum.at(loss, columns[giver] * width + columns[taker], worth[giver] - worth[taker])
    return loss.reshape(width, width)


def _shut(problem: Problem, flow: Flow, rows: Whole, columns: Whole) -> NDArray[np.bool_]:
    """Return which of the flow's pairs can take no part but another lay reviewer's: all lay seats of the row are given."""
    lay = ~problem.are_experts(rows, columns)
    given = np.bincount(rows[lay], flow.parts[lay], problem.size[0]).astype(np.int64)
    shut: NDArray[np.bool_] = lay & (given >= problem.lay_seats(slice(None)))[rows]
    return shut


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
        best = _best(problem, rows, values, flow.penalty)
        bound += int(best.sum())
        losing = np.flatnonzero(best > given.total[rows])
        if losing.size:
            lines, worst = rows.start + losing, given.worst[rows][losing]
            better += [_favoured(each, lines, worst, picks) for each in _by_kind(problem, values[losing], lines)]
    found = np.concatenate(better) if better else np.empty(0, np.int64)
    return Proof(bound, np.setdiff1d(found, flow.pairs))


def _by_kind(problem: Problem, values: Table, lines: Whole) -> Iterator[Table]:
    """Yield the values of some rows, those of experts and of others apart where rows ask for experts.

    Among the best of all there may be only others, who are of no use where every seat but the expert's is given.
    """
    if problem.coverage is None:
        yield values
        return
    experts = problem.coverage.experts(lines)
    yield np.where(experts, values, closed(values)).astype(values.dtype)
    if not experts.all():
        yield np.where(experts, closed(values), values).astype(values.dtype)


def _favoured(values: Table, lines: Whole, worst: Whole, picks: int) -> Whole:
    """Return the flat positions of the best pairs of these rows that beat the worst given; at least one is new.

    Only so many of each row: under prices that are still rough nearly every pair may look better, which in a
    province are tens of millions.
    """
    width = values.shape[1]
    best = np.argpartition(values, width - picks, axis=1)[:, width - picks :]
    theirs = np.take_along_axis(values, best, axis=1)
    beats = (theirs > worst[:, None]) & is_open(theirs)
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


def _best(problem: Problem, rows: slice, values: Table, penalty: int) -> Whole:
    """Return per row the worth of its best choice that keeps its field covered; a part with nobody costs the penalty."""
    wanted = problem.seats[rows] * problem.grid
    best = _best_sum(values, wanted, problem.share, penalty)
    if problem.coverage is not None:
        asking = np.flatnonzero(problem.coverage.asks(rows) & (wanted > 0))
        if asking.size:
            experts = problem.coverage.experts(rows.start + asking)
            best[asking] = _best_with_expert(values[asking], experts, wanted[asking], problem, penalty)
    return best


def _best_with_expert(
    values: Table, experts: NDArray[np.bool_], wanted: Whole, problem: Problem, penalty: int
) -> Whole:
    """Return the same where the first whole review is an expert's: his best, then the best of what is left.

    The best experts' parts are in some best choice, whoever takes the rest.
    """
    share, width = problem.share, values.shape[1]
    first = -(-problem.grid // share)
    keep = min(width, first - (-int(wanted.max()) // share))
    known = _top(np.where(experts, values, closed(values)).astype(values.dtype), keep)
    others = _top(np.where(experts, closed(values), values).astype(values.dtype), keep)
    reserved = np.minimum(wanted, problem.grid)[:, None]
    promised = np.clip(reserved - share * np.arange(keep), 0, share)
    worth = np.maximum(np.where(is_open(known), known.astype(np.int64), -penalty), -penalty)
    total = (worth * promised).sum(axis=1) - penalty * (reserved[:, 0] - promised.sum(axis=1))
    either = np.concatenate(
        [worth, np.maximum(np.where(is_open(others), others.astype(np.int64), -penalty), -penalty)], 1
    )
    room = np.concatenate([share - promised, np.full_like(promised, share)], 1)
    order = np.argsort(-either, axis=1, kind="stable")
    either, room = np.take_along_axis(either, order, axis=1), np.take_along_axis(room, order, axis=1)
    rest = (wanted - reserved[:, 0])[:, None]
    taken = np.clip(rest - (np.cumsum(room, axis=1) - room), 0, room)
    best: Whole = total + (either * taken).sum(axis=1) - penalty * (rest[:, 0] - taken.sum(axis=1))
    return best


def _top(values: Table, keep: int) -> Table:
    """Return the highest numbers of each row, the highest first."""
    width = values.shape[1]
    top = values if keep == width else np.partition(values, width - keep, axis=1)[:, width - keep :]
    return np.asarray(-np.sort(-top, axis=1))


def _best_sum(values: Table, wanted: Whole, share: int, penalty: int) -> Whole:
    """Return per row the worth of its best choice; a part with nobody costs the penalty."""
    count, width = values.shape
    picks = int(-(-int(wanted.max(initial=0)) // share))
    keep = min(picks, width)
    if not picks:
        return np.zeros(count, np.int64)
    top = _top(values, keep)
    taken = np.clip(wanted[:, None] - share * np.arange(keep), 0, share)
    worth = np.where(is_open(top), top.astype(np.int64), -penalty)
    worth = np.maximum(worth, -penalty)
    total: Whole = (worth * taken).sum(axis=1) - penalty * (wanted - taken.sum(axis=1))
    return total
