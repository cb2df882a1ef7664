"""A vote rule as a frozen value: quorum, base, threshold, comparison, minimum, cap, ties; and its document."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from typing import Any, TypeVar

from evaluator.core.errors import Invalid, Message
from evaluator.core.text import N_, Sentence

Kind = TypeVar("Kind", bound=StrEnum)


class Base(StrEnum):
    """What a threshold is counted against (voting.md part 5); always named in the rule and in the minutes."""

    MEMBERS = "members"
    MEMBERS_ENTITLED = "members_entitled"
    PRESENT = "present"
    RETURNED = "returned"
    VALID = "valid"
    YES_NO = "yes_no"


class Compare(StrEnum):
    """Whether exactly the fraction is enough."""

    AT_LEAST = ">="
    MORE_THAN = ">"


class Method(StrEnum):
    """How ballots become an outcome."""

    THRESHOLD = "threshold"
    CHOOSE = "choose"
    PLURALITY_ROUNDS = "plurality-rounds"
    BORDA = "borda"
    SCHULZE = "schulze"
    IRV = "irv"


class Tie(StrEnum):
    """What happens to those tied at the cut-off; the default only names them."""

    RUNOFF = "runoff"
    LOT = "lot"
    TAKE_ALL = "take-all"
    TAKE_NONE = "take-none"


class Mode(StrEnum):
    """How a vote is cast."""

    OPEN = "open"
    PAPER = "paper"
    SEALED = "sealed"


BASE_NAMES = {
    Base.MEMBERS: N_("all members of the council"),
    Base.MEMBERS_ENTITLED: N_("the members entitled to vote on the item"),
    Base.PRESENT: N_("the members present"),
    Base.RETURNED: N_("the ballots returned"),
    Base.VALID: N_("the valid ballots"),
    Base.YES_NO: N_("the votes for and against"),
}
METHOD_NAMES = {
    Method.THRESHOLD: N_("yes or no on each item"),
    Method.CHOOSE: N_("choice from a list"),
    Method.PLURALITY_ROUNDS: N_("one choice, in rounds"),
    Method.BORDA: N_("ranking by points (Borda)"),
    Method.SCHULZE: N_("ranking by pairs (Schulze)"),
    Method.IRV: N_("ranking with elimination (instant run-off)"),
}
TIE_NAMES = {
    Tie.RUNOFF: N_("Those tied at the cut-off go to a run-off ballot."),
    Tie.LOT: N_("Those tied at the cut-off are decided by lot with a public, recorded seed."),
    Tie.TAKE_ALL: N_("All those tied at the cut-off are taken."),
    Tie.TAKE_NONE: N_("None of those tied at the cut-off is taken."),
}
TIER_TIES = {
    Tie.RUNOFF: N_("Those tied for the last of a prize are voted on again."),
    Tie.TAKE_ALL: N_("All those tied for the last of a prize get it."),
    Tie.TAKE_NONE: N_("Those tied for the last of a prize all get the next one."),
}
MODE_NAMES = {
    Mode.OPEN: N_("open vote, by name"),
    Mode.PAPER: N_("secret ballot on paper"),
    Mode.SEALED: N_("secret ballot, sealed electronically"),
}
QUORUM_BASES = (Base.MEMBERS, Base.MEMBERS_ENTITLED, Base.PRESENT, Base.RETURNED)


@dataclass(frozen=True, slots=True)
class Share:
    """A fraction of a base, and whether exactly the fraction is enough."""

    fraction: Fraction
    of: Base
    compare: Compare = Compare.AT_LEAST

    def needed(self, base: int) -> int:
        """Return the smallest whole number that meets the share of ``base``; decided with integers."""
        exact = self.fraction.numerator * base
        if self.compare is Compare.MORE_THAN:
            return exact // self.fraction.denominator + 1
        return -(-exact // self.fraction.denominator)

    def words(self) -> Sentence:
        """Return "at least 2/3 of all members"."""
        pattern = (
            N_("more than %(fraction)s of %(base)s")
            if self.compare is Compare.MORE_THAN
            else N_("at least %(fraction)s of %(base)s")
        )
        return Sentence(pattern, {"fraction": str(self.fraction), "base": Sentence(BASE_NAMES[self.of])})


@dataclass(frozen=True, slots=True)
class Quorum:
    """How many must take part, and who must be in the room.

    ``of`` members or members_entitled: those present, out of them. ``of`` present: the ballots returned, out of
    those present. ``of`` returned: the ballots returned, out of all members. ``roles`` holds one tuple per demand:
    a single role asks for everybody who holds it (both critics), alternatives ask for one of them (chair or vice).
    """

    share: Share
    roles: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Tier:
    """A prize and how many of it there are; ``quota`` None: for everybody left who passes."""

    name: str
    quota: int | None = None


@dataclass(frozen=True, slots=True)
class VoteRule:
    """One council's rule for deciding, as data. Frozen with the round; no percentages, only fractions."""

    key: str = ""
    title: str = ""
    source: str = ""
    method: Method = Method.THRESHOLD
    quorums: tuple[Quorum, ...] = ()
    share: Share | None = None
    min_yes: int | Share | None = None
    blank_is_valid: bool = False
    chair_casts: bool = False
    k: int | None = None
    k_since: int | None = None  # a symbolic number: the years since this one
    exactly: bool = False
    tie: Tie = Tie.RUNOFF
    points: tuple[int, ...] | None = None
    keep: int | None = None  # how many go on to the next round; without it the last leaves
    tiers: tuple[Tier, ...] = ()  # prizes, the highest first, filled by score and vote among those who pass
    proxies: int = 0  # votes by name one member may hold for absent ones
    void_removed: bool = False  # whether a vote falls when its member loses the seat before the count
    modes: tuple[Mode, ...] = (Mode.OPEN, Mode.PAPER)

    @property
    def is_ranked(self) -> bool:
        """Whether ballots rank the items."""
        return self.method in {Method.BORDA, Method.SCHULZE, Method.IRV}

    @property
    def is_listed(self) -> bool:
        """Whether all items stand on one ballot, against each other."""
        return self.method is not Method.THRESHOLD

    @property
    def picks(self) -> tuple[int, int | None]:
        """The fewest and the most names on a ballot that chooses from a list; None: any number."""
        if self.method is Method.PLURALITY_ROUNDS:
            return 1, 1
        return (self.k or 1) if self.exactly else 1, self.k

    @property
    def places(self) -> int:
        """How many a ranking chooses."""
        return 1 if self.k is None else self.k

    def for_year(self, year: int) -> "VoteRule":
        """Return the rule with its symbolic number worked out for a year; called when a round opens."""
        return self if self.k_since is None else replace(self, k=year - self.k_since)

    def as_document(self) -> dict[str, Any]:
        """Return the rule as plain JSON data; ``from_document`` is its inverse."""
        return {
            "key": self.key,
            "title": self.title,
            "source": self.source,
            "method": str(self.method),
            "quorum": [
                {
                    "fraction": _pair(quorum.share.fraction),
                    "of": str(quorum.share.of),
                    "compare": str(quorum.share.compare),
                    "roles": ["|".join(role) for role in quorum.roles],
                }
                for quorum in self.quorums
            ],
            "base": None if self.share is None else str(self.share.of),
            "threshold": None if self.share is None else _pair(self.share.fraction),
            "compare": None if self.share is None else str(self.share.compare),
            "min_yes": _min_yes_document(self.min_yes),
            "blank_is_valid": self.blank_is_valid,
            "chair_casts": self.chair_casts,
            "k": self.k,
            "k_since": self.k_since,
            "exactly": self.exactly,
            "tie": str(self.tie),
            "points": None if self.points is None else list(self.points),
            "keep": self.keep,
            "tiers": [{"name": tier.name, "quota": tier.quota} for tier in self.tiers],
            "proxies": self.proxies,
            "void_removed": self.void_removed,
            "modes": [str(mode) for mode in self.modes],
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "VoteRule":
        """Return the rule a document (JSON or TOML) describes; what is left out has its default.

        Raises:
            Invalid: a key is unknown or a value makes no sense; ``fields`` names each key and its remedy.
        """
        return _Reader(document).rule()

    def words(self) -> list[Sentence]:
        """Return the rule in sentences, as minutes print it."""
        said: list[Sentence] = []
        if self.share is not None:
            said.append(Sentence(N_("An item passes with %(share)s in favour."), {"share": self.share.words()}))
        if isinstance(self.min_yes, int):
            said.append(
                Sentence(N_("At least %(count)s votes in favour are needed in any case."), {"count": self.min_yes})
            )
        elif self.min_yes is not None:
            said.append(Sentence(N_("The votes in favour must also be %(share)s."), {"share": self.min_yes.words()}))
        said += _method_words(self)
        if self.tiers:
            said += [Sentence(N_("Prizes are filled from the highest down, by score and then by votes in favour:"))]
            said += [_tier_words(tier) for tier in self.tiers]
            said.append(Sentence(TIER_TIES[self.tie]))
        for quorum in self.quorums:
            said += _quorum_words(quorum)
        if self.chair_casts:
            said.append(Sentence(N_("When as many are for as against in an open vote, the chair's vote decides.")))
        if self.proxies:
            pattern = N_("In an open vote a member may vote for at most %(count)s absent members by proxy.")
            said.append(Sentence(pattern, {"count": self.proxies}))
        if self.void_removed:
            said.append(Sentence(N_("Who loses the seat before the count loses the vote given as well.")))
        return said


def _method_words(rule: VoteRule) -> list[Sentence]:
    """Return how ballots become an outcome, where they are more than yes or no on an item."""
    if rule.method is Method.CHOOSE and rule.k is not None:
        pattern = (
            N_("Each ballot names exactly %(k)s; %(k)s are chosen.")
            if rule.exactly
            else N_("Each ballot names at most %(k)s; at most %(k)s are chosen.")
        )
        return [Sentence(pattern, {"k": rule.k}), Sentence(TIE_NAMES[rule.tie])]
    if rule.method is Method.PLURALITY_ROUNDS:
        if rule.keep is None:
            going = Sentence(N_("Until one is chosen, whoever has the fewest votes leaves and all vote again."))
        else:
            going = Sentence(
                N_("Until one is chosen, the first %(keep)s go on and all vote again."), {"keep": rule.keep}
            )
        return [Sentence(N_("Each ballot names exactly one.")), going]
    if rule.is_ranked:
        places = Sentence(
            N_("Each ballot ranks the items, by %(method)s; the first %(k)s are chosen."),
            {"method": Sentence(METHOD_NAMES[rule.method]), "k": rule.places},
        )
        return [places, Sentence(TIE_NAMES[rule.tie])]
    return []


def _tier_words(tier: Tier) -> Sentence:
    if tier.quota is None:
        return Sentence(N_("%(name)s: everybody left who passes"), {"name": tier.name})
    return Sentence(N_("%(name)s: at most %(quota)s"), {"name": tier.name, "quota": tier.quota})


def _quorum_words(quorum: Quorum) -> list[Sentence]:
    participation = quorum.share.of in {Base.PRESENT, Base.RETURNED}
    of = Base.MEMBERS if quorum.share.of is Base.RETURNED else quorum.share.of
    share = Share(quorum.share.fraction, of, quorum.share.compare).words()
    pattern = (
        N_("The vote counts only if the ballots returned are %(share)s.")
        if participation
        else N_("The council can decide only when those present are %(share)s.")
    )
    said = [Sentence(pattern, {"share": share})]
    if quorum.roles:
        said.append(Sentence(N_("These must be present: %(roles)s."), {"roles": roles_words(quorum.roles)}))
    return said


COUNCIL_ROLES = {
    "chair": N_("the chair"),
    "vice": N_("the vice-chair"),
    "secretary": N_("the secretary of the council"),
    "critic": N_("the critics"),
    "member": N_("a member"),
}


def roles_words(roles: tuple[tuple[str, ...], ...]) -> Sentence:
    """Return a list of mandatory roles in words: "the chair or the vice-chair, the secretary"."""
    listed = [
        _joined(tuple(Sentence(COUNCIL_ROLES.get(name, name)) for name in each), N_("%(one)s or %(other)s"))
        for each in roles
    ]
    return _joined(tuple(listed), N_("%(one)s, %(other)s"))


def _joined(parts: tuple[Sentence, ...], pattern: str) -> Sentence:
    result = parts[0]
    for part in parts[1:]:
        result = Sentence(pattern, {"one": result, "other": part})
    return result


def _pair(fraction: Fraction) -> list[int]:
    return [fraction.numerator, fraction.denominator]


def _min_yes_document(min_yes: int | Share | None) -> Any:
    if isinstance(min_yes, Share):
        return {"fraction": _pair(min_yes.fraction), "of": str(min_yes.of), "compare": str(min_yes.compare)}
    return min_yes


class _Reader:
    """Reads one document and collects what is wrong with it, key by key."""

    KEYS = frozenset(VoteRule().as_document())

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.document = document
        self.problems: dict[str, list[Message]] = {}

    def rule(self) -> VoteRule:
        """Return the rule, or raise Invalid with every problem at once."""
        for key in sorted(set(self.document) - self.KEYS):
            self._problem(key, N_("“%(key)s” is not a key of a vote rule; remove it or correct its name."), key=key)
        rule = VoteRule(
            key=self._text("key"),
            title=self._text("title"),
            source=self._text("source"),
            method=self._choice(self.document, "method", Method, Method.THRESHOLD),
            quorums=self._quorums(),
            share=self._threshold(),
            min_yes=self._min_yes(),
            blank_is_valid=self._switch("blank_is_valid"),
            chair_casts=self._switch("chair_casts"),
            k=self._whole("k", 1),
            k_since=self._whole("k_since", 1),
            exactly=self._switch("exactly"),
            tie=self._choice(self.document, "tie", Tie, Tie.RUNOFF),
            points=self._points(),
            keep=self._whole("keep", 2),
            tiers=self._tiers(),
            proxies=self._whole("proxies", 0) or 0,
            void_removed=self._switch("void_removed"),
            modes=self._modes(),
        )
        if rule.method is Method.THRESHOLD and rule.share is None:
            self._problem("threshold", N_("A threshold is missing; write it as a fraction, such as [2, 3]."))
        if rule.method is Method.CHOOSE and rule.k is None and rule.k_since is None:
            self._problem("k", N_("Say how many are to be chosen: k, or k_since for the years since a given one."))
        if rule.tiers and (rule.method is not Method.THRESHOLD or rule.tie is Tie.LOT):
            self._problem("tiers", N_("Prizes need yes or no on each item, and a tie other than the lot."))
        if self.problems:
            raise Invalid(N_("The vote rule cannot be read; see the keys named."), fields=self.problems)
        return rule

    def _problem(self, at: str, message: str, **values: Any) -> None:
        self.problems.setdefault(at, []).append(Sentence(message, values))

    def _text(self, key: str) -> str:
        value = self.document.get(key) or ""
        if isinstance(value, str):
            return value
        self._problem(key, N_("This must be a text in quotation marks."))
        return ""

    def _switch(self, key: str) -> bool:
        value = self.document.get(key)
        if value is not None and not isinstance(value, bool):
            self._problem(key, N_("This must be true or false."))
        return value is True

    def _whole(self, key: str, least: int) -> int | None:
        value = self.document.get(key)
        if value is None or (_is_int(value) and value >= least):
            return value
        self._problem(key, N_("This must be a whole number from %(least)s."), least=least)
        return None

    def _choice(self, where: Mapping[str, Any], key: str, kind: type[Kind], default: Kind, at: str = "") -> Kind:
        value = where.get(key)
        if value is None:
            return default
        try:
            return kind(value)
        except ValueError:
            self._problem(
                at or key,
                N_("“%(value)s” is not known here; use one of: %(known)s."),
                value=str(value),
                known=", ".join(kind),
            )
            return default

    def _fraction(self, value: Any, at: str) -> Fraction:
        if isinstance(value, (list, tuple)) and len(value) == 2 and all(_is_int(part) for part in value):
            numerator, denominator = value
            if 0 < numerator <= denominator:
                return Fraction(numerator, denominator)
        self._problem(
            at,
            N_("Write a fraction above 0 and up to 1 as two whole numbers, such as [2, 3]; percentages are not taken."),
        )
        return Fraction(1)

    def _share(self, value: Mapping[str, Any], at: str) -> Share:
        for key in sorted(set(value) - {"fraction", "of", "compare", "roles"}):
            self._problem(at, N_("“%(key)s” is not a key of a vote rule; remove it or correct its name."), key=key)
        return Share(
            self._fraction(value.get("fraction"), f"{at}.fraction"),
            self._choice(value, "of", Base, Base.MEMBERS, f"{at}.of"),
            self._choice(value, "compare", Compare, Compare.AT_LEAST, f"{at}.compare"),
        )

    def _threshold(self) -> Share | None:
        if self.document.get("threshold") is None:
            return None
        return Share(
            self._fraction(self.document["threshold"], "threshold"),
            self._choice(self.document, "base", Base, Base.MEMBERS),
            self._choice(self.document, "compare", Compare, Compare.AT_LEAST),
        )

    def _min_yes(self) -> int | Share | None:
        value = self.document.get("min_yes")
        return self._share(value, "min_yes") if isinstance(value, Mapping) else self._whole("min_yes", 0)

    def _quorums(self) -> tuple[Quorum, ...]:
        value = self.document.get("quorum")
        listed = [] if value is None else value if isinstance(value, list) else [value]
        if not all(isinstance(each, Mapping) for each in listed):
            self._problem(
                "quorum", N_("A quorum is written as its fraction, what it is of, and the roles that must be present.")
            )
            return ()
        return tuple(self._quorum(each) for each in listed)

    def _quorum(self, value: Mapping[str, Any]) -> Quorum:
        share = self._share(value, "quorum")
        roles = value.get("roles") or []
        if share.of not in QUORUM_BASES:
            self._problem(
                "quorum.of",
                N_("“%(value)s” is not known here; use one of: %(known)s."),
                value=str(share.of),
                known=", ".join(QUORUM_BASES),
            )
        if not isinstance(roles, list) or not all(isinstance(role, str) and role for role in roles):
            self._problem("quorum.roles", N_("Roles are a list of names, alternatives parted by “|”."))
            return Quorum(share)
        return Quorum(share, tuple(tuple(part.strip() for part in role.split("|")) for role in roles))

    def _points(self) -> tuple[int, ...] | None:
        value = self.document.get("points")
        if value is None:
            return None
        if (
            isinstance(value, list)
            and value
            and all(_is_int(each) and each >= 0 for each in value)
            and value == sorted(value, reverse=True)
        ):
            return tuple(value)
        self._problem(
            "points", N_("Points are whole numbers from the first place down, none larger than the one before.")
        )
        return None

    def _tiers(self) -> tuple[Tier, ...]:
        value = self.document.get("tiers") or []
        if not isinstance(value, list) or not all(isinstance(each, Mapping) for each in value):
            self._problem("tiers", N_("Each prize has its name, and its quota unless it is for everybody left."))
            return ()
        found = tuple(Tier(str(each.get("name") or ""), each.get("quota")) for each in value)
        quotas = [tier.quota for tier in found]
        names = {tier.name for tier in found}
        if "" in names or len(names) < len(found) or any(set(each) - {"name", "quota"} for each in value):
            self._problem("tiers", N_("Each prize has its name, and its quota unless it is for everybody left."))
        limited = quotas[:-1] if quotas and quotas[-1] is None else quotas
        if not all(_is_int(quota) and quota is not None and quota > 0 for quota in limited):
            self._problem("tiers", N_("A quota is a whole number from 1; only the last prize may go without."))
            return ()
        return found

    def _modes(self) -> tuple[Mode, ...]:
        value = self.document.get("modes")
        if value is None:
            return (Mode.OPEN, Mode.PAPER)
        if isinstance(value, list) and value and set(value) <= set(Mode):
            return tuple(Mode(each) for each in value)
        self._problem(
            "modes",
            N_("“%(value)s” is not known here; use one of: %(known)s."),
            value=str(value),
            known=", ".join(Mode),
        )
        return ()


def _is_int(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def from_document(document: Mapping[str, Any]) -> VoteRule:
    """Return the rule a document describes; see ``VoteRule.from_document``."""
    return VoteRule.from_document(document)
