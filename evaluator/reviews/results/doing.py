"""Long work on results, lot by lot, each in a transaction of its own, so that reviewers can save in between."""

from typing import Any

from evaluator.core.clock import Clock
from evaluator.core.db import transaction
from evaluator.core.text import N_
from evaluator.policy import Actor
from evaluator.reviews.results import service
from evaluator.rounds import queries as rounds
from evaluator.work.service import Progress

RANK, CLOSE = "rank-results", "close-scoring"


def rank(params: dict[str, Any], *, by: Actor, clock: Clock, progress: Progress) -> dict[str, Any]:
    """Compute and rank the results of a round."""
    steps = None
    done = ranked = 0
    while True:
        with transaction():
            a_round = rounds.get(params["round"], actor=by)
            steps = steps or service.rank_in_steps(a_round, by=by, now=clock.now())
            step = next(steps, None)
        if step is None:
            return {"computed": done, "ranked": ranked, "url": f"/results/{params['round']}"}
        done, ranked = max(done, step), step
        progress(done, done, N_("Results are being computed."))


def close(params: dict[str, Any], *, by: Actor, clock: Clock, progress: Progress) -> dict[str, Any]:
    """Close scoring of a round, in one transaction: either everything is ranked and closed, or nothing."""
    progress(0, 1, N_("Scoring is being closed and ranked."))
    with transaction():
        service.close(rounds.get(params["round"], actor=by), by=by, now=clock.now())
    return {"url": f"/results/{params['round']}"}
