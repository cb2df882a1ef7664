"""Casting: a member's sealed envelopes go into the box at once, and a receipt says that they are in it."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from evaluator import policy
from evaluator.core.db import db
from evaluator.core.errors import Closed, Conflict, Invalid
from evaluator.core.text import N_
from evaluator.council import ledger
from evaluator.council.models import LedgerEntry, Member, SessionState
from evaluator.council.sealed import queries, standing
from evaluator.council.sealed.keys import Signer
from evaluator.council.sealed.models import Envelope, RollLine, SealedPoll, Stage, Way
from evaluator.policy import Action, Actor
from evaluator.rules import sealing
from evaluator.rules.evidence import digest
from evaluator.rules.sealing import RECEIPT


@dataclass(frozen=True, slots=True)
class Ballot:
    """What a browser sends: for which vote, the envelopes by part, and a number of its own for this request."""

    poll_hash: str
    envelopes: dict[int, bytes]
    request: str


def cast(sealed: SealedPoll, ballot: Ballot, *, signer: Signer, by: Actor, now: datetime) -> dict[str, Any]:
    """Put a member's envelopes into the box and return the receipt; a later ballot takes the place of the earlier.

    Members cast at the same second: the vote's row is locked, so each waits a moment and none is refused. The same
    request sent again has the same answer. Neither the history nor the ledger says who cast, or when.

    Raises:
        Closed: the box is shut.
        Conflict: another vote was frozen in the meantime, the member votes on paper, or copies somebody's envelope.
        Invalid: not exactly one envelope of the right length for each part the member may vote on.
    """
    policy.require(by, Action.VOTE_CAST, sealed)
    del now  # kept nowhere: neither table nor ledger tells when a member voted
    standing.take(sealed)
    if sealed.stage is not Stage.OPEN or sealed.is_over or sealed.session.state is not SessionState.OPEN:
        raise Closed(N_("The box is shut. This ballot was not taken."))
    if ballot.poll_hash != sealed.poll_hash:
        raise Conflict(N_("This page belongs to another vote. Load it again, then vote."))
    line = _line(sealed, by)
    if line.way is Way.PAPER:
        raise Conflict(N_("You are marked to vote on paper. Ask the counting team for your paper."))
    if ballot.request != line.request:
        _put_in(sealed, line, ballot)
    return receipt(sealed, line, signer=signer)


def _line(sealed: SealedPoll, by: Actor) -> RollLine:
    seat = queries.seat_of(sealed, by)
    if seat is None:
        raise Conflict(N_("This seat is taken by somebody else in this session."))
    return queries.roll_line(sealed, seat.id)


def parts_for(sealed: SealedPoll, line: RollLine) -> list[int]:
    """Return the parts a member is asked for: each that is entitled to and was not withdrawn."""
    wanted = [int(part) for part, status in line.parts.items() if status == "entitled"]
    return sorted(part for part in wanted if part not in sealed.withdrawn)


def _put_in(sealed: SealedPoll, line: RollLine, ballot: Ballot) -> None:
    _check(sealed, line, ballot)
    hashes = {part: sealing.hash_of(content) for part, content in ballot.envelopes.items()}
    copied = select(Envelope.hash).where(
        Envelope.sealed_id == sealed.id, Envelope.hash.in_(hashes.values()), Envelope.member_id != line.member_id
    )
    if len(set(hashes.values())) < len(hashes) or db.session.scalars(copied).first() is not None:
        raise Conflict(N_("An envelope like one of these is in the box already. Vote again on a page loaded anew."))
    inside = {envelope.part: envelope for envelope in queries.envelopes_of(sealed, line.member_id)}
    for part, content in sorted(ballot.envelopes.items()):
        if part not in inside:
            inside[part] = Envelope(sealed_id=sealed.id, member_id=line.member_id, part=part)
            db.session.add(inside[part])
        inside[part].content, inside[part].hash = content, hashes[part]
    number = standing.number_of(sealed)
    old, line.nonce, line.request = line.commit, secrets.token_hex(16), ballot.request
    line.commit = sealing.commitment(line.nonce, [envelope.hash for envelope in inside.values()])
    entry: tuple[str, dict[str, Any]] = ("cast", {"poll": number, "commit": line.commit})
    if old:
        entry = ("replace", {"poll": number, "old": old, "new": line.commit})
    assert sealed.opened_at is not None  # noqa: S101 - it is open
    ledger.add(sealed.session, entry, now=sealed.opened_at)  # one moment for all: the ledger does not tell who was late
    line.entry = ledger.last(sealed.session).number


def _check(sealed: SealedPoll, line: RollLine, ballot: Ballot) -> None:
    expected = parts_for(sealed, line)
    if sorted(ballot.envelopes) != expected or not expected:
        raise Invalid(N_("The ballot does not hold one envelope for each item. Load the page again, then vote."))
    length = sealing.sealed_length(sealed.pad, len(sealed.locks))
    if any(len(content) != length for content in ballot.envelopes.values()):
        raise Invalid(N_("An envelope has a wrong length. Load the page again, then vote."))


# --- receipts -----------------------------------------------------------------------------------


def receipt(sealed: SealedPoll, line: RollLine, *, signer: Signer) -> dict[str, Any]:
    """Return the receipt of inclusion: that these envelopes are in the box, signed; nothing of what they hold."""
    entry = db.session.scalars(
        select(LedgerEntry).where(LedgerEntry.session_id == sealed.session_id, LedgerEntry.number == line.entry)
    ).one()
    content = {
        "format": "evaluator-receipt",
        "v": 1,
        "session": sealed.session.code,
        "poll": standing.number_of(sealed),
        "poll_hash": sealed.poll_hash,
        "envelopes": [[envelope.part, envelope.hash] for envelope in queries.envelopes_of(sealed, line.member_id)],
        "nonce": line.nonce,
        "commit": line.commit,
        "entry": entry.number,
        "head": entry.hash,
        "replaced": entry.kind == "replace",
    }
    return content | {"signature": signer.sign(digest(RECEIPT, content))}


def maybe_receipt(sealed: SealedPoll, seat: Member, *, signer: Signer) -> dict[str, Any] | None:
    """Return a member's receipt, if an envelope of the member is in the box."""
    line = db.session.get(RollLine, (sealed.id, seat.id))
    return receipt(sealed, line, signer=signer) if line is not None and line.commit else None
