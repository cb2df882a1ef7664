"""Assignment by lot: no pair more likely than agreed, and every draw a valid plan (matching.md 4)."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from evaluator.rules.matching.problem import Plan, Problem, Whole

_FINEST = 1 << 16
_COARSEST = 4


def by_lot(problem: Problem, most_likely: Fraction) -> Problem:
    """Return the question whose answer is a probability for each pair, at most ``most_likely``.

    Probabilities are counted in parts of a power of two: exactly when the limit allows it, else rounded down.
    """
    grid = _COARSEST
    while grid < _FINEST and (most_likely * grid).denominator != 1:
        grid *= 2
    return replace(problem, grid=grid, share=max(1, int(most_likely * grid)))


def draw(plan: Plan, grid: int, seed: int, *, experts: NDArray[np.bool_] | None = None) -> Plan:
    """Return one assignment, drawn so that each pair comes with exactly its planned probability.

    Halve the grid again and again: the pairs with odd parts form a graph in which every initiative has even degree;
    walk its cycles and, by one coin per cycle, add and take away one part in turn.

    ``experts`` says which pairs of the plan are of the field: where a whole review is planned with experts, every draw
    has one, because at each initiative experts' parts are taken and given among themselves as far as they go.
    """
    group = np.zeros(len(plan.parts), np.bool_) if experts is None else experts
    dice = np.random.default_rng([seed & (2**64 - 1), grid])
    parts = plan.parts.copy()
    while grid > 1:
        odd = np.flatnonzero(parts & 1)
        parts[odd] += _signs(plan.initiative[odd], plan.reviewer[odd], group[odd], dice)
        parts //= 2
        grid //= 2
    taken = parts > 0
    return replace(plan, initiative=plan.initiative[taken], reviewer=plan.reviewer[taken], parts=parts[taken])


def _signs(rows: Whole, columns: Whole, group: NDArray[np.bool_], dice: np.random.Generator) -> Whole:
    """Return +1 or -1 for each odd pair, in balance at every initiative and, but for one, at every reviewer."""
    if not rows.size:
        return rows
    uneven = np.flatnonzero(np.bincount(columns) & 1)
    # Unused seats make every reviewer even: one more arc each, all of them at one imagined initiative.
    rows = np.concatenate([rows, np.full(len(uneven), rows.max() + 1)])
    columns_all = np.concatenate([columns, uneven])
    group = np.concatenate([group, np.zeros(len(uneven), np.bool_)])
    left, right = _partners(rows, dice, group), _partners(columns_all, dice, np.zeros_like(group))
    step = right[left]
    label = np.arange(len(rows))
    hop = step
    while not (hop == np.arange(len(hop))).all():
        lower = np.minimum(label, label[hop])
        if (lower == label).all() and (label[step] == label).all():
            break
        label, hop = lower, hop[hop]
    other = label[left]
    coin = dice.integers(0, 2, len(rows))[np.minimum(label, other)]
    return (2 * ((label < other) ^ coin) - 1)[: len(columns)]


def _partners(nodes: Whole, dice: np.random.Generator, group: NDArray[np.bool_]) -> Whole:
    """Return for each arc another arc at the same node, paired at random, within its group as far as that goes."""
    order = np.lexsort((dice.random(len(nodes)), group, nodes))
    partner = np.empty_like(order)
    partner[order[0::2]] = order[1::2]
    partner[order[1::2]] = order[0::2]
    return partner
