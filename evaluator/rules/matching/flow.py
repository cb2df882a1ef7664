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
    most, least = problem.most * problem.grid, problem.least * problem.grid
    seats = problem.seats * problem.grid
    people = np.arange(count, count + width)
    sink = np.full(max(count, width), count + width)
    engine = min_cost_flow.SimpleMinCostFlow()
    arcs = engine.add_arcs_with_capacity_and_unit_cost(
        rows,
        count + columns,
        np.full(len(pairs), problem.share),
        -problem.worth.ravel()[pairs].astype(np.int64)
        if problem.worth.flags.c_contiguous
        else -problem.worth[rows, columns].astype(np.int64),
    )
    engine.add_arcs_with_capacity_and_unit_cost(people, sink[:width], least, np.full(width, -fine))
    engine.add_arcs_with_capacity_and_unit_cost(people, sink[:width], most - least, np.zeros(width, np.int64))
    gaps = engine.add_arcs_with_capacity_and_unit_cost(
        np.arange(count), sink[:count], seats, np.full(count, fine * _SEAT_OVER_PROMISE)
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
