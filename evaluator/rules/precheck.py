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
_LEAST_NUMBER = 8  # digits of a telephone number without its prefix
_EVERYBODYS = {"viet nam"}


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
    """What is looked for; made once per dossier. Short names and places must stand with capitals."""

    people: re.Pattern[str] | None
    names: re.Pattern[str] | None
    units: re.Pattern[str] | None
    places: re.Pattern[str] | None
    contacts: re.Pattern[str] | None


_ADDRESSED = (
    r"(?:thay giao|co giao|thay|co|ong|ba|anh|chi|em|bac|dong chi|d\W?c|bac si|ki su|ks|ths|ts|pgs|gs|nha giao)[\s.]+"
)
_PHONE = re.compile(
    r"(?<![\d+])(?<!\d[,.])(?!84(?:\.\d{3})+(?![\d.]))(?:\+84|84|0)(?:[\s.()–-]{0,2}\d){8,10}(?!\d|[,.]\d)"
)
_EMAIL = re.compile(r"[\w.+-]+\s?(?:@|[(\[](?:at|a còng)[)\]])\s?[\w-]+(?:\.[\w-]+)+")
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


def needles(people: Iterable[str], units: Iterable[str], contacts: Iterable[str] = ()) -> Needles:
    """Return what gives these authors and units away: full and short names, forms of address, places, contacts."""
    full, names, places, bodies = set(), set(), set(), set()
    for person in people:
        full |= _full_names_of(person)
        names |= _short_names_of(person)
    for unit in units:
        bodies |= _ways_to_write(unit)
        places |= _own_names_of(unit)
    known = {_contact(each) for each in contacts}
    return Needles(_any_of(full), _any_of(names), _any_of(bodies), _any_of(places), _any_of(known))


def find(text: str, wanted: Needles, *, is_prose: bool = True) -> list[Hit]:
    """Return the traces in a text, from left to right, none inside another.

    What is not prose (numbers in cells, names inside a file) holds only telephone numbers that are known.
    """
    written = nfc(text)
    folded = search_fold(written)
    found: list[Hit] = []
    for pattern, trace, needs_capitals in (
        (wanted.units, Trace.UNIT, False),
        (wanted.people, Trace.PERSON, False),
        (wanted.names, Trace.PERSON, True),
        (wanted.places, Trace.PLACE, True),
        (wanted.contacts, Trace.PHONE, False),
    ):
        if pattern is not None:
            found += [
                Hit(*each.span(), written[slice(*each.span())], Trace.EMAIL if "@" in each[0] else trace)
                for each in pattern.finditer(folded)
                if not needs_capitals or _has_capitals(written[slice(*each.span())])
            ]
    if is_prose:
        found += [Hit(*each.span(), each[0], Trace.PHONE) for each in _PHONE.finditer(written)]
    found += [Hit(*each.span(), each[0], Trace.EMAIL) for each in _EMAIL.finditer(written)]
    return _outermost(found)


def masked(text: str, hits: Sequence[Hit]) -> str:
    """Return the text with each trace replaced by ``MASK``; the hits are those of ``find`` on the same text."""
    written = nfc(text)
    for hit in reversed(hits):
        written = written[: hit.start] + MASK + written[hit.end :]
    return written


def _full_names_of(person: str) -> set[str]:
    """Return the whole name in either order, also written as one word: nobody says it by chance."""
    family, middle, given = (search_fold(part) for part in split_name(person))
    if not middle:
        return set()
    return {_joined(name, least=0) for name in (f"{family} {middle} {given}", f"{given} {family} {middle}")}


def _short_names_of(person: str) -> set[str]:
    """Return what else somebody is called: the last two words, with a form of address, with initials."""
    family, middle, given = (search_fold(part) for part in split_name(person))
    if not family:
        return set()
    first = [family, *middle.split()]
    last_two = _joined(f"{first[-1]} {given}")
    initials = r"[\W_]{0,2}".join(re.escape(word[0]) for word in first)
    return {
        _joined(f"{family} {middle} {given}"),
        last_two,
        _ADDRESSED + re.escape(given),
        rf"{initials}[\W_]{{1,2}}{re.escape(given)}",
        rf"{re.escape(given)}[\W_]{{1,2}}{initials}",
    }


def _contact(written: str) -> str:
    """Return the pattern of a telephone number, however it is grouped, or of an address."""
    digits = "".join(filter(str.isdigit, written))
    if "@" in written:
        local, _at, domain = search_fold(nfc(written)).strip().partition("@")
        return rf"{re.escape(local)}\s?@\s?{re.escape(domain)}" if local and domain else ""
    own = digits.removeprefix("84").lstrip("0")
    return r"(?:\+?84|0)?[\W_]{0,3}" + r"[\W_]{0,3}".join(own) if len(own) >= _LEAST_NUMBER else ""


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


def _own_names_of(unit: str) -> set[str]:
    """Return what a unit is called besides its kind: "Quảng Cát" of a school, "Hà Trung" of a district."""
    folded = search_fold(nfc(unit))
    own = {found[1] for found in _PLACE.finditer(folded)}
    head = " ".join(words(folded.split(",")[0].split("(")[0]))
    for long, shorts in _SHORT_FORMS:
        for kind in (long, *shorts):
            name = head.removeprefix(f"{kind} ")
            if name != head and len(name.split()) > 1 and not _PLACE.match(name):
                own.add(name)
    return {_joined(name) for name in own - _EVERYBODYS}


def _joined(phrase: str, *, least: int = 1) -> str:
    """Return a pattern of the words with anything but letters between them."""
    return rf"[\W_]{{{least},3}}".join(re.escape(word) for word in words(phrase))


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
