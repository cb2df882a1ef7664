"""Sentences kept with a result: stored as message and values, told again in any language."""

from collections.abc import Iterable
from typing import Any

from evaluator.core.text import Sentence


def as_document(sentences: Iterable[Sentence]) -> list[Any]:
    """Return sentences as JSON: the message and its values, in which a sentence stands as a list of its own."""
    return [_plain(each) for each in sentences]


def from_document(document: Iterable[Any]) -> list[Sentence]:
    """Return the sentences that ``as_document`` stored."""
    return [_sentence(each) for each in document]


def _plain(sentence: Sentence) -> list[Any]:
    values = {name: _plain(value) if isinstance(value, Sentence) else value for name, value in sentence.values.items()}
    return [sentence.message, values]


def _sentence(document: list[Any]) -> Sentence:
    message, values = document
    return Sentence(
        message, {name: _sentence(value) if isinstance(value, list) else value for name, value in values.items()}
    )
