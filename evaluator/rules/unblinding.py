"""When it is told whose a dossier is, and who marked it: at the moment the round fixed before it opened.

The most closed answer is the usual one (leak 6): reviewers never learn the authors, authors never the reviewers, and
the council judges the work before it learns whose it is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from evaluator.rules.lifecycle import InitiativeState as State


class Moment(StrEnum):
    """From when on something is told."""

    NEVER = "never"
    SCORED = "scored"
    DECIDED = "decided"


DECIDED = frozenset({State.SELECTED, State.NOT_SELECTED, State.PUBLISHED})


@dataclass(frozen=True, slots=True)
class Unblinding:
    """What a round fixed: from when on the council and the reviewers learn the authors, and authors the reviewers."""

    council: Moment = Moment.DECIDED
    reviewers: Moment = Moment.NEVER
    authors: Moment = Moment.NEVER

    @classmethod
    def from_document(cls, document: Mapping[str, str]) -> Self:
        """Read what was frozen; what it does not say is as closed as can be."""
        return cls(**{name: Moment(document[name]) for name in cls.__slots__ if name in document})

    def as_document(self) -> dict[str, str]:
        """Return what is frozen with the round."""
        return {name: getattr(self, name).value for name in self.__slots__}


USUAL = Unblinding()

# What may be chosen for whom: the papers of the council name authors, and nobody may be told while he or she marks.
CHOICES: Mapping[str, tuple[Moment, ...]] = {
    "council": (Moment.DECIDED, Moment.SCORED),
    "reviewers": (Moment.NEVER, Moment.DECIDED),
    "authors": (Moment.NEVER, Moment.DECIDED),
}


def has_come(moment: Moment, state: State, *, is_scored: bool) -> bool:
    """Return whether a moment has come for a dossier that stands in a state."""
    if moment is Moment.SCORED:
        return is_scored or state in DECIDED
    return moment is Moment.DECIDED and state in DECIDED
