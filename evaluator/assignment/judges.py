"""Who may judge: the reviewers at hand, and what the rules of conflict know of them and of dossiers."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, select

from evaluator.assignment.models import Conflict, ReviewerProfile
from evaluator.assignment.standards import Standards
from evaluator.core.db import db
from evaluator.initiatives.models import Author, Initiative
from evaluator.people.models import Account, RoleGrant
from evaluator.rules import conflicts
from evaluator.rules.roles import Role
from evaluator.rules.vietnamese import fold
from evaluator.units import queries as units


@dataclass(frozen=True, slots=True)
class Reviewer:
    """A reviewer as assigning sees him or her."""

    id: int
    code: str
    name: str
    email: str
    unit_id: int | None
    fields: tuple[str, ...]
    keywords: str
    most: int | None
    relatives: tuple[str, ...]


def available_reviewers(text: str = "") -> list[Reviewer]:
    """Return everybody who reviews and is not away, in the order of names; ``text`` narrows by words of the name."""
    holders = select(RoleGrant.account_id).where(RoleGrant.role == Role.REVIEWER)
    return _people(
        Account.id.in_(holders),
        Account.deactivated_at.is_(None),
        ReviewerProfile.is_available.is_not(False),
        *(Account.search.contains(word, autoescape=True) for word in fold(text).split()),
    )


def by_ids(ids: Collection[int]) -> list[Reviewer]:
    """Return some people as assigning sees them, whether they review at present or not."""
    return _people(Account.id.in_(ids))


def _people(*conditions: ColumnElement[bool]) -> list[Reviewer]:
    rows = db.session.execute(
        select(
            Account.id,
            Account.code,
            Account.name,
            Account.email,
            Account.unit_id,
            ReviewerProfile.fields,
            ReviewerProfile.keywords,
            ReviewerProfile.most,
            ReviewerProfile.relatives,
        )
        .outerjoin(ReviewerProfile, ReviewerProfile.account_id == Account.id)
        .where(*conditions)
        .order_by(Account.sort_key, Account.id)
    )
    return [
        Reviewer(id_, code, name, email, unit_id, tuple(fields or ()), keywords or "", most, tuple(relatives or ()))
        for id_, code, name, email, unit_id, fields, keywords, most, relatives in rows
    ]


def judges(people: Iterable[Reviewer], initiatives: Select[int], *, head_id: int | None) -> list[conflicts.Judge]:
    """Return what the rules of conflict know of people and the dossiers whose ids are selected.

    ``head_id`` heads the body that recognises.
    """
    everybody = list(people)
    declared: dict[int, set[int]] = defaultdict(set)
    pairs = select(Conflict.account_id, Conflict.initiative_id).where(Conflict.initiative_id.in_(initiatives))
    for account_id, initiative_id in db.session.execute(pairs):
        declared[account_id].add(initiative_id)
    return [
        conflicts.Judge(
            id=person.id,
            name=fold(person.name),
            email=person.email,
            unit_id=person.unit_id,
            relatives=frozenset(fold(name) for name in person.relatives),
            heads_body=person.id == head_id,
            declared=frozenset(declared.get(person.id, ())),
        )
        for person in everybody
    ]


def works(initiatives: Select[int]) -> dict[int, conflicts.Work]:
    """Return what the rules of conflict know of dossiers, by id; ``initiatives`` selects their ids."""
    people: dict[int, set[int | None]] = defaultdict(set)
    emails: dict[int, set[str]] = defaultdict(set)
    names: dict[int, set[str]] = defaultdict(set)
    houses: dict[int, set[int | None]] = defaultdict(set)
    authors = select(Author.initiative_id, Author.account_id, Author.email, Author.name, Author.unit_id)
    for at, account_id, email, name, unit_id in db.session.execute(
        authors.where(Author.initiative_id.in_(initiatives))
    ):
        people[at].add(account_id)
        emails[at].update({email.lower()} - {""})
        names[at].add(fold(name))
        houses[at].add(unit_id)
    dossiers = select(
        Initiative.id,
        Initiative.owner_id,
        Initiative.unit_id,
        Initiative.nominated_by,
        Initiative.advised_by,
        Initiative.is_state_funded,
    ).where(Initiative.id.in_(initiatives))
    found = {}
    for at, owner_id, unit_id, nominated_by, advised_by, is_state_funded in db.session.execute(dossiers):
        found[at] = conflicts.Work(
            id=at,
            people=_known(people[at], owner_id),
            emails=frozenset(emails[at]),
            names=frozenset(names[at]),
            units=_known(houses[at], unit_id),
            nominators=conflicts.mentioned(nominated_by),
            advisers=conflicts.mentioned(advised_by),
            state_funded=is_state_funded,
        )
    return found


def _known(ids: set[int | None], one_more: int | None) -> frozenset[int]:
    return frozenset(each for each in (*ids, one_more) if each is not None)


def findings(
    people: Collection[Reviewer], initiative_ids: Collection[int], standards: Standards
) -> dict[tuple[int, int], list[conflicts.Finding]]:
    """Return the conflicts between some reviewers and some dossiers, by reviewer id and initiative id."""
    return conflicts_among(people, select(Initiative.id).where(Initiative.id.in_(initiative_ids)), standards)


def conflicts_among(
    people: Collection[Reviewer], initiatives: Select[int], standards: Standards
) -> dict[tuple[int, int], list[conflicts.Finding]]:
    """Return the conflicts between people who read and the dossiers whose ids are selected."""
    return _conflicts(people, initiatives, standards.reading, head_id=standards.head_id)


def voting_conflicts(
    account_ids: Collection[int], initiative_ids: Collection[int], standards: Standards
) -> dict[tuple[int, int], list[conflicts.Finding]]:
    """Return the conflicts between people who vote and some dossiers, by account id and initiative id."""
    ids = select(Initiative.id).where(Initiative.id.in_(initiative_ids))
    return _conflicts(by_ids(account_ids), ids, standards.voting, head_id=standards.head_id)


def _conflicts(
    people: Collection[Reviewer],
    initiatives: Select[int],
    weights: Mapping[conflicts.Kind, conflicts.Weight],
    *,
    head_id: int | None,
) -> dict[tuple[int, int], list[conflicts.Finding]]:
    known = judges(people, initiatives, head_id=head_id)
    found = conflicts.among(known, list(works(initiatives).values()), units.tree(), weights)
    return {(judge.id, work.id): reasons for judge, work, reasons in found}


def head_who_may_not_sit(round_id: int, account_ids: Collection[int], standards: Standards) -> Reviewer | None:
    """Return the head of the body if he or she is among these people and wrote a dossier the State paid for.

    Such a head is no member of the council at all (Circular 18/2013, article 8).
    """
    if standards.head_id is None or standards.head_id not in account_ids:
        return None
    (head,) = by_ids([standards.head_id])
    funded = select(Initiative.id).where(
        Initiative.round_id == round_id, Initiative.is_state_funded, Initiative.submitted_at.is_not(None)
    )
    (known,) = judges([head], funded, head_id=standards.head_id)
    return head if conflicts.barred_from_the_body(known, works(funded).values(), units.tree()) else None
