"""Who may judge: the reviewers at hand, and what the rules of conflict know of them and of dossiers."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import Select, select

from evaluator.assignment.models import Conflict, ReviewerProfile
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
    named = [Account.search.contains(word, autoescape=True) for word in fold(text).split()]
    holders = select(RoleGrant.account_id).where(RoleGrant.role == Role.REVIEWER)
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
        .where(
            Account.id.in_(holders),
            Account.deactivated_at.is_(None),
            ReviewerProfile.is_available.is_not(False),
            *named,
        )
        .order_by(Account.sort_key, Account.id)
    )
    return [
        Reviewer(id_, code, name, email, unit_id, tuple(fields or ()), keywords or "", most, tuple(relatives or ()))
        for id_, code, name, email, unit_id, fields, keywords, most, relatives in rows
    ]


def judges(people: Iterable[Reviewer]) -> list[conflicts.Judge]:
    """Return what the rules of conflict know of reviewers."""
    everybody = list(people)
    declared: dict[int, set[int]] = defaultdict(set)
    for account_id, initiative_id in db.session.execute(select(Conflict.account_id, Conflict.initiative_id)):
        declared[account_id].add(initiative_id)
    return [
        conflicts.Judge(
            id=person.id,
            email=person.email,
            unit_id=person.unit_id,
            relatives=frozenset(fold(name) for name in person.relatives),
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
    owners = select(Initiative.id, Initiative.owner_id, Initiative.unit_id).where(Initiative.id.in_(initiatives))
    found = {}
    for at, owner_id, unit_id in db.session.execute(owners):
        found[at] = conflicts.Work(
            id=at,
            people=_known(people[at], owner_id),
            emails=frozenset(emails[at]),
            names=frozenset(names[at]),
            units=_known(houses[at], unit_id),
        )
    return found


def _known(ids: set[int | None], one_more: int | None) -> frozenset[int]:
    return frozenset(each for each in (*ids, one_more) if each is not None)


def findings(
    people: Collection[Reviewer], initiative_ids: Collection[int], weights: Mapping[conflicts.Kind, conflicts.Weight]
) -> dict[tuple[int, int], list[conflicts.Finding]]:
    """Return the conflicts between some reviewers and some dossiers, by reviewer id and initiative id."""
    return conflicts_among(people, select(Initiative.id).where(Initiative.id.in_(initiative_ids)), weights)


def conflicts_among(
    people: Collection[Reviewer], initiatives: Select[int], weights: Mapping[conflicts.Kind, conflicts.Weight]
) -> dict[tuple[int, int], list[conflicts.Finding]]:
    """Return the conflicts between reviewers and the dossiers whose ids are selected."""
    found = conflicts.among(judges(people), list(works(initiatives).values()), units.tree(), weights)
    return {(judge.id, work.id): reasons for judge, work, reasons in found}
