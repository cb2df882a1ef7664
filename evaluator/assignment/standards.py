"""What a round asks of every assignment, as one value; what is usual where nobody decided otherwise."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from evaluator.assignment.models import AssignmentRules
from evaluator.core.db import db
from evaluator.rules.conflicts import FIXED, USUAL, USUAL_IN_COUNCIL, Kind, Weight


@dataclass(frozen=True, slots=True, kw_only=True)
class Standards:
    """The rules of conflict for reading and for voting, and what every dossier and every reader may count on.

    ``needs_expert``: somebody of its own field reads every dossier. ``is_cross_unit``: no two readers of a dossier come
    from the same unit. Between the two moments reviewers say what they would like to read; None: they are not asked.
    """

    reading: Mapping[Kind, Weight]
    voting: Mapping[Kind, Weight]
    head_id: int | None = None
    needs_expert: bool = False
    is_cross_unit: bool = False
    wishes_open_at: datetime | None = None
    wishes_close_at: datetime | None = None

    @property
    def asks_wishes(self) -> bool:
        """Whether reviewers are asked at all."""
        return self.wishes_open_at is not None

    def takes_wishes(self, now: datetime) -> bool:
        """Return whether reviewers may say at this moment what they would like to read."""
        if self.wishes_open_at is None or self.wishes_close_at is None:
            return False
        return self.wishes_open_at <= now < self.wishes_close_at


DEFAULT = Standards(reading=USUAL, voting=USUAL_IN_COUNCIL)


def maybe_row(round_id: int) -> AssignmentRules | None:
    """Return what was decided for a round, if anything was."""
    return db.session.scalar(select(AssignmentRules).where(AssignmentRules.round_id == round_id))


def of(round_id: int) -> Standards:
    """Return what a round asks."""
    row = maybe_row(round_id)
    if row is None:
        return DEFAULT
    return Standards(
        reading=_weights(row.reading, USUAL),
        voting=_weights(row.voting, USUAL_IN_COUNCIL),
        head_id=row.head_id,
        needs_expert=row.needs_expert,
        is_cross_unit=row.is_cross_unit,
        wishes_open_at=row.wishes_open_at,
        wishes_close_at=row.wishes_close_at,
    )


def _weights(chosen: Mapping[str, Any], usual: Mapping[Kind, Weight]) -> dict[Kind, Weight]:
    """Return a weight for every kind; what no round may choose is as the rules say."""
    return {kind: weight if kind in FIXED else Weight(chosen.get(kind, weight)) for kind, weight in usual.items()}
