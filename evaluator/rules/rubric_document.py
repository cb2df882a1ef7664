"""The written form of a rubric: a plain document, its canonical bytes and digest, and TOML for people.

A round freezes the document. It says in which format it is written and which version of the rules computes it,
so that a round closed years ago is read and computed as it was.
"""

import hashlib
import json
import tomllib
from decimal import Decimal
from typing import Any

from evaluator.core.text import N_, sentence
from evaluator.rules.fields import Document, Problem, Unreadable, dump, load
from evaluator.rules.rubric import FORMAT, RULES_VERSION, Rubric
from evaluator.rules.toml import toml_text

SUPPORTED_RULES = (1,)


def as_document(rubric: Rubric) -> Document:
    """Return the canonical document: every field, numbers as texts, nothing left to later defaults."""
    return {"format": FORMAT, "rules": RULES_VERSION, **dump(rubric)}


def from_document(document: Document) -> Rubric:
    """Build the rubric from its document. Raises Unreadable with every structural problem and its place."""
    if not isinstance(document, dict):
        raise Unreadable([_problem("", N_("This is not a rubric."), N_("Begin with a table."))])
    if document.get("format", FORMAT) != FORMAT:
        raise Unreadable(
            [_problem("format", N_("This format is not known here."), N_("Write format = 1, or use a newer program."))]
        )
    if document.get("rules", RULES_VERSION) not in SUPPORTED_RULES:
        raise Unreadable(
            [_problem("rules", N_("This version of the rules is not known here."), N_("Use a newer program."))]
        )
    content = {name: value for name, value in document.items() if name not in {"format", "rules"}}
    rubric: Rubric = load(Rubric, content, "")
    return rubric


def canonical_bytes(document: Document) -> bytes:
    """Return the one byte string of a document, whatever order it was written in."""
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def digest(rubric: Rubric) -> str:
    """Return the SHA-256 of the canonical document, in hexadecimal."""
    return hashlib.sha256(canonical_bytes(as_document(rubric))).hexdigest()


def from_toml(text: str) -> Rubric:
    """Read a rubric from TOML. Raises Unreadable; numbers with a decimal point are taken exactly."""
    try:
        document: dict[str, Any] = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise Unreadable(
            [
                Problem(
                    "",
                    sentence(N_("The file is not TOML: %(reason)s."), reason=str(error)),
                    sentence(N_("Mend this line first.")),
                )
            ]
        ) from error
    return from_document(document)


def to_toml(rubric: Rubric) -> str:
    """Write a rubric as TOML for people: fields with their usual value are left out."""
    return toml_text({"format": FORMAT, **dump(rubric, brief=True)})


def _problem(place: str, problem: str, remedy: str) -> Problem:
    return Problem(place, sentence(problem), sentence(remedy))
