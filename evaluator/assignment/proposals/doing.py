"""Proposing and announcing as pieces of long work, for rounds that take more than a page may."""

from typing import Any

from evaluator.assignment.proposals import queries
from evaluator.assignment.proposals import service as proposals
from evaluator.assignment.proposals.finding import Wishes, work_out
from evaluator.core.clock import Clock
from evaluator.core.db import transaction
from evaluator.core.errors import Invalid
from evaluator.core.text import N_
from evaluator.policy import Actor
from evaluator.rounds import queries as rounds
from evaluator.work.service import Progress

KIND = "propose-assignment"
ANNOUNCING = "announce-assignment"
_STEPS = 3


def as_params(round_code: str, wishes: Wishes) -> dict[str, Any]:
    """Return plain data from which ``propose`` makes the wishes again."""
    return {
        "round": round_code,
        "reviews": wishes.reviews,
        "most": wishes.most,
        "least": wishes.least,
        "is_fair": wishes.is_fair,
        "share_percent": wishes.share_percent,
    }


def propose(params: dict[str, Any], *, by: Actor, clock: Clock, progress: Progress) -> dict[str, Any]:
    """Work a proposal out, outside any transaction, then keep it."""
    code = params.pop("round")
    progress(1, _STEPS, N_("Comparing every dossier with every reviewer."))
    try:
        found = work_out(rounds.get(code, actor=by), Wishes(**params), by=by)
    except Invalid as refusal:
        # There is no field to put it on here: the reason itself becomes the message of the work.
        raise Invalid(next((told[0] for told in refusal.fields.values()), refusal.sentence)) from refusal
    progress(2, _STEPS, N_("Writing the proposal down."))
    with transaction():
        proposals.keep(rounds.get(code, actor=by), found, by=by, now=clock.now())
    return {"url": f"/rounds/{code}/assignment/proposal", "pairs": len(found.answer.pairs)}


def announce(params: dict[str, Any], *, by: Actor, clock: Clock, progress: Progress) -> dict[str, Any]:
    """Announce the draft of a round, as one: all its pairs or none."""
    code = params["round"]
    progress(1, _STEPS, N_("Checking every pair once more, then giving the dossiers to their reviewers."))
    with transaction():
        number = proposals.announce(queries.draft(rounds.get(code, actor=by), actor=by), by=by, now=clock.now())
    return {"url": f"/rounds/{code}/assignment", "pairs": number}
