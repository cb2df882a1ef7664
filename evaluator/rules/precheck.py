"""Whether a text tells who wrote it: names, units, places, telephone numbers and addresses, however spelt.

Marks, tone placement and case do not count; a name in small letters is a word, not a name ("sáng kiến" of
Mr Sáng), so persons and places must stand with capitals.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from evaluator.core.text import N_
from evaluator.rules.vietnamese import nfc, search_fold, split_name, words

MASK = "[…]"
_LEAST_UNIT = 6  # letters: shorter names of units are ordinary words


class Trace(StrEnum):
    """What gives an author away."""

    PERSON = "person"
    UNIT = "unit"
    PLACE = "place"
    PHONE = "phone"
    EMAIL = "email"


TRACE_NAMES = {
    Trace.PERSON: N_("a person's name"),
    Trace.UNIT: N_("a unit"),
    Trace.PLACE: N_("a place"),
    Trace.PHONE: N_("a telephone number"),
    Trace.EMAIL: N_("an e-mail address"),
}


@dataclass(frozen=True, slots=True)
class Hit:
    """One trace in a text: where it begins and ends, as it is written there."""

    start: int
    end: int
    text: str
    trace: Trace


@dataclass(frozen=True, slots=True)
class Needles:
    """What is looked for; made once per dossier."""

    people: re.Pattern[str] | None
    units: re.Pattern[str] | None
    places: re.Pattern[str] | None


_ADDRESSED = (
    r"(?:thay giao|co giao|thay|co|ong|ba|anh|chi|em|bac|dong chi|d\W?c|bac si|ki su|ks|ths|ts|pgs|gs|nha giao)[\s.]+"
)
_PHONE = re.compile(r"(?<![\d+])(?:\+84|84|0)(?:[\s.\-]?\d){8,10}(?!\d)")
_EMAIL = re.compile(r"[\w.+-]+\s?@\s?[\w-]+(?:\.[\w-]+)+")
_PLACE = re.compile(r"\b(?:tinh|thanh pho|thi xa|huyen|quan|phuong|xa|thi tran)\s+([^,;()]+)")

# How offices shorten the beginnings of units, folded; each way of writing is looked for.
_SHORT_FORMS = (
    ("uy ban nhan dan", ("ubnd",)),
    ("uy ban mttq viet nam", ("ub mttq", "mttq", "mat tran to quoc", "uy ban mttq", "ubmttq")),
    ("lien doan lao dong", ("ldld",)),
    ("hoi lien hiep phu nu", ("hoi lhpn", "hoi phu nu")),
    ("truong tieu hoc", ("th", "truong th", "tieu hoc")),
    ("truong thcs", ("thcs", "truong trung hoc co so")),
    ("truong thpt", ("thpt", "truong trung hoc pho thong")),
    ("truong mam non", ("mn", "mam non", "truong mn")),
    ("phong giao duc va dao tao", ("pgd dt", "phong gd dt")),
    ("trung tam i te", ("ttit", "tt i te", "ttyt")),
    ("benh vien da khoa", ("bvdk",)),
    ("hop tac xa", ("htx",)),
    ("cong ti co phan", ("cti cp", "ctcp", "cong ti cp")),
    ("cong ti tnhh", ("cti tnhh",)),
)


def needles(people: Iterable[str], units: Iterable[str]) -> Needles:
    """Return what gives these authors and units away: full and short names, forms of address, places."""
    names, places, bodies = set(), set(), set()
    for person in people:
        names |= _names_of(person)
    for unit in units:
        bodies |= _ways_to_write(unit)
        places |= {_joined(found[1]) for found in _PLACE.finditer(search_fold(nfc(unit)))}
    return Needles(_any_of(names), _any_of(bodies), _any_of({place for place in places if place}))


def find(text: str, wanted: Needles) -> list[Hit]:
    """Return the traces in a text, from left to right, none inside another."""
    written = nfc(text)
    folded = search_fold(written)
    found: list[Hit] = []
    for pattern, trace in ((wanted.units, Trace.UNIT), (wanted.people, Trace.PERSON), (wanted.places, Trace.PLACE)):
        if pattern is not None:
            found += [
                Hit(*each.span(), written[slice(*each.span())], trace)
                for each in pattern.finditer(folded)
                if trace is Trace.UNIT or _has_capitals(written[slice(*each.span())])
            ]
    found += [Hit(*each.span(), each[0], Trace.PHONE) for each in _PHONE.finditer(written)]
    found += [Hit(*each.span(), each[0], Trace.EMAIL) for each in _EMAIL.finditer(written)]
    return _outermost(found)


def masked(text: str, hits: Sequence[Hit]) -> str:
    """Return the text with each trace replaced by ``MASK``; the hits are those of ``find`` on the same text."""
    written = nfc(text)
    for hit in reversed(hits):
        written = written[: hit.start] + MASK + written[hit.end :]
    return written


def _names_of(person: str) -> set[str]:
    family, middle, given = (search_fold(part) for part in split_name(person))
    if not family:
        return set()
    full = _joined(f"{family} {middle} {given}")
    last_two = _joined(f"{middle.split()[-1]} {given}") if middle else full
    return {full, last_two, _ADDRESSED + re.escape(given)}


def _ways_to_write(unit: str) -> set[str]:
    folded = " ".join(words(search_fold(nfc(unit).split("(")[0])))
    if len(folded) < _LEAST_UNIT:
        return set()
    ways = {folded}
    head = " ".join(words(search_fold(nfc(unit).split(",")[0].split("(")[0])))
    if len(head.split()) > 3:
        ways.add(head)
    for way in tuple(ways):
        for long, shorts in _SHORT_FORMS:
            if way.startswith(long + " "):
                ways |= {f"{short} {way.removeprefix(long + ' ')}" for short in shorts}
    return {_joined(way) for way in ways}


def _joined(phrase: str) -> str:
    """Return a pattern of the words with anything but letters between them."""
    return r"[\W_]{1,3}".join(re.escape(word) for word in words(phrase))


def _any_of(phrases: Iterable[str]) -> re.Pattern[str] | None:
    longest_first = sorted({phrase for phrase in phrases if phrase}, key=lambda phrase: (-len(phrase), phrase))
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(longest_first)})(?![^\W_])") if longest_first else None


def _has_capitals(written: str) -> bool:
    """Return whether the last word of a find begins with a capital: a name, not a word."""
    return words(written)[-1][:1].isupper()


def _outermost(found: Sequence[Hit]) -> list[Hit]:
    kept: list[Hit] = []
    for hit in sorted(found, key=lambda each: (each.start, -each.end)):
        if not kept or hit.start >= kept[-1].end:
            kept.append(hit)
    return kept
