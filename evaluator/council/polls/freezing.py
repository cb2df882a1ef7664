"""What is fixed at the moment a vote is put: its number, who steps aside, its definition; asked by commands only."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import func, select

from evaluator.core.db import db
from evaluator.council import recusals
from evaluator.council.models import Item, Member, Poll, Recusal, Session
from evaluator.policy import Actor


def next_number(session: Session) -> int:
    """Return the number of the next vote of a session."""
    return (db.session.scalar(select(func.max(Poll.number)).where(Poll.session_id == session.id)) or 0) + 1


def step_aside(
    session: Session, items: Sequence[Item], chosen: Mapping[int, Iterable[int]]
) -> dict[int, frozenset[int]]:
    """Record who takes no part in which item: those the data bars, and those who step aside."""
    near = recusals.found(session, items)
    known = {member.id for member in session.members}
    result = {}
    for item in items:
        kinds = {each.member.id: each for each in near[item.id]}
        wanted = {each.member.id for each in near[item.id] if each.is_barred} | (set(chosen.get(item.id, ())) & known)
        for recusal in [each for each in item.recusals if each.member_id not in wanted]:
            item.recusals.remove(recusal)
        recorded = {each.member_id for each in item.recusals}
        item.recusals += [
            Recusal(member_id=member, kind=kinds[member].kind if member in kinds else recusals.BY_HAND)
            for member in sorted(wanted - recorded)
        ]
        result[item.id] = frozenset(wanted)
    return result


def definition(poll: Poll, items: Sequence[Item], aside: set[int], proxies: Mapping[int, int]) -> dict[str, Any]:
    """Return what is frozen of a vote: its parts, its rule, and where each member was."""
    roll = set(poll.roll)
    has_tiers = bool(poll.rule["tiers"])
    held_by = {member.id: member.position for member in poll.session.members}
    return {
        "v": 1,
        "poll": poll.number,
        "mode": str(poll.mode),
        "put_at": poll.put_at.isoformat(),
        "former": None,
        "rule": poll.rule,
        "roles": list(poll.roles),
        "roll": [
            {
                "seat": member.position,
                "name": member.name,
                "status": "recused" if member.id in aside else "entitled" if member.id in roll else "absent",
                **({"proxy": held_by[proxies[member.id]]} if member.id in proxies else {}),
                **_stands_in(poll.session, member),
            }
            for member in poll.session.members
        ],
        "parts": [
            {
                "part": item.number,
                "initiative": item.initiative.code,
                "title": item.title,
                "content": item.initiative.content_hash,
                "score_passed": item.score_passed,
                **({"score": item.score} if has_tiers else {}),
            }
            for item in items
        ],
    }


def _stands_in(session: Session, member: Member) -> dict[str, str]:
    found = next((each for each in session.substitutes if each.member_id == member.id and not each.ended_at), None)
    return {"substitute": found.name} if found else {}


def own_seat(poll: Poll, by: Actor) -> int:
    """Return the seat from which an actor votes: the own one, or the one on which the actor sits for another."""
    return next(seat for seat, account in poll.session.sitting.items() if account == by.id and seat in poll.roll)
