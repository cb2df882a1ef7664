"""Telling people what concerns them: members that they sit, authors how was decided."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from itertools import islice

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from evaluator.core.db import db
from evaluator.council.models import Council, Item
from evaluator.initiatives.models import Initiative
from evaluator.notices import service as notices
from evaluator.notices.service import Addressee, Envelope, Person
from evaluator.rules.calendar import day_of
from evaluator.rules.lifecycle import InitiativeState

TEMPLATES = {
    InitiativeState.SELECTED: "initiative-selected",
    InitiativeState.NOT_SELECTED: "initiative-not-selected",
}
AT_ONCE = 1000


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


def tell_results(initiative_ids: Sequence[int], *, now: datetime) -> int:
    """Queue the result for who holds the pen of each decided dossier, else for its first author with an address.

    Called by commands that have asked. Returns how many messages there are; a thousand take five statements.
    """
    told, ids = 0, iter(initiative_ids)
    while batch := list(islice(ids, AT_ONCE)):
        wanted = select(Initiative).where(Initiative.id.in_(batch)).order_by(Initiative.id)
        eager = wanted.options(joinedload(Initiative.owner), joinedload(Initiative.round))
        found = db.session.scalars(eager).all()
        for state, template in TEMPLATES.items():
            told += notices.queue_each(template, _envelopes(found, state), now=now)
    return told


def _envelopes(initiatives: Sequence[Initiative], state: InitiativeState) -> Iterator[Envelope]:
    for initiative in initiatives:
        to = _addressee(initiative)
        if initiative.state is state and to is not None:
            params = {"code": initiative.code, "title": initiative.title, "round": initiative.round.title}
            yield Envelope(to, initiative, params)


def _addressee(initiative: Initiative) -> Addressee | None:
    """Return who is told about a dossier; None when nobody left an address."""
    if initiative.owner is not None:
        return initiative.owner
    return next((Person(name=each.name, email=each.email) for each in initiative.authors if each.email), None)
