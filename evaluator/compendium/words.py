"""The fixed words of the book. A Vietnamese book stays Vietnamese whoever presses the button."""

from evaluator.rules.dossier import Kind

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

KINDS = {
    Kind.INITIATIVE: "Sáng kiến",
    Kind.SOLUTION: "Giải pháp",
    Kind.MODEL: "Mô hình",
    Kind.IDEA: "Ý tưởng",
}

# The sections of an entry, in the order of the book, under the names of their columns.
SECTIONS = {
    "problem": "Tình trạng trước khi có sáng kiến",
    "solution": "Nội dung giải pháp",
    "novelty": "Tính mới",
    "conditions": "Điều kiện và khả năng áp dụng",
    "benefit": "Hiệu quả mang lại",
}

EDITORIAL_BOARD = "Ban Biên tập"

# What a new book begins with; the editors change it.
TITLE = "Tuyển tập sáng kiến, ý tưởng tiêu biểu"
SUBTITLE = "Phong trào thi đua “Đoàn kết sáng tạo”"
PARENT = "Ủy ban Trung ương Mặt trận Tổ quốc Việt Nam"
PREFACE = (
    "Phong trào thi đua “Đoàn kết sáng tạo” khơi dậy tinh thần dám nghĩ, dám làm của cán bộ, đoàn viên, hội viên và "
    "các tầng lớp Nhân dân ở mọi lĩnh vực của đời sống.\n\n"
    "Tuyển tập này giới thiệu những sáng kiến, ý tưởng đã được Hội đồng lựa chọn từ các hồ sơ gửi về trong đợt xét. "
    "Mỗi công trình được trình bày ngắn gọn: vấn đề đặt ra, cách giải quyết, điểm mới, điều kiện áp dụng và hiệu quả "
    "mang lại, để bạn đọc có thể tìm hiểu, học tập và vận dụng tại địa phương, đơn vị mình.\n\n"
    "Hội đồng trân trọng cảm ơn các tác giả, đồng tác giả, các cơ quan, đơn vị đã hưởng ứng phong trào, và mong nhận "
    "được ý kiến đóng góp của bạn đọc."
)
PUBLICATION = (
    ("Chịu trách nhiệm nội dung", ""),
    ("Khổ sách", "16 × 24 cm"),
    ("Giấy phép xuất bản", ""),
    ("Nơi in", ""),
)

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
