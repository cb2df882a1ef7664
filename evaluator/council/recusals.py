"""Who may not take part in which item: found from the data, before the item is put to the vote."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select

from evaluator.assignment.models import Conflict
from evaluator.core.db import db
from evaluator.core.text import N_, Sentence
from evaluator.council.models import Council, Item, Member
from evaluator.initiatives.models import Author, Initiative
from evaluator.people.models import Account
from evaluator.rules import conflicts
from evaluator.rules.conflicts import USUAL, Judge, Kind, Weight, Work
from evaluator.units import queries as units

BY_HAND = "by-hand"  # the secretary or the person said so in the room

# In a small commune most members share a unit with somebody: working together warns, the council decides.
WEIGHTS = {**USUAL, Kind.SAME_UNIT: Weight.WARN, Kind.MERGED_UNIT: Weight.WARN, Kind.SUPERIOR_UNIT: Weight.OFF}


@dataclass(frozen=True, slots=True)
class Found:
    """One member stands too near to one item; ``is_barred`` leaves no choice."""

    member: Member
    kind: str
    is_barred: bool
    reason: Sentence


def found(council: Council, items: Iterable[Item]) -> dict[int, list[Found]]:
    """Return, by item id, what the data says against members taking part; five statements however many items."""
    by_initiative = {item.initiative_id: item.id for item in items}
    result: dict[int, list[Found]] = {item_id: [] for item_id in by_initiative.values()}
    if not by_initiative:
        return result
    seats = {member.account_id: member for member in council.members}
    judges = _judges(seats, by_initiative)
    for judge, work, findings in conflicts.among(judges, _works(by_initiative), units.tree(), WEIGHTS):
        first = findings[0]
        result[by_initiative[work.id]].append(
            Found(seats[judge.id], str(first.kind), first.weight is Weight.BAR, first.reason)
        )
    return result


def reason_of(kind: str) -> Sentence:
    """Return why a recusal of a kind was recorded, in words."""
    if kind == BY_HAND:
        return Sentence(N_("has stepped aside for this item"))
    return Sentence(conflicts.TABLE[Kind(kind)].reason)


def _judges(seats: Mapping[int, Member], initiatives: Iterable[int]) -> list[Judge]:
    accounts = db.session.execute(select(Account.id, Account.email, Account.unit_id).where(Account.id.in_(seats))).all()
    declared: dict[int, set[int]] = {}
    rows = select(Conflict.account_id, Conflict.initiative_id).where(
        Conflict.account_id.in_(seats), Conflict.initiative_id.in_(list(initiatives))
    )
    for account_id, initiative_id in db.session.execute(rows):
        declared.setdefault(account_id, set()).add(initiative_id)
    return [
        Judge(account_id, email=email, unit_id=unit_id, declared=frozenset(declared.get(account_id, ())))
        for account_id, email, unit_id in accounts
    ]


def _works(initiatives: Iterable[int]) -> list[Work]:
    ids = list(initiatives)
    owners = db.session.execute(
        select(Initiative.id, Initiative.owner_id, Initiative.unit_id).where(Initiative.id.in_(ids))
    ).all()
    authors: dict[int, list[tuple[int | None, str, int | None]]] = {}
    rows = select(Author.initiative_id, Author.account_id, Author.email, Author.unit_id).where(
        Author.initiative_id.in_(ids)
    )
    for initiative_id, account_id, email, unit_id in db.session.execute(rows):
        authors.setdefault(initiative_id, []).append((account_id, email, unit_id))
    return [
        Work(
            initiative_id,
            people=_known([owner_id, *(account for account, _, _ in authors.get(initiative_id, ()))]),
            emails=frozenset(email.lower() for _, email, _ in authors.get(initiative_id, ()) if email),
            units=_known([unit_id, *(unit for _, _, unit in authors.get(initiative_id, ()))]),
        )
        for initiative_id, owner_id, unit_id in owners
    ]


def _known(ids: Iterable[int | None]) -> frozenset[int]:
    return frozenset(each for each in ids if each is not None)
