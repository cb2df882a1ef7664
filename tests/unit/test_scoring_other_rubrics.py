"""R6, R8 and R11 to R20 can be written without new code; those that exercise something are computed."""

from datetime import date
from fractions import Fraction

import pytest

from evaluator.rules import rubric_document, scoring
from tests.rubric_builder import sheet

TAIL = """
[[steps]]
kind = "combine"

[[steps]]
kind = "round"
places = 2
"""


def numerics(*maxima, **more):
    extra = "\n".join(f"{name} = {value}" for name, value in more.items())
    return "".join(
        f'\n[[criteria]]\nkind = "numeric"\nkey = "c{n}"\nlabel = "Tiêu chí {n}"\nmaximum = {most}\n{extra}\n'
        for n, most in enumerate(maxima, start=1)
    )


def read(text):
    return rubric_document.from_toml(f'key = "r"\ntitle = "R"\n{text}')


def score(rubric, *sheets, **facts):
    return scoring.Scorer(rubric).outcome(scoring.Dossier("X", sheets, **facts))


@pytest.mark.parametrize(
    ("name", "maxima", "whole"),
    [
        ("R6", (20, 15, 15, 30, 10, 10), 100),
        ("R8", (15, 50, 35), 100),
        ("R12", (1, 1, 3, 3, 2), 10),
        ("R13", (10, 20, 20, 15, 20, 10, 5), 100),
        ("R14", (30, 30, 25, 15), 100),
        ("R16", (25, 25, 25, 25), 100),
    ],
)
def test_plain_numeric_rubrics_add_up(name, maxima, whole):
    rubric = read(f"maximum = {whole}\n{numerics(*maxima)}{TAIL}")
    full = sheet(**{f"c{n}": most for n, most in enumerate(maxima, start=1)})

    assert score(rubric, full).score == whole


R8 = f"""
maximum = 100
{numerics(15, 50, 35)}
{TAIL}
[[gates]]
kind = "minimum"
at_least = 70

[[gates]]
kind = "few-low"
share = "1/3"

[[ties]]
kind = "sheet-of"
role = "chair"

[[ties]]
kind = "council-vote"
"""


def test_r8_needs_70_and_few_zeros_and_lets_the_chairs_score_break_ties():
    rubric = read(R8)
    good, zero = {"c1": 10, "c2": 40, "c3": 30}, {"c1": 0, "c2": 50, "c3": 35}

    assert score(rubric, sheet("r1", **zero), sheet("r2", **good), sheet("r3", **good)).passed
    assert not score(rubric, sheet("r1", **zero), sheet("r2", **zero), sheet("r3", **good)).passed

    def with_chair(name, chair, member, votes):
        sheets = (sheet("c", "chair", c1=10, c2=40, c3=chair), sheet("m", c1=10, c2=40, c3=member))
        return scoring.Dossier(name, sheets, council_votes=votes)

    dossiers = [with_chair("A", 28, 30, 3), with_chair("B", 30, 28, 3), with_chair("C", 28, 30, 4)]
    found = scoring.ranked(rubric, scoring.Scorer(rubric).outcomes(dossiers))
    assert [(each.initiative, each.rank) for each in found] == [("B", 1), ("C", 2), ("A", 3)]


R11 = """
[[categories]]
key = "worker"
label = "Công nhân, nhân viên đến trình độ cao đẳng, không giữ chức vụ"

[[categories]]
key = "graduate"
label = "Trình độ đại học trở lên, không giữ chức vụ"

[[categories]]
key = "leader"
label = "Lãnh đạo, quản lý"

[[alternatives]]
key = "benefit"
label = "Giá trị làm lợi được công nhận"

[[criteria]]
kind = "quantity"
key = "one-year"
one_of = "benefit"
label = "Tổng giá trị làm lợi của các giải pháp (triệu đồng)"
unit = "triệu đồng"
every = 0.01
gives = 0.01

[[criteria]]
kind = "quantity"
key = "three-years"
one_of = "benefit"
label = "Tổng giá trị làm lợi trong 3 năm liên tục (triệu đồng)"
unit = "triệu đồng"
every = 0.01
gives = 0.01

[[criteria]]
kind = "choice"
key = "management"
one_of = "benefit"
label = "Cải tiến quản lý được cấp tỉnh, bộ công nhận"
options = [{ key = "recognised", label = "Được công nhận", points = 1 }]

[[gates]]
kind = "any-of"
label = "Giá trị làm lợi theo đối tượng"

[[gates.gates]]
kind = "minimum"
of = "one-year"
at_least = 200
by_category = { worker = 80, graduate = 150, leader = 200 }

[[gates.gates]]
kind = "minimum"
of = "three-years"
at_least = 1_000_000
by_category = { worker = 120 }

[[gates.gates]]
kind = "minimum"
of = "management"
at_least = 1

[[steps]]
kind = "combine"
"""


@pytest.mark.parametrize(
    ("category", "points", "passed"),
    [
        ("worker", {"one_year": 80}, True),
        ("worker", {"one_year": "79.99"}, False),
        ("worker", {"three_years": 120}, True),
        ("graduate", {"one_year": 149}, False),
        ("graduate", {"one_year": 150}, True),
        ("graduate", {"three_years": 500}, False),
        ("leader", {"one_year": 200}, True),
        ("leader", {"one_year": 199}, False),
        ("leader", {"management": "recognised"}, True),
    ],
)
def test_r11_asks_of_each_category_of_author_its_own_benefit(category, points, passed):
    assert score(read(R11), sheet(**points), category=category).passed is passed


R14 = f"""
maximum = 100
{numerics(30, 30, 25, 15)}
[[steps]]
kind = "drop-extremes"
from_sheets = 5
{TAIL}
"""


def test_r14_drops_one_highest_and_one_lowest_from_five_sheets_on_and_totals_in_three_ways():
    rubric = read(R14)
    sheets = [sheet(f"r{n}", c1=20, c2=20, c3=20, c4=points) for n, points in enumerate((0, 5, 10, 15, 15))]

    assert score(rubric, *sheets).score == 70
    assert score(rubric, *sheets[:4]).score == Fraction("67.5")
    mean = read('total = "mean"\n' + R14.replace("maximum = 100", "", 1))
    assert score(mean, sheet(c1=20, c2=20, c3=20, c4=0)).score == 15
    weighted = read('total = "mean"\n' + numerics(10, 10).replace('key = "c1"', 'key = "c1"\nweight = 3') + TAIL)
    assert score(weighted, sheet(c1=10, c2=6)).score == 9


R15 = f"""
maximum = 12

[[criteria]]
kind = "numeric"
key = "quality"
label = "Quality of innovation"
minimum = 1
maximum = 10

[[criteria]]
kind = "numeric"
key = "material"
label = "Usefulness of the attached material"
guidance = "0 if there is none"
maximum = 2
{TAIL}
[[classes]]
key = "gold"
label = "Gold"
at_least = 10

[[classes]]
key = "silver"
label = "Silver"
at_least = 9

[[classes]]
key = "bronze"
label = "Bronze"
at_least = 8
"""


def test_r15_begins_at_one_and_gives_medals_by_the_mean():
    rubric = read(R15)

    assert str(rubric.criterion("quality").refusal(0)) == "Give from 1 to 10 points."
    assert score(rubric, sheet("r1", quality=9, material=0), sheet("r2", quality=9, material=1)).class_key == "silver"
    assert score(rubric, sheet(quality=7, material=0)).passed is False


def test_r17_weighs_its_criteria_in_percent():
    weights = (30, 20, 20, 20, 10)
    text = "".join(
        f'\n[[criteria]]\nkind = "numeric"\nkey = "c{n}"\nlabel = "C{n}"\nmaximum = 10\nweight = {weight / 100}\n'
        for n, weight in enumerate(weights)
    )
    rubric = read(f"maximum = 10\n{text}{TAIL}")

    assert score(rubric, sheet(c0=10, c1=5, c2=5, c3=5, c4=0)).score == 6


def scale(key, texts, first=0):
    anchors = ", ".join(f'{{ points = {n}, text = "{text}" }}' for n, text in enumerate(texts, start=first))
    return f'\n[[criteria]]\nkind = "anchored"\nkey = "{key}"\nlabel = "{key}"\nanchors = [{anchors}]\n'


def test_r18_and_r19_describe_every_point_of_their_scale():
    evidence = ("not answered", "rudimentary", "basic without figures", "unqualified evidence", "detailed", "full")
    r18 = read("maximum = 25\n" + "".join(scale(key, evidence) for key in "abcde") + TAIL)
    r19 = read("maximum = 10\n" + scale("a", evidence[1:], 1) + scale("b", evidence[1:], 1) + TAIL)

    assert score(r18, sheet(a=5, b=4, c=3, d=0, e=1)).score == 13
    assert str(r19.criterion("a").refusal(0)) == "Give one of the points of the scale: 1 · 2 · 3 · 4 · 5."
    assert score(r19, sheet(a=1, b=5)).score == 6


def test_r20_takes_the_plain_mean_of_seven_jurors():
    rubric = read(
        'total = "mean"\n'
        + numerics(10, 10)
        + '\n[[steps]]\nkind = "least-sheets"\ncount = 7\n'
        + TAIL
        + '\n[[ties]]\nkind = "date"\n'
    )
    jury = [sheet(f"r{n}", c1=n, c2=10) for n in range(1, 8)]

    assert score(rubric, *jury, submitted_on=date(2026, 1, 1)).score == 7
    assert score(rubric, *jury[:6]).score is None
