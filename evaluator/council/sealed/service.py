"""Commands of a sealed vote up to its box being shut: prepare, give keys in, freeze, open, change the roll, shut."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select

from evaluator import policy
from evaluator.audit import service as audit
from evaluator.core.db import db
from evaluator.core.errors import Conflict, Invalid
from evaluator.core.text import N_, Sentence
from evaluator.council import ledger, queries
from evaluator.council.models import (
    Item,
    ItemState,
    Member,
    Poll,
    PollItem,
    Recusal,
    Session,
    Whereabouts,
)
from evaluator.council.polls.freezing import definition, next_number, step_aside
from evaluator.council.recusals import BY_HAND
from evaluator.council.sealed import queries as sealed_polls
from evaluator.council.sealed.keys import Signer, is_lock, is_signing_key
from evaluator.council.sealed.models import Envelope, Lock, RollLine, SealedPoll, Stage, Way
from evaluator.council.sealed.standing import (
    OVER,
    must_be,
    must_run,
    must_wait,
    number_of,
    parts,
    poll_of,
    shut_body,
    take,
)
from evaluator.policy import Action, Actor
from evaluator.rules import sealing, voting
from evaluator.rules.evidence import POLL, digest
from evaluator.rules.sealing import FEWEST, SUITE, THE_LIST, Kind, Layer, Part, Publication
from evaluator.rules.vote_rule import MODE_NAMES, Base, Mode, VoteRule
from evaluator.rules.voting import Attendance, Counts

HOLDERS = 2  # dual control: what one of them hands in counts only if the other hands in the same


# --- before it is frozen ------------------------------------------------------------------------


def prepare(
    session: Session,
    items: Sequence[Item],
    *,
    holders: Mapping[Layer, Sequence[int]],
    publication: Publication | str = Publication.TOTALS,
    aside: Iterable[int] = (),
    by: Actor,
    now: datetime,
) -> SealedPoll:
    """Prepare a sealed vote: which items, and which members hold the keys of each lock. Nothing is at the vote yet.

    Raises:
        Conflict: the session does not run, or an item is not waiting.
        Invalid: the rule does not allow it; a lock does not have two holders, or somebody holds both.
    """
    policy.require(by, Action.COUNCIL_LEAD, session)
    must_run(session)
    rule = VoteRule.from_document(session.council.round.vote_rule)
    if Mode.SEALED not in rule.modes:
        raise Invalid.on(
            "mode",
            N_("By the rule of this round votes are not taken like this: %(mode)s."),
            mode=Sentence(MODE_NAMES[Mode.SEALED]),
        )
    if sealing.needs_ballots(rule) and publication != Publication.TRACKED:
        raise Invalid.on(
            "publication", N_("This rule counts ballot by ballot: they must be shown, each beside its member's words.")
        )
    must_wait(session, items)
    _check_holders(session, holders)
    last = db.session.scalar(select(func.max(SealedPoll.number)).where(SealedPoll.session_id == session.id)) or 0
    sealed = SealedPoll(
        key=secrets.token_hex(16),
        session=session,
        number=last + 1,
        publication=Publication(publication),
        items=[item.id for item in items],
        aside=sorted(set(aside)),
        locks=[Lock(layer=layer, holders=list(members)) for layer, members in sorted(holders.items())],
    )
    db.session.add(sealed)
    db.session.flush()  # the history needs its id
    audit.record("ballot.prepared", about=sealed, by=by, now=now, locks=len(sealed.locks))
    return sealed


def _check_holders(session: Session, holders: Mapping[Layer, Sequence[int]]) -> None:
    known = {member.id for member in session.members}
    if Layer.OUTER not in holders:
        raise Invalid.on("holders-A", N_("Name the two who hold the key of the outer lock."))
    for layer, members in holders.items():
        if len(set(members)) != HOLDERS or len(members) != HOLDERS or not set(members) <= known:
            raise Invalid.on(f"holders-{layer}", N_("Each lock has two different members who hold its key."))
    if set(holders[Layer.OUTER]) & set(holders.get(Layer.INNER, ())):
        raise Invalid.on("holders-B", N_("Nobody holds the keys of both locks: whoever did could open ballots alone."))


def drop(sealed: SealedPoll, *, by: Actor, now: datetime) -> None:
    """Throw a draft away; its keys were never used.

    Raises:
        Conflict: it is frozen.
    """
    policy.require(by, Action.COUNCIL_LEAD, sealed)
    take(sealed)
    must_be(sealed, Stage.DRAFT)
    audit.record("ballot.dropped", about=sealed, by=by, now=now)
    db.session.delete(sealed)


def give_key(lock: Lock, document: Mapping[str, Any], *, by: Actor, now: datetime) -> Lock:
    """Take the public half of a lock's key from one of its holders; the private half never comes here.

    Raises:
        Conflict: the vote is frozen.
        Invalid: it is not the public file that the opening tool made for this vote and lock.
    """
    policy.require(by, Action.KEY_HOLD, lock)
    take(lock.sealed)
    must_be(lock.sealed, Stage.DRAFT)
    signing = document.get("signing_keys")
    expected = {
        "format": "evaluator-sealed-key", "v": 1, "suite": SUITE, "vote": lock.sealed.key, "layer": str(lock.layer)
    }  # fmt: skip
    if any(document.get(name) != value for name, value in expected.items()):
        raise Invalid(N_("This is not the public key file that the opening tool made for this lock."))
    if not isinstance(signing, list) or len(set(map(str, signing))) != HOLDERS:
        raise Invalid(N_("The file must hold one signing key for each of the two holders."))
    if not all(isinstance(key, str) and is_signing_key(key) for key in signing):
        raise Invalid(N_("The file must hold one signing key for each of the two holders."))
    if not is_lock(str(document.get("public_key"))):
        raise Invalid(N_("This is not the public key file that the opening tool made for this lock."))
    lock.public_key, lock.signing_keys = document["public_key"], list(signing)
    audit.record(
        "ballot.key-given", about=lock.sealed, by=by, now=now, layer=str(lock.layer),
        fingerprint=sealing.fingerprint(lock.public_key),
    )  # fmt: skip
    return lock


# --- freezing and opening -----------------------------------------------------------------------


def freeze(sealed: SealedPoll, *, signer: Signer, by: Actor, now: datetime) -> Poll:
    """Freeze the definition: items, rule, roll, recusals and keys are those of this moment. The items are at the vote.

    Raises:
        Conflict: a key is missing, an item is not waiting, there is no quorum, recusals differ on a list, or fewer
            than three members may vote on an item: their votes would be known.
    """
    policy.require(by, Action.BALLOT_LEAD, sealed)
    take(sealed)
    must_be(sealed, Stage.DRAFT)
    session = sealed.session
    must_run(session)
    if not all(lock.public_key for lock in sealed.locks):
        raise Conflict(N_("The key of each lock is given in first."))
    items = sealed_polls.items_of(sealed)
    must_wait(session, items)
    rule = VoteRule.from_document(session.council.round.vote_rule)
    aside = step_aside(session, items, {item.id: sealed.aside for item in items})
    parts = sealing.parts_of(rule, [item.number for item in items])
    rolls = _rolls(session, items, parts, aside)
    poll = _poll(session, items, rule, rolls, aside, now=now)
    tracked = sealed.publication is Publication.TRACKED
    sealed.poll, sealed.pad = poll, sealing.pad_for(parts, tracked=tracked)
    out = {member.id for member in session.members if member.id not in poll.roll} & frozenset.intersection(
        *aside.values()
    )
    poll.definition = definition(poll, items, out, {}) | {"sealed": _sealed_part(sealed, parts, rolls, rule, signer)}
    sealed.poll_hash = digest(POLL, poll.definition)
    sealed.stage = Stage.FROZEN
    db.session.flush()  # the roll and the ledger need the poll
    for member in session.members:
        lines = {str(number): status for number, roll in rolls.items() if (status := roll.get(member.id))}
        if "entitled" in lines.values():
            db.session.add(RollLine(sealed_id=sealed.id, member_id=member.id, parts=lines))
    ledger.add(session, ledger.frozen(poll), now=now)
    audit.record(
        "poll.put", about=poll, by=by, now=now, mode=Mode.SEALED, items=[line.item.number for line in poll.lines]
    )
    return poll


def _rolls(
    session: Session, items: Sequence[Item], parts: Sequence[Part], aside: Mapping[int, frozenset[int]]
) -> dict[int, dict[int, str]]:
    """Return, by part and member, who is entitled and who is recused; who is not in the room is not named."""
    there = {each.member_id for each in session.attendances if each.whereabouts is Whereabouts.PRESENT}
    rolls = {}
    for part in parts:
        outs = [aside[item.id] for item in items if part.number in {THE_LIST, item.number}]
        if len(set(outs)) > 1:
            raise Conflict(
                N_(
                    "Not all items have the same recusals. Vote on the items without recusals as one list, and decide the others openly."
                )
            )
        rolls[part.number] = {
            member.id: "recused" if member.id in outs[0] else "entitled"
            for member in session.members
            if member.id in there | outs[0]
        }
        if sum(status == "entitled" for status in rolls[part.number].values()) < FEWEST:
            raise Conflict(
                N_("Fewer than %(fewest)s members may vote on an item: a secret vote would keep no secret."),
                fewest=FEWEST,
            )
    return rolls


def _poll(
    session: Session,
    items: Sequence[Item],
    rule: VoteRule,
    rolls: Mapping[int, Mapping[int, str]],
    aside: Mapping[int, frozenset[int]],
    *,
    now: datetime,
) -> Poll:
    """Return the vote of the session, checked for its quorum item by item."""
    roll = sorted({member for each in rolls.values() for member, status in each.items() if status == "entitled"})
    there = [member for member in session.members if member.id in roll]
    poll = Poll(
        session=session,
        number=next_number(session),
        mode=Mode.SEALED,
        rule=rule.as_document(),
        members=len(session.members),
        roll=roll,
        roles=sorted(queries.roles_in_room(rule, session.members, there)),
        put_at=now,
        lines=[PollItem(item=item, recused=len(aside[item.id])) for item in items],
    )
    heads = [quorum for quorum in rule.quorums if quorum.share.of in {Base.MEMBERS, Base.MEMBERS_ENTITLED}]
    for item in items:
        entitled = _entitled(rolls.get(item.number, rolls.get(THE_LIST, {})))
        present = [member for member in session.members if member.id in entitled]
        roles = queries.roles_in_room(rule, session.members, present)
        attendance = Attendance(poll.members, len(present), roles)
        missing = voting.quorum_missing(heads, Counts("", recused=len(aside[item.id])), attendance)
        if missing:
            raise Conflict(
                N_("Item %(number)s cannot be put to the vote now. %(why)s"), number=item.number, why=missing[0]
            )
        item.state = ItemState.AT_VOTE
    db.session.add(poll)
    return poll


def _entitled(roll: Mapping[int, str]) -> set[int]:
    return {member for member, status in roll.items() if status == "entitled"}


def _sealed_part(
    sealed: SealedPoll,
    parts: Sequence[Part],
    rolls: Mapping[int, Mapping[int, str]],
    rule: VoteRule,
    signer: Signer,
) -> dict[str, Any]:
    """Return what the definition of a sealed vote says beyond that of any other."""
    members = sealed.session.members
    seats = {member.id: member.position for member in members}

    def listed(part: Part, status: str) -> list[int]:
        return sorted(seats[member] for member, found in rolls[part.number].items() if found == status)

    def roles(part: Part) -> list[str]:
        there = [member for member in members if member.id in _entitled(rolls[part.number])]
        return sorted(queries.roles_in_room(rule, members, there))

    return {
        "vote": sealed.key,
        "suite": SUITE,
        "pad": sealed.pad,
        "publication": str(sealed.publication),
        "receipts": signer.public,
        "layers": [
            {
                "layer": str(lock.layer),
                "public_key": lock.public_key,
                "fingerprint": sealing.fingerprint(lock.public_key),
                "holders": [
                    {"seat": seats[member], "name": _name(members, member), "key": key}
                    for member, key in zip(lock.holders, lock.signing_keys, strict=True)
                ],
            }
            for lock in sealed.locks
        ],
        "parts": [
            part.as_document()
            | {"entitled": listed(part, "entitled"), "recused": listed(part, "recused"), "roles": roles(part)}
            for part in parts
        ],
    }


def _name(members: Iterable[Member], member_id: int) -> str:
    return next(member.name for member in members if member.id == member_id)


def open_voting(sealed: SealedPoll, *, by: Actor, now: datetime) -> SealedPoll:
    """Open the box: from now on members can cast.

    Raises:
        Conflict: it is not frozen, or open already.
    """
    policy.require(by, Action.BALLOT_LEAD, sealed)
    take(sealed)
    must_be(sealed, Stage.FROZEN)
    must_run(sealed.session)
    sealed.stage, sealed.opened_at = Stage.OPEN, now
    ledger.add(sealed.session, ("open", {"poll": number_of(sealed)}), now=now)
    audit.record("ballot.opened", about=sealed, by=by, now=now)
    return sealed


# --- while the box is open ----------------------------------------------------------------------


def mark_paper(sealed: SealedPoll, member: Member, *, by: Actor, now: datetime) -> RollLine:
    """Note that a member votes on paper: the device cannot seal, or the member does not want to.

    A member notes it for himself or herself, who leads the session for anybody.

    Raises:
        Conflict: the box is shut, or the member's envelopes are in it.
    """
    policy.require(by, Action.VOTE_CAST if by.id in _accounts_of(sealed, member) else Action.COUNCIL_LEAD, sealed)
    take(sealed)
    if sealed.stage not in {Stage.FROZEN, Stage.OPEN} or sealed.is_over:
        raise Conflict(OVER)
    if any(part.kind is Kind.RANK for part in parts(sealed)):
        raise Conflict(N_("A ranking is not given on paper beside sealed ones. Use another device."))
    line = sealed_polls.roll_line(sealed, member.id)
    if line.commit:
        raise Conflict(N_("This member's ballot is in the box already; it cannot be given on paper as well."))
    if line.way is not Way.PAPER:
        line.way = Way.PAPER
        ledger.add(sealed.session, ("on-paper", {"poll": number_of(sealed), "seat": member.position}), now=now)
        audit.record("ballot.on-paper", about=sealed, by=by, now=now, member=member.id)
    return line


def _accounts_of(sealed: SealedPoll, member: Member) -> set[int | None]:
    return {sealed.session.sitting.get(member.id)} - {None}


def recuse(sealed: SealedPoll, member: Member, part: int, *, reason: str, by: Actor, now: datetime) -> RollLine:
    """Take a member out of one part, found too near to it after the freeze; an envelope of it is void, unopened.

    Raises:
        Conflict: the box is shut, or the member may not vote on it anyway.
        Invalid: no reason.
    """
    policy.require(by, Action.COUNCIL_LEAD, sealed)
    take(sealed)
    if sealed.stage not in {Stage.FROZEN, Stage.OPEN} or sealed.is_over:
        raise Conflict(OVER)
    if not reason.strip():
        raise Invalid.on("reason", N_("Say why; the reason stands in the minutes."))
    line = sealed_polls.roll_line(sealed, member.id)
    if line.parts.get(str(part)) != "entitled":
        raise Conflict(N_("This member does not vote on this item."))
    line.parts = line.parts | {str(part): "recused"}
    db.session.execute(
        delete(Envelope).where(Envelope.sealed_id == sealed.id, Envelope.member_id == member.id, Envelope.part == part)
    )
    old, line.commit = line.commit, ""
    left = [envelope.hash for envelope in sealed_polls.envelopes_of(sealed, member.id)]
    if left:
        line.nonce = secrets.token_hex(16)
        line.commit = sealing.commitment(line.nonce, left)
    body = {
        "poll": number_of(sealed), "part": part, "old": old or None, "new": line.commit or None, "reason": reason.strip()
    }  # fmt: skip
    for poll_line in poll_of(sealed).lines:
        if part in {THE_LIST, poll_line.item.number}:
            poll_line.recused += 1
            db.session.add(Recusal(item_id=poll_line.item_id, member_id=member.id, kind=BY_HAND, note=reason.strip()))
    ledger.add(sealed.session, ("void", body), now=now)
    line.entry = ledger.last(sealed.session).number if line.commit else 0
    audit.record("ballot.part-void", about=sealed, by=by, now=now, part=part, reason=reason.strip())
    return line


def withdraw(sealed: SealedPoll, part: int, *, reason: str, by: Actor, now: datetime) -> SealedPoll:
    """Take an item out of a vote that is open; its envelopes are void and are never opened.

    Raises:
        Conflict: the box is shut, it is out already, or it is the list as a whole: annul the vote instead.
        Invalid: no reason.
    """
    policy.require(by, Action.COUNCIL_LEAD, sealed)
    take(sealed)
    if sealed.stage not in {Stage.FROZEN, Stage.OPEN} or sealed.is_over:
        raise Conflict(OVER)
    line = next((each for each in poll_of(sealed).lines if each.item.number == part), None)
    if line is None or part == THE_LIST or part in sealed.withdrawn or len(sealed.withdrawn) + 1 == len(parts(sealed)):
        raise Conflict(N_("This item cannot be taken out alone. Break the vote off instead."))
    if not reason.strip():
        raise Invalid.on("reason", N_("Say why; the reason stands in the minutes."))
    given = sum(envelope.part == part for envelope in sealed_polls.envelopes(sealed))
    sealed.withdrawn = [*sealed.withdrawn, part]
    line.withdrawn_at, line.given_then = now, given
    line.item.state, line.item.reason = ItemState.WITHDRAWN, reason.strip()
    body = {"poll": number_of(sealed), "part": part, "cast": given, "reason": reason.strip()}
    ledger.add(sealed.session, ("withdraw", body), now=now)
    audit.record("item.withdrawn", about=line.item, by=by, now=now, reason=reason.strip())
    return sealed


def shut(sealed: SealedPoll, *, by: Actor, now: datetime) -> SealedPoll:
    """Shut the box: whatever comes later is refused. The ledger lists the hashes of the envelopes, part by part.

    Raises:
        Conflict: it is not open.
    """
    policy.require(by, Action.BALLOT_LEAD, sealed)
    take(sealed)
    must_be(sealed, Stage.OPEN)
    must_run(sealed.session)
    sealed.stage, sealed.shut_at = Stage.SHUT, now
    ledger.add(sealed.session, ("shut", shut_body(sealed)), now=now)
    audit.record("ballot.shut", about=sealed, by=by, now=now)
    return sealed
