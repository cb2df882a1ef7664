"""The sealed ballot as pure data: what is sealed, how it is read again, in which order, and what is hashed.

The design is ``docs/ballot.md``. Nothing here encrypts: sealing happens in the browser, opening in ``evaluator.opener``.
The browser and the opener hold their own copies of these few lines; golden values in the tests keep the three equal.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from evaluator.core.text import N_
from evaluator.rules.evidence import canonical, digest
from evaluator.rules.vote_rule import Method, VoteRule

SUITE = "DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-128-GCM"  # RFC 9180, base mode
ENCAPSULATED, TAG = 65, 16  # bytes that a lock adds: the key of the sender, and the tag
STEP = 256  # plaintexts are padded to a multiple of this
FEWEST, FEW = 3, 5  # below three entitled a secret vote keeps no secret; below five it says so
PUBLISHED_FROM = 20  # fewer ballots are never shown one by one
COMPLAINTS = timedelta(days=15)  # afterwards envelopes and keys are destroyed
CAST, LIST, STRIP, RECEIPT = "cv1.cast", "cv1.list", "cv1.strip", "cv1.receipt"
DESTROYED = "cv1.destroyed"
THE_LIST = 0  # the part of a vote that has one paper for all its items


class Kind(StrEnum):
    """What a part asks."""

    YES_NO = "yes-no"
    CHOOSE = "choose"
    RANK = "rank"


class Publication(StrEnum):
    """What is shown of the opened ballots."""

    TOTALS = "totals"
    BALLOTS = "ballots"
    TRACKED = "tracked"


class Layer(StrEnum):
    """The lock on the outer and the one on the inner envelope; a vote with one lock has the outer alone."""

    OUTER = "A"
    INNER = "B"


class Flaw(StrEnum):
    """Why an opened ballot does not count."""

    LOCKED = "locked"
    LENGTH = "length"
    FORM = "form"
    OTHER_VOTE = "other-vote"
    CHOICE = "choice"
    TOO_MANY = "too-many"
    TOO_FEW = "too-few"
    PAPER = "paper"


PUBLICATION_NAMES = {
    Publication.TOTALS: N_("Totals only"),
    Publication.BALLOTS: N_("Totals, and the ballots without names when at least 20 were cast"),
    Publication.TRACKED: N_("Totals, and each ballot beside the words its member was given"),
}
FLAW_NAMES = {
    Flaw.LOCKED: N_("sealed with another key"),
    Flaw.LENGTH: N_("of a wrong length"),
    Flaw.FORM: N_("not in the form of a ballot"),
    Flaw.OTHER_VOTE: N_("made for another vote or item"),
    Flaw.CHOICE: N_("names something that is not on the ballot"),
    Flaw.TOO_MANY: N_("more picks than allowed"),
    Flaw.TOO_FEW: N_("fewer picks than asked"),
    Flaw.PAPER: N_("paper not valid"),
}


class Flawed(ValueError):
    """A ballot cannot be counted; ``flaw`` says why."""

    def __init__(self, flaw: Flaw) -> None:
        super().__init__(str(flaw))
        self.flaw = flaw


@dataclass(frozen=True, slots=True)
class Part:
    """One envelope of a vote: a question on one item (its number), or one list (number 0)."""

    number: int
    kind: Kind
    options: tuple[int, ...]
    k: int | None = None
    exactly: bool = False

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "Part":
        """Return what ``as_document`` wrote."""
        return cls(
            document["part"], Kind(document["kind"]), tuple(document["options"]), document["k"], document["exactly"]
        )

    def as_document(self) -> dict[str, Any]:
        """Return the part as it stands in a definition."""
        return {
            "part": self.number,
            "kind": str(self.kind),
            "options": list(self.options),
            "k": self.k,
            "exactly": self.exactly,
        }


def parts_of(rule: VoteRule, items: Sequence[int]) -> list[Part]:
    """Return what is sealed: each item its own envelope, so that nobody's votes can be put together again.

    A choice from a list or a ranking is one decision over all items and has one envelope.
    """
    if rule.method is Method.THRESHOLD:
        return [Part(item, Kind.YES_NO, (item,)) for item in items]
    if rule.method is Method.CHOOSE:
        return [Part(THE_LIST, Kind.CHOOSE, tuple(items), rule.k, rule.exactly)]
    if rule.method is Method.PLURALITY_ROUNDS:
        return [Part(THE_LIST, Kind.CHOOSE, tuple(items), 1)]
    return [Part(THE_LIST, Kind.RANK, tuple(items))]


def needs_ballots(rule: VoteRule) -> bool:
    """Whether a count can be redone only from the ballots themselves; of other rankings the pairs are enough."""
    return rule.method is Method.IRV or (rule.method is Method.BORDA and rule.points is not None)


# --- one ballot ---------------------------------------------------------------------------------


def info(layer: Layer, poll_hash: str, part: int) -> bytes:
    """Return what a lock is bound to: an envelope moved to another vote, item or layer does not open."""
    return f"cv1.seal\0{layer}\0{poll_hash}\0{part}".encode()


def written(poll_hash: str, part: int, choice: Any, *, pad: int, tracker: str | None = None) -> bytes:
    """Return one filled-in ballot of ``pad`` bytes; every ballot of a vote is as long as every other.

    Raises:
        ValueError: it does not fit.
    """
    content: dict[str, Any] = {"v": 1, "poll": poll_hash, "part": part, "choice": choice}
    if tracker is not None:
        content["tracker"] = tracker
    plain = canonical(content)
    if len(plain) > pad:
        msg = f"a ballot of {len(plain)} bytes does not fit into {pad}"
        raise ValueError(msg)
    return plain.ljust(pad, b"\0")


def read(plain: bytes, *, poll_hash: str, part: Part, pad: int, tracked: bool = False) -> tuple[Any, str]:
    """Return the choice on an opened ballot and its tracker (empty without one); there is one way to write each.

    Raises:
        Flawed: it is of another length, form or vote, or its choice is none.
    """
    if len(plain) != pad:
        raise Flawed(Flaw.LENGTH)
    content = _parsed(plain)
    keys = {"v", "poll", "part", "choice"} | ({"tracker"} if tracked else set())
    if set(content) != keys or content["v"] != 1 or isinstance(content["v"], bool):
        raise Flawed(Flaw.FORM)
    tracker = content.get("tracker", "")
    if not isinstance(tracker, str) or (tracked and not 0 < len(tracker) <= 64):
        raise Flawed(Flaw.FORM)
    if content["poll"] != poll_hash or content["part"] != part.number or isinstance(content["part"], bool):
        raise Flawed(Flaw.OTHER_VOTE)
    check_choice(content["choice"], part)
    return content["choice"], tracker


def _parsed(plain: bytes) -> dict[str, Any]:
    """Return the object that stands before the padding, if it is written in the canonical form."""
    try:
        content = json.loads(plain.rstrip(b"\0"))
        if isinstance(content, dict) and canonical(content).ljust(len(plain), b"\0") == plain:
            return content
    except (ValueError, TypeError, RecursionError):
        pass
    raise Flawed(Flaw.FORM)


def check_choice(choice: Any, part: Part) -> None:
    """Refuse what is no choice on a part; an empty list is a blank ballot.

    Raises:
        Flawed: it names what is not on it or names it twice, or picks too many or too few.
    """
    if part.kind is Kind.YES_NO:
        if choice not in ("yes", "no", "abstain"):
            raise Flawed(Flaw.CHOICE)
    elif part.kind is Kind.CHOOSE:
        _check_named(choice, part)
        if choice != sorted(choice):
            raise Flawed(Flaw.FORM)
        if part.k is not None and len(choice) > part.k:
            raise Flawed(Flaw.TOO_MANY)
        if part.exactly and choice and len(choice) < min(part.k or 0, len(part.options)):
            raise Flawed(Flaw.TOO_FEW)
    else:
        if not isinstance(choice, list) or not all(isinstance(group, list) and group for group in choice):
            raise Flawed(Flaw.CHOICE)
        if any(group != sorted(group) for group in choice if all(_is_whole(each) for each in group)):
            raise Flawed(Flaw.FORM)
        _check_named([each for group in choice for each in group], part)


def _check_named(named: Any, part: Part) -> None:
    if not isinstance(named, list) or not all(_is_whole(each) and each in part.options for each in named):
        raise Flawed(Flaw.CHOICE)
    if len(set(named)) < len(named):
        raise Flawed(Flaw.CHOICE)


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def pad_for(parts: Iterable[Part], *, tracked: bool) -> int:
    """Return the length that holds the longest ballot of a vote, the same for all of its parts."""
    longest = 0
    for part in parts:
        choice: Any = "abstain"
        if part.kind is Kind.CHOOSE:
            choice = list(part.options)
        elif part.kind is Kind.RANK:
            choice = [[option] for option in part.options]
        content = {"v": 1, "poll": "0" * 64, "part": part.number, "choice": choice}
        longest = max(longest, len(canonical(content | ({"tracker": "w" * 64} if tracked else {}))))
    return -(-longest // STEP) * STEP


def sealed_length(pad: int, layers: int) -> int:
    """Return how long every sealed ballot of a vote is, in bytes."""
    return pad + layers * (ENCAPSULATED + TAG)


# --- hashes -------------------------------------------------------------------------------------


def hash_of(sealed: bytes) -> str:
    """Return the SHA-256 of an envelope, hexadecimal."""
    return hashlib.sha256(sealed).hexdigest()


def commitment(nonce: str, hashes: Iterable[str]) -> str:
    """Return what the ledger says of one member's envelopes: it shows neither whose nor which they are."""
    return digest(CAST, [nonce, sorted(hashes)])


def list_hash(hashes: Iterable[str], salt: str = "") -> str:
    """Return the hash of a list in canonical order.

    Opened ballots can be guessed; where they are not published their list is salted with what only holders of the
    key can work out.
    """
    return digest(LIST, [salt, sorted(hashes)])


def canonical_order(envelopes: Iterable[bytes]) -> list[bytes]:
    """Return envelopes by their hash: inner envelopes look random, so this order is a shuffle everybody agrees on."""
    return sorted(envelopes, key=hash_of)


def fingerprint(public_key: str) -> str:
    """Return the short form of a public key that people compare aloud: six groups of four."""
    short = hashlib.sha256(bytes.fromhex(public_key)).hexdigest()[:24]
    return " ".join(short[place : place + 4] for place in range(0, 24, 4))
