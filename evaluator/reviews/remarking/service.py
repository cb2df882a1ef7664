"""Commands of re-marking: ask, refuse, accept, answer. Every step stays on record with both scores."""

from datetime import datetime, timedelta

from sqlalchemy import select

from evaluator import policy
from evaluator.assignment import service as assignment
from evaluator.assignment.models import Assignment
from evaluator.audit import service as audit
from evaluator.core.db import db
from evaluator.core.errors import Closed, Conflict, Invalid
from evaluator.core.text import N_
from evaluator.initiatives.models import Initiative
from evaluator.people.models import Account
from evaluator.policy import Action, Actor
from evaluator.reviews.models import Remarking, ScoreResult, Standing
from evaluator.reviews.results.service import scoring_of
from evaluator.rounds.models import Round
from evaluator.rules import lifecycle
from evaluator.rules.calendar import day_of, end_of_day
from evaluator.rules.lifecycle import Event
from evaluator.rules.lifecycle import InitiativeState as State

NO_REASON = N_("Say what should be looked at again, and why.")
ASKED_ALREADY = N_("Re-marking was already asked for; there is one request for each initiative.")
TOO_LATE = N_("Re-marking can be asked for until %(until)s.")
ANSWERED = N_("This request is answered already.")
ACCEPTED = N_("This request is accepted already; other reviewers mark it.")
NOT_ACCEPTED = N_("Accept or refuse the request first.")
STILL_LOCKED = N_("The results are locked. The chair has to unlock them first, with this request as the reason.")
NOT_MARKED = N_("The new score sheets are not all in, or the results are not locked again.")
NO_ANSWER = N_("Write the answer the author will read.")
ALREADY_MARKED = "Đã chấm lần thứ nhất; hồ sơ được chấm lại theo đơn phúc khảo"  # stands in the register of conflicts


def ask_until(a_round: Round) -> datetime:
    """Return until when authors of a round may ask; where it has no re-marking, the moment results become known."""
    days = a_round.remarking_days
    return end_of_day(day_of(a_round.publication_at) + timedelta(days=days)) if days else a_round.publication_at


def ask(initiative: Initiative, *, reason: str, by: Actor, now: datetime) -> Remarking:
    """An author asks that the own initiative be marked again.

    Raises:
        Invalid: there is no reason.
        Closed: the days for it are over.
        Conflict: it was asked already.
    """
    policy.require(by, Action.REMARKING_ASK, initiative)
    until = ask_until(initiative.round)
    if now > until:
        raise Closed(TOO_LATE, until=f"{day_of(until):%d/%m/%Y}")
    if not reason.strip():
        raise Invalid.on("reason", NO_REASON)
    if db.session.scalar(select(Remarking.id).where(Remarking.initiative_id == initiative.id)) is not None:
        raise Conflict(ASKED_ALREADY)
    remarking = Remarking(
        initiative=initiative, asked_at=now, asked_by_id=by.id, reason=reason.strip(), score_before=_score(initiative)
    )
    db.session.add(remarking)
    audit.record("remarking.asked", about=initiative, by=by, now=now)
    return remarking


def refuse(remarking: Remarking, *, answer: str, by: Actor, now: datetime) -> Remarking:
    """The council refuses a request, with the reason.

    Raises:
        Invalid: there is no answer.
        Conflict: it is accepted or answered already.
    """
    policy.require(by, Action.REMARKING_DECIDE, remarking.initiative)
    _check_waiting(remarking)
    _answer(remarking, answer, now=now)
    audit.record("remarking.refused", about=remarking.initiative, by=by, now=now)
    return remarking


def accept(remarking: Remarking, *, by: Actor, now: datetime) -> Remarking:
    """The council accepts a request: the dossier goes back into review, and none of its reviewers marks it again.

    Their sheets stay on record and count no more.

    Raises:
        Conflict: the results are still locked, or the request is accepted or answered already.
    """
    policy.require(by, Action.REMARKING_DECIDE, remarking.initiative)
    _check_waiting(remarking)
    initiative = remarking.initiative
    if scoring_of(initiative.round).is_closed:
        raise Conflict(STILL_LOCKED)
    if initiative.state is not State.REVIEWED:
        initiative.state = lifecycle.after(initiative.state, Event.RECONSIDER)
    initiative.state = lifecycle.after(initiative.state, Event.REOPEN_REVIEWS)
    for account in _reviewers(initiative):
        assignment.record_conflict(initiative, account, note=ALREADY_MARKED, by=by, now=now)
    remarking.accepted_at = now
    audit.record("remarking.accepted", about=initiative, by=by, now=now)
    return remarking


def answer(remarking: Remarking, *, text: str, by: Actor, now: datetime) -> Remarking:
    """The council tells the author what came of it; the new score is kept beside the old one.

    Raises:
        Invalid: there is no answer.
        Conflict: not all new sheets are in, or the results are not locked again, or it is answered already.
    """
    policy.require(by, Action.REMARKING_DECIDE, remarking.initiative)
    if remarking.answered_at is not None:
        raise Conflict(ANSWERED)
    if remarking.accepted_at is None:
        raise Conflict(NOT_ACCEPTED)
    initiative = remarking.initiative
    result = _result(initiative)
    is_marked = result is not None and result.sheets > 0 and result.standing is not Standing.WAITING
    if not is_marked or not scoring_of(initiative.round).is_closed:
        raise Conflict(NOT_MARKED)
    _answer(remarking, text, now=now)
    remarking.score_after = _score(initiative)
    audit.record(
        "remarking.answered",
        about=initiative,
        by=by,
        now=now,
        before=remarking.score_before,
        after=remarking.score_after,
    )
    return remarking


def _check_waiting(remarking: Remarking) -> None:
    if remarking.answered_at is not None:
        raise Conflict(ANSWERED)
    if remarking.accepted_at is not None:
        raise Conflict(ACCEPTED)


def _answer(remarking: Remarking, text: str, *, now: datetime) -> None:
    if not text.strip():
        raise Invalid.on("answer", NO_ANSWER)
    remarking.answered_at, remarking.answer = now, text.strip()


def _result(initiative: Initiative) -> ScoreResult | None:
    result: ScoreResult | None = db.session.scalar(
        select(ScoreResult).where(ScoreResult.initiative_id == initiative.id)
    )
    return result


def _score(initiative: Initiative) -> str:
    result = _result(initiative)
    return result.score if result else ""


def _reviewers(initiative: Initiative) -> list[Account]:
    return list(
        db.session.scalars(
            select(Account)
            .join(Assignment, Assignment.reviewer_id == Account.id)
            .where(Assignment.initiative_id == initiative.id, Assignment.ended_at.is_(None))
            .order_by(Account.id)
        )
    )
