"""The parts of a rubric's document by their place ("criteria.2", "classes.0.gates.1"): read, put, take out, move.

Pages change a rubric part by part. These functions know documents only; whether the whole still holds together is
for ``problems`` to say.
"""

import copy
import re
from dataclasses import fields
from typing import Any

from evaluator.rules.fields import Codec, Document, Shape
from evaluator.rules.procedure import Combine, LeastSheets, PublicVote, Round
from evaluator.rules.rubric import Rubric
from evaluator.rules.vietnamese import fold

LISTS = ("criteria", "groups", "alternatives", "categories", "steps", "gates", "classes", "caps", "ties")
_PLACE = re.compile(r"[a-z_]+(?:\.[0-9]+(?:\.gates)?)*")
_NOT_PLAIN = re.compile(r"[^a-z0-9]+")
LONGEST_KEY = 32


class NoSuchPart(LookupError):
    """There is nothing at this place."""


def part(document: Document, place: str) -> Any:
    """Return the list or the part at a place. Raises NoSuchPart."""
    if not _PLACE.fullmatch(place) or place.split(".", maxsplit=1)[0] not in LISTS:
        raise NoSuchPart(place)
    found: Any = document
    if place in LISTS:
        return document.get(place, [])  # a list that came later stands in no older document
    for step in place.split("."):
        try:
            found = found[int(step)] if step.isdigit() else found[step]
        except (KeyError, IndexError, TypeError) as error:
            raise NoSuchPart(place) from error
    return found


def kinds(place: str) -> dict[str, type]:
    """Return the kinds of part a list may hold, by name; a list of one kind names it with an empty text."""
    names = [step for step in place.split(".") if not step.isdigit()]
    if not names or names[0] not in LISTS:
        raise NoSuchPart(place)
    codecs = {each.name: each.metadata["codec"] for each in fields(Rubric)}
    codec: Codec = codecs["gates" if names[-1] == "gates" else names[0]].inside
    return dict(codec.inside) if codec.shape is Shape.KINDS else {"": codec.inside}


def put(document: Document, place: str, value: Document) -> Document:
    """Return the document with a part put at a place, or added when the place is a list.

    A step over sheets is added where it can act: above the count of what is left and the step that combines it.
    """
    changed = copy.deepcopy(document)
    found = part(changed, place)
    if place in LISTS:
        number = _where(found, value) if place == "steps" else len(found)
        changed[place] = [*found[:number], value, *found[number:]]
    elif isinstance(found, list):
        found.append(value)
    else:
        above, number = _above(place)
        part(changed, above)[number] = value
    return changed


def _where(steps: list[Document], added: Document) -> int:
    """Return the number a new step gets."""
    kinds = [step.get("kind") for step in steps]
    if added.get("kind") in {Combine.kind, Round.kind, PublicVote.kind} or Combine.kind not in kinds:
        return len(kinds)
    number = kinds.index(Combine.kind)
    return number - 1 if LeastSheets.kind in kinds[max(number - 1, 0) : number] else number


def take_out(document: Document, place: str) -> Document:
    """Return the document without a part."""
    changed = copy.deepcopy(document)
    part(changed, place)
    above, number = _above(place)
    del part(changed, above)[number]
    return changed


def move(document: Document, place: str, by: int) -> Document:
    """Return the document with a part moved up (-1) or down (1) in its list; at the end it stays where it is."""
    changed = copy.deepcopy(document)
    part(changed, place)
    above, number = _above(place)
    listed = part(changed, above)
    target = number + by
    if 0 <= target < len(listed):
        listed[number], listed[target] = listed[target], listed[number]
    return changed


def _above(place: str) -> tuple[str, int]:
    above, _dot, number = place.rpartition(".")
    if not number.isdigit():
        raise NoSuchPart(place)
    return above, int(number)


def new_key(label: str, taken: set[str]) -> str:
    """Return a key made of the words: small letters without marks, not yet taken."""
    plain = _NOT_PLAIN.sub("-", fold(label).lower()).strip("-")[:LONGEST_KEY].strip("-") or "x"
    number, key = 1, plain
    while key in taken or key == "total":
        number += 1
        key = f"{plain}-{number}"
    return key


def keys(document: Document) -> set[str]:
    """Return the keys in use by criteria, groups, alternatives, categories and classes."""
    named = ("criteria", "groups", "alternatives", "categories", "classes")
    return {each["key"] for name in named for each in document[name]}
