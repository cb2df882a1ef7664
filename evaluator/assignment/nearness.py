"""Somebody stands too near to a dossier: it leaves the person's desk and every draft at once."""

from datetime import datetime

from sqlalchemy import select, update

from evaluator.assignment import queries
from evaluator.assignment.models import (
    Assignment,
    Conflict,
    EndCause,
    Proposal,
    ProposalDossier,
    ProposalPair,
    ProposalState,
)
from evaluator.audit import service as audit
from evaluator.core.db import db
from evaluator.initiatives.models import Initiative
from evaluator.notices import service as notices
from evaluator.policy import Actor
from evaluator.rounds.models import Round
from evaluator.rules.vietnamese import clean_line


def note_conflict(initiative: Initiative, account_id: int | None, note: str, *, by: Actor, now: datetime) -> Conflict:
    """Write a conflict down and take the dossier away from the person."""
    declared = Conflict(
        account_id=account_id, initiative_id=initiative.id, note=clean_line(note)[:500], declared_at=now
    )
    db.session.add(declared)
    had_it = _end(initiative.id, account_id, EndCause.CONFLICT, now=now)
    _leave_draft(initiative.id, account_id)
    audit.record("conflict.declared", about=initiative, by=by, now=now, account=account_id, had_it=had_it)
    return declared


def tell_secretaries(template: str, initiative: Initiative, *, by: Actor, now: datetime, reason: str) -> None:
    """Queue a message about a dossier to every secretary who does not stand near it."""
    a_round = db.session.get_one(Round, initiative.round_id)
    notices.queue(
        template,
        to=queries.who_arranges(initiative.id),
        about=initiative,
        now=now,
        code=initiative.code,
        who=by.label,
        round=a_round.title,
        round_code=a_round.code,
        reason=reason or "–",
    )


def _end(initiative_id: int, account_id: int | None, cause: EndCause, *, now: datetime) -> bool:
    """End a person's present assignment on a dossier; return whether there was one."""
    result = db.session.execute(
        update(Assignment)
        .where(
            Assignment.initiative_id == initiative_id,
            Assignment.reviewer_id == account_id,
            Assignment.ended_at.is_(None),
        )
        .values(ended_at=now, end_cause=cause)
    )
    return bool(result.rowcount)  # type: ignore[attr-defined]  # an UPDATE returns a cursor


def _leave_draft(initiative_id: int, account_id: int | None) -> None:
    """Take a person off a dossier in proposals that are being adjusted."""
    pair = db.session.scalar(
        select(ProposalPair)
        .join(Proposal, Proposal.id == ProposalPair.proposal_id)
        .where(
            ProposalPair.initiative_id == initiative_id,
            ProposalPair.reviewer_id == account_id,
            Proposal.state == ProposalState.DRAFT,
        )
    )
    if pair is None:
        return
    proposal = db.session.get_one(Proposal, pair.proposal_id)
    dossier = db.session.scalars(
        select(ProposalDossier).where(
            ProposalDossier.proposal_id == proposal.id, ProposalDossier.initiative_id == initiative_id
        )
    ).one()
    proposal.lacking += dossier.given <= dossier.wanted
    dossier.given -= 1
    if proposal.loads is not None:
        left = {**proposal.loads, str(account_id): proposal.loads.get(str(account_id), 1) - 1}
        proposal.loads = {reviewer_id: number for reviewer_id, number in left.items() if number}
    db.session.delete(pair)
