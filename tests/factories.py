"""Things to test with: plain functions with keywords, valid by default, saved at once.

Whatever belongs to an author (name, address, workplace, unit, file name) carries the marker word ``CANARY``;
nothing that a blind reviewer gets to see may ever hold it.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import count
from typing import Any, TypeVar

from evaluator import actors
from evaluator.core.codes import random_code, token
from evaluator.core.db import db
from evaluator.initiatives.blind import COPIED
from evaluator.initiatives.models import Attachment, Author, Initiative
from evaluator.people.models import Account, RoleGrant
from evaluator.people.passwords import passwords
from evaluator.policy import Actor
from evaluator.rounds import presets
from evaluator.rounds.models import Round
from evaluator.rounds.service import digest
from evaluator.rules.calendar import Phase
from evaluator.rules.dossier import Kind
from evaluator.rules.lifecycle import InitiativeState, RoundState
from evaluator.rules.roles import Role
from evaluator.rules.vietnamese import fold, name_key, sort_key
from evaluator.units.models import Unit

CANARY = "Zyqarra"
PASSWORD = "hoa gạo tháng ba"
START = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)  # a Monday, nine in the morning in Thanh Hóa
DAY = timedelta(days=1)

Thing = TypeVar("Thing")

_numbers = count(1)


@cache
def _sealed() -> str:
    return passwords.seal(PASSWORD)


_together = ContextVar("together", default=False)


@contextmanager
def together() -> Iterator[None]:
    """Write everything made in the block at once at its end: for worlds of many things."""
    token = _together.set(True)
    try:
        yield
        db.session.commit()
    finally:
        _together.reset(token)


def save(thing: Thing) -> Thing:
    """Write a thing and let the test's transaction end, so that any other session sees it."""
    db.session.add(thing)
    if _together.get():
        db.session.flush()
    else:
        db.session.commit()
    return thing


def a_unit(*, name: str = "", parent: Unit | None = None, code: str = "", **columns: Any) -> Unit:
    """An organisation that is nobody's secret."""
    number = next(_numbers)
    name = name or f"Ủy ban Mặt trận Tổ quốc xã {number}"
    code = code or f"DV{number:04}"
    level = parent.level + 1 if parent is not None else 1
    return save(
        Unit(
            code=code,
            name=name,
            level=level,
            parent_id=parent.id if parent is not None else None,
            search=fold(f"{name} {code}"),
            sort_key=sort_key(name),
            **columns,
        )
    )


def an_authors_unit(**columns: Any) -> Unit:
    """An organisation that would betray an author."""
    return a_unit(name=f"Trường Tiểu học {CANARY} {next(_numbers)}", **columns)


def an_account(*roles: Role, name: str = "", email: str = "", unit: Unit | None = None, **columns: Any) -> Account:
    """A person who can sign in with ``PASSWORD``; an author's name and address carry the marker."""
    number = next(_numbers)
    mark = f"{CANARY} " if roles == (Role.AUTHOR,) else ""
    name = name or f"Nguyễn Thị {mark}Số {number}"
    email = email or f"{mark.strip().lower() or 'nguoi'}.{number}@example.org"
    return save(
        Account(
            code=random_code(),
            email=email,
            name=name,
            unit_id=unit.id if unit is not None else None,
            password_hash=_sealed(),
            session_key=token(),
            search=fold(f"{name} {email}"),
            sort_key=name_key(name),
            created_at=START,
            grants=[RoleGrant(role=role) for role in roles],
            **columns,
        )
    )


def actor_of(account: Account) -> Actor:
    """The actor whom the policy sees when this account asks."""
    return actors.of(account)


# Where the clock's START lies in a round: how many days before it each date of the timetable stands.
_SHIFT = {
    Phase.BEFORE: -10,
    Phase.SUBMISSION: 10,
    Phase.CHECKING: 32,
    Phase.REVIEW: 42,
    Phase.COUNCIL: 62,
    Phase.PUBLICATION: 92,
}


def dates_in(phase: Phase) -> dict[str, datetime]:
    """The dates of a round that stands in a phase at START."""
    opens = START - _SHIFT[phase] * DAY
    return {
        "submission_opens_at": opens,
        "submission_closes_at": opens + 30 * DAY,
        "checking_closes_at": opens + 40 * DAY,
        "review_closes_at": opens + 60 * DAY,
        "council_at": opens + 70 * DAY,
        "publication_at": opens + 90 * DAY,
    }


def a_round(
    *, phase: Phase = Phase.SUBMISSION, state: RoundState = RoundState.OPEN, rubric: str = "", **columns: Any
) -> Round:
    """A round that stands in a phase at START, with a frozen rubric preset and a vote rule of two thirds."""
    number = next(_numbers)
    dates = dates_in(phase)
    opens = dates["submission_opens_at"]
    key = rubric or next(iter(presets.rubrics()))
    values: dict[str, Any] = {
        "code": f"2026-{number}",
        "title": f"Đợt xét sáng kiến năm 2026, lần {number}",
        "council_name": "Hội đồng sáng kiến tỉnh Thanh Hóa",
        "state": state,
        **dates,
        "reviews_per_initiative": 2,
        "rubric": presets.rubric(key),
        "vote_rule": presets.vote_rule(next(iter(presets.vote_rules()))),
        "dossier_form": {"form": "circular-18", "version": 1},
        "fields": ["Giáo dục", "Y tế", "Nông nghiệp"],
        "opened_at": None if state is RoundState.DRAFT else opens - DAY,
        "closed_at": START if state is RoundState.CLOSED else None,
        "released_at": START if phase is Phase.PUBLICATION else None,
    }
    unit = columns.pop("unit", None) or a_unit(name=f"Ủy ban Mặt trận Tổ quốc tỉnh {number}")
    a_round = Round(**{**values, "unit_id": unit.id, "unit_name": unit.name, **columns})
    if a_round.opened_at is not None:
        a_round.digest = digest(a_round)
    return save(a_round)


def an_author(*, name: str = "", share: int | None = 10_000, **columns: Any) -> Author:
    """One line of a dossier's list of authors, not saved yet: it is saved with its dossier."""
    number = next(_numbers)
    values = {
        "name": name or f"Lê Văn {CANARY} {number}",
        "workplace": f"Trạm Y tế {CANARY}",
        "job_title": "Cán bộ",
        "qualification": "Đại học",
        "phone": "0912345678",
        "email": f"{CANARY.lower()}.{number}@example.org",
        "share": share,
    }
    return Author(**{**values, **columns})


def an_initiative(
    *,
    in_round: Round | None = None,
    state: InitiativeState = InitiativeState.SUBMITTED,
    owner: Account | None = None,
    authors: Iterable[Author] | None = None,
    unit: Unit | None = None,
    **columns: Any,
) -> Initiative:
    """A complete dossier in a state; from acceptance on it has its blind code and its blind copy."""
    number = next(_numbers)
    in_round = in_round or a_round()
    unit = unit or an_authors_unit()
    owner = owner or an_account(Role.AUTHOR, unit=unit)
    people = list(authors) if authors is not None else [an_author(name=owner.name, account_id=owner.id)]
    for position, author in enumerate(people, 1):
        author.position = position
    has_left_the_author = state is not InitiativeState.DRAFT
    is_blind = state not in {InitiativeState.DRAFT, InitiativeState.SUBMITTED, InitiativeState.SUPPLEMENT}
    values: dict[str, Any] = {
        "code": f"SK-{number:04}",
        "title": f"Giải pháp tiết kiệm nước tưới số {number}",
        "kind": Kind.INITIATIVE,
        "field": "Nông nghiệp",
        "created_at": START - 5 * DAY,
        "updated_at": START - 4 * DAY,
        "submitted_at": START - 4 * DAY if has_left_the_author else None,
        "receipt_number": number if has_left_the_author else None,
        "checked_at": START - 3 * DAY if is_blind else None,
        "blind_code": random_code() if is_blind else None,
        "content_hash": f"{number:064x}" if has_left_the_author else "",
        "applied_on": (START - 400 * DAY).date(),
        "scope": "Các hộ trồng rau trong xã",
        "money_benefit": 25_000_000,
        "problem": "Nước tưới thất thoát nhiều vào mùa khô.",
        "solution": "Tưới nhỏ giọt bằng ống tận dụng, hẹn giờ cơ học.",
        "novelty": "Không cần điện, giá thành thấp.",
        "conditions": "Nơi có bể chứa cao hơn mặt ruộng một mét.",
        "benefit_author": "Giảm một nửa lượng nước, tăng năng suất.",
        "benefit_applier": "Các hộ xác nhận tiết kiệm rõ rệt.",
    }
    values |= columns
    if is_blind:
        values = {"blind_title": values["title"], "blind_copy": {n: values.get(n, "") for n in COPIED}} | values
    return save(
        Initiative(
            round_id=in_round.id,
            owner_id=owner.id,
            unit_id=unit.id,
            unit_name=unit.name,
            state=state,
            authors=people,
            author_name=people[0].name if people else "",
            title_key=sort_key(values["title"]),
            unit_key=sort_key(unit.name),
            field_key=sort_key(values["field"]),
            author_key=name_key(people[0].name) if people else "",
            **values,
        )
    )


def an_attachment(initiative: Initiative, *, name: str = "", **columns: Any) -> Attachment:
    """The record of a file whose name would betray its author; the file itself is not made."""
    number = next(_numbers)
    values: dict[str, Any] = {
        "code": random_code(),
        "position": number,
        "name": name or f"bao-cao-{CANARY}.pdf",
        "kind": "pdf",
        "size": 1000,
        "sha256": f"{number:064x}",
        "stored_as": f"{number:064x}.pdf",
        "blind_stored_as": f"{number + 1_000_000:064x}.pdf",
        "blind_size": 900,
        "uploaded_at": START - 4 * DAY,
    }
    return save(Attachment(initiative_id=initiative.id, **{**values, **columns}))
