"""Prizes with quotas, filled in order of score and vote among those who pass both gates; ties are data.

Source: "Đổi mới sáng tạo – vì Thái Nguyên thân yêu" 2025: prizes go down the list of scores until they run out, and
need two thirds of the organising committee.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from evaluator.core.text import N_, Sentence
from evaluator.rules.vote_rule import Tie, Tier


@dataclass(frozen=True, slots=True)
class Entry:
    """One item that passed both gates: its exact score and its votes in favour."""

    id: str
    score: Fraction
    yes: int


@dataclass(frozen=True, slots=True)
class Allotment:
    """Who gets which prize; ``tied`` share the last of a prize and wait for what the rule says."""

    tier_of: dict[str, str]
    tied: tuple[str, ...]
    tied_for: str
    why: tuple[Sentence, ...]

    def of(self, name: str) -> str:
        """Return the prize of an item, "" for none."""
        return self.tier_of.get(name, "")


def allot(
    tiers: Sequence[Tier], entries: Iterable[Entry], *, tie: Tie = Tie.RUNOFF, given: dict[str, int]
) -> Allotment:
    """Fill the prizes from the highest down; ``given`` says how many of each earlier sessions have used.

    Entries are taken by score and, with equal scores, by votes in favour. Equals that do not all fit into a prize are
    tied: by the rule all of them get it, all get the next one, or they are returned and nobody below is placed.
    """
    groups = _equals(entries)
    placed: dict[str, str] = {}
    said: list[Sentence] = []
    for tier in tiers:
        left = None if tier.quota is None else max(0, tier.quota - given.get(tier.name, 0))
        while groups and (left is None or left > 0):
            group = groups[0]
            if left is not None and len(group) > left and tie is not Tie.TAKE_ALL:
                numbers = {"tied": len(group), "left": left, "prize": tier.name}
                if tie is not Tie.TAKE_NONE:
                    pattern = N_("%(tied)s have the same score and votes, but %(left)s of “%(prize)s” are left.")
                    return Allotment(placed, tuple(group), tier.name, (*said, Sentence(pattern, numbers)))
                said.append(Sentence(N_("%(tied)s are tied for “%(prize)s”; by the rule all get the next."), numbers))
                break
            placed |= dict.fromkeys(group, tier.name)
            left = None if left is None else left - len(group)
            groups.pop(0)
    return Allotment(placed, (), "", tuple(said))


def _equals(entries: Iterable[Entry]) -> list[list[str]]:
    """Return the names by score and votes, the best first, equals together."""
    listed = list(entries)
    keys = sorted({(each.score, each.yes) for each in listed}, reverse=True)
    return [[each.id for each in listed if (each.score, each.yes) == key] for key in keys]
