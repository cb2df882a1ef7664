"""An edition to build from: invented people, small enough to read, with what builders stumble over."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from evaluator.compendium import service
from evaluator.compendium.edition import (
    Board,
    Contributor,
    Edition,
    Entry,
    Figures,
    Seat,
    Section,
    Share,
    Work,
)
from evaluator.compendium.models import Compendium
from evaluator.compendium.service import Wording
from evaluator.core.clock import Clock
from evaluator.core.db import transaction
from evaluator.council.models import Decision
from evaluator.initiatives.models import Author
from evaluator.policy import OPERATOR
from evaluator.rounds.models import Round
from evaluator.rules.calendar import Phase
from evaluator.rules.lifecycle import InitiativeState
from tests.factories import START, a_round, an_initiative, save
from tests.factories_council import a_council

SECRET = "Tỷ lệ pha chế phẩm là 7 phần 3"

# Markup of every format we write, an endless word, a turned direction, a control character, a missing precomposition.
HOSTILE = (
    "#panic() $x$ *b* \\ <script>alert(1)</script> {{ 7*7 }} & @e[1] " + "dài" * 60 + " \u202eđảo\u202c \x07 Ho\u0300a"
)


def an_entry(number: int = 1, **parts: object) -> Entry:
    """A full entry of the book."""
    entry = Entry(
        code=f"SK-{number:04}",
        number=number,
        title=f"Giải pháp tiết kiệm nước tưới số {number}",
        kind="Sáng kiến",
        field="Nông nghiệp",
        authors=(
            Contributor("Nguyễn Thị Ánh", "Kỹ sư", "Cán bộ khuyến nông", "Trạm Khuyến nông Đông Sơn"),
            Contributor("Đỗ Văn Ước"),
        ),
        unit="Trạm Khuyến nông Đông Sơn",
        sections=(
            Section("Tình trạng trước khi có sáng kiến", "Nước tưới thất thoát nhiều.\n\nMùa khô ruộng nứt nẻ."),
            Section("Nội dung giải pháp", "Tưới nhỏ giọt bằng ống tận dụng."),
        ),
        benefit=25_000_000,
        decision="Quyết định số 05/QĐ-HĐSK ngày 05 tháng 3 năm 2026",
    )
    return replace(entry, **parts)  # type: ignore[arg-type]  # the test says which


def an_edition(*entries: Entry, **parts: object) -> Edition:
    """A book of three entries in two fields, with everything that stands before and after them."""
    entries = entries or (
        an_entry(1),
        an_entry(2, title="Sổ tay “Ấm áp” & dịch vụ <b>công</b>", field="Y tế", benefit=None),
        an_entry(3, field="Y tế", authors=(Contributor("Ân Thị Ăn"),), unit="Ủy ban nhân dân phường Ấ"),
    )
    edition = Edition(
        code="2026-1",
        title="Tuyển tập sáng kiến, ý tưởng tiêu biểu",
        subtitle="Phong trào thi đua “Đoàn kết sáng tạo”",
        year=2026,
        unit="Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh Mẫu",
        parent="Ủy ban Trung ương Mặt trận Tổ quốc Việt Nam",
        council="Hội đồng tuyển chọn, biên tập và công bố sáng kiến",
        place="Thành phố Mẫu",
        preface="Lời thứ nhất.\n\nLời thứ hai.",
        preface_by=Seat("Lê Thị Minh Nguyệt", "Chủ tịch Hội đồng"),
        announcement="Các công trình được công nhận theo Quyết định số 05/QĐ-HĐSK.",
        publication=(("Khổ sách", "16 × 24 cm"),),
        boards=(Board("Hội đồng", (Seat("Lê Thị Minh Nguyệt", "Chủ tịch Hội đồng", "Chủ tịch Ủy ban"),)),),
        figures=Figures(12, 10, 9, 4, (Share("Nông nghiệp", 6, 1), Share("Y tế", 6, 3))),
        fields=("Nông nghiệp", "Giáo dục", "Y tế"),
        entries=entries,
        works=(
            *(
                Work(entry.title, tuple(author.name for author in entry.authors), entry.unit, entry.field, entry.number)
                for entry in entries
            ),
            Work("Công trình không đăng toàn văn", ("Vũ Thị Ổn",), "Trạm Y tế Mẫu", "Y tế"),
        ),
    )
    return replace(edition, **parts)  # type: ignore[arg-type]  # the test says which


def a_decided_round(
    fields: Sequence[str] = ("Y tế", "Nông nghiệp"),
    *,
    rejected: int = 0,
    titles: Sequence[str] = (),
    authors: Iterable[Author] | None = None,
) -> Round:
    """A round whose council has selected one initiative for each field, each with something confidential."""
    in_round = a_round(phase=Phase.PUBLICATION, fields=["Y tế", "Nông nghiệp", "Giáo dục"])
    a_council(in_round=in_round)
    for place, field in enumerate([*fields, *["Giáo dục"] * rejected], 1):
        is_selected = place <= len(fields)
        initiative = an_initiative(
            in_round=in_round,
            state=InitiativeState.SELECTED if is_selected else InitiativeState.NOT_SELECTED,
            title=titles[place - 1] if titles else f"Giải pháp tưới tiết kiệm {place}",
            field=field,
            authors=authors,
            solution=f"Tưới nhỏ giọt bằng ống tận dụng. {SECRET}. Hẹn giờ cơ học.",
            confidential=f"{SECRET}.",
        )
        save(
            Decision(
                round_id=in_round.id,
                initiative_id=initiative.id,
                is_selected=is_selected,
                rank=place,
                decided_at=START,
            )
        )
    return in_round


def a_book(clock: Clock, fields: Sequence[str] = ("Y tế", "Nông nghiệp"), *, titles: Sequence[str] = ()) -> Compendium:
    """A book just begun, its entries in the authors' words."""
    a_round = a_decided_round(fields, titles=titles)
    with transaction():
        return service.open_edition(a_round, by=OPERATOR, now=clock.now())


def wording(**parts: object) -> Wording:
    """What an editor makes of an entry."""
    words = Wording(
        title="Tưới nhỏ giọt",
        field="Y tế",
        problem="Nước tưới thất thoát nhiều vào mùa khô.",
        solution="Tưới nhỏ giọt bằng ống tận dụng, hẹn giờ cơ học.",
        novelty="Không cần điện.",
        conditions="Nơi có bể chứa.",
        benefit="Giảm một nửa lượng nước.",
    )
    return replace(words, **parts)  # type: ignore[arg-type]  # the test says which
