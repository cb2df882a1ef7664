"""Councils, sessions and items to test with; the same habits as in ``tests/factories.py``."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from evaluator.core.db import db
from evaluator.council import ledger
from evaluator.council.models import Attendance, Council, CouncilRole, Item, ItemState, Member, Session, Whereabouts
from evaluator.people.models import Account
from evaluator.policy import Actor
from evaluator.reviews.models import ScoreResult, Scoring, Standing
from evaluator.rounds import presets
from evaluator.rounds.models import Round
from evaluator.rules.calendar import Phase
from evaluator.rules.lifecycle import InitiativeState
from evaluator.rules.roles import Role
from evaluator.rules.vote_rule import VoteRule
from tests.factories import START, a_round, actor_of, an_account, an_initiative, save

SEATS = (
    CouncilRole.CHAIR,
    CouncilRole.VICE,
    CouncilRole.SECRETARY,
    CouncilRole.CRITIC,
    CouncilRole.CRITIC,
    CouncilRole.MEMBER,
    CouncilRole.MEMBER,
)


def a_council(
    *, in_round: Round | None = None, rule: str = "circular-18", seats: Sequence[CouncilRole] = SEATS, **columns: Any
) -> Council:
    """A council of seven, under the rule of Circular 18 unless another is named."""
    in_round = in_round or a_round(phase=Phase.COUNCIL, vote_rule=presets.vote_rule(rule))
    members = []
    for position, role in enumerate(seats, start=1):
        account = an_account(Role.CHAIR if role is CouncilRole.CHAIR else Role.MEMBER, name=f"Ủy viên Số {position}")
        members.append(
            Member(account_id=account.id, position=position, role=role, name=account.name, job_title="Chuyên viên")
        )
    values = {
        "title": "Hội đồng sáng kiến tỉnh Thanh Hóa",
        "decision_number": "404/QĐ-HĐSK",
        "decision_date": date(2026, 2, 10),
        "founded_at": START,
    }
    return save(Council(round_id=in_round.id, seats=members, **{**values, **columns}))


def a_session(council: Council | None = None, *, present: int | None = None, **columns: Any) -> Session:
    """An open session with the first ``present`` members in the room (all of them by default)."""
    council = council or a_council()
    count = len(council.members) if present is None else present
    attendances = [
        Attendance(
            member_id=member.id,
            whereabouts=Whereabouts.PRESENT if place < count else Whereabouts.ABSENT,
            reason="" if place < count else "Đi công tác",
        )
        for place, member in enumerate(council.members)
    ]
    values = {"number": 1, "place": "Phòng họp số 2", "opened_at": START, "attendances": attendances}
    session = save(Session(council_id=council.id, **{**values, **columns}))
    session.opening = ledger.description(session)
    return save(session)


def a_result(
    in_round: Round, *, rank: int | None = 1, score: str = "85", standing: Standing = Standing.PASSED, **initiative: Any
) -> ScoreResult:
    """A reviewed initiative with the result of its scoring."""
    columns = {"state": InitiativeState.REVIEWED} | initiative
    return save(
        ScoreResult(
            initiative_id=an_initiative(in_round=in_round, **columns).id,
            round_id=in_round.id,
            standing=standing,
            sheets=2,
            score=score,
            score_order=int(float(score) * 1_000_000),
            spread=300,
            rank=rank,
            rank_order=rank or 2**31 - 1,
            totals=[8350, 8650],
            computed_at=START,
        )
    )


def a_closed_scoring(in_round: Round) -> Scoring:
    """The scoring of a round, closed: the council may see it."""
    return save(Scoring(round_id=in_round.id, closed_at=START))


def an_item(
    session: Session,
    *,
    number: int = 1,
    score_passed: bool = True,
    state: ItemState = ItemState.WAITING,
    **initiative: Any,
) -> Item:
    """An initiative on the agenda."""
    result = a_result(session.council.round, rank=number, **initiative)
    return save(
        Item(
            session_id=session.id,
            number=number,
            initiative_id=result.initiative_id,
            state=state,
            rank=number,
            score=result.score,
            score_passed=score_passed,
        )
    )


def account_of(member: Member) -> Account:
    """The account behind a seat."""
    return db.session.get_one(Account, member.account_id)


def seat(council: Council, role: CouncilRole, place: int = 0) -> Member:
    """The member who holds a role; the first of several unless another place is asked for."""
    return [member for member in council.members if member.role is role][place]


def the_secretary() -> Actor:
    """A secretary of the office."""
    return actor_of(an_account(Role.SECRETARY))


def under(held: Session, **rule: Any) -> Session:
    """Put the round of a session under another vote rule."""
    held.council.round.vote_rule = VoteRule.from_document(rule).as_document()
    held.opening = {}
    held.opening = ledger.description(held)
    db.session.commit()
    return held
