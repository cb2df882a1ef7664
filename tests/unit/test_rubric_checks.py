"""Mistakes in a rubric are named at their place, with what is wrong and what to do."""

from fractions import Fraction

import pytest

from evaluator.rules import rubric_document
from evaluator.rules.procedure import (
    Action,
    AnyOf,
    Apart,
    ByCount,
    Calibrate,
    Cap,
    Clamp,
    Class,
    Combine,
    CountRule,
    Deviation,
    DropExtremes,
    Extremes,
    FewLow,
    HigherMean,
    HigherSheet,
    LeastSheets,
    Lot,
    Middle,
    Minimum,
    PublicVote,
    Ranking,
    Round,
    SetAside,
    Spread,
    Totalling,
)
from evaluator.rules.rubric import (
    Alternatives,
    Anchor,
    Anchored,
    Band,
    Bands,
    Bonus,
    Category,
    Choice,
    Comment,
    Group,
    Option,
    Quantity,
    Stair,
)
from evaluator.rules.rubric_checks import problems
from tests.rubric_builder import RUBRICS, a_rubric, changed, numeric, said


def bands(*ends, maximum=30, step=100):
    return Bands(
        key="a",
        label="A",
        maximum=maximum * 100,
        step=step,
        bands=tuple(Band(least=low * 100, most=high * 100, text="…") for low, high in ends),
    )


def found(*criteria, **more):
    return said(problems(a_rubric(*criteria, **more)))


@pytest.mark.parametrize("path", sorted(RUBRICS.glob("*.toml")), ids=lambda path: path.stem)
def test_each_preset_holds_together(path):
    assert problems(rubric_document.from_toml(path.read_text(encoding="utf-8"))) == []


def test_bands_may_be_written_from_either_end():
    assert found(bands((27, 30), (21, 26), (0, 20))) == []
    assert found(bands((0, 20), (21, 26), (27, 30))) == []


@pytest.mark.parametrize(
    ("criterion", "expected"),
    [
        (bands((0, 21), (21, 30)), [("criteria[0].bands", "The bands overlap from 21 to 21.")]),
        (bands((0, 30), (5, 10)), [("criteria[0].bands", "The bands overlap from 5 to 10.")]),
        (bands((0, 20), (22, 30)), [("criteria[0].bands", "Points between 20 and 22 belong to no band.")]),
        (bands((0, 20), (21, 30), step=50), [("criteria[0].bands", "Points between 20 and 21 belong to no band.")]),
        (bands((1, 30)), [("criteria[0].bands", "The bands do not reach from 0 to 30.")]),
        (bands((0, 29)), [("criteria[0].bands", "The bands do not reach from 0 to 30.")]),
        (bands(), [("criteria[0].bands", "There are no bands.")]),
        (
            bands((0, 20), (30, 21)),
            [
                ("criteria[0].bands", "The band 30–21 runs backwards."),
                ("criteria[0].bands", "Points between 20 and 30 belong to no band."),
                ("criteria[0].bands", "The bands do not reach from 0 to 30."),
            ],
        ),
    ],
)
def test_bands_that_overlap_leave_gaps_or_fall_short_are_named(criterion, expected):
    assert found(criterion) == expected


def test_the_remedy_for_a_gap_says_where_the_next_band_begins():
    (problem,) = problems(a_rubric(bands((0, 20), (22, 30))))

    assert str(problem) == (
        "criteria[0].bands: Points between 20 and 22 belong to no band. "
        "Let the next band begin one step above the one before."
    )


@pytest.mark.parametrize(
    ("criterion", "expected"),
    [
        (numeric(maximum=10, floor=1001), [("criteria[0].floor", "The floor 10.01 lies above the maximum 10.")]),
        (numeric(maximum=10, floor=1000), []),
        (numeric(maximum=10, floor=-1), [("criteria[0].floor", "-0.01 lies below zero.")]),
        (numeric(weight=Fraction(0)), [("criteria[0].weight", "The weight is not above zero.")]),
        (numeric(minimum=-100), [("criteria[0].minimum", "-1 lies below zero.")]),
        (numeric(maximum=1, minimum=100), [("criteria[0].maximum", "The maximum 1 is not above the minimum 1.")]),
        (numeric(step=0), [("criteria[0].step", "The step is not above zero.")]),
        (numeric(step=30), [("criteria[0].step", "In steps of 0.3 nobody can reach the maximum 100.")]),
        (
            Bonus(key="a", label="A", maximum=100, step=-1),
            [("criteria[0].step", "The step is not above zero.")],
        ),
        (
            Anchored(key="a", label="A", anchors=(Anchor(points=100, text="x"),)),
            [("criteria[0].anchors", "A scale needs at least two points.")],
        ),
        (
            Anchored(key="a", label="A", anchors=(Anchor(points=-100, text="x"), Anchor(points=-100, text="y"))),
            [
                ("criteria[0].anchors", "-1 lies below zero."),
                ("criteria[0].anchors", "-1 lies below zero."),
                ("criteria[0].anchors", "-1 points stand on the scale twice."),
            ],
        ),
        (Choice(key="a", label="A", options=()), [("criteria[0].options", "There is nothing to choose.")]),
        (
            Choice(
                key="a",
                label="A",
                options=(
                    Option(key="x", label="X", points=-100),
                    Option(key="x", label="Y", points=0),
                    Option(key=" ", label="Z", points=0),
                ),
            ),
            [
                ("criteria[0].options[0].points", "-1 lies below zero."),
                ("criteria[0].options[2].key", "This text is empty."),
                ("criteria[0].options", "The key “x” is used twice."),
            ],
        ),
        (
            Quantity(key="a", label="A", unit=" ", stairs=(Stair(quantity=1, points=1),)),
            [("criteria[0].unit", "This text is empty.")],
        ),
        (
            Quantity(key="a", label="A", unit="giờ"),
            [("criteria[0].stairs", "It is not said how the quantity becomes points.")],
        ),
        (
            Quantity(key="a", label="A", unit="giờ", stairs=(Stair(quantity=1, points=1),), every=100, gives=100),
            [("criteria[0].stairs", "It is not said how the quantity becomes points.")],
        ),
        (
            Quantity(key="a", label="A", unit="giờ", every=0, gives=100),
            [("criteria[0].every", "The portion and its points must both be above zero.")],
        ),
        (
            Quantity(key="a", label="A", unit="giờ", every=100),
            [("criteria[0].every", "The portion and its points must both be above zero.")],
        ),
        (
            Quantity(key="a", label="A", unit="giờ", every=100, gives=1, ceiling=0),
            [("criteria[0].ceiling", "The ceiling is not above zero.")],
        ),
        (
            Quantity(
                key="a",
                label="A",
                unit="giờ",
                stairs=(
                    Stair(quantity=100, points=-1),
                    Stair(quantity=100, points=200),
                    Stair(quantity=200, points=200),
                ),
            ),
            [
                ("criteria[0].stairs[1]", "This stair does not lie above the one before."),
                ("criteria[0].stairs[2]", "This stair does not lie above the one before."),
                ("criteria[0].stairs", "-0.01 lies below zero."),
            ],
        ),
    ],
)
def test_a_mistake_in_one_criterion_is_named_at_its_place(criterion, expected):
    assert found(criterion) == expected


def test_a_comment_has_neither_floor_nor_place_among_alternatives():
    comment = Comment(key="c", label="C", floor=100, one_of="x", longest=0)
    alternatives = (Alternatives(key="x", label="X"),)

    assert found(numeric(one_of="x"), comment, alternatives=alternatives) == [
        ("criteria[1].one_of", "A comment cannot be one of several alternatives."),
        ("criteria[1].longest", "No comment is that short."),
        ("criteria[1].floor", "A comment has no points to compare with a floor."),
    ]


def test_keys_are_plain_and_used_once_and_labels_are_not_empty():
    rubric = changed(
        a_rubric(numeric("a"), numeric("A b"), numeric("total", label=" "), groups=(Group(key="a", label="G"),)),
        key="Bad Key",
        title=" ",
    )

    assert said(problems(rubric)) == [
        ("key", "“Bad Key” cannot be a key."),
        ("title", "This text is empty."),
        ("criteria[0].key", "The key “a” is used twice."),
        ("criteria[1].key", "“A b” cannot be a key."),
        ("criteria[2].key", "“total” cannot be a key."),
        ("criteria[2].label", "This text is empty."),
        ("groups[0].key", "The key “a” is used twice."),
        ("groups[0]", "No criterion that scores belongs to the group “G”."),
    ]


def test_classes_and_categories_have_keys_of_their_own():
    classes = (Class(key="a", label="A", at_least=8000), Class(key="a", label="B", at_least=0))

    assert found(numeric("a"), classes=classes, categories=(Category(key="a", label="C"),)) == [
        ("classes[0].key", "The key “a” is used twice."),
        ("classes[1].key", "The key “a” is used twice."),
    ]


def test_what_a_criterion_belongs_to_must_exist():
    assert found(numeric(group="g", one_of="x")) == [
        ("criteria[0].group", "There is no “g” to belong to."),
        ("criteria[0].one_of", "There is no “x” to belong to."),
    ]


def test_alternatives_offer_a_choice_and_equal_weights_in_a_mean():
    lonely = (Alternatives(key="x", label="X"),)
    assert found(numeric(one_of="x"), alternatives=lonely) == [("alternatives[0]", "“X” offers no choice.")]

    uneven = numeric("a", one_of="x"), numeric("b", one_of="x", weight=Fraction(2))
    assert found(*uneven, alternatives=lonely) == []
    assert found(*uneven, alternatives=lonely, total=Totalling.MEAN) == [
        ("alternatives[0]", "The alternatives of “X” have different weights in a mean.")
    ]


def test_a_group_adds_up_to_its_maximum_and_its_floor_can_be_reached():
    inside = numeric("a", 20, group="g"), numeric("b", 20, group="g")
    assert found(*inside, groups=(Group(key="g", label="G", maximum=4000, floor=4000),)) == []
    assert found(*inside, groups=(Group(key="g", label="G", maximum=3000, floor=4001),)) == [
        ("groups[0].maximum", "The criteria of “G” add up to 40, not to 30."),
        ("groups[0].floor", "The floor 40.01 lies above the maximum 40."),
    ]


def test_a_group_without_a_bound_cannot_have_a_maximum():
    endless = Quantity(key="q", label="Q", unit="giờ", every=100, gives=100, group="g")

    assert found(endless, groups=(Group(key="g", label="G", maximum=100, floor=100),)) == [
        ("groups[0].maximum", "The criteria of “G” add up to ∞, not to 1.")
    ]


def test_weights_that_do_not_add_up_to_the_maximum_are_named():
    half = numeric("a", 100, weight=Fraction(1, 2)), numeric("b", 100, weight=Fraction(3, 10))

    assert found(*half, maximum=8000) == []
    assert found(*half, maximum=10000) == [("maximum", "With their weights the criteria add up to 80, not to 100.")]


def test_a_bonus_beyond_the_maximum_is_left_out_of_the_sum():
    bonus = Bonus(key="b", label="B", maximum=500, beyond=True)
    assert found(numeric(), bonus, maximum=10000) == []
    assert found(numeric(), changed(bonus, beyond=False), maximum=10000) == [
        ("maximum", "With their weights the criteria add up to 105, not to 100.")
    ]


def test_a_rubric_without_bound_declares_no_maximum():
    endless = Quantity(key="q", label="Q", unit="đồng", every=100, gives=100)

    assert found(endless) == []
    assert found(endless, maximum=10000) == [("maximum", "With their weights the criteria add up to ∞, not to 100.")]


def test_a_rubric_needs_points_and_a_cap_needs_a_maximum():
    assert found(Comment(key="c", label="C")) == [("criteria", "No criterion gives points.")]
    assert found(numeric(), capped=True) == [("capped", "There is no maximum to stop at.")]


def test_a_mean_whose_weights_cancel_out_is_told_by_its_weights():
    assert found(
        numeric("a", weight=Fraction(1)), numeric("b", weight=Fraction(-1)), total=Totalling.MEAN, maximum=10000
    ) == [("criteria[1].weight", "The weight is not above zero.")]


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ((), [("steps", "Not exactly one step combines the sheets.")]),
        ((Combine(), Combine()), [("steps", "Not exactly one step combines the sheets.")]),
        (
            (PublicVote(maximum=100), Combine()),
            [("steps[0]", "There is no score yet to which public votes could be added.")],
        ),
        ((Combine(), LeastSheets(count=3)), [("steps[1]", "The sheets have already been combined.")]),
        (
            (Combine(), PublicVote(maximum=100), PublicVote(maximum=100)),
            [("steps", "The public votes more than once.")],
        ),
        ((LeastSheets(count=0), Combine()), [("steps[0].count", "This is not above zero.")]),
        ((SetAside(role=" "), Combine()), [("steps[0].role", "This text is empty.")]),
        (
            (Deviation(limit=0, of=Middle.SUM, action=Action.FLAG, repeat=True), Combine()),
            [
                ("steps[0].limit", "This is not above zero."),
                ("steps[0].of", "A sum is no middle."),
                ("steps[0].repeat", "Only dropping can change the middle."),
            ],
        ),
        (
            (Spread(limit=0, action=Action.DROP), Combine()),
            [
                ("steps[0].limit", "This is not above zero."),
                ("steps[0].action", "A distance does not say which sheet is wrong."),
            ],
        ),
        (
            (DropExtremes(from_sheets=2), Combine()),
            [("steps[0].from_sheets", "With so few sheets none would be left.")],
        ),
        ((DropExtremes(from_sheets=3), Combine()), []),
        (
            (DropExtremes(from_sheets=5, highest=0, lowest=0), Combine()),
            [("steps[0]", "It is not said how many are dropped.")],
        ),
        (
            (DropExtremes(from_sheets=5, highest=-1), Combine()),
            [("steps[0]", "It is not said how many are dropped.")],
        ),
        ((ByCount(rules=()), Combine()), [("steps[0].rules", "There are no rules.")]),
        (
            (
                ByCount(
                    rules=(CountRule(sheets=3, extremes=Extremes.KEEP), CountRule(sheets=3, extremes=Extremes.DROP))
                ),
                Combine(),
            ),
            [("steps[0].rules[1].sheets", "The rules do not rise by the number of sheets.")],
        ),
        (
            (ByCount(rules=(CountRule(sheets=2, extremes=Extremes.MERGE),)), Combine()),
            [("steps[0].rules[0].sheets", "With so few sheets none would be left.")],
        ),
        (
            (ByCount(rules=(CountRule(sheets=0, extremes=Extremes.KEEP),)), Combine()),
            [("steps[0].rules[0].sheets", "With so few sheets none would be left.")],
        ),
        ((ByCount(rules=(CountRule(sheets=1, extremes=Extremes.KEEP),)), Combine()), []),
        ((Clamp(limit=0), Combine()), [("steps[0].limit", "This is not above zero.")]),
        ((Combine(weights=(("chair", Fraction(0)),)),), [("steps[0].weights.chair", "This is not above zero.")]),
        (
            (Combine(by=Middle.MEDIAN, weights=(("chair", Fraction(2)),)),),
            [("steps[0].by", "A median knows no weights and no half sheets.")],
        ),
        (
            (ByCount(rules=(CountRule(sheets=3, extremes=Extremes.MERGE),)), Combine(by=Middle.MEDIAN)),
            [("steps[1].by", "A median knows no weights and no half sheets.")],
        ),
        ((Combine(), Round(places=7)), [("steps[1].places", "So many decimals are not possible.")]),
        ((Combine(), Round(places=-1)), [("steps[1].places", "So many decimals are not possible.")]),
        ((Round(places=0), Combine(), Round(places=6)), []),
        (
            (Combine(), PublicVote(maximum=0, every=0, gives=0, places=9)),
            [
                ("steps[1].maximum", "This is not above zero."),
                ("steps[1].places", "So many decimals are not possible."),
                ("steps[1].every", "This is not above zero."),
                ("steps[1].gives", "This is not above zero."),
            ],
        ),
    ],
)
def test_a_mistake_in_the_steps_is_named_at_its_place(steps, expected):
    assert said(problems(changed(a_rubric(), steps=steps))) == expected


@pytest.mark.parametrize(
    ("gate", "expected"),
    [
        (Minimum(at_least=10000), []),
        (
            Minimum(at_least=10001),
            [("gates[0].at_least", "Nobody can reach 100.01; the most possible is 100.")],
        ),
        (
            Minimum(at_least=0, by_category=(("worker", 20000),)),
            [
                ("gates[0].by_category", "There is no category “worker”."),
                ("gates[0].at_least", "Nobody can reach 200; the most possible is 100."),
            ],
        ),
        (Minimum(of="b", at_least=0), [("gates[0].of", "There is no scoring criterion or group “b”.")]),
        (FewLow(share=Fraction(0)), []),
        (FewLow(share=Fraction(1)), [("gates[0].share", "The share does not lie between 0 and 1.")]),
        (FewLow(share=Fraction(-1, 3)), [("gates[0].share", "The share does not lie between 0 and 1.")]),
        (FewLow(share=Fraction(1, 3), of=("a", "b")), [("gates[0].of", "There is no scoring criterion or group “b”.")]),
        (
            AnyOf(label="X", gates=(Minimum(of="b", at_least=0),)),
            [
                ("gates[0].gates", "“X” offers no choice."),
                ("gates[0].gates[0].of", "There is no scoring criterion or group “b”."),
            ],
        ),
    ],
)
def test_a_mistake_in_a_gate_is_named_at_its_place(gate, expected):
    assert found(gates=(gate,)) == expected


def test_a_gate_on_the_score_may_need_the_public_votes_too():
    assert found(gates=(Minimum(at_least=12000),), after=(PublicVote(maximum=2000),)) == []


def test_a_gate_on_a_sum_of_sheets_has_no_bound():
    assert found(gates=(Minimum(at_least=99900),), combine=Combine(by=Middle.SUM)) == []


def test_a_gate_on_a_criterion_looks_at_its_own_maximum():
    assert found(numeric("a", 40), numeric("b", 60), gates=(Minimum(of="a", at_least=4001),)) == [
        ("gates[0].at_least", "Nobody can reach 40.01; the most possible is 40.")
    ]


def classes(*intervals):
    return tuple(
        Class(key=f"k{n}", label=f"K{n}", at_least=low * 100, below=high and high * 100, gates=gates)
        for n, (low, high, gates) in enumerate(intervals)
    )


GATE = (Minimum(of="a", at_least=100),)


@pytest.mark.parametrize(
    ("intervals", "expected"),
    [
        (((90, None, ()), (80, 90, ()), (0, 80, ())), []),
        (((90, None, ()), (80, None, ()), (0, None, ())), []),
        (((90, None, GATE), (90, None, ())), []),
        (((90, None, GATE), (80, 95, ())), []),
        (((90, None, ()), (80, 91, ())), [("classes[1].below", "The intervals of “K1” and “K0” overlap.")]),
        (((90, None, ()), (80, 89, ())), [("classes[1].below", "Scores between “K1” and “K0” belong to no class.")]),
        (((80, None, ()), (90, None, ())), [("classes[1]", "“K1” needs more than “K0”, which stands before it.")]),
        (((80, None, ()), (80, None, ())), [("classes[1]", "Nobody can get “K1”: “K0” takes all of them.")]),
        (((90, 95, ()), (0, 90, ())), [("classes[0].below", "Scores from 95 on belong to no class.")]),
        (
            ((101, None, ()), (0, None, ())),
            [("classes[0].at_least", "Nobody can reach “K0”: it needs 101, the most possible is 100.")],
        ),
        (
            ((50, None, ()), (20, 20, ())),
            [
                ("classes[1].below", "The interval of “K1” is empty."),
                ("classes[1].below", "Scores between “K1” and “K0” belong to no class."),
            ],
        ),
    ],
)
def test_classes_that_overlap_leave_gaps_or_cannot_be_reached_are_named(intervals, expected):
    assert found(classes=classes(*intervals)) == expected


def test_a_gate_of_a_class_is_checked_too():
    assert found(classes=classes((50, None, (Minimum(of="b", at_least=1),)))) == [
        ("classes[0].gates[0].of", "There is no scoring criterion or group “b”.")
    ]


def test_tie_breaks_look_at_what_exists_and_the_lot_comes_last():
    chain = (HigherMean(of="b"), HigherSheet(role=""), Lot(seed=" "), HigherMean(of="a"))

    assert found(ties=chain) == [
        ("ties[0].of", "There is no scoring criterion or group “b”."),
        ("ties[1].role", "This text is empty."),
        ("ties[2].seed", "The lot has no seed."),
        ("ties[2]", "After the lot nothing is left to decide."),
    ]
    assert found(ties=(HigherMean(of="a"), HigherSheet(), Lot(seed="2026"))) == []


def test_a_clear_lead_is_above_zero():
    assert found(clear_lead=100) == []
    assert found(clear_lead=0) == [("clear_lead", "This is not above zero.")]


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        (Apart(role="chair", limit=1), []),
        (Apart(role=" ", limit=1), [("steps[0].role", "This text is empty.")]),
        (Apart(role="chair", limit=0), [("steps[0].limit", "This is not above zero.")]),
        (
            Apart(role="chair", limit=1, action=Action.DROP),
            [("steps[0].action", "A distance does not say which sheet is wrong.")],
        ),
        (Calibrate(fewest=4), []),
        (Calibrate(fewest=3), [("steps[0].fewest", "So few sheets do not tell a habit from chance.")]),
    ],
)
def test_comparing_a_role_and_taking_leniency_off_need_what_they_work_with(step, expected):
    assert found(steps=(step,)) == expected


def test_leniency_is_taken_off_once_and_before_the_sheets_are_combined():
    assert found(steps=(Calibrate(), Calibrate())) == [("steps", "Leniency is taken off more than once.")]
    assert found(after=(Calibrate(),)) == [("steps[1]", "The sheets have already been combined.")]


@pytest.mark.parametrize(
    "step",
    [
        Deviation(limit=1500),
        DropExtremes(from_sheets=5),
        ByCount(rules=(CountRule(sheets=3, extremes=Extremes.KEEP),)),
    ],
)
def test_ranking_by_places_needs_every_sheet(step):
    expected = [("steps[0]", "Ranking by places needs the sheet of every reviewer, and this step drops some.")]

    assert found(steps=(step,), ranking=Ranking.PLACEMENT) == expected
    assert found(steps=(step,)) == []
    assert found(steps=(Deviation(limit=1500, action=Action.FLAG), Clamp(limit=2)), ranking=Ranking.PLACEMENT) == []


def test_a_cap_allows_at_least_one_of_classes_that_are_a_success():
    classes = (Class(key="a", label="A", at_least=100), Class(key="z", label="Z", at_least=0, passes=False))
    unknown = "There is no successful class “%s”."

    assert found(classes=classes, caps=(Cap(most=1, classes=("a",)), Cap(most=2))) == []
    assert found(classes=classes, caps=(Cap(most=0),)) == [("caps[0].most", "This is not above zero.")]
    assert found(classes=classes, caps=(Cap(most=1, classes=("z", "b")),)) == [
        ("caps[0].classes", unknown % "z"),
        ("caps[0].classes", unknown % "b"),
    ]
