"""Opening: the holders of each lock hand in what they got; equal results take the lock off; then it is counted."""

import base64
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from evaluator import policy
from evaluator.audit import service as audit
from evaluator.core.db import db
from evaluator.core.errors import Conflict, Invalid
from evaluator.core.text import N_
from evaluator.council import ledger
from evaluator.council.sealed import counting, papers, queries, standing
from evaluator.council.sealed.counting import Opened
from evaluator.council.sealed.keys import is_signed
from evaluator.council.sealed.models import Lock, OpenedList, SealedPoll, Stage, Strip
from evaluator.policy import Action, Actor
from evaluator.rules import sealing
from evaluator.rules.evidence import canonical, digest
from evaluator.rules.sealing import PUBLISHED_FROM, STRIP, Flaw, Flawed, Layer, Part, Publication

BEFORE = {Layer.OUTER: Stage.SHUT, Layer.INNER: Stage.HALF_OPENED}


def inputs(sealed: SealedPoll, layer: Layer) -> dict[int, list[bytes]]:
    """Return, by part, what the holders of a lock have before them: by hash, without the members."""
    if layer is Layer.INNER:
        return {
            part: [base64.b64decode(each) for each in found.content]
            for part, found in queries.opened(sealed, Layer.OUTER).items()
        }
    numbers = [part.number for part in standing.parts(sealed)]
    listed: dict[int, list[bytes]] = {number: [] for number in numbers if number not in sealed.withdrawn}
    for envelope in queries.envelopes(sealed):
        if envelope.part in listed:
            listed[envelope.part].append(envelope.content)
    return listed


def box(sealed: SealedPoll, lock: Lock, *, by: Actor) -> dict[str, Any]:
    """Return the file that a holder takes to the machine with the key: envelopes without names, and the ledger.

    Raises:
        Conflict: it is not the turn of this lock.
    """
    policy.require(by, Action.KEY_HOLD, lock)
    standing.must_be(sealed, BEFORE[lock.layer])
    entries = [
        {"number": each.number, "kind": each.kind, "body": each.body, "hash": each.hash, "at": each.at.isoformat()}
        for each in ledger.entries_of(sealed.session)
    ]
    poll = standing.poll_of(sealed)
    return {
        "format": "evaluator-sealed-box",
        "v": 1,
        "layer": str(lock.layer),
        "session": ledger.description(sealed.session),
        "definition": poll.definition,
        "ledger": entries,
        "parts": [
            {"part": part, "inputs": [base64.b64encode(each).decode() for each in sealing.canonical_order(listed)]}
            for part, listed in sorted(inputs(sealed, lock.layer).items())
        ],
    }


def hand_in(sealed: SealedPoll, lock: Lock, document: Mapping[str, Any], *, by: Actor, now: datetime) -> bool:
    """Take what a holder got by taking the lock off; return whether both have and the lock is off now.

    Of the first only hashes and counts are kept. The second must be equal to it; with the last lock the ballots are
    counted at once.

    Raises:
        Conflict: it is not the turn of this lock.
        Invalid: it is about another vote or other envelopes, its signature or its numbers do not hold, or it is not
            equal to what the other holder handed in: then nothing is opened.
    """
    policy.require(by, Action.KEY_HOLD, lock)
    standing.take(sealed)
    standing.must_be(sealed, BEFORE[lock.layer])
    seat = queries.seat_of(sealed, by)
    if seat is None or seat.id not in lock.holders:
        raise Conflict(N_("Only the two holders of this key hand in what it opened."))
    strip = _Strip(sealed, lock, document, lock.signing_keys[lock.holders.index(seat.id)])
    strip.check(inputs(sealed, lock.layer))
    others = [each for each in queries.strips(sealed, lock.layer) if each.member_id != seat.id]
    if others and others[0].parts != strip.parts:
        raise Invalid(
            N_("This is not equal to what the other holder handed in. Nothing is opened; look for the cause together.")
        )
    db.session.merge(
        Strip(sealed_id=sealed.id, layer=lock.layer, member_id=seat.id, parts=strip.parts, signature=strip.signature)
    )
    body = {"poll": standing.number_of(sealed), "layer": str(lock.layer), "seat": seat.position}
    ledger.add(sealed.session, ("strip", body | {"parts": strip.parts, "signature": strip.signature}), now=now)
    audit.record("ballot.lock-tried", about=sealed, by=by, now=now, layer=str(lock.layer))
    if others and strip.is_last and papers.expected(sealed) and papers.agreed(standing.poll_of(sealed)) is None:
        raise Conflict(N_("Some members voted on paper: two people enter the totals of the papers first."))
    if others:
        _take_off(sealed, lock, strip, by=by, now=now)
    return bool(others)


class _Strip:
    """One file of a holder, read strictly."""

    def __init__(self, sealed: SealedPoll, lock: Lock, document: Mapping[str, Any], signing_key: str) -> None:
        self.sealed, self.lock, self.signing_key = sealed, lock, signing_key
        self.is_last = lock is sealed.locks[-1]
        try:
            about = (document["format"], document["v"], document["poll_hash"], document["layer"])
            self.parts: list[dict[str, Any]] = [
                {
                    "part": int(each["part"]),
                    "n": int(each["n"]),
                    "in_hash": str(each["in_hash"]),
                    "out_hash": str(each["out_hash"]),
                    "invalid": [[str(name), str(why)] for name, why in each["invalid"]],
                }
                for each in document["parts"]
            ]
            self.outputs = {
                int(each["part"]): [base64.b64decode(text, validate=True) for text in each["outputs"]]
                for each in document["parts"]
            }
            self.salts = {int(each["part"]): str(each["salt"]) for each in document["parts"]}
            self.signature = str(document["signature"])
        except (KeyError, TypeError, ValueError) as error:
            raise Invalid(N_("This is not a file that the opening tool made when it took a lock off.")) from error
        if about != ("evaluator-sealed-strip", 1, sealed.poll_hash, str(lock.layer)):
            raise Invalid(N_("This file is about another vote or another lock."))

    def check(self, given: Mapping[int, Sequence[bytes]]) -> None:
        """Refuse what does not follow from the envelopes that were given out."""
        signed = {"poll_hash": self.sealed.poll_hash, "layer": str(self.lock.layer), "parts": self.parts}
        if not is_signed(digest(STRIP, signed), self.signature, self.signing_key):
            raise Invalid(N_("The signature on this file is not yours."))
        if [each["part"] for each in self.parts] != sorted(given):
            raise Invalid(N_("This file is about another vote or another lock."))
        for each in self.parts:
            self._check_part(each, given[each["part"]])

    def _check_part(self, part: Mapping[str, Any], given: Sequence[bytes]) -> None:
        outputs, salt = self.outputs[part["part"]], self.salts[part["part"]]
        hashes = {sealing.hash_of(each) for each in given}
        needs_salt = self.is_last and self.sealed.publication is Publication.TOTALS
        holds = (
            part["n"] == len(given)
            and part["in_hash"] == sealing.list_hash(hashes)
            and part["out_hash"] == sealing.list_hash(map(sealing.hash_of, outputs), salt)
            and len(outputs) + len(part["invalid"]) == len(given)
            and all(name in hashes and why in set(Flaw) for name, why in part["invalid"])
            and len({name for name, _ in part["invalid"]}) == len(part["invalid"])
            and bool(salt) == needs_salt
            and (self.is_last or outputs == sealing.canonical_order(outputs))
        )
        if not holds:
            raise Invalid(N_("The numbers or hashes of this file do not add up; it was changed or is damaged."))


def _take_off(sealed: SealedPoll, lock: Lock, strip: _Strip, *, by: Actor, now: datetime) -> None:
    if not strip.is_last:
        for number, outputs in strip.outputs.items():
            content = [base64.b64encode(each).decode() for each in outputs]
            db.session.add(OpenedList(sealed_id=sealed.id, layer=lock.layer, part=number, content=content))
        sealed.stage = Stage.HALF_OPENED
        audit.record("ballot.lock-off", about=sealed, by=by, now=now, layer=str(lock.layer))
        return
    outer = {each["part"]: each["invalid"] for each in queries.strips(sealed, Layer.OUTER)[0].parts}
    opened = {}
    for part in standing.parts(sealed):
        if part.number in sealed.withdrawn:
            continue
        ballots, flaws = _read(sealed, part, strip.outputs[part.number])
        locked = {name for each in strip.parts if each["part"] == part.number for name, _ in each["invalid"]}
        locked |= {name for name, _ in outer[part.number]}
        opened[part.number] = Opened(ballots, flaws + Counter({str(Flaw.LOCKED): len(locked)}))
        content = _published(sealed, ballots)
        db.session.add(OpenedList(sealed_id=sealed.id, layer=lock.layer, part=part.number, content=content))
    counting.count(sealed, opened, by=by, now=now)
    sealed.stage = Stage.OPENED
    audit.record("ballot.lock-off", about=sealed, by=by, now=now, layer=str(lock.layer))


def _read(sealed: SealedPoll, part: Part, outputs: Sequence[bytes]) -> tuple[list[tuple[Any, str]], Counter[str]]:
    """Return the ballots of a part as choice and tracker, and how many cannot be counted, by reason."""
    tracked = sealed.publication is Publication.TRACKED
    ballots, flaws = [], Counter[str]()
    for plain in outputs:
        try:
            ballots.append(sealing.read(plain, poll_hash=sealed.poll_hash, part=part, pad=sealed.pad, tracked=tracked))
        except Flawed as flawed:
            flaws[str(flawed.flaw)] += 1
    return ballots, flaws


def _published(sealed: SealedPoll, ballots: Sequence[tuple[Any, str]]) -> list[Any]:
    """Return what of the ballots of a part is kept and shown: by the words on them, or their choices in order."""
    if sealed.publication is Publication.TRACKED:
        return sorted([tracker, choice] for choice, tracker in ballots)
    if sealed.publication is Publication.BALLOTS and len(ballots) >= PUBLISHED_FROM:
        return sorted((choice for choice, _ in ballots), key=canonical)
    return []
