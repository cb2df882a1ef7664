"""Reading an office's workbook: every fault is found in its cell, and what can be put right is put right."""

import io
import unicodedata
import zipfile
from datetime import date

import pytest

from evaluator.core.errors import Invalid
from evaluator.initiatives.intake.findings import Severity, letter
from evaluator.initiatives.intake.report import as_csv
from evaluator.initiatives.intake.season import Season, read_season
from evaluator.initiatives.intake.template import template_workbook
from evaluator.initiatives.intake.unit_names import Fit, UnitNames, is_one_slip
from evaluator.rules.dossier import Kind
from tests.factories_intake import FIELDS, HEADINGS, LETTERS, UNITS, a_co_author, a_row, a_workbook

TODAY = date(2026, 3, 2)


def reading_of(*rows, **options) -> Season:
    return read_season(a_workbook(rows, **options), units=UNITS, fields=FIELDS, latest=TODAY)


def found(season: Season) -> list[tuple[int, str, str, str]]:
    return [(each.row, each.column, each.code, each.severity.value) for each in season.findings]


def test_a_clean_list_is_taken_whole_and_nothing_is_said_about_it():
    head = a_row(2, **{"Tỷ lệ đóng góp (%)": 60})

    season = reading_of(a_row(1), head, a_co_author(head))

    assert found(season) == []
    assert [dossier.code for dossier in season.good] == ["DKST-2024-0001", "DKST-2024-0002"]
    second = season.good[1]
    assert (second.kind, second.field, second.money_benefit) == (Kind.INITIATIVE, "Nông, lâm, ngư nghiệp", 25_000_000)
    assert second.applied_on == date(2023, 9, 12)
    assert [(author.name, author.share, author.birth_date) for author in second.authors] == [
        ("Lò Văn Mai Chi", 6000, date(1980, 3, 5)),
        ("Hà Thị Lan", 4000, date(1985, 1, 2)),
    ]


# One cell, what is written into it, what is found, and what is read in the end.
CASES = [
    ("Ngày sinh", "14/06/1978", "date_text", "fixed", date(1978, 6, 14)),
    ("Ngày sinh", "15/3/83", "date_text_dmyy", "warning", date(1983, 3, 15)),
    ("Ngày sinh", 25593, "date_serial", "fixed", date(1970, 1, 25)),
    ("Ngày sinh", 1974, "date_year_only", "error", None),
    ("Ngày sinh", "1974", "date_year_only", "error", None),
    ("Ngày sinh", "31/11/1990", "date_impossible", "error", None),
    ("Ngày sinh", "không rõ", "date_unreadable", "error", None),
    ("Ngày áp dụng lần đầu", date(2025, 4, 5), "date_future", "error", None),
    ("Họ và tên tác giả", "Lò Văn Mai  ", "trailing_space", "fixed", "Lò Văn Mai"),
    ("Họ và tên tác giả", "Lò Văn\u200b Mai", "nbsp_zero_width", "fixed", "Lò Văn Mai"),
    ("Họ và tên tác giả", unicodedata.normalize("NFD", "Lò Văn Mai"), "text_nfd", "fixed", "Lò Văn Mai"),
    ("Họ và tên tác giả", "NGUYỄN ĐỨC BÌNH", "all_caps", "warning", "Nguyễn Đức Bình"),
    ("Họ và tên tác giả", "D\u00ad¬ng ViÕt C\u00adêng", "legacy_tcvn3", "warning", "Dương Viết Cường"),
    ("Họ và tên tác giả", "Nguyeãn Thò Traâm", "legacy_vni", "warning", "Nguyễn Thị Trâm"),
    ("Họ và tên tác giả", "Hà Thị Hoà", "tone_placement", "fixed", "Hà Thị Hoà"),
    ("Họ và tên tác giả", None, "name_missing", "error", ""),
    ("Tên sáng kiến", "Сải tiến máy gieo", "homoglyph", "warning", "Cải tiến máy gieo"),
    ("Tên sáng kiến", None, "title_missing", "error", ""),
    ("Tính mới", "+Không cần điện.", "formula_text", "warning", "Không cần điện."),
    ("Tính mới", "", "text_missing", "warning", ""),
    ("Hiệu quả kinh tế (đồng)", "48.700.000 đ", "money_dots_comma", "fixed", 48_700_000),
    ("Hiệu quả kinh tế (đồng)", "2,5 tỷ", "money_words", "fixed", 2_500_000_000),
    ("Hiệu quả kinh tế (đồng)", "khoảng 25 triệu", "money_about", "warning", 25_000_000),
    ("Hiệu quả kinh tế (đồng)", "-", "money_none_text", "warning", None),
    ("Hiệu quả kinh tế (đồng)", "8.5", "money_unreadable", "error", None),
    ("Hiệu quả kinh tế (đồng)", -5, "money_unreadable", "error", None),
    ("Tỷ lệ đóng góp (%)", "100%", "share_percent_text", "fixed", 10_000),
    ("Tỷ lệ đóng góp (%)", 1.0, "share_fraction", "warning", 10_000),
    ("Tỷ lệ đóng góp (%)", None, "share_missing", "warning", 10_000),
    ("Tỷ lệ đóng góp (%)", 90, "share_not_100", "error", 9_000),
    ("Tỷ lệ đóng góp (%)", "tất cả", "share_unreadable", "error", None),
    ("Đơn vị công tác", "Trường Tiểu học Kim Đông, huyện Hà Trung", "unit_typo", "warning", UNITS[3]),
    ("Đơn vị công tác", "Trường Tiểu học Ki Đồng, huyện Hà Trung", "unit_typo", "warning", UNITS[3]),
    ("Đơn vị công tác", "TH Kim Đồng, huyện Hà Trung", "unit_abbrev", "warning", UNITS[3]),
    ("Đơn vị công tác", "Công ty Cổ phần Ánh Dương Xanh", "unit_unknown", "error", "Công ty Cổ phần Ánh Dương Xanh"),
    ("Đơn vị công tác", None, "unit_missing", "error", ""),
    ("Email", "mai @example.org", "email_space", "fixed", "mai@example.org"),
    ("Email", "mai@@example.org", "email_broken", "error", ""),
    ("Email", "mai@example", "email_broken", "error", ""),
    ("Điện thoại", 312345678, "phone_lost_zero", "fixed", "0312345678"),
    ("Điện thoại", "+84312345678", "phone_plus84", "fixed", "0312345678"),
    ("Điện thoại", "84312345678", "phone_plus84", "fixed", "0312345678"),
    ("Điện thoại", "0312.345.678", "phone_punct", "fixed", "0312345678"),
    ("Điện thoại", "0312345678/0319999999", "phone_two", "warning", "0312345678"),
    ("Điện thoại", "gọi nhà trường", "phone_unreadable", "warning", "gọi nhà trường"),
    ("Mã hồ sơ", "dkst-2024-0001", "code_variant", "warning", "DKST-2024-0001"),
    ("Mã hồ sơ", "ĐKST 2024/1", "code_variant", "warning", "DKST-2024-0001"),
    ("Mã hồ sơ", None, "code_missing", "error", ""),
    ("Mã hồ sơ", "số 5 / a", "code_unreadable", "error", ""),
    ("Loại", "GP", "kind_variant", "warning", Kind.SOLUTION),
    ("Loại", "Sáng kiến kinh nghiệm", "kind_variant", "warning", Kind.INITIATIVE),
    ("Loại", "bài hát", "kind_unknown", "error", None),
    ("Loại", None, "kind_missing", "error", None),
    ("Lĩnh vực", "CNTT", "field_variant", "warning", FIELDS[3]),
    ("Lĩnh vực", "Y tế", "field_variant", "warning", FIELDS[1]),
    ("Lĩnh vực", "bóng đá", "field_unknown", "error", ""),
    ("Lĩnh vực", None, "field_missing", "error", ""),
]
OF_AUTHOR = {
    "Họ và tên tác giả": "name", "Ngày sinh": "birth_date", "Đơn vị công tác": "workplace", "Tỷ lệ đóng góp (%)": "share",
    "Điện thoại": "phone", "Email": "email",
}  # fmt: skip
OF_DOSSIER = {
    "Mã hồ sơ": "code", "Tên sáng kiến": "title", "Loại": "kind", "Lĩnh vực": "field", "Ngày áp dụng lần đầu": "applied_on",
    "Hiệu quả kinh tế (đồng)": "money_benefit",
}  # fmt: skip


@pytest.mark.parametrize(("heading", "written", "code", "severity", "read"), CASES)
def test_a_fault_is_found_in_its_cell_and_the_cell_is_read_as_it_was_meant(heading, written, code, severity, read):
    season = reading_of(a_row(1, **{heading: written}), a_row(2))

    assert (2, LETTERS[heading], code, severity) in found(season)
    assert {each.row for each in season.findings} == {2}
    dossier = season.reading.dossiers[0]
    if heading in OF_AUTHOR:
        assert getattr(dossier.authors[0], OF_AUTHOR[heading]) == read
    elif heading in OF_DOSSIER:
        assert getattr(dossier, OF_DOSSIER[heading]) == read
    else:
        assert dossier.texts["novelty"] == read


@pytest.mark.parametrize(("heading", "written", "code", "severity", "read"), CASES)
def test_only_an_error_keeps_a_dossier_back(heading, written, code, severity, read):
    season = reading_of(a_row(1, **{heading: written}), a_row(2))

    assert [dossier.row for dossier in season.good] == ([3] if severity == "error" else [2, 3])


def test_titles_above_and_two_rows_of_headings_are_read():
    top = [*HEADINGS[:5], "Thông tin tác giả", *[None] * 5, *HEADINGS[11:]]
    below = [
        *[None] * 5,
        "Họ và tên\ntác giả",
        "Ngày, tháng,\nnăm sinh",
        "Nơi công tác",
        *HEADINGS[8:10],
        "Tỷ lệ (%) \nđóng góp",
    ]

    season = reading_of(
        a_row(1), above=[["ỦY BAN MTTQ VIỆT NAM"], [], ["DANH SÁCH SÁNG KIẾN NĂM 2024"]], headings=[top, below]
    )

    assert len(season.good) == 1
    assert found(season) == [
        (1, "", "title_block", "fixed"),
        (4, "", "header_two_rows", "fixed"),
        (5, "F", "header_renamed", "fixed"),
        (5, "G", "header_renamed", "fixed"),
        (5, "H", "header_renamed", "fixed"),
        (5, "K", "header_renamed", "fixed"),
    ]


def test_blank_rows_group_headings_and_the_foot_are_passed_over():
    season = reading_of(
        a_row(1),
        [],
        ["I. LĨNH VỰC NÔNG NGHIỆP"],
        a_row(2),
        [None, "Tổng cộng: 2 hồ sơ./."],
        [],
        [*[None] * 14, "TM. HỘI ĐỒNG"],
    )

    assert len(season.good) == 2
    assert found(season) == [
        (3, "", "blank_row", "fixed"),
        (4, "A", "group_heading_row", "fixed"),
        (6, "B", "footer_row", "fixed"),
        (8, "", "footer_row", "fixed"),
    ]


def test_a_row_that_repeats_another_word_for_word_is_an_error_of_its_own():
    season = reading_of(a_row(1), a_row(2), a_row(1))

    assert found(season) == [(4, "", "duplicate_row", "error")]
    assert [dossier.code for dossier in season.good] == ["DKST-2024-0001", "DKST-2024-0002"]


def test_a_code_that_another_dossier_bears_keeps_the_second_back():
    season = reading_of(a_row(1), a_row(2, **{"Mã hồ sơ": "DKST-2024-0001"}))

    assert (3, "B", "code_twice", "error") in found(season)
    assert [dossier.row for dossier in season.good] == [2]


def test_a_person_who_stands_twice_keeps_the_dossier_back():
    head = a_row(1, **{"Tỷ lệ đóng góp (%)": 60})
    twice = a_co_author(head, name=head["Họ và tên tác giả"], **{"Ngày sinh": head["Ngày sinh"]})

    season = reading_of(head, twice)

    assert found(season) == [(3, "F", "person_twice", "error")]
    assert season.good == []


def test_two_people_of_one_name_are_told_apart_by_their_birth_dates():
    head = a_row(1, **{"Tỷ lệ đóng góp (%)": 60})

    season = reading_of(head, a_co_author(head, name=head["Họ và tên tác giả"]))

    assert found(season) == []


def test_shares_of_99_are_an_error_on_every_author_of_the_dossier():
    head = a_row(1, **{"Tỷ lệ đóng góp (%)": 60})

    season = reading_of(head, a_co_author(head, share=39))

    assert found(season) == [(2, "K", "share_not_100", "error"), (3, "K", "share_not_100", "error")]


def test_thirds_of_a_hundred_make_a_whole():
    head = a_row(1, **{"Tỷ lệ đóng góp (%)": 33.33})

    season = reading_of(head, a_co_author(head, share="33,33"), a_co_author(head, name="Vi Thị Son", share=33.34))

    assert found(season) == []
    assert [author.share for author in season.good[0].authors] == [3333, 3333, 3334]


def test_a_share_that_a_co_author_lacks_is_an_error():
    head = a_row(1, **{"Tỷ lệ đóng góp (%)": 60})

    season = reading_of(head, a_co_author(head, share=None))

    assert found(season) == [(3, "K", "share_missing", "error")]


def test_a_co_author_whose_dossier_is_not_in_the_list_is_an_error():
    season = reading_of(a_row(1), a_co_author(a_row(9)))

    assert found(season) == [(3, "", "dossier_missing", "error")]
    assert len(season.good) == 1


def test_co_authors_follow_their_dossier_even_when_its_code_is_missing():
    head = a_row(1, **{"Tỷ lệ đóng góp (%)": 60, "Mã hồ sơ": None})
    co_author = a_co_author(head, **{"Mã hồ sơ": "DKST-2024-0001"})

    season = reading_of(head, co_author, a_row(2))

    assert found(season) == [(2, "B", "code_missing", "error")]


def test_a_body_of_a_known_sort_at_a_known_place_is_taken_as_new():
    season = reading_of(a_row(1, **{"Đơn vị công tác": "Trạm Y tế huyện Quan Hóa"}))

    assert found(season) == []
    assert season.good[0].authors[0].is_new_unit


def test_the_council_and_its_conflicts_are_read_from_their_sheets():
    season = reading_of(
        a_row(1),
        sheets={
            "Hội đồng": [
                ["Mã thành viên", "Họ và tên", "Đơn vị", "Lĩnh vực chuyên môn", "Email", "Số hồ sơ tối đa"],
                [
                    "HD001",
                    "ThS. Hoàng Thị Tuyết",
                    "Trường Đại học Hồng Đức",
                    "Giáo dục và đào tạo; Y dược",
                    "tuyet@example.org",
                    34,
                ],
                ["HD002", "Lê Văn Ba", "Sở Nội vụ", "", "", ""],
            ],
            "Xung đột lợi ích": [
                ["Mã thành viên", "Họ và tên", "Mã hồ sơ", "Lý do"],
                ["HD001", "Hoàng Thị Tuyết", "DKST-2024-0001", "cùng đơn vị"],
            ],
        },
    )

    first, second = season.members
    assert (first.code, first.name, first.fields, first.email, first.load) == (
        "HD001", "ThS. Hoàng Thị Tuyết", ("Giáo dục và đào tạo", "Y dược"), "tuyet@example.org", 34,
    )  # fmt: skip
    assert (second.fields, second.email, second.load) == ((), "", None)
    assert [(each.member, each.code, each.reason) for each in season.conflicts] == [
        ("HD001", "DKST-2024-0001", "cùng đơn vị")
    ]


# --- files that are no list of dossiers -------------------------------------------------------


def message_of(data: bytes) -> str:
    with pytest.raises(Invalid) as caught:
        read_season(data, units=UNITS, fields=FIELDS, latest=TODAY)
    (message,) = caught.value.fields["file"]
    return str(message)


def a_zip(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def test_files_that_are_no_spreadsheet_are_named():
    assert message_of(b"") == "The file is empty."
    assert message_of(b"# just words") == "This is not a spreadsheet. Choose an .xlsx file."
    assert message_of(b"%PDF-1.7 ...").startswith("This is a PDF")
    assert message_of(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1old").startswith("This is a file of the old Excel (.xls)")
    assert message_of(a_zip({"word/document.xml": b"<w/>"})).startswith("This is a Word file")
    assert message_of(a_zip({"a.txt": b"words"})) == "This is not a spreadsheet. Choose an .xlsx file."


def test_a_bomb_is_not_opened():
    bomb = a_zip({"xl/workbook.xml": b"<w/>", "xl/worksheets/sheet1.xml": b"0" * 30_000_000})

    assert message_of(bomb) == "The file unpacks into far more than it should and was not opened."


def test_a_damaged_spreadsheet_is_refused():
    whole = a_workbook([a_row(1)])

    assert "damaged" in message_of(whole[: len(whole) // 2])
    assert "damaged" in message_of(a_zip({"xl/workbook.xml": b"<not xml"}))


def test_an_empty_sheet_a_strange_one_and_one_without_dossiers_are_refused():
    assert message_of(a_workbook([], headings=())) == "The spreadsheet is empty."
    assert "has no row of headings" in message_of(a_workbook([["Thu", "Chi"], [1, 2]], headings=()))
    assert "has headings but no dossiers" in message_of(a_workbook([]))


def test_a_missing_column_is_named():
    kept = [heading for heading in HEADINGS if heading not in {"Mã hồ sơ", "Tỷ lệ đóng góp (%)"}]

    assert message_of(a_workbook([["x"] * len(kept)], headings=[kept])) == (
        "The sheet “Danh sách hồ sơ” lacks these columns: Mã hồ sơ, Tỷ lệ đóng góp (%)."
    )


def test_our_own_empty_list_can_be_read():
    season = read_season(template_workbook(), units=UNITS, fields=FIELDS, latest=TODAY)

    assert [dossier.code for dossier in season.reading.dossiers] == ["DKST-2026-0001"]


# --- the report and the parts -----------------------------------------------------------------


def test_the_report_is_a_table_that_excel_takes_for_text_only():
    season = reading_of(a_row(1, **{"Đơn vị công tác": "=cmd()|Sao Khuê"}))

    lines = as_csv(season.findings, say=str).split("\r\n")

    assert lines[0] == "row,column,problem,remedy,severity"
    assert all(not cell.startswith(("=", "+", "@")) for line in lines for cell in line.split(","))
    assert lines[1].startswith("2,H,")
    assert lines[1].endswith(",error")


def test_columns_have_letters_as_the_spreadsheet_shows_them():
    assert [letter(index) for index in (0, 25, 26, 51, 701, 702)] == ["A", "Z", "AA", "AZ", "ZZ", "AAA"]


def test_severities_are_those_of_the_contract():
    assert [each.value for each in Severity] == ["error", "warning", "fixed"]


@pytest.mark.parametrize(
    ("one", "other", "wanted"),
    [
        ("hop tac xa", "hop tc xa", True),
        ("hop tac xa", "hop tacc xa", True),
        ("hop tac xa", "hpo tac xa", True),
        ("xa dong vinh", "xa dong linh", False),
        ("hop tac xa", "hop tc x", False),
    ],
)
def test_a_slip_is_one_letter_and_another_good_word_is_another_name(one, other, wanted):
    assert is_one_slip(one, other) is wanted


def test_a_school_without_its_district_is_taken_for_the_one_beside_it():
    names = UnitNames.of(UNITS, written=["Trường Tiểu học Kim Đồng"])

    found_unit = names.recognise("Trường Tiểu học Kim Đồng", hint=UNITS[3])

    assert (found_unit.name, found_unit.fit) == (UNITS[3], Fit.SHORT)
