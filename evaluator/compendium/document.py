"""An edition as plain data and back: how a published one is kept, and what other programs read."""

import hashlib
import json
from dataclasses import asdict
from typing import Any

from evaluator.compendium.edition import Board, Contributor, Edition, Entry, Figures, Seat, Section, Share, Work

FORMAT = "evaluator-edition"
VERSION = 1


def as_document(edition: Edition) -> dict[str, Any]:
    """Return the edition as plain data with the name and version of the format."""
    return {"format": FORMAT, "version": VERSION, **asdict(edition)}


def from_document(document: dict[str, Any]) -> Edition:
    """Return the edition of a document: the inverse of ``as_document``, also after a journey through JSON."""
    plain = {key: value for key, value in document.items() if key not in {"format", "version"}}
    figures = plain["figures"]
    preface_by = plain["preface_by"]
    return Edition(
        **{
            **plain,
            "preface_by": None if preface_by is None else Seat(**preface_by),
            "publication": tuple((name, value) for name, value in plain["publication"]),
            "boards": tuple(
                Board(each["name"], tuple(Seat(**seat) for seat in each["seats"])) for each in plain["boards"]
            ),
            "figures": Figures(
                **{
                    **figures,
                    "by_field": tuple(Share(**each) for each in figures["by_field"]),
                    "by_unit": tuple(Share(**each) for each in figures["by_unit"]),
                }
            ),
            "fields": tuple(plain["fields"]),
            "entries": tuple(entry_from(each) for each in plain["entries"]),
            "works": tuple(Work(**{**each, "authors": tuple(each["authors"])}) for each in plain["works"]),
        }
    )


def entry_from(document: dict[str, Any]) -> Entry:
    """Return one entry of a document."""
    return Entry(
        **{
            **document,
            "authors": tuple(Contributor(**each) for each in document["authors"]),
            "sections": tuple(Section(**each) for each in document["sections"]),
        }
    )


def digest(edition: Edition) -> str:
    """Return the SHA-256, in hexadecimal, of the edition in canonical form."""
    text = json.dumps(as_document(edition), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
