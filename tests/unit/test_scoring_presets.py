"""The eight presets reproduce the tables of the councils they were taken from, at their edges."""

from fractions import Fraction

import pytest

from evaluator.rules import scoring
from tests.rubric_builder import outcome, preset, sheet

TABLES = {
    "r01": {"novelty": 30, "application": 30, "benefit": 40},
    "r02": {"a1": 20, "a2": 20, "b1": 15, "b2": 10, "c1": 15, "d1": 10, "d2": 10},
    "r03": {"novelty": 10, "form": 15, "evidence": 15, "effect": 40, "application": 20},
    "r04": {"innovation": 20, "effect": 30, "application": 30},
    "r05": {
        "development": 10,
        "impact": 20,
        "creativity": 20,
        "feasibility": 20,
        "sustainability": 15,
        "cost": 10,
        "capacity": 5,
    },
    "r07": {"overview": 10, "aims": 15, "method": 15, "content": 35, "contribution": 15, "presentation": 5, "bonus": 5},
    "r09": {
        "i1": "0.75",
        "i2": "0.75",
        "i3": "0.25",
        "i4": "0.25",
        "situation": "1.5",
        "content": "2.5",
        "measures": 8,
        "results": 2,
        "iii1": 1,
        "iii2": 1,
        "form": 2,
    },
    "r10": {"k1": 10, "k2": 3, "k3-time": 100, "k3-money": 100, "k3-none": 10},
}


@pytest.mark.parametrize("name", TABLES)
def test_each_preset_has_the_criteria_and_maxima_of_its_table(name):
    rubric = preset(name)
    most = {each.key: Fraction(each.most, 100) for each in rubric.criteria if each.scores}

    assert most == {key: Fraction(str(points)) for key, points in TABLES[name].items()}


FLOORS = {
    "r01": {"novelty": (21, True), "application": (21, True), "benefit": (25, True)},
    "r02": {
        "a1": (10, True),
        "a2": (10, True),
        "b1": (8, False),
        "b2": (5, False),
        "c1": (7, False),
        "d1": (5, False),
        "d2": (5, False),
    },
}


@pytest.mark.parametrize("name", TABLES)
def test_each_preset_has_the_floors_of_its_table(name):
    floors = {each.key: (each.floor // 100, each.kills) for each in preset(name).criteria if each.floor is not None}

    assert floors == FLOORS.get(name, {})


R1 = {"novelty": 25, "application": 25, "benefit": 30}


@pytest.mark.parametrize(
    ("points", "passed"),
    [
        ({"novelty": 21, "application": 21, "benefit": 28}, True),  # 70, every floor met
        ({"novelty": 21, "application": 21, "benefit": 27}, False),  # floors met, total 69 missed
        ({"novelty": 30, "application": 30, "benefit": 25}, True),  # floor 25 lies inside a band
        ({"novelty": 30, "application": 30, "benefit": 24}, False),  # total 84, floor missed
        ({"novelty": 20, "application": 30, "benefit": 40}, False),
        ({"novelty": 30, "application": 20, "benefit": 40}, False),
    ],
)
def test_r1_passes_from_70_with_every_floor_met(points, passed):
    assert outcome(preset("r01"), sheet(**points)).passed is passed


def test_r1_lets_69_995_pass_after_rounding():
    # 200 sheets: 199 of 70 and one of 69 make 69.995.
    sheets = [sheet(f"r{n}", novelty=21, application=21, benefit=28) for n in range(199)]
    result = outcome(preset("r01"), *sheets, sheet("last", novelty=21, application=21, benefit=27))

    assert result.steps[-2].score == Fraction("69.995")
    assert (result.score, result.passed) == (70, True)


@pytest.mark.parametrize(
    ("points", "band"),
    [
        (30, "Hiệu quả khá"),
        (31, "Hiệu quả cao"),
        (20, "Hiệu quả trung bình"),
        (10, "Ít hiệu quả"),
        (0, "Không có hiệu quả"),
    ],
)
def test_r1_has_the_bands_of_its_table(points, band):
    assert preset("r01").criterion("benefit").band(points * 100).text == band


R2 = {"b1": 15, "b2": 10, "c1": 15, "d1": 10, "d2": 10}


@pytest.mark.parametrize(
    ("points", "given", "passed"),
    [
        ({"a1": 10, "a2": 10, **R2}, "recognise", True),  # 80 points, group A exactly 20
        ({"a1": 10, "a2": 9, **R2}, "refuse", False),  # A.2 kills, whatever the total
        ({"a1": 9, "a2": 20, **R2}, "refuse", False),
        ({"a1": 10, "a2": 10, "b1": 5, "b2": 10, "c1": 15, "d1": 10, "d2": 10}, "recognise", True),  # 70; B.1 only told
        ({"a1": 10, "a2": 10, "b1": 4, "b2": 10, "c1": 15, "d1": 10, "d2": 10}, "improve", False),  # 69
        ({"a1": 10, "a2": 10, "b1": 0, "b2": 10, "c1": 10, "d1": 10, "d2": 10}, "improve", False),  # 60
        ({"a1": 10, "a2": 10, "b1": 0, "b2": 10, "c1": 9, "d1": 10, "d2": 10}, "refuse", False),  # 59
    ],
)
def test_r2_recognises_from_70_with_group_a_from_20(points, given, passed):
    result = outcome(preset("r02"), sheet(**points))

    assert (result.class_key, result.passed) == (given, passed)


def test_r2_counts_a_mean_of_group_a_of_exactly_20_over_sheets_of_which_one_lies_below():
    result = outcome(preset("r02"), sheet("r1", a1=11, a2=11, **R2), sheet("r2", a1=9, a2=9, **R2))

    assert dict(result.groups)["a"] == 20
    assert result.class_key == "recognise"


def test_r2_lists_evidence_and_law_and_lets_a_sheet_say_that_nothing_can_be_counted():
    rubric = preset("r02")

    assert all(each.evidence and each.legal for each in rubric.criteria if each.scores)
    scoring.check_complete(rubric, sheet(a1=10, a2=10, **R2).points)
    with_words = sheet(a1=10, a2=10, c1_not_quantified="Lợi ích xã hội, không đo được", **R2)
    scoring.check_complete(rubric, with_words.points)
    assert outcome(rubric, with_words).score == 80


def test_r3_takes_words_on_urgency_and_no_points():
    rubric = preset("r03")
    points = {"novelty": 10, "form": 15, "evidence": 15, "effect": 40, "application": 20}

    assert scoring.missing(rubric, sheet(**points).points) == ["urgency"]
    assert outcome(rubric, sheet(urgency="Rất cấp thiết", **points)).score == 100


@pytest.mark.parametrize(
    ("votes", "highest", "score"), [(200, 200, "90"), (100, 200, "80"), (1, 3, "76.7"), (0, 0, "70"), (None, 200, "70")]
)
def test_r4_adds_20_points_for_the_share_of_the_highest_public_vote(votes, highest, score):
    dossier = scoring.Dossier("X", (sheet(innovation=20, effect=25, application=25),), votes=votes)

    assert scoring.Scorer(preset("r04")).outcome(dossier, scoring.Season(highest)).score == Fraction(score)


def r7(reviewer, total):
    """A sheet of R7 with this total."""
    points, left = {}, total
    for key, most in TABLES["r07"].items():
        points[key] = min(most, left)
        left -= points[key]
    return sheet(reviewer, **points)


@pytest.mark.parametrize(
    ("total", "given", "passed"),
    [
        (90, "first-second", True),
        (89, "third", True),
        (80, "third", True),
        (79, "encouragement", True),
        (70, "encouragement", True),
        (69, "none", False),
        (0, "none", False),
        (100, "first-second", True),
    ],
)
def test_r7_gives_its_prizes_by_interval(total, given, passed):
    result = outcome(preset("r07"), r7("r1", total))

    assert (result.score, result.class_key, result.passed) == (total, given, passed)


def test_r7_drops_a_member_more_than_15_from_the_initial_mean_once():
    result = outcome(preset("r07"), *(r7(f"r{n}", total) for n, total in enumerate((32, 65, 86, 86, 86))))

    assert [sheet.total for sheet in result.sheets if not sheet.used] == [32]
    assert (result.score, result.class_key) == (Fraction("80.75"), "third")


R9 = {
    "i1": "0.75",
    "i2": "0.75",
    "i3": "0.25",
    "i4": "0.25",
    "situation": "1.5",
    "content": "2.5",
    "results": 2,
    "iii1": 1,
    "iii2": 1,
    "form": 2,
}


@pytest.mark.parametrize(
    ("measures", "less", "score", "given"),
    [
        (8, {}, "20", "a"),
        (5, {"form": 1}, "16", "a"),  # 16 with part II at 11
        ("4.75", {}, "16.75", "b"),  # part II 10.75
        (5, {"form": "0.75"}, "15.75", "b"),
        (3, {"iii1": 0}, "14", "b"),  # part II exactly 9
        (3, {"iii1": 0, "form": 1}, "13", "b"),
        (3, {"iii1": 0, "form": "0.75"}, "12.75", "none"),
        ("2.75", {}, "14.75", "none"),  # part II 8.75
    ],
)
def test_r9_has_a_double_gate_in_quarter_points(measures, less, score, given):
    result = outcome(preset("r09"), sheet(**{**R9, "measures": measures, **less}))

    assert (result.score, result.class_key, result.passed) == (Fraction(score), given, given != "none")


def test_r9_goes_in_quarter_points():
    criterion = preset("r09").criterion("measures")

    assert scoring.parse_points("7,75", criterion) == 775
    assert str(criterion.refusal(780)) == "Points go in steps of 0.25."


@pytest.mark.parametrize(
    ("points", "score"),
    [
        ({"k1": "new", "k2": "own", "k3_none": "yes"}, 23),
        ({"k1": "improved", "k2": "joint", "k3_time": 3000}, 108),
        ({"k1": "old", "k2": "digital-board", "k3_time": "0.5"}, 9),
        ({"k1": "old", "k2": "digital-board", "k3_money": 1}, 14),
        ({"k1": "new", "k2": "own", "k3_money": 5_000_000_000}, 113),
        ({"k1": "new", "k2": "own", "k3_time": 0}, 13),
    ],
)
def test_r10_adds_choices_and_exactly_one_kind_of_effect(points, score):
    assert outcome(preset("r10"), sheet(**points)).score == score
