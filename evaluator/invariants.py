"""What must always be true of the data, each as one query that finds what breaks it."""

from collections.abc import Callable
from dataclasses import dataclass

from evaluator.core.text import N_


@dataclass(frozen=True, slots=True)
class Invariant:
    """A sentence, and the query that returns the public codes of what contradicts it (a few are enough)."""

    name: str
    sentence: str
    broken: Callable[[], list[str]]


INVARIANTS: tuple[Invariant, ...] = ()


def check() -> dict[str, list[str]]:
    """Return, for every invariant by name, what contradicts it."""
    return {invariant.name: invariant.broken() for invariant in INVARIANTS}
