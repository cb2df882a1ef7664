"""What a change of a proposal would do, line by line, before it is made."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select

from evaluator import policy
from evaluator.assignment import judges, standards
from evaluator.assignment.models import Assignment, Proposal, ProposalDossier
from evaluator.assignment.proposals import queries
from evaluator.assignment.ties import Ties
from evaluator.core.db import db
from evaluator.core.text import N_, Sentence, sentence
from evaluator.initiatives.models import Initiative
from evaluator.people import queries as people
from evaluator.policy import Action, Actor
from evaluator.rounds.models import Round
from evaluator.rules.conflicts import Weight

MOST_CHANGES = 5000

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
    look = Look(proposal, added, removed, actor)
    lines = [look.line(couple, is_added=False) for couple in removed] + [
        look.line(couple, is_added=True) for couple in added
    ]
    return Effect(
        tuple(sorted(lines, key=lambda line: (line.problem is None, line.code, line.is_added))), look.lacking()
    )


class Look:
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
        self.people = {person.id: person for person in judges.available_reviewers()}
        self.accounts = people.by_ids({reviewer for _initiative, reviewer in (*added, *removed)})
        self.pairs = queries.pairs_of(proposal, touched)
        involved = [self.people[reviewer] for _initiative, reviewer in added if reviewer in self.people]
        self.found = judges.findings(involved, touched, standards.of(proposal.round_id)) if involved else {}
        given = select(Assignment.initiative_id, Assignment.reviewer_id).where(
            Assignment.initiative_id.in_(touched), Assignment.ended_at.is_(None)
        )
        self.given = {(int(row[0]), int(row[1])) for row in db.session.execute(given)}
        a_round = db.session.get_one(Round, proposal.round_id)
        self.load, self.proposed = queries.loads(a_round), queries.proposed_loads(proposal)
        asked = standards.of(a_round.id)
        self.ties = Ties(a_round.id, is_cross_unit=asked.is_cross_unit)
        self.with_them = self._together()

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
        if initiative_id not in self.dossiers or initiative_id in self.actor.near:
            return sentence(N_("this dossier is not in the proposal"))
        if reviewer_id not in self.people:
            return sentence(N_("does not review at present"))
        has_it = couple in self.given or reviewer_id in {pair.reviewer_id for pair in self.pairs[initiative_id]}
        if has_it and couple not in self.removed:
            return sentence(N_("has this dossier already"))
        bars = [each for each in self.found.get((reviewer_id, initiative_id), ()) if each.weight is Weight.BAR]
        if bars:
            return bars[0].reason
        return self.ties.problem(initiative_id, reviewer_id, beside=self.with_them[initiative_id])

    def _together(self) -> dict[int, set[int]]:
        """Return who would read each touched dossier after the change."""
        readers: dict[int, set[int]] = defaultdict(set)
        for initiative_id, pairs in self.pairs.items():
            readers[initiative_id] |= {pair.reviewer_id for pair in pairs}
        for initiative_id, reviewer_id in (*self.given, *self.added):
            readers[initiative_id].add(reviewer_id)
        for initiative_id, reviewer_id in self.removed:
            readers[initiative_id].discard(reviewer_id)
        return readers

    def _cannot_go(self, couple: Couple) -> Sentence | None:
        initiative_id, reviewer_id = couple
        if initiative_id in self.actor.near:
            return sentence(N_("this dossier is not in the proposal"))
        if reviewer_id not in {pair.reviewer_id for pair in self.pairs[initiative_id]}:
            return sentence(N_("does not have this dossier in the proposal"))
        if couple in self.ties.must:
            return sentence(N_("must read it: settled beforehand"))
        return None

    def lacking(self) -> int:
        """Return how many of the touched dossiers would have too few reviewers."""
        step: dict[int, int] = {}
        for couples, sign in ((self.added, 1), (self.removed, -1)):
            for initiative_id, _reviewer in couples:
                step[initiative_id] = step.get(initiative_id, 0) + sign
        return sum(row.given + step.get(key, 0) < row.wanted for key, row in self.dossiers.items())
