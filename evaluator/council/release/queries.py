"""Reading releases: their letters, what waits, and who may see what once they are out."""

from sqlalchemy import select

from evaluator.core.db import db
from evaluator.council.models import Council
from evaluator.council.release.models import Release
from evaluator.rounds.models import Round

_A_FEW = 5


def released_without_moment() -> list[str]:
    """Return the codes of rounds whose letters are out though the round does not say so."""
    wanted = (
        select(Round.code)
        .join(Council, Council.round_id == Round.id)
        .join(Release, Release.council_id == Council.id)
        .where(Release.released_at.is_not(None), Round.released_at.is_(None))
        .limit(_A_FEW)
    )
    return list(db.session.scalars(wanted))
