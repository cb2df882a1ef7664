"""Paper ballots beside a sealed vote: of members whose device could not seal; entered twice, counted with the others.

A few papers would tell how those few voted: their numbers are kept only until both entries are equal and the sealed
ballots are opened, and are shown only as part of the whole.
"""

import secrets
from collections.abc import Mapping
from datetime import datetime

from evaluator import policy
from evaluator.audit import service as audit
from evaluator.core.db import db
from evaluator.core.errors import Conflict, Invalid, Message
from evaluator.core.text import N_
from evaluator.council import ledger
from evaluator.council.models import PaperCount, Poll
from evaluator.council.sealed import standing
from evaluator.council.sealed.models import SealedPoll, Stage
from evaluator.policy import Action, Actor
from evaluator.rules.evidence import VOTES, digest
from evaluator.rules.sealing import Kind, Part

Votes = dict[str, int]  # yes, no, abstain; or the number of an option, and blank; and invalid


def expected(sealed: SealedPoll) -> dict[int, int]:
    """Return, by part, how many papers there can be; parts without any are left out."""
    listed = standing.shut_body(sealed)["parts"]
    return {each["part"]: each["paper"] for each in listed if each["paper"] and not each["withdrawn"]}


def enter(sealed: SealedPoll, given: Mapping[int, Votes], *, by: Actor, now: datetime) -> bool:
    """Enter the totals of the papers, part by part; return whether a second person has now entered the same.

    Raises:
        Conflict: the box is not shut, no paper was given out, or the totals are agreed already.
        Invalid: more votes than papers, or not equal to the first entry, field by field.
    """
    policy.require(by, Action.PAPERS_COUNT, sealed)
    standing.take(sealed)
    poll = standing.poll_of(sealed)
    if sealed.stage not in {Stage.SHUT, Stage.HALF_OPENED} or sealed.is_over:
        raise Conflict(N_("Papers are entered when the box is shut and before it is opened."))
    if not expected(sealed):
        raise Conflict(N_("Nobody votes on paper in this vote."))
    if agreed(poll) is not None:
        raise Conflict(N_("Two people have entered the same totals already. The papers can be counted."))
    if by.id is None:
        raise Conflict(N_("Papers are entered by two people by name, not by the service."))
    _check(sealed, given)
    others = [entry for entry in poll.entries if entry.entered_by_id != by.id]
    totals = {str(part): dict(votes) for part, votes in sorted(given.items())}
    if others and others[0].totals["parts"] != totals:
        differing = [
            f"{name}-{part}" for part, votes in totals.items() for name in votes
            if others[0].totals["parts"].get(part, {}).get(name) != votes[name]
        ]  # fmt: skip
        messages: list[Message] = [N_("The other person entered a different number. Count the papers again, together.")]
        raise Invalid(
            N_("The two entries are not equal, so nothing was taken."), fields=dict.fromkeys(differing, messages)
        )
    salt = others[0].totals["salt"] if others else secrets.token_hex(16)
    own = next((entry for entry in poll.entries if entry.entered_by_id == by.id), None) or PaperCount(
        entered_by_id=by.id
    )
    own.totals, own.entered_at = {"salt": salt, "parts": totals}, now
    if own not in poll.entries:
        poll.entries.append(own)
    place = 2 if others else 1
    body = {"poll": poll.number, "place": place, "by": by.label, "totals_hash": digest(VOTES, [salt, totals])}
    ledger.add(poll.session, ("papers", body), now=now)
    audit.record("papers.entered", about=poll, by=by, now=now, entry=place)
    return bool(others)


def _check(sealed: SealedPoll, given: Mapping[int, Votes]) -> None:
    most = expected(sealed)
    parts = {part.number: part for part in standing.parts(sealed)}
    if set(given) != set(most):
        raise Invalid(N_("Enter the numbers of every item on the ballot, and of no other."))
    wrong: dict[str, list[Message]] = {}
    for number, votes in given.items():
        if (
            set(votes) != set(names_of(parts[number]))
            or min(votes.values()) < 0
            or not _fits(votes, parts[number], most[number])
        ):
            wrong[f"invalid-{number}"] = [N_("These make more votes than there are papers.")]
    if wrong:
        raise Invalid(N_("The numbers do not add up. Count the papers again."), fields=wrong)


def names_of(part: Part) -> list[str]:
    """Return what is counted on the papers of a part."""
    if part.kind is Kind.YES_NO:
        return ["yes", "no", "abstain", "invalid"]
    return [*map(str, part.options), "blank", "invalid"]


def _fits(votes: Votes, part: Part, papers: int) -> bool:
    if part.kind is Kind.YES_NO:
        return sum(votes.values()) <= papers
    left = papers - votes["blank"] - votes["invalid"]
    picks = [votes[str(option)] for option in part.options]
    return left >= 0 and all(each <= left for each in picks) and (part.k is None or sum(picks) <= left * part.k)


def agreed(poll: Poll) -> dict[int, Votes] | None:
    """Return the totals that two people entered alike, by part; None while there are none."""
    if len(poll.entries) < 2:
        return None
    return {int(part): votes for part, votes in poll.entries[0].totals["parts"].items()}


def forget(poll: Poll) -> None:
    """Forget the numbers of the papers once they are part of the whole; who entered them stays."""
    for entry in poll.entries:
        entry.totals = {}
    db.session.flush()  # nothing of them is left when the count is written
