"""An edition as a frozen value: everything a reader may see, and nothing else."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Contributor:
    """An author as the book prints one: with degree and post, without birth date, telephone or address."""

    name: str
    degree: str = ""
    post: str = ""
    workplace: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A part of an entry: its heading and its paragraphs, parted by blank lines."""

    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One work in full: one or two pages of the book, one page of the site."""

    code: str
    number: int
    title: str
    kind: str
    field: str
    authors: tuple[Contributor, ...]  # in order of contribution
    unit: str
    sections: tuple[Section, ...]
    benefit: int | None = None  # whole đồng a year, as confirmed by the council
    decision: str = ""  # e.g. "Quyết định số 05/QĐ-HĐSK ngày 05 tháng 3 năm 2026"


@dataclass(frozen=True, slots=True)
class Work:
    """A recognised work in the list of all; ``entry`` is the number of its full entry, if it has one."""

    title: str
    authors: tuple[str, ...]
    unit: str
    field: str
    entry: int | None = None


@dataclass(frozen=True, slots=True)
class Seat:
    """A person on a board, in protocol order."""

    name: str
    office: str  # on the board, e.g. Chủ tịch Hội đồng
    post: str = ""  # outside it


@dataclass(frozen=True, slots=True)
class Board:
    """A list of persons in the front matter: the council, the editors, the secretariat."""

    name: str
    seats: tuple[Seat, ...]


@dataclass(frozen=True, slots=True)
class Share:
    """How many works of one field or unit came in and how many were recognised."""

    name: str
    received: int
    recognised: int


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of the edition: the way from what came in to what was recognised."""

    received: int
    accepted: int
    scored: int
    recognised: int
    by_field: tuple[Share, ...] = ()
    by_unit: tuple[Share, ...] = ()


@dataclass(frozen=True, slots=True)
class Edition:
    """A whole book, ready to be built. Every text in it was released by an editor."""

    code: str
    title: str
    subtitle: str
    year: int
    unit: str
    parent: str
    council: str
    place: str
    preface: str  # paragraphs parted by blank lines
    preface_by: Seat | None
    announcement: str  # the decision that announced the works, in one sentence
    publication: tuple[tuple[str, str], ...]  # licence, print run, size, printer: label and value
    boards: tuple[Board, ...]
    figures: Figures
    fields: tuple[str, ...]  # in the order of the book
    entries: tuple[Entry, ...]  # in the order of the book
    works: tuple[Work, ...]  # all recognised works, in the order of the decision
