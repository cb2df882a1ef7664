"""Long work: drafting or releasing more letters than a page may wait for, still in one transaction each."""

from typing import Any

from evaluator.core.clock import Clock
from evaluator.core.db import transaction
from evaluator.core.text import N_
from evaluator.council import queries as councils
from evaluator.council.release import queries, service
from evaluator.policy import Actor
from evaluator.work.service import Progress

DRAFTING, RELEASING = "draft-letters", "release-letters"
MOST_AT_ONCE = 2_000  # letters that a page writes while somebody waits
WRITING = N_("The letters are being written.")
SENDING = N_("The letters are being put into the outbox, all in one act.")


def draft(params: dict[str, Any], *, by: Actor, clock: Clock, progress: Progress) -> dict[str, Any]:
    """Draft the letters of a council."""
    progress(0, 1, WRITING)
    with transaction():
        service.draft(councils.get(params["council"], actor=by), by=by, now=clock.now())
    return {"url": f"/council/{params['council']}/release"}


def release(params: dict[str, Any], *, by: Actor, clock: Clock, progress: Progress) -> dict[str, Any]:
    """Release the drafted letters of a council: either all of them, or none."""
    progress(0, 1, SENDING)
    with transaction():
        made = queries.draft_of(councils.get(params["council"], actor=by))
        count = service.release(made, by=by, now=clock.now())
    return {"url": f"/council/{params['council']}/release", "count": count}
