"""Taking files with names along. The entry in the history is what opens a file: none leaves without one."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from evaluator import policy
from evaluator.audit import queries as history
from evaluator.audit import service as audit
from evaluator.core.errors import Invalid
from evaluator.core.text import N_
from evaluator.policy import Action, Actor
from evaluator.rounds.models import Round
from evaluator.rules.vietnamese import clean

OPEN_FOR = timedelta(hours=8)  # a working day: one entry for each person and kind of file
LEAST_REASON = 5


@dataclass(frozen=True, slots=True)
class Export:
    """A kind of file with names: the event that opens it, what it is, who may take it."""

    event: str
    name: str
    action: Action


EXPORTS = {
    "scores": Export("names.scores-taken", N_("All score sheets, with the names of the reviewers"), Action.SCORING_CLOSE),
    "assignment": Export("names.assignment-taken", N_("Who is to review what"), Action.ASSIGNMENT_SEE),
    "papers": Export("names.papers-taken", N_("Papers of the result, with the names of the authors"), Action.PAPERS_TAKE),
    "intake": Export("names.intake-taken", N_("A list of dossiers as it was handed in, or the report on it"), Action.INITIATIVE_IMPORT),
}  # fmt: skip


def is_open(what: str, a_round: Round, *, to: Actor, now: datetime) -> bool:
    """Return whether somebody has put on record that he or she takes a kind of file of a round along."""
    since = now - OPEN_FOR
    return to.is_service or history.latest(EXPORTS[what].event, about=a_round, by=to, since=since) is not None


def take(what: str, a_round: Round, reason: str = "", *, by: Actor, now: datetime) -> None:
    """Put on record that somebody takes a kind of file of a round along, and why where the round asks.

    Raises:
        Forbidden: it is not his or hers to take.
        Invalid: the round asks for a reason and there is none.
    """
    policy.require(by, EXPORTS[what].action, a_round)
    audit.record(EXPORTS[what].event, about=a_round, by=by, now=now, reason=reason_for(a_round, reason))


def reason_for(a_round: Round, written: str) -> str:
    """Return the reason somebody gives for seeing names.

    Raises:
        Invalid: the round asks for one and there is none.
    """
    reason = clean(written)
    if a_round.reason_for_identity and len(reason) < LEAST_REASON:
        raise Invalid.on("reason", N_("This round asks why: give the reason in a few words."))
    return reason
