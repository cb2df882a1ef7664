"""Telling people what concerns them: members that they sit, authors what the council asks of them."""

from collections.abc import Collection
from datetime import datetime

from evaluator.council.models import Council, Item
from evaluator.initiatives.models import Initiative
from evaluator.notices import service as notices
from evaluator.notices.service import Addressee, Person
from evaluator.rules.calendar import day_of


def tell_members(council: Council, *, except_for: Collection[int] = (), now: datetime) -> int:
    """Queue for the members, but those accounts who know already, that they sit and when the council is to meet."""
    return notices.queue(
        "council-joined",
        to=[member.account for member in council.members if member.account_id not in except_for],
        about=council,
        now=now,
        code=council.code,
        round=council.round.title,
        decision=council.decision_number,
        at=day_of(council.round.council_at),
    )


def tell_supplement(item: Item, *, now: datetime) -> int:
    """Queue for the author of an item what the council asks to be added, and until when."""
    initiative = item.initiative
    to = _addressee(initiative)
    if to is None:
        return 0
    return notices.queue(
        "council-asks-supplement",
        to=[to],
        about=initiative,
        now=now,
        code=initiative.code,
        title=initiative.title,
        asked=item.asked,
        until=item.asked_until,
    )


def _addressee(initiative: Initiative) -> Addressee | None:
    """Return who is told about a dossier; None when nobody left an address."""
    if initiative.owner is not None:
        return initiative.owner
    return next((Person(name=each.name, email=each.email) for each in initiative.authors if each.email), None)
