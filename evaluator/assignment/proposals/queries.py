"""Reading proposals: what there is to solve, the list weakest first, one dossier with its alternatives."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from math import ceil
from operator import itemgetter

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from evaluator import policy
from evaluator.assignment import judges, standards
from evaluator.assignment import queries as assignments
from evaluator.assignment.judges import Reviewer
from evaluator.assignment.models import (
    Assignment,
    Proposal,
    ProposalChange,
    ProposalDossier,
    ProposalPair,
    ProposalState,
)
from evaluator.assignment.proposals.question import Dossier
from evaluator.assignment.queries import IN_HAND
from evaluator.assignment.ties import Ties
from evaluator.core.db import db
from evaluator.core.errors import NotFound
from evaluator.core.paging import Page, page_by_key
from evaluator.core.text import Sentence
from evaluator.initiatives.models import Author, Initiative
from evaluator.people.models import Account
from evaluator.policy import Action, Actor
from evaluator.rounds.models import Round
from evaluator.rules.conflicts import Weight
from evaluator.rules.lifecycle import InitiativeState

# So much of each long text says what a dossier is about.
_OPENING = 600
SHOWN = 40
# The newest works say what a person knows; more of them only cost time.
_TITLES = 60


def draft(a_round: Round, *, actor: Actor) -> Proposal:
    """Return the proposal of a round that is being adjusted.

    Raises:
        NotFound: there is none.
    """
    policy.require(actor, Action.ASSIGNMENT_SEE, a_round)
    found = assignments.maybe_draft(a_round)
    if found is None:
        raise NotFound
    return found


def maybe_announced(a_round: Round) -> Proposal | None:
    """Return the newest proposal that was announced."""
    return db.session.scalar(
        select(Proposal)
        .where(Proposal.round_id == a_round.id, Proposal.state == ProposalState.ANNOUNCED)
        .order_by(Proposal.id.desc())
        .limit(1)
    )


def empty_seats(a_round: Round, reviews: int) -> list[Dossier]:
    """Return the dossiers that have fewer reviewers than they should, in the order of their codes."""
    has: dict[int, set[int]] = defaultdict(set)
    given = select(Assignment.initiative_id, Assignment.reviewer_id).where(
        Assignment.round_id == a_round.id, Assignment.ended_at.is_(None)
    )
    for initiative_id, reviewer_id in db.session.execute(given):
        has[initiative_id].add(reviewer_id)
    dossiers = (
        select(
            Initiative.id,
            Initiative.code,
            Initiative.field,
            Initiative.title,
            func.substr(Initiative.problem, 1, _OPENING),
            func.substr(Initiative.solution, 1, _OPENING),
        )
        .where(Initiative.round_id == a_round.id, Initiative.state.in_(IN_HAND))
        .order_by(Initiative.code)
    )
    return [
        Dossier(id_, code, field, " ".join(texts), reviews - len(has[id_]), frozenset(has[id_]))
        for id_, code, field, *texts in db.session.execute(dossiers)
        if len(has[id_]) < reviews
    ]


def experience(a_round: Round) -> dict[int, str]:
    """Return, by reviewer, the titles of what each judged in earlier rounds and of the own selected initiatives."""
    judged = (
        select(Assignment.reviewer_id, Initiative.title)
        .join(Initiative, Initiative.id == Assignment.initiative_id)
        .where(Assignment.round_id != a_round.id, Assignment.ended_at.is_(None))
    )
    wrote = (
        select(Author.account_id, Initiative.title)
        .join(Initiative, Initiative.id == Author.initiative_id)
        .where(
            Author.account_id.is_not(None),
            Initiative.round_id != a_round.id,
            Initiative.state.in_((InitiativeState.SELECTED, InitiativeState.PUBLISHED)),
        )
    )
    titles: dict[int | None, list[str]] = defaultdict(list)
    for statement in (wrote, judged):
        for account_id, title in db.session.execute(statement.order_by(Initiative.id.desc())):
            if len(titles[account_id]) < _TITLES:
                titles[account_id].append(title)
    return {account_id: " ".join(found) for account_id, found in titles.items() if account_id is not None}


def loads(a_round: Round) -> dict[int, int]:
    """Return how many dossiers each reviewer has at present."""
    counts = (
        select(Assignment.reviewer_id, func.count())
        .where(Assignment.round_id == a_round.id, Assignment.ended_at.is_(None))
        .group_by(Assignment.reviewer_id)
    )
    return {int(row[0]): int(row[1]) for row in db.session.execute(counts)}


def proposed_loads(proposal: Proposal) -> dict[int, int]:
    """Return how many dossiers each reviewer would get, as kept with the proposal."""
    if proposal.loads is None:
        return counted_loads(proposal)
    return {int(reviewer_id): number for reviewer_id, number in proposal.loads.items()}


def counted_loads(proposal: Proposal) -> dict[int, int]:
    """Count how many dossiers each reviewer would get."""
    counts = (
        select(ProposalPair.reviewer_id, func.count())
        .where(ProposalPair.proposal_id == proposal.id)
        .group_by(ProposalPair.reviewer_id)
    )
    return {int(row[0]): int(row[1]) for row in db.session.execute(counts)}


@dataclass(frozen=True, slots=True)
class Figures:
    """A proposal in a few numbers; suitability in ten-thousandths."""

    dossiers: int
    lacking: int  # reviews that nobody has
    mean: int
    weakest: int
    least_load: int
    most_load: int
    people: int  # who would get something
    changes: int
    gap: int  # what a better plan could gain at most, in hundredths of a percent, rounded up; proven


def figures(proposal: Proposal) -> Figures:
    """Return the numbers above the list: what is kept with the proposal, and two looks into an index."""
    weakest = select(func.min(ProposalDossier.mean)).where(ProposalDossier.proposal_id == proposal.id)
    carried = proposed_loads(proposal)
    changes = select(func.count()).select_from(ProposalChange).where(ProposalChange.proposal_id == proposal.id)
    return Figures(
        dossiers=proposal.dossiers,
        lacking=proposal.lacking,
        mean=proposal.means // max(1, proposal.dossiers),
        weakest=db.session.scalar(weakest) or 0,
        least_load=min(carried.values(), default=0),
        most_load=max(carried.values(), default=0),
        people=len(carried),
        changes=db.session.scalar(changes) or 0,
        gap=ceil(Fraction(proposal.gap) * 10_000),
    )


@dataclass(frozen=True, slots=True)
class PairRow:
    """One reviewer of one dossier in a proposal."""

    reviewer_id: int
    code: str
    name: str
    affinity: int
    reasons: tuple[Sentence, ...]
    by_hand: bool


@dataclass(frozen=True, slots=True)
class DossierRow:
    """A dossier in a proposal, with its reviewers."""

    initiative_id: int
    code: str
    title: str
    field: str
    unit_name: str
    wanted: int
    given: int
    mean: int
    pairs: tuple[PairRow, ...]


def listed(proposal: Proposal, *, actor: Actor, text: str = "", mark: str = "", size: int = 25) -> Page[DossierRow]:
    """Return one page of a proposal, the weakest dossiers first; two statements whatever the size.

    Dossiers the reader stands near are left out: nobody looks at who judges the own work, or beside whom one judges.
    """
    policy.require(actor, Action.ASSIGNMENT_SEE)
    dossiers = (
        select(ProposalDossier)
        .where(ProposalDossier.proposal_id == proposal.id, ProposalDossier.initiative_id.not_in(actor.near))
        .options(joinedload(ProposalDossier.initiative, innerjoin=True).raiseload("*"))
    )
    if text:
        found = select(Initiative.id).where(
            Initiative.round_id == proposal.round_id, Initiative.code.startswith(text.strip().upper(), autoescape=True)
        )
        dossiers = dossiers.where(ProposalDossier.initiative_id.in_(found))
    keys = (ProposalDossier.mean, ProposalDossier.initiative_id)
    page = page_by_key(db.session(), dossiers, keys=keys, mark=mark, size=size, scalars=True)
    pairs = pairs_of(proposal, [row.initiative_id for row in page.rows])
    return Page([_row(each, pairs[each.initiative_id]) for each in page.rows], page.next, page.previous)


def _row(each: ProposalDossier, pairs: list[PairRow]) -> DossierRow:
    initiative = each.initiative
    return DossierRow(
        each.initiative_id,
        initiative.code,
        initiative.title,
        initiative.field,
        initiative.unit_name,
        each.wanted,
        each.given,
        each.mean,
        tuple(pairs),
    )


def pairs_of(proposal: Proposal, initiative_ids: Collection[int]) -> dict[int, list[PairRow]]:
    """Return the reviewers of some dossiers, the best first."""
    rows = db.session.execute(
        select(
            ProposalPair.initiative_id,
            ProposalPair.reviewer_id,
            Account.code,
            Account.name,
            ProposalPair.affinity,
            ProposalPair.reasons,
            ProposalPair.by_hand,
        )
        .join(Account, Account.id == ProposalPair.reviewer_id)
        .where(ProposalPair.proposal_id == proposal.id, ProposalPair.initiative_id.in_(initiative_ids))
        .order_by(ProposalPair.affinity.desc(), Account.sort_key, Account.id)
    )
    found: dict[int, list[PairRow]] = defaultdict(list)
    for initiative_id, reviewer_id, code, name, fit, reasons, by_hand in rows:
        found[initiative_id].append(PairRow(reviewer_id, code, name, fit, told(reasons), by_hand))
    return found


def stored(reason: Sentence) -> list[object]:
    """Return a sentence as it is kept: its id and its values, sentences among them likewise."""
    values = {name: stored(value) if isinstance(value, Sentence) else value for name, value in reason.values.items()}
    return [reason.message, values]


def told(reasons: list[list[object]]) -> tuple[Sentence, ...]:
    """Return stored reasons as sentences."""
    return tuple(Sentence(str(message), _values(values)) for message, values in reasons)


def _values(values: object) -> dict[str, object]:
    """Return the values of a stored sentence; a value may be a sentence itself."""
    assert isinstance(values, dict)  # noqa: S101 - we wrote it
    return {name: Sentence(*value) if isinstance(value, list) else value for name, value in values.items()}


def dossier(proposal: Proposal, code: str, *, actor: Actor) -> ProposalDossier:
    """Return one dossier of a proposal by its code.

    Raises:
        NotFound: it is not in the proposal, or is one the reader stands near.
    """
    policy.require(actor, Action.ASSIGNMENT_SEE)
    found: ProposalDossier | None = db.session.scalar(
        select(ProposalDossier)
        .join(Initiative, Initiative.id == ProposalDossier.initiative_id)
        .where(ProposalDossier.proposal_id == proposal.id, Initiative.code == code)
        .options(joinedload(ProposalDossier.initiative))
    )
    if found is None or found.initiative_id in actor.near:
        raise NotFound
    return found


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who could take a dossier, and what that would mean."""

    reviewer: Reviewer
    affinity: int | None  # None: not among the best, not worked out
    load: int  # dossiers now, in this proposal and before
    most: int
    bar: Sentence | None
    warning: Sentence | None

    @property
    def is_full(self) -> bool:
        """Whether one more would be above the limit."""
        return self.load >= self.most


def candidates(
    proposal: Proposal, row: ProposalDossier, *, instead_of: int | None = None, text: str = "", most: int = SHOWN
) -> list[Candidate]:
    """Return who could take one dossier: who suits best and may first, who must not at the end.

    ``text`` narrows by words of the name; a province has more reviewers than a page can show. ``instead_of`` is the
    reviewer who would leave.
    """
    has = {pair.reviewer_id for pair in pairs_of(proposal, [row.initiative_id])[row.initiative_id]}
    has |= {each.reviewer_id for each in assignments.reviewers_of(row.initiative_id)}
    people = [each for each in judges.available_reviewers(text) if each.id not in has]
    a_round = db.session.get_one(Round, proposal.round_id)
    before, proposed = loads(a_round), proposed_loads(proposal)
    fit = {int(reviewer_id): int(value) for reviewer_id, value in row.others}
    asked = standards.of(proposal.round_id)
    found = judges.findings(people, [row.initiative_id], asked)
    ties = Ties(proposal.round_id, is_cross_unit=asked.is_cross_unit)
    listed_ = []
    for person in people:
        reasons = found.get((person.id, row.initiative_id), [])
        bars = [each.reason for each in reasons if each.weight is Weight.BAR]
        warnings = [each.reason for each in reasons if each.weight is Weight.WARN]
        listed_.append(
            Candidate(
                reviewer=person,
                affinity=fit.get(person.id),
                load=before.get(person.id, 0) + proposed.get(person.id, 0),
                most=proposal.most if person.most is None else person.most,
                bar=bars[0] if bars else ties.problem(row.initiative_id, person.id, beside=has - {instead_of}),
                warning=warnings[0] if warnings else None,
            )
        )
    listed_.sort(key=lambda each: (each.bar is not None, each.affinity is None, -(each.affinity or 0), each.load))
    return listed_[:most]


@dataclass(frozen=True, slots=True)
class ExportRow:
    """A line of the .csv."""

    code: str
    title: str
    reviewer_code: str
    reviewer_name: str
    affinity: int
    reasons: tuple[Sentence, ...]


def export(proposal: Proposal, *, actor: Actor) -> Iterator[ExportRow]:
    """Yield every pair in the order of codes, a thousand at a time."""
    policy.require(actor, Action.ASSIGNMENT_SEE)
    rows = db.session.execute(
        select(
            Initiative.code,
            Initiative.title,
            Account.code,
            Account.name,
            ProposalPair.affinity,
            ProposalPair.reasons,
        )
        .join(Initiative, Initiative.id == ProposalPair.initiative_id)
        .join(Account, Account.id == ProposalPair.reviewer_id)
        .where(ProposalPair.proposal_id == proposal.id, ProposalPair.initiative_id.not_in(actor.near))
        .order_by(Initiative.code, Account.sort_key, Account.id)
        .execution_options(yield_per=1000)
    )
    for code, title, reviewer_code, name, fit, reasons in rows:
        yield ExportRow(code, title, reviewer_code, name, fit, told(reasons))


def readers(proposal: Proposal) -> Iterator[tuple[str, str, list[int]]]:
    """Yield code, field and all readers of each dossier of a proposal, proposed and present ones, a thousand at a time."""
    present = select(Assignment.initiative_id, Assignment.reviewer_id).where(
        Assignment.round_id == proposal.round_id, Assignment.ended_at.is_(None)
    )
    has: dict[int, list[int]] = defaultdict(list)
    for initiative_id, reviewer_id in db.session.execute(present):
        has[initiative_id].append(reviewer_id)
    pairs = (
        select(ProposalPair.initiative_id, Initiative.code, Initiative.field, ProposalPair.reviewer_id)
        .join(Initiative, Initiative.id == ProposalPair.initiative_id)
        .where(ProposalPair.proposal_id == proposal.id)
        .order_by(ProposalPair.initiative_id)
        .execution_options(yield_per=1000)
    )
    for initiative_id, rows in groupby(db.session.execute(pairs), key=itemgetter(0)):
        found = list(rows)
        _id, code, field, _reviewer = found[0]
        yield code, field, [*has[initiative_id], *(row[3] for row in found)]


def current_pairs(proposal: Proposal, codes: Collection[str]) -> dict[str, set[str]]:
    """Return the reviewers' codes of some dossiers, by the dossiers' codes; dossiers outside are left out."""
    dossiers = (
        select(Initiative.code)
        .join(ProposalDossier, ProposalDossier.initiative_id == Initiative.id)
        .where(ProposalDossier.proposal_id == proposal.id, Initiative.code.in_(codes))
    )
    found: dict[str, set[str]] = {code: set() for code in db.session.scalars(dossiers)}
    pairs = (
        select(Initiative.code, Account.code)
        .join(ProposalPair, ProposalPair.initiative_id == Initiative.id)
        .join(Account, Account.id == ProposalPair.reviewer_id)
        .where(ProposalPair.proposal_id == proposal.id, Initiative.code.in_(codes))
    )
    for code, reviewer_code in db.session.execute(pairs):
        found[code].add(reviewer_code)
    return found


def initiative_ids(proposal: Proposal, codes: Collection[str]) -> dict[str, int]:
    """Return ids of dossiers of a proposal by their codes."""
    rows = db.session.execute(
        select(Initiative.code, Initiative.id)
        .join(ProposalDossier, ProposalDossier.initiative_id == Initiative.id)
        .where(ProposalDossier.proposal_id == proposal.id, Initiative.code.in_(codes))
    )
    return {str(row[0]): int(row[1]) for row in rows}
