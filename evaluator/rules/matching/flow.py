"""The exact step: a cheapest flow from initiatives through chosen pairs to reviewers."""

from dataclasses import dataclass

import numpy as np
from ortools.graph.python import min_cost_flow

from evaluator.rules.matching.problem import Problem, Whole

# A missing review weighs this much more than a reviewer's broken promise.
_SEAT_OVER_PROMISE = 16


@dataclass(frozen=True, slots=True, eq=False)
class Flow:
    """The best plan on the chosen pairs: parts per pair, parts per initiative that found nobody."""

    pairs: Whole
    parts: Whole
    missing: Whole
    load: Whole
    fine: int

    @property
    def penalty(self) -> int:
        """Return what one missing part costs."""
        return self.fine * _SEAT_OVER_PROMISE


def solve(problem: Problem, pairs: Whole, *, fine: int) -> Flow:
    """Return the best flow on ``pairs`` (flat positions, ascending).

    Nothing is infeasible here: a missing part costs much, a promised part that is not given costs ``fine``.
    """
    count, width = problem.size
    rows, columns = np.divmod(pairs, width)
    seats = problem.seats * problem.grid
    sink = np.full(count, count + width)
    engine = min_cost_flow.SimpleMinCostFlow()
    # Where somebody of the field is asked for, the others come by way of a node of their own that lets one seat less
    # through.
    lay = np.flatnonzero(~problem.are_experts(rows, columns))
    tails = rows.copy()
    if lay.size:
        behind = np.unique(rows[lay])
        tails[lay] = count + width + 1 + np.searchsorted(behind, rows[lay])
        engine.add_arcs_with_capacity_and_unit_cost(
            behind,
            count + width + 1 + np.arange(len(behind)),
            problem.lay_seats(behind),
            np.zeros(len(behind), np.int64),
        )
    arcs = engine.add_arcs_with_capacity_and_unit_cost(
        tails, count + columns, np.full(len(pairs), problem.share), -problem.worth[rows, columns].astype(np.int64)
    )
    people, room, cost = _seats(problem, fine)
    engine.add_arcs_with_capacity_and_unit_cost(count + people, np.full(len(people), count + width), room, cost)
    gaps = engine.add_arcs_with_capacity_and_unit_cost(
        np.arange(count), sink, seats, np.full(count, fine * _SEAT_OVER_PROMISE)
    )
    engine.set_nodes_supplies(np.arange(count), seats)
    engine.set_node_supply(count + width, -int(seats.sum()))
    status = engine.solve()
    if status != engine.OPTIMAL:
        msg = f"the flow engine answered {status}"
        raise ArithmeticError(msg)
    parts = engine.flows(arcs).astype(np.int64)
    load = np.bincount(columns, parts, width).astype(np.int64)
    return Flow(pairs, parts, engine.flows(gaps).astype(np.int64), load, fine)


def _seats(problem: Problem, fine: int) -> tuple[Whole, Whole, Whole]:
    """Return reviewer, room in parts and cost of the reviewers' seats: one by one if they differ, else in two lots."""
    people = np.arange(problem.size[1])
    if not problem.even:
        room = np.concatenate([problem.least, problem.most - problem.least]) * problem.grid
        return np.concatenate([people, people]), room, np.repeat([-fine, 0], len(people))
    who = np.repeat(people, problem.most)
    seat = np.arange(len(who)) - np.repeat(np.cumsum(problem.most) - problem.most, problem.most)
    cost = problem.even * seat - np.where(seat < problem.least[who], fine, 0)
    return who, np.full(len(who), problem.grid), cost
