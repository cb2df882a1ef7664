"""A result that can go on paper: a closed session with two works selected, one voted down, one below the gate."""

from datetime import date

from evaluator.core.db import db, transaction
from evaluator.council.models import Council, Decision, Item, ItemState, Session, SessionState
from evaluator.council.papers import service as papers
from evaluator.council.register import service as register
from evaluator.council.register.models import RegisteredPaper
from evaluator.council.register.queries import Key
from evaluator.council.register.service import Registration
from evaluator.initiatives.models import Initiative
from evaluator.papers.kinds import PaperKind
from evaluator.policy import OPERATOR
from evaluator.reviews.models import Standing
from evaluator.rules.lifecycle import InitiativeState as State
from tests.factories import START, an_author, save
from tests.factories_council import a_closed_scoring, a_council, a_result, a_session, an_item

NUMBERS = {
    PaperKind.SUBMISSION: "04/TTr-HĐSK",
    PaperKind.DECISION: "45/QĐ-HĐSK",
    PaperKind.NOTICE: "101/TB-HĐSK",
    PaperKind.CERTIFICATE: "007/GCN-HĐSK",
}


def a_decided_item(session: Session, *, number: int, title: str, is_selected: bool = True) -> Item:
    """An item with its decision, as a session leaves it; by two authors."""
    item = an_item(
        session,
        number=number,
        state=ItemState.DECIDED,
        title=title,
        authors=[
            an_author(name=f"Nguyễn Thị Ánh {number}", share=6000),
            an_author(name=f"Đỗ Văn Ước {number}", share=4000),
        ],
    )
    item.initiative.state = State.SELECTED if is_selected else State.NOT_SELECTED
    save(
        Decision(
            round_id=session.council.round_id,
            initiative_id=item.initiative_id,
            is_selected=is_selected,
            rank=number,
            decided_at=START,
            why=[["The score gate was passed.", {}]],
        )
    )
    return item


def a_result_on_paper() -> Council:
    """A council whose only session is closed, with its scoring locked."""
    council = a_council()
    a_closed_scoring(council.round)
    session = a_session(council)
    a_decided_item(session, number=1, title="Tưới nhỏ giọt bằng ống tận dụng")
    a_decided_item(session, number=2, title="Sổ tay điện tử của khu dân cư")
    a_decided_item(session, number=3, title="Mô hình phân loại rác", is_selected=False)
    below = a_result(council.round, rank=None, score="40", standing=Standing.FAILED, title="Loa phường thông minh")
    db.session.get_one(Initiative, below.initiative_id).state = State.NOT_SELECTED
    session.state, session.closed_at = SessionState.CLOSED, START
    db.session.commit()
    return council


def a_number(council: Council, kind: PaperKind, number: str = "", about: str = "") -> RegisteredPaper:
    """What the office gave a paper."""
    given = Registration(number or NUMBERS[kind], date(2026, 3, 5), signer="Lê Thị Minh Nguyệt")
    with transaction():
        return register.register(council, Key(kind, about), given, read_version=0, by=OPERATOR, now=START)


def some_certificates(council: Council) -> int:
    """Certificates for everything that was selected."""
    with transaction():
        return papers.issue_certificates(council, by=OPERATOR, now=START)
