"""Commands on the register: enter what the office gave a paper, keep its signed scan."""

import hashlib
import re
from dataclasses import dataclass
from datetime import date, datetime

from evaluator import policy
from evaluator.audit import service as audit
from evaluator.core.db import db
from evaluator.core.errors import Conflict, Invalid
from evaluator.core.files import Store, kind_of
from evaluator.core.text import N_
from evaluator.council.models import Council
from evaluator.council.register import queries
from evaluator.council.register.models import RegisteredPaper
from evaluator.council.register.queries import Key
from evaluator.policy import Action, Actor
from evaluator.rules.vietnamese import clean_line

NUMBER = re.compile(r"\d+/[^\s/]+(?:/\S+)?")  # 45/QĐ-MTTQ-BTT, also 12/QĐ-MTTQ-BTT/2026
MOST_SCAN = 20 * 2**20
TOO_LARGE = N_("The scan is larger than 20 MB. Scan it at 200 dpi, which is enough (Decree 30).")
NOT_A_SCAN = N_("A signed paper is kept as a PDF or as a picture (JPEG, PNG).")
NOT_A_NUMBER = N_("Write the number with its symbol, as the register has it: 45/QĐ-MTTQ-BTT.")


@dataclass(frozen=True, slots=True)
class Registration:
    """What comes from outside: number with symbol, date, who signs in which capacity."""

    number: str = ""
    dated: date | None = None
    signed_for: str = ""
    signer_office: str = ""
    signer: str = ""


def register(
    council: Council, key: Key, given: Registration, *, read_version: int, by: Actor, now: datetime
) -> RegisteredPaper:
    """Enter number, date and signature of a paper; what is empty is awaited.

    Raises:
        Invalid: the number has no symbol, or there is a number and no date.
        Conflict: somebody else entered it in the meantime, or the signed paper is kept already.
    """
    policy.require(by, Action.PAPERS_KEEP, council)
    paper = queries.maybe(council, key)
    if read_version != (paper.version if paper is not None else 0):
        raise Conflict
    if paper is None:
        paper = RegisteredPaper(council_id=council.id, kind=key.kind, about=key.about)
        db.session.add(paper)
    if paper.scan_stored_as:
        raise Conflict(
            N_("The signed paper is kept with this number. Take the scan away first if it was the wrong one.")
        )
    number = clean_line(given.number)
    if number and not NUMBER.fullmatch(number):
        raise Invalid.on("number", NOT_A_NUMBER)
    if number and given.dated is None:
        raise Invalid.on("dated", N_("A numbered paper has a date."))
    paper.number, paper.dated = number, given.dated
    paper.signed_for, paper.signer_office = clean_line(given.signed_for), clean_line(given.signer_office)
    paper.signer = clean_line(given.signer)
    audit.record("paper.registered", about=council, by=by, now=now, kind=key.kind, number=number, place=key.about)
    return paper


def keep_scan(paper: RegisteredPaper, name: str, data: bytes, *, store: Store, by: Actor, now: datetime) -> None:
    """Keep the signed paper as it came back, with its hash; it stands for the paper from now on.

    Raises:
        Invalid: it is no PDF or picture, or too large; or the paper has no number yet.
    """
    policy.require(by, Action.PAPERS_KEEP, paper.council)
    if not paper.number:
        raise Invalid.on("number", N_("A signed paper has a number. Enter it as well."))
    if len(data) > MOST_SCAN:
        raise Invalid.on("scan", TOO_LARGE)
    if kind_of(data) not in {"pdf", "jpeg", "png"}:
        raise Invalid.on("scan", NOT_A_SCAN)
    paper.scan_stored_as, paper.scan_sha256 = store.put(data), hashlib.sha256(data).hexdigest()
    paper.scan_name, paper.scan_size, paper.scanned_at = clean_line(name)[:255], len(data), now
    audit.record(
        "paper.scan-kept", about=paper.council, by=by, now=now, kind=paper.kind, number=paper.number,
        sha256=paper.scan_sha256,
    )  # fmt: skip


def drop_scan(paper: RegisteredPaper, *, by: Actor, now: datetime) -> None:
    """Take a wrong scan away; the file stays in the store, the history keeps its hash.

    Raises:
        Conflict: there is none.
    """
    policy.require(by, Action.PAPERS_KEEP, paper.council)
    if not paper.scan_stored_as:
        raise Conflict(N_("No signed paper is kept here."))
    dropped = paper.scan_sha256
    paper.scan_stored_as = paper.scan_sha256 = paper.scan_name = ""
    paper.scan_size, paper.scanned_at = 0, None
    audit.record(
        "paper.scan-dropped", about=paper.council, by=by, now=now, kind=paper.kind, number=paper.number, sha256=dropped
    )
