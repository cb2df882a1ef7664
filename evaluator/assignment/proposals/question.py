"""What the optimiser is asked: dossiers, people, and everything an answer depends on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from evaluator.assignment.judges import Reviewer
from evaluator.core.text import Sentence
from evaluator.rules.assigning import Wish

# Each level tried costs a flow: with more pairs the search would outlast the lease of a piece of long work.
FAIR_UP_TO = 5_000_000


@dataclass(frozen=True, slots=True)
class Dossier:
    """A dossier that needs reviewers; ``has`` are the ids of those who have it already."""

    id: int
    code: str
    field: str
    text: str
    wanted: int
    has: frozenset[int]


@dataclass(frozen=True, slots=True)
class Question:
    """Everything an answer depends on; ``room``, ``least`` and ``carried`` run in parallel to ``reviewers``."""

    dossiers: Sequence[Dossier]
    reviewers: Sequence[Reviewer]
    room: Sequence[int]
    least: Sequence[int]
    carried: Sequence[int]
    barred: frozenset[tuple[int, int]] = frozenset()  # reviewer id, initiative id
    warned: Mapping[tuple[int, int], Sentence] = field(default_factory=dict)
    experience: Mapping[int, str] = field(default_factory=dict)  # by reviewer id: titles of earlier works
    must: frozenset[tuple[int, int]] = frozenset()  # settled beforehand: reviewer id, initiative id
    apart: frozenset[tuple[int, int]] = frozenset()  # reviewer ids: these two never read the same dossier
    wishes: Mapping[tuple[int, int], Wish] | None = None  # reviewer id, initiative id; None: nobody was asked
    needs_expert: bool = False
    is_cross_unit: bool = False
    most: int = 0  # the limit of whoever has none of the own
    seed: int = 0
    is_fair: bool = True
    share: Fraction = Fraction(1)  # no pair more likely than this; 1: no lot is drawn
