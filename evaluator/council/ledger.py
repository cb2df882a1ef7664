"""The ledger of a session: every step of every vote, each entry sealing the one before; only ever added to."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import select

from evaluator.core.db import db
from evaluator.council.models import LedgerEntry, Poll, Session
from evaluator.rules.evidence import POLL, RESULT, SESSION, VOTES, digest, link


def add(session: Session, *entries: tuple[str, dict[str, Any]], now: datetime) -> None:
    """Add entries in their order; the session's row is locked so that two votes cannot take the same place."""
    db.session.execute(select(Session.id).where(Session.id == session.id).with_for_update())
    last = db.session.scalar(
        select(LedgerEntry).where(LedgerEntry.session_id == session.id).order_by(LedgerEntry.number.desc()).limit(1)
    )
    number, before = (last.number, last.hash) if last else (0, genesis(session))
    for kind, body in entries:
        number += 1
        before = link(before, number, kind, body, now.isoformat())
        db.session.add(LedgerEntry(session_id=session.id, number=number, kind=kind, body=body, hash=before, at=now))
    db.session.flush()  # the next call continues from here


def genesis(session: Session) -> str:
    """Return where the chain of a session begins: at the hash of what the session is."""
    return digest(SESSION, description(session))


def description(session: Session) -> dict[str, Any]:
    """Return what a session is, as it was opened; one that began before this was kept is described from its council."""
    if session.opening:
        return session.opening
    council = session.council
    return {
        "council": council.title,
        "decision_number": council.decision_number,
        "decision_date": council.decision_date.isoformat(),
        "round": council.code,
        "session": session.number,
        "rule": council.round.vote_rule,
        "place": session.place,
        "opened_at": session.opened_at.isoformat(),
        "members": [
            {"seat": member.position, "name": member.name, "role": str(member.role)} for member in session.everybody
        ],
    }


def last(session: Session) -> LedgerEntry:
    """Return the last entry of a session that has one."""
    wanted = select(LedgerEntry).where(LedgerEntry.session_id == session.id)
    return db.session.scalars(wanted.order_by(LedgerEntry.number.desc()).limit(1)).one()


def entries_of(session: Session) -> Iterable[LedgerEntry]:
    """Return the ledger of a session from its first entry on."""
    return db.session.scalars(
        select(LedgerEntry).where(LedgerEntry.session_id == session.id).order_by(LedgerEntry.number)
    ).all()


def broken() -> list[str]:
    """Return the codes of sessions whose ledger does not hold together; a few are enough."""
    found: list[str] = []
    chains: dict[int, list[LedgerEntry]] = defaultdict(list)
    for entry in db.session.scalars(select(LedgerEntry).order_by(LedgerEntry.session_id, LedgerEntry.number)):
        chains[entry.session_id].append(entry)
    for session in db.session.scalars(select(Session).where(Session.id.in_(chains))):
        before = genesis(session)
        for number, entry in enumerate(chains[session.id], start=1):
            before = link(before, number, entry.kind, entry.body, entry.at.isoformat())
            if entry.number != number or entry.hash != before:
                found.append(f"{session.code}: {number}")
                break
    return found[:5]


# --- what the entries say -----------------------------------------------------------------------


def frozen(poll: Poll) -> tuple[str, dict[str, Any]]:
    """Return the entry for a vote that was put: its definition does not change any more."""
    return "freeze", {"poll": poll.number, "poll_hash": digest(POLL, poll.definition)}


def recorded(poll: Poll) -> tuple[str, dict[str, Any]]:
    """Return the entry for votes by name that were recorded."""
    return "record", {"poll": poll.number, "votes_hash": digest(VOTES, votes_of(poll))}


def entered(poll: Poll, totals: dict[str, Any], *, place: int, by: str) -> tuple[str, dict[str, Any]]:
    """Return the entry for totals of papers that one person entered."""
    return "papers", {"poll": poll.number, "place": place, "by": by, "totals_hash": digest(VOTES, totals)}


def counted(poll: Poll) -> tuple[str, dict[str, Any]]:
    """Return the entry for a vote that was counted."""
    given = poll.totals or votes_of(poll)
    return "close", {
        "poll": poll.number,
        "votes_hash": digest(VOTES, given),
        "result_hash": digest(RESULT, result_of(poll)),
    }


def ended(session: Session) -> tuple[str, dict[str, Any]]:
    """Return the last entry: the session is closed; it stands where a vote would, as number 0."""
    closed_at = session.closed_at.isoformat() if session.closed_at else ""
    return "end", {"poll": 0, "closed_at": closed_at, "conclusion": session.conclusion}


def votes_of(poll: Poll) -> list[list[Any]]:
    """Return the votes by name: [part, seat, vote], or [seat, ranking] where members ranked the items."""
    seats = {member.id: member.position for member in poll.session.everybody}
    ranked = [[seats[each.member_id], each.ranking] for each in poll.rankings]
    found = [
        [line.item.number, seats[vote.member_id], str(vote.vote)] for line in poll.counted_lines for vote in line.votes
    ]
    return sorted(ranked) or sorted(found)


def result_of(poll: Poll) -> list[dict[str, Any]]:
    """Return what was counted, part by part; a place only where ballots gave one."""
    return [
        {
            "part": line.item.number,
            "yes": line.yes,
            "no": line.no,
            "abstain": line.abstain,
            "casting": line.casting and str(line.casting),
            "base": line.base,
            "needed": line.needed,
            "verdict": str(line.verdict),
            "tied": line.is_tied,
            **({"place": line.place} if line.place else {}),
        }
        for line in sorted(poll.counted_lines, key=lambda each: each.item.number)
    ]
