"""The evidence of a session in one archive that anybody can check without us: `python -m evaluator.verifier`."""

import hashlib
import io
import zipfile
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload, undefer

from evaluator.core.db import db
from evaluator.council import ledger
from evaluator.council.models import Item, Poll, PollItem, PollState, Session
from evaluator.council.records import facts
from evaluator.council.records.queries import closed
from evaluator.council.sealed import queries as ballots
from evaluator.papers.minutes import minutes
from evaluator.rules.evidence import canonical
from evaluator.rules.vote_rule import Mode

README = """Bằng chứng của một phiên họp Hội đồng: định nghĩa từng lượt biểu quyết, sổ ghi nối tiếp, phiếu công khai
hoặc tổng số phiếu giấy, kết quả, quyết định, khối số liệu của biên bản và biên bản.

Kiểm tra, không cần mạng và không cần phần mềm của Hội đồng ngoài một tệp verifier.py:
    python -m evaluator.verifier evidence.zip

The evidence of one session of a council. Check it with the one file verifier.py and Python alone:
    python -m evaluator.verifier evidence.zip
"""
STAMP = (1980, 1, 1, 0, 0, 0)


def bundle(held: Session) -> bytes:
    """Return the archive; the same session gives the same bytes.

    Raises:
        Conflict: the session still runs.
    """
    from evaluator.papers.docx import docx  # noqa: PLC0415 - loads python-docx, which only a download needs

    closed(held)
    evidence = evidence_of(held)
    files = {
        "evidence.json": canonical(evidence),
        "minutes.json": canonical(machine_block(evidence)),
        "minutes.docx": docx(minutes(facts.minutes_of(held))),
        "README.txt": README.encode(),
    }
    listed = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    return _archive(files | {"manifest.json": canonical({"v": 1, "files": listed})})


def evidence_of(held: Session) -> dict[str, Any]:
    """Return everything that was frozen, given, counted and decided, with the ledger that seals it."""
    polls = db.session.scalars(
        select(Poll)
        .where(Poll.session_id == held.id)
        .order_by(Poll.number)
        .options(
            undefer(Poll.definition),
            selectinload(Poll.lines).joinedload(PollItem.item).joinedload(Item.initiative),
            selectinload(Poll.lines).selectinload(PollItem.votes),
            joinedload(Poll.session),
        )
    ).all()
    entries = [
        {"number": each.number, "kind": each.kind, "body": each.body, "hash": each.hash, "at": each.at.isoformat()}
        for each in ledger.entries_of(held)
    ]
    return {
        "format": "evaluator-evidence",
        "v": 1,
        "session": ledger.description(held),
        "closed_at": held.closed_at.isoformat() if held.closed_at else None,
        "polls": [_poll(each) for each in polls],
        "decisions": _decisions(entries),
        "ledger": entries,
        "head": entries[-1]["hash"] if entries else ledger.genesis(held),
    }


def _decisions(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the decisions that stand: the last of each item, without those that were taken back."""
    standing: dict[int, dict[str, Any]] = {}
    for entry in entries:
        if entry["kind"] in {"decide", "reconsider"}:
            standing.pop(entry["body"]["item"], None)
        if entry["kind"] == "decide":
            standing[entry["body"]["item"]] = entry["body"]
    return list(standing.values())


def machine_block(evidence: dict[str, Any]) -> dict[str, Any]:
    """Return what the minutes say, for machines: the last count of each item, and the head of the ledger."""
    decided = {decision["item"]: decision["selected"] for decision in evidence["decisions"]}
    last: dict[int, dict[str, Any]] = {}
    for poll in evidence["polls"]:
        lines = {line["part"]: line for line in poll["result"] or ()}
        for part in poll["definition"]["parts"]:
            line = lines.get(part["part"])
            if line is None:  # not counted, or withdrawn while the vote was open
                continue
            last[part["part"]] = {
                "item": part["part"],
                "initiative": part["initiative"],
                "title": part["title"],
                "selected": decided.get(part["part"]),
                **{key: line[key] for key in ("yes", "no", "abstain", "base", "needed", "verdict")},
            }
    return {"v": 1, "head": evidence["head"], "items": [last[item] for item in sorted(last)]}


def _poll(poll: Poll) -> dict[str, Any]:
    is_counted = poll.state is PollState.COUNTED
    is_sealed = poll.mode is Mode.SEALED
    sealed = {"sealed": {"totals": poll.totals, "ballots": ballots.shown(poll)}} if is_counted and is_sealed else {}
    return {
        "definition": poll.definition,
        "state": str(poll.state),
        "votes": ledger.votes_of(poll) if is_counted and not poll.totals else [],
        "papers": poll.totals if is_counted and poll.totals and not is_sealed else None,
        "result": ledger.result_of(poll) if is_counted else None,
        **sealed,
    }


def _archive(files: dict[str, bytes]) -> bytes:
    """Return the files stored in order, without times of their own: the verifier rebuilds the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files):
            info = zipfile.ZipInfo(name, STAMP)
            info.create_system, info.external_attr = 3, 0o644 << 16
            archive.writestr(info, files[name])
    return buffer.getvalue()
