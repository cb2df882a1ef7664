"""What can be read in a file, by place: for looking whether it names somebody. What cannot be read is counted."""

import html
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from unicodedata import normalize

import pikepdf

from evaluator.core.files import pdf_text
from evaluator.core.files.kinds import unpacked
from evaluator.core.files.office import PACKAGES, Part, is_xml, joined

MOST_LETTERS = 1_000_000


class Place(StrEnum):
    """Where in a file a text stands."""

    TEXT = "text"
    PAGE = "page"
    SLIDE = "slide"
    HEADER = "header"
    COMMENT = "comment"
    CHANGE = "change"
    NOTE = "note"
    HIDDEN = "hidden"  # names of sheets, addresses behind links, descriptions of pictures
    PROPERTY = "property"  # what scrubbing takes out by itself

    @property
    def is_prose(self) -> bool:
        """Whether people wrote it as a text."""
        return self not in {Place.HIDDEN, Place.PROPERTY}


@dataclass(frozen=True, slots=True)
class Passage:
    """A text and where it stands; ``where`` is the number of a page or slide, if there is one."""

    place: Place
    where: str
    text: str


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything that can be read in a file, how many pictures it holds, and how many parts nothing can be read of."""

    passages: tuple[Passage, ...] = ()
    pictures: int = 0
    unread: int = 0

    @property
    def has_words(self) -> bool:
        """Whether there is any text a reader would see."""
        return any(each.place.is_prose and each.text.strip() for each in self.passages)

    def as_document(self) -> dict[str, Any]:
        """Return it as it is kept."""
        passages = [[each.place.value, each.where, each.text] for each in self.passages]
        return {"passages": passages, "pictures": self.pictures, "unread": self.unread}

    @classmethod
    def from_document(cls, document: dict[str, Any]) -> "Reading":
        """Return what was kept."""
        passages = tuple(Passage(Place(place), where, text) for place, where, text in document["passages"])
        return cls(passages, document["pictures"], document["unread"])


def read(data: bytes, kind: str) -> Reading:
    """Return what can be read in a PDF, an office file or a picture; a file that cannot be opened is unread."""
    try:
        if kind == "pdf":
            return _bounded(_pdf(data))
        if kind in {"docx", "xlsx", "pptx"}:
            return _bounded(_office(data))
    except (pikepdf.PdfError, zipfile.BadZipFile, ValueError, KeyError, TypeError, UnicodeError, AttributeError):
        return Reading(unread=1)  # what cannot be read is said to be unreadable, never to be clean
    return Reading(pictures=1)


def properties(data: bytes, kind: str) -> tuple[Passage, ...]:
    """Return what a file says about its maker besides its contents: it is shown, and scrubbing takes it out."""
    found = {"pdf": _pdf_properties, "jpeg": _jpeg_properties, "png": _png_properties}.get(kind, _office_properties)
    try:
        texts = [normalize("NFC", text).strip() for text in found(data)]
    except (pikepdf.PdfError, zipfile.BadZipFile, zlib.error, ValueError, KeyError, TypeError):
        return ()
    return tuple(Passage(Place.PROPERTY, "", text[:2000]) for text in dict.fromkeys(texts) if text)


def _bounded(reading: Reading) -> Reading:
    """Return no more than is kept; what is beyond counts as not read."""
    left, passages = MOST_LETTERS, []
    for each in reading.passages:
        passages.append(Passage(each.place, each.where, each.text[:left]))
        left -= len(each.text)
        if left < 0:
            return Reading(tuple(passages), reading.pictures, reading.unread + 1)
    return Reading(tuple(passages), reading.pictures, reading.unread)


# --- Word, Excel, PowerPoint --------------------------------------------------------------------

_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".emf", ".wmf", ".svg", ".webp")
_PLACES = (
    (re.compile(r"ppt/slides/slide(\d+)\.xml"), Place.SLIDE),
    (re.compile(r".*comment.*\.xml"), Place.COMMENT),
    (re.compile(r".*/(?:footnotes|endnotes)\.xml|ppt/notesslides/notesslide(\d+)\.xml"), Place.NOTE),
    (re.compile(r"word/(?:header|footer)\d*\.xml|ppt/(?:slidemasters|slidelayouts|handoutmasters)/.*"), Place.HEADER),
)
_HEADERS = frozenset({"oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter"})


def _office(data: bytes) -> Reading:
    passages: list[Passage] = []
    pictures = unread = 0
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for info in archive.infolist():
            name = info.filename.lower()
            if name.endswith(_PICTURES) and not name.startswith("docprops/"):
                pictures += 1
            if is_xml(name):
                passages += _part(name, unpacked(archive, info))
            elif name.endswith(PACKAGES):
                inner = _office(unpacked(archive, info))
                passages += inner.passages
                pictures, unread = pictures + inner.pictures, unread + inner.unread
            elif "/embeddings/" in name:
                unread += 1
            passages.append(Passage(Place.HIDDEN, "", normalize("NFC", info.filename)))
    merged = [each for each in passages if each.place is not Place.HIDDEN]
    hidden = dict.fromkeys(each.text for each in passages if each.place is Place.HIDDEN)
    return Reading((*merged, Passage(Place.HIDDEN, "", "\n".join(hidden))), pictures, unread)


def _part(name: str, content: bytes) -> Iterator[Passage]:
    part = Part.read(content)
    place, where = _place_of(name)
    for number, view in enumerate(part.views()):
        headers = [slot for slot in view if slot.element in _HEADERS]
        rest = [slot for slot in view if slot.element not in _HEADERS]
        yield from _passage(Place.CHANGE if number else place, where, joined(rest))
        yield from _passage(Place.HEADER, "", joined(headers))
    values = [value for _at, _element, _name, value in part.attributes()]
    numbers = [slot.text for slot in part.slots if slot.is_number and len(slot.text) > 8]
    for text in dict.fromkeys([*values, *numbers, *part.comments]):
        yield Passage(Place.HIDDEN, "", normalize("NFC", text))


def _passage(place: Place, where: str, text: str) -> Iterator[Passage]:
    if text.strip():
        yield Passage(place, where, text.strip("\n"))


def _place_of(name: str) -> tuple[Place, str]:
    for pattern, place in _PLACES:
        found = pattern.fullmatch(name)
        if found:
            return place, next(filter(None, found.groups()), "")
    return (Place.TEXT, "") if name.startswith(("word/document", "xl/", "ppt/")) else (Place.HIDDEN, "")


def _office_properties(data: bytes) -> Iterator[str]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for info in archive.infolist():
            if info.filename.startswith("docProps/") and is_xml(info.filename):
                yield from (slot.text for slot in Part.read(unpacked(archive, info)).slots)
            elif is_xml(info.filename):
                content = unpacked(archive, info).decode("utf-8", errors="replace")
                yield from (html.unescape(each) for each in _PEOPLE.findall(content))
            elif info.filename.lower().endswith((".jpg", ".jpeg")):
                yield from _jpeg_properties(unpacked(archive, info))
            elif info.filename.lower().endswith(".png"):
                yield from _png_properties(unpacked(archive, info))


_PEOPLE = re.compile(r'\s(?:\w+:)?(?:author|displayName|lastModifiedBy|userName|name)="([^"]+)"')


# --- PDF ----------------------------------------------------------------------------------------


def _pdf(data: bytes) -> Reading:
    passages, pictures, unread = [], 0, 0
    with pikepdf.open(io.BytesIO(data)) as document:
        for number, page in enumerate(document.pages, 1):
            text, is_whole = pdf_text.of_page(page)
            has_picture = pdf_text.has_picture(page)
            pictures += has_picture
            unread += (has_picture and not text.strip()) or not is_whole
            passages.append(Passage(Place.PAGE, str(number), normalize("NFC", text)))
            passages += [Passage(Place.COMMENT, str(number), normalize("NFC", note)) for note in pdf_text.notes(page)]
        hidden = "\n".join(dict.fromkeys(pdf_text.hidden(document)))
    return Reading((*passages, Passage(Place.HIDDEN, "", normalize("NFC", hidden))), pictures, unread)


def _pdf_properties(data: bytes) -> Iterator[str]:
    with pikepdf.open(io.BytesIO(data)) as document:
        yield from (str(value) for value in document.docinfo.values())
        if "/Metadata" in document.Root:
            xmp = document.Root.Metadata.read_bytes().decode("utf-8", errors="replace")
            yield from (html.unescape(text) for text in re.findall(r">([^<>]+)<", xmp))
        yield from document.attachments
        for page in document.pages:
            yield from (str(note.T) for note in page.get("/Annots", []) if "/T" in note)


# --- pictures -----------------------------------------------------------------------------------


def _jpeg_properties(data: bytes) -> Iterator[str]:
    """Yield the texts of all segments but those that hold the picture."""
    place = 2
    while place + 4 <= len(data) and data[place] == 0xFF and data[place + 1] != 0xDA:
        length = int.from_bytes(data[place + 2 : place + 4], "big")
        if data[place + 1] == 0xFE or 0xE1 <= data[place + 1] <= 0xEF:
            yield from _texts_in(data[place + 4 : place + 2 + length])
        place += 2 + length


def _png_properties(data: bytes) -> Iterator[str]:
    place = 8
    while place + 12 <= len(data):
        length = int.from_bytes(data[place : place + 4], "big")
        name, chunk = data[place + 4 : place + 8], data[place + 8 : place + 8 + length]
        if name in {b"zTXt", b"iTXt"} and b"\x00\x00" in chunk:
            yield from _texts_in(
                zlib.decompressobj().decompress(chunk[chunk.index(b"\x00") + 2 :]) if name == b"zTXt" else chunk
            )
        elif name in {b"tEXt", b"eXIf", b"iTXt"}:
            yield from _texts_in(chunk)
        place += 12 + length


def _texts_in(raw: bytes) -> Iterator[str]:
    """Yield what looks like words in bytes of an unknown form."""
    for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
        text = raw.decode(encoding, errors="replace")
        yield from (found for found in re.findall(r"[\w.@+\-, ]{4,}", text) if any(map(str.isalpha, found)))
