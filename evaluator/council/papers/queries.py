"""Reading what the papers of a result are made of, and what was kept of them."""

from sqlalchemy import select

from evaluator.core.db import db
from evaluator.council.models import Decision
from evaluator.council.papers.models import Certificate

_A_FEW = 5


def certificates_of_others() -> list[str]:
    """Return the check codes of certificates for what was not selected (none, unless data was forced)."""
    selected = select(Decision.initiative_id).where(Decision.is_selected)
    wanted = select(Certificate.check_code).where(Certificate.initiative_id.not_in(selected)).limit(_A_FEW)
    return list(db.session.scalars(wanted))
