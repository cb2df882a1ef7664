"""Caps on successes: who, going down the ranking, still gets the class that the points allow (R6, R7)."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Protocol

from evaluator.core.text import N_, Sentence, sentence
from evaluator.rules.procedure import Cap, Per
from evaluator.rules.rubric import Rubric

FULL = {
    Per.ROUND: N_("At most %(most)s of the round can get “%(label)s”, and those ranked before it have."),
    Per.FIELD: N_("At most %(most)s of a field can get “%(label)s”, and those ranked before it have."),
    Per.UNIT: N_("At most %(most)s of a unit can get “%(label)s”, and those ranked before it have."),
    Per.FIELD_AND_UNIT: N_(
        "At most %(most)s of a unit in a field can get “%(label)s”, and those ranked before it have."
    ),
}
FULL_ANY = {
    Per.ROUND: N_("At most %(most)s of the round can succeed, and those ranked before it have."),
    Per.FIELD: N_("At most %(most)s of a field can succeed, and those ranked before it have."),
    Per.UNIT: N_("At most %(most)s of a unit can succeed, and those ranked before it have."),
    Per.FIELD_AND_UNIT: N_("At most %(most)s of a unit in a field can succeed, and those ranked before it have."),
}
SHARED = N_(
    "It shares its rank with others, and of them at most %(most)s can get “%(label)s”: the council decides who."
)
SHARED_ANY = N_("It shares its rank with others, and of them at most %(most)s can succeed: the council decides who.")
NO_RANK = N_("It has no rank, so nothing can be given to it yet.")
WHOLE = ""  # the class of a rubric without classes: a success


class Ranked(Protocol):
    """What caps look at; ``class_key`` is the class by points, empty without classes."""

    @property
    def initiative(self) -> str:
        """Return its code."""

    @property
    def passed(self) -> bool:
        """Return whether the conditions are met."""

    @property
    def class_key(self) -> str:
        """Return the class by points."""

    @property
    def field(self) -> str:
        """Return its field."""

    @property
    def unit(self) -> str:
        """Return its unit."""


@dataclass(frozen=True, slots=True)
class Capped:
    """What a cap made of a success: the class that is left, whether it still is a success, and why."""

    class_key: str
    passed: bool
    why: Sentence


def capped(rubric: Rubric, ranked: Iterable[tuple[int | None, Ranked]]) -> dict[str, Capped]:
    """Return what the caps change; whoever keeps the class of the points is not in it.

    ``ranked`` are ranks with what caps look at, best first. Equal ranks are one block: where not all of a block find
    room, none of those who would need it gets it, and the room they share is left for the council to give. Whoever
    has no rank gets no class yet.
    """
    if not rubric.caps:
        return {}
    room = _Room(rubric)
    known = [(rank, each) for rank, each in ranked if each.passed]
    found = {each.initiative: Capped("", passed=True, why=sentence(NO_RANK)) for rank, each in known if rank is None}
    successes = ((rank, each) for rank, each in known if rank is not None)
    for _rank, block in groupby(successes, key=lambda pair: pair[0]):
        found |= room.give([each for _same, each in block])
    return found


class _Room:
    """How much of each cap is taken, by what it counts."""

    def __init__(self, rubric: Rubric) -> None:
        self.rubric = rubric
        self.labels = {each.key: each.label for each in rubric.classes}
        self.good = [each.key for each in rubric.classes if each.passes] or [WHOLE]
        self.bad = next((each.key for each in reversed(rubric.classes) if not each.passes), "")
        self.taken: Counter[tuple[int, tuple[str, ...]]] = Counter()

    def give(self, block: list[Ranked]) -> dict[str, Capped]:
        """Give a block of equals what is left for them; return what differs from their classes by points."""
        found: dict[str, Capped] = {}
        wanted = {each.initiative: self._best(each, found) for each in block}
        asking = Counter(place for each in block for place in self._places(each, wanted[each.initiative]))
        short = {place for place, asked in asking.items() if self.taken[place] + asked > self._most(place)}
        for each in block:
            places = self._places(each, wanted[each.initiative])
            shared = next((place for place in places if place in short), None)
            if shared is not None:
                found[each.initiative] = Capped("", passed=True, why=self._words(SHARED, SHARED_ANY, shared, left=True))
        for place in asking:
            self.taken[place] += asking[place]
        return found

    def _best(self, each: Ranked, found: dict[str, Capped]) -> str | None:
        """Return the best class with room from the one by points on; None, and why, where there is none left."""
        why: Sentence | None = None
        for key in self.good[self.good.index(each.class_key) :]:
            full = next((place for place in self._places(each, key) if self.taken[place] >= self._most(place)), None)
            if full is None:
                if why is not None:
                    found[each.initiative] = Capped(key, passed=True, why=why)
                return key
            per = self.rubric.caps[full[0]].per
            why = why or self._words(FULL[per], FULL_ANY[per], full)
        assert why is not None  # noqa: S101 - every class was full
        found[each.initiative] = Capped(self.bad, passed=False, why=why)
        return None

    def _places(self, each: Ranked, key: str | None) -> list[tuple[int, tuple[str, ...]]]:
        """Return which caps, and which field or unit of each, a class of this dossier counts under."""
        if key is None:
            return []
        of: Mapping[Per, tuple[str, ...]] = {
            Per.ROUND: (),
            Per.FIELD: (each.field,),
            Per.UNIT: (each.unit,),
            Per.FIELD_AND_UNIT: (each.field, each.unit),
        }
        return [
            (number, of[cap.per])
            for number, cap in enumerate(self.rubric.caps)
            if not cap.classes or key in cap.classes
        ]

    def _cap(self, place: tuple[int, tuple[str, ...]]) -> Cap:
        return self.rubric.caps[place[0]]

    def _most(self, place: tuple[int, tuple[str, ...]]) -> int:
        return self._cap(place).most

    def _words(self, text: str, text_any: str, place: tuple[int, tuple[str, ...]], *, left: bool = False) -> Sentence:
        cap = self._cap(place)
        most = cap.most - (self.taken[place] if left else 0)
        if not cap.classes:
            return sentence(text_any, most=most)
        return sentence(text, most=most, label=", ".join(self.labels[key] for key in cap.classes))
