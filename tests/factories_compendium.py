"""An edition to build from: invented people, small enough to read, with what builders stumble over."""

from dataclasses import replace

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
