"""Proposing who reviews what, changing it, undoing, throwing it away, announcing it, taking it back."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, insert, literal, select, update

from evaluator import policy
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
from evaluator.assignment.queries import Reviewer
from evaluator.audit import service as audit
from evaluator.core.codes import random_code
from evaluator.core.db import db
from evaluator.core.errors import Conflict, Invalid
from evaluator.core.text import N_, Sentence, sentence
from evaluator.initiatives.models import Initiative
from evaluator.notices import service as notices
from evaluator.people import queries as people
from evaluator.policy import Action, Actor
from evaluator.rounds.models import Round
from evaluator.rules.conflicts import USUAL, Kind, Weight
from evaluator.rules.lifecycle import Event, InitiativeState, after

if TYPE_CHECKING:
    from evaluator.assignment.proposals.optimiser import Answer, Dossier

_BATCH = 2000
_SPARE = Fraction(6, 5)  # so much more room than needed lets fields and conflicts be met
MOST_CHANGES = 5000


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What the secretary asks of a proposal; None leaves it to the round and to arithmetic."""

    reviews: int | None = None
    most: int | None = None
    least: int = 0
    seed: int | None = None
    is_fair: bool = True
    share_percent: int = 100
    weights: Mapping[Kind, Weight] = field(default_factory=lambda: dict(USUAL))


@dataclass(frozen=True, slots=True)
class WorkedOut:
    """A question and its answer, ready to be kept."""

    wishes: Wishes
    reviews: int
    most: int
    seed: int
    is_refill: bool
    dossiers: Sequence["Dossier"]
    reviewers: Sequence[Reviewer]
    answer: "Answer"


def usual_most(wanted: int, reviewers: int) -> int:
    """Return how many dossiers a reviewer may get when nobody says: an even share and a fifth more."""
    return -(-wanted * _SPARE.numerator // (_SPARE.denominator * max(1, reviewers)))


def propose(a_round: Round, wishes: Wishes, *, by: Actor, now: datetime) -> Proposal:
    """Make the best proposal for every empty seat of a round; an older draft gives way to it.

    Raises:
        Invalid: no proposal is possible; says the smallest reason and what would help.
    """
    policy.require(by, Action.ASSIGNMENT_PROPOSE, a_round)
    return keep(a_round, work_out(a_round, wishes, by=by), by=by, now=now)


def work_out(a_round: Round, wishes: Wishes, *, by: Actor) -> WorkedOut:
    """Read what there is and find the best pairs; changes nothing, so a long one needs no transaction.

    Raises:
        Invalid: no proposal is possible, or nothing is to be done.
    """
    # numpy and OR-tools cost 60 MB and a fifth of a second, which only this run should pay
    from evaluator.assignment.proposals import optimiser  # noqa: PLC0415

    policy.require(by, Action.ASSIGNMENT_PROPOSE, a_round)
    reviews = wishes.reviews or a_round.reviews_per_initiative
    seats = queries.empty_seats(a_round, reviews)
    if not seats:
        raise Invalid(N_("Every accepted dossier has its reviewers. Nothing is left to assign."))
    dossiers = [optimiser.Dossier(each.id, each.code, each.field, each.text, each.wanted, each.has) for each in seats]
    reviewers = assignments.available_reviewers()
    carried = queries.loads(a_round)
    wanted = sum(each.wanted for each in seats)
    most = usual_most(wanted + sum(carried.values()), len(reviewers)) if wishes.most is None else wishes.most
    seed = int.from_bytes(a_round.code.encode()[-6:], "big") if wishes.seed is None else wishes.seed
    ids = select(Initiative.id).where(Initiative.round_id == a_round.id, Initiative.state.in_(assignments.IN_HAND))
    found = assignments.conflicts_among(reviewers, ids, wishes.weights)
    bars, warnings = optimiser.conflict_sets(found)
    room = [max(0, (most if each.most is None else each.most) - carried.get(each.id, 0)) for each in reviewers]
    answer = optimiser.answer(
        optimiser.Question(
            dossiers=dossiers,
            reviewers=reviewers,
            room=room,
            least=[
                min(place, max(0, wishes.least - carried.get(each.id, 0)))
                for each, place in zip(reviewers, room, strict=True)
            ],
            carried=[carried.get(each.id, 0) for each in reviewers],
            barred=bars,
            warned=warnings,
            seed=seed,
            is_fair=wishes.is_fair,
            share=Fraction(wishes.share_percent, 100),
        )
    )
    return WorkedOut(wishes, reviews, most, seed, bool(carried), dossiers, reviewers, answer)


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
        rules_of_conflict={kind.value: weight.value for kind, weight in found.wishes.weights.items()},
        created_at=now,
        created_by_id=by.id,
    )
    db.session.add(proposal)
    db.session.flush()  # its pairs need its id
    _write_pairs(proposal, found)
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
    rows = []
    for pair in found.answer.pairs:
        sums[pair.initiative_id] = sums.get(pair.initiative_id, 0) + pair.affinity
        rows.append(
            {
                "proposal_id": proposal.id,
                "initiative_id": pair.initiative_id,
                "reviewer_id": pair.reviewer_id,
                "affinity": pair.affinity,
                "reasons": [stored(reason) for reason in pair.reasons],
                "by_hand": False,
            }
        )
    _insert(ProposalPair, rows)
    _insert(
        ProposalDossier,
        [
            {
                "proposal_id": proposal.id,
                "initiative_id": dossier.id,
                "wanted": dossier.wanted,
                "given": dossier.wanted,
                "mean": sums.get(dossier.id, 0) // dossier.wanted,
                "others": [list(other) for other in found.answer.others[dossier.id]],
            }
            for dossier in found.dossiers
        ],
    )


def _insert(model: type, rows: list[dict[str, object]]) -> None:
    for start in range(0, len(rows), _BATCH):
        db.session.execute(insert(model), rows[start : start + _BATCH])


def stored(reason: Sentence) -> list[object]:
    """Return a sentence as it is kept: its id and its values, sentences among them likewise."""
    values = {name: stored(value) if isinstance(value, Sentence) else value for name, value in reason.values.items()}
    return [reason.message, values]


# --- changing ---------------------------------------------------------------------------------

Couple = tuple[int, int]  # initiative id, reviewer id


@dataclass(frozen=True, slots=True)
class Line:
    """What one change would do, before it is made."""

    code: str
    title: str
    reviewer_code: str
    reviewer: str
    is_added: bool
    affinity: int
    load_before: int
    load_after: int
    most: int
    problem: Sentence | None

    @property
    def is_over(self) -> bool:
        """Whether the reviewer would carry more than the limit."""
        return self.load_after > self.most


@dataclass(frozen=True, slots=True)
class Effect:
    """What a set of changes would do together: its lines, and how many dossiers would lack reviewers afterwards."""

    lines: tuple[Line, ...]
    lacking: int

    @property
    def problems(self) -> list[Line]:
        """The lines that cannot be done."""
        return [line for line in self.lines if line.problem]


def effect(proposal: Proposal, *, added: Collection[Couple], removed: Collection[Couple], actor: Actor) -> Effect:
    """Return what a change would do, without doing it."""
    policy.require(actor, Action.ASSIGNMENT_SEE)
    look = _Look(proposal, added, removed, actor)
    lines = [look.line(couple, is_added=False) for couple in removed] + [
        look.line(couple, is_added=True) for couple in added
    ]
    return Effect(
        tuple(sorted(lines, key=lambda line: (line.problem is None, line.code, line.is_added))), look.lacking()
    )


class _Look:
    """What is known about the dossiers and people of a change; a handful of statements, whatever its size."""

    def __init__(
        self, proposal: Proposal, added: Collection[Couple], removed: Collection[Couple], actor: Actor
    ) -> None:
        self.proposal, self.added, self.removed, self.actor = proposal, added, removed, actor
        touched = {initiative_id for initiative_id, _reviewer in (*added, *removed)}
        rows = db.session.scalars(
            select(ProposalDossier).where(
                ProposalDossier.proposal_id == proposal.id, ProposalDossier.initiative_id.in_(touched)
            )
        )
        self.dossiers = {row.initiative_id: row for row in rows}
        named = select(Initiative.id, Initiative.code, Initiative.title).where(Initiative.id.in_(touched))
        self.names = {row[0]: (row[1], row[2]) for row in db.session.execute(named)}
        self.people = {person.id: person for person in assignments.available_reviewers()}
        self.accounts = people.by_ids({reviewer for _initiative, reviewer in (*added, *removed)})
        self.pairs = queries.pairs_of(proposal, touched)
        involved = [self.people[reviewer] for _initiative, reviewer in added if reviewer in self.people]
        self.found = assignments.findings(involved, touched, queries.weights(proposal)) if involved else {}
        given = select(Assignment.initiative_id, Assignment.reviewer_id).where(
            Assignment.initiative_id.in_(touched), Assignment.ended_at.is_(None)
        )
        self.given = {(int(row[0]), int(row[1])) for row in db.session.execute(given)}
        a_round = db.session.get_one(Round, proposal.round_id)
        self.load, self.proposed = queries.loads(a_round), queries.proposed_loads(proposal)

    def line(self, couple: Couple, *, is_added: bool) -> Line:
        """Return what one change does."""
        initiative_id, reviewer_id = couple
        code, title = self.names.get(initiative_id, ("", ""))
        person = self.people.get(reviewer_id)
        before = self.load.get(reviewer_id, 0) + self.proposed.get(reviewer_id, 0)
        step = sum(each[1] == reviewer_id for each in self.added) - sum(each[1] == reviewer_id for each in self.removed)
        return Line(
            code=code,
            title=title,
            reviewer_code=self.accounts[reviewer_id].code if reviewer_id in self.accounts else "",
            reviewer=self.accounts[reviewer_id].name if reviewer_id in self.accounts else "",
            is_added=is_added,
            affinity=self.affinity(couple),
            load_before=before,
            load_after=before + step,
            most=self.proposal.most if person is None or person.most is None else person.most,
            problem=self._problem(couple) if is_added else self._cannot_go(couple),
        )

    def affinity(self, couple: Couple) -> int:
        """Return how well a pair suits: as worked out if it is among the best, else by the field alone."""
        initiative_id, reviewer_id = couple
        for pair in self.pairs.get(initiative_id, ()):
            if pair.reviewer_id == reviewer_id:
                return pair.affinity
        row = self.dossiers.get(initiative_id)
        known = {int(person): int(value) for person, value in row.others} if row is not None else {}
        return known.get(reviewer_id, 0)

    def _problem(self, couple: Couple) -> Sentence | None:
        initiative_id, reviewer_id = couple
        if initiative_id not in self.dossiers or initiative_id in self.actor.authored:
            return sentence(N_("this dossier is not in the proposal"))
        if reviewer_id not in self.people:
            return sentence(N_("does not review at present"))
        has_it = couple in self.given or reviewer_id in {pair.reviewer_id for pair in self.pairs[initiative_id]}
        if has_it and couple not in self.removed:
            return sentence(N_("has this dossier already"))
        bars = [each for each in self.found.get((reviewer_id, initiative_id), ()) if each.weight is Weight.BAR]
        return bars[0].reason if bars else None

    def _cannot_go(self, couple: Couple) -> Sentence | None:
        initiative_id, reviewer_id = couple
        if initiative_id in self.actor.authored:
            return sentence(N_("this dossier is not in the proposal"))
        if reviewer_id not in {pair.reviewer_id for pair in self.pairs[initiative_id]}:
            return sentence(N_("does not have this dossier in the proposal"))
        return None

    def lacking(self) -> int:
        """Return how many of the touched dossiers would have too few reviewers."""
        step: dict[int, int] = {}
        for couples, sign in ((self.added, 1), (self.removed, -1)):
            for initiative_id, _reviewer in couples:
                step[initiative_id] = step.get(initiative_id, 0) + sign
        return sum(row.given + step.get(key, 0) < row.wanted for key, row in self.dossiers.items())


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
    look = _Look(proposal, added, removed, by)
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
    _recount(proposal, {initiative_id for initiative_id, _reviewer in (*added, *removed)})
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
    look = _Look(proposal, removed, added, by)
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
    _recount(proposal, {initiative_id for initiative_id, _reviewer in (*added, *removed)})
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


def _recount(proposal: Proposal, initiative_ids: Iterable[int]) -> None:
    """Bring the figures of some dossiers up to their pairs."""
    for initiative_id in initiative_ids:
        number, total = db.session.execute(
            select(func.count(), func.coalesce(func.sum(ProposalPair.affinity), 0)).where(
                ProposalPair.proposal_id == proposal.id, ProposalPair.initiative_id == initiative_id
            )
        ).one()
        db.session.execute(
            update(ProposalDossier)
            .where(ProposalDossier.proposal_id == proposal.id, ProposalDossier.initiative_id == initiative_id)
            .values(given=number, mean=int(total) // number if number else 0)
        )


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
        Invalid: a dossier lacks reviewers, or somebody has a conflict by now.
        Conflict: it was announced or thrown away in the meantime.
    """
    a_round = db.session.get_one(Round, proposal.round_id)
    policy.require(by, Action.ASSIGNMENT_ANNOUNCE, a_round)
    _check_draft(proposal)
    _check_complete(proposal)
    _check_still_free(proposal)
    number = _give(proposal, now=now)
    proposal.state, proposal.decided_at = ProposalState.ANNOUNCED, now
    dossiers = select(ProposalDossier.initiative_id).where(ProposalDossier.proposal_id == proposal.id)
    db.session.execute(
        update(Initiative)
        .where(Initiative.id.in_(dossiers), Initiative.state == InitiativeState.ACCEPTED)
        .values(state=after(InitiativeState.ACCEPTED, Event.SEND_TO_REVIEW), version=Initiative.version + 1)
        .execution_options(synchronize_session="fetch")
    )
    audit.record("proposal.announced", about=proposal, by=by, now=now, round=a_round.code, pairs=number)
    carried = queries.proposed_loads(proposal)
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


def _give(proposal: Proposal, *, now: datetime) -> int:
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
    result = db.session.execute(insert(Assignment).from_select(columns, pairs.order_by(ProposalPair.id)))
    return int(result.rowcount)  # type: ignore[attr-defined]  # an INSERT returns a cursor


def _check_complete(proposal: Proposal) -> None:
    """Refuse while a dossier has fewer reviewers than it should."""
    short = (
        select(Initiative.code)
        .join(ProposalDossier, ProposalDossier.initiative_id == Initiative.id)
        .where(ProposalDossier.proposal_id == proposal.id, ProposalDossier.given < ProposalDossier.wanted)
        .order_by(Initiative.code)
    )
    codes = list(db.session.scalars(short.limit(5)))
    if codes:
        raise Invalid(
            N_("These dossiers still have too few reviewers: %(codes)s. Give them some, or propose anew."),
            codes=", ".join(codes),
        )


def _check_still_free(proposal: Proposal) -> None:
    """Refuse when a conflict came up since the proposal was made."""
    rules = {kind: weight for kind, weight in queries.weights(proposal).items() if weight is Weight.BAR}
    only_bars = {kind: rules.get(kind, Weight.OFF) for kind in Kind}
    ids = select(ProposalDossier.initiative_id).where(ProposalDossier.proposal_id == proposal.id)
    reviewers = assignments.available_reviewers()
    found = assignments.conflicts_among(reviewers, ids, only_bars)
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
