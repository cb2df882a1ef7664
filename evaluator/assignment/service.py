"""Conflicts, statements, what reviewers declare, and single assignments. Proposals stand in ``proposals/``."""

from dataclasses import dataclass
from datetime import datetime

from evaluator import policy
from evaluator.assignment import judges, nearness, queries, standards
from evaluator.assignment.models import (
    Assignment,
    Conflict,
    ConflictStatement,
    EndCause,
    ReviewerProfile,
)
from evaluator.assignment.ties import Ties
from evaluator.audit import service as audit
from evaluator.core.db import db
from evaluator.core.errors import Conflict as Moved
from evaluator.core.errors import Invalid
from evaluator.core.text import N_
from evaluator.initiatives.models import Initiative
from evaluator.notices import service as notices
from evaluator.people.models import Account
from evaluator.policy import Action, Actor
from evaluator.rounds.models import Round
from evaluator.rules.conflicts import Weight
from evaluator.rules.vietnamese import clean_line


def sign_conflict_statement(a_round: Round, *, by: Actor, now: datetime) -> ConflictStatement:
    """A reviewer or member promises, once per round, to declare every conflict; signing twice is the same."""
    policy.require(by, Action.CONFLICT_STATEMENT, a_round)
    signed = queries.maybe_statement(by.id, a_round.id)
    if signed is None:
        signed = ConflictStatement(account_id=by.id, round_id=a_round.id, signed_at=now)
        db.session.add(signed)
        audit.record("conflict-statement.signed", about=a_round, by=by, now=now)
    return signed


def declare_conflict(initiative: Initiative, *, note: str = "", by: Actor, now: datetime) -> Conflict:
    """A person stands too near to a dossier: sight of it ends at once, and the secretary is told (domain digest 11.B)."""
    policy.require(by, Action.CONFLICT_DECLARE, initiative)
    declared = queries.maybe_conflict(by.id, initiative.id)
    if declared is not None:
        return declared
    declared = nearness.note_conflict(initiative, by.id, note, by=by, now=now)
    nearness.tell_secretaries("conflict-declared", initiative, by=by, now=now, reason=declared.note)
    return declared


def record_conflict(initiative: Initiative, account: Account, *, note: str, by: Actor, now: datetime) -> Conflict:
    """The secretary enters a conflict that a person declared on paper or in an office's list."""
    policy.require(by, Action.CONFLICT_RECORD, initiative)
    declared = queries.maybe_conflict(account.id, initiative.id)
    return declared or nearness.note_conflict(initiative, account.id, note, by=by, now=now)


def hand_back(assignment: Assignment, *, reason: str, by: Actor, now: datetime) -> Assignment:
    """A reviewer cannot judge this dossier, for a reason that is no conflict; the secretary finds another.

    Raises:
        Invalid: no reason was given.
        Conflict: it has ended already.
    """
    policy.require(by, Action.ASSIGNMENT_HAND_BACK, assignment)
    reason = clean_line(reason)[:500]
    if not reason:
        raise Invalid.on("reason", N_("Say why, so that the secretary can find somebody else."))
    if not assignment.is_active:
        raise Moved
    assignment.ended_at, assignment.end_cause = now, EndCause.WITHDRAWN
    audit.record("assignment.handed-back", about=assignment.initiative, by=by, now=now, reason=reason)
    nearness.tell_secretaries("dossier-given-back", assignment.initiative, by=by, now=now, reason=reason)
    return assignment


def end(assignment: Assignment, *, by: Actor, now: datetime) -> Assignment:
    """The secretary takes a dossier back from a reviewer; a sheet begun or signed there no longer counts.

    Raises:
        Conflict: it has ended already.
    """
    policy.require(by, Action.ASSIGNMENT_END, assignment)
    if not assignment.is_active:
        raise Moved
    assignment.ended_at, assignment.end_cause = now, EndCause.REPLACED
    audit.record("assignment.ended", about=assignment.initiative, by=by, now=now, reviewer=assignment.reviewer_id)
    return assignment


def replace(assignment: Assignment, reviewer: Account, *, by: Actor, now: datetime) -> Assignment:
    """Another reviewer takes one dossier over; nobody else's work changes.

    Raises:
        Invalid: the new reviewer must not, or already does, judge it.
        Conflict: the old assignment has ended already.
    """
    policy.require(by, Action.ASSIGNMENT_END, assignment)
    initiative, a_round = assignment.initiative, db.session.get_one(Round, assignment.round_id)
    _check_free(reviewer, initiative, instead_of=assignment.reviewer_id)
    end(assignment, by=by, now=now)
    fresh = Assignment(
        round_id=assignment.round_id,
        initiative_id=initiative.id,
        reviewer_id=reviewer.id,
        affinity=0,
        reasons=[[N_("Chosen by the secretary."), {}]],
        announced_at=now,
    )
    db.session.add(fresh)
    audit.record("assignment.given", about=initiative, by=by, now=now, reviewer=reviewer.id)
    notices.queue(
        "review-assigned",
        to=reviewer,
        about=a_round,
        now=now,
        count=1,
        round=a_round.title,
        until=a_round.review_closes_at,
    )
    return fresh


def release(account: Account, a_round: Round, *, by: Actor, now: datetime) -> int:
    """A reviewer leaves the round: everything he or she has is free again; return how much that is.

    The seats are filled by a proposal, which leaves everybody else's work where it is.
    """
    policy.require(by, Action.ASSIGNMENT_PROPOSE, a_round)
    given = list(db.session.scalars(queries.active_for(account.id, a_round.id)))
    for assignment in given:
        assignment.ended_at, assignment.end_cause = now, EndCause.WITHDRAWN
    if given:
        audit.record("reviewer.released", about=a_round, by=by, now=now, reviewer=account.id, dossiers=len(given))
    return len(given)


@dataclass(frozen=True, slots=True)
class Description:
    """What is known of a reviewer: fields by name, words, most dossiers of a round, names of the own family."""

    fields: tuple[str, ...] = ()
    keywords: str = ""
    most: int | None = None
    relatives: tuple[str, ...] = ()
    is_available: bool = True


def describe_reviewer(account: Account, about: Description, *, by: Actor, now: datetime) -> ReviewerProfile:
    """Write down what a reviewer knows and may take.

    Raises:
        Invalid: a negative number of dossiers.
    """
    policy.require(by, Action.REVIEWER_DESCRIBE, account)
    if about.most is not None and about.most < 0:
        raise Invalid.on("most", N_("Give a number of dossiers, 0 or more."))
    profile = queries.maybe_profile(account)
    if profile is None:
        profile = ReviewerProfile(account_id=account.id)
        db.session.add(profile)
    profile.fields, profile.relatives = list(about.fields), [clean_line(name) for name in about.relatives]
    profile.keywords, profile.most = clean_line(about.keywords)[:1000], about.most
    profile.is_available = about.is_available
    audit.record("reviewer.described", about=account, by=by, now=now, fields=list(about.fields), most=about.most)
    return profile


def _check_free(reviewer: Account, initiative: Initiative, *, instead_of: int) -> None:
    """Refuse a reviewer who is barred from a dossier or has it already."""
    known = [person for person in judges.available_reviewers() if person.id == reviewer.id]
    if not known:
        raise Invalid.on("reviewer", N_("%(name)s does not review at present."), name=reviewer.name)
    found = judges.findings(known, [initiative.id], standards.of(initiative.round_id)).get(
        (reviewer.id, initiative.id), []
    )
    for finding in found:
        if finding.weight is Weight.BAR:
            raise Invalid.on(
                "reviewer",
                N_("%(name)s must not judge this dossier: %(reason)s."),
                name=reviewer.name,
                reason=finding.reason,
            )
    readers = {each.reviewer_id for each in queries.reviewers_of(initiative.id)}
    if reviewer.id in readers:
        raise Invalid.on("reviewer", N_("%(name)s has this dossier already."), name=reviewer.name)
    ties = Ties(initiative.round_id, is_cross_unit=standards.of(initiative.round_id).is_cross_unit)
    problem = ties.problem(initiative.id, reviewer.id, beside=readers - {instead_of})
    if problem is not None:
        raise Invalid.on(
            "reviewer", N_("%(name)s must not judge this dossier: %(reason)s."), name=reviewer.name, reason=problem
        )
