"""The look behind the blind: the secretariat reads who the authors are only once the look is on record.

Nothing is kept beside the history: what opens the names is the entry in it, so names cannot be seen without one.
"""

from datetime import datetime, timedelta

from evaluator import policy
from evaluator.audit import queries as history
from evaluator.audit import service as audit
from evaluator.initiatives import queries
from evaluator.initiatives.models import Initiative
from evaluator.policy import Action, Actor
from evaluator.rounds.exports.service import reason_for
from evaluator.rounds.models import Round
from evaluator.rules.lifecycle import InitiativeState as State
from evaluator.rules.lifecycle import RoundState

SEEN = "identity.seen"
OPEN_FOR = timedelta(hours=8)  # a working day: one entry in the history for each person and dossier

# While a dossier stands here somebody judges it, or soon will, without knowing whose it is.
BLIND_STATES = frozenset({State.SUBMITTED, State.SUPPLEMENT, State.ACCEPTED, State.IN_REVIEW, State.REVIEWED})


def is_open(initiative: Initiative, *, to: Actor, now: datetime) -> bool:
    """Return whether somebody who may read a dossier is shown its authors at a moment.

    Authors see themselves; a decided dossier hides nobody; everyone else has looked behind the blind, on record.
    """
    if to.is_service or policy.is_author_of(to, initiative):
        return True
    if initiative.state not in BLIND_STATES or initiative.round.state is RoundState.CLOSED:
        return True
    return history.latest(SEEN, about=initiative, by=to, since=now - OPEN_FOR) is not None


def is_list_open(a_round: Round, *, to: Actor, now: datetime) -> bool:
    """Return whether the register of a round shows somebody names, and finds dossiers by them."""
    if to.is_service or a_round.state is RoundState.CLOSED:
        return True
    return history.latest(SEEN, about=a_round, by=to, since=now - OPEN_FOR) is not None


def look(initiative: Initiative, reason: str = "", *, by: Actor, now: datetime) -> None:
    """Put on record that somebody opens the authors of a dossier; what is open already is not noted twice.

    Raises:
        Forbidden: it is not the secretariat.
        Invalid: the round asks for a reason and there is none.
    """
    policy.require(by, Action.IDENTITY_OPEN, initiative)
    if not is_open(initiative, to=by, now=now):
        audit.record(SEEN, about=initiative, by=by, now=now, reason=reason_for(initiative.round, reason))


def look_at_list(a_round: Round, reason: str = "", *, by: Actor, now: datetime) -> None:
    """Put on record that somebody opens the names in the register, and of how many dossiers.

    Raises:
        Forbidden, Invalid: as for ``look``.
    """
    policy.require(by, Action.INITIATIVE_LIST)
    if not is_list_open(a_round, to=by, now=now):
        count = queries.how_many_handed_in(a_round)
        audit.record(SEEN, about=a_round, by=by, now=now, count=count, reason=reason_for(a_round, reason))


def go_on(initiative: Initiative, following: Initiative, *, by: Actor, now: datetime) -> None:
    """Open the next dossier of a pile as the one before was opened: if by a look, then by a look, for its reason."""
    seen = history.latest(SEEN, about=initiative, by=by, since=now - OPEN_FOR)
    if seen is not None:
        look(following, seen.facts.get("reason", ""), by=by, now=now)
