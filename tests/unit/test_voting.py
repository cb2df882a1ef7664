"""Verdicts on items at their edges, by the council's own cases (voting digest part 5, domain 11.I)."""

import tomllib
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from evaluator.core.errors import Invalid
from evaluator.rules.vote_rule import Base, Compare, Method, Quorum, Share, Tie, VoteRule, from_document
from evaluator.rules.voting import (
    Attendance,
    Counts,
    PaperTotals,
    Verdict,
    decide,
    paper_problems,
    percentage,
    problems_with,
)

TWO_THIRDS_OF_ALL = VoteRule(share=Share(Fraction(2, 3), Base.MEMBERS))
SEVEN = Attendance(members=7, present=7)
PRESETS = sorted(Path("rubrics/votes").glob("*.toml"))


def rule(fraction: tuple[int, int], base: Base, compare: Compare = Compare.AT_LEAST, **more) -> VoteRule:
    return VoteRule(share=Share(Fraction(*fraction), base, compare), **more)


def preset(name: str) -> VoteRule:
    return VoteRule.from_document(tomllib.loads(Path(f"rubrics/votes/{name}.toml").read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    ("fraction", "compare", "needed"),
    [
        ((1, 2), Compare.MORE_THAN, {5: 3, 6: 4, 7: 4, 8: 5, 9: 5, 10: 6, 11: 6, 12: 7, 13: 7, 15: 8, 32: 17}),
        ((2, 3), Compare.AT_LEAST, {5: 4, 6: 4, 7: 5, 8: 6, 9: 6, 10: 7, 11: 8, 12: 8, 13: 9, 15: 10, 32: 22}),
        ((2, 3), Compare.MORE_THAN, {5: 4, 6: 5, 7: 5, 8: 6, 9: 7, 10: 7, 11: 8, 12: 9, 13: 9, 15: 11, 32: 22}),
        ((3, 4), Compare.AT_LEAST, {5: 4, 6: 5, 7: 6, 8: 6, 9: 7, 10: 8, 11: 9, 12: 9, 13: 10, 15: 12, 32: 24}),
    ],
)
def test_a_share_needs_what_the_table_of_the_digest_says(fraction, compare, needed):
    share = Share(Fraction(*fraction), Base.MEMBERS, compare)
    assert {base: share.needed(base) for base in needed} == needed


@pytest.mark.parametrize(("yes", "verdict"), [(4, Verdict.FAILED), (5, Verdict.PASSED), (6, Verdict.PASSED)])
def test_circular_18_passes_seven_members_from_five(yes, verdict):
    outcome = decide(preset("circular-18"), Counts("a", yes=yes, no=7 - yes), Attendance(7, 7))
    assert (outcome.verdict, outcome.base, outcome.needed, outcome.votes_for) == (verdict, 7, 5, yes)


@pytest.mark.parametrize(("yes", "verdict"), [(5, Verdict.FAILED), (6, Verdict.FAILED), (7, Verdict.PASSED)])
def test_circular_33_wants_more_than_three_quarters_of_eight_present(yes, verdict):
    there = Attendance(9, 8, frozenset({"vice", "critic"}))
    assert decide(preset("circular-33"), Counts("a", yes=yes, no=8 - yes), there).verdict is verdict


@pytest.mark.parametrize(
    ("base", "number", "needed", "verdict"),
    [
        (Base.MEMBERS, 7, 5, Verdict.FAILED),
        (Base.MEMBERS_ENTITLED, 5, 4, Verdict.PASSED),
        (Base.PRESENT, 4, 3, Verdict.PASSED),
        (Base.RETURNED, 4, 3, Verdict.PASSED),
        (Base.VALID, 4, 3, Verdict.PASSED),
        (Base.YES_NO, 4, 3, Verdict.PASSED),
    ],
)
def test_seven_members_two_recused_four_present_all_for_depends_on_the_base(base, number, needed, verdict):
    outcome = decide(rule((2, 3), base), Counts("a", yes=4, recused=2), Attendance(7, 4))
    assert (outcome.base, outcome.needed, outcome.verdict) == (number, needed, verdict)


@pytest.mark.parametrize(
    ("base", "fraction", "compare", "verdict"),
    [
        (Base.YES_NO, (2, 3), Compare.AT_LEAST, Verdict.PASSED),
        (Base.YES_NO, (2, 3), Compare.MORE_THAN, Verdict.FAILED),
        (Base.PRESENT, (1, 2), Compare.AT_LEAST, Verdict.PASSED),
        (Base.PRESENT, (1, 2), Compare.MORE_THAN, Verdict.FAILED),
    ],
)
def test_thirty_for_fifteen_against_fifteen_abstaining_sits_exactly_at_the_threshold(base, fraction, compare, verdict):
    counts = Counts("a", yes=30, no=15, abstain=15)
    assert decide(rule(fraction, base, compare), counts, Attendance(60, 60)).verdict is verdict


def test_threshold_and_minimum_of_yes_hold_at_once():
    counts, there = Counts("a", yes=2, no=1, abstain=10), Attendance(13, 13)
    two_thirds = rule((2, 3), Base.YES_NO)
    both = replace(two_thirds, min_yes=Share(Fraction(1, 2), Base.PRESENT, Compare.MORE_THAN))
    assert decide(two_thirds, counts, there).verdict is Verdict.PASSED
    assert (decide(both, counts, there).verdict, decide(both, counts, there).needed) == (Verdict.FAILED, 7)
    assert decide(replace(two_thirds, min_yes=3), counts, there).needed == 3


def test_the_bundestag_of_6_may_2025_rejects_by_all_members_and_passes_by_votes_cast():
    counts, there = Counts("chancellor", yes=310, no=307, abstain=3, invalid=1), Attendance(630, 621)
    half = (1, 2), Compare.MORE_THAN
    all_members = decide(rule(half[0], Base.MEMBERS, half[1]), counts, there)
    assert (all_members.verdict, all_members.needed) == (Verdict.FAILED, 316)
    assert decide(rule(half[0], Base.YES_NO, half[1]), counts, there).verdict is Verdict.PASSED


def test_roberts_rules_keep_illegal_papers_in_the_base_and_blank_ones_out():
    counts = Counts("a", yes=41, no=30, blank=4, invalid=10)
    blanks_out = rule((1, 2), Base.RETURNED, Compare.MORE_THAN)
    valid = rule((1, 2), Base.VALID, Compare.MORE_THAN)
    there = Attendance(85, 85)
    assert decide(blanks_out, counts, there).base == 85
    assert decide(valid, counts, there).base == 71
    assert decide(replace(valid, blank_is_valid=True), counts, there).base == 75


def test_without_a_quorum_there_is_no_decision_and_never_a_rejection():
    quorum = (Quorum(Share(Fraction(2, 3), Base.MEMBERS), (("chair", "vice"), ("secretary",))),)
    with_quorum = rule((2, 3), Base.PRESENT, quorums=quorum)
    everyone = frozenset({"chair", "secretary"})
    four, five = Counts("a", yes=4), Counts("a", yes=5)
    assert decide(with_quorum, four, Attendance(7, 4, everyone)).verdict is Verdict.NO_DECISION
    assert decide(with_quorum, five, Attendance(7, 5, everyone)).verdict is Verdict.PASSED
    assert decide(with_quorum, five, Attendance(7, 5, frozenset({"vice", "secretary"}))).verdict is Verdict.PASSED
    without_secretary = decide(with_quorum, five, Attendance(7, 5, frozenset({"chair"})))
    assert without_secretary.verdict is Verdict.NO_DECISION
    assert [str(said) for said in without_secretary.why] == ["No quorum: the secretary of the council must be present."]
    assert decide(with_quorum, five, Attendance(7, 5)).verdict is Verdict.NO_DECISION, (
        "nobody said which roles are there"
    )
    assert decide(with_quorum, Counts("a", yes=7), Attendance(7, 7)).verdict is Verdict.PASSED


@pytest.mark.parametrize(
    ("of", "counts", "there"),
    [
        (Base.MEMBERS_ENTITLED, Counts("a", yes=3, recused=2), Attendance(7, 3)),
        (Base.PRESENT, Counts("a", yes=4), Attendance(7, 7)),
        (Base.RETURNED, Counts("a", yes=4), Attendance(7, 7)),
    ],
)
def test_each_kind_of_quorum_counts_its_own(of, counts, there):
    quorum = (Quorum(Share(Fraction(2, 3), of)),)
    assert decide(rule((1, 2), Base.YES_NO, quorums=quorum), counts, there).verdict is Verdict.NO_DECISION
    enough = replace(counts, yes=counts.yes + 1)
    assert (
        decide(rule((1, 2), Base.YES_NO, quorums=quorum), enough, replace(there, present=max(4, there.present))).verdict
        is Verdict.PASSED
    )


@pytest.mark.parametrize(
    ("counts", "there", "base"),
    [
        (Counts("a"), SEVEN, Base.MEMBERS),
        (Counts("a", recused=1), Attendance(1, 1), Base.MEMBERS),
        (Counts("a", invalid=7), SEVEN, Base.VALID),
        (Counts("a", abstain=7), SEVEN, Base.YES_NO),
    ],
)
def test_nobody_voting_or_nothing_to_count_against_is_no_decision(counts, there, base):
    assert decide(rule((2, 3), base), counts, there).verdict is Verdict.NO_DECISION


def test_all_papers_invalid_fail_when_the_base_is_the_papers_returned():
    assert decide(rule((1, 2), Base.RETURNED), Counts("a", invalid=7), SEVEN).verdict is Verdict.FAILED


@pytest.mark.parametrize(
    ("chair_casts", "casting", "verdict"),
    [
        (False, "yes", Verdict.FAILED),
        (True, None, Verdict.FAILED),
        (True, "yes", Verdict.PASSED),
        (True, "no", Verdict.FAILED),
    ],
)
def test_the_chair_breaks_a_tie_only_where_the_rule_says_so(chair_casts, casting, verdict):
    half = rule((1, 2), Base.YES_NO, Compare.MORE_THAN, chair_casts=chair_casts)
    assert decide(half, Counts("a", yes=3, no=3, casting=casting), SEVEN).verdict is verdict


@pytest.mark.parametrize(
    ("yes", "no", "verdict"),
    [(16, 4, Verdict.PASSED), (12, 8, Verdict.PASSED), (11, 9, Verdict.NO_DECISION), (5, 15, Verdict.FAILED)],
)
def test_a_surplus_of_papers_counts_only_when_the_margin_exceeds_it(yes, no, verdict):
    counts = Counts("a", yes=yes, no=no, issued=17)
    assert decide(rule((1, 2), Base.RETURNED, Compare.MORE_THAN), counts, Attendance(20, 20)).verdict is verdict


@pytest.mark.parametrize(
    ("counts", "there", "said"),
    [
        (Counts("a", yes=-1), SEVEN, "A count is below zero; correct it."),
        (Counts("a"), Attendance(7, 8), "8 present, but the council has only 7 members; correct one of the two."),
        (Counts("a", recused=8), SEVEN, "8 recused, but the council has only 7 members; correct one of the two."),
        (Counts("a", yes=5, returned=6), SEVEN, "6 ballots returned, but the votes add up to 5; count again."),
        (
            Counts("a", yes=6, recused=2),
            SEVEN,
            "6 votes, but only 5 members may vote on this item; correct one of the two.",
        ),
    ],
)
def test_impossible_numbers_are_named(counts, there, said):
    assert said in [str(problem) for problem in problems_with(TWO_THIRDS_OF_ALL, counts, there)]


def test_more_votes_than_people_present_are_named_when_they_are_the_base():
    problems = problems_with(rule((1, 2), Base.PRESENT), Counts("a", yes=5), Attendance(7, 4))
    assert [str(each) for each in problems] == ["5 votes, but only 4 members are present; correct one of the two."]


GOOD = PaperTotals(issued=9, returned=8, valid=7, invalid=1, yes=5, no=1, abstain=1, causes={"unclear": 1})


def test_paper_totals_that_add_up_have_no_problem():
    assert paper_problems(GOOD, entitled=9) == {}


@pytest.mark.parametrize(
    ("changed", "fields"),
    [
        ({"issued": 10}, ["issued"]),
        ({"issued": 7}, ["returned"]),
        ({"invalid": 2, "causes": {}}, ["invalid"]),
        ({"yes": 6}, ["valid"]),
        ({"causes": {"unclear": 2}}, ["causes"]),
        ({"no": -1, "yes": 7}, ["no"]),
    ],
)
def test_paper_totals_that_do_not_add_up_are_refused_at_their_field(changed, fields):
    assert list(paper_problems(replace(GOOD, **changed), entitled=9)) == fields


def test_a_percentage_is_rounded_half_up_once_in_hundredths():
    assert [percentage(5, 7), percentage(2, 3), percentage(1, 8), percentage(1, 16), percentage(0, 0)] == [
        7143,
        6667,
        1250,
        625,
        0,
    ]
    assert percentage(1, 32) == 313  # 3,125 % is 3,13 %


@pytest.mark.parametrize("path", PRESETS, ids=lambda path: path.stem)
def test_every_preset_reads_and_comes_back_the_same(path):
    found = VoteRule.from_document(tomllib.loads(path.read_text(encoding="utf-8")))
    assert VoteRule.from_document(found.as_document()) == found
    assert found.key == path.stem
    assert found.words()


def test_a_symbolic_number_is_the_years_since_the_republic():
    assert preset("choose-n").for_year(2019).k == 74
    assert preset("circular-18").for_year(2019) == preset("circular-18")


@pytest.mark.parametrize(
    ("document", "key"),
    [
        ({}, "threshold"),
        ({"threshold": [2, 3], "treshold": [1, 2]}, "treshold"),
        ({"threshold": 0.67}, "threshold"),
        ({"threshold": [0, 3]}, "threshold"),
        ({"threshold": [4, 3]}, "threshold"),
        ({"threshold": [2, 3], "base": "everyone"}, "base"),
        ({"threshold": [2, 3], "compare": "="}, "compare"),
        ({"threshold": [2, 3], "min_yes": -1}, "min_yes"),
        ({"threshold": [2, 3], "quorum": 2}, "quorum"),
        ({"threshold": [2, 3], "quorum": {"fraction": [2, 3], "of": "yes_no"}}, "quorum.of"),
        ({"threshold": [2, 3], "quorum": {"fraction": [2, 3], "roles": "chair"}}, "quorum.roles"),
        ({"threshold": [2, 3], "quorum": {"fraction": [2, 3], "rolls": []}}, "quorum"),
        ({"threshold": [2, 3], "exactly": 1}, "exactly"),
        ({"threshold": [2, 3], "title": 3}, "title"),
        ({"threshold": [2, 3], "modes": ["shouting"]}, "modes"),
        ({"method": "borda", "points": [1, 2]}, "points"),
        ({"method": "choose"}, "k"),
        ({"method": "choose", "k": 0}, "k"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused_at_its_key(document, key):
    with pytest.raises(Invalid) as refused:
        VoteRule.from_document(document)
    assert key in refused.value.fields


def test_a_rule_says_itself_in_words():
    spoken = VoteRule(
        method=Method.CHOOSE, k=5, exactly=True, tie=Tie.LOT, min_yes=3, chair_casts=True,
        share=Share(Fraction(1, 2), Base.RETURNED, Compare.MORE_THAN),
        quorums=(Quorum(Share(Fraction(2, 3), Base.RETURNED), (("chair", "vice"), ("secretary",))),),
    )  # fmt: skip
    assert [str(each) for each in spoken.words()] == [
        "An item passes with more than 1/2 of the ballots returned in favour.",
        "At least 3 votes in favour are needed in any case.",
        "Each ballot names exactly 5; 5 are chosen.",
        "Those tied at the cut-off are decided by lot with a public, recorded seed.",
        "The vote counts only if the ballots returned are at least 2/3 of all members of the council.",
        "These must be present: the chair or the vice-chair, the secretary of the council.",
        "When as many are for as against in an open vote, the chair's vote decides.",
    ]


def test_a_minimum_that_is_a_share_says_itself_and_comes_back():
    share = Share(Fraction(1, 2), Base.PRESENT, Compare.MORE_THAN)
    both = rule((2, 3), Base.YES_NO, min_yes=share, quorums=(Quorum(Share(Fraction(1, 2), Base.MEMBERS)),))
    assert [str(each) for each in both.words()][1:] == [
        "The votes in favour must also be more than 1/2 of the members present.",
        "The council can decide only when those present are at least 1/2 of all members of the council.",
    ]
    assert from_document(both.as_document()) == both


def test_an_item_is_not_decided_without_a_threshold():
    with pytest.raises(ValueError, match="threshold"):
        decide(VoteRule(), Counts("a", yes=1), SEVEN)
