"""Sealed votes to test with: keys made as holders make them, ballots sealed as a browser seals them."""

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey

from evaluator import opener
from evaluator.core.db import db, transaction
from evaluator.council.models import Item, Member, Poll, Session
from evaluator.council.sealed import casting, opening, queries
from evaluator.council.sealed import service as sealed_ballot
from evaluator.council.sealed.casting import Ballot
from evaluator.council.sealed.keys import Signer
from evaluator.council.sealed.models import SealedPoll
from evaluator.policy import Actor
from evaluator.rules import sealing
from evaluator.rules.sealing import Layer
from tests.factories import actor_of
from tests.factories_council import account_of, the_secretary

SECRET = "only-for-tests"


def enclosed(plain: bytes, layers: Sequence[Mapping[str, Any]], poll_hash: str, part: int) -> bytes:
    """Seal as the browser does: the inner lock first."""
    for layer in reversed(layers):
        public = EllipticCurvePublicKey.from_encoded_point(SECP256R1(), bytes.fromhex(layer["public_key"]))
        plain = opener.SUITE.encrypt(plain, public, info=sealing.info(layer["layer"], poll_hash, part))
    return plain


@dataclass
class SealedVote:
    """A sealed vote with the people around it; each step is one transaction, as on the pages."""

    sealed: SealedPoll
    now: datetime
    keys: dict[str, list[opener.Key]] = field(default_factory=dict)

    @property
    def session(self) -> Session:
        return self.sealed.session

    @property
    def chair(self) -> Actor:
        return actor_of(account_of(self.session.members[0]))

    @property
    def signer(self) -> Signer:
        return Signer.of(SECRET, self.sealed.key)

    @property
    def poll(self) -> Poll:
        assert self.sealed.poll is not None
        return self.sealed.poll

    def member(self, place: int) -> Member:
        return self.session.members[place]

    def actor(self, place: int) -> Actor:
        return actor_of(account_of(self.member(place)))

    def holders(self, layer: str) -> list[Actor]:
        lock = queries.lock(self.sealed, layer)
        members = {member.id: member for member in self.session.members}
        return [actor_of(account_of(members[each])) for each in lock.holders]

    def give_keys(self) -> "SealedVote":
        for lock in self.sealed.locks:
            self.keys[lock.layer] = opener.make_keys(self.sealed.key, str(lock.layer), ["Người giữ 1", "Người giữ 2"])
            with transaction():
                document = opener.public_file(self.keys[lock.layer])
                sealed_ballot.give_key(lock, document, by=self.holders(lock.layer)[0], now=self.now)
        return self

    def freeze(self) -> "SealedVote":
        with transaction():
            sealed_ballot.freeze(self.sealed, signer=self.signer, by=self.chair, now=self.now)
        return self

    def open(self) -> "SealedVote":
        with transaction():
            sealed_ballot.open_voting(self.sealed, by=self.chair, now=self.now)
        return self

    def ballot(self, choices: Mapping[int, Any], *, tracker: str | None = None, request: str = "") -> Ballot:
        sealed = self.poll.definition["sealed"]
        envelopes = {}
        for part, choice in choices.items():
            plain = sealing.written(self.sealed.poll_hash, part, choice, pad=sealed["pad"], tracker=tracker)
            envelopes[part] = enclosed(plain, sealed["layers"], self.sealed.poll_hash, part)
        return Ballot(self.sealed.poll_hash, envelopes, request or secrets.token_hex(16))

    def cast(self, place: int, choices: Mapping[int, Any], **more: Any) -> dict[str, Any]:
        ballot = self.ballot(choices, **more)
        with transaction():
            return casting.cast(self.sealed, ballot, signer=self.signer, by=self.actor(place), now=self.now)

    def shut(self) -> "SealedVote":
        with transaction():
            sealed_ballot.shut(self.sealed, by=self.chair, now=self.now)
        return self

    def box(self, layer: str) -> dict[str, Any]:
        lock = queries.lock(self.sealed, layer)
        return json.loads(json.dumps(opening.box(self.sealed, lock, by=self.holders(layer)[0])))

    def hand_in(self, layer: str, place: int, document: dict[str, Any] | None = None) -> bool:
        document = document or opener.opened(self.keys[layer][place], self.box(layer))
        with transaction():
            lock = queries.lock(self.sealed, layer)
            return opening.hand_in(self.sealed, lock, document, by=self.holders(layer)[place], now=self.now)

    def take_off(self, layer: str) -> "SealedVote":
        assert [self.hand_in(layer, 0), self.hand_in(layer, 1)] == [False, True]
        return self

    def open_all(self) -> "SealedVote":
        for lock in list(self.sealed.locks):
            self.take_off(lock.layer)
        return self


def a_sealed_vote(
    session: Session, items: Sequence[Item], *, now: datetime, locks: int = 2, publication: str = "totals"
) -> SealedVote:
    """A prepared sealed vote: the second and third seat hold the outer lock, the next two the inner one."""
    ids = [member.id for member in session.members]
    holders = {Layer.OUTER: ids[1:3], Layer.INNER: ids[3:5]}
    with transaction():
        sealed = sealed_ballot.prepare(
            session,
            items,
            holders=holders if locks == 2 else {Layer.OUTER: ids[1:3]},
            publication=publication,
            by=the_secretary(),
            now=now,
        )
    return SealedVote(sealed, now)


def an_open_sealed_vote(session: Session, items: Sequence[Item], *, now: datetime, **more: Any) -> SealedVote:
    """A sealed vote whose box is open."""
    return a_sealed_vote(session, items, now=now, **more).give_keys().freeze().open()


def fresh(vote: SealedVote) -> SealedVote:
    """The same vote, read from the database anew."""
    db.session.expire_all()
    return vote
