"""Who may not take part in which item: found from the data, before the item is put to the vote."""

from collections.abc import Iterable
from dataclasses import dataclass

from evaluator.assignment import judges, standards
from evaluator.core.text import N_, Sentence
from evaluator.council.models import Item, Member, Session
from evaluator.rules import conflicts
from evaluator.rules.conflicts import Kind, Weight

BY_HAND = "by-hand"  # the secretary or the person said so in the room


@dataclass(frozen=True, slots=True)
class Found:
    """One member stands too near to one item; ``is_barred`` leaves no choice."""

    member: Member
    kind: str
    is_barred: bool
    reason: Sentence


def found(session: Session, items: Iterable[Item]) -> dict[int, list[Found]]:
    """Return, by item id, what the data says against those who sit taking part; five statements however many items.

    Where a substitute sits, the substitute is asked about and not the member.
    """
    by_initiative = {item.initiative_id: item.id for item in items}
    result: dict[int, list[Found]] = {item_id: [] for item_id in by_initiative.values()}
    if not by_initiative:
        return result
    sitting = session.sitting
    seats = {sitting[member.id]: member for member in session.members}
    near = judges.voting_conflicts(seats, by_initiative, standards.of(session.council.round_id))
    for (account_id, initiative_id), findings in near.items():
        first = findings[0]
        result[by_initiative[initiative_id]].append(
            Found(seats[account_id], str(first.kind), first.weight is Weight.BAR, first.reason)
        )
    return result


def reason_of(kind: str) -> Sentence:
    """Return why a recusal of a kind was recorded, in words."""
    if kind == BY_HAND:
        return Sentence(N_("has stepped aside for this item"))
    return Sentence(conflicts.TABLE[Kind(kind)].reason)
