"""The book as a PDF worth printing: 16 × 24 cm, made to PDF/UA-1 by a compiler that enforces it."""

import math
from pathlib import Path
from typing import Any

from evaluator.compendium import indexes
from evaluator.compendium.edition import Contributor, Edition, Entry, Share
from evaluator.compendium.words import WORDS, paragraphs, roman
from evaluator.papers.press import print_pdf
from evaluator.rules.vietnamese import money, number

TEMPLATE = Path(__file__).with_name("book.typ")
RUNNING_LENGTH = 66  # letters of a title that fit into one running line

# For the estimate of an entry's height: points of the template, letters and lines in em of its serif face.
TYPE_SIZES = (11.0, 10.6, 10.2, 9.8, 9.5)
PAGE_HEIGHT = 558
COLUMN_WIDTH = 252
LETTER_WIDTH = 0.425
LINE_HEIGHT = 1.37


def build(edition: Edition) -> bytes:
    """Return the book as PDF, the same bytes for the same edition."""
    return print_pdf(TEMPLATE, _data(edition))


def _data(edition: Edition) -> dict[str, Any]:
    figures = edition.figures
    steps = [(key, getattr(figures, key)) for key in ("received", "accepted", "scored", "recognised")]
    return {
        "words": WORDS,
        "title": edition.title,
        "subtitle": edition.subtitle,
        "year": edition.year,
        "unit": edition.unit,
        "parent": edition.parent,
        "council": edition.council,
        "keywords": list(edition.fields),
        "publication": [list(line) for line in edition.publication],
        "announcement": edition.announcement,
        "boards": [{"name": board.name, "seats": [_seat(seat) for seat in board.seats]} for board in edition.boards],
        "preface": paragraphs(edition.preface),
        "preface_by": edition.preface_by and _seat(edition.preface_by),
        "figures": {
            "steps": [{"name": WORDS[key], "count": number(count)} for key, count in steps],
            "by_field": [_share(share) for share in figures.by_field],
            "by_unit": [_share(share) for share in figures.by_unit],
        },
        "parts": [
            {
                "id": f"part-{part.place}",
                "kicker": f"{WORDS['part']} {roman(part.place)}",
                "name": part.field,
                "count": f"{len(part.entries)} {WORDS['works_count']}",
                "entries": [_entry(entry) for entry in part.entries],
            }
            for part in indexes.parts(edition)
        ],
        "works": [
            {
                "place": str(place),
                "title": work.title,
                "authors": ", ".join(work.authors),
                "unit": work.unit,
                "entry": work.entry,
            }
            for place, work in enumerate(edition.works, 1)
        ],
        "authors": [
            {"letter": group.letter, "rows": [_name(line) for line in group.lines]}
            for group in indexes.authors(edition)
        ],
        "units": [
            {"letter": group.letter, "rows": [{"name": line.name, "entries": line.entries} for line in group.lines]}
            for group in indexes.units(edition)
        ],
        "colophon": f"{edition.place}, {edition.year}",
    }


def _seat(seat: Any) -> dict[str, str]:
    return {"name": seat.name, "office": seat.office, "post": seat.post}


def _share(share: Share) -> dict[str, Any]:
    return {"name": share.name, "received": share.received, "recognised": share.recognised}


def _name(line: indexes.IndexLine) -> dict[str, Any]:
    """Return a name with the part it is ordered by set apart, where that part stands last."""
    given = indexes.given_name(line.name)
    if not line.name.endswith(f" {given}"):
        given = line.name
    return {"family": line.name[: -len(given)].strip(), "given": given, "entries": line.entries}


def _entry(entry: Entry) -> dict[str, Any]:
    return {
        "number": entry.number,
        "number_text": f"{entry.number:03d}",
        "title": entry.title,
        "running": shortened(entry.title),
        "type_size": type_size(entry),
        "authors": [{"name": author.name, "detail": _detail(author, entry.unit)} for author in entry.authors],
        "unit": entry.unit,
        "sections": [
            {"heading": section.heading, "paragraphs": paragraphs(section.text)} for section in entry.sections
        ],
        "benefit": "" if entry.benefit is None else money(entry.benefit),
        "decision": entry.decision,
    }


def _detail(author: Contributor, unit: str) -> str:
    workplace = "" if author.workplace == unit else author.workplace  # the unit stands once below
    return ", ".join(part for part in (author.degree, author.post, workplace) if part)


def type_size(entry: Entry) -> float:
    """Return the largest size of type, in points, at which the entry should fit on one page.

    An estimate from the letters: asking the compiler to measure every entry makes the book four times as slow.
    An entry that needs two pages anyway is set in the largest, so that the second page is not almost empty.
    """
    for size in TYPE_SIZES:
        if _height(entry, size) <= PAGE_HEIGHT:
            return size
    return TYPE_SIZES[0]


def _height(entry: Entry, size: float) -> float:
    """Return the estimated height of an entry in points."""
    letters = COLUMN_WIDTH / (LETTER_WIDTH * size)
    height = 21.0 * _lines(entry.title, COLUMN_WIDTH / 8.2) + 50
    height += sum(15.0 * _lines(f"{author.name}, {_detail(author, entry.unit)}", 50) for author in entry.authors)
    for section in entry.sections:
        height += sum(LINE_HEIGHT * size * _lines(text, letters) for text in paragraphs(section.text)) + 0.8 * size
    return height + (42 if entry.benefit is not None else 0) + (22 if entry.decision else 0)


def _lines(text: str, letters: float) -> int:
    return math.ceil(len(text) / letters)


def shortened(title: str) -> str:
    """Return the title cut at a word so that it fits into one running line."""
    if len(title) <= RUNNING_LENGTH:
        return title
    return title[:RUNNING_LENGTH].rsplit(" ", 1)[0] + " …"
