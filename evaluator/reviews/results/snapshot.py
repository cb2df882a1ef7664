"""What a locking keeps: every outcome of the round as numbers, and one digest over all of them."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import insert, select, update

from evaluator.core.db import db
from evaluator.reviews.models import LockedOutcome, ResultLock, ScoreResult
from evaluator.reviews.results.decided import capped
from evaluator.rounds.models import Round
from evaluator.rules import scoring
from evaluator.rules.rubric_document import canonical_bytes
from evaluator.rules.scoring.outcome import Outcome

LOT = 500


@dataclass(slots=True)
class Snapshot:
    """Outcomes being kept, lot by lot; the digest grows with them."""

    lock_id: int
    seen: Any = field(default_factory=hashlib.sha256)

    def keep(self, outcomes: Iterable[tuple[int, Outcome]]) -> None:
        """Write a lot of outcomes; their ranks follow."""
        rows = []
        for initiative_id, outcome in outcomes:
            document = scoring.document(outcome)
            self.seen.update(canonical_bytes(document))
            rows.append(
                {
                    "lock_id": self.lock_id,
                    "initiative_id": initiative_id,
                    "score": "" if outcome.score is None else str(outcome.score),
                    "class_key": outcome.class_key,
                    "passed": outcome.passed,
                    "rank": None,
                    "document": document,
                }
            )
        if rows:
            db.session.execute(insert(LockedOutcome), rows)

    def seal(self, a_round: Round) -> None:
        """Take over what the ranking decided, and write the digest over everything."""
        placed = {
            row.initiative_id: row
            for row in db.session.execute(
                select(ScoreResult.initiative_id, ScoreResult.rank, ScoreResult.decided)
                .where(ScoreResult.round_id == a_round.id, ScoreResult.rank.is_not(None))
                .order_by(ScoreResult.initiative_id)
            )
        }
        kept = db.session.execute(
            select(LockedOutcome.id, LockedOutcome.initiative_id).where(LockedOutcome.lock_id == self.lock_id)
        ).all()
        ranked = [
            {"id": row.id, "rank": found.rank, **capped(found.decided)}
            for row in kept
            for found in (placed.get(row.initiative_id),)
            if found is not None
        ]
        for lot in _lots(ranked):
            db.session.execute(update(LockedOutcome), lot)
        self.seen.update(canonical_bytes({str(initiative_id): row.rank for initiative_id, row in placed.items()}))
        caps = {str(number): limit for number, row in placed.items() if (limit := capped(row.decided))}
        if caps:
            self.seen.update(canonical_bytes(caps))
        lock = db.session.get_one(ResultLock, self.lock_id)
        lock.digest = self.seen.hexdigest()


def _lots(rows: list[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    for start in range(0, len(rows), LOT):
        yield rows[start : start + LOT]


def maybe_current(a_round: Round) -> ResultLock | None:
    """Return the locking that stands, if the results are locked."""
    lock: ResultLock | None = db.session.scalar(
        select(ResultLock)
        .where(ResultLock.round_id == a_round.id, ResultLock.unlocked_at.is_(None))
        .order_by(ResultLock.number.desc())
        .limit(1)
    )
    return lock
