"""The words inside a file, as far as they can be read: for looking whether it names somebody."""

import html
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pikepdf

from evaluator.core.files.kinds import unpacked

MOST_LETTERS = 200_000
_GAP = -200  # thousandths of the type size
_XML_TEXT = re.compile(
    rb"<(?:w:t|w:delText|a:t|t|dc:creator|dc:title|cp:lastModifiedBy|vt:lpwstr|Company|Manager)(?:\s[^>]*)?>([^<]*)<"
)
_PARAGRAPH = re.compile(rb"</(?:w:p|a:p|si|is|c)>")


def words_in(data: bytes, kind: str) -> str:
    """Return the readable text of a PDF, Word, Excel or PowerPoint file; "" where there is none, as in a scan."""
    try:
        parts = _pdf(data) if kind == "pdf" else _ooxml(data) if kind in {"docx", "xlsx", "pptx"} else iter(())
        return "\n".join(parts)[:MOST_LETTERS]
    except (pikepdf.PdfError, zipfile.BadZipFile, ValueError, KeyError, TypeError, UnicodeError):
        return ""  # what cannot be read is said to be unreadable, never to be clean


def _ooxml(data: bytes) -> Iterator[str]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for part in archive.infolist():
            if part.filename.lower().endswith(".xml"):
                lines = (b"".join(_XML_TEXT.findall(line)) for line in _PARAGRAPH.split(unpacked(archive, part)))
                yield from (_plain(line) for line in lines if line.strip())


def _plain(text: bytes) -> str:
    return html.unescape(text.decode("utf-8", errors="replace"))


# --- PDF: the strings of each page through the character maps of its fonts ----------------------


@dataclass(frozen=True, slots=True)
class Characters:
    """What the codes of a font stand for, and how many bytes a code has."""

    width: int
    letters: dict[int, str]


def _pdf(data: bytes) -> Iterator[str]:
    with pikepdf.open(io.BytesIO(data)) as document:
        for page in document.pages:
            yield _page(page)
            for note in page.get("/Annots", []):
                if "/Contents" in note:
                    yield str(note.Contents)


def _page(page: pikepdf.Page) -> str:
    """Return the text of a page, a line break where the pen moves up or down."""
    resources: Any = page.get("/Resources", {})
    fonts: Any = resources.get("/Font", {})
    maps = {name: _character_map(font) for name, font in fonts.items()}
    pieces: list[str] = []
    current: Characters | None = None
    heights: dict[str, float] = {}
    for instruction in pikepdf.parse_content_stream(page):
        operands: Any = instruction.operands
        verb = str(instruction.operator)
        if verb == "Tf":
            current = maps.get(str(operands[0]))
        elif verb in {"Tm", "cm"}:
            pieces.append("" if heights.get(verb) == float(operands[5]) else "\n")
            heights[verb] = float(operands[5])
        elif verb in {"T*", "'", '"'} or (verb in {"Td", "TD"} and float(operands[1])):
            pieces.append("\n")
        if verb in {"Tj", "'", '"'}:
            pieces.append(_decoded(bytes(operands[-1]), current))
        elif verb == "TJ":
            pieces += [_shown(each, current) for each in operands[0]]
    return "".join(pieces).strip()


def _shown(piece: Any, characters: Characters | None) -> str:
    """Return the letters of a string, or a space for a gap as wide as one."""
    if isinstance(piece, pikepdf.String):
        return _decoded(bytes(piece), characters)
    return " " if float(piece) < _GAP else ""


def _decoded(raw: bytes, characters: Characters | None) -> str:
    if characters is None:
        return raw.decode("latin-1")
    width = characters.width
    codes = (int.from_bytes(raw[place : place + width], "big") for place in range(0, len(raw) - width + 1, width))
    return "".join(characters.letters.get(code, "") for code in codes)


_RANGE = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*(?:<([0-9A-Fa-f]+)>|\[([^\]]*)\])")
_SINGLE = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>")
_SECTION = re.compile(rb"begin(bfchar|bfrange)(.*?)end(?:bfchar|bfrange)", re.DOTALL)


def _character_map(font: pikepdf.Object) -> Characters | None:
    """Return what the codes of a font stand for; None when it does not say."""
    if "/ToUnicode" not in font:
        return None
    found: dict[int, str] = {}
    for kind, section in _SECTION.findall(font.ToUnicode.read_bytes()):
        if kind == b"bfchar":
            found |= {int(code, 16): _letters(target) for code, target in _SINGLE.findall(section)}
            continue
        for first, last, target, targets in _RANGE.findall(section):
            start, end = int(first, 16), int(last, 16)
            if targets:
                found |= {start + n: _letters(each) for n, each in enumerate(re.findall(rb"<([0-9A-Fa-f]+)>", targets))}
            else:
                base = _letters(target)
                found |= {code: base[:-1] + chr(ord(base[-1]) + code - start) for code in range(start, end + 1)}
    return Characters(2 if str(font.get("/Subtype")) == "/Type0" else 1, found)


def _letters(hexadecimal: bytes) -> str:
    return bytes.fromhex(hexadecimal.decode("ascii")).decode("utf-16-be", errors="replace")
