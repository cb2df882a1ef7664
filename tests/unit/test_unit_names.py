"""Organisations are recognised by what people write, and never by a guess."""

import pytest

from evaluator.units.names import How, Match, Matcher, shortened

NAMES = [
    "Ủy ban MTTQ Việt Nam tỉnh Thanh Hóa",
    "Ủy ban MTTQ Việt Nam huyện Nga Sơn",
    "Ủy ban MTTQ Việt Nam phường Đông Vệ",
    "Sở Giáo dục và Đào tạo tỉnh Thanh Hóa",
    "Sở Y tế tỉnh Thanh Hóa",
    "Hội Liên hiệp Phụ nữ huyện Hoằng Hóa",
    "Hội Cựu chiến binh huyện Thiệu Hóa",
    "Trường THPT Hà Trung 2",
    "Trường THPT Hà Trung 3",
    "Trường Tiểu học Kim Đồng, huyện Thạch Thành",
    "Trường Tiểu học Kim Đồng, huyện Thường Xuân",
    "Trường THCS Quảng Phú, thành phố Thanh Hóa",
    "Công ty Cổ phần Vật liệu xây dựng Như Xuân (mẫu)",
    "Hợp tác xã Sản xuất và Thương mại Quan Hóa (mẫu)",
]
MATCHER = Matcher.of((name, name) for name in NAMES)


@pytest.mark.parametrize(
    ("written", "meant", "how"),
    [
        ("Sở Y tế tỉnh Thanh Hóa", "Sở Y tế tỉnh Thanh Hóa", How.EXACT),
        ("  sở y tế  tỉnh thanh hoá ", "Sở Y tế tỉnh Thanh Hóa", How.EXACT),  # tone on the other letter
        ("So Y te tinh Thanh Hoa", "Sở Y tế tỉnh Thanh Hóa", How.SPELLING),
        ("Sở Y tế", "Sở Y tế tỉnh Thanh Hóa", How.ABBREVIATED),
        ("Sở GD&ĐT Thanh Hóa", "Sở Giáo dục và Đào tạo tỉnh Thanh Hóa", How.ABBREVIATED),
        ("UBMTTQ huyện Nga Sơn", "Ủy ban MTTQ Việt Nam huyện Nga Sơn", How.ABBREVIATED),
        ("Mặt trận Tổ quốc phường Đông Vệ", "Ủy ban MTTQ Việt Nam phường Đông Vệ", How.ABBREVIATED),
        ("MTTQ P. Đông Vệ", "Ủy ban MTTQ Việt Nam phường Đông Vệ", How.ABBREVIATED),
        ("Hội LHPN huyện Hoằng Hóa", "Hội Liên hiệp Phụ nữ huyện Hoằng Hóa", How.ABBREVIATED),
        ("THCS Quảng Phú, TP Thanh Hóa", "Trường THCS Quảng Phú, thành phố Thanh Hóa", How.ABBREVIATED),
        ("TH Kim Đồng, huyện Thạch Thành", "Trường Tiểu học Kim Đồng, huyện Thạch Thành", How.ABBREVIATED),
        (
            "Cty CP Vật liệu xây dựng Như Xuân (mẫu)",
            "Công ty Cổ phần Vật liệu xây dựng Như Xuân (mẫu)",
            How.ABBREVIATED,
        ),
        ("Hội Cựu chiến binnh huyện Thiệu Hóa", "Hội Cựu chiến binh huyện Thiệu Hóa", How.SLIP),
        ("Trườnng THPT Hà Trung 2", "Trường THPT Hà Trung 2", How.SLIP),
        (
            "Hợp tác xã Sản xuất và Thương mại Qaun Hóa (mẫu)",
            "Hợp tác xã Sản xuất và Thương mại Quan Hóa (mẫu)",
            How.SLIP,
        ),
    ],
)
def test_a_name_is_recognised_however_it_is_written(written, meant, how):
    assert MATCHER.match(written) == Match(meant, meant, how)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "Cá nhân",
        "Công ty Cổ phần Ánh Dương Xanh",
        "Trường THPT Hà Trung 4",  # a digit is never a slip
        "Trường Tiểu học Kim Đồng",  # there are two
        "Tỉnh",
    ],
)
def test_nothing_is_guessed_when_none_or_several_fit(written):
    assert MATCHER.match(written) is None


def test_the_nearest_names_are_offered_when_several_fit():
    assert MATCHER.near("Trường Tiểu học Kim Đồng", limit=2) == [
        "Trường Tiểu học Kim Đồng, huyện Thạch Thành",
        "Trường Tiểu học Kim Đồng, huyện Thường Xuân",
    ]


def test_a_unit_is_found_by_its_former_name_and_shown_by_its_present_one():
    matcher = Matcher.of([(7, "Ủy ban MTTQ Việt Nam phường Hạc Thành"), (7, "Ủy ban MTTQ Việt Nam phường Lam Sơn")])
    assert matcher.match("MTTQ phường Lam Sơn") == Match(7, "Ủy ban MTTQ Việt Nam phường Hạc Thành", How.ABBREVIATED)


def test_a_name_added_later_is_known_at_once():
    matcher = Matcher.of([(1, "Sở Y tế")])
    before = matcher.match("Chi cục Kiểm lâm")
    matcher.add(2, "Chi cục Kiểm lâm")
    assert (before, matcher.match("Chi cục Kiểm lâm")) == (None, Match(2, "Chi cục Kiểm lâm", How.EXACT))


def test_all_ways_to_write_a_front_committee_are_one():
    ways = (
        "Ủy ban Mặt trận Tổ quốc Việt Nam xã X",
        "UBMTTQVN xã X",
        "UB MTTQ VN xã X",
        "Uỷ ban MTTQ xã X",
        "MTTQ xã X",
    )
    assert {shortened(way) for way in ways} == {"ubmttq x x"}
