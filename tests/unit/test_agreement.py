"""Statistics beside the scores: agreement, leniency with its uncertainty, calibration, sensitivity."""

import random
from dataclasses import replace
from fractions import Fraction
from math import isclose, log, sqrt

import numpy as np
import pytest

from evaluator.core.text import sentence
from evaluator.rules import agreement, scoring
from evaluator.rules.agreement import Mark
from evaluator.rules.procedure import Calibrate, LeastSheets, Minimum, PublicVote
from tests.rubric_builder import a_rubric, numeric, totals


def marks(table):
    """Marks from {initiative: {reviewer: points}}."""
    return [
        Mark(initiative, reviewer, Fraction(str(points)))
        for initiative, row in table.items()
        for reviewer, points in row.items()
    ]


def a_season(initiatives=200, reviewers=8, severity=0.5, noise=0.5, seed=1):
    """A made-up round with known truth: three sheets each."""
    rng = random.Random(seed)  # noqa: S311 - invented data
    mild = {f"r{n}": rng.gauss(0, severity) for n in range(reviewers)}
    truth = {f"S{n:04}": rng.gauss(5, 1) for n in range(initiatives)}
    drawn = [
        Mark(code, who, Fraction(round((truth[code] + mild[who] + rng.gauss(0, noise)) * 100), 100))
        for code in truth
        for who in rng.sample(sorted(mild), 3)
    ]
    return drawn, truth, mild


def test_the_spread_of_sheets_is_told_exactly():
    found = agreement.spread([Fraction(70), Fraction(80), Fraction(84)])

    assert (found.sheets, found.lowest, found.highest, found.range) == (3, 70, 84, 14)
    assert isclose(found.deviation, sqrt(52))
    assert agreement.spread([Fraction(70)]).deviation is None
    assert agreement.spread([]) is None


def naive_alpha(table):
    """Krippendorff's definition, pair by pair."""
    rows = [[float(points) for points in row.values()] for row in table.values() if len(row) > 1]
    every = [points for row in rows for points in row]
    observed = sum(sum((a - b) ** 2 for a in row for b in row) / (len(row) - 1) for row in rows) / len(every)
    expected = sum((a - b) ** 2 for a in every for b in every) / (len(every) * (len(every) - 1))
    return 1 - observed / expected


def test_the_agreement_coefficient_is_krippendorffs():
    table = {
        "A": {"r1": 7, "r2": 8, "r3": "7.5"},
        "B": {"r1": 3, "r2": 5},
        "C": {"r2": 9, "r3": 9},
        "D": {"r1": 4},
        "E": {"r1": 6, "r2": 6, "r3": 2},
    }

    assert isclose(agreement.alpha(marks(table)), naive_alpha(table), rel_tol=1e-12)


def test_perfect_agreement_is_one_and_undefined_agreement_is_none():
    assert agreement.alpha(marks({"A": {"r1": 3, "r2": 3}, "B": {"r1": 5, "r2": 5}})) == 1
    assert agreement.alpha(marks({"A": {"r1": 3, "r2": 3}, "B": {"r1": 3, "r2": 3}})) is None
    assert agreement.alpha(marks({"A": {"r1": 3}, "B": {"r2": 5}})) is None
    assert agreement.alpha([]) is None


@pytest.mark.parametrize(
    ("coefficient", "words"),
    [
        (0.8, agreement.AGREEMENT_HIGH),
        (0.79, agreement.AGREEMENT_FAIR),
        (0.667, agreement.AGREEMENT_FAIR),
        (0.66, agreement.AGREEMENT_LOW),
        (-0.2, agreement.AGREEMENT_LOW),
        (None, agreement.AGREEMENT_UNKNOWN),
    ],
)
def test_agreement_is_told_in_words(coefficient, words):
    assert agreement.in_words(coefficient) == words


def test_leniency_is_found_on_shared_initiatives_with_its_uncertainty():
    drawn, _truth, mild = a_season()
    fitted = agreement.calibration(drawn)
    centre = sum(mild.values()) / len(mild)

    assert fitted.usable
    assert 0.4 < fitted.noise < 0.6
    assert 0.2 < fitted.severity < 0.9
    assert fitted.likelihood_ratio > agreement.CHANCE_LIMIT
    for each in fitted.reviewers:
        assert abs(each.points - (mild[each.reviewer] - centre)) < 4 * each.uncertainty
        assert abs(each.points) <= abs(each.raw) + 0.2
        assert each.shared == each.sheets


def test_who_reads_the_strong_field_does_not_look_mild():
    """Two reviewers of a strong field and two of a weak one, joined by one shared initiative, none of them mild."""
    rng = random.Random(5)  # noqa: S311 - invented data
    table = {
        **{f"strong{n}": {who: 9 + rng.gauss(0, 0.2) for who in ("a", "b")} for n in range(20)},
        **{f"weak{n}": {who: 3 + rng.gauss(0, 0.2) for who in ("c", "d")} for n in range(20)},
        "bridge": {"a": 6, "c": 6},
    }
    fitted = agreement.calibration(
        [
            Mark(code, who, Fraction(round(points * 100), 100))
            for code, row in table.items()
            for who, points in row.items()
        ]
    )

    assert all(abs(each.points) < 0.2 for each in fitted.reviewers)


def test_correction_brings_scores_nearer_to_the_truth():
    drawn, truth, _mild = a_season(initiatives=400, severity=0.33, noise=0.66, seed=3)
    fitted = agreement.calibration(drawn)
    found = list(agreement.calibrated(drawn, fitted))

    def error(values):
        differences = [values[each.initiative] - truth[each.initiative] for each in found]
        mean = sum(differences) / len(differences)
        return sqrt(sum((each - mean) ** 2 for each in differences) / len(differences))

    raw = error({each.initiative: each.raw for each in found})
    corrected = error({each.initiative: each.corrected for each in found})
    assert corrected < 0.95 * raw
    assert [each.initiative for each in found] == sorted(truth)


def doubts(drawn):
    return [str(doubt) for doubt in agreement.calibration(drawn).doubts]


def test_a_reviewer_with_few_sheets_is_a_reason_not_to_rely_on_it():
    drawn, *_ = a_season(initiatives=200)
    few = [*drawn, *marks({"S0000": {"new": 9}})]

    assert doubts(drawn) == []
    assert doubts(few) == ["A reviewer has only 1 sheets; at least 8 each are needed."]


def test_reviewers_who_share_nothing_cannot_be_compared():
    table = {f"A{n}": {"a": n % 3, "b": n % 3 + 2 - n % 2} for n in range(10)}
    other = {f"B{n}": {"c": n % 4, "d": n % 4 + 3 - n % 2} for n in range(10)}

    assert doubts(marks({**table, **other})) == [
        "The reviewers fall into 2 groups that share no initiative, so they cannot be compared."
    ]


def test_differences_that_may_be_chance_are_told_and_shrunk_to_nothing():
    drawn, *_ = a_season(initiatives=60, reviewers=6, severity=0, noise=1, seed=11)
    fitted = agreement.calibration(drawn)

    assert [str(doubt) for doubt in fitted.doubts] == ["The differences between the reviewers may be chance."]
    assert max(abs(each.points) for each in fitted.reviewers) < max(abs(each.raw) for each in fitted.reviewers)


def test_where_nobody_shares_an_initiative_nothing_is_claimed():
    fitted = agreement.calibration(marks({"A": {"r1": 3}, "B": {"r2": 5}}))

    assert [str(doubt) for doubt in fitted.doubts] == ["No initiative has two sheets, so nobody can be compared."]
    assert [(each.reviewer, each.sheets, each.shared, each.raw, each.points) for each in fitted.reviewers] == [
        ("r1", 1, 0, None, 0.0),
        ("r2", 1, 0, None, 0.0),
    ]
    assert agreement.calibration([]).reviewers == ()


def test_a_reviewer_alone_on_his_initiatives_stays_uncorrected():
    drawn = [*a_season(initiatives=60)[0], *marks({f"X{n}": {"alone": 9} for n in range(9)})]
    fitted = {each.reviewer: each for each in agreement.calibration(drawn).reviewers}

    assert (fitted["alone"].shared, fitted["alone"].raw, fitted["alone"].points) == (0, None, 0.0)


def test_perfect_agreement_needs_no_correction():
    table = {f"S{n}": {"a": n, "b": n} for n in range(9)}
    fitted = agreement.calibration(marks(table))

    assert [each.points for each in fitted.reviewers] == [0.0, 0.0]
    assert fitted.severity == 0


def test_initiatives_within_one_standard_error_of_the_line_are_named():
    results = [
        agreement.Calibrated("A", 70.5, 70, 0.6),
        agreement.Calibrated("B", 69.3, 70, 0.6),
        agreement.Calibrated("C", 69.5, 70, 0.5),
    ]

    assert [each.initiative for each in agreement.near_the_line(results, 70)] == ["A", "C"]


def test_a_decision_that_hangs_on_one_sheet_is_named():
    scorer = scoring.Scorer(a_rubric(gates=(Minimum(at_least=7000),)))
    changes = list(agreement.without_one_sheet(scorer, totals(60, 70, 80)))

    assert [(change.reviewer, change.before.passed, change.without.passed) for change in changes] == [
        ("r3", True, False)
    ]
    assert list(agreement.without_one_sheet(scorer, totals(90, 91, 92))) == []


def test_a_score_that_would_be_gone_without_one_sheet_is_named():
    scorer = scoring.Scorer(a_rubric(steps=(LeastSheets(count=2),)))

    assert [change.reviewer for change in agreement.without_one_sheet(scorer, totals(60, 70))] == ["r1", "r2"]


def dense_fit(drawn, ratio):
    """REML by the book, with full matrices: the likelihood, the reviewers' effects and their variances."""
    items = sorted({mark.initiative for mark in drawn})
    people = sorted({mark.reviewer for mark in drawn})
    y = np.array([float(mark.points) for mark in drawn])
    x = np.array([[mark.initiative == item for item in items] for mark in drawn], dtype=float)
    z = np.array([[mark.reviewer == who for who in people] for mark in drawn], dtype=float)
    v = np.eye(len(y)) + ratio * z @ z.T
    inverse = np.linalg.inv(v)
    middle = x.T @ inverse @ x
    p = inverse - inverse @ x @ np.linalg.inv(middle) @ x.T @ inverse
    freedom = len(y) - len(items)
    noise = float(y @ p @ y) / freedom
    likelihood = -0.5 * (freedom * log(noise) + np.linalg.slogdet(v)[1] + np.linalg.slogdet(middle)[1])
    effects = ratio * z.T @ p @ y
    variances = noise * np.diag(ratio * np.eye(len(people)) - ratio**2 * z.T @ p @ z)
    return likelihood, noise, dict(zip(people, zip(effects, variances, strict=True), strict=True))


def test_the_fit_is_the_one_of_the_book():
    drawn, *_ = a_season(initiatives=40, reviewers=5, severity=0.7, noise=0.5, seed=2)
    fitted = agreement.calibration(drawn)
    ratio = (fitted.severity / fitted.noise) ** 2
    likelihood, noise, effects = dense_fit(drawn, ratio)

    assert isclose(fitted.noise**2, noise, rel_tol=1e-9)
    for each in fitted.reviewers:
        effect, variance = effects[each.reviewer]
        assert isclose(each.points, effect, abs_tol=1e-9)
        assert isclose(each.uncertainty, sqrt(variance), rel_tol=1e-9)
    assert all(dense_fit(drawn, ratio * factor)[0] < likelihood for factor in (0.9, 0.99, 1.01, 1.1))
    assert isclose(fitted.likelihood_ratio, 2 * (likelihood - dense_fit(drawn, 0)[0]), rel_tol=1e-9)


def as_dossiers(drawn):
    """Made-up marks as dossiers of one criterion; a sheet is named after its dossier, not after the person."""
    rows = {}
    for mark in drawn:
        sheet = scoring.Sheet(f"{mark.initiative}-{mark.reviewer}", {"a": int(mark.points * 100)}, person=mark.reviewer)
        rows.setdefault(mark.initiative, []).append(sheet)
    return [scoring.Dossier(name, tuple(sheets)) for name, sheets in rows.items()]


CALIBRATING = a_rubric(numeric(maximum=20, step=1), steps=(Calibrate(fewest=40),))


def shifted(drawn):
    """The same marks far enough from zero and from the maximum that nothing is cut off."""
    return [replace(mark, points=mark.points + 5) for mark in drawn]


def test_a_season_measures_leniencies_in_whole_hundredths_where_the_rubric_takes_them_off():
    drawn, _truth, mild = a_season()
    season = agreement.season(scoring.Scorer(CALIBRATING), as_dossiers(shifted(drawn)))
    fitted = agreement.calibration(drawn)

    assert season.doubt is None
    assert season.leniencies == {each.reviewer: round(each.points * 100) for each in fitted.reviewers}
    mean = sum(mild.values()) / len(mild)
    assert all(isclose(season.leniencies[who] / 100, truth - mean, abs_tol=0.2) for who, truth in mild.items())


def test_with_too_few_sheets_of_anybody_nothing_is_taken_off_and_the_reason_is_kept():
    drawn, _truth, _mild = a_season(initiatives=100)
    season = agreement.season(scoring.Scorer(CALIBRATING), as_dossiers(shifted(drawn)))

    assert season.leniencies == {}
    assert str(season.doubt).startswith("A reviewer has only 3")
    assert str(season.doubt).endswith("; at least 40 each are needed.")


def test_without_the_step_no_leniency_is_measured():
    drawn, _truth, _mild = a_season(initiatives=20)

    assert agreement.season(scoring.Scorer(a_rubric(numeric(maximum=20, step=1))), as_dossiers(shifted(drawn))) == (
        scoring.Season()
    )


def test_corrected_scores_lie_nearer_to_the_truth_than_plain_means():
    drawn, truth, _mild = a_season()
    dossiers, scorer = as_dossiers(shifted(drawn)), scoring.Scorer(CALIBRATING)
    season = agreement.season(scorer, dossiers)

    def error(with_season):
        scores = {each.initiative: float(scorer.outcome(each, with_season).score) for each in dossiers}
        middle = sum(scores.values()) / len(scores) - sum(truth.values()) / len(truth)
        return sqrt(sum((scores[name] - middle - truth[name]) ** 2 for name in truth) / len(truth))

    assert error(season) < 0.9 * error(scoring.Season())


def test_two_sheets_have_a_deviation_and_a_single_shared_pair_an_agreement():
    assert isclose(agreement.spread([Fraction(70), Fraction(72)]).deviation, sqrt(2))
    assert isclose(agreement.alpha(marks({"A": {"r1": 1, "r2": 2}})), 0.0)


def test_agreement_is_found_on_the_smallest_scale_as_well():
    fine = {"A": {"r1": "0.01", "r2": "0.02"}, "B": {"r1": "0.05", "r2": "0.05"}, "C": {"r1": "0.09", "r2": "0.08"}}

    assert isclose(agreement.alpha(marks(fine)), naive_alpha(fine))


def test_where_nothing_is_shared_nothing_is_measured_at_all():
    fitted = agreement.calibration(marks({"A": {"r1": 7}, "B": {"r2": 8}}))

    assert fitted == agreement.Calibration(
        (agreement.Leniency("r1", 1, 0, None, 0.0, 0.0), agreement.Leniency("r2", 1, 0, None, 0.0, 0.0)),
        0.0,
        0.0,
        0.0,
        (sentence(agreement.NO_SHARED),),
    )


def test_exactly_the_fewest_sheets_are_enough():
    table = {f"S{n}": {"r1": 5 + n % 3, "r2": 7 + n % 3} for n in range(4)}

    assert agreement.calibration(marks(table), fewest_sheets=4).doubts == ()
    assert len(agreement.calibration(marks(table), fewest_sheets=5).doubts) == 1


def test_a_raw_difference_is_the_mean_against_the_colleagues_on_shared_initiatives():
    table = {"A": {"r1": 8, "r2": 6}, "B": {"r1": 9, "r2": 5}, "C": {"r1": 4}}
    mild, strict = agreement.calibration(marks(table)).reviewers

    assert (mild.sheets, mild.shared, mild.raw) == (3, 2, 3.0)
    assert (strict.sheets, strict.shared, strict.raw) == (2, 2, -3.0)


def test_a_corrected_mean_stands_beside_the_raw_one_with_its_error_and_strangers_are_left_as_they_are():
    fitted = agreement.Calibration((agreement.Leniency("r1", 9, 9, 1.0, 2.0, 0.1),), 3.0, 1.0, 9.0, ())
    (found,) = agreement.calibrated(marks({"A": {"r1": 8, "r2": 6, "r3": 7, "r4": 7}}), fitted)

    assert (found.raw, found.corrected, found.error) == (7.0, 6.5, 1.5)


def test_leaving_a_sheet_out_counts_the_public_vote_of_the_same_season():
    rubric = a_rubric(numeric(), after=(PublicVote(maximum=2000),), gates=(Minimum(at_least=7000),))
    dossier = totals(80, 40, votes=5)
    changes = list(agreement.without_one_sheet(scoring.Scorer(rubric), dossier, scoring.Season(10)))

    # 60 + 10 passes; without the 80 it is 40 + 10, without the 40 it stays above.
    assert [(each.initiative, each.reviewer, each.before.score, each.without.score) for each in changes] == [
        ("X", "r1", 70, 50)
    ]


def test_a_season_counts_votes_with_and_without_leniency():
    voting = (PublicVote(maximum=2000),)
    dossiers = [totals(80, votes=7), totals(80, votes=9, initiative="Y")]

    for steps in ((), (Calibrate(),)):
        scorer = scoring.Scorer(a_rubric(numeric(), steps=steps, after=voting))
        assert agreement.season(scorer, dossiers).highest_votes == 9


def test_a_raw_difference_among_three_is_against_the_mean_of_the_other_two():
    table = {name: {"r1": 9, "r2": 6, "r3": 3} for name in "ABCD"}

    assert [each.raw for each in agreement.calibration(marks(table)).reviewers] == [4.5, 0.0, -4.5]


def test_reviewers_who_do_not_differ_have_no_severity_and_no_likelihood_of_any():
    table = {"A": {"r1": 8, "r2": 6}, "B": {"r1": 6, "r2": 8}, "C": {"r1": 5, "r2": 5}}
    fitted = agreement.calibration(marks(table))

    assert (fitted.severity, fitted.likelihood_ratio) == (0.0, 0.0)


def test_marks_that_differ_by_severity_alone_leave_no_noise():
    table = {f"S{n}": {"r1": n + 2, "r2": n, "r3": n + 1} for n in range(12)}
    fitted = agreement.calibration(marks(table))

    assert fitted.noise < 0.02
    assert [round(each.points, 3) for each in fitted.reviewers] == [1.0, -1.0, 0.0]
