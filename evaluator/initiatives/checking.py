"""What the secretary does with a submitted dossier: accept, ask for a supplement, refuse."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from evaluator import policy
from evaluator.audit import service as audit
from evaluator.core.codes import random_code
from evaluator.core.errors import Invalid
from evaluator.core.text import N_
from evaluator.initiatives import precheck
from evaluator.initiatives.files import Upload
from evaluator.initiatives.models import Attachment, Initiative, Supplement
from evaluator.initiatives.precheck import Copy
from evaluator.notices import service as notices
from evaluator.policy import Action, Actor
from evaluator.rules import lifecycle
from evaluator.rules.lifecycle import Event
from evaluator.rules.vietnamese import clean

STILL_TELLS = N_(
    "%(names)s still tells of the authors, and it cannot be struck out inside. Withhold it, or replace the reviewers' copy by one in which it is struck out."
)
NO_COPIES: Mapping[str, Copy] = {}
LEAST_REASON = 10  # letters: a reason later stands in a letter


def accept(
    initiative: Initiative,
    *,
    let_stand: Collection[str] = (),
    withhold: Collection[str] = (),
    copies: Mapping[str, Copy] = NO_COPIES,
    reason: str = "",
    by: Actor,
    now: datetime,
) -> Initiative:
    """Let the dossier go to the reviewers, under a blind code that tells nothing.

    What they will read is fixed here: every trace of the authors that the pre-check finds is masked, but for
    those the secretary lets stand (``precheck.Found.key``) for a reason that stays on record. Files to be
    withheld are named by their codes; of the others ``copies`` holds those in which traces were struck out
    (``precheck.struck_copies``). No file goes to reviewers that still tells of its authors.

    Raises:
        Conflict: it is not being checked any more.
        Invalid: on ``reason``, when traces are let stand without one; on ``files``, when one still tells.
    """
    policy.require(by, Action.INITIATIVE_CHECK, initiative)
    if let_stand:
        reason = _reason(reason)
    told = precheck.still_told(initiative, copies, let_stand=let_stand, withhold=withhold)
    if told:
        raise Invalid.on("files", STILL_TELLS, names=", ".join(each.name for each in told))
    initiative.state = lifecycle.after(initiative.state, Event.ACCEPT)
    initiative.checked_at = now
    initiative.blind_code = random_code()
    copy = precheck.blind_copy(initiative, let_stand=let_stand)
    initiative.blind_title = copy.pop("title")
    initiative.blind_copy = copy
    struck = []
    for attachment in initiative.attachments:
        attachment.is_withheld = attachment.code in withhold
        if attachment.code in copies:
            _take(attachment, copies[attachment.code])
            struck.append(attachment.sha256)
    facts = {"let_stand": sorted(let_stand), "why": clean(reason)} if let_stand else {}
    withheld = [each.sha256 for each in initiative.attachments if each.is_withheld]
    audit.record("initiative.accepted", about=initiative, by=by, now=now, withheld=withheld, struck=struck, **facts)
    _tell(initiative, "initiative-accepted", now=now)
    return initiative


def replace_copy(initiative: Initiative, attachment: Attachment, upload: Upload, *, by: Actor, now: datetime) -> None:
    """Give reviewers another copy of a file, in which somebody has struck out what tells of the authors.

    The file as the author sent it stays as it is. The copy is checked like any other when the dossier is accepted.

    Raises:
        Conflict: the dossier is not being checked any more.
        Invalid: on ``file``, when it is of another kind.
    """
    policy.require(by, Action.INITIATIVE_CHECK, initiative)
    if upload.kind != attachment.kind:
        raise Invalid.on("file", N_("Send the copy as .%(kind)s, like the file it stands for."), kind=attachment.kind)
    _take(attachment, Copy(upload.blind_stored_as, upload.blind_size, upload.reading))
    audit.record("initiative.copy-replaced", about=initiative, by=by, now=now, sha256=upload.sha256)


def _take(attachment: Attachment, copy: Copy) -> None:
    attachment.blind_stored_as, attachment.blind_size = copy.stored_as, copy.size
    attachment.reading = copy.reading.as_document()


def ask_supplement(initiative: Initiative, reason: str, *, until: datetime, by: Actor, now: datetime) -> Initiative:
    """Hand the pen back to the author until a moment, saying what is missing.

    Raises:
        Conflict: it is not being checked any more.
        Invalid: no reason, or a term that is over.
    """
    policy.require(by, Action.INITIATIVE_CHECK, initiative)
    reason = _reason(reason)
    if until <= now:
        raise Invalid.on("until", N_("The term must lie in the future."))
    initiative.state = lifecycle.after(initiative.state, Event.ASK_SUPPLEMENT)
    initiative.supplements.append(Supplement(asked_at=now, reason=reason, until=until))
    audit.record("initiative.supplement-asked", about=initiative, by=by, now=now, reason=reason, until=until)
    _tell(initiative, "supplement-asked", now=now, reason=reason, until=until)
    return initiative


def refuse(initiative: Initiative, reason: str, *, by: Actor, now: datetime) -> Initiative:
    """Do not take the dossier into the round, for a reason the author reads.

    Raises:
        Conflict: it is not being checked any more.
        Invalid: no reason.
    """
    policy.require(by, Action.INITIATIVE_CHECK, initiative)
    reason = _reason(reason)
    initiative.state = lifecycle.after(initiative.state, Event.REFUSE)
    initiative.checked_at = now
    initiative.reason = reason
    audit.record("initiative.refused", about=initiative, by=by, now=now, reason=reason)
    _tell(initiative, "initiative-refused", now=now, reason=reason)
    return initiative


def _reason(written: str) -> str:
    reason = clean(written)
    if len(reason) < LEAST_REASON:
        raise Invalid.on("reason", N_("Give the reason in a sentence; the author will read it."))
    return reason


def _tell(initiative: Initiative, template: str, *, now: datetime, **values: Any) -> None:
    """Write to the owner, or to the first author who left an address."""
    to: Any = initiative.owner
    if to is None:
        to = [notices.Person(name=each.name, email=each.email) for each in initiative.authors if each.email][:1]
    notices.queue(template, to=to, about=initiative, now=now, code=initiative.code, title=initiative.title, **values)
