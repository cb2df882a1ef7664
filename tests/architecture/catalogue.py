"""Reads the sentences marked in the source, and the catalogue that translates them."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import wtforms
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po

from tests.architecture import habits

FOLDER = habits.PACKAGE / "translations" / "vi"
MARKS = {"_": None, "_l": None, "N_": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)}
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|%[sd]|(?<!{){(\w+)}")


@cache
def marked() -> dict[str, str]:
    """Return every sentence marked in the source, with the place where it stands."""
    found: dict[str, str] = {}
    for pattern, method in (("**/*.py", "python"), ("**/templates/**/*.html", "jinja2.ext:babel_extract")):
        for path in sorted(habits.PACKAGE.glob(pattern)):
            options = {"trimmed": "true", "silent": "false"} if method != "python" else {}
            for line, message, _comments, _context in extract_from_file(method, str(path), MARKS, (), options):
                for one in message if isinstance(message, tuple) else (message,):
                    found.setdefault(one, f"{path.relative_to(habits.ROOT)}:{line}")
    return found


@cache
def marked_by_libraries() -> set[str]:
    """Return the sentences that WTForms says in our forms: they are ours to translate too."""
    found: set[str] = set()
    for path in Path(wtforms.__file__).parent.rglob("*.py"):
        for _line, message, _comments, _context in extract_from_file("python", str(path), MARKS):
            found |= set(message) if isinstance(message, tuple) else {message}
    return found


@cache
def translated() -> dict[str, list[tuple[str, tuple[str, ...], bool]]]:
    """Return for every id of the catalogue where it stands, its texts, and whether it is fuzzy."""
    found: dict[str, list[tuple[str, tuple[str, ...], bool]]] = {}
    for path in sorted(FOLDER.glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale="vi", abort_invalid=True):
                ids = message.id if isinstance(message.id, (tuple, list)) else (message.id,)
                texts = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
                for one in ids if ids != ("",) else ():
                    found.setdefault(one, []).append((path.name, tuple(texts), message.fuzzy))
    return found


def placeholders(text: str) -> set[str]:
    """Return the placeholders of a sentence."""
    return {match.group(0) for match in PLACEHOLDER.finditer(text.replace("%%", ""))}


def wrong_translations(entries: dict[str, list[tuple[str, tuple[str, ...], bool]]]) -> Iterator[str]:
    """Yield what is wrong with entries of a catalogue."""
    for one, places in entries.items():
        if len(places) > 1:
            yield f"{one!r} stands in {', '.join(place for place, _, _ in places)}"
        for place, texts, fuzzy in places:
            if fuzzy or not all(texts):
                yield f"{place}: {one!r} has no Vietnamese text"
            for text in texts:
                if text and placeholders(text) != placeholders(one):
                    yield f"{place}: {one!r} and {text!r} have other placeholders"
