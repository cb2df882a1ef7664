"""Taking dossiers from a spreadsheet: keep the sheet, say what is in it, take the good rows once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from evaluator import policy
from evaluator.audit import service as audit
from evaluator.core.codes import random_code
from evaluator.core.db import db
from evaluator.core.errors import Closed, Conflict
from evaluator.core.files import Store
from evaluator.core.text import N_, Sentence, sentence
from evaluator.initiatives import indexing
from evaluator.initiatives.intake.dossiers import AuthorRow, DossierRow
from evaluator.initiatives.intake.findings import Finding, Severity, in_order
from evaluator.initiatives.intake.season import Season, read_season
from evaluator.initiatives.intake.unit_names import exact_key, place_of
from evaluator.initiatives.models import Author, Initiative, IntakeSheet, Source
from evaluator.initiatives.service import content_hash, next_receipts, set_order_keys
from evaluator.people.models import Account
from evaluator.policy import Action, Actor
from evaluator.rounds.models import Round
from evaluator.rules.calendar import Phase, day_of
from evaluator.rules.dossier import FIELDS
from evaluator.rules.lifecycle import InitiativeState, RoundState
from evaluator.rules.vietnamese import clean_line, search_key
from evaluator.units import queries as all_units
from evaluator.units import service as units
from evaluator.units.models import Unit
from evaluator.units.service import UnitPlan

_CHUNK = 500  # how many codes one statement asks for


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of an intake: codes taken now, codes that were there before, everything found."""

    codes: list[str]
    already: list[str]
    refused: int
    findings: list[Finding]


def read(data: bytes, a_round: Round, *, by: Actor, now: datetime) -> Season:
    """Read a workbook for a round and change nothing; what another round already holds is an error.

    Raises:
        Invalid: on ``file``: it is no spreadsheet, or holds no table of dossiers.
    """
    policy.require(by, Action.INITIATIVE_IMPORT)
    season = read_season(data, units=_unit_names(), fields=a_round.fields or FIELDS, latest=day_of(now))
    elsewhere = {code: held_by for code, (round_id, held_by) in _held(season).items() if round_id != a_round.id}
    for dossier in season.good:
        if dossier.code in elsewhere:
            dossier.is_good = False
            season.findings.append(_held_elsewhere(dossier, elsewhere[dossier.code]))
    season.findings[:] = in_order(season.findings)
    return season


def keep(
    name: str, data: bytes, season: Season, a_round: Round, *, store: Store, by: Actor, now: datetime
) -> IntakeSheet:
    """Keep a sheet as it came, with its findings, until somebody decides to take its good rows."""
    policy.require(by, Action.INITIATIVE_IMPORT)
    stored = store.put(data)  # content under its own name: harmless should the transaction fail
    sheet = IntakeSheet(
        code=random_code(),
        round_id=a_round.id,
        name=clean_line(name)[-200:],
        stored_as=stored,
        sha256=stored,
        uploaded_at=now,
        uploaded_by_id=by.id,
        findings=[as_data(each) for each in season.findings],
        counts=season.counts(),
    )
    db.session.add(sheet)
    db.session.flush()  # the page that follows shows its address
    audit.record("intake.uploaded", about=sheet, by=by, now=now, sha256=stored, **season.counts())
    return sheet


def take(season: Season, a_round: Round, *, by: Actor, now: datetime) -> Taken:
    """Take the good dossiers of a workbook into the round, all or nothing per dossier; a second time takes none.

    Raises:
        Closed: the round is not open, or its dossiers are with the reviewers.
    """
    policy.require(by, Action.INITIATIVE_IMPORT)
    if a_round.state is not RoundState.OPEN or a_round.phase(now) not in {Phase.SUBMISSION, Phase.CHECKING}:
        raise Closed(N_("Lists are taken while the round takes or checks dossiers."))
    there = _held(season)
    new = [dossier for dossier in season.good if dossier.code not in there]
    unit_ids = _unit_ids(new, by=by, now=now)
    accounts = _accounts(new)
    receipt = next_receipts(a_round.id, len(new)) if new else 0
    initiatives = [
        _initiative(dossier, a_round, receipt=receipt + number, unit_ids=unit_ids, accounts=accounts, now=now)
        for number, dossier in enumerate(new)
    ]
    db.session.add_all(initiatives)
    db.session.flush()  # the index needs their ids
    indexing.put(initiatives)
    for each in initiatives:
        audit.record("initiative.imported", about=each, by=by, now=now, receipt=each.receipt_number)
    return Taken(
        codes=[each.code for each in new],
        already=[each.code for each in season.good if each.code in there],
        refused=len(season.reading.dossiers) - len(season.good),
        findings=season.findings,
    )


def take_sheet(sheet: IntakeSheet, season: Season, *, by: Actor, now: datetime) -> Taken:
    """Take the good rows of a sheet that was kept.

    Raises:
        Conflict: they were taken already.
        Closed: as for ``take``.
    """
    policy.require(by, Action.INITIATIVE_IMPORT)
    if sheet.taken_at is not None:
        raise Conflict(N_("The good rows of this list were already taken. Nothing was taken twice."))
    taken = take(season, sheet.round, by=by, now=now)
    sheet.taken_at = now
    sheet.counts = {**sheet.counts, "taken": len(taken.codes), "already": len(taken.already)}
    audit.record("intake.taken", about=sheet, by=by, now=now, taken=len(taken.codes), already=len(taken.already))
    return taken


# --- findings as data -------------------------------------------------------------------------


def as_data(finding: Finding) -> list[Any]:
    """Return a finding as plain data, its sentences still in no language."""
    return [
        finding.row,
        finding.column,
        finding.code,
        [finding.problem.message, finding.problem.values],
        [finding.remedy.message, finding.remedy.values],
        finding.severity.value,
    ]


def from_data(data: Sequence[Any]) -> Finding:
    """Return the finding that ``as_data`` wrote."""
    row, column, code, problem, remedy, severity = data
    return Finding(row, column, code, Sentence(*problem), Sentence(*remedy), Severity(severity))


def _held_elsewhere(dossier: DossierRow, held_by: str) -> Finding:
    return Finding(
        dossier.row,
        "",
        "code_elsewhere",
        sentence(
            N_("The code %(dossier)s already belongs to the round %(round)s."), dossier=dossier.code, round=held_by
        ),
        sentence(N_("Give this dossier a code of its own.")),
        Severity.ERROR,
    )


# --- what a dossier refers to -----------------------------------------------------------------


def _held(season: Season) -> dict[str, tuple[int, str]]:
    """Return the codes of the good dossiers that exist already, with the round that holds them."""
    codes = [dossier.code for dossier in season.good]
    found: dict[str, tuple[int, str]] = {}
    for start in range(0, len(codes), _CHUNK):
        rows = db.session.execute(
            select(Initiative.code, Initiative.round_id, Round.code)
            .join(Round, Round.id == Initiative.round_id)
            .where(Initiative.code.in_(codes[start : start + _CHUNK]))
        )
        found |= {code: (round_id, held_by) for code, round_id, held_by in rows}
    return found


def _unit_names() -> list[str]:
    return list(db.session.scalars(select(Unit.name)))


def _unit_ids(dossiers: list[DossierRow], *, by: Actor, now: datetime) -> dict[str, int]:
    """Return unit ids by exact key; bodies at known places that are not in the list yet are added to it."""
    known = db.session.execute(select(Unit.id, Unit.code, Unit.name, Unit.level).order_by(Unit.id)).all()
    ids = {exact_key(name): unit_id for unit_id, _code, name, _level in known}
    places = sorted(
        ((place_of(name), code, level) for _id, code, name, level in known), key=lambda each: (-len(each[0]), each[2])
    )
    authors = (author for dossier in dossiers for author in dossier.authors if author.is_new_unit)
    new = {key: author.workplace for author in authors if (key := exact_key(author.workplace)) and key not in ids}
    plans = {key: _plan(name, places) for key, name in new.items()}
    if plans:
        units.import_units(dict(enumerate(plans.values())), by=by, now=now)
        made = all_units.by_codes(plan.code for plan in plans.values())
        ids |= {key: made[plan.code].id for key, plan in plans.items()}
    return ids


def _plan(name: str, places: list[tuple[str, str, int]]) -> UnitPlan:
    """Return the plan of a new unit: under the unit of the place it is named after, else at the top."""
    folded = f" {search_key(name)} "
    for place, code, level in places:
        if place and f" {place} " in folded:
            return UnitPlan(code=f"M{random_code()}", name=name, level=level + 1, parent=code)
    return UnitPlan(code=f"M{random_code()}", name=name, level=1)


def _accounts(dossiers: list[DossierRow]) -> dict[str, int]:
    """Return account ids by e-mail, for authors who have an account."""
    emails = sorted({author.email for dossier in dossiers for author in dossier.authors if author.email})
    found: dict[str, int] = {}
    for start in range(0, len(emails), _CHUNK):
        rows = select(Account.email, Account.id).where(Account.email.in_(emails[start : start + _CHUNK]))
        found |= dict(db.session.execute(rows).all())
    return found


def _initiative(
    dossier: DossierRow,
    a_round: Round,
    *,
    receipt: int,
    unit_ids: Mapping[str, int],
    accounts: Mapping[str, int],
    now: datetime,
) -> Initiative:
    first = dossier.authors[0]
    initiative = Initiative(
        code=dossier.code,
        round_id=a_round.id,
        state=InitiativeState.SUBMITTED,
        source=Source.SPREADSHEET,
        kind=dossier.kind,
        title=dossier.title,
        field=dossier.field,
        unit_id=unit_ids.get(exact_key(first.workplace)),
        unit_name=first.workplace,
        owner_id=accounts.get(first.email),
        receipt_number=receipt,
        created_at=now,
        updated_at=now,
        submitted_at=now,
        applied_on=dossier.applied_on,
        money_benefit=dossier.money_benefit,
        scope="",
        applier=dossier.applier,
        investor="",
        nominated_by=dossier.nominated_by,
        advised_by=dossier.advised_by,
        is_state_funded=dossier.is_state_funded,
        benefit_applier="",
        participants="",
        confidential="",
        attachments=[],
        **dossier.texts,
    )
    initiative.authors = [
        _author(row, position, unit_ids=unit_ids, accounts=accounts) for position, row in enumerate(dossier.authors, 1)
    ]
    set_order_keys(initiative)
    initiative.content_hash = content_hash(initiative)
    return initiative


def _author(row: AuthorRow, position: int, *, unit_ids: Mapping[str, int], accounts: Mapping[str, int]) -> Author:
    return Author(
        position=position,
        name=row.name,
        birth_date=row.birth_date,
        unit_id=unit_ids.get(exact_key(row.workplace)),
        workplace=row.workplace,
        job_title=row.job_title,
        qualification=row.qualification,
        share=row.share,
        phone=row.phone,
        email=row.email,
        account_id=accounts.get(row.email) if row.email else None,
    )
