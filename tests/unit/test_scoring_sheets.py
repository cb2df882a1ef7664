"""One sheet: what a person types, what is missing or wrong, the total, the floors."""

from fractions import Fraction

import pytest

from evaluator.core.errors import Invalid
from evaluator.rules import scoring
from evaluator.rules.procedure import Totalling
from evaluator.rules.rubric import (
    Alternatives,
    Anchor,
    Anchored,
    Band,
    Bands,
    Bonus,
    Choice,
    Comment,
    Group,
    Option,
    Quantity,
    Stair,
)
from tests.rubric_builder import a_rubric, numeric, preset

HALVES = numeric(maximum=30, step=50)
SCALE = Anchored(key="a", label="A", anchors=tuple(Anchor(points=n * 100, text="…") for n in (0, 1, 3)))
CHOICE = Choice(
    key="a", label="A", options=(Option(key="new", label="Mới", points=1000), Option(key="old", label="Cũ", points=200))
)
MONEY = Quantity(
    key="a",
    label="A",
    unit="đồng",
    whole=True,
    stairs=(Stair(quantity=100, points=1000), Stair(quantity=10**10, points=2000)),
)
HOURS = Quantity(key="a", label="A", unit="giờ", every=1000, gives=100, ceiling=500)
WORDS = Comment(key="a", label="A", longest=5)


def refused(text, criterion):
    with pytest.raises(Invalid) as caught:
        scoring.parse_points(text, criterion)
    return {key: [str(why) for why in each] for key, each in caught.value.fields.items()}


@pytest.mark.parametrize(
    ("text", "criterion", "expected"),
    [
        ("8,5", HALVES, 850),
        ("8.5", HALVES, 850),
        (" 8.50 ", HALVES, 850),
        ("0", HALVES, 0),
        ("30", HALVES, 3000),
        ("+3", HALVES, 300),
        ("", HALVES, None),
        ("  ", WORDS, None),
        ("3", SCALE, 300),
        ("new", CHOICE, "new"),
        ("tốt", WORDS, "tốt"),
        ("1200000", MONEY, 120000000),
        ("1.200.000", MONEY, 120000000),
        ("1 200 000", MONEY, 120000000),
        ("12,5", HOURS, 1250),
    ],
)
def test_what_a_person_types_is_read_exactly(text, criterion, expected):
    assert scoring.parse_points(text, criterion) == expected


@pytest.mark.parametrize(
    ("text", "criterion", "expected"),
    [
        ("8,3", HALVES, "Points go in steps of 0.5."),
        ("30,5", HALVES, "Give from 0 to 30 points."),
        ("-1", HALVES, "Give from 0 to 30 points."),
        ("\u22121", HALVES, "Give from 0 to 30 points."),
        ("NaN", HALVES, "“NaN” is not a number of points. Write it like 8,5 or 8.5, with at most two decimals."),
        ("1e1", HALVES, "“1e1” is not a number of points. Write it like 8,5 or 8.5, with at most two decimals."),
        ("8,555", HALVES, "“8,555” is not a number of points. Write it like 8,5 or 8.5, with at most two decimals."),
        ("inf", HOURS, "“inf” is not a number of points. Write it like 8,5 or 8.5, with at most two decimals."),
        ("2", SCALE, "Give one of the points of the scale: 0 · 1 · 3."),
        ("best", CHOICE, "Choose one of: new, old."),
        ("dài quá", WORDS, "Keep the comment within 5 characters."),
        ("1,2", MONEY, "“1,2” is not a whole number of đồng. Write it like 1200000 or 1.200.000."),
        ("1.20", MONEY, "“1.20” is not a whole number of đồng. Write it like 1200000 or 1.200.000."),
        ("-5", HOURS, "The quantity cannot be below zero."),
    ],
)
def test_what_cannot_be_given_is_refused_in_words_on_the_criterion(text, criterion, expected):
    assert refused(text, criterion) == {"a": [expected]}


@pytest.mark.parametrize("value", [True, 8.0, float("nan"), None, "8", [850]])
def test_only_whole_hundredths_are_points(value):
    for criterion in (HALVES, SCALE):
        assert str(criterion.refusal(value)) == "Give a number of points."
    for criterion in (MONEY, HOURS):
        assert str(criterion.refusal(value)).startswith("Give a quantity in ")


def test_each_kind_refuses_a_value_of_another_kind():
    assert str(CHOICE.refusal(1000)) == "Choose one of: new, old."
    assert str(WORDS.refusal(100)) == "Write a comment here, not points."
    assert str(MONEY.refusal(150)) == "Give a quantity in đồng."


@pytest.mark.parametrize(
    ("criterion", "value", "worth"),
    [
        (HALVES, 850, 850),
        (SCALE, 300, 300),
        (CHOICE, "old", 200),
        (WORDS, "tốt", 0),
        (MONEY, 0, 0),
        (MONEY, 99, 0),
        (MONEY, 100, 1000),
        (MONEY, 10**10 - 1, 1000),
        (MONEY, 10**10, 2000),
        (HOURS, 999, 0),
        (HOURS, 1000, 100),
        (HOURS, 4999, 400),
        (HOURS, 9900, 500),
    ],
)
def test_a_value_is_worth_its_points_at_each_edge(criterion, value, worth):
    assert criterion.worth(value) == worth


def test_without_a_ceiling_more_always_earns_more():
    endless = Quantity(key="a", label="A", unit="giờ", every=1000, gives=100)

    assert endless.most is None
    assert endless.worth(10**9) == 10**8


def test_the_bounds_of_each_kind_are_known():
    bounds = [(each.least, each.most) for each in (numeric(maximum=5, minimum=100), SCALE, CHOICE, WORDS, MONEY, HOURS)]

    assert bounds == [(100, 500), (0, 300), (200, 1000), (0, 0), (0, 2000), (0, 500)]


def test_a_band_is_found_by_its_points():
    criterion = preset("r01").criterion("benefit")

    assert criterion.band(2500).text == "Hiệu quả khá"
    assert criterion.band(3100).text == "Hiệu quả cao"
    assert Bands(key="x", label="X", maximum=100, bands=(Band(least=0, most=0, text="…"),)).band(100) is None


R10 = {"k1": "new", "k2": "own"}


def test_what_is_missing_is_told_in_the_rubrics_order_with_alternatives_as_one():
    rubric = preset("r10")

    assert scoring.missing(rubric, {}) == ["k1", "k2", "k3"]
    assert scoring.missing(rubric, {**R10, "k3-none": "yes"}) == []
    assert scoring.missing(rubric, {"k1": ""}) == ["k1", "k2", "k3"]


def test_a_bonus_and_an_optional_comment_are_never_missing():
    assert "bonus" not in scoring.missing(preset("r07"), {})
    assert "c1-not-quantified" not in scoring.missing(preset("r02"), {})
    assert "urgency" in scoring.missing(preset("r03"), {})
    optional = (Alternatives(key="x", label="X", required=False),)
    assert (
        scoring.missing(a_rubric(numeric("a", one_of="x"), numeric("b", one_of="x"), alternatives=optional), {}) == []
    )


def test_two_of_several_alternatives_are_a_fault_on_each_of_them():
    faults = scoring.faults(preset("r10"), {**R10, "k3-none": "yes", "k3-time": 100})

    expected = (
        "Only one of these may be marked: Thời gian tiết kiệm trong một năm, Không đo lường được. Take the others out."
    )
    assert {key: str(why) for key, why in faults.items()} == {"k3-time": expected, "k3-none": expected}


def test_a_criterion_the_rubric_does_not_have_is_a_fault():
    faults = scoring.faults(a_rubric(), {"b": 100, "a": 20000})

    assert {key: str(why) for key, why in faults.items()} == {
        "b": "The rubric of this round has no such criterion. Take it out.",
        "a": "Give from 0 to 100 points.",
    }


def test_a_draft_may_lack_points_but_not_hold_wrong_ones():
    rubric = a_rubric(numeric("a"), numeric("b"))

    scoring.check(rubric, {"a": 100})
    with pytest.raises(Invalid) as caught:
        scoring.check(rubric, {"a": 1})
    assert list(caught.value.fields) == ["a"]


def test_a_sheet_to_be_signed_must_be_complete_and_right():
    rubric = preset("r10")

    scoring.check_complete(rubric, {**R10, "k3-none": "yes"})
    with pytest.raises(Invalid) as caught:
        scoring.check_complete(rubric, {"k1": "best"})
    assert {key: str(why[0]) for key, why in caught.value.fields.items()} == {
        "k1": "Choose one of: new, improved, old.",
        "k2": "This criterion has not been marked yet. Mark it.",
        "k3": "Mark exactly one of these: Thời gian tiết kiệm trong một năm, Số tiền tiết kiệm trong một năm, "
        "Không đo lường được.",
    }


def test_the_total_is_the_sum_of_weighted_points_so_far():
    rubric = a_rubric(numeric("a", 10, weight=Fraction(3, 10)), numeric("b", 10, weight=Fraction(1, 5)))

    assert scoring.total(rubric, {"a": 700}) == Fraction(21, 10)
    assert scoring.total(rubric, {"a": 700, "b": 1000}) == Fraction(41, 10)
    assert scoring.parts(rubric, {"a": 700, "b": 1000}) == {"a": Fraction(21, 10), "b": Fraction(2)}
    assert scoring.total(rubric, {}) == 0


def test_a_mean_of_criteria_divides_by_their_weights():
    rubric = a_rubric(numeric("a", 5, weight=Fraction(2)), numeric("b", 5), WORDS_C, total=Totalling.MEAN)

    assert scoring.total(rubric, {"a": 500, "b": 200, "c": "…"}) == 4
    assert rubric.highest == 5


WORDS_C = Comment(key="c", label="C")


def test_a_mean_counts_alternatives_once():
    rubric = a_rubric(
        numeric("a", 5),
        numeric("b", 5, one_of="x"),
        numeric("c", 5, one_of="x"),
        alternatives=(Alternatives(key="x", label="X"),),
        total=Totalling.MEAN,
    )

    assert scoring.total(rubric, {"a": 500, "c": 300}) == 4


def test_a_capped_total_stops_at_the_maximum():
    bonus = Bonus(key="b", label="B", maximum=1000, beyond=True)
    rubric = a_rubric(numeric("a"), bonus, maximum=10000, capped=True)

    assert scoring.total(rubric, {"a": 9500, "b": 1000}) == 100
    assert (rubric.highest, rubric.reachable) == (100, 100)
    assert a_rubric(numeric("a"), bonus, maximum=10000).reachable == 110


def test_a_wrong_sheet_has_no_total():
    with pytest.raises(Invalid):
        scoring.total(a_rubric(), {"a": 8.5})


def test_floors_tell_a_reviewer_where_he_stands():
    rubric = preset("r01")
    floors = scoring.floors(rubric, {"novelty": 2100, "benefit": 2400})

    assert [(floor.key, floor.floor, floor.value, floor.met) for floor in floors] == [
        ("novelty", 21, 21, True),
        ("application", 21, None, None),
        ("benefit", 25, 24, False),
    ]


def test_the_floor_of_a_group_waits_until_all_of_it_is_marked():
    rubric = a_rubric(
        numeric("a", 10, group="g"),
        numeric("b", 10, group="g", one_of="x"),
        numeric("c", 10, group="g", one_of="x"),
        numeric("d", 10),
        Bonus(key="e", label="E", maximum=500, group="g"),
        Comment(key="f", label="F", group="g", required=False),
        groups=(Group(key="g", label="G", floor=1500, kills=False), Group(key="h", label="H")),
        alternatives=(Alternatives(key="x", label="X"),),
    )

    def group_floor(points):
        (floor,) = scoring.floors(rubric, points)
        return floor.value, floor.met

    assert group_floor({"a": 1000}) == (None, None)
    assert group_floor({"c": 500}) == (None, None)
    assert group_floor({"a": 1000, "c": 500}) == (15, True)
    assert group_floor({"a": 1000, "c": 400}) == (14, False)


def test_the_rubric_answers_for_its_parts():
    rubric = preset("r09")

    assert [criterion.key for criterion in rubric.in_group("iii")] == ["iii1", "iii2"]
    assert rubric.most_of("ii") == 14
    assert rubric.most_of("measures") == 8
    assert rubric.highest == 20
    assert preset("r10").highest == 113
    assert a_rubric(Quantity(key="q", label="Q", unit="u", every=1, gives=1)).highest is None
    assert a_rubric(Quantity(key="q", label="Q", unit="u", every=1, gives=1)).most_of("q") is None
