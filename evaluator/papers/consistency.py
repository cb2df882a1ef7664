"""Whether the papers of a result say the same: read back out of the files that are handed out, not out of our data.

Names, titles, order, units, votes and numbers are looked for in every paper as they are in the register and the data;
whatever a form of an office's own adds or leaves out is seen, because the file itself is read.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from evaluator.core.text import N_, Sentence
from evaluator.papers.layout import NUMBER_TO_COME
from evaluator.papers.reading import BETWEEN, lines_of
from evaluator.papers.works import Work

CITED = re.compile(r"(?<![\w/])\d+/(?:\d{4}/)?[A-ZĐ][A-Za-zĐđ]{0,4}-[\wĐđ-]+(?:/\d{4})?")  # 45/QĐ-MTTQ-BTT


@dataclass(frozen=True, slots=True)
class Wanted:
    """What one paper has to say. ``works`` are looked for in this order, each with the parts named in ``parts``."""

    name: str  # how people call the paper
    content: bytes
    number: str = ""  # empty: awaiting
    works: tuple[Work, ...] = ()
    parts: frozenset[str] = frozenset()  # of authors, shares, unit, votes
    absent: tuple[str, ...] = ()  # titles that must not stand in it
    cites: frozenset[str] = frozenset()  # numbers it may name besides its own


@dataclass(frozen=True, slots=True)
class Deviation:
    """One thing in which a paper differs from the set."""

    paper: str
    what: Sentence


def deviations(wanted: Wanted) -> list[Deviation]:
    """Return everything in which a paper says something else than the set."""
    lines = lines_of(wanted.content)
    return [
        Deviation(wanted.name, what)
        for what in (*_number(wanted, lines), *_works(wanted, lines), *_absent(wanted, lines))
    ]


def _number(wanted: Wanted, lines: list[str]) -> Iterator[Sentence]:
    text = "\n".join(lines)
    own = wanted.number or NUMBER_TO_COME
    if own not in text:
        yield Sentence(N_("The paper does not bear its number %(number)s."), {"number": own})
    known = wanted.cites | {wanted.number}
    for number in dict.fromkeys(CITED.findall(text)):
        if number not in known:
            yield Sentence(
                N_("The paper names the number %(number)s, which is neither its own nor that of a paper it cites."),
                {"number": number},
            )


def _works(wanted: Wanted, lines: list[str]) -> Iterator[Sentence]:
    """Look for each work after the one before it, and for its parts until the next one begins."""
    places = _places(lines, wanted.works)
    before = -1
    for work, place in zip(wanted.works, places, strict=True):
        if place is None:
            yield Sentence(N_("“%(title)s” (%(code)s) is missing or is written otherwise."), _who(work))
            continue
        if place < before:
            yield Sentence(N_("“%(title)s” (%(code)s) does not stand in its place in the order."), _who(work))
        before = max(before, place)
        following = min((other for other in places if other is not None and other > place), default=len(lines))
        yield from _parts(wanted, work, _near(lines, place, following))


def _places(lines: list[str], works: tuple[Work, ...]) -> list[int | None]:
    """Return in which line each work stands; of several, and of works that share a title, the one with its code."""
    found: list[int | None] = []
    before = 0
    for work in works:
        title = " ".join(work.title.split())
        bearing = [number for number, line in enumerate(lines) if title in line]
        coded = [number for number in bearing if work.code in lines[number]] or bearing
        place = next((number for number in coded if number >= before), coded[0] if coded else None)
        before = before if place is None else max(before, place)
        found.append(place)
    return found


def _near(lines: list[str], place: int, following: int) -> str:
    """Return what is said of a work: the row it stands in, or the lines around it."""
    if BETWEEN in lines[place]:
        return lines[place]
    return "\n".join(lines[max(0, place - 8) : following])


def _parts(wanted: Wanted, work: Work, near: str) -> Iterator[Sentence]:
    expected: dict[str, tuple[str, ...]] = {
        "authors": tuple(author.name for author in work.authors),
        "shares": tuple(author.with_share for author in work.authors),
        "unit": (work.unit,),
        "votes": (work.votes,),
    }
    for part in sorted(wanted.parts):
        for text in expected[part]:
            if text and " ".join(text.split()) not in near:
                yield Sentence(
                    N_("With “%(title)s” (%(code)s) stands something else than “%(text)s”."),
                    _who(work) | {"text": text},
                )


def _absent(wanted: Wanted, lines: list[str]) -> Iterator[Sentence]:
    text = "\n".join(lines)
    for title in wanted.absent:
        if " ".join(title.split()) in text:
            yield Sentence(N_("“%(title)s” was not selected and stands in the paper."), {"title": title})


def _who(work: Work) -> dict[str, str]:
    return {"title": work.title, "code": work.code}
