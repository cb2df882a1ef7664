"""When a person may not judge, or had better not: one table of rules over plain facts.

Sources: Circular 18/2013 article 8 (the head of the body as author), Circular 37/2010 (who carries the work out),
the cross-marking practice of departments of education (nobody marks work of the own unit).
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from evaluator.core.text import N_, Sentence, sentence
from evaluator.rules.vietnamese import fold

_ADDRESS = re.compile(r"[^\s,;<>()]+@[^\s,;<>()]+")
# What stands before a name in a list of people: PGS.TS., ThS, ông, bà, đ/c (folded).
_TITLES = re.compile(r"^(?:(?:gs|pgs|tskh|ts|ths|bs|ckii?|ks|cn|ong|ba|co|thay|dong chi|d/c)(?:[.\s]+|$))+")
_ENDS_A_NAME = re.compile(r"[,(<\[|:–—]| - ")


class Kind(StrEnum):
    """Why a person stands too near to a dossier."""

    AUTHOR = "author"
    NOMINATOR = "nominator"
    ADVISER = "adviser"
    HOUSEHOLD = "household"
    DECLARED = "declared"
    SAME_UNIT = "same-unit"
    MERGED_UNIT = "merged-unit"
    SUPERIOR_UNIT = "superior-unit"
    HEAD_OF_BODY = "head-of-body"


class Weight(StrEnum):
    """What a rule does in a round: it bars, it warns, or it is not applied."""

    BAR = "bar"
    WARN = "warn"
    OFF = "off"


class Ground(Protocol):
    """The tree of units, as far as conflicts need it."""

    @property
    def parents(self) -> Mapping[int, int | None]:
        """Each unit's direct superior."""

    def heir(self, unit_id: int) -> int:
        """Return the unit that carries on after all mergers."""


@dataclass(frozen=True, slots=True)
class Judge:
    """What the rules know of a person who is to judge; ``name`` and ``relatives``, of the own household, are folded."""

    id: int
    name: str = ""
    email: str = ""
    unit_id: int | None = None
    relatives: frozenset[str] = frozenset()
    heads_body: bool = False
    declared: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Work:
    """What the rules know of a dossier: people by account or address, folded names, units of dossier and authors.

    ``nominators`` and ``advisers`` are folded names and addresses, as ``mentioned`` reads them.
    """

    id: int
    people: frozenset[int] = frozenset()
    emails: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    units: frozenset[int] = frozenset()
    nominators: frozenset[str] = frozenset()
    advisers: frozenset[str] = frozenset()
    state_funded: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of the table."""

    holds: Callable[[Judge, Work, Ground], bool]
    reason: str
    usual: Weight


@dataclass(frozen=True, slots=True)
class Finding:
    """One conflict that was found."""

    kind: Kind
    weight: Weight
    reason: Sentence = field(compare=False)


def is_author(judge: Judge, work: Work, _ground: Ground) -> bool:
    """Wrote it, owns it, or bears an author's e-mail address."""
    return judge.id in work.people or bool(judge.email and judge.email in work.emails)


def is_nominator(judge: Judge, work: Work, _ground: Ground) -> bool:
    """Has put the work forward."""
    return _is_among(judge, work.nominators)


def is_adviser(judge: Judge, work: Work, _ground: Ground) -> bool:
    """Has advised the authors."""
    return _is_among(judge, work.advisers)


def _is_among(judge: Judge, mentions: frozenset[str]) -> bool:
    return bool(mentions & ({judge.name, judge.email} - {""}))


def mentioned(text: str) -> frozenset[str]:
    """Return the people a dossier names, one per line or between semicolons, as folded names and addresses.

    "PGS.TS. Lê Văn Hùng, Trường Đại học Hồng Đức, hung@example.org" says ``le van hung`` and the address: where a
    person is known by both, either is enough.
    """
    found: set[str] = set()
    for line in re.split(r"[;\n]", fold(text)):
        found.update(_ADDRESS.findall(line))
        name = _TITLES.sub("", _ENDS_A_NAME.split(_ADDRESS.sub("", line), maxsplit=1)[0].strip())
        found.add(" ".join(name.split()))
    return frozenset(found - {""})


def in_same_unit(judge: Judge, work: Work, _ground: Ground) -> bool:
    """Works where the dossier or one of its authors comes from."""
    return judge.unit_id in work.units


def in_merged_unit(judge: Judge, work: Work, ground: Ground) -> bool:
    """Works at a unit that was merged, before or since, with the dossier's unit."""
    if judge.unit_id is None or judge.unit_id in work.units:
        return False
    return ground.heir(judge.unit_id) in {ground.heir(unit) for unit in work.units}


def in_superior_unit(judge: Judge, work: Work, ground: Ground) -> bool:
    """Works at the unit directly above or directly below."""
    if judge.unit_id is None:
        return False
    return ground.parents.get(judge.unit_id) in work.units or judge.unit_id in {
        ground.parents.get(unit) for unit in work.units
    }


def is_own_state_funded_head(judge: Judge, work: Work, ground: Ground) -> bool:
    """Heads the recognising body and wrote an initiative that the State paid for."""
    return judge.heads_body and work.state_funded and is_author(judge, work, ground)


TABLE: dict[Kind, Rule] = {
    Kind.AUTHOR: Rule(is_author, N_("is an author of this initiative"), Weight.BAR),
    Kind.NOMINATOR: Rule(is_nominator, N_("has put this initiative forward"), Weight.BAR),
    Kind.ADVISER: Rule(is_adviser, N_("has advised the authors"), Weight.BAR),
    Kind.HOUSEHOLD: Rule(
        lambda judge, work, _ground: not judge.relatives.isdisjoint(work.names),
        N_("has named an author as a member of the own family"),
        Weight.BAR,
    ),
    Kind.DECLARED: Rule(
        lambda judge, work, _ground: work.id in judge.declared, N_("has declared a conflict of interest"), Weight.BAR
    ),
    Kind.SAME_UNIT: Rule(in_same_unit, N_("works in the same unit"), Weight.BAR),
    Kind.MERGED_UNIT: Rule(in_merged_unit, N_("works in a unit that was merged with this one"), Weight.BAR),
    Kind.SUPERIOR_UNIT: Rule(in_superior_unit, N_("works in the unit directly above or below"), Weight.WARN),
    Kind.HEAD_OF_BODY: Rule(
        is_own_state_funded_head,
        N_("heads the body and is an author of an initiative paid for by the State (Circular 18, article 8)"),
        Weight.BAR,
    ),
}

KIND_NAMES = {
    Kind.AUTHOR: N_("Author or co-author"),
    Kind.NOMINATOR: N_("Nominator"),
    Kind.ADVISER: N_("Adviser"),
    Kind.HOUSEHOLD: N_("Same family"),
    Kind.DECLARED: N_("Declared by the person"),
    Kind.SAME_UNIT: N_("Same unit"),
    Kind.MERGED_UNIT: N_("Merged unit"),
    Kind.SUPERIOR_UNIT: N_("Unit above or below"),
    Kind.HEAD_OF_BODY: N_("Head of the recognising body"),
}

USUAL: Mapping[Kind, Weight] = {kind: rule.usual for kind, rule in TABLE.items()}
# In the council of a small commune most members share a unit with somebody: it warns, and the council decides.
USUAL_IN_COUNCIL: Mapping[Kind, Weight] = {
    **USUAL,
    Kind.SAME_UNIT: Weight.WARN,
    Kind.MERGED_UNIT: Weight.WARN,
    Kind.SUPERIOR_UNIT: Weight.OFF,
}
# What no round may choose otherwise: nobody judges the own work, nor what he or she declared too near, nor the head
# of the body a work of the own that the State paid for.
FIXED = (Kind.AUTHOR, Kind.DECLARED, Kind.HEAD_OF_BODY)


def between(judge: Judge, work: Work, ground: Ground, weights: Mapping[Kind, Weight] = USUAL) -> list[Finding]:
    """Return every conflict between a person and a dossier, bars before warnings, each with its reason."""
    found = [
        Finding(kind, weights[kind], sentence(rule.reason))
        for kind, rule in TABLE.items()
        if weights[kind] is not Weight.OFF and rule.holds(judge, work, ground)
    ]
    return sorted(found, key=lambda finding: finding.weight is not Weight.BAR)


def among(
    judges: Iterable[Judge], works: list[Work], ground: Ground, weights: Mapping[Kind, Weight] = USUAL
) -> Iterator[tuple[Judge, Work, list[Finding]]]:
    """Yield the pairs with a conflict, without asking every pair: dossiers are found by unit, person and name."""
    index = _Index(works, ground)
    for judge in judges:
        for place in sorted(index.near(judge)):
            found = between(judge, works[place], ground, weights)
            if found:
                yield judge, works[place], found


class _Index:
    """Where dossiers stand by everything that can bring a person near to them."""

    def __init__(self, works: list[Work], ground: Ground) -> None:
        self.ground = ground
        self.by_mark: dict[object, list[int]] = {}
        for place, work in enumerate(works):
            for mark in {*self._marks(work)}:
                self.by_mark.setdefault(mark, []).append(place)

    def _marks(self, work: Work) -> Iterator[object]:
        for person in work.people:
            yield "person", person
        yield "work", work.id
        for text in work.emails | work.names | work.nominators | work.advisers:
            yield "text", text
        for unit in work.units:
            yield "unit", unit
            yield "heir", self.ground.heir(unit)
            yield "parent", self.ground.parents.get(unit)

    def near(self, judge: Judge) -> set[int]:
        """Return the places of dossiers that share anything with the person."""
        marks: list[object] = [("person", judge.id), ("text", judge.email), ("text", judge.name)]
        marks += [("work", work) for work in judge.declared]
        marks += [("text", name) for name in judge.relatives]
        if judge.unit_id is not None:
            above = self.ground.parents.get(judge.unit_id)
            marks += [("unit", judge.unit_id), ("heir", self.ground.heir(judge.unit_id)), ("parent", judge.unit_id)]
            marks += [("unit", above)] if above is not None else []
        return {place for mark in marks for place in self.by_mark.get(mark, ())}


def barred_from_the_body(judge: Judge, works: Iterable[Work], ground: Ground) -> bool:
    """Return whether a head may not sit at all: author of a State-funded initiative (Circular 18, article 8)."""
    return any(is_own_state_funded_head(judge, work, ground) for work in works)
