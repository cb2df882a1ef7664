"""Reading assignments, conflicts and what reviewers declared of themselves."""

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import Select, bindparam, case, func, or_, select, union
from sqlalchemy.orm import joinedload, lazyload

from evaluator import policy
from evaluator.assignment import standards
from evaluator.assignment.judges import Reviewer, available_reviewers, findings
from evaluator.assignment.models import (
    Assignment,
    Conflict,
    ConflictStatement,
    Proposal,
    ProposalDossier,
    ProposalPair,
    ProposalState,
    ReviewerProfile,
)
from evaluator.assignment.ties import Ties
from evaluator.core.db import db
from evaluator.core.errors import NotFound
from evaluator.core.paging import Page, page_by_key
from evaluator.core.text import N_, Sentence, sentence
from evaluator.initiatives.models import Author, Initiative
from evaluator.people import queries as people
from evaluator.people.models import Account, RoleGrant
from evaluator.policy import Action, Actor
from evaluator.rounds.models import Round
from evaluator.rules import conflicts
from evaluator.rules.lifecycle import InitiativeState as State
from evaluator.rules.roles import Role
from evaluator.rules.vietnamese import fold

IN_HAND = (State.ACCEPTED, State.IN_REVIEW)  # states in which a dossier may be given to reviewers


# --- one person's own -------------------------------------------------------------------------


# What an actor is made of, asked at every request; composed once. The parameter is an account's id.
ASSIGNED_IDS = select(Assignment.initiative_id).where(
    Assignment.reviewer_id == bindparam("account_id"), Assignment.ended_at.is_(None)
)
CONFLICTED_IDS = select(Conflict.initiative_id).where(Conflict.account_id == bindparam("account_id"))


def active_for(reviewer_id: int | None, round_id: int) -> Select[Assignment]:
    """Return what a reviewer has at present in a round: compose and order it."""
    return select(Assignment).where(
        Assignment.reviewer_id == reviewer_id, Assignment.round_id == round_id, Assignment.ended_at.is_(None)
    )


def get(code: str, *, actor: Actor) -> Assignment:
    """Return the actor's own present assignment by the blind code of its dossier.

    Raises:
        NotFound: there is none, or it is somebody else's.
    """
    mine = select(Assignment).join(Initiative, Initiative.id == Assignment.initiative_id)
    mine = mine.where(Initiative.blind_code == code, Assignment.reviewer_id == actor.id, Assignment.ended_at.is_(None))
    found: Assignment | None = db.session.scalar(mine)
    if found is None or found.initiative_id in actor.conflicts:
        raise NotFound
    return found


def maybe_statement(account_id: int | None, round_id: int) -> ConflictStatement | None:
    """Return the signed statement of a person in a round."""
    return db.session.scalar(
        select(ConflictStatement).where(
            ConflictStatement.account_id == account_id, ConflictStatement.round_id == round_id
        )
    )


def maybe_conflict(account_id: int | None, initiative_id: int) -> Conflict | None:
    """Return what a person declared on a dossier."""
    return db.session.scalar(
        select(Conflict).where(Conflict.account_id == account_id, Conflict.initiative_id == initiative_id)
    )


def who_arranges(initiative_id: int) -> list[Account]:
    """Return who is told of what happens around a dossier: the secretaries, else the chairs, without any who stand near it.

    Near are its authors, who declared a conflict, and who reviews it.
    """
    near = db.session.scalars(
        union(
            select(Author.account_id).where(Author.initiative_id == initiative_id),
            select(Initiative.owner_id).where(Initiative.id == initiative_id),
            select(Conflict.account_id).where(Conflict.initiative_id == initiative_id),
            select(Assignment.reviewer_id).where(
                Assignment.initiative_id == initiative_id, Assignment.ended_at.is_(None)
            ),
        )
    )
    ids = set(near)
    for role in (Role.SECRETARY, Role.CHAIR):
        free = [account for account in people.with_role(role) if account.id not in ids]
        if free:
            return free
    return []


# --- for the secretary ------------------------------------------------------------------------


def reviewers_of(initiative_id: int) -> list[Assignment]:
    """Return who has a dossier at present, in the order of names."""
    wanted = (
        select(Assignment)
        .join(Account, Account.id == Assignment.reviewer_id)
        .where(Assignment.initiative_id == initiative_id, Assignment.ended_at.is_(None))
        .options(joinedload(Assignment.reviewer), lazyload(Assignment.initiative))
        .order_by(Account.sort_key, Account.id)
    )
    return list(db.session.scalars(wanted))


def visible_to(actor: Actor) -> Select[Assignment]:
    """Return the assignments a person may look at from outside: the secretary's, but not of a work one stands near."""
    every = select(Assignment)
    if actor.is_service or policy.allows(actor, Action.ASSIGNMENT_SEE):
        return every.where(Assignment.initiative_id.not_in(actor.near))
    return every.where(Assignment.reviewer_id == actor.id, Assignment.ended_at.is_(None))


@dataclass(frozen=True, slots=True)
class Overview:
    """How far assigning is in a round."""

    dossiers: int  # accepted or in review
    wanted: int  # reviews they need together
    given: int  # assignments of these at present
    is_over: bool  # dossiers were given out, and none waits for a sheet any more
    reviewers: int  # available ones
    room: int | None  # what they may take together by their own limits; None if somebody has none
    draft: Proposal | None
    without_fields: int  # reviewers who declared no field

    @property
    def lacking(self) -> int:
        """Reviews that still have nobody."""
        return max(0, self.wanted - self.given)


def overview(a_round: Round, *, actor: Actor) -> Overview:
    """Return the figures of the secretary's page; a handful of counts, whatever the size of the round."""
    policy.require(actor, Action.ASSIGNMENT_SEE, a_round)
    dossiers = (
        select(func.count())
        .select_from(Initiative)
        .where(Initiative.round_id == a_round.id, Initiative.state.in_(IN_HAND))
    )
    given = (
        select(func.count())
        .select_from(Assignment)
        .join(Initiative, Initiative.id == Assignment.initiative_id)
        .where(Assignment.round_id == a_round.id, Assignment.ended_at.is_(None), Initiative.state.in_(IN_HAND))
    )
    begun = select(Assignment.id).where(Assignment.round_id == a_round.id).limit(1)
    number = db.session.scalar(dossiers) or 0
    people = available_reviewers()
    limits = [person.most for person in people]
    return Overview(
        dossiers=number,
        wanted=number * a_round.reviews_per_initiative,
        given=db.session.scalar(given) or 0,
        is_over=not number and db.session.scalar(begun) is not None,
        reviewers=len(people),
        room=None if None in limits else sum(limit for limit in limits if limit is not None),
        draft=maybe_draft(a_round),
        without_fields=sum(not person.fields for person in people),
    )


def maybe_draft(a_round: Round) -> Proposal | None:
    """Return the proposal that is being adjusted."""
    return db.session.scalar(
        select(Proposal).where(Proposal.round_id == a_round.id, Proposal.state == ProposalState.DRAFT)
    )


@dataclass(frozen=True, slots=True)
class ReviewerRow:
    """A line of the secretary's list of reviewers."""

    account: Account
    profile: ReviewerProfile | None
    given: int
    proposed: int
    has_statement: bool
    declared: int


def reviewer_rows(a_round: Round, *, actor: Actor, text: str = "", mark: str = "", size: int = 50) -> Page[ReviewerRow]:
    """Return one page of reviewers in the order of names, with what each carries; six statements at most."""
    policy.require(actor, Action.ASSIGNMENT_SEE, a_round)
    holders = select(RoleGrant.account_id).where(RoleGrant.role == Role.REVIEWER)
    people = (
        select(Account)
        .where(Account.id.in_(holders), Account.deactivated_at.is_(None))
        .options(joinedload(Account.unit), lazyload(Account.grants))
    )
    for word in fold(text).split():
        people = people.where(Account.search.contains(word, autoescape=True))
    page = page_by_key(db.session(), people, keys=(Account.sort_key, Account.id), mark=mark, size=size, scalars=True)
    ids = [account.id for account in page.rows]
    rows = _ReviewerFigures(a_round, ids, actor)
    return Page([rows.row(account) for account in page.rows], page.next, page.previous)


class _ReviewerFigures:
    """The figures of the reviewers on one page, each kind in one statement."""

    def __init__(self, a_round: Round, ids: list[int], actor: Actor) -> None:
        profiles = db.session.scalars(select(ReviewerProfile).where(ReviewerProfile.account_id.in_(ids)))
        self.profiles = {profile.account_id: profile for profile in profiles}
        # Nobody subtracts: what the reader stands near is not counted either.
        active = (
            Assignment.round_id == a_round.id,
            Assignment.ended_at.is_(None),
            Assignment.initiative_id.not_in(actor.near),
        )
        self.given = _counted(Assignment.reviewer_id, ids, *active)
        self.declared = _counted(
            Conflict.account_id,
            ids,
            Conflict.initiative_id.in_(select(Initiative.id).where(Initiative.round_id == a_round.id)),
            Conflict.initiative_id.not_in(actor.near),
        )
        draft = select(Proposal.id).where(Proposal.round_id == a_round.id, Proposal.state == ProposalState.DRAFT)
        self.proposed = _counted(
            ProposalPair.reviewer_id,
            ids,
            ProposalPair.proposal_id.in_(draft),
            ProposalPair.initiative_id.not_in(actor.near),
        )
        self.signed = _counted(ConflictStatement.account_id, ids, ConflictStatement.round_id == a_round.id)

    def row(self, account: Account) -> ReviewerRow:
        """Return one line."""
        return ReviewerRow(
            account=account,
            profile=self.profiles.get(account.id),
            given=self.given.get(account.id, 0),
            proposed=self.proposed.get(account.id, 0),
            has_statement=account.id in self.signed,
            declared=self.declared.get(account.id, 0),
        )


def _counted(column: object, ids: list[int], *conditions: object) -> dict[int, int]:
    """Return how many rows each of the people has."""
    counts = select(column, func.count()).where(column.in_(ids), *conditions).group_by(column)  # type: ignore[call-overload, attr-defined]  # any column of account ids
    return {int(row[0]): int(row[1]) for row in db.session.execute(counts)}


def reviewer(code: str, *, actor: Actor) -> Account:
    """Return a reviewer by the public code.

    Raises:
        NotFound: there is none.
    """
    policy.require(actor, Action.REVIEWER_DESCRIBE)
    holders = select(RoleGrant.account_id).where(RoleGrant.role == Role.REVIEWER)
    account: Account | None = db.session.scalar(select(Account).where(Account.code == code, Account.id.in_(holders)))
    if account is None:
        raise NotFound
    return account


def maybe_profile(account: Account) -> ReviewerProfile | None:
    """Return what a reviewer declared."""
    return db.session.scalar(select(ReviewerProfile).where(ReviewerProfile.account_id == account.id))


def conflicts_of(a_round: Round, *, actor: Actor, mark: str = "") -> Page[Conflict]:
    """Return one page of what was declared in a round, the newest first."""
    policy.require(actor, Action.ASSIGNMENT_SEE, a_round)
    declared = (
        select(Conflict)
        .join(Initiative, Initiative.id == Conflict.initiative_id)
        .where(Initiative.round_id == a_round.id, Initiative.id.not_in(actor.near))
        .options(joinedload(Conflict.account), joinedload(Conflict.initiative))
    )
    return page_by_key(db.session(), declared, keys=(Conflict.id,), mark=mark, descending=True, scalars=True)


def count_active(account_id: int, round_id: int, *, actor: Actor) -> int:
    """Return how many dossiers a reviewer has at present, without those the reader stands near."""
    mine = select(func.count()).where(
        Assignment.reviewer_id == account_id,
        Assignment.round_id == round_id,
        Assignment.ended_at.is_(None),
        Assignment.initiative_id.not_in(actor.near),
    )
    return db.session.scalar(mine) or 0


def active(code: str, reviewer_code: str, *, actor: Actor) -> Assignment:
    """Return who has which dossier, by the codes of both.

    Raises:
        NotFound: that person does not have it, or it is a work of the reader's own.
    """
    wanted = (
        visible_to(actor)
        .join(Initiative, Initiative.id == Assignment.initiative_id)
        .join(Account, Account.id == Assignment.reviewer_id)
        .where(Initiative.code == code, Account.code == reviewer_code, Assignment.ended_at.is_(None))
        .options(joinedload(Assignment.reviewer))
    )
    found: Assignment | None = db.session.scalar(wanted)
    if found is None:
        raise NotFound
    return found


@dataclass(frozen=True, slots=True)
class Substitute:
    """Somebody who could take one dossier over."""

    reviewer: Reviewer
    load: int
    knows_field: bool
    reason: Sentence | None  # why not


def substitutes(present: Assignment, *, actor: Actor, text: str = "", most: int = 40) -> list[Substitute]:
    """Return who could take one dossier: of its field and with little work first, who must not at the end."""
    people = [each for each in available_reviewers(text) if each.id != present.reviewer_id]
    found = findings(people, [present.initiative_id], standards.of(present.round_id))
    has = {each.reviewer_id for each in reviewers_of(present.initiative_id)}
    beside = has - {present.reviewer_id}
    ties = Ties(present.round_id, is_cross_unit=standards.of(present.round_id).is_cross_unit)
    counts = (
        select(Assignment.reviewer_id, func.count())
        .where(
            Assignment.round_id == present.round_id,
            Assignment.ended_at.is_(None),
            Assignment.initiative_id.not_in(actor.near),
        )
        .group_by(Assignment.reviewer_id)
    )
    carried = {int(row[0]): int(row[1]) for row in db.session.execute(counts)}
    rows = []
    for person in people:
        reasons = found.get((person.id, present.initiative_id), [])
        bars = [each.reason for each in reasons if each.weight is conflicts.Weight.BAR]
        reason = sentence(N_("has this dossier already")) if person.id in has else None
        reason = bars[0] if bars else reason or ties.problem(present.initiative_id, person.id, beside=beside)
        rows.append(Substitute(person, carried.get(person.id, 0), present.initiative.field in person.fields, reason))
    return sorted(rows, key=lambda row: (row.reason is not None, not row.knows_field, row.load))[:most]


def given(
    a_round: Round, *, actor: Actor, text: str = "", mark: str = "", size: int = 25
) -> Page[tuple[Initiative, list[Assignment]]]:
    """Return one page of dossiers in review with who has them, in the order of codes."""
    policy.require(actor, Action.ASSIGNMENT_SEE, a_round)
    dossiers = (
        select(Initiative)
        .where(Initiative.round_id == a_round.id, Initiative.state.in_(IN_HAND), Initiative.id.not_in(actor.near))
        .options(lazyload("*"))
    )
    if text:
        dossiers = dossiers.where(Initiative.code.startswith(text.strip().upper(), autoescape=True))
    page = page_by_key(
        db.session(), dossiers, keys=(Initiative.code, Initiative.id), mark=mark, size=size, scalars=True
    )
    has: dict[int, list[Assignment]] = defaultdict(list)
    present = (
        select(Assignment)
        .join(Account, Account.id == Assignment.reviewer_id)
        .where(Assignment.initiative_id.in_([each.id for each in page.rows]), Assignment.ended_at.is_(None))
        .options(joinedload(Assignment.reviewer), lazyload(Assignment.initiative))
        .order_by(Account.sort_key, Account.id)
    )
    for each in db.session.scalars(present):
        has[each.initiative_id].append(each)
    return Page([(each, has[each.id]) for each in page.rows], page.next, page.previous)


# --- what must always be true -----------------------------------------------------------------


def in_conflict() -> list[str]:
    """Return dossiers that are with somebody who declared a conflict, owns them or is one of their authors."""
    declared = select(Conflict.id).where(
        Conflict.account_id == Assignment.reviewer_id, Conflict.initiative_id == Assignment.initiative_id
    )
    wrote = select(Author.id).where(
        Author.account_id == Assignment.reviewer_id, Author.initiative_id == Assignment.initiative_id
    )
    owns = Initiative.owner_id == Assignment.reviewer_id
    return list(
        db.session.scalars(
            select(Initiative.code)
            .join(Assignment, Assignment.initiative_id == Initiative.id)
            .where(Assignment.ended_at.is_(None), or_(declared.exists(), wrote.exists(), owns))
            .limit(5)
        )
    )


def miscounted() -> list[str]:
    """Return dossiers, and drafts, of which a proposal says another number of reviewers than it has."""
    pairs = (
        select(func.count())
        .where(
            ProposalPair.proposal_id == ProposalDossier.proposal_id,
            ProposalPair.initiative_id == ProposalDossier.initiative_id,
        )
        .scalar_subquery()
    )
    return list(
        db.session.scalars(
            select(Initiative.code)
            .join(ProposalDossier, ProposalDossier.initiative_id == Initiative.id)
            .where(ProposalDossier.given != pairs)
            .limit(5)
        )
    ) + list(db.session.scalars(_wrong_totals().limit(5)))


def _wrong_totals() -> Select[str]:
    """Select the drafts that say another number of empty seats than their dossiers have."""
    short = case(
        (ProposalDossier.given < ProposalDossier.wanted, ProposalDossier.wanted - ProposalDossier.given), else_=0
    )
    empty = (
        select(func.coalesce(func.sum(short), 0)).where(ProposalDossier.proposal_id == Proposal.id).scalar_subquery()
    )
    return select(Proposal.code).where(
        Proposal.state == ProposalState.DRAFT, Proposal.loads.is_not(None), Proposal.lacking != empty
    )
