"""Reading what was kept of the papers of a result: certificates, the offices' own forms, built batches."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from evaluator.core.db import db
from evaluator.core.errors import Conflict, NotFound
from evaluator.core.text import N_
from evaluator.council.models import Council, Decision, Session, SessionState
from evaluator.council.papers.models import BatchFormat, Certificate, OfficeForm, PaperBatch
from evaluator.council.register.models import RegisteredPaper
from evaluator.initiatives.models import Initiative
from evaluator.papers.kinds import PaperKind
from evaluator.reviews.models import ScoreResult
from evaluator.rounds.models import Round
from evaluator.rules.audience import Audience, Facet
from evaluator.rules.lifecycle import InitiativeState as State

SELECTED = (State.SELECTED, State.PUBLISHED)
DECIDED = (*SELECTED, State.NOT_SELECTED)
_A_FEW = 5


def ready(council: Council) -> list[Session]:
    """Return the closed sessions of a council whose result can go on paper.

    Raises:
        Conflict: a session still runs, or nothing has been decided.
    """
    sessions = list(
        db.session.scalars(select(Session).where(Session.council_id == council.id).order_by(Session.number))
    )
    if any(each.state is not SessionState.CLOSED for each in sessions):
        raise Conflict(N_("A session is still open. Close it first; then the papers of the result can be made."))
    decided = db.session.scalar(select(func.count()).select_from(Decision).where(Decision.round_id == council.round_id))
    if not sessions or not decided:
        raise Conflict(N_("Nothing has been decided yet. The papers begin with the council's decisions."))
    return sessions


def ids_decided(council: Council) -> list[int]:
    """Return every decided initiative in the order of the notices: selected by rank, then the others by rank."""
    wanted = (
        select(Initiative.id)
        .outerjoin(Decision, Decision.initiative_id == Initiative.id)
        .outerjoin(ScoreResult, ScoreResult.initiative_id == Initiative.id)
        .where(Initiative.round_id == council.round_id, Initiative.state.in_(DECIDED))
        .order_by(
            Initiative.state == State.NOT_SELECTED,
            func.coalesce(Decision.rank, ScoreResult.rank_order, 2**31 - 1),
            Initiative.id,
        )
    )
    return list(db.session.scalars(wanted))


def check_codes(council: Council) -> Mapping[int, str]:
    """Return the check codes of the council's certificates by initiative."""
    rows = db.session.execute(
        select(Certificate.initiative_id, Certificate.check_code).where(Certificate.council_id == council.id)
    )
    return {row.initiative_id: row.check_code for row in rows}


def without_certificate(council: Council) -> list[int]:
    """Return the selected initiatives that have no certificate yet."""
    issued = select(Certificate.initiative_id)
    wanted = select(Initiative.id).where(
        Initiative.round_id == council.round_id, Initiative.state.in_(SELECTED), Initiative.id.not_in(issued)
    )
    return list(db.session.scalars(wanted.order_by(Initiative.id)))


def of_round(council: Council, code: str) -> Initiative:
    """Return an initiative of the council's round by its code.

    Raises:
        NotFound: there is none.
    """
    found: Initiative | None = db.session.scalar(
        select(Initiative).where(Initiative.round_id == council.round_id, Initiative.code == code)
    )
    if found is None:
        raise NotFound
    return found


def form_for(unit_id: int, kind: PaperKind) -> OfficeForm | None:
    """Return the form an office uses for a kind of paper now; without one ours serves."""
    return db.session.scalar(
        select(OfficeForm)
        .where(OfficeForm.unit_id == unit_id, OfficeForm.kind == kind, OfficeForm.retired_at.is_(None))
        .order_by(OfficeForm.id.desc())
        .limit(1)
    )


def forms_of(unit_id: int) -> Mapping[PaperKind, OfficeForm]:
    """Return the forms in use, by kind."""
    rows = db.session.scalars(
        select(OfficeForm).where(OfficeForm.unit_id == unit_id, OfficeForm.retired_at.is_(None)).order_by(OfficeForm.id)
    )
    return {row.kind: row for row in rows}


def batches_of(council: Council) -> Mapping[tuple[PaperKind, BatchFormat], PaperBatch]:
    """Return the batches that were built last."""
    rows = db.session.scalars(select(PaperBatch).where(PaperBatch.council_id == council.id))
    return {(row.kind, row.format): row for row in rows}


def batch(council: Council, kind: PaperKind, form: BatchFormat) -> PaperBatch:
    """Return one built batch.

    Raises:
        NotFound: it has not been built.
    """
    found = batches_of(council).get((kind, form))
    if found is None:
        raise NotFound
    return found


# --- for everybody ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Checked:
    """What a certificate says of itself in public. Title and authors stand empty where the round keeps them back."""

    code: str
    council: str
    unit: str
    round_title: str
    decision_number: str
    decision_date: date | None
    title: str
    authors: tuple[str, ...]


def checked(code: str, *, now: datetime) -> Checked:
    """Return what is public of a certificate by its check code.

    A certificate is known from the release of the results on, when its decision has a number. The title is told where
    the round opens results to the public; the names only where the work is published.

    Raises:
        NotFound: there is no such certificate, or it is not in force yet.
    """
    plain = code.replace("-", "").replace(" ", "").upper()
    found = db.session.scalar(
        select(Certificate)
        .where(Certificate.check_code == plain)
        .options(joinedload(Certificate.council), joinedload(Certificate.initiative))
    )
    if found is None or found.council.round.released_at is None:
        raise NotFound
    decision = db.session.scalar(
        select(RegisteredPaper).where(
            RegisteredPaper.council_id == found.council_id, RegisteredPaper.kind == PaperKind.DECISION
        )
    )
    if decision is None or not decision.number:
        raise NotFound
    return _checked(found, decision, found.council.round, now)


def _checked(certificate: Certificate, decision: RegisteredPaper, a_round: Round, now: datetime) -> Checked:
    initiative = certificate.initiative
    is_published = initiative.state is State.PUBLISHED
    is_open = is_published or a_round.open_to(now)[Facet.RESULT] is Audience.PUBLIC
    return Checked(
        code=certificate.check_code,
        council=certificate.council.title,
        unit=a_round.unit_name,
        round_title=a_round.title,
        decision_number=decision.number,
        decision_date=decision.dated,
        title=initiative.title if is_open else "",
        authors=tuple(author.name for author in initiative.authors) if is_published else (),
    )


# --- invariants ---------------------------------------------------------------------------------


def certificates_of_others() -> list[str]:
    """Return the check codes of certificates for what was not selected (none, unless data was forced)."""
    selected = select(Decision.initiative_id).where(Decision.is_selected)
    wanted = select(Certificate.check_code).where(Certificate.initiative_id.not_in(selected)).limit(_A_FEW)
    return list(db.session.scalars(wanted))


def count_decided(council: Council) -> int:
    """Return how many initiatives get a notice."""
    wanted = select(func.count()).where(Initiative.round_id == council.round_id, Initiative.state.in_(DECIDED))
    return db.session.scalar(wanted) or 0
