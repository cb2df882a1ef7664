"""Edges of marking and scoring where a small slip would go unnoticed elsewhere."""

from fractions import Fraction

import pytest

from evaluator.core.errors import Invalid
from evaluator.rules import scoring
from evaluator.rules.amounts import Rounding
from evaluator.rules.procedure import (
    AnyOf,
    Apart,
    ByCount,
    Calibrate,
    Cap,
    Class,
    Combine,
    CouncilVote,
    CountRule,
    Deviation,
    DropExtremes,
    Extremes,
    FewLow,
    LeastSheets,
    Lot,
    Measure,
    Middle,
    Minimum,
    PublicVote,
    Ranking,
    Round,
    Totalling,
)
from evaluator.rules.rubric import Alternatives, Bonus, Choice, Comment, Group, Numeric, Option, Quantity
from evaluator.rules.scoring import placement
from tests.rubric_builder import a_rubric, numeric, outcome, sheet, totals

DOWN = Round(places=0, how=Rounding.DOWN)


def texts(result):
    return [str(step.text) for step in result.steps]


def test_steps_of_points_are_counted_from_the_minimum():
    odd = Numeric(key="a", label="A", maximum=1025, minimum=25, step=100)

    assert odd.refusal(125) is None
    assert str(odd.refusal(100)) == "Points go in steps of 1."


def test_a_comment_may_be_exactly_as_long_as_allowed():
    comment = Comment(key="w", label="W", longest=3)

    assert comment.refusal("abc") is None
    assert str(comment.refusal("abcd")) == "Keep the comment within 3 characters."


def test_the_most_of_alternatives_is_that_of_the_richest_wherever_it_stands():
    rubric = a_rubric(
        numeric("a", 10, one_of="k", group="g"),
        numeric("b", 30, one_of="k", group="g"),
        numeric("c", 5, group="g"),
        alternatives=(Alternatives(key="k", label="K"),),
        groups=(Group(key="g", label="G"),),
    )

    assert (rubric.highest, rubric.reachable, rubric.most_of("g")) == (35, 35, 35)


def test_what_can_earn_nothing_adds_nothing_to_the_most():
    nothing = Choice(key="a", label="A", group="g", options=(Option(key="x", label="X", points=0),))
    rubric = a_rubric(nothing, groups=(Group(key="g", label="G"),))

    assert (rubric.highest, rubric.most_of("g")) == (0, 0)


def test_a_portion_that_gives_nothing_is_worth_nothing():
    assert Quantity(key="q", label="Q", unit="giờ", every=100).worth(500) == 0


def test_gates_follow_the_way_of_the_last_rounding():
    rubric = a_rubric(numeric(step=1, floor=8100), after=(DOWN,))

    (gate,) = outcome(rubric, totals("80.9", "80.9")).gates
    assert (gate.value, gate.met) == (80, False)


def test_gates_inside_classes_and_alternatives_say_where_they_stand():
    low = FewLow(share=Fraction(1, 2))
    classes = (
        Class(key="a", label="A", at_least=0, gates=(low, AnyOf(label="Một", gates=(low, Minimum(at_least=1))))),
    )
    gates = outcome(a_rubric(numeric(), classes=classes), totals(50)).gates

    assert [gate.gate for gate in gates] == ["a.gates[0]", "a.gates[1]"]
    assert [inner.gate for inner in gates[1].alternatives] == ["a.gates[1].gates[0]", "total"]


def test_every_line_of_an_explanation_carries_its_number():
    rubric = a_rubric(numeric(step=1), gates=(Minimum(at_least=5000),), after=(Round(places=1),))
    lines = scoring.explain(rubric, outcome(rubric, totals("80.25", 70)))

    assert [(line.part.value, line.amount) for line in lines if line.amount is not None] == [
        ("sheet", Fraction("80.25")),
        ("criterion", Fraction("80.25")),
        ("sheet", 70),
        ("criterion", 70),
        ("step", Fraction("75.125")),
        ("step", Fraction("75.1")),
        ("summand", Fraction("75.125")),
        ("summand", Fraction("-0.025")),
        ("score", Fraction("75.1")),
        ("gate", Fraction("75.1")),
    ]
    assert [str(line.text) for line in lines if line.part is scoring.Part.SUMMAND][1] == (
        "Rounded half up to 1 decimals: 75.1."
    )


def test_the_document_tells_what_a_cap_did():
    rubric = a_rubric(numeric(), caps=(Cap(most=1),))
    found = scoring.ranked(
        rubric, scoring.Scorer(rubric).outcomes([totals(80, initiative="A"), totals(70, initiative="B")])
    )

    assert [scoring.document(each, str)["capped"] for each in found] == [
        "",
        "At most 1 of the round can succeed, and those ranked before it have.",
    ]
    assert "capped" not in scoring.document(found[1])


CLASSES = (
    Class(key="first", label="First", at_least=9000),
    Class(key="second", label="Second", at_least=8000),
    Class(key="third", label="Third", at_least=0),
)


def capped(*caps, points, classes=CLASSES):
    rubric = a_rubric(numeric(), caps=caps, classes=classes)
    dossiers = [totals(each, initiative=f"D{number}") for number, each in enumerate(points)]
    return scoring.ranked(rubric, scoring.Scorer(rubric).outcomes(dossiers))


def test_a_class_lower_than_the_best_takes_room_of_its_own_class_only():
    found = capped(Cap(most=1, classes=("second",)), points=(85, 84))

    assert [each.class_key for each in found] == ["second", "third"]


def test_equals_before_a_cap_without_classes_wait_in_its_own_words():
    found = capped(Cap(most=1), points=(85, 85))

    assert str(found[0].capped) == (
        "It shares its rank with others, and of them at most 1 can succeed: the council decides who."
    )


def test_a_cap_on_several_classes_names_them_all():
    found = capped(Cap(most=1, classes=("first", "second")), points=(95, 85))

    assert str(found[1].capped) == ("At most 1 of the round can get “First, Second”, and those ranked before it have.")


def test_the_step_that_ends_without_a_score_tells_why():
    result = outcome(a_rubric(numeric(), steps=(LeastSheets(count=2),)), totals(80))

    assert texts(result) == ["Only 1 sheets count, but 2 are needed. Ask for another sheet."]
    assert result.class_key == ""


def test_of_two_sheets_of_a_role_the_one_further_from_the_others_is_looked_at():
    rubric = a_rubric(numeric(), steps=(Apart(role="chair", limit=500),))
    result = outcome(rubric, totals(50, 70, 44, roles={2: "chair", 3: "chair"}))

    assert [flag.reviewers for flag in result.flags] == [("r2",)]
    assert "lies 20 from the mean of the others" in texts(result)[0]


def test_the_others_are_taken_at_their_mean_and_not_at_their_median():
    rubric = a_rubric(numeric(), steps=(Apart(role="chair", limit=500),))

    assert "lies 0 from" in texts(outcome(rubric, totals(10, 10, 70, 30, roles={4: "chair"})))[0]


def test_without_a_bound_a_corrected_total_is_not_cut_off():
    quantity = Quantity(key="a", label="A", unit="giờ", every=100, gives=100)
    rubric = a_rubric(quantity, steps=(Calibrate(),))

    assert outcome(rubric, totals(500), scoring.Season(leniencies={"r1": -100})).score == 501


def test_extremes_that_are_kept_or_dropped_are_told_with_the_sheets_they_are_about():
    rubric = a_rubric(numeric(), steps=(DropExtremes(from_sheets=3),))
    dropped = outcome(rubric, totals(10, 50, 90)).steps[0]

    assert texts(outcome(rubric, totals(10, 50)))[0] == "2 sheets: all of them count."
    assert (str(dropped.text), dropped.reviewers) == (
        "3 sheets: the highest and the lowest do not count: 10 · 90.",
        ("r1", "r3"),
    )
    by_count = a_rubric(numeric(), steps=(ByCount(rules=(CountRule(sheets=3, extremes=Extremes.DROP),)),))
    assert outcome(by_count, totals(10, 50, 90)).steps[0].reviewers == ("r1", "r3")


def test_a_sum_with_weights_is_no_mean():
    rubric = a_rubric(numeric(), combine=Combine(by=Middle.SUM, weights=(("chair", Fraction(2)),)), after=())

    assert outcome(rubric, totals(10, 20, roles={1: "chair"})).score == 40
    assert outcome(rubric, totals(10, 20)).score == 30


def test_sheets_and_public_points_are_rounded_the_way_the_step_says():
    each_down = a_rubric(numeric(step=1), steps=(DOWN,), after=())
    shared = a_rubric(numeric(), after=(PublicVote(maximum=1000, places=0, how=Rounding.DOWN),))

    assert outcome(each_down, totals("80.9", "80.9")).score == 80
    assert outcome(shared, totals(50, votes=99), scoring.Season(100)).score == 59


def test_public_points_are_added_to_a_score_of_nothing():
    rubric = a_rubric(numeric(), after=(PublicVote(maximum=1000),))

    assert outcome(rubric, totals(0, votes=1), scoring.Season(1)).score == 10


def test_two_sets_of_alternatives_marked_twice_are_both_named():
    rubric = a_rubric(
        *(numeric(key, 10, one_of=key[0]) for key in ("a1", "a2", "b1", "b2")),
        alternatives=(Alternatives(key="a", label="A"), Alternatives(key="b", label="B")),
    )

    assert sorted(scoring.faults(rubric, dict.fromkeys(("a1", "a2", "b1", "b2"), 100))) == ["a1", "a2", "b1", "b2"]


def test_a_capped_sheet_stops_at_the_maximum_as_a_draft_and_in_the_score_and_others_do_not():
    capped_rubric = a_rubric(numeric("a", 80), numeric("b", 30), maximum=10500, capped=True)
    open_rubric = a_rubric(numeric("a", 80), numeric("b", 30), maximum=10500)
    points = {"a": 8000, "b": 3000}

    assert (scoring.total(capped_rubric, points), scoring.total(open_rubric, points)) == (105, 110)
    assert scoring.total(capped_rubric, {"a": 5000}) == 50


def test_the_score_counts_a_capped_sheet_at_the_maximum():
    bonus = Bonus(key="b", label="B", maximum=500, beyond=True)
    rubric = a_rubric(numeric(maximum=90), bonus, capped=True, maximum=9000, after=())
    sheets = (sheet("r1", a=88, b=5), sheet("r2", a=80, b=5))

    assert [each.total for each in outcome(rubric, *sheets).sheets] == [85, 90]
    assert outcome(rubric, *sheets).score == Fraction("87.5")


def test_floors_of_a_sheet_carry_names_values_and_whether_they_decide():
    rubric = a_rubric(
        numeric("a", 10, floor=500, kills=False, group="g"),
        numeric("b", 10, group="g"),
        groups=(Group(key="g", label="Nhóm", floor=1200, kills=False),),
    )

    assert scoring.floors(rubric, {"a": 600, "b": 700}) == (
        scoring.Floor("a", "Criterion a", Fraction(5), kills=False, value=Fraction(6)),
        scoring.Floor("g", "Nhóm", Fraction(12), kills=False, value=Fraction(13)),
    )


def test_places_are_asked_for_one_by_one_down_to_the_last():
    judges = ("j1", "j2", "j3")

    def order(**rows):
        marks = {
            name: {judge: Fraction(100 - place) for judge, place in zip(judges, places, strict=True)}
            for name, places in rows.items()
        }
        return [tuple(placed.initiative for placed in block) for block in placement.order(marks).blocks]

    # A and B have the same majority for 2 or better; only the third place tells them apart.
    assert order(A=(2, 2, 3), B=(2, 2, 4), C=(1, 1, 1), D=(4, 4, 2)) == [("C",), ("A",), ("B",), ("D",)]


def test_a_close_race_looks_at_the_two_best_only():
    rubric = a_rubric(numeric(), clear_lead=100)
    keys = [
        scoring.Key(name, passed=True, score=Fraction(score), breakers=()) for name, score in (("A", 90), ("B", 80))
    ]

    assert scoring.close_race(rubric, [*keys, scoring.Key("C", passed=True, score=Fraction(80), breakers=())]) is None


def test_the_lot_goes_by_the_lowest_hash_of_seed_and_code():
    rubric = a_rubric(numeric(), ties=(Lot(seed="2026"),))
    found = scoring.ranked(
        rubric, scoring.Scorer(rubric).outcomes([totals(80, initiative=name) for name in ("A", "B", "C")])
    )

    # The order of SHA-256("2026\n" + code), lowest first: anybody can draw it again.
    assert [each.initiative for each in found] == ["C", "B", "A"]


def test_every_wrong_sheet_is_named_also_after_one_of_another_rubric():
    rubric = a_rubric(numeric())
    dossier = scoring.Dossier(
        "X", (scoring.Sheet("r1", {"a": 100}, rubric="other"), scoring.Sheet("r2", {"a": 99_999})), votes=-1
    )
    with pytest.raises(Invalid) as caught:
        scoring.Scorer(rubric).outcome(dossier)

    assert sorted(caught.value.fields) == ["X", "X / r1", "X / r2 / a"]


def test_the_mean_of_totals_is_over_the_weights_of_the_criteria():
    rubric = a_rubric(
        numeric("a", 10, weight=Fraction(3, 10)), numeric("b", 10, weight=Fraction(7, 10)), total=Totalling.MEAN
    )

    assert scoring.total(rubric, {"a": 1000, "b": 0}) == 3


def test_the_role_of_a_sheet_stays_with_its_result():
    result = outcome(a_rubric(numeric()), totals(80, roles={1: "chair"}))

    assert [sheet.role for sheet in result.sheets] == ["chair"]


def test_a_deviation_that_finds_nothing_says_so_in_points_and_in_percent():
    for measure, told in (
        (Measure.POINTS, "No sheet lies more than 15 from the middle, 80."),
        (Measure.PERCENT, "No sheet lies more than 15 % from the middle, 80."),
    ):
        rubric = a_rubric(numeric(), steps=(Deviation(limit=1500, measure=measure),))
        assert texts(outcome(rubric, totals(80, 80)))[0] == told


def test_of_two_sheets_of_a_role_the_lower_one_may_be_the_one_further_off():
    rubric = a_rubric(numeric(), steps=(Apart(role="chair", limit=500),))
    result = outcome(rubric, totals(50, 56, 20, roles={2: "chair", 3: "chair"}))

    assert [flag.reviewers for flag in result.flags] == [("r3",)]


def test_a_tie_break_that_is_not_known_leaves_the_reason_of_the_one_before():
    rubric = a_rubric(numeric(), ranking=Ranking.PLACEMENT, ties=(CouncilVote(),), steps=(LeastSheets(count=1),))
    found = scoring.ranked(
        rubric, scoring.Scorer(rubric).outcomes([totals(80, initiative="A"), totals(80, initiative="B")])
    )

    assert [(each.rank, each.tied) for each in found] == [(1, True), (1, True)]
    assert str(found[0].broken_by) == "1 of 1 reviewers placed it 1 or better; these places add up to 1."


def test_a_round_in_which_nobody_has_a_vote_has_no_highest():
    rubric = a_rubric(numeric(), after=(PublicVote(maximum=1000),))

    assert scoring.Scorer(rubric).season([totals(80, votes=0), totals(80, votes=None)]).highest_votes == 0


def test_places_are_asked_for_one_further_each_time_and_also_the_last():
    judges = ("j1", "j2", "j3", "j4", "j5")

    def order(**rows):
        marks = {
            name: {judge: Fraction(100 - place) for judge, place in zip(judges, places, strict=True)}
            for name, places in rows.items()
        }
        return [tuple(placed.initiative for placed in block) for block in placement.order(marks).blocks]

    # Three votes each for 1 or better; at 2 A has four. That B would have more at 3 is not asked any more.
    found = order(A=(1, 1, 1, 2, 4), B=(1, 1, 1, 3, 3), C=(4, 4, 4, 1, 1), D=(5, 5, 5, 4, 2))
    assert found[:2] == [("A",), ("B",)]
