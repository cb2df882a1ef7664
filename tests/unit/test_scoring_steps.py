"""The ordered steps over sheets, each at its edges."""

from fractions import Fraction

import pytest

from evaluator.core.text import sentence
from evaluator.rules import scoring
from evaluator.rules.amounts import Rounding
from evaluator.rules.procedure import (
    Action,
    Apart,
    ByCount,
    Calibrate,
    Clamp,
    Combine,
    CountRule,
    Deviation,
    DropExtremes,
    Extremes,
    LeastSheets,
    Measure,
    Middle,
    PublicVote,
    Round,
    SetAside,
    Spread,
)
from evaluator.rules.scoring.steps import public_points
from tests.rubric_builder import a_rubric, numeric, outcome, totals


def scored(*points, steps=(), after=(), roles=None, **more):
    return outcome(a_rubric(numeric(step=1), steps=steps, after=after, **more), totals(*points, roles=roles))


def used(result):
    return sorted(sheet.total for sheet in result.sheets if sheet.used)


def why(result):
    return {sheet.reviewer: str(sheet.why) for sheet in result.sheets if sheet.why}


def words(result):
    return [str(step.text) for step in result.steps]


def test_the_mean_is_exact():
    assert scored(80, 81, 81).score == Fraction(242, 3)


def test_enough_sheets_let_the_score_stand_and_too_few_do_not():
    steps = (LeastSheets(count=3),)

    assert scored(80, 81, 82, steps=steps).score == 81
    result = scored(80, 81, steps=steps)
    assert result.score is None
    assert str(result.unscored) == "Only 2 sheets count, but 3 are needed. Ask for another sheet."
    assert result.asks_for_another_sheet
    assert not result.passed
    assert (result.criteria, result.gates, result.breakers) == ((), (), ())


def test_without_any_sheet_there_is_no_score_and_the_reason_is_told():
    assert str(scored().unscored) == "There is no sheet yet."
    assert str(scored(steps=(Deviation(limit=1500),)).unscored) == "There is no sheet yet."
    assert str(scored(steps=(LeastSheets(count=1),)).unscored) == (
        "Only 0 sheets count, but 1 are needed. Ask for another sheet."
    )


@pytest.mark.parametrize(("far", "kept"), [("99", 3), ("102.49", 3), ("102.5", 3), ("102.51", 2)])
def test_a_sheet_is_dropped_only_beyond_the_limit(far, kept):
    # The mean of 80, 80 and x lies 2/3 of x - 80 from x: 15 points at x = 102.5.
    rubric = a_rubric(numeric(maximum=110, step=1), steps=(Deviation(limit=1500),))

    assert len(used(outcome(rubric, totals(80, 80, far)))) == kept


def test_a_dropped_sheet_says_how_far_it_lay_from_the_initial_mean():
    result = scored(90, 88, 60, steps=(Deviation(limit=1500),))

    assert result.score == 89
    assert why(result) == {"r3": "19.33 (58/3) from the middle, 79.33 (238/3): more than allowed"}
    assert words(result)[0] == "Sheets more than 15 from the middle, 79.33 (238/3), were dropped: 60."
    assert result.steps[0].reviewers == ("r3",)


def test_one_pass_on_the_initial_mean_drops_no_second_sheet_even_if_the_new_mean_would():
    # The initial mean 71 drops only 32; 86 lies just 15 away. Without 32 the mean is 80.75, and 65 lies 15.75 away.
    points = (32, 65, 86, 86, 86)

    once = scored(*points, steps=(Deviation(limit=1500),))
    assert used(once) == [65, 86, 86, 86]
    assert once.score == Fraction("80.75")

    stable = scored(*points, steps=(Deviation(limit=1500, repeat=True),))
    assert used(stable) == [86, 86, 86]
    assert stable.score == 86
    assert [step.kind for step in stable.steps] == ["deviation", "deviation", "deviation", "combine"]


def test_dropping_until_nothing_is_left_ends_without_a_score():
    for repeat in (False, True):
        result = scored(0, 100, steps=(Deviation(limit=1500, repeat=repeat),))

        assert result.score is None
        assert str(result.unscored) == "Every sheet was dropped, so there is no score. Ask for new sheets."
        assert used(result) == []


def test_dropping_may_leave_fewer_sheets_than_needed():
    result = scored(90, 88, 60, steps=(Deviation(limit=1500), LeastSheets(count=3)))

    assert str(result.unscored) == "Only 2 sheets count, but 3 are needed. Ask for another sheet."


def test_a_deviation_may_look_at_the_median():
    result = scored(80, 80, 100, steps=(Deviation(limit=1500, of=Middle.MEDIAN),))

    assert used(result) == [80, 80]


def test_a_deviation_in_percent_is_measured_against_the_middle():
    step = Deviation(limit=3000, of=Middle.MEDIAN, measure=Measure.PERCENT)

    assert used(scored(7, 10, 13, steps=(step,))) == [7, 10, 13]
    assert used(scored(7, 10, "13.01", steps=(step,))) == [7, 10]
    assert words(scored(7, 10, "13.01", steps=(step,)))[0] == (
        "Sheets more than 30 % from the middle, 10, were dropped: 13.01."
    )
    assert words(scored(7, 10, 13, steps=(step,)))[0] == "No sheet lies more than 30 % from the middle, 10."
    assert used(scored(0, 0, 1, steps=(step,))) == [0, 0]


@pytest.mark.parametrize(
    ("action", "measure", "text"),
    [
        (Action.FLAG, Measure.POINTS, "Sheets lie more than 15 from the middle, 75: 50 · 100. Talk about them."),
        (Action.ASK, Measure.POINTS, "Sheets lie more than 15 from the middle, 75: 50 · 100. Another sheet is needed."),
        (Action.FLAG, Measure.PERCENT, "Sheets lie more than 15 % from the middle, 75: 50 · 100. Talk about them."),
        (
            Action.ASK,
            Measure.PERCENT,
            "Sheets lie more than 15 % from the middle, 75: 50 · 100. Another sheet is needed.",
        ),
    ],
)
def test_a_deviation_may_only_flag_or_ask_for_another_sheet(action, measure, text):
    result = scored(50, 100, steps=(Deviation(limit=1500, action=action, measure=measure),))

    assert result.score == 75
    assert [(flag.action, str(flag.text), flag.reviewers) for flag in result.flags] == [(action, text, ("r1", "r2"))]
    assert result.asks_for_another_sheet is (action is Action.ASK)


@pytest.mark.parametrize(
    ("limit", "measure", "action", "text", "flagged"),
    [
        (3000, Measure.POINTS, Action.FLAG, "Highest and lowest lie 30 apart; up to 30 is allowed.", False),
        (2999, Measure.POINTS, Action.FLAG, "Highest and lowest lie 30 apart, more than 29.99. Talk about them.", True),
        (
            2999,
            Measure.POINTS,
            Action.ASK,
            "Highest and lowest lie 30 apart, more than 29.99. Another sheet is needed.",
            True,
        ),
        (
            3000,
            Measure.PERCENT,
            Action.FLAG,
            "Highest and lowest lie 30 apart; up to 30 % of the highest is allowed.",
            False,
        ),
        (
            2999,
            Measure.PERCENT,
            Action.FLAG,
            "Highest and lowest lie 30 apart, more than 29.99 % of the highest. Talk about them.",
            True,
        ),
        (
            2999,
            Measure.PERCENT,
            Action.ASK,
            "Highest and lowest lie 30 apart, more than 29.99 % of the highest. Another sheet is needed.",
            True,
        ),
    ],
)
def test_a_spread_is_flagged_beyond_its_limit(limit, measure, action, text, flagged):
    result = scored(70, 80, 100, steps=(Spread(limit=limit, measure=measure, action=action),))

    assert words(result)[0] == text
    assert [flag.action for flag in result.flags] == ([action] if flagged else [])
    assert result.score == Fraction(250, 3)


def test_high_and_low_are_dropped_from_five_sheets_on_not_from_four():
    steps = (DropExtremes(from_sheets=5),)

    assert used(scored(60, 70, 80, 90, steps=steps)) == [60, 70, 80, 90]
    five = scored(60, 70, 80, 90, 100, steps=steps)
    assert used(five) == [70, 80, 90]
    assert why(five) == {"r1": "the lowest does not count", "r5": "the highest does not count"}
    assert words(five)[0] == "5 sheets: the highest and the lowest do not count: 60 · 100."


def test_of_equal_highest_only_one_is_dropped():
    assert used(scored(60, 70, 90, 90, 90, steps=(DropExtremes(from_sheets=5),))) == [70, 90, 90]
    assert used(scored(80, 80, 80, 80, 80, steps=(DropExtremes(from_sheets=5),))) == [80, 80, 80]


def test_several_highest_and_no_lowest_may_be_dropped():
    assert used(scored(60, 70, 80, 90, 100, steps=(DropExtremes(from_sheets=5, highest=2, lowest=0),))) == [60, 70, 80]


THEATRE = ByCount(
    rules=(
        CountRule(sheets=3, extremes=Extremes.KEEP),
        CountRule(sheets=4, extremes=Extremes.MERGE),
        CountRule(sheets=5, extremes=Extremes.DROP),
    )
)


@pytest.mark.parametrize(
    ("points", "score"),
    [
        ((60, 70, 80, 90, 100, 20), Fraction(75)),  # mean of 60, 70, 80, 90
        ((60, 70, 80, 90, 20), Fraction(70)),  # mean of 60, 70, 80
        ((60, 70, 80, 10), Fraction(60 + 70 + 45, 3)),  # (80 + 10) / 2 counts as one
        ((60, 70, 80), Fraction(70)),
    ],
)
def test_the_scheme_of_the_theatre_awards_depends_on_the_number_of_ballots(points, score):
    assert scored(*points, steps=(THEATRE,)).score == score


def test_the_scheme_of_the_theatre_awards_does_not_score_fewer_than_three():
    assert str(scored(60, 70, steps=(THEATRE,)).unscored) == (
        "Only 2 sheets count, but 3 are needed. Ask for another sheet."
    )


def test_merged_sheets_count_half_and_say_so():
    result = scored(60, 70, 80, 10, steps=(THEATRE,))

    assert words(result) == [
        "4 sheets: the highest and the lowest count half each: 10 · 80.",
        "Mean of 10 · 60 · 70 · 80 with the weights 0.5 · 1 · 1 · 0.5: 58.33 (175/3).",
    ]
    assert why(result) == {"r3": "highest and lowest count half each", "r4": "highest and lowest count half each"}
    assert [sheet.weight for sheet in result.sheets] == [Fraction(1, 2), 1, 1, Fraction(1, 2)]
    assert words(scored(60, 70, 80, steps=(THEATRE,)))[0] == "3 sheets: all of them count."
    assert words(scored(60, 70, 80, 90, 20, steps=(THEATRE,)))[0] == (
        "5 sheets: the highest and the lowest do not count: 20 · 90."
    )


def test_totals_are_clamped_to_the_median():
    result = scored("9.90", "9.95", "10.01", steps=(Clamp(limit=2),))

    assert [sheet.counted for sheet in result.sheets] == [Fraction("9.93"), Fraction("9.95"), Fraction("9.97")]
    assert result.score == Fraction("9.95")
    assert words(result)[0] == "Totals further than 0.02 from the median, 9.95, were moved to that limit: 9.9 · 10.01."
    assert why(result) == {"r1": "moved from 9.9 to 9.93", "r3": "moved from 10.01 to 9.97"}


def test_totals_just_at_the_limit_are_not_moved():
    result = scored("9.93", "9.95", "9.97", steps=(Clamp(limit=2),))

    assert words(result)[0] == "No total lies further than 0.02 from the median, 9.95."
    assert why(result) == {}


def test_the_chairs_sheet_may_be_set_aside():
    result = scored(60, 80, 100, steps=(SetAside(role="chair"),), roles={3: "chair"})

    assert result.score == 70
    assert why(result) == {"r3": "set aside: this role does not make the score"}
    assert words(result)[0] == "The sheets of the role “chair” do not make the score; they may break a tie."
    none = scored(60, 80, steps=(SetAside(role="chair"),))
    assert words(none)[0] == "No sheet of the role “chair” had to be set aside."


def test_a_weighted_mean_gives_a_role_its_weight():
    combine = Combine(weights=(("chair", Fraction(2)),))

    result = scored(60, 90, combine=combine, roles={2: "chair"})
    assert result.score == 80
    assert words(result) == ["Mean of 60 · 90 with the weights 1 · 2: 80."]
    assert scored(60, 90, combine=combine).score == 75


@pytest.mark.parametrize(("points", "score"), [((60, 90, 70), 70), ((60, 90, 70, 80), 75), ((60,), 60)])
def test_the_median_is_the_middle_or_the_mean_of_the_two_middle_ones(points, score):
    result = scored(*points, combine=Combine(by=Middle.MEDIAN))

    assert result.score == score
    assert words(result)[0].startswith("Median of ")


def test_the_sum_of_the_sheets_may_be_the_score():
    assert scored(60, 90, combine=Combine(by=Middle.SUM)).score == 150
    weighted = Combine(by=Middle.SUM, weights=(("chair", Fraction(2)),))
    result = scored(60, 90, combine=weighted, roles={2: "chair"})
    assert result.score == 240
    assert words(result) == ["Sum of 60 · 90: 240."]


def test_rounding_lifts_69_995_to_70():
    result = scored("69.99", "70", after=(Round(places=2),))

    assert result.score == 70
    assert words(result)[-1] == "Rounded half up to 2 decimals: 70.00."
    assert result.steps[-1].adds == Fraction("0.005")
    assert scored("69.99", "70", after=(Round(places=2, how=Rounding.DOWN),)).score == Fraction("69.99")


def test_each_sheet_may_be_rounded_before_they_are_combined():
    result = scored("69.5", "70.4", steps=(Round(places=0),))

    assert result.score == 70
    assert [(sheet.total, sheet.counted) for sheet in result.sheets] == [(Fraction("69.5"), 70), (Fraction("70.4"), 70)]
    assert words(result)[0] == "Each sheet's total is rounded to 0 decimals: 70 · 70."


R4_VOTE = PublicVote(maximum=2000, places=1)


@pytest.mark.parametrize(
    ("votes", "highest", "points"),
    [(300, 300, "20"), (150, 300, "10"), (1, 3, "6.7"), (0, 300, "0"), (0, 0, "0"), (1, 400, "0.1"), (1, 401, "0")],
)
def test_public_points_are_a_share_of_the_highest_rounded_to_one_decimal(votes, highest, points):
    assert public_points(R4_VOTE, votes, highest) == Fraction(points)


@pytest.mark.parametrize(("votes", "points"), [(0, 0), (9, 0), (10, 1), (499, 49), (500, 50), (9999, 50)])
def test_public_points_may_be_one_for_every_ten_likes_up_to_half(votes, points):
    assert public_points(PublicVote(maximum=5000, every=10), votes, 0) == points


def public(votes, highest, step=R4_VOTE):
    rubric = a_rubric(numeric(maximum=80), after=(step,))
    return scoring.Scorer(rubric).outcome(totals(60, votes=votes), scoring.Season(highest))


def test_the_public_vote_is_added_to_the_score_and_told():
    result = public(1, 3)

    assert result.score == Fraction("66.7")
    assert words(result)[-1] == "Public vote: 20 × 1 ÷ 3 = 6.7 points."
    assert words(public(25, 0, PublicVote(maximum=5000, every=10)))[-1] == (
        "Public vote: 25 votes, 1 points for every 10: 2 points."
    )


def test_public_votes_all_zero_or_unknown_give_nobody_points():
    nobody, unknown = public(0, 0), public(None, 7)

    assert (nobody.score, unknown.score) == (60, 60)
    assert words(nobody)[-1] == "Public vote: no dossier of this round has a vote, so nobody gains points."
    assert words(unknown)[-1] == "Public vote: no count has been entered for this dossier, so it gains no points."


def test_the_order_of_the_steps_is_the_order_in_which_they_act():
    deviation, extremes = Deviation(limit=1500), DropExtremes(from_sheets=5)
    points = (10, 80, 80, 80, 80)

    assert used(scored(*points, steps=(deviation, extremes))) == [80, 80, 80, 80]
    assert used(scored(*points, steps=(extremes, deviation))) == [80, 80, 80]


CHAIR = {3: "chair"}


@pytest.mark.parametrize(
    ("step", "chair", "told", "flags"),
    [
        (
            Apart(role="chair", limit=1000),
            90,
            "The sheet of the role “chair” lies 10 from the mean of the others; up to 10 is allowed.",
            0,
        ),
        (
            Apart(role="chair", limit=1000),
            "69.99",
            "The sheet of the role “chair” lies 10.01 from the mean of the others, more than 10. Talk about it.",
            1,
        ),
        (
            Apart(role="chair", limit=1000, measure=Measure.PERCENT),
            88,
            "The sheet of the role “chair” lies 8 from the mean of the others; up to 10 % of it is allowed.",
            0,
        ),
        (
            Apart(role="chair", limit=1000, measure=Measure.PERCENT, action=Action.ASK),
            "88.01",
            (
                "The sheet of the role “chair” lies 8.01 from the mean of the others, more than 10 % of it. "
                "Another sheet is needed."
            ),
            1,
        ),
        (
            Apart(role="chair", limit=1000, action=Action.ASK),
            95,
            "The sheet of the role “chair” lies 15 from the mean of the others, more than 10. Another sheet is needed.",
            1,
        ),
        (
            Apart(role="chair", limit=1000, measure=Measure.PERCENT),
            95,
            "The sheet of the role “chair” lies 15 from the mean of the others, more than 10 % of it. Talk about it.",
            1,
        ),
    ],
)
def test_the_sheet_of_one_role_is_compared_with_the_mean_of_the_others(step, chair, told, flags):
    result = scored(70, 90, chair, steps=(step,), roles=CHAIR)

    assert words(result)[0] == told
    assert [flag.reviewers for flag in result.flags] == [("r3",)] * flags
    assert result.asks_for_another_sheet == (step.action is Action.ASK and flags == 1)
    assert len(used(result)) == 3


@pytest.mark.parametrize(("points", "roles"), [((70, 90), None), ((70,), {1: "chair"})])
def test_without_that_role_or_without_others_there_is_nothing_to_compare(points, roles):
    result = scored(*points, steps=(Apart(role="chair", limit=1),), roles=roles)

    assert words(result)[0] == "No sheet of the role “chair” can be compared with others."
    assert result.flags == ()


def calibrated(season, *points, maximum=100):
    rubric = a_rubric(numeric(maximum=maximum, step=1), steps=(Calibrate(),))
    return scoring.Scorer(rubric).outcome(totals(*points), season)


def test_leniency_is_taken_off_each_total_and_raw_stands_beside_corrected():
    result = calibrated(scoring.Season(leniencies={"r1": 250, "r2": -150, "r4": 900}), 80, 70, 60)

    assert [(sheet.reviewer, sheet.total, sheet.counted) for sheet in result.sheets] == [
        ("r3", 60, 60),
        ("r2", 70, Fraction("71.5")),
        ("r1", 80, Fraction("77.5")),
    ]
    assert result.score == Fraction("69.67")
    assert words(result)[0] == "Each reviewer's leniency was taken off: 70 · 80 became 71.5 · 77.5."
    assert why(result) == {
        "r1": "80 as given; corrected by the reviewer's leniency to 77.5",
        "r2": "70 as given; corrected by the reviewer's leniency to 71.5",
    }


def test_a_corrected_total_stays_between_nothing_and_the_most_a_sheet_can_reach():
    season = scoring.Season(leniencies={"r1": 500, "r2": -500})

    assert [sheet.counted for sheet in calibrated(season, 2, 98).sheets] == [0, 100]


def test_leniency_follows_the_person_and_not_the_name_of_the_sheet():
    rubric = a_rubric(numeric(step=1), steps=(Calibrate(),))
    sheet = scoring.Sheet("sheet-17", {"a": 5000}, person="r1")
    season = scoring.Season(leniencies={"r1": 100, "sheet-17": 900})

    assert scoring.Scorer(rubric).outcome(scoring.Dossier("X", (sheet,)), season).score == 49


def test_nothing_is_taken_off_before_it_was_measured_or_where_it_may_not_be_relied_on():
    doubt = sentence("The differences between the reviewers may be chance.")
    doubted = calibrated(scoring.Season(leniencies={"r1": 500}, doubt=doubt), 80)
    unmeasured = calibrated(scoring.Season(), 80)

    assert (doubted.score, unmeasured.score) == (80, 80)
    assert words(doubted)[0] == (
        "The totals stay as they were given. The differences between the reviewers may be chance."
    )
    assert words(unmeasured)[0] == "No leniency has been measured yet, so the totals stay as they were given."
