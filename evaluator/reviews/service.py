"""Commands on score sheets: fill in, sign, ask for time, hand out more time, give back."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import select

from evaluator import policy
from evaluator.assignment import queries as assignments
from evaluator.audit import service as audit
from evaluator.core.db import db
from evaluator.core.errors import Closed, Conflict, Invalid
from evaluator.core.text import N_, sentence
from evaluator.initiatives.models import Initiative
from evaluator.notices import service as notices
from evaluator.people import queries as people
from evaluator.policy import Action, Actor
from evaluator.reviews.models import ScoreSheet
from evaluator.reviews.queries import Desk
from evaluator.reviews.results import service as results
from evaluator.reviews.rubrics import rubric_of, typed_points
from evaluator.rounds.models import Round
from evaluator.rules import lifecycle, scoring
from evaluator.rules.lifecycle import Event
from evaluator.rules.lifecycle import InitiativeState as State
from evaluator.rules.roles import Role
from evaluator.rules.rubric import Rubric, Value

LONGEST_REMARK = 4000

ALREADY_SIGNED = N_(
    "You signed this sheet at %(at)s, so it does not change any more. If a point is wrong, ask the secretary to give the sheet back."
)
TIME_IS_UP = N_("Marking closed at %(at)s. Nothing you typed is lost here; ask the secretary for more time.")
OTHER_WINDOW = N_(
    "This sheet was changed in another window. Load the page again to see it as it is now; what you typed here stays on this screen."
)
NOTHING_YET = N_("Mark the criteria before you sign.")
TOO_LONG = N_("Keep the remark within %(most)s characters.")
SAY_WHY = N_("Say in a few words why, so that the secretary can decide.")
NOT_SIGNED = N_("This sheet is not signed, so it need not be given back.")
ALREADY_DECIDED = N_("The council has already decided on this initiative; its sheets do not change any more.")
ONLY_LATER = N_("Give a day after the present deadline.")


def fill_in(place: Desk, texts: dict[str, str], *, remark: str, read_version: int, by: Actor, now: datetime) -> Desk:
    """Keep what the reviewer has marked so far; ``texts`` is what was typed for each criterion key.

    Raises:
        Invalid: something is not what the criterion takes, by criterion key; nothing is kept.
        Conflict: the sheet is signed, or was changed in another window since ``read_version``.
        Closed: the deadline has passed, or scoring is closed.
    """
    policy.require(by, Action.SHEET_FILL, place)
    _must_be_open(place, now)
    sheet = place.sheet
    if read_version != (sheet.version if sheet else 0):
        raise Conflict(OTHER_WINDOW)
    points = _read(rubric_of(place.round), texts, remark)
    if sheet is None:
        sheet = ScoreSheet(assignment_id=place.assignment.id, points=points, remark=remark, saved_at=now)
        db.session.add(sheet)
    elif (sheet.points, sheet.remark) != (points, remark):
        sheet.points, sheet.remark, sheet.saved_at = points, remark, now
    db.session.flush()  # the caller tells the new version
    return replace(place, sheet=sheet)


def sign(place: Desk, *, by: Actor, now: datetime) -> Desk:
    """The reviewer signs; from now on the points are evidence and do not change.

    Raises:
        Invalid: a criterion is missing or wrong, by criterion key.
        Conflict: it is signed already.
        Closed: the deadline has passed, or scoring is closed.
    """
    policy.require(by, Action.SHEET_SIGN, place)
    _must_be_open(place, now)
    if place.sheet is None:
        raise Invalid(NOTHING_YET)
    scoring.check_complete(rubric_of(place.round), place.sheet.points)
    place.sheet.signed_at = place.sheet.saved_at = now
    audit.record("sheet.signed", about=place.sheet, by=by, now=now, points=place.sheet.points)
    result = results.update_result(place.initiative_id, place.round, now=now)
    if result.outstanding == 0:
        _move_on(place.initiative_id, Event.COMPLETE_REVIEWS, State.IN_REVIEW)
        if not _is_any_in_review(place.round):
            secretaries = people.with_role(Role.SECRETARY)
            notices.queue(
                "reviews-complete",
                to=secretaries,
                about=place.round,
                now=now,
                round=place.round.title,
                code=place.round.code,
            )
    return place


def ask_time(place: Desk, *, why: str, by: Actor, now: datetime) -> Desk:
    """The reviewer needs more time; the secretary hears of it and decides.

    Raises:
        Invalid: no reason was given.
        Conflict: the sheet is signed already.
    """
    policy.require(by, Action.SHEET_FILL, place)
    if place.sheet and place.sheet.signed_at:
        raise Conflict(ALREADY_SIGNED, at=place.sheet.signed_at)
    if not why.strip():
        raise Invalid.on("why", SAY_WHY)
    sheet = place.sheet or ScoreSheet(assignment_id=place.assignment.id, points={}, saved_at=now)
    sheet.asked_time_at, sheet.asked_time_for = now, why.strip()[:500]
    db.session.add(sheet)
    audit.record("sheet.time-asked", about=sheet, by=by, now=now, why=sheet.asked_time_for)
    notices.queue(
        "review-time-asked",
        to=assignments.who_arranges(place.initiative_id),
        about=sheet,
        now=now,
        reviewer=by.label,
        round=place.round.title,
        why=sheet.asked_time_for,
        round_code=place.round.code,
    )
    return replace(place, sheet=sheet)


def extend(place: Desk, *, until: datetime, by: Actor, now: datetime) -> Desk:
    """The secretary gives one reviewer more time for one sheet.

    Raises:
        Invalid: ``until`` is not later than the present deadline.
        Conflict: the sheet is signed already.
    """
    policy.require(by, Action.SHEET_EXTEND, results.subject(place.initiative_id, is_closed=place.closed_at is not None))
    if place.sheet and place.sheet.signed_at:
        raise Conflict(ALREADY_SIGNED, at=place.sheet.signed_at)
    if until <= place.closes_at:
        raise Invalid.on("until", ONLY_LATER)
    sheet = place.sheet or ScoreSheet(assignment_id=place.assignment.id, points={}, saved_at=now)
    sheet.open_until, sheet.asked_time_at = until, None
    db.session.add(sheet)
    audit.record("sheet.extended", about=sheet, by=by, now=now, until=until)
    return replace(place, sheet=sheet)


def reopen(place: Desk, *, why: str, by: Actor, now: datetime) -> Desk:
    """The secretary gives a signed sheet back to its reviewer; the points signed before stay in the history.

    Raises:
        Invalid: no reason was given.
        Conflict: the sheet is not signed, or the council has decided.
        Closed: scoring is closed.
    """
    policy.require(by, Action.SHEET_REOPEN, results.subject(place.initiative_id, is_closed=place.closed_at is not None))
    if place.closed_at is not None:
        raise Closed(TIME_IS_UP, at=place.closed_at)
    if place.sheet is None or place.sheet.signed_at is None:
        raise Conflict(NOT_SIGNED)
    if not why.strip():
        raise Invalid.on("why", SAY_WHY)
    state = db.session.get_one(Initiative, place.initiative_id).state
    if state not in {State.IN_REVIEW, State.REVIEWED}:
        raise Conflict(ALREADY_DECIDED)
    place.sheet.signed_at, place.sheet.reopened_at = None, now
    audit.record("sheet.reopened", about=place.sheet, by=by, now=now, why=why.strip(), points=place.sheet.points)
    results.update_result(place.initiative_id, place.round, now=now)
    _move_on(place.initiative_id, Event.REOPEN_REVIEWS, State.REVIEWED)
    return place


def _must_be_open(place: Desk, now: datetime) -> None:
    if place.sheet and place.sheet.signed_at:
        raise Conflict(ALREADY_SIGNED, at=place.sheet.signed_at)
    if not place.is_open(now):
        raise Closed(TIME_IS_UP, at=min(filter(None, (place.closed_at, place.closes_at))))


def _move_on(initiative_id: int, event: Event, only_from: State) -> None:
    """Take the initiative to its next state; one that has moved elsewhere (withdrawn) is left alone."""
    initiative = db.session.get_one(Initiative, initiative_id)
    if initiative.state is only_from:
        initiative.state = lifecycle.after(initiative.state, event)


def _is_any_in_review(a_round: Round) -> bool:
    db.session.flush()  # the state of the one that has just been completed
    one = select(Initiative.id).where(Initiative.round_id == a_round.id, Initiative.state == State.IN_REVIEW).limit(1)
    return db.session.scalar(one) is not None


def _read(rubric: Rubric, texts: dict[str, str], remark: str) -> dict[str, Value]:
    """Return the points that were typed.

    Raises:
        Invalid: every field that could not be read, at once.
    """
    points, wrong = typed_points(rubric, texts)
    if len(remark) > LONGEST_REMARK:
        wrong["remark"] = [sentence(TOO_LONG, most=LONGEST_REMARK)]
    if wrong:
        raise Invalid(fields=wrong)
    scoring.check(rubric, points)
    return points
