"""Caps act down the ranking: the next class with room, or none; equals at the last place wait for the council."""

from datetime import date

import pytest

from evaluator.rules import scoring
from evaluator.rules.procedure import Cap, Class, EarlierDate, Minimum, Per, Ranking
from tests.rubric_builder import a_rubric, numeric, totals

CLASSES = (
    Class(key="first", label="First", at_least=9000),
    Class(key="second", label="Second", at_least=8000),
    Class(key="third", label="Third", at_least=7000),
    Class(key="none", label="None", at_least=0, passes=False),
)


def capped(*caps, dossiers, **more):
    rubric = a_rubric(numeric(maximum=100), caps=caps, **{"classes": CLASSES} | more)
    found = scoring.ranked(rubric, scoring.Scorer(rubric).outcomes(dossiers))
    return {each.initiative: each for each in found}


def dossier(initiative, points, field="", unit=""):
    return totals(points, initiative=initiative, field=field, unit=unit)


def classes(found):
    return {name: (each.class_key, each.passed) for name, each in found.items()}


def test_whoever_finds_a_class_full_gets_the_next_lower_one_with_room():
    found = capped(
        Cap(most=1, classes=("first",)),
        Cap(most=1, classes=("second",)),
        dossiers=[dossier("A", 95), dossier("B", 93), dossier("C", 91), dossier("D", 85), dossier("E", 50)],
    )

    assert classes(found) == {
        "A": ("first", True),
        "B": ("second", True),
        "C": ("third", True),
        "D": ("third", True),
        "E": ("none", False),
    }
    assert found["A"].capped is None
    assert str(found["C"].capped) == "At most 1 of the round can get “First”, and those ranked before it have."


def test_without_any_class_left_it_is_no_success_though_the_conditions_are_met():
    found = capped(Cap(most=2), dossiers=[dossier(name, points) for name, points in (("A", 95), ("B", 85), ("C", 75))])
    rubric = a_rubric(numeric(maximum=100), caps=(Cap(most=2),), classes=CLASSES)

    assert classes(found) == {"A": ("first", True), "B": ("second", True), "C": ("none", False)}
    assert [str(line.text) for line in scoring.explain(rubric, found["C"]) if line.part is scoring.Part.RESULT] == [
        "Result: “None”.",
        "At most 2 of the round can succeed, and those ranked before it have.",
        "The conditions are met, but no place was left.",
    ]


@pytest.mark.parametrize(
    ("per", "full"),
    [
        (Per.ROUND, {"B", "C", "D"}),
        (Per.FIELD, {"B", "D"}),
        (Per.UNIT, {"C", "D"}),
        (Per.FIELD_AND_UNIT, {"D"}),
    ],
)
def test_a_cap_counts_over_the_round_each_field_each_unit_or_both(per, full):
    found = capped(
        Cap(most=1, per=per),
        dossiers=[
            dossier("A", 95, "health", "Văn Môn"),
            dossier("B", 94, "health", "Hàm Yên"),
            dossier("C", 93, "school", "Văn Môn"),
            dossier("D", 92, "health", "Văn Môn"),
        ],
    )

    assert {name for name, each in found.items() if not each.passed} == full


def test_r6_lets_two_of_a_field_and_unit_on_and_needs_no_classes():
    found = capped(
        Cap(most=2, per=Per.FIELD_AND_UNIT),
        dossiers=[dossier(name, points, "x", "y") for name, points in (("A", 90), ("B", 80), ("C", 70))],
        classes=(),
        gates=(Minimum(at_least=5000),),
    )

    assert classes(found) == {"A": ("", True), "B": ("", True), "C": ("", False)}


def test_equals_who_share_the_last_place_wait_for_the_council_and_nobody_after_them_gets_it():
    found = capped(
        Cap(most=2, classes=("first",)),
        dossiers=[dossier("A", 99), dossier("B", 95), dossier("C", 95), dossier("D", 91)],
    )

    assert classes(found) == {"A": ("first", True), "B": ("", True), "C": ("", True), "D": ("second", True)}
    assert str(found["B"].capped) == (
        "It shares its rank with others, and of them at most 1 can get “First”: the council decides who."
    )
    rubric = a_rubric(numeric(maximum=100), classes=CLASSES)
    assert [str(line.text) for line in scoring.explain(rubric, found["B"]) if line.part is scoring.Part.RESULT] == [
        "Result: no class.",
        str(found["B"].capped),
        "The conditions are met. Whether it succeeds waits for the council.",
    ]


def test_equals_who_all_find_room_get_it():
    found = capped(Cap(most=2), dossiers=[dossier("B", 95), dossier("C", 95)])

    assert classes(found) == {"B": ("first", True), "C": ("first", True)}


def test_a_shared_place_keeps_only_those_back_who_need_it():
    # B and C are equals; only the field of B is short.
    found = capped(
        Cap(most=1, per=Per.FIELD),
        dossiers=[dossier("B", 95, "x"), dossier("B2", 95, "x"), dossier("C", 95, "y")],
    )

    assert classes(found) == {"B": ("", True), "B2": ("", True), "C": ("first", True)}


def test_a_tie_that_a_rule_breaks_needs_no_council():
    found = capped(
        Cap(most=1),
        dossiers=[
            totals(95, initiative="B", submitted_on=date(2026, 8, 2)),
            totals(95, initiative="C", submitted_on=date(2026, 8, 1)),
        ],
        ties=(EarlierDate(),),
    )

    assert classes(found) == {"C": ("first", True), "B": ("none", False)}


def test_caps_do_not_look_at_what_met_no_conditions_or_has_no_score():
    found = capped(Cap(most=1), dossiers=[scoring.Dossier("X", ()), dossier("E", 50), dossier("A", 75)])

    assert (found["A"].class_key, found["A"].passed) == ("third", True)
    assert [found[name].capped for name in ("X", "E", "A")] == [None, None, None]


def test_whoever_has_no_rank_among_places_waits_and_takes_no_room():
    def with_sheets(initiative, *points):
        return scoring.Dossier(
            initiative, tuple(scoring.Sheet(f"r{n}", {"a": each * 100}) for n, each in enumerate(points))
        )

    found = capped(
        Cap(most=1),
        dossiers=[with_sheets("A", 99), with_sheets("B", 80, 80), with_sheets("C", 75, 75)],
        ranking=Ranking.PLACEMENT,
    )

    assert classes(found) == {"A": ("", True), "B": ("second", True), "C": ("none", False)}
    assert str(found["A"].capped) == "It has no rank, so nothing can be given to it yet."
