"""Commands on rounds: prepare, freeze and open, move a date, close."""

import hashlib
import json
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import select

from evaluator import policy
from evaluator.audit import service as audit
from evaluator.core.db import db
from evaluator.core.errors import Conflict, Invalid
from evaluator.core.text import N_, Sentence
from evaluator.policy import Action, Actor
from evaluator.rounds.models import REMARKING_DAYS, Round
from evaluator.rules import lifecycle, rubric_document
from evaluator.rules.calendar import Timetable, local
from evaluator.rules.lifecycle import RoundEvent
from evaluator.rules.rubric_checks import problems
from evaluator.rules.unblinding import USUAL, Unblinding
from evaluator.rules.vote_rule import VoteRule
from evaluator.units.models import Unit

FEWEST_REVIEWS, MOST_REVIEWS = 1, 15

TOO_EARLY = N_("This date lies before the one it has to follow.")


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundPlan:
    """Everything a secretary decides about a round before it opens. Rules are documents, as frozen."""

    code: str
    title: str
    council_name: str
    unit: Unit
    timetable: Timetable
    reviews_per_initiative: int
    rubric: dict[str, Any]
    vote_rule: dict[str, Any]
    fields: tuple[str, ...]
    description: str = ""
    legal_grounds: tuple[str, ...] = ()
    remarking_days: int = REMARKING_DAYS  # after publication, for authors to ask for re-marking; 0 is never
    reason_for_identity: bool = False  # whoever looks behind the blind says why
    unblinding: Unblinding = USUAL


def create(plan: RoundPlan, *, by: Actor, now: datetime) -> Round:
    """Prepare a new round; nothing is frozen yet.

    Raises:
        Invalid: a date out of order, a rule that contradicts itself, a code that is taken.
    """
    policy.require(by, Action.ROUND_CREATE)
    a_round = Round()
    _fill(a_round, plan)
    db.session.add(a_round)
    db.session.flush()  # the audit trail and the caller need its id
    audit.record("round.created", about=a_round, by=by, now=now, title=plan.title)
    return a_round


def change(a_round: Round, plan: RoundPlan, *, read_version: int, by: Actor, now: datetime) -> Round:
    """Change a round in preparation.

    Raises:
        Conflict: it was opened, or somebody else changed it since ``read_version``.
        Invalid: as for ``create``.
    """
    policy.require(by, Action.ROUND_EDIT, a_round)
    if read_version != a_round.version:
        raise Conflict
    _fill(a_round, plan)
    audit.record("round.changed", about=a_round, by=by, now=now)
    return a_round


def open_round(a_round: Round, *, by: Actor, now: datetime) -> Round:
    """Freeze rubric, vote rule, dossier form, legal grounds and unit name, and let submissions come by the dates.

    Raises:
        Conflict: it is open already.
        Invalid: a rule does not hold together.
    """
    policy.require(by, Action.ROUND_OPEN, a_round)
    _check_rules(a_round.rubric, a_round.vote_rule)
    a_round.state = lifecycle.round_after(a_round.state, RoundEvent.OPEN)
    a_round.opened_at = now
    year = local(a_round.council_at).year
    a_round.vote_rule = VoteRule.from_document(a_round.vote_rule).for_year(year).as_document()
    a_round.unit_name = a_round.unit.name
    a_round.digest = digest(a_round)
    told = {} if a_round.unblinding == USUAL else {"unblinding": a_round.unblinding.as_document()}
    audit.record("round.opened", about=a_round, by=by, now=now, digest=a_round.digest, **told)
    return a_round


def move_date(a_round: Round, name: str, moment: datetime, *, reason: str, by: Actor, now: datetime) -> Round:
    """Extend or move one date of an open round; the reason stays on record.

    Raises:
        Invalid: no reason, or the date would stand out of order.
    """
    policy.require(by, Action.ROUND_MOVE_DATE, a_round)
    if not reason.strip():
        raise Invalid.on("reason", N_("Say why the date is moved; people will ask."))
    before = getattr(a_round, name)
    setattr(a_round, name, moment)
    if name in a_round.timetable.out_of_order() or a_round.timetable.out_of_order():
        raise Invalid.on("moment", TOO_EARLY)
    audit.record(
        "round.date-moved", about=a_round, by=by, now=now, date=name, before=before, after=moment, reason=reason
    )
    return a_round


def close(a_round: Round, *, by: Actor, now: datetime) -> Round:
    """Close a round for good; it stays readable.

    Raises:
        Conflict: it is not open.
    """
    policy.require(by, Action.ROUND_CLOSE, a_round)
    a_round.state = lifecycle.round_after(a_round.state, RoundEvent.CLOSE)
    a_round.closed_at = now
    audit.record("round.closed", about=a_round, by=by, now=now)
    return a_round


def digest(a_round: Round) -> str:
    """Return the SHA-256, in hexadecimal, of everything a round froze."""
    frozen = {
        "rubric": a_round.rubric,
        "vote_rule": a_round.vote_rule,
        "dossier_form": a_round.dossier_form,
        "fields": a_round.fields,
        "legal_grounds": a_round.legal_grounds,
        "unit_name": a_round.unit_name,
        "council_name": a_round.council_name,
        "reviews_per_initiative": a_round.reviews_per_initiative,
    }
    text = json.dumps(frozen, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _fill(a_round: Round, plan: RoundPlan) -> None:
    """Take over a plan that holds together."""
    out_of_order = plan.timetable.out_of_order()
    if out_of_order:
        raise Invalid(fields={name: [Sentence(TOO_EARLY)] for name in out_of_order})
    if not FEWEST_REVIEWS <= plan.reviews_per_initiative <= MOST_REVIEWS:
        raise Invalid.on(
            "reviews_per_initiative", N_("Between %(least)s and %(most)s."), least=FEWEST_REVIEWS, most=MOST_REVIEWS
        )
    taken = db.session.scalar(select(Round.id).where(Round.code == plan.code))
    if taken is not None and taken != a_round.id:
        raise Invalid.on("code", N_("Another round has this code. Choose a different one."))
    _check_rules(plan.rubric, plan.vote_rule)
    a_round.code, a_round.title, a_round.council_name = plan.code, plan.title, plan.council_name
    a_round.description, a_round.unit, a_round.unit_name = plan.description, plan.unit, plan.unit.name
    for date in fields(Timetable):
        setattr(a_round, date.name, getattr(plan.timetable, date.name))
    a_round.reviews_per_initiative = plan.reviews_per_initiative
    a_round.rubric, a_round.vote_rule = plan.rubric, plan.vote_rule
    a_round.fields, a_round.legal_grounds = list(plan.fields), list(plan.legal_grounds)
    form = a_round.dossier_form or {"form": "circular-18", "version": 1}
    a_round.dossier_form = {
        **form,
        "reason_for_identity": plan.reason_for_identity,
        "remarking_days": plan.remarking_days,
        "unblinding": plan.unblinding.as_document(),
    }


def _check_rules(rubric: dict[str, Any], vote: dict[str, Any]) -> None:
    """Refuse rules that could not be carried out."""
    found = problems(rubric_document.from_document(rubric))
    if found:
        raise Invalid(fields={"rubric": [each.problem for each in found]})
    VoteRule.from_document(vote)  # says itself what is wrong
