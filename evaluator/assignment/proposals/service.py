"""Proposing who reviews what, changing it, undoing, throwing it away, announcing it, taking it back."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime
from itertools import combinations, islice

from sqlalchemy import delete, func, insert, literal, select, update

from evaluator import policy
from evaluator.assignment import judges, standards
from evaluator.assignment import queries as assignments
from evaluator.assignment.models import (
    Assignment,
    ConflictStatement,
    EndCause,
    Proposal,
    ProposalChange,
    ProposalDossier,
    ProposalPair,
    ProposalState,
    Purpose,
)
from evaluator.assignment.proposals import queries
from evaluator.assignment.proposals.effects import MOST_CHANGES, Couple, Effect, Look, effect
from evaluator.assignment.proposals.finding import Wishes, WorkedOut, work_out
from evaluator.assignment.ties import Ties
from evaluator.audit import service as audit
from evaluator.core.codes import random_code
from evaluator.core.db import db
from evaluator.core.errors import Conflict, Invalid
from evaluator.core.text import N_
from evaluator.initiatives.models import Initiative
from evaluator.notices import service as notices
from evaluator.people import queries as people
from evaluator.policy import Action, Actor
from evaluator.rounds.models import Round
from evaluator.rules.conflicts import Weight
from evaluator.rules.lifecycle import Event, InitiativeState, after

_BATCH = 2000
_NAMED = 5


def propose(a_round: Round, wishes: Wishes, *, by: Actor, now: datetime) -> Proposal:
    """Make the best proposal for every empty seat of a round; an older draft gives way to it.

    Raises:
        Invalid: no proposal is possible; says the smallest reason and what would help.
    """
    policy.require(by, Action.ASSIGNMENT_PROPOSE, a_round)
    return keep(a_round, work_out(a_round, wishes, by=by), by=by, now=now)


def keep(a_round: Round, found: WorkedOut, *, by: Actor, now: datetime) -> Proposal:
    """Write a worked-out proposal down as the draft of its round; an older draft gives way to it."""
    policy.require(by, Action.ASSIGNMENT_PROPOSE, a_round)
    older = assignments.maybe_draft(a_round)
    if older is not None:
        discard(older, by=by, now=now)
    proposal = Proposal(
        code=random_code(10),
        round_id=a_round.id,
        purpose=Purpose.REFILL if found.is_refill else Purpose.WHOLE,
        seed=found.seed,
        reviews=found.reviews,
        most=found.most,
        least=found.wishes.least,
        is_fair=found.wishes.is_fair,
        share_percent=found.wishes.share_percent,
        gap=str(found.answer.gap),
        dossiers=len(found.dossiers),
        reviewers=len(found.reviewers),
        rules_of_conflict={kind.value: weight.value for kind, weight in found.standards.reading.items()},
        needs_expert=found.standards.needs_expert,
        is_cross_unit=found.standards.is_cross_unit,
        created_at=now,
        created_by_id=by.id,
    )
    db.session.add(proposal)
    db.session.flush()  # its pairs need its id
    _write_pairs(proposal, found)
    proposal.loads = {str(reviewer): number for reviewer, number in queries.counted_loads(proposal).items()}
    audit.record(
        "proposal.made",
        about=proposal,
        by=by,
        now=now,
        round=a_round.code,
        pairs=len(found.answer.pairs),
        seed=found.seed,
        gap=str(found.answer.gap),
    )
    return proposal


def _write_pairs(proposal: Proposal, found: WorkedOut) -> None:
    """Insert pairs and dossiers in batches."""
    sums: dict[int, int] = {}
    given: dict[int, int] = {}
    for pair in found.answer.pairs:
        sums[pair.initiative_id] = sums.get(pair.initiative_id, 0) + pair.affinity
        given[pair.initiative_id] = given.get(pair.initiative_id, 0) + 1
    _insert(
        ProposalPair,
        (
            {
                "proposal_id": proposal.id,
                "initiative_id": pair.initiative_id,
                "reviewer_id": pair.reviewer_id,
                "affinity": pair.affinity,
                "reasons": [queries.stored(reason) for reason in pair.reasons],
                "by_hand": False,
            }
            for pair in found.answer.pairs
        ),
    )
    means = {key: total // given[key] for key, total in sums.items()}
    _insert(
        ProposalDossier,
        (
            {
                "proposal_id": proposal.id,
                "initiative_id": dossier.id,
                "wanted": dossier.wanted,
                "given": given.get(dossier.id, 0),
                "mean": means.get(dossier.id, 0),
                "others": found.answer.others.of(row),
            }
            for row, dossier in enumerate(found.dossiers)
        ),
    )
    proposal.lacking = sum(max(0, dossier.wanted - given.get(dossier.id, 0)) for dossier in found.dossiers)
    proposal.means = sum(means.values())


def _insert(model: type, rows: Iterable[dict[str, object]]) -> None:
    """Insert rows, a batch at a time."""
    source = iter(rows)
    while batch := list(islice(source, _BATCH)):
        db.session.execute(insert(model), batch)


# --- changing ---------------------------------------------------------------------------------


def change(
    proposal: Proposal, *, added: Collection[Couple], removed: Collection[Couple], by: Actor, now: datetime
) -> Effect:
    """Change a draft by hand or by file, as one; ``undo`` takes it back as one.

    Raises:
        Invalid: a pair is barred, doubled or unknown; nothing was changed.
        Conflict: it is no draft any more.
    """
    a_round = db.session.get_one(Round, proposal.round_id)
    policy.require(by, Action.ASSIGNMENT_PROPOSE, a_round)
    _check_draft(proposal)
    if len(added) + len(removed) > MOST_CHANGES:
        raise Invalid(N_("At most %(count)s pairs can be changed in one go. Propose anew instead."), count=MOST_CHANGES)
    outcome = effect(proposal, added=added, removed=removed, actor=by)
    for line in outcome.problems:
        raise Invalid(
            N_("%(reviewer)s, dossier %(code)s: %(problem)s."),
            reviewer=line.reviewer or "–",
            code=line.code or "–",
            problem=line.problem,
        )
    look = Look(proposal, added, removed, by)
    _remove(proposal, removed)
    _insert(
        ProposalPair,
        [
            {
                "proposal_id": proposal.id,
                "initiative_id": couple[0],
                "reviewer_id": couple[1],
                "affinity": look.affinity(couple),
                "reasons": [[N_("Chosen by the secretary."), {}]],
                "by_hand": True,
            }
            for couple in added
        ],
    )
    _recount(proposal, added=added, removed=removed)
    proposal.changed_at = now  # a second tab meets a newer version
    db.session.add(
        ProposalChange(
            proposal_id=proposal.id,
            added=[list(couple) for couple in added],
            removed=[list(couple) for couple in removed],
            made_at=now,
            made_by_id=by.id,
        )
    )
    audit.record("proposal.changed", about=proposal, by=by, now=now, added=len(added), removed=len(removed))
    return outcome


def undo(proposal: Proposal, *, by: Actor, now: datetime) -> None:
    """Take the newest change back, as one.

    Raises:
        Conflict: there is nothing to take back, or it is no draft any more.
    """
    a_round = db.session.get_one(Round, proposal.round_id)
    policy.require(by, Action.ASSIGNMENT_PROPOSE, a_round)
    _check_draft(proposal)
    newest = db.session.scalar(
        select(ProposalChange)
        .where(ProposalChange.proposal_id == proposal.id)
        .order_by(ProposalChange.id.desc())
        .limit(1)
    )
    if newest is None:
        raise Conflict(N_("There is no change to take back."))
    added = [(int(one), int(other)) for one, other in newest.added]
    removed = [(int(one), int(other)) for one, other in newest.removed]
    look = Look(proposal, removed, added, by)
    _remove(proposal, added)
    _insert(
        ProposalPair,
        [
            {
                "proposal_id": proposal.id,
                "initiative_id": couple[0],
                "reviewer_id": couple[1],
                "affinity": look.affinity(couple),
                "reasons": [[N_("As it was proposed before the change."), {}]],
                "by_hand": False,
            }
            for couple in removed
        ],
    )
    _recount(proposal, added=removed, removed=added)
    proposal.changed_at = now
    db.session.delete(newest)
    audit.record("proposal.undone", about=proposal, by=by, now=now, added=len(removed), removed=len(added))


def _check_draft(proposal: Proposal) -> None:
    if proposal.state is not ProposalState.DRAFT:
        raise Conflict(N_("This proposal was announced or thrown away in the meantime. Look at the page as it is now."))


def _remove(proposal: Proposal, couples: Collection[Couple]) -> None:
    for initiative_id, reviewer_id in couples:
        db.session.execute(
            delete(ProposalPair).where(
                ProposalPair.proposal_id == proposal.id,
                ProposalPair.initiative_id == initiative_id,
                ProposalPair.reviewer_id == reviewer_id,
            )
        )


def _recount(proposal: Proposal, *, added: Collection[Couple], removed: Collection[Couple]) -> None:
    """Bring the figures of the touched dossiers, and the totals, up to their pairs."""
    touched = {initiative_id for initiative_id, _reviewer in (*added, *removed)}
    of_touched = (ProposalDossier.proposal_id == proposal.id, ProposalDossier.initiative_id.in_(touched))
    before = db.session.execute(
        select(
            ProposalDossier.initiative_id, ProposalDossier.wanted, ProposalDossier.given, ProposalDossier.mean
        ).where(*of_touched)
    ).all()
    for initiative_id, wanted, given, mean in before:
        number, total = db.session.execute(
            select(func.count(), func.coalesce(func.sum(ProposalPair.affinity), 0)).where(
                ProposalPair.proposal_id == proposal.id, ProposalPair.initiative_id == initiative_id
            )
        ).one()
        fresh = int(total) // number if number else 0
        db.session.execute(
            update(ProposalDossier)
            .where(ProposalDossier.proposal_id == proposal.id, ProposalDossier.initiative_id == initiative_id)
            .values(given=number, mean=fresh)
        )
        proposal.lacking += max(0, wanted - number) - max(0, wanted - given)
        proposal.means += fresh - mean
    loads = Counter(queries.proposed_loads(proposal))
    if proposal.loads is not None:  # else they were counted just now, with the change in them
        loads.update(reviewer_id for _initiative, reviewer_id in added)
        loads.subtract(reviewer_id for _initiative, reviewer_id in removed)
    proposal.loads = {str(reviewer_id): number for reviewer_id, number in sorted(loads.items()) if number}


# --- the end of a proposal --------------------------------------------------------------------


def discard(proposal: Proposal, *, by: Actor, now: datetime) -> None:
    """Throw a draft away; nobody was told of it.

    Raises:
        Conflict: it is no draft any more.
    """
    a_round = db.session.get_one(Round, proposal.round_id)
    policy.require(by, Action.ASSIGNMENT_PROPOSE, a_round)
    _check_draft(proposal)
    for model in (ProposalChange, ProposalPair, ProposalDossier):
        db.session.execute(delete(model).where(model.proposal_id == proposal.id))
    proposal.state, proposal.decided_at = ProposalState.DISCARDED, now
    db.session.flush()  # a new draft may be added in the same transaction: only one may be there
    audit.record("proposal.discarded", about=proposal, by=by, now=now)


def announce(proposal: Proposal, *, by: Actor, now: datetime) -> int:
    """Give every reviewer the proposed dossiers and send the mails; return the number of pairs.

    Raises:
        Invalid: a dossier lacks reviewers or somebody of its field, readers are not kept apart, or somebody has a
            conflict by now.
        Conflict: it was announced or thrown away in the meantime.
    """
    a_round = db.session.get_one(Round, proposal.round_id)
    policy.require(by, Action.ASSIGNMENT_ANNOUNCE, a_round)
    _check_draft(proposal)
    _check_complete(proposal)
    _check_still_free(proposal)
    _check_readers(proposal, a_round)
    _give(proposal, now=now)
    carried = queries.proposed_loads(proposal)
    number = sum(carried.values())
    proposal.state, proposal.decided_at = ProposalState.ANNOUNCED, now
    dossiers = select(ProposalDossier.initiative_id).where(ProposalDossier.proposal_id == proposal.id)
    db.session.execute(
        update(Initiative)
        .where(Initiative.id.in_(dossiers), Initiative.state == InitiativeState.ACCEPTED)
        .values(state=after(InitiativeState.ACCEPTED, Event.SEND_TO_REVIEW), version=Initiative.version + 1)
        .execution_options(synchronize_session="fetch")
    )
    audit.record("proposal.announced", about=proposal, by=by, now=now, round=a_round.code, pairs=number)
    for account in people.by_ids(carried).values():
        notices.queue(
            "review-assigned",
            to=account,
            about=a_round,
            now=now,
            count=carried[account.id],
            round=a_round.title,
            until=a_round.review_closes_at,
        )
    return number


def _give(proposal: Proposal, *, now: datetime) -> None:
    """Copy the pairs into assignments, in the database."""
    pairs = select(
        literal(proposal.round_id),
        ProposalPair.initiative_id,
        ProposalPair.reviewer_id,
        ProposalPair.affinity,
        ProposalPair.reasons,
        literal(now, Assignment.announced_at.type),
        literal(proposal.id),
    ).where(ProposalPair.proposal_id == proposal.id)
    columns = ["round_id", "initiative_id", "reviewer_id", "affinity", "reasons", "announced_at", "proposal_id"]
    db.session.execute(insert(Assignment).from_select(columns, pairs.order_by(ProposalPair.id)))


def _check_complete(proposal: Proposal) -> None:
    """Refuse while a dossier has fewer reviewers than it should."""
    short = (
        select(Initiative.code)
        .join(ProposalDossier, ProposalDossier.initiative_id == Initiative.id)
        .where(ProposalDossier.proposal_id == proposal.id, ProposalDossier.given < ProposalDossier.wanted)
        .order_by(Initiative.code)
    )
    codes = list(db.session.scalars(short.limit(_NAMED)))
    if codes:
        raise Invalid(
            N_("These dossiers still have too few reviewers: %(codes)s. Give them some, or propose anew."),
            codes=", ".join(codes),
        )


def _check_readers(proposal: Proposal, a_round: Round) -> None:
    """Refuse while a dossier lacks somebody of its field, or two read it who are kept apart, where the round asks so."""
    asked = standards.of(a_round.id)
    ties = Ties(a_round.id, is_cross_unit=asked.is_cross_unit)
    if not (asked.needs_expert or ties.keeps_anybody_apart):
        return
    knows = {each.id: set(each.fields) for each in judges.available_reviewers()}
    alone, together = [], []
    for code, field, readers in queries.readers(proposal):
        if asked.needs_expert and field and not any(field in knows.get(each, ()) for each in readers):
            alone.append(code)
        if any(ties.keeps_apart(one, other) for one, other in combinations(readers, 2)):
            together.append(code)
    if alone:
        raise Invalid(
            N_("Nobody of the own field reads these dossiers: %(codes)s. Change them, or propose anew."),
            codes=", ".join(alone[:_NAMED]),
        )
    if together:
        raise Invalid(
            N_("Two who never read the same dossier meet on: %(codes)s. Change them, or propose anew."),
            codes=", ".join(together[:_NAMED]),
        )


def _check_still_free(proposal: Proposal) -> None:
    """Refuse when a conflict came up since the proposal was made."""
    asked = standards.of(proposal.round_id)
    only_bars = {kind: weight if weight is Weight.BAR else Weight.OFF for kind, weight in asked.reading.items()}
    ids = select(ProposalDossier.initiative_id).where(ProposalDossier.proposal_id == proposal.id)
    reviewers = judges.available_reviewers()
    found = judges.conflicts_among(reviewers, ids, replace(asked, reading=only_bars))
    pairs = db.session.execute(
        select(ProposalPair.reviewer_id, ProposalPair.initiative_id).where(ProposalPair.proposal_id == proposal.id)
    )
    there = {reviewer.id for reviewer in reviewers}
    broken = [(int(row[0]), int(row[1])) for row in pairs if tuple(row) in found or row[0] not in there]
    if broken:
        names = people.by_ids({reviewer_id for reviewer_id, _initiative in broken})
        code = db.session.scalar(select(Initiative.code).where(Initiative.id == broken[0][1]))
        raise Invalid(
            N_(
                "Since this was proposed, %(name)s may no longer judge the dossier %(code)s. Change it there; "
                "%(count)s pairs are concerned in all."
            ),
            name=names[broken[0][0]].name,
            code=code,
            count=len(broken),
        )


def recall(proposal: Proposal, *, by: Actor, now: datetime) -> None:
    """Take an announced proposal back as one, as long as nobody has opened a dossier; it is a draft again.

    Raises:
        Conflict: a reviewer has signed the conflict statement and may have read, or another draft is there.
    """
    a_round = db.session.get_one(Round, proposal.round_id)
    policy.require(by, Action.ASSIGNMENT_ANNOUNCE, a_round)
    if proposal.state is not ProposalState.ANNOUNCED or assignments.maybe_draft(a_round) is not None:
        raise Conflict
    given = select(Assignment.reviewer_id).where(Assignment.proposal_id == proposal.id)
    readers = select(func.count()).where(
        ConflictStatement.round_id == a_round.id, ConflictStatement.account_id.in_(given)
    )
    if db.session.scalar(readers):
        raise Conflict(
            N_("Reviewers have begun to read. Take single dossiers back instead, or let a reviewer leave the round.")
        )
    db.session.execute(
        update(Assignment)
        .where(Assignment.proposal_id == proposal.id, Assignment.ended_at.is_(None))
        .values(ended_at=now, end_cause=EndCause.RECALLED)
        .execution_options(synchronize_session="fetch")
    )
    proposal.state, proposal.decided_at = ProposalState.DRAFT, None
    audit.record("proposal.recalled", about=proposal, by=by, now=now, round=a_round.code)
