"""Sentences for people: marked where they are written, translated at the edge."""

from dataclasses import dataclass, field
from typing import Any


def N_(message: str) -> str:
    """Mark a message for the catalogue and return it unchanged."""
    return message


@dataclass(frozen=True, slots=True)
class Sentence:
    """A message id with the values of its placeholders, in no language yet.

    A value may itself be a Sentence; it is translated first.
    """

    message: str
    values: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        """Return the English sentence, for logs and tests."""
        return self.message % self.values if self.values else self.message


def sentence(message: str, **values: Any) -> Sentence:
    """Return the message (marked with ``N_`` by the caller) with its values."""
    return Sentence(message, values)
