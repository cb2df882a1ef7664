"""What an office's own form may name, kind by kind, and how each paper's facts fill it in."""

from collections.abc import Mapping

from evaluator.papers.certificate import CertificateFacts, grouped
from evaluator.papers.decision import DecisionFacts
from evaluator.papers.kinds import PaperKind
from evaluator.papers.layout import NUMBER_TO_COME
from evaluator.papers.minutes import MinutesFacts
from evaluator.papers.office_form import Context, Fields
from evaluator.papers.paper import Letterhead
from evaluator.papers.references import DAY_TO_COME, Reference
from evaluator.papers.result_notice import NoticeFacts
from evaluator.papers.submission import SubmissionFacts
from evaluator.papers.words import hour_and_date, percent
from evaluator.papers.works import Work
from evaluator.rules.vietnamese import count, long_date

HEAD = {
    "co_quan_cap_tren": "cơ quan cấp trên, dòng trên của tiêu đề",
    "co_quan_ban_hanh": "cơ quan ban hành, dòng dưới của tiêu đề",
    "dia_danh": "địa danh",
    "so": "số, ký hiệu văn bản; “(chờ số)” khi chưa có",
    "ngay": "ngày ... tháng ... năm ...",
    "quyen_han": "quyền hạn người ký, ví dụ TM. BAN THƯỜNG TRỰC",
    "chuc_vu": "chức vụ người ký",
    "nguoi_ky": "họ tên người ký",
    "dot_xet": "tên đợt xét",
    "hoi_dong": "tên hội đồng",
}
WORK = {
    "stt": "số thứ tự",
    "ma": "mã hồ sơ",
    "ten": "tên sáng kiến",
    "tac_gia": "các tác giả",
    "tac_gia_ty_le": "các tác giả kèm tỷ lệ đóng góp",
    "don_vi": "đơn vị",
    "xep_loai": "xếp loại hoặc giải",
    "phieu": "số phiếu tán thành trên cơ số",
}
GROUND = {"noi_dung": "một căn cứ pháp lý"}

FIELDS: dict[PaperKind, Fields] = {
    PaperKind.SUBMISSION: Fields(
        HEAD
        | {
            "kinh_gui": "nơi nhận tờ trình",
            "quy_tac": "quy tắc thông qua",
            "so_luong": "số sáng kiến đề nghị công nhận",
            "so_ho_so": "số hồ sơ đã nộp",
        },
        {"can_cu": GROUND, "danh_sach": WORK},
    ),
    PaperKind.DECISION: Fields(
        HEAD
        | {
            "tham_quyen": "thẩm quyền ban hành",
            "to_trinh": "tờ trình được viện dẫn, đủ số và ngày",
            "so_luong": "số sáng kiến được công nhận",
        },
        {"can_cu": GROUND, "danh_sach": WORK},
    ),
    PaperKind.NOTICE: Fields(
        HEAD
        | {
            "ma": WORK["ma"],
            "ten": WORK["ten"],
            "tac_gia": WORK["tac_gia"],
            "don_vi": WORK["don_vi"],
            "ket_qua": "được công nhận / không được công nhận",
            "quyet_dinh": "quyết định được viện dẫn, đủ số và ngày",
            "diem": "điểm, nếu đợt cho tác giả biết",
            "xep_hang": "xếp hạng, nếu đợt cho tác giả biết",
            "han_cham_lai": "hạn đề nghị chấm lại",
        },
        {"ly_do": {"noi_dung": "một lý do"}},
    ),
    PaperKind.CERTIFICATE: Fields(
        HEAD
        | {
            "ten": WORK["ten"],
            "tac_gia": WORK["tac_gia"],
            "don_vi": WORK["don_vi"],
            "xep_loai": WORK["xep_loai"],
            "quyet_dinh": "quyết định được viện dẫn, đủ số và ngày",
            "ma_kiem_tra": "mã kiểm tra",
            "dia_chi_kiem_tra": "địa chỉ trang kiểm tra",
        },
        {},
    ),
    PaperKind.MINUTES: Fields(
        HEAD
        | {
            "phien_hop": "tên phiên họp",
            "dia_diem": "địa điểm",
            "bat_dau": "giờ, ngày bắt đầu",
            "ket_thuc": "giờ, ngày kết thúc",
            "chu_tri": "người chủ trì",
            "thu_ky": "thư ký",
            "tuc_so": "điều kiện tiến hành",
            "quy_tac": "quy tắc thông qua",
        },
        {
            "can_cu": GROUND,
            "thanh_vien": {"ten": "họ tên", "chuc_danh": "chức danh", "co_mat": "có mặt hoặc lý do vắng"},
            "noi_dung": {
                "stt": "số thứ tự",
                "ma": "mã hồ sơ",
                "ten": "tên sáng kiến",
                "thao_luan": "ý kiến thảo luận",
                "tan_thanh": "số phiếu tán thành trên cơ số",
                "ty_le": "tỷ lệ tán thành",
                "khong_tan_thanh": "số phiếu không tán thành",
                "khong_y_kien": "số phiếu không có ý kiến",
                "ket_qua": "kết quả",
            },
            "ket_luan": {"noi_dung": "một kết luận"},
        },
    ),
}


def of_submission(facts: SubmissionFacts) -> Context:
    """Return the values of a submission letter."""
    return {
        **_head(facts.letterhead, facts.self_reference, facts.capacity, facts.signer),
        "dot_xet": facts.round_title,
        "hoi_dong": facts.council,
        "kinh_gui": facts.to,
        "quy_tac": facts.rule,
        "so_luong": count(len(facts.works)),
        "so_ho_so": count(facts.season.submitted),
        "can_cu": _lines(facts.grounds),
        "danh_sach": _works(facts.works),
    }


def of_decision(facts: DecisionFacts) -> Context:
    """Return the values of a decision."""
    return {
        **_head(facts.letterhead, facts.self_reference, facts.capacity, facts.signer),
        "dot_xet": facts.round_title,
        "hoi_dong": facts.council,
        "tham_quyen": facts.authority,
        "to_trinh": facts.submission.cited,
        "so_luong": count(len(facts.works)),
        "can_cu": _lines(facts.grounds),
        "danh_sach": _works(facts.works),
    }


def of_notice(facts: NoticeFacts) -> Context:
    """Return the values of a notice."""
    work = facts.work
    return {
        **_head(facts.letterhead, facts.self_reference, facts.capacity, facts.signer),
        "dot_xet": facts.round_title,
        "hoi_dong": facts.council,
        "ma": work.code,
        "ten": work.title,
        "tac_gia": work.names,
        "don_vi": work.unit,
        "ket_qua": "được công nhận" if facts.is_selected else "không được công nhận",
        "quyet_dinh": facts.decision.cited,
        "diem": work.points,
        "xep_hang": work.rank,
        "han_cham_lai": facts.asks_until,
        "ly_do": _lines(work.reasons),
    }


def of_certificate(facts: CertificateFacts) -> Context:
    """Return the values of a certificate."""
    place, _, day = facts.place_and_date.partition(", ")
    return {
        "co_quan_cap_tren": facts.parent,
        "co_quan_ban_hanh": facts.issuer,
        "dia_danh": place,
        "so": facts.number,
        "ngay": day,
        **_signing(facts.capacity, facts.signer),
        "dot_xet": facts.round_title,
        "hoi_dong": facts.issuer,
        "ten": facts.work.title,
        "tac_gia": facts.work.names,
        "don_vi": facts.work.unit,
        "xep_loai": facts.work.grade,
        "quyet_dinh": facts.decision,
        "ma_kiem_tra": grouped(facts.check_code),
        "dia_chi_kiem_tra": facts.check_url,
    }


def of_minutes(facts: MinutesFacts) -> Context:
    """Return the values of minutes."""
    reference = Reference("Biên bản", facts.number, facts.dated)
    return {
        **_head(facts.letterhead, reference, ("Chủ tịch Hội đồng",), facts.chair),
        "dot_xet": facts.session,
        "hoi_dong": facts.council,
        "phien_hop": facts.session,
        "dia_diem": facts.place,
        "bat_dau": hour_and_date(facts.opened_at),
        "ket_thuc": hour_and_date(facts.closed_at),
        "chu_tri": facts.chair,
        "thu_ky": facts.secretary,
        "tuc_so": facts.quorum,
        "quy_tac": facts.rule,
        "can_cu": _lines(facts.grounds),
        "thanh_vien": [
            {"ten": who.name, "chuc_danh": who.office, "co_mat": "có mặt" if who.present else f"vắng: {who.reason}"}
            for who in facts.attendees
        ],
        "noi_dung": [
            {
                "stt": str(place),
                "ma": item.code,
                "ten": item.title,
                "thao_luan": item.discussion,
                "tan_thanh": "" if item.set_aside else f"{item.yes}/{item.base}",
                "ty_le": "" if item.set_aside else percent(item.yes, item.base),
                "khong_tan_thanh": str(item.no),
                "khong_y_kien": str(item.no_opinion),
                "ket_qua": item.set_aside or ("thông qua" if item.passed else "không thông qua"),
            }
            for place, item in enumerate(facts.items, 1)
        ],
        "ket_luan": _lines(facts.conclusion),
    }


def _head(letterhead: Letterhead, reference: Reference, capacity: tuple[str, ...], signer: str) -> Mapping[str, str]:
    return {
        "co_quan_cap_tren": letterhead.parent,
        "co_quan_ban_hanh": letterhead.issuer,
        "dia_danh": letterhead.place,
        "so": reference.number or NUMBER_TO_COME,
        "ngay": long_date(reference.dated) if reference.dated else DAY_TO_COME,
        **_signing(capacity, signer),
    }


def _signing(capacity: tuple[str, ...], signer: str) -> Mapping[str, str]:
    return {
        "quyen_han": capacity[0] if len(capacity) > 1 else "",
        "chuc_vu": capacity[-1] if capacity else "",
        "nguoi_ky": signer,
    }


def _works(works: tuple[Work, ...]) -> list[dict[str, str]]:
    return [
        {
            "stt": str(place),
            "ma": work.code,
            "ten": work.title,
            "tac_gia": work.names,
            "tac_gia_ty_le": work.names_with_shares,
            "don_vi": work.unit,
            "xep_loai": work.grade,
            "phieu": work.votes,
        }
        for place, work in enumerate(works, 1)
    ]


def _lines(lines: tuple[str, ...]) -> list[dict[str, str]]:
    return [{"noi_dung": line} for line in lines]
