"""Commands on the papers of a result: issue certificates, take an office's own form, build many papers at once."""

import hashlib
from datetime import datetime

from sqlalchemy import delete, insert

from evaluator import policy
from evaluator.audit import service as audit
from evaluator.core.codes import random_code
from evaluator.core.db import db
from evaluator.core.errors import Conflict, Invalid
from evaluator.core.files import Store, kind_of, scrubbed
from evaluator.core.text import N_
from evaluator.council.models import Council
from evaluator.council.papers import queries
from evaluator.council.papers.models import BatchFormat, Certificate, OfficeForm, PaperBatch
from evaluator.papers import office_form
from evaluator.papers.kinds import PaperKind
from evaluator.papers.placeholders import FIELDS
from evaluator.policy import Action, Actor
from evaluator.rules.vietnamese import clean_line
from evaluator.work import service as work
from evaluator.work.models import Work

BUILDING = "build-papers"
BATCHED = {PaperKind.NOTICE: BatchFormat.ZIP, PaperKind.CERTIFICATE: BatchFormat.PDF}
CODE_LENGTH = 12
MOST_FORM = 5 * 2**20
NOT_A_FORM = N_("A form is a Word document (.docx) without macros.")
TOO_LARGE = N_("The form is larger than 5 MB. Take large pictures out of it.")


def issue_certificates(council: Council, *, by: Actor, now: datetime) -> int:
    """Give every selected initiative its certificate with a check code of its own; returns how many were new.

    Raises:
        Conflict: a session still runs, or nothing has been decided.
    """
    policy.require(by, Action.PAPERS_KEEP, council)
    queries.ready(council)
    waiting = queries.without_certificate(council)
    if waiting:
        rows = [
            {
                "council_id": council.id,
                "initiative_id": initiative_id,
                "check_code": random_code(CODE_LENGTH),
                "issued_at": now,
            }
            for initiative_id in waiting
        ]
        db.session.execute(insert(Certificate), rows)
        audit.record("certificates.issued", about=council, by=by, now=now, count=len(waiting))
    return len(waiting)


def take_form(
    council: Council, kind: PaperKind, name: str, data: bytes, *, store: Store, by: Actor, now: datetime
) -> OfficeForm:
    """Take the office's own form for a kind of paper, after looking it through; an earlier one is kept aside.

    Raises:
        Invalid: it is no .docx, or names something unknown; every problem is named with its remedy.
    """
    policy.require(by, Action.PAPERS_KEEP, council)
    if kind not in FIELDS:
        raise Invalid.on("kind", N_("This kind of paper has no form of the office's own."))
    if len(data) > MOST_FORM:
        raise Invalid.on("file", TOO_LARGE)
    if kind_of(data) != "docx":
        raise Invalid.on("file", NOT_A_FORM)
    content = scrubbed(data, "docx")
    office_form.check(content, FIELDS[kind])
    _retire(council, kind, now=now)
    form = OfficeForm(
        unit_id=council.round.unit_id,
        kind=kind,
        name=clean_line(name)[:255],
        stored_as=store.put(content),
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        uploaded_at=now,
    )
    db.session.add(form)
    audit.record("form.taken", about=council, by=by, now=now, kind=kind, sha256=form.sha256)
    return form


def retire_form(council: Council, kind: PaperKind, *, by: Actor, now: datetime) -> None:
    """Go back to our own form for a kind of paper.

    Raises:
        Conflict: ours is in use already.
    """
    policy.require(by, Action.PAPERS_KEEP, council)
    if not _retire(council, kind, now=now):
        raise Conflict(N_("Our own form is in use already."))
    audit.record("form.retired", about=council, by=by, now=now, kind=kind)


def _retire(council: Council, kind: PaperKind, *, now: datetime) -> bool:
    form = queries.form_for(council.round.unit_id, kind)
    if form is not None:
        form.retired_at = now
    return form is not None


def ask_batch(council: Council, kind: PaperKind, *, by: Actor, now: datetime) -> Work:
    """Ask for all notices, or all certificates, in one file; names leave the house with it, so it is on record.

    Raises:
        Invalid: papers of this kind are made one by one.
        Conflict: nothing has been decided; or there are certificates still to be issued.
    """
    policy.require(by, Action.PAPERS_KEEP, council)
    queries.ready(council)
    if kind not in BATCHED:
        raise Invalid(N_("Papers of this kind are made one by one."))
    if kind is PaperKind.CERTIFICATE and not queries.check_codes(council):
        raise Conflict(N_("Issue the certificates first; each then has its check code."))
    audit.record("papers.batch-asked", about=council, by=by, now=now, kind=kind)
    return work.ask(
        BUILDING, about=f"{council.code}/{kind}", params={"council": council.code, "kind": str(kind)}, by=by, now=now
    )


def keep_batch(
    council: Council, kind: PaperKind, content: bytes, *, count: int, store: Store, by: Actor, now: datetime
) -> PaperBatch:
    """Keep what was built as the newest batch of its kind."""
    policy.require(by, Action.PAPERS_KEEP, council)
    form = BATCHED[kind]
    same = (PaperBatch.council_id == council.id, PaperBatch.kind == kind, PaperBatch.format == form)
    db.session.execute(delete(PaperBatch).where(*same))
    batch = PaperBatch(
        council_id=council.id,
        kind=kind,
        format=form,
        stored_as=store.put(content),
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        count=count,
        built_at=now,
    )
    db.session.add(batch)
    audit.record("papers.built", about=council, by=by, now=now, kind=kind, count=count, sha256=batch.sha256)
    return batch
