"""The fixed words of the book. A Vietnamese book stays Vietnamese whoever presses the button."""

WORDS = {
    "publication": "Thông tin xuất bản",
    "boards": "Hội đồng và Ban Biên tập",
    "preface": "Lời giới thiệu",
    "figures": "Những con số của đợt xét",
    "received": "Gửi về",
    "accepted": "Hợp lệ",
    "scored": "Được chấm điểm",
    "recognised": "Được công nhận",
    "by_field": "Theo lĩnh vực",
    "by_unit": "Theo đơn vị",
    "name": "Tên",
    "contents": "Mục lục",
    "part": "Phần",
    "works_count": "công trình",
    "author_of": "Tác giả",
    "authors_of": "Nhóm tác giả",
    "unit_of": "Đơn vị",
    "benefit": "Giá trị làm lợi",
    "works": "Danh mục công trình được công nhận",
    "more_works": "Công trình được công nhận, không đăng toàn văn",
    "no": "STT",
    "title": "Tên công trình",
    "authors_units": "Tác giả, đơn vị",
    "page": "Trang",
    "authors": "Tra cứu theo tác giả",
    "units": "Tra cứu theo đơn vị",
    "authors_rule": "Xếp theo bảng chữ cái tiếng Việt: theo tên, rồi chữ đệm, rồi họ; dấu thanh theo thứ tự "
    "ngang, huyền, hỏi, ngã, sắc, nặng.",
    "units_rule": "Xếp theo bảng chữ cái tiếng Việt, từng tiếng một.",
    "pages_note": "Số bên phải là số trang.",
    "numbers_note": "Số bên phải là số thứ tự của công trình.",
    "number": "Số",
    "search": "Tìm công trình",
    "search_hint": "Gõ có dấu hoặc không dấu",
    "all_fields": "Mọi lĩnh vực",
    "all_units": "Mọi đơn vị",
    "nothing": "Không có công trình nào khớp.",
    "back": "Về danh sách",
    "decision": "Quyết định",
    "kind": "Loại",
    "field": "Lĩnh vực",
    "next": "Công trình sau",
    "previous": "Công trình trước",
}

_ROMAN = ((100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))


def roman(number: int) -> str:
    """Return a positive number below 400 in Roman figures."""
    figures = ""
    for value, sign in _ROMAN:
        while number >= value:
            figures += sign
            number -= value
    return figures


def paragraphs(text: str) -> list[str]:
    """Return the paragraphs of a text: its lines that are not empty."""
    return [line.strip() for line in text.split("\n") if line.strip()]
