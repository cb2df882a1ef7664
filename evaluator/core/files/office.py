"""The texts inside a Word, Excel or PowerPoint file, each where it stands, and a copy in which some are struck out.

A part is read as a run of tags and texts and written back the same but for what is struck, so that the file opens as
before. Names are often cut into pieces (formatting, tracked changes, cells): they are looked for in the text as a
reader sees it, and struck out in every piece.
"""

import html
import io
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise
from unicodedata import combining, normalize
from urllib.parse import unquote
from xml.sax.saxutils import escape

from evaluator.core.errors import Invalid
from evaluator.core.files.kinds import unpacked
from evaluator.core.text import N_

# Where in a text (in NFC) something stands that is to be struck out; the flag says that it is prose, not a number,
# an address or a name in the machinery of the file.
Find = Callable[[str, bool], Sequence[tuple[int, int]]]

MASK, NARROW_MASK, NUMBER_MASK = (
    "[…]",
    "…",
    "0",
)  # a formula and the name of a sheet bear no brackets, a number no words
PACKAGES = (".docx", ".xlsx", ".pptx")
_UNSAFE = N_("It stands in the name of a part of the file, which cannot be changed without breaking it.")
_STILL = (1980, 1, 1, 0, 0, 0)


class Change(StrEnum):
    """Whether a text is part of a tracked change."""

    NONE = "none"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(slots=True)
class Slot:
    """One text in a part: at which piece, in what element, and what stands between it and the text before."""

    at: int
    text: str
    element: str
    change: Change
    gap: str
    struck: list[tuple[int, int, bool]] = field(default_factory=list)  # from, to, whether the mask stands here

    @property
    def is_number(self) -> bool:
        """Whether it is a number in a cell."""
        return self.element == "v" and _NUMBER.fullmatch(self.text) is not None

    def without_struck(self) -> str:
        """Return the text with a mask for each place that is struck out."""
        mask = NUMBER_MASK if self.is_number else NARROW_MASK if self.element in _NARROW else MASK
        text = self.text
        for start, end, is_first in reversed(_merged(self.struck)):
            text = text[:start] + (mask if is_first else "") + text[end:]
        return text


_TAG = re.compile(r"""(<(?:[^<>"']++|"[^"]*+"|'[^']*+')*+>)""")
_CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_NAME = re.compile(r"</?(?:[\w.-]+:)?([\w.-]+)")
_ATTRIBUTE = re.compile(r"""([\w.:-]+)(\s*=\s*)("[^"]*"|'[^']*')""")
_NUMBER = re.compile(r"[-+]?\d[\d.]*(?:[eE][-+]?\d+)?")
_BLOCKS = frozenset({"p", "si", "is", "comment", "text", "oddHeader", "oddFooter"})
_BREAKS = frozenset({"br", "cr", "tab", "noBreakHyphen", "ptab"})
_SPACED = frozenset({"t", "delText", "instrText"})  # here a space between two words is a text
_ADDED, _REMOVED = frozenset({"ins", "moveTo"}), frozenset({"del", "moveFrom", "delText"})
_NARROW = frozenset({"f", "v", "definedName", "formula1", "formula2"})


@dataclass(slots=True)
class Part:
    """One part of a package as pieces: texts at even places, tags at odd ones."""

    pieces: list[str]
    slots: list[Slot]
    comments: list[str]  # of the machinery, shown nowhere; written parts have none

    @classmethod
    def read(cls, content: bytes) -> "Part":
        """Take a part to pieces; comments of the machinery are dropped."""
        whole = content.decode(_encoding(content), errors="replace").lstrip("\ufeff")
        xml = _COMMENT.sub("", _CDATA.sub(lambda found: escape(found[1]), whole))
        pieces = _TAG.split(xml)
        comments = [normalize("NFC", html.unescape(each)) for each in _COMMENT.findall(whole)]
        return cls(pieces, _with_whole_letters(list(_slots(pieces))), comments)

    @property
    def has_changes(self) -> bool:
        """Whether somebody tracked changes in it."""
        return any(slot.change is not Change.NONE for slot in self.slots)

    def views(self) -> Iterator[list[Slot]]:
        """Yield the texts as they will stand, and where changes are tracked also as they stood before."""
        prose = [slot for slot in self.slots if not slot.is_number]
        yield [slot for slot in prose if slot.change is not Change.REMOVED]
        if self.has_changes:
            yield [slot for slot in prose if slot.change is not Change.ADDED]

    def attributes(self) -> Iterator[tuple[int, str, str, str]]:
        """Yield piece, element, name and value of every attribute that could hold words."""
        for at in range(1, len(self.pieces), 2):
            tag = self.pieces[at]
            if "=" in tag and not tag.startswith("<?"):
                element = _local(tag)
                for found in _ATTRIBUTE.finditer(tag):
                    value = html.unescape(found[3][1:-1])
                    if len(value) > 4 and not found[1].startswith("xmlns") and any(map(str.isalpha, value)):
                        yield at, element, found[1], value

    def written(self) -> bytes:
        """Return the part with what was struck out."""
        for slot in self.slots:
            if slot.struck:
                self.pieces[slot.at] = escape(slot.without_struck())
        xml = "".join(self.pieces)
        return re.sub(r'(<\?xml[^>]*encoding=)["\'][^"\']*["\']', r'\1"UTF-8"', xml, count=1).encode()


def joined(slots: Sequence[Slot]) -> str:
    """Return the text of slots as it is read."""
    return "".join(slot.gap + slot.text for slot in slots)


def struck(data: bytes, find: Find) -> bytes:
    """Return the package with everything struck out that ``find`` finds, in texts, changes, notes and attributes.

    Raises:
        Invalid: something stands where it cannot be struck out safely.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for info in source.infolist():
            if find(normalize("NFC", info.filename), False):
                raise Invalid.on("files", _UNSAFE)
            content = unpacked(source, info)
            if is_xml(info.filename):
                content = _struck_part(content, find)
            elif info.filename.lower().endswith(PACKAGES):
                content = struck(content, find)
            target.writestr(zipfile.ZipInfo(info.filename, _STILL), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def is_xml(name: str) -> bool:
    """Return whether a part of a package is text in tags."""
    return name.lower().endswith((".xml", ".rels", ".vml", ".svg"))


def _struck_part(content: bytes, find: Find) -> bytes:
    part = Part.read(content)
    for view in part.views():
        _strike(view, find(joined(view), True))
    for slot in part.slots:
        if slot.is_number:
            _strike([slot], find(slot.gap + slot.text, False))
    changed = _strike_attributes(part, find) or any(find(each, False) for each in part.comments)
    return part.written() if changed or any(slot.struck for slot in part.slots) else content


def _strike(view: Sequence[Slot], spans: Sequence[tuple[int, int]]) -> None:
    """Note in each slot what of it is struck out."""
    for start, end in spans:
        place, is_first = 0, True
        for slot in view:
            place += len(slot.gap)
            low, high = max(start, place), min(end, place + len(slot.text))
            if low < high:
                slot.struck.append((low - place, high - place, is_first))
                is_first = False
            place += len(slot.text)
            if place >= end:
                break


def _strike_attributes(part: Part, find: Find) -> bool:
    known: dict[str, bool] = {}
    changed = False
    for at, element, name, value in list(part.attributes()):
        plain = normalize("NFC", unquote(value))
        if known.setdefault(value, bool(find(plain, False))):
            part.pieces[at] = _without_value(part.pieces[at], element, name, value, find)
            changed = True
    return changed


def _without_value(tag: str, element: str, name: str, value: str, find: Find) -> str:
    """Return a tag with one attribute struck out.

    Raises:
        Invalid: it is the address of a part inside the package.
    """
    if element == "Relationship":
        if "TargetMode" not in tag:
            raise Invalid.on("files", _UNSAFE)
        safe = "about:blank"
    else:
        safe = normalize("NFC", unquote(value))
        for start, end in reversed(find(safe, False)):
            safe = safe[:start] + NARROW_MASK + safe[end:]
    quoted = escape(safe, {'"': "&quot;"})
    return _ATTRIBUTE.sub(lambda found: f'{name}{found[2]}"{quoted}"' if found[1] == name else found[0], tag)


def _slots(pieces: Sequence[str]) -> Iterator[Slot]:
    """Yield the texts in their order."""
    stack: list[tuple[str, int]] = []
    block, before, gap = 0, -1, ""
    for at, piece in enumerate(pieces):
        if at % 2 == 0:
            element, here = stack[-1] if stack else ("", 0)
            if piece.strip() or (piece and element in _SPACED):
                apart = gap if here and here == before else "\n"
                yield Slot(at, normalize("NFC", html.unescape(piece)), element, _change(stack), apart)
                before, gap = here, ""
        elif piece.startswith("</"):
            if stack:
                stack.pop()
        elif not piece.startswith(("<?", "<!")):
            name = _local(piece)
            gap = " " if name in _BREAKS else gap
            if not piece.endswith("/>"):
                if name in _BLOCKS:
                    block += 1
                stack.append((name, block if name in _BLOCKS else stack[-1][1] if stack else 0))


def _with_whole_letters(slots: list[Slot]) -> list[Slot]:
    """Give a mark that stands alone at the beginning of a text to the letter before it."""
    for before, slot in pairwise(slots):
        while not slot.gap and slot.text and combining(slot.text[0]):
            before.text, slot.text = normalize("NFC", before.text + slot.text[0]), slot.text[1:]
            before.struck.append((0, 0, False))  # both are written anew
            slot.struck.append((0, 0, False))
    return slots


def _change(stack: Sequence[tuple[str, int]]) -> Change:
    names = {name for name, _block in stack}
    return Change.REMOVED if names & _REMOVED else Change.ADDED if names & _ADDED else Change.NONE


def _local(tag: str) -> str:
    found = _NAME.match(tag)
    return found[1] if found else ""


def _encoding(content: bytes) -> str:
    return "utf-16" if content[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8"


def _merged(struck_out: Sequence[tuple[int, int, bool]]) -> list[tuple[int, int, bool]]:
    """Return places from left to right, those that touch as one."""
    merged: list[tuple[int, int, bool]] = []
    for start, end, is_first in sorted(struck_out):
        if merged and start <= merged[-1][1]:
            low, high, first = merged[-1]
            merged[-1] = (low, max(high, end), first or is_first)
        else:
            merged.append((start, end, is_first))
    return merged
