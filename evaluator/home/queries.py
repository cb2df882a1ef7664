"""What waits for a person today: exceptions only, each with its one act."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select

from evaluator.compendium import queries as compendium
from evaluator.compendium.models import Compendium, EditorialText
from evaluator.core import schema
from evaluator.core.db import db
from evaluator.core.text import N_, Sentence, sentence
from evaluator.council.models import Council, Member, Session, SessionState
from evaluator.council.release import queries as releases
from evaluator.initiatives.models import Initiative
from evaluator.notices.models import Notice
from evaluator.policy import Actor
from evaluator.reviews import queries as reviews
from evaluator.reviews.models import ScoreResult, ScoreSheet
from evaluator.rounds import queries as rounds
from evaluator.rounds.models import Round
from evaluator.rules.calendar import Phase, days_left
from evaluator.rules.lifecycle import InitiativeState as State
from evaluator.rules.lifecycle import RoundState
from evaluator.rules.roles import Role

MOST = 1000  # counting stops here: "more than a thousand" is all a person needs to know


@dataclass(frozen=True, slots=True)
class Task:
    """One line of the day: what waits, why, and the one thing to press."""

    what: Sentence
    why: Sentence
    act: str  # a message id
    endpoint: str
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Day:
    """What one person sees first."""

    round: Round | None
    tasks: list[Task]


def waiting_for(actor: Actor, *, now: datetime) -> Day:
    """Return the day of an actor: a fixed number of small reads for each role held."""
    current = rounds.maybe_current(actor)
    tasks: list[Task] = [*_of_author(actor, now)]
    if actor.has(Role.REVIEWER):
        tasks += _of_reviewer(actor)
    if actor.has(Role.SECRETARY):
        for each in rounds.in_hand(actor):
            tasks += _of_secretary(each, now)
    if actor.has(Role.MEMBER, Role.CHAIR):
        tasks += _of_member(actor)
    if actor.has(Role.EDITOR):
        tasks += _of_editor(actor)
    if actor.has(Role.ADMIN):
        tasks += _of_administrator()
    return Day(current, tasks)


def is_current() -> bool:
    """Return whether the database answers and has had every migration."""
    return schema.is_current()


def _of_author(actor: Actor, now: datetime) -> Iterator[Task]:
    """Drafts that are not handed in yet, and supplements that were asked for."""
    mine = (
        select(Initiative.code, Initiative.title, Initiative.state, Round.submission_closes_at)
        .join(Round, Round.id == Initiative.round_id)
        .where(
            Initiative.owner_id == actor.id,
            Initiative.state.in_([State.DRAFT, State.SUPPLEMENT]),
            Round.state == RoundState.OPEN,
        )
        .order_by(Initiative.id)
        .limit(20)
    )
    for code, title, state, closes_at in db.session.execute(mine):
        named = title or Sentence(N_("a dossier without a title"))
        if state is State.SUPPLEMENT:
            what = sentence(N_("The secretariat asks for a supplement to %(title)s"), title=named)
            why = sentence(N_("Complete the dossier and hand it in again."))
        elif now > closes_at:
            continue
        else:
            what = sentence(N_("%(title)s is not handed in yet"), title=named)
            why = sentence(N_("%(days)s days are left."), days=days_left(closes_at, now))
        yield Task(what, why, N_("Go on writing"), "initiatives.edit", {"code": code})


def _of_reviewer(actor: Actor) -> Iterator[Task]:
    """The statement to sign, then the sheets to fill in."""
    for each in reviews.unsigned_statements(actor):
        yield Task(
            sentence(N_("You have been given dossiers in %(round)s"), round=each.title),
            sentence(N_("Sign the conflict statement first.")),
            N_("Read and sign"),
            "reviews.statement",
            {"code": each.code},
        )
    done = reviews.progress(actor)
    if done.left:
        yield Task(
            sentence(N_("%(left)s score sheets to fill in"), left=done.left),
            sentence(N_("%(signed)s of %(given)s are signed."), signed=done.signed, given=done.given),
            N_("Start"),
            "reviews.todo",
            {},
        )


def _of_secretary(current: Round, now: datetime) -> Iterator[Task]:
    """What the round in hand needs next."""
    if current.state is RoundState.DRAFT:
        yield Task(
            sentence(N_("%(round)s is in preparation"), round=current.title),
            sentence(N_("Look over its dates and rules, then open it.")),
            N_("Look it over"),
            "rounds.show",
            {"code": current.code},
        )
        return
    of_round = select(Initiative.id).where(Initiative.round_id == current.id)
    submitted = _up_to(of_round.where(Initiative.state == State.SUBMITTED))
    if submitted:
        yield Task(
            sentence(N_("%(count)s dossiers to check"), count=submitted),
            sentence(N_("Accept, ask for a supplement, or refuse with a reason.")),
            N_("Check the next one"),
            "desk.next_to_check",
            {"round": current.code},
        )
    accepted = _up_to(of_round.where(Initiative.state == State.ACCEPTED))
    if accepted:
        yield Task(
            sentence(N_("%(count)s dossiers have no reviewers yet"), count=accepted),
            sentence(N_("Have a proposal made, look at it, announce it.")),
            N_("Assign reviewers"),
            "proposals.start",
            {"code": current.code},
        )
    asked = _up_to(
        select(ScoreSheet.id).where(
            ScoreSheet.asked_time_at.is_not(None), ScoreSheet.signed_at.is_(None), ScoreSheet.open_until.is_(None)
        )
    )
    if asked:
        yield Task(
            sentence(N_("%(count)s reviewers ask for more time"), count=asked),
            sentence(N_("Give a later day, or another reviewer.")),
            N_("Look at them"),
            "results.reviewers",
            {"code": current.code},
        )
    if current.phase(now) in {Phase.REVIEW, Phase.COUNCIL} and _up_to(
        of_round.where(Initiative.state == State.IN_REVIEW)
    ):
        yield Task(
            sentence(N_("Score sheets are still coming in")),
            sentence(N_("They are due by %(day)s; see who is late."), day=current.review_closes_at),
            N_("See the reviewers"),
            "results.reviewers",
            {"code": current.code},
        )
    apart = _up_to(
        select(ScoreResult.initiative_id)
        .join(Initiative, Initiative.id == ScoreResult.initiative_id)
        .where(
            ScoreResult.round_id == current.id,
            ScoreResult.is_flagged,
            Initiative.state.in_([State.IN_REVIEW, State.REVIEWED]),
        )
    )
    if apart:
        yield Task(
            sentence(N_("The sheets of %(count)s dossiers lie far apart"), count=apart),
            sentence(N_("The council will want to talk about them.")),
            N_("See the results"),
            "results.listed",
            {"code": current.code},
        )
    if releases.waits(current):
        yield Task(
            sentence(N_("The results of %(round)s are decided and not released"), round=current.title),
            sentence(N_("Nobody outside the council has heard of them yet.")),
            N_("Release the results"),
            "release.show",
            {"code": current.code},
        )


def _of_member(actor: Actor) -> Iterator[Task]:
    """The session that runs."""
    running = (
        select(Round.code, Round.title, Session.number)
        .join(Council, Council.id == Session.council_id)
        .join(Round, Round.id == Council.round_id)
        .join(Member, Member.council_id == Council.id)
        .where(Member.account_id == actor.id, Session.state != SessionState.CLOSED)
        .order_by(Session.id)
    )
    for code, title, number in db.session.execute(running):
        yield Task(
            sentence(N_("The council of %(round)s is in session"), round=title),
            sentence(N_("Session %(number)s is open."), number=number),
            N_("Go to the session"),
            "council.session",
            {"code": code, "number": number},
        )


def _of_editor(actor: Actor) -> Iterator[Task]:
    """Books that can be begun, and entries that nobody has approved yet."""
    for each in compendium.rounds_without_book(actor):
        yield Task(
            sentence(N_("The council has decided in %(round)s"), round=each.title),
            sentence(N_("The book of the selected works can be begun.")),
            N_("Begin the book"),
            "editing.index",
            {},
        )
    waiting = (
        select(Round.code, Compendium.title, func.count())
        .select_from(EditorialText)
        .join(Compendium, Compendium.id == EditorialText.compendium_id)
        .join(Round, Round.id == Compendium.round_id)
        .where(EditorialText.approved_at.is_(None), Compendium.published_at.is_(None))
        .group_by(Round.code, Compendium.title)
        .order_by(Round.code)
    )
    for code, title, count in db.session.execute(waiting):
        yield Task(
            sentence(N_("%(count)s entries of %(book)s wait for editing"), count=count, book=title),
            sentence(N_("An entry goes into the book once it is approved.")),
            N_("Edit"),
            "editing.show",
            {"code": code},
        )


def _of_administrator() -> Iterator[Task]:
    """Messages that nobody sends where no mail server is set."""
    waiting = _up_to(
        select(Notice.id).where(
            Notice.sent_at.is_(None), Notice.handed_over_at.is_(None), Notice.withdrawn_at.is_(None)
        )
    )
    if waiting:
        yield Task(
            sentence(N_("%(count)s messages wait in the outbox"), count=waiting),
            sentence(N_("Without a mail server they are handed over by hand.")),
            N_("Open the outbox"),
            "notices.index",
            {},
        )


def _up_to(wanted: Select[*tuple[Any, ...]]) -> int:
    """Return how many rows there are, counting no further than ``MOST``."""
    return db.session.scalar(select(func.count()).select_from(wanted.limit(MOST).subquery())) or 0
