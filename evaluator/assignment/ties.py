"""What is settled for a round, as changes by hand meet it."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import lazyload

from evaluator.assignment import judges
from evaluator.assignment.models import Fixture
from evaluator.core.db import db
from evaluator.core.text import N_, Sentence, sentence
from evaluator.rules.assigning import Tie


def settled(round_id: int) -> list[Fixture]:
    """Return every settled pair of a round; there are few (``preparing.service.MOST_FIXTURES``)."""
    pairs = select(Fixture).where(Fixture.round_id == round_id).order_by(Fixture.id).options(lazyload("*"))
    return list(db.session.scalars(pairs))


class Ties:
    """The settled pairs of a round; pairs with a dossier are (initiative id, reviewer id)."""

    def __init__(self, round_id: int, *, is_cross_unit: bool) -> None:
        pairs = settled(round_id)
        self.must = {(each.initiative_id, each.reviewer_id) for each in pairs if each.tie is Tie.MUST}
        self.never = {(each.initiative_id, each.reviewer_id) for each in pairs if each.tie is Tie.NEVER}
        self.apart = {frozenset((each.reviewer_id, each.other_id)) for each in pairs if each.tie is Tie.APART}
        self.units = {each.id: each.unit_id for each in judges.available_reviewers()} if is_cross_unit else {}

    @property
    def keeps_anybody_apart(self) -> bool:
        """Whether there is anything to look for."""
        return bool(self.apart or self.units)

    def keeps_apart(self, one: int, other: int) -> bool:
        """Return whether two people never read the same dossier."""
        unit = self.units.get(one)
        return frozenset((one, other)) in self.apart or (unit is not None and unit == self.units.get(other))

    def problem(self, initiative_id: int, reviewer_id: int, *, beside: Collection[int]) -> Sentence | None:
        """Return why somebody may not come to read a dossier beside its other readers, or None."""
        if (initiative_id, reviewer_id) in self.never:
            return sentence(N_("must not read it: settled beforehand"))
        if any(self.keeps_apart(reviewer_id, other) for other in beside if other != reviewer_id):
            return sentence(N_("may not read the same dossier as another of its readers"))
        return None
