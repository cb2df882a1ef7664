"""What the office's register says of a paper: its number and date, who signs it, the signed scan."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from evaluator.core.db import db
from evaluator.core.files import Store
from evaluator.council.models import Council
from evaluator.council.register.models import RegisteredPaper
from evaluator.papers.kinds import PaperKind


@dataclass(frozen=True, slots=True)
class Entry:
    """What the papers print of it; nothing until the number comes back from the office."""

    number: str = ""  # with its symbol
    dated: date | None = None
    signed_for: str = ""  # TM. BAN THƯỜNG TRỰC
    signer_office: str = ""
    signer: str = ""


NO_ENTRY = Entry()


@dataclass(frozen=True, slots=True)
class Key:
    """Which paper of a council: a kind, and the session (and vote) it is about."""

    kind: PaperKind
    about: str = ""


def entry(council: Council, kind: PaperKind, about: str = "") -> Entry:
    """Return what is registered of one paper; empty while the office has not numbered it."""
    found = maybe(council, Key(kind, about))
    return entry_of(found) if found is not None else NO_ENTRY


def entry_of(paper: RegisteredPaper) -> Entry:
    """Return a registered paper as the papers print it."""
    return Entry(paper.number, paper.dated, paper.signed_for, paper.signer_office, paper.signer)


def maybe(council: Council, key: Key) -> RegisteredPaper | None:
    """Return the register's line of a paper, if there is one."""
    return db.session.scalar(
        select(RegisteredPaper).where(
            RegisteredPaper.council_id == council.id,
            RegisteredPaper.kind == key.kind,
            RegisteredPaper.about == key.about,
        )
    )


def all_of(council: Council) -> Mapping[Key, RegisteredPaper]:
    """Return every line of a council in the register, in one statement."""
    lines = db.session.scalars(select(RegisteredPaper).where(RegisteredPaper.council_id == council.id))
    return {Key(line.kind, line.about): line for line in lines}


def is_intact(paper: RegisteredPaper, store: Store) -> bool:
    """Return whether the kept scan still has the hash it came with."""
    if not store.has(paper.scan_stored_as):
        return False
    return hashlib.sha256(store.get(paper.scan_stored_as)).hexdigest() == paper.scan_sha256
