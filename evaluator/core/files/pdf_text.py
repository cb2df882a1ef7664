"""The words of a PDF: the strings of each page through the character maps of its fonts, notes, and what is hidden."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pikepdf

_GAP = -200  # thousandths of the type size
_DEEPEST = 8  # forms within forms
_FEW = 50
_TEXT_KEYS = ("/ActualText", "/Alt", "/E", "/TU", "/V", "/DV", "/Title", "/URI", "/F", "/UF", "/Desc")


@dataclass(frozen=True, slots=True)
class Characters:
    """What the codes of a font stand for, and how many bytes a code has; None where the font does not say."""

    width: int
    letters: dict[int, str] | None


@dataclass(slots=True)
class _Page:
    """What has been read of a page so far."""

    pieces: list[str] = field(default_factory=list)
    heights: dict[str, float] = field(default_factory=dict)
    codes: int = 0
    lost: int = 0  # codes of which no font says what letter they are

    @property
    def is_whole(self) -> bool:
        """Whether nearly all of it could be read; a code or two of a whole page is a space or a bullet."""
        return self.lost * _FEW <= self.codes


def of_page(page: pikepdf.Page) -> tuple[str, bool]:
    """Return the text of a page, a line break where the pen moves up or down, and whether all of it could be read."""
    found = _Page()
    _read(page, _resources(page), found, 0)
    return "".join(found.pieces).strip(), found.is_whole


def _resources(page: pikepdf.Page) -> Any:
    return page.get("/Resources", {})


def has_picture(page: pikepdf.Page) -> bool:
    """Return whether a page holds a picture, which may show words that nobody can search."""
    objects: Any = _resources(page).get("/XObject", {})
    return any(each.get("/Subtype") == "/Image" for each in objects.values())


def notes(page: pikepdf.Page) -> Iterator[str]:
    """Yield what people wrote into notes on a page."""
    for note in page.get("/Annots", []):
        for key in ("/Contents", "/RC", "/Subj"):
            if key in note:
                yield str(note[key])


def hidden(document: pikepdf.Pdf) -> Iterator[str]:
    """Yield the texts that no page shows: bookmarks, form fields, addresses of links, texts for reading aloud."""
    for item in document.objects:
        if isinstance(item, pikepdf.Dictionary):
            for key in _TEXT_KEYS:
                if isinstance(item.get(key), pikepdf.String):
                    yield str(item[key])


def _read(source: Any, resources: Any, found: _Page, depth: int) -> None:
    """Read a page, or a form it draws."""
    fonts = {name: _character_map(font) for name, font in resources.get("/Font", {}).items()}
    current: Characters | None = None
    for instruction in pikepdf.parse_content_stream(source):
        operands: Any = instruction.operands
        verb = str(instruction.operator)
        if verb == "Tf":
            current = fonts.get(str(operands[0]))
        elif verb in {"Tm", "cm"}:
            found.pieces.append("" if found.heights.get(verb) == float(operands[5]) else "\n")
            found.heights[verb] = float(operands[5])
        elif verb in {"T*", "'", '"'} or (verb in {"Td", "TD"} and float(operands[1])):
            found.pieces.append("\n")
        elif verb in {"BDC", "DP"} and isinstance(operands[-1], pikepdf.Dictionary) and "/ActualText" in operands[-1]:
            found.pieces.append(f" {operands[-1].ActualText} ")
        elif verb == "Do":
            _read_form(resources.get("/XObject", {}).get(str(operands[0])), resources, found, depth)
        if verb in {"Tj", "'", '"'}:
            found.pieces.append(_decoded(bytes(operands[-1]), current, found))
        elif verb == "TJ":
            found.pieces += [_shown(each, current, found) for each in operands[0]]


def _read_form(form: Any, resources: Any, found: _Page, depth: int) -> None:
    if form is None or form.get("/Subtype") != "/Form":
        return
    if depth >= _DEEPEST:
        found.lost += found.codes + 1
        return
    found.pieces.append("\n")
    _read(form, form.get("/Resources", resources), found, depth + 1)


def _shown(piece: Any, characters: Characters | None, found: _Page) -> str:
    """Return the letters of a string, or a space for a gap as wide as one."""
    if isinstance(piece, pikepdf.String):
        return _decoded(bytes(piece), characters, found)
    return " " if float(piece) < _GAP else ""


def _decoded(raw: bytes, characters: Characters | None, found: _Page) -> str:
    if characters is None:
        return raw.decode("latin-1")
    found.codes += len(raw) // characters.width
    if characters.letters is None:
        found.lost += len(raw) // characters.width
        return ""
    width, letters = characters.width, characters.letters
    codes = [int.from_bytes(raw[place : place + width], "big") for place in range(0, len(raw) - width + 1, width)]
    found.lost += sum(code not in letters for code in codes)
    return "".join(letters.get(code, "") for code in codes)


_RANGE = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*(?:<([0-9A-Fa-f]+)>|\[([^\]]*)\])")
_SINGLE = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]*)>")
_SECTION = re.compile(rb"begin(bfchar|bfrange)(.*?)end(?:bfchar|bfrange)", re.DOTALL)


def _character_map(font: pikepdf.Object) -> Characters | None:
    """Return what the codes of a font stand for; None for a plain font that writes Latin letters as such."""
    is_composite = str(font.get("/Subtype")) == "/Type0"
    if "/ToUnicode" not in font:
        has_own_codes = is_composite or isinstance(font.get("/Encoding"), pikepdf.Dictionary)
        return Characters(2, None) if has_own_codes else None
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
    return Characters(2 if is_composite else 1, found)


def _letters(hexadecimal: bytes) -> str:
    return bytes.fromhex(hexadecimal.decode("ascii")).decode("utf-16-be", errors="replace")
