"""Where a sealed vote stands: its parts, its counts when the box is shut, and what may not be done at a stage."""

from collections.abc import Sequence
from typing import Any

from evaluator.core.db import db
from evaluator.core.errors import Conflict
from evaluator.core.text import N_
from evaluator.council.models import Item, ItemState, Poll, Session, SessionState
from evaluator.council.sealed import queries
from evaluator.council.sealed.models import SealedPoll, Stage, Way
from evaluator.rules.sealing import Part

OVER = N_("This vote is over. Look at it as it is now.")
CHANGING = ["stage", "withdrawn", "poll_id", "poll_hash", "pad", "opened_at", "shut_at"]
STAGES = {
    Stage.DRAFT: N_("This vote is frozen; prepare a new one to change it."),
    Stage.FROZEN: N_("This vote is not frozen, or it is open already."),
    Stage.OPEN: N_("The box is not open."),
    Stage.SHUT: N_("The box is not shut, or its outer lock is off already."),
    Stage.HALF_OPENED: N_("The outer lock is taken off first."),
}


def take(sealed: SealedPoll) -> None:
    """Take the row, so that whoever changes the vote at the same moment waits; then read what may have changed."""
    db.session.refresh(sealed, CHANGING, with_for_update={"of": SealedPoll})
    db.session.refresh(sealed.session, ["state"])
    if sealed.poll is not None:
        db.session.refresh(sealed.poll, ["state"])


def number_of(sealed: SealedPoll) -> int:
    """Return the number of the vote in its session."""
    return poll_of(sealed).number


def poll_of(sealed: SealedPoll) -> Poll:
    """Return the vote of the session. Raises Conflict while it is a draft."""
    if sealed.poll is None:
        raise Conflict(STAGES[Stage.FROZEN])
    return sealed.poll


def must_be(sealed: SealedPoll, stage: Stage) -> None:
    """Go on if the vote stands at a stage. Raises Conflict."""
    if sealed.is_over:
        raise Conflict(OVER)
    if sealed.stage is not stage:
        raise Conflict(STAGES[stage])


def must_run(session: Session) -> None:
    """Go on if the session runs. Raises Conflict."""
    if session.state is not SessionState.OPEN:
        raise Conflict(N_("This session is paused. Resume it first."))


def must_wait(session: Session, items: Sequence[Item]) -> None:
    """Go on if the items wait on the agenda of the session. Raises Conflict."""
    if not items or any(item.state is not ItemState.WAITING or item.session_id != session.id for item in items):
        raise Conflict(N_("Only items that wait on the agenda of this session can be put to the vote."))


def shut_body(sealed: SealedPoll) -> dict[str, Any]:
    """Return what the ledger says of a box that is shut: counts of the roll, and envelopes sorted by their hash."""
    lines, envelopes = queries.roll(sealed), queries.envelopes(sealed)
    voted = {envelope.member_id for envelope in envelopes}
    listed = []
    for part in parts(sealed):
        statuses = [(line, line.parts.get(str(part.number))) for line in lines]
        entitled = [line for line, status in statuses if status == "entitled"]
        inside = sorted(envelope.hash for envelope in envelopes if envelope.part == part.number)
        on_paper = sum(line.way is Way.PAPER for line in entitled)
        listed.append(
            {
                "part": part.number,
                "withdrawn": part.number in sealed.withdrawn,
                "entitled": len(entitled),
                "recused": sum(status == "recused" for _, status in statuses),
                "cast": len(inside),
                "paper": on_paper,
                "not_cast": len(entitled) - len(inside) - on_paper,
                "envelopes": [] if part.number in sealed.withdrawn else inside,
            }
        )
    seats = sorted(line.member.position for line in lines if line.member_id in voted)
    return {"poll": number_of(sealed), "voted": seats, "parts": listed}


def parts(sealed: SealedPoll) -> list[Part]:
    """Return the parts of a frozen vote."""
    return [Part.from_document(each) for each in poll_of(sealed).definition["sealed"]["parts"]]
