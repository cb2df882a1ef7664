"""From dossier to outcome: floors, gates, classes, ranks, ties, refusals, the explanation."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from evaluator.core.errors import Invalid
from evaluator.rules import rubric_document, scoring
from evaluator.rules.fields import Unreadable
from evaluator.rules.procedure import (
    AnyOf,
    Class,
    Combine,
    CouncilVote,
    EarlierDate,
    FewLow,
    HigherMean,
    HigherSheet,
    LeastSheets,
    Lot,
    Middle,
    Minimum,
    PublicVote,
    SetAside,
)
from evaluator.rules.rubric import Category, Choice, Comment, Group, Option
from tests.rubric_builder import a_rubric, numeric, outcome, sheet, totals


def gates(result):
    return [(gate.gate, gate.value, gate.needed, gate.met, gate.decides) for gate in result.gates]


def test_a_floor_looks_at_the_mean_of_the_counted_sheets():
    rubric = a_rubric(numeric("a", 20, floor=1000))

    assert outcome(rubric, sheet("r1", a=11), sheet("r2", a=9)).passed
    missed = outcome(rubric, sheet("r1", a=11), sheet("r2", a=8))
    assert not missed.passed
    assert gates(missed) == [("a", Fraction("9.5"), 10, False, True)]


def test_a_floor_that_does_not_kill_is_told_but_does_not_decide():
    result = outcome(a_rubric(numeric("a", 20, floor=1000, kills=False)), sheet(a=5))

    assert result.passed
    assert gates(result) == [("a", 5, 10, False, False)]


def test_a_mean_at_a_gate_is_rounded_the_way_the_score_is():
    rubric = a_rubric(numeric("a", 30, step=1, floor=2000))
    sheets = [sheet("r1", a="19.99"), sheet("r2", a="20"), sheet("r3", a="20")]

    assert gates(outcome(rubric, *sheets)) == [("a", 20, 20, True, True)]
    exact = outcome(replace(rubric, steps=(Combine(),)), *sheets)
    assert gates(exact) == [("a", Fraction(5999, 300), 20, False, True)]


def test_the_floor_of_a_group_looks_at_the_mean_of_its_sum():
    rubric = a_rubric(
        numeric("a", 20, group="g"),
        numeric("b", 20, group="g"),
        numeric("c", 60),
        Comment(key="d", label="D", group="g"),
        groups=(Group(key="g", label="Nhóm", floor=2000),),
    )

    result = outcome(rubric, sheet("r1", a=12, b=10, c=60, d="…"), sheet("r2", a=10, b=8, c=60, d="…"))
    assert gates(result) == [("g", 20, 20, True, True)]
    assert result.groups == (("g", Fraction(20)),)
    assert result.criteria == (("a", Fraction(11)), ("b", Fraction(9)), ("c", Fraction(60)))


def test_the_threshold_depends_on_the_authors_category():
    rubric = a_rubric(
        categories=(Category(key="worker", label="Công nhân"),),
        gates=(Minimum(at_least=8000, by_category=(("worker", 6000),)),),
    )

    assert not outcome(rubric, totals(70)).passed
    assert outcome(rubric, totals(70, category="worker")).passed
    assert not outcome(rubric, totals("59.99", category="worker")).passed
    assert not outcome(rubric, totals(70, category="unheard of")).passed


def test_no_criterion_may_get_zero_from_more_than_a_third_of_the_sheets():
    rubric = a_rubric(
        numeric("a", 10), numeric("b", 10), Comment(key="c", label="C"), gates=(FewLow(share=Fraction(1, 3)),)
    )

    def with_zeros(number):
        sheets = [sheet(f"r{n}", a=5, b=0 if n < number else 5, c="…") for n in range(6)]
        return outcome(rubric, *sheets)

    assert with_zeros(2).passed
    assert not with_zeros(3).passed
    assert gates(with_zeros(3)) == [("gates[0]", Fraction(1, 2), Fraction(1, 3), False, True)]
    assert with_zeros(3).gates[0].label == "Criterion b"


def test_low_points_may_be_looked_for_on_some_criteria_only():
    rubric = a_rubric(numeric("a", 10), numeric("b", 10), gates=(FewLow(share=Fraction(0), points=200, of=("a",)),))

    assert outcome(rubric, sheet(a=3, b=0)).passed
    assert not outcome(rubric, sheet(a=2, b=9)).passed


def test_one_of_several_gates_is_enough():
    either = AnyOf(label="Một trong hai", gates=(Minimum(of="a", at_least=500), Minimum(of="b", at_least=500)))
    rubric = a_rubric(numeric("a", 10), numeric("b", 10), gates=(either,))

    met, missed = outcome(rubric, sheet(a=0, b=5)), outcome(rubric, sheet(a=4, b=4))
    assert gates(met) == [("gates[0]", 1, 1, True, True)]
    assert [(gate.gate, gate.met, gate.decides) for gate in met.gates[0].alternatives] == [
        ("a", False, False),
        ("b", True, False),
    ]
    assert not missed.passed


ENTRY = Choice(
    key="entry",
    label="Chưa được giải ở cuộc thi khác",
    options=(Option(key="yes", label="Đúng", points=0), Option(key="no", label="Sai", points=0, kills=True)),
)


@pytest.mark.parametrize(("answers", "passed"), [(("yes", "no"), True), (("no", "no", "yes"), False), (("yes",), True)])
def test_a_killing_option_ends_it_when_more_than_half_choose_it(answers, passed):
    rubric = a_rubric(numeric("a"), ENTRY, Choice(key="x", label="X", options=(Option(key="o", label="O", points=0),)))

    result = outcome(rubric, *(sheet(f"r{n}", a=90, entry=answer, x="o") for n, answer in enumerate(answers)))
    assert result.passed is passed
    assert [gate.gate for gate in result.gates] == ["entry"]


CLASSES = (
    Class(key="a", label="Loại A", at_least=8000, gates=(Minimum(of="a", at_least=5000),)),
    Class(key="b", label="Loại B", at_least=6500, below=9000),
    Class(key="c", label="Loại C", at_least=0, below=6500, passes=False),
)


@pytest.mark.parametrize(
    ("a", "b", "given", "passed"),
    [
        (50, 30, "a", True),
        (50, "29.99", "b", True),
        (49, 40, "b", True),
        (49, 41, "", False),  # misses the gate of A, and B ends below 90
        (35, 30, "b", True),
        (35, "29.99", "c", False),
        (0, 0, "c", False),
    ],
)
def test_the_class_is_the_best_whose_interval_and_gates_fit(a, b, given, passed):
    result = outcome(a_rubric(numeric("a", 60, step=1), numeric("b", 60, step=1), classes=CLASSES), sheet(a=a, b=b))

    assert (result.class_key, result.passed) == (given, passed)


def test_the_gates_of_a_class_are_told_without_deciding_alone():
    result = outcome(a_rubric(numeric("a", 60), numeric("b", 60), classes=CLASSES), sheet(a=49, b=40))

    assert [(gate.gate, gate.for_class, gate.met, gate.decides) for gate in result.gates] == [
        ("a", "Loại A", False, False)
    ]


def test_who_is_killed_by_a_gate_gets_the_last_failing_class_or_none():
    rubric = a_rubric(numeric("a", 60, floor=1000), numeric("b", 60), classes=CLASSES)
    killed = sheet(a=9, b=60)

    assert (outcome(rubric, killed).class_key, outcome(rubric, killed).passed) == ("c", False)
    no_failing = replace(rubric, classes=CLASSES[:2])
    assert outcome(no_failing, killed).class_key == ""
    assert outcome(replace(rubric, classes=()), killed).class_key == ""


def ranks(rubric, *dossiers):
    scorer = scoring.Scorer(rubric)
    found = scoring.ranked(rubric, scorer.outcomes(dossiers, scorer.season(dossiers)))
    return [(each.initiative, each.rank, each.tied, str(each.broken_by or "")) for each in found]


def test_dossiers_are_ranked_best_first_and_equals_share_a_rank():
    assert ranks(
        a_rubric(),
        totals(70, initiative="A"),
        totals(90, initiative="B"),
        totals(90, initiative="C"),
        totals(80, initiative="D"),
    ) == [("B", 1, True, ""), ("C", 1, True, ""), ("D", 3, False, ""), ("A", 4, False, "")]


def test_who_passes_stands_before_who_does_not_and_who_has_no_score_has_no_rank():
    rubric = a_rubric(numeric("a", 60, floor=2000), numeric("b", 60), steps=(LeastSheets(count=1),))

    found = ranks(
        rubric,
        scoring.Dossier("none", ()),
        scoring.Dossier("killed", (sheet(a=10, b=60),)),
        scoring.Dossier("low", (sheet(a=20, b=0),)),
    )
    assert [(name, rank) for name, rank, *_ in found] == [("low", 1), ("killed", 2), ("none", None)]


def test_a_tie_is_broken_by_the_first_rule_that_can():
    rubric = a_rubric(
        numeric("a", 50),
        numeric("b", 50),
        steps=(SetAside(role="chair"),),
        ties=(HigherMean(of="a"), HigherSheet(), EarlierDate(), CouncilVote(), Lot(seed="2026")),
    )

    def dossier(name, a, chair=0, day=1, votes=0):
        sheets = (sheet("r1", a=a, b=50 - a), sheet("r2", role="chair", a=25, b=chair))
        return scoring.Dossier(name, sheets, submitted_on=date(2026, 8, day), council_votes=votes)

    assert ranks(
        rubric,
        dossier("A", 20),
        dossier("B", 30),
        dossier("C", 20, chair=10),
        dossier("D", 20, day=2),
        dossier("E", 20, votes=5),
    ) == [
        ("B", 1, False, "Equal scores: the higher mean of “Criterion a” goes first (30)."),
        ("C", 2, False, "Equal scores: the higher sheet of the role “chair” goes first (35)."),
        ("E", 3, False, "Equal scores: more votes of the council go first (5)."),
        ("A", 4, False, "Equal scores: more votes of the council go first (0)."),
        ("D", 5, False, "Equal scores: the dossier handed in earlier goes first."),
    ]


def test_a_rule_is_skipped_where_one_of_the_equals_lacks_what_it_looks_at():
    rubric = a_rubric(ties=(HigherSheet(), EarlierDate(), CouncilVote()))
    chair = totals(80, roles={1: "chair"}, initiative="A", submitted_on=date(2026, 8, 2), council_votes=1)

    assert ranks(rubric, chair, totals(80, initiative="B", submitted_on=date(2026, 8, 1))) == [
        ("B", 1, False, "Equal scores: the dossier handed in earlier goes first."),
        ("A", 2, False, "Equal scores: the dossier handed in earlier goes first."),
    ]
    assert ranks(rubric, chair, totals(80, initiative="B")) == [("A", 1, True, ""), ("B", 1, True, "")]


def test_the_lot_is_drawn_from_the_published_seed_and_can_be_drawn_again():
    dossiers = [totals(80, initiative=f"S{number}") for number in range(6)]

    def order(seed):
        return [name for name, *_ in ranks(a_rubric(ties=(Lot(seed=seed),)), *dossiers)]

    assert order("2026") == order("2026")
    assert sorted(order("2026")) == sorted(order("2027"))
    assert order("2026") != order("2027")
    assert ranks(a_rubric(ties=(Lot(seed="2026"),)), *dossiers)[0][2:] == (
        False,
        "Equal scores: the lot decides, drawn from the published seed “2026”.",
    )


def test_the_season_knows_the_most_public_votes():
    rubric = a_rubric(numeric(maximum=80), after=(PublicVote(maximum=2000),))
    dossiers = [totals(60, votes=5), totals(60, votes=None), totals(60, votes=9)]

    assert scoring.Scorer(rubric).season(dossiers) == scoring.Season(9)
    assert scoring.Scorer(rubric).season([]) == scoring.Season(0)
    assert scoring.Scorer(a_rubric()).season(dossiers) == scoring.Season(0)


def refusals(dossier, rubric=None):
    with pytest.raises(Invalid) as caught:
        outcome(rubric or a_rubric(numeric("a"), numeric("b")), dossier)
    return {place: [str(why) for why in each] for place, each in caught.value.fields.items()}


@pytest.mark.parametrize(
    ("points", "place", "why"),
    [
        ({"a": 100}, "X / r1 / b", "This criterion has not been marked yet. Mark it."),
        ({"a": 100, "b": 10100}, "X / r1 / b", "Give from 0 to 100 points."),
        ({"a": 100, "b": 150}, "X / r1 / b", "Points go in steps of 1."),
        ({"a": 100, "b": "good"}, "X / r1 / b", "Give a number of points."),
        ({"a": 100, "b": float("nan")}, "X / r1 / b", "Give a number of points."),
        ({"a": 100, "b": 100, "c": 1}, "X / r1 / c", "The rubric of this round has no such criterion. Take it out."),
    ],
)
def test_a_wrong_sheet_is_named_and_nothing_is_scored(points, place, why):
    assert refusals(scoring.Dossier("X", (scoring.Sheet("r1", points), sheet("r2", a=1, b=1)))) == {place: [why]}


def test_two_sheets_of_one_reviewer_are_refused():
    assert refusals(scoring.Dossier("X", (sheet("r1", a=1, b=1), sheet("r1", a=2, b=2)))) == {
        "X / r1": ["There are two sheets of this reviewer for one dossier. Keep one."]
    }


def test_a_sheet_of_another_rubric_is_refused_and_one_of_this_rubric_is_taken():
    rubric = a_rubric()
    other = scoring.Dossier("X", (scoring.Sheet("r1", {"a": 100}, rubric="0" * 64),))
    same = scoring.Dossier("X", (scoring.Sheet("r1", {"a": 100}, rubric=rubric_document.digest(rubric)),))

    assert refusals(other, rubric) == {
        "X / r1": ["This sheet was filled in under another version of the rubric. Have it filled in again."]
    }
    assert outcome(rubric, same).score == 1


@pytest.mark.parametrize("facts", [{"votes": -1}, {"council_votes": -1}])
def test_a_number_of_votes_below_zero_is_refused(facts):
    assert refusals(totals(80, **facts), a_rubric()) == {"X": ["A number of votes cannot be below zero."]}


def test_a_rubric_with_mistakes_scores_nothing():
    with pytest.raises(Unreadable) as caught:
        scoring.Scorer(replace(a_rubric(), steps=()))
    assert [problem.place for problem in caught.value.problems] == ["steps"]


def lines(rubric, result, **more):
    return [(line.part.value, str(line.text)) for line in scoring.explain(rubric, result, **more)]


PASS = Class(key="p", label="Đạt", at_least=7000)
EXPLAINED = a_rubric(numeric("a", 50, floor=2000, kills=False), numeric("b", 50), classes=(PASS,))


def test_the_explanation_carries_every_number_to_the_rank():
    result = outcome(EXPLAINED, sheet("lan", a=40, b=40), sheet("minh", a=20, b=41))
    (placed,) = scoring.ranked(EXPLAINED, [result])

    assert lines(EXPLAINED, placed, names={"lan": "Bà Lan"}) == [
        ("sheet", "Sheet of Bà Lan: 80 points."),
        ("criterion", "Criterion a: 40 points."),
        ("criterion", "Criterion b: 40 points."),
        ("sheet", "Sheet of minh: 61 points."),
        ("criterion", "Criterion a: 20 points."),
        ("criterion", "Criterion b: 41 points."),
        ("step", "Mean of 61 · 80: 70.5."),
        ("step", "Rounded half up to 2 decimals: 70.50."),
        ("summand", "Criterion a, mean of the counted sheets: 30 points."),
        ("summand", "Criterion b, mean of the counted sheets: 40.5 points."),
        ("score", "Score: 70.5 points."),
        ("gate", "Criterion a: 30, at least 20 needed: met. This alone does not decide."),
        ("result", "Result: “Đạt”."),
        ("result", "The conditions are met."),
        ("rank", "Rank 1."),
    ]


def test_the_author_sees_numbered_sheets_and_no_names():
    result = outcome(EXPLAINED, sheet("lan", a=20, b=20), sheet("minh", a=40, b=40))
    told = " ".join(text for _part, text in lines(EXPLAINED, result, audience=scoring.Audience.AUTHOR))

    assert told.startswith("Sheet 1: 80 points. Criterion a: 40 points.")
    assert "Sheet 2: 40 points." in told
    assert "lan" not in told
    assert "minh" not in told


def test_a_dropped_sheet_carries_its_reason_for_both_readers():
    rubric = a_rubric(steps=(SetAside(role="chair"),))
    result = outcome(rubric, sheet("lan", role="chair", a=20), sheet("minh", a=40))

    assert ("sheet", "Sheet of lan: 20 points — set aside: this role does not make the score.") in lines(rubric, result)
    assert ("sheet", "Sheet 2: 20 points — set aside: this role does not make the score.") in lines(
        rubric, result, audience=scoring.Audience.AUTHOR
    )


def test_an_outcome_without_score_ends_with_the_reason():
    rubric = a_rubric(steps=(LeastSheets(count=2),), classes=CLASSES)
    assert lines(rubric, outcome(rubric, totals(80)))[-1] == (
        "score",
        "There is no score: Only 1 sheets count, but 2 are needed. Ask for another sheet.",
    )


def test_each_kind_of_gate_is_told_in_its_own_words():
    rubric = a_rubric(
        numeric("a", 10),
        numeric("b", 10),
        gates=(
            Minimum(at_least=1500),
            FewLow(share=Fraction(1, 3)),
            AnyOf(label="Một trong hai", gates=(Minimum(of="a", at_least=500), Minimum(of="b", at_least=500))),
        ),
        classes=(Class(key="p", label="Đạt", at_least=0, gates=(Minimum(of="a", at_least=900),)),),
    )

    def told(result):
        return [text for part, text in lines(rubric, result) if part in {"gate", "result"}]

    assert told(outcome(rubric, sheet(a=10, b=10))) == [
        "Score: 20, at least 15 needed: met.",
        "Criterion a: a share of 0, at most 0.33 (1/3) allowed: met.",
        "Một trong hai: 2 of the alternatives are met; one is enough.",
        "For “Đạt”: Criterion a: 10, at least 9 needed: met.",
        "Result: “Đạt”.",
        "The conditions are met.",
    ]
    assert told(outcome(rubric, sheet(a=0, b=0))) == [
        "Score: 0, at least 15 needed: not met.",
        "Criterion a: a share of 1, at most 0.33 (1/3) allowed: not met.",
        "Một trong hai: none of the alternatives is met.",
        "Result: no class.",
        "The conditions are not met.",
    ]


def test_a_shared_rank_and_a_broken_tie_are_told():
    rubric = a_rubric(ties=(EarlierDate(),))
    scorer = scoring.Scorer(rubric)
    early, late = (totals(80, initiative=name, submitted_on=date(2026, 8, day)) for name, day in (("A", 1), ("B", 2)))
    broken = scoring.ranked(rubric, scorer.outcomes([early, late]))
    shared = scoring.ranked(rubric, scorer.outcomes([early, replace(early, initiative="C")]))

    assert lines(rubric, broken[0])[-2:] == [
        ("rank", "Rank 1."),
        ("rank", "Equal scores: the dossier handed in earlier goes first."),
    ]
    assert lines(rubric, shared[1])[-1] == (
        "rank",
        "Rank 1, shared with others: nothing in the rules tells them apart.",
    )


def test_what_a_step_adds_stands_among_the_summands():
    rubric = a_rubric(numeric("a", 50), numeric("b", 50), combine=Combine(by=Middle.MEDIAN))
    result = outcome(rubric, sheet("r1", a=50, b=50), sheet("r2", a=10, b=10), sheet("r3", a=20, b=10))
    amounts = [line.amount for line in scoring.explain(rubric, result) if line.part is scoring.Part.SUMMAND]

    assert amounts == [Fraction(80, 3), Fraction(70, 3), Fraction(-20)]
    assert sum(amounts) == result.score == 30


def test_a_sum_of_sheets_is_explained_by_sums():
    rubric = a_rubric(numeric("a", 50), numeric("b", 50), combine=Combine(by=Middle.SUM))
    result = outcome(rubric, sheet("r1", a=50, b=40), sheet("r2", a=10, b=10))
    amounts = [line.amount for line in scoring.explain(rubric, result) if line.part is scoring.Part.SUMMAND]

    assert amounts == [60, 50]


def test_the_document_of_an_outcome_has_numbers_always_and_words_if_asked():
    rubric = a_rubric(numeric("a", floor=1000), steps=(LeastSheets(count=1),), classes=(PASS,))
    result = outcome(rubric, sheet("r1", a=80), sheet("r2", a=81), sheet("r3", a=81))
    plain, told = scoring.document(result), scoring.document(result, str)

    assert plain == {
        "initiative": "X",
        "sheets": [
            {"reviewer": "r1", "total": "80.00", "counted": "80.00", "weight": "1", "used": True},
            {"reviewer": "r2", "total": "81.00", "counted": "81.00", "weight": "1", "used": True},
            {"reviewer": "r3", "total": "81.00", "counted": "81.00", "weight": "1", "used": True},
        ],
        "steps": [
            {"step": "least-sheets", "adds": "0.00", "score": None, "reviewers": []},
            {"step": "combine", "adds": "0.00", "score": "242/3", "reviewers": []},
            {"step": "round", "adds": "1/300", "score": "80.67", "reviewers": []},
        ],
        "criteria": {"a": "242/3"},
        "groups": {},
        "score": "80.67",
        "class": "p",
        "passed": True,
        "gates": [
            {
                "gate": "a",
                "label": "Criterion a",
                "value": "80.67",
                "needed": "10.00",
                "met": True,
                "decides": True,
                "at_most": False,
                "for_class": "",
                "alternatives": [],
            },
        ],
        "asks_for_another_sheet": False,
        "rank": None,
        "tied": False,
    }
    assert told["sheets"][0]["why"] == ""
    assert told["steps"][0]["text"] == "3 sheets count; at least 1 are needed."
    assert (told["flags"], told["unscored"], told["tie_broken_by"]) == ([], "", "")


def test_the_document_of_an_outcome_without_score_tells_why():
    rubric = a_rubric(steps=(SetAside(role="chair"), LeastSheets(count=1)), ties=(Lot(seed="1"),))
    told = scoring.document(outcome(rubric, sheet(role="chair", a=80)), str)

    assert (told["score"], told["class"], told["rank"]) == (None, None, None)
    assert told["unscored"] == "Only 0 sheets count, but 1 are needed. Ask for another sheet."
    assert told["flags"] == [told["unscored"]]
    assert told["sheets"][0]["why"] == "set aside: this role does not make the score"
    two = scoring.ranked(
        rubric, scoring.Scorer(rubric).outcomes([totals(80, initiative="A"), totals(80, initiative="B")])
    )
    assert scoring.document(two[0], str)["tie_broken_by"].startswith("Equal scores: the lot decides")


def test_a_first_that_is_not_clearly_ahead_calls_for_a_second_round():
    rubric = a_rubric(gates=(Minimum(at_least=1000),), clear_lead=100)

    def race(*points):
        dossiers = [totals(total, initiative=f"S{number}") for number, total in enumerate(points)]
        keys = [scoring.key_of(each) for each in scoring.Scorer(rubric).outcomes(dossiers)]
        return str(scoring.close_race(rubric, keys) or "")

    assert race(80, "79.01", 9) == "The first is 0.99 points ahead, but 1 are needed: hold a second round."
    assert race(79, 80, 9) == ""
    assert race(80, 9) == ""
    assert scoring.close_race(a_rubric(), []) is None
