"""Vietnamese: letters, order, numbers, dates, money, old encodings."""

import unicodedata
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from evaluator.rules import vietnamese
from evaluator.rules.vietnamese import Unreadable, Why


def test_folding_takes_tones_and_hats_off_and_makes_dd_a_d():
    assert vietnamese.fold("Đoàn kết SÁNG TẠO ở Ủy ban") == "doan ket sang tao o uy ban"


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
def test_folding_gives_one_character_for_each_of_the_normal_form_whatever_came_in(form):
    text = "Nguyễn Thị Ánh, huyện Thường Xuân: 1.234 ₫"

    folded = vietnamese.fold(unicodedata.normalize(form, text))

    assert folded == "nguyen thi anh, huyen thuong xuan: 1.234 ₫"
    assert len(folded) == len(text)


def test_mixed_marks_become_the_one_normal_form():
    half_composed = "sa\u0301ng kiê\u0301n"

    assert vietnamese.nfc(half_composed) == "sáng kiến"


def test_search_keys_of_all_spellings_are_equal():
    assert vietnamese.search_key("Kỹ thuật; lý do, Thuỷ – quý") == vietnamese.search_key("kĩ thuật lí do thủy quí")


def test_i_and_y_stay_apart_inside_a_syllable():
    assert vietnamese.search_key("tay") != vietnamese.search_key("tai")


def test_tone_places_are_made_one_for_comparing():
    assert vietnamese.same_tone_place("Hoà khoẻ thuỷ quý HOÀ hoàng hoàn") == "Hòa khỏe thủy quý HÒA hoàng hoàn"


def test_cleaning_takes_out_what_cannot_be_seen_and_keeps_line_breaks():
    assert vietnamese.clean("  một\u00a0 hai\u200b \r\n\r\n\r\n\r\nba ") == "một hai\n\nba"
    assert vietnamese.clean_line(" một\nhai ") == "một hai"


# --- order ------------------------------------------------------------------------------------


def test_letters_with_hats_are_letters_and_tones_follow_the_dictionary():
    wanted = ["an", "án", "ăn", "ân", "dũng", "đức", "ha", "hà", "hả", "hã", "há", "hạ", "ô", "ơ", "ư"]

    assert sorted(set(wanted), key=vietnamese.sort_key) == wanted


def test_a_tone_counts_before_the_next_syllable():
    assert sorted(["Hạ An", "Hà Bình", "Ha Vi"], key=vietnamese.sort_key) == ["Ha Vi", "Hà Bình", "Hạ An"]


def test_capitals_count_only_where_all_else_is_equal():
    assert sorted(["Hà", "hà", "Ha"], key=vietnamese.sort_key) == ["Ha", "hà", "Hà"]


def test_order_keys_are_plain_ascii_so_that_every_database_orders_them_alike():
    assert vietnamese.sort_key("Ủy ban MTTQ huyện Đông Sơn, số 12").isascii()
    assert vietnamese.name_key("Tôn Nữ Thị Ưu").isascii()


def test_people_stand_by_given_name_then_middle_then_family_name():
    names = ["Trần Văn Đức", "Nguyễn Thị Ánh", "Lê Tiến Dũng", "Nguyễn Thị Anh", "Lê Anh", "PGS.TS. Trịnh Quốc Minh"]

    assert sorted(names, key=vietnamese.name_key) == [
        "Lê Anh",
        "Nguyễn Thị Anh",
        "Nguyễn Thị Ánh",
        "Lê Tiến Dũng",
        "Trần Văn Đức",
        "PGS.TS. Trịnh Quốc Minh",
    ]


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("PGS.TS. Trịnh Quốc Minh", "Trịnh Quốc Minh"),
        ("ThS. Nguyễn Thị Lan", "Nguyễn Thị Lan"),
        ("Ông Lê Văn Tùng", "Lê Văn Tùng"),
        ("Tạ Bà", "Tạ Bà"),
        ("Đồng chí Hà Thị Mai", "Hà Thị Mai"),
    ],
)
def test_degrees_and_forms_of_address_are_no_part_of_a_name(written, name):
    assert vietnamese.without_titles(written) == name


@pytest.mark.parametrize(
    ("word", "letter"), [("Ánh", "A"), ("Đức", "Đ"), ("Ước", "Ư"), ("ổ", "Ô"), ("“Ăn”", "Ă"), ("", "#")]
)
def test_an_index_letter_has_its_hat_and_no_tone(word, letter):
    assert vietnamese.index_letter(word) == letter


# --- numbers ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "places", "written"),
    [
        (1234567, None, "1.234.567"),
        (Decimal("1234567.890"), None, "1.234.567,890"),
        (Decimal("8.245"), 2, "8,25"),
        (-1234, None, "-1.234"),
        (Fraction(2, 3), 2, "0,67"),
        (Fraction(2, 3), None, "0,67"),
        (Fraction(10), None, "10"),
        (Fraction(-1, 2), 1, "-0,5"),
    ],
)
def test_numbers_have_dots_for_thousands_and_a_comma_for_decimals(value, places, written):
    assert vietnamese.number(value, places) == written


@pytest.mark.parametrize(("hundredths", "written"), [(825, "8,25"), (850, "8,5"), (800, "8"), (0, "0"), (10000, "100")])
def test_points_are_written_without_needless_zeros(hundredths, written):
    assert vietnamese.points(hundredths) == written


def test_points_percent_money_and_counts_are_written_as_papers_want_them():
    assert vietnamese.points(1000, 2) == "10,00"
    assert vietnamese.percent(3333) == "33,33%"
    assert vietnamese.money(1234567) == "1.234.567 đồng"
    assert [vietnamese.count(n) for n in (0, 5, 9, 10, 1200)] == ["00", "05", "09", "10", "1.200"]


@pytest.mark.parametrize(
    ("value", "spoken"),
    [
        (0, "không"),
        (5, "năm"),
        (15, "mười lăm"),
        (21, "hai mươi mốt"),
        (24, "hai mươi tư"),
        (105, "một trăm linh năm"),
        (1_205_015, "một triệu hai trăm linh năm nghìn không trăm mười lăm"),
        (1_000_000_005, "một tỷ không trăm linh năm"),
        (2_000_000_000_000, "hai nghìn tỷ"),
        (-7, "âm bảy"),
    ],
)
def test_numbers_are_said_in_words(value, spoken):
    assert vietnamese.in_words(value) == spoken


def test_money_in_words_begins_with_a_capital():
    assert vietnamese.money_in_words(1_200_000) == "Một triệu hai trăm nghìn đồng"


@pytest.mark.parametrize(("written", "hundredths"), [("8,5", 850), ("8.5", 850), (" 33,33 ", 3333), ("100", 10000)])
def test_a_score_field_reads_comma_and_dot(written, hundredths):
    assert vietnamese.read_hundredths(written) == hundredths


@pytest.mark.parametrize(
    ("written", "why"),
    [("8,255", Why.TOO_MANY_PLACES), ("tám", Why.NOT_A_NUMBER), ("", Why.NOT_A_NUMBER), ("1.234,5", Why.NOT_A_NUMBER)],
)
def test_a_score_field_says_why_it_cannot_read(written, why):
    with pytest.raises(Unreadable) as caught:
        vietnamese.read_hundredths(written)
    assert caught.value.why is why


@pytest.mark.parametrize(
    ("written", "dong"),
    [
        ("1.200.000", 1_200_000),
        ("1200000", 1_200_000),
        ("1,2 tỷ", 1_200_000_000),
        ("12,5 triệu đồng", 12_500_000),
        ("48.700.000 đ", 48_700_000),
        ("16.300.000,5", 16_300_000),
        ("63.900.000,00", 63_900_000),
        ("1.234", 1_234),
        ("850 nghìn", 850_000),
        ("1 200 000", 1_200_000),
    ],
)
def test_money_is_read_however_it_is_written(written, dong):
    assert vietnamese.read_money(written).dong == dong


@pytest.mark.parametrize("written", ["khoảng 50 triệu", "Ước tính 50 triệu", "trên 50 triệu", "50 triệu/năm"])
def test_an_estimate_is_read_and_marked(written):
    amount = vietnamese.read_money(written)

    assert (amount.dong, amount.is_estimate) == (50_000_000, True)


@pytest.mark.parametrize("written", ["-", "không", "Chưa tính", "Không định lượng được"])
def test_a_word_for_nothing_is_no_amount(written):
    amount = vietnamese.read_money(written)

    assert (amount.dong, amount.is_none) == (None, True)


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("8.5", Why.AMBIGUOUS),
        ("1,234", Why.AMBIGUOUS),
        ("1.500 triệu", Why.AMBIGUOUS),
        ("-5.000.000", Why.NEGATIVE),
        ("nhiều tiền", Why.NOT_A_NUMBER),
        ("50 triệu và 3 con bò", Why.NOT_A_NUMBER),
    ],
)
def test_a_money_field_never_guesses(written, why):
    with pytest.raises(Unreadable) as caught:
        vietnamese.read_money(written)
    assert caught.value.why is why


# --- dates ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "written"),
    [
        (date(2026, 3, 5), "ngày 05 tháng 3 năm 2026"),
        (date(2026, 1, 15), "ngày 15 tháng 01 năm 2026"),
        (date(2026, 2, 9), "ngày 09 tháng 02 năm 2026"),
        (date(2026, 12, 10), "ngày 10 tháng 12 năm 2026"),
    ],
)
def test_dates_are_padded_as_decree_30_wants_them(day, written):
    assert vietnamese.long_date(day) == written


def test_days_have_their_short_form_and_their_name():
    assert vietnamese.short_date(date(2026, 3, 5)) == "05/03/2026"
    assert vietnamese.weekday(date(2026, 3, 5)) == "Thứ Năm"


@pytest.mark.parametrize(
    "written", ["05/03/2026", "5-3-2026", "5.3.2026", "2026-03-05", "ngày 5 tháng 3 năm 2026", "2026-03-05 00:00:00"]
)
def test_dates_are_read_however_people_type_them(written):
    reading = vietnamese.read_date(written, latest_year=2026)

    assert (reading.day, reading.century_guessed) == (date(2026, 3, 5), False)


@pytest.mark.parametrize(("written", "year"), [("15/3/83", 1983), ("1/2/24", 2024), ("1/2/25", 1925)])
def test_a_year_of_two_digits_is_the_latest_that_has_come(written, year):
    reading = vietnamese.read_date(written, latest_year=2024)

    assert (reading.day.year, reading.century_guessed) == (year, True)


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("1974", Why.YEAR_ONLY),
        ("3/1974", Why.YEAR_ONLY),
        ("30/02/2023", Why.NOT_IN_CALENDAR),
        ("29/02/2023", Why.NOT_IN_CALENDAR),
        ("mùa xuân", Why.NOT_A_DATE),
    ],
)
def test_a_date_field_says_why_it_cannot_read(written, why):
    with pytest.raises(Unreadable) as caught:
        vietnamese.read_date(written, latest_year=2026)
    assert caught.value.why is why


# --- old encodings and letters in disguise ----------------------------------------------------


@pytest.mark.parametrize(
    ("written", "read", "encoding"),
    [
        ("D\u00ad¬ng ViÕt C\u00adêng", "Dương Viết Cường", "TCVN3"),
        ("Vi ThÞ BÝch TuyÕt", "Vi Thị Bích Tuyết", "TCVN3"),
        ("Trung taâm GDNN-GDTX Thoï Xuaân", "Trung tâm GDNN-GDTX Thọ Xuân", "VNI"),
        ("UÛy ban nhaân daân phöôøng Ñieän Bieân", "Ủy ban nhân dân phường Điện Biên", "VNI"),
        ("Trònh Thò Dung", "Trịnh Thị Dung", "VNI"),
    ],
)
def test_old_encodings_are_recognised_and_read(written, read, encoding):
    assert vietnamese.decode_legacy(written) == (read, encoding)


@pytest.mark.parametrize("written", ["Hoàng Thanh Hoà", "Café Trung Nguyên", "Lê Văn Đức", "plain ASCII", ""])
def test_unicode_is_not_taken_for_an_old_encoding(written):
    assert vietnamese.decode_legacy(written) == (written, "")


def test_letters_of_another_script_inside_latin_words_become_latin():
    assert vietnamese.repair_lookalikes("Сục Thuế trоng") == "Cục Thuế trong"


def test_words_wholly_of_another_script_stay():
    assert vietnamese.repair_lookalikes("bơm ЭЦВ6 của Nga") == "bơm ЭЦВ6 của Nga"


@pytest.mark.parametrize("word", ["Nguyễn", "quý", "giếng", "khuỷu", "thuở", "hòa", "hoà", "uống", "xoong", "nghiêng"])
def test_syllables_are_recognised(word):
    assert vietnamese.is_syllable(word)


@pytest.mark.parametrize("word", ["Dch", "binnh", "Trunng", "Trònh", "café", "áá", "nguyeãn"])
def test_what_is_no_syllable_is_recognised(word):
    assert not vietnamese.is_syllable(word)


def test_shouted_titles_and_names_are_set_down():
    assert vietnamese.is_shouted("THUẬT TOÁN LƯU TRỮ")
    assert not vietnamese.is_shouted("OCOP")
    assert vietnamese.sentence_case("THUẬT TOÁN LƯU TRỮ") == "Thuật toán lưu trữ"
    assert vietnamese.name_case("NGUYỄN ĐỨC BÌNH") == "Nguyễn Đức Bình"
