"""Short tables as lines of text: bands, answers, stairs. A person types them faster than any grid of boxes."""

import re
from collections.abc import Callable, Iterator

from evaluator.core.errors import Invalid
from evaluator.core.text import N_
from evaluator.rules.fields import Document
from evaluator.rules.procedure import CountRule, Extremes
from evaluator.rules.rubric import Anchor, Band, Option, Stair
from evaluator.rules.rubric_parts import new_key

WRONG_LINE = N_("Line %(number)s cannot be read: “%(line)s”. Write it like the example above.")
_NUMBER = re.compile(r"[0-9]+(?:[.,][0-9]{1,2})?")
_SPAN = re.compile(rf"({_NUMBER.pattern})(?:\s*[-–—]\s*({_NUMBER.pattern}))?")


def written(kind: type, value: list[Document], names: dict[Extremes, str]) -> str:
    """Return the lines of a list of records."""
    return "\n".join(WRITE[kind](each, names) for each in value)


def read(kind: type, text: str, before: list[Document], names: dict[Extremes, str]) -> list[Document]:
    """Return the records of the lines; answers keep the keys they had ``before``.

    Raises:
        Invalid: a line is not like the example; the field is called ``lines``.
    """
    found = []
    for number, cells in _lines(text):
        try:
            found.append(READ[kind](cells, names))
        except (ValueError, IndexError) as error:
            raise Invalid.on("lines", WRONG_LINE, number=number, line=" | ".join(cells)) from error
    return _with_keys(found, before) if kind is Option else found


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            yield number, [cell.strip() for cell in line.split("|")]


def table_written(value: Document) -> str:
    """Return the lines of a table from keys to numbers."""
    return "\n".join(f"{key} | {_comma(number)}" for key, number in value.items())


def table_read(text: str, keys: dict[str, str]) -> Document:
    """Return the table of the lines; a key may be written by its label. Raises Invalid on ``lines``."""
    found = {}
    for number, cells in _lines(text):
        try:
            label, value = cells
            found[keys.get(label.casefold(), label)] = _exact(value)
        except ValueError as error:
            raise Invalid.on("lines", WRONG_LINE, number=number, line=" | ".join(cells)) from error
    return found


def _exact(text: str) -> str:
    if not _NUMBER.fullmatch(text):
        raise ValueError(text)
    return text.replace(",", ".")


def _comma(number: str) -> str:
    return str(number).replace(".", ",")


def _read_band(cells: list[str], _names: dict[Extremes, str]) -> Document:
    span, words = cells
    match = _SPAN.fullmatch(span)
    if match is None:
        raise ValueError(span)
    least = _exact(match[1])
    return {"least": least, "most": _exact(match[2]) if match[2] else least, "text": words}


def _write_band(band: Document, _names: dict[Extremes, str]) -> str:
    span = _comma(band["least"])
    if band["most"] != band["least"]:
        span += f"–{_comma(band['most'])}"
    return f"{span} | {band['text']}"


def _read_anchor(cells: list[str], _names: dict[Extremes, str]) -> Document:
    points, words = cells
    return {"points": _exact(points), "text": words}


def _read_option(cells: list[str], _names: dict[Extremes, str]) -> Document:
    label, points, *kills = cells
    if not label or len(kills) > 1:
        raise ValueError(cells)
    return {"key": "", "label": label, "points": _exact(points), "kills": bool(kills and kills[0])}


def _write_option(option: Document, _names: dict[Extremes, str]) -> str:
    return f"{option['label']} | {_comma(option['points'])}" + (" | x" if option["kills"] else "")


def _read_stair(cells: list[str], _names: dict[Extremes, str]) -> Document:
    quantity, points = cells
    return {"quantity": _exact(_ungrouped(quantity)), "points": _exact(points)}


def _ungrouped(text: str) -> str:
    """Return a quantity without the dots of thousands, where they stand in whole groups of three."""
    return text.replace(".", "") if re.fullmatch(r"[0-9]{1,3}(\.[0-9]{3})+", text) else text


def _read_rule(cells: list[str], names: dict[Extremes, str]) -> Document:
    sheets, word = cells
    by_word = {label.casefold(): kind for kind, label in names.items()} | {kind.value: kind for kind in Extremes}
    if word.casefold() not in by_word:
        raise ValueError(word)
    return {"sheets": int(sheets), "extremes": by_word[word.casefold()].value}


def _with_keys(options: list[Document], before: list[Document]) -> list[Document]:
    """Give answers their keys: the one they had, by their words or else by their place, or a new one."""
    by_label = {option["label"]: option["key"] for option in before}
    if len(options) == len(before):
        by_label = {new["label"]: old["key"] for new, old in zip(options, before, strict=True)} | by_label
    taken: set[str] = set()
    for option in options:
        key = by_label.get(option["label"], "")
        option["key"] = key if key and key not in taken else new_key(option["label"], taken)
        taken.add(option["key"])
    return options


READ: dict[type, Callable[[list[str], dict[Extremes, str]], Document]] = {
    Band: _read_band,
    Anchor: _read_anchor,
    Option: _read_option,
    Stair: _read_stair,
    CountRule: _read_rule,
}
WRITE: dict[type, Callable[[Document, dict[Extremes, str]], str]] = {
    Band: _write_band,
    Anchor: lambda anchor, _names: f"{_comma(anchor['points'])} | {anchor['text']}",
    Option: _write_option,
    Stair: lambda stair, _names: f"{_comma(stair['quantity'])} | {_comma(stair['points'])}",
    CountRule: lambda rule, names: f"{rule['sheets']} | {names[Extremes(rule['extremes'])]}",
}
