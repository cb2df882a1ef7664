"""Choosing from a list: validity of papers, the threshold as a filter, the cap, and ties at the cut-off."""

from dataclasses import replace
from fractions import Fraction

import pytest

from evaluator.rules.choosing import Cause, ChoiceBallot, choose, count_choices, cut, draw_lots, in_order
from evaluator.rules.vote_rule import Base, Compare, Method, Quorum, Share, Tie, VoteRule
from evaluator.rules.voting import Attendance, Verdict

TWO_OF_LIST = VoteRule(method=Method.CHOOSE, k=2)
HALF = Share(Fraction(1, 2), Base.RETURNED, Compare.MORE_THAN)
ROOM = Attendance(9, 9)


def counted(rule: VoteRule, *choices: str, candidates: str = "abcd", **more):
    ballots = [ChoiceBallot(1, tuple(choice)) for choice in choices]
    return choose(rule, count_choices(rule, list(candidates), ballots)[0], ROOM, **more)


def test_papers_are_invalid_by_their_cause_and_empty_ones_are_blank():
    rule = replace(TWO_OF_LIST, exactly=True)
    papers = [("a", "b"), ("a", "b", "c"), ("a",), ("a", "z"), ("a", "a"), ()]
    counts, causes = count_choices(rule, list("abcd"), [ChoiceBallot(2, choice) for choice in papers])
    assert causes == {Cause.TOO_MANY: 2, Cause.TOO_FEW: 2, Cause.OUTSIDE_LIST: 2, Cause.REPEATED: 2}
    assert [(each.id, each.yes, each.no, each.blank, each.invalid) for each in counts] == [
        ("a", 2, 0, 2, 8), ("b", 2, 0, 2, 8), ("c", 0, 2, 2, 8), ("d", 0, 2, 2, 8),
    ]  # fmt: skip


def test_the_first_k_are_chosen_and_the_order_has_equals_together():
    choice = counted(TWO_OF_LIST, "ab", "ab", "ac", "bd")
    assert (choice.chosen, choice.tied, choice.order) == (("a", "b"), (), (("a", "b"), ("c", "d")))


def test_a_tie_at_the_cut_off_is_returned_and_not_broken():
    choice = counted(TWO_OF_LIST, "ab", "ac", "ad")
    assert (choice.chosen, choice.tied, choice.seats_left) == (("a",), ("b", "c", "d"), 1)
    assert str(choice.why[-1]) == "3 share the cut-off for 1 places; a run-off ballot among them decides."


@pytest.mark.parametrize(
    ("tie", "seed", "chosen", "tied"),
    [
        (Tie.TAKE_ALL, None, ("a", "b", "c", "d"), ()),
        (Tie.TAKE_NONE, None, ("a",), ()),
        (Tie.LOT, None, ("a",), ("b", "c", "d")),
        (Tie.LOT, "xổ số 22.11.2026", ("a", draw_lots("bcd", "xổ số 22.11.2026")[0]), ()),
    ],
)
def test_a_tie_is_settled_only_as_the_rule_says(tie, seed, chosen, tied):
    choice = counted(replace(TWO_OF_LIST, tie=tie), "ab", "ac", "ad", seed=seed)
    assert (choice.chosen, choice.tied) == (chosen, tied)


def test_a_lot_depends_on_its_seed_alone_and_not_on_the_order_of_names():
    assert draw_lots("bcd", "1") == draw_lots("dcb", "1")
    assert len({draw_lots("bcd", str(seed)) for seed in range(100)}) == 6


def test_the_threshold_filters_first_and_places_are_not_filled_up():
    choice = counted(replace(TWO_OF_LIST, share=HALF), "ab", "ac", "ad", "a")
    assert (choice.chosen, choice.tied) == (("a",), ())
    assert [outcome.verdict for outcome in choice.outcomes] == [Verdict.PASSED] + [Verdict.FAILED] * 3
    assert [str(said) for said in choice.why] == [
        "1 reach the threshold of more than 1/2 of the ballots returned.",
        "1 chosen of at most 2; places left open are not filled up.",
    ]


def test_whoever_has_no_vote_is_not_chosen_even_when_places_are_left():
    assert counted(TWO_OF_LIST, "a", "a").chosen == ("a",)


def test_without_quorum_or_without_a_vote_nobody_is_chosen():
    quorum = replace(TWO_OF_LIST, quorums=(Quorum(Share(Fraction(2, 3), Base.RETURNED)),))
    assert counted(quorum, "ab", "ab").chosen == ()
    assert counted(quorum, *["ab"] * 6).chosen == ("a", "b")
    assert counted(TWO_OF_LIST).chosen == ()


def test_a_surplus_of_papers_that_could_change_who_passes_chooses_nobody():
    rule = replace(TWO_OF_LIST, share=HALF)
    counts, _ = count_choices(rule, list("ab"), [ChoiceBallot(5, ("a",)), ChoiceBallot(4, ("b",))], issued=7)
    assert choose(rule, counts, ROOM).chosen == ()


@pytest.mark.parametrize(
    ("ranks", "k", "found"),
    [
        ([("a",), ("b", "c")], 1, (("a",), (), 0)),
        ([("a",), ("b", "c")], 2, (("a",), ("b", "c"), 1)),
        ([("a",), ("b", "c")], 3, (("a", "b", "c"), (), 0)),
        ([("a",), ("b", "c")], 9, (("a", "b", "c"), (), 0)),
        ([("a", "b")], 1, ((), ("a", "b"), 1)),
        ([], 1, ((), (), 0)),
    ],
)
def test_the_cut_parts_the_certain_from_the_tied(ranks, k, found):
    assert cut(ranks, k) == found


def test_names_with_equally_many_votes_share_a_rank():
    assert in_order({"a": 1, "b": 3, "c": 1}) == (("b",), ("a", "c"))
