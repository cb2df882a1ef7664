"""Choosing by rank, rounds with elimination, and prizes by score and vote: each at its edges."""

from fractions import Fraction

import pytest

from evaluator.core.errors import Invalid
from evaluator.rules import ranked_choice, rounds_of_voting, tiers
from evaluator.rules.ranking import RankedBallot
from evaluator.rules.tiers import Entry
from evaluator.rules.vote_rule import Base, Method, Quorum, Share, Tie, Tier, VoteRule
from evaluator.rules.voting import Attendance, Counts

THERE = Attendance(7, 7)
ABC = ("a", "b", "c")


def ballots(*rankings: str) -> list[RankedBallot]:
    return [RankedBallot(1, tuple(tuple(group) for group in each.split())) for each in rankings]


# --- by rank ------------------------------------------------------------------------------------


def test_the_first_k_by_rank_are_chosen_and_everybody_has_a_place():
    rule = VoteRule(method=Method.BORDA, k=2)
    found = ranked_choice.choose(rule, ABC, ballots("a b c", "a c b", "b a c"), THERE)
    assert (found.chosen, found.tied, found.seats_left) == (("a", "b"), (), 0)
    assert [found.place_of(name) for name in "abc"] == [1, 2, 3]


def test_equals_share_the_best_place_they_fill():
    rule = VoteRule(method=Method.SCHULZE, k=1)
    found = ranked_choice.choose(rule, ABC, ballots("a b c", "b a c"), THERE)
    assert [found.place_of(name) for name in "abc"] == [1, 1, 3]
    assert (found.chosen, found.tied, found.seats_left) == ((), ("a", "b"), 1)


@pytest.mark.parametrize(
    ("tie", "seed", "count"), [(Tie.LOT, "7", 1), (Tie.TAKE_ALL, None, 2), (Tie.TAKE_NONE, None, 0)]
)
def test_a_tie_in_a_ranking_is_settled_only_as_the_rule_says(tie, seed, count):
    rule = VoteRule(method=Method.IRV, k=1, tie=tie)
    found = ranked_choice.choose(rule, ABC, ballots("a", "b"), THERE, seed=seed)
    assert (len(found.chosen), found.tied) == (count, ())


def test_without_a_quorum_or_a_ballot_a_ranking_chooses_nobody():
    quorum = Quorum(Share(Fraction(1, 2), Base.RETURNED))
    rule = VoteRule(method=Method.BORDA, quorums=(quorum,))
    for given in ([], ballots("a b c")):
        found = ranked_choice.choose(rule, ABC, given, THERE)
        assert (found.chosen, found.tied, found.ranked, found.place_of("a")) == ((), (), None, None)
    assert ranked_choice.choose(VoteRule(method=Method.BORDA), ABC, [], THERE).why[0].message == "Nobody voted."


# --- rounds -------------------------------------------------------------------------------------


def round_of(votes: dict[str, int], *, blank: int = 0, **rule):
    made = VoteRule(method=Method.PLURALITY_ROUNDS, **rule)
    return rounds_of_voting.hold(votes, made, THERE, Counts("", blank=blank))


@pytest.mark.parametrize(("votes", "winner", "on"), [(4, "a", ()), (3, None, ("a", "b"))])
def test_a_round_is_won_by_more_than_half_of_the_valid_votes_and_not_by_half(votes, winner, on):
    held = round_of({"a": votes, "b": 6 - votes, "c": 0})
    assert (held.winner, held.goes_on, held.base, held.needed) == (winner, on, 6, 4)


def test_a_round_under_all_members_needs_their_majority():
    held = round_of({"a": 3, "b": 1, "c": 0}, share=Share(Fraction(1, 2), Base.MEMBERS))
    assert (held.winner, held.base, held.needed) == (None, 7, 4)


def test_blank_papers_leave_the_base_of_a_round_unless_the_rule_counts_them():
    assert round_of({"a": 3, "b": 2}, blank=2).winner == "a"
    assert round_of({"a": 3, "b": 2}, blank=2, blank_is_valid=True).winner is None


@pytest.mark.parametrize(
    ("votes", "keep", "on"),
    [
        ({"a": 3, "b": 2, "c": 2}, None, ("a", "b", "c")),  # two share the last place
        ({"a": 2, "b": 2, "c": 2}, None, ("a", "b", "c")),
        ({"a": 3, "b": 2, "c": 1, "d": 1}, 2, ("a", "b")),
        ({"a": 3, "b": 2, "c": 2}, 2, ("a", "b", "c")),  # a tie for the second place
    ],
)
def test_the_last_leaves_alone_and_those_tied_for_the_last_place_all_go_on(votes, keep, on):
    assert round_of(votes, keep=keep).goes_on == on


def test_a_round_in_which_nobody_voted_decides_nothing():
    held = round_of({"a": 0, "b": 0})
    assert (held.winner, held.goes_on, held.decides) == (None, (), False)


def test_two_who_share_a_majority_of_a_third_are_not_chosen_together():
    held = round_of({"a": 3, "b": 3}, share=Share(Fraction(1, 3), Base.VALID))
    assert (held.winner, held.goes_on) == (None, ("a", "b"))


# --- prizes -------------------------------------------------------------------------------------

FIRST_SECOND_REST = (Tier("Nhất", 1), Tier("Nhì", 2), Tier("Khuyến khích"))


def entry(name: str, score: int, yes: int = 7) -> Entry:
    return Entry(name, Fraction(score), yes)


def test_prizes_go_down_by_score_then_votes_and_the_last_is_for_the_rest():
    entries = [entry("a", 80), entry("b", 90, 6), entry("c", 90, 7), entry("d", 70), entry("e", 60)]
    found = tiers.allot(FIRST_SECOND_REST, entries, given={})
    assert found.tier_of == {"c": "Nhất", "b": "Nhì", "a": "Nhì", "d": "Khuyến khích", "e": "Khuyến khích"}


def test_what_earlier_sessions_gave_is_gone():
    found = tiers.allot(FIRST_SECOND_REST[:2], [entry("a", 90), entry("b", 80)], given={"Nhất": 1, "Nhì": 1})
    assert (found.of("a"), found.of("b")) == ("Nhì", "")


def test_equals_that_do_not_all_fit_are_returned_and_nobody_below_is_placed():
    found = tiers.allot(FIRST_SECOND_REST, [entry("a", 90), entry("b", 90), entry("c", 80)], given={})
    assert (found.tier_of, found.tied, found.tied_for) == ({}, ("a", "b"), "Nhất")


@pytest.mark.parametrize(
    ("tie", "expected"),
    [
        (Tie.TAKE_ALL, {"a": "Nhất", "b": "Nhất", "c": "Nhì"}),
        (Tie.TAKE_NONE, {"a": "Nhì", "b": "Nhì", "c": "Khuyến khích"}),
    ],
)
def test_a_rule_gives_all_of_the_tied_the_prize_or_the_next_one(tie, expected):
    found = tiers.allot(FIRST_SECOND_REST, [entry("a", 90), entry("b", 90), entry("c", 80)], tie=tie, given={})
    assert (found.tier_of, found.tied) == (expected, ())


# --- the rule as data ---------------------------------------------------------------------------

YES_NO = {"threshold": [2, 3]}


@pytest.mark.parametrize(
    "tiers_given",
    [
        "Nhất", [{"quota": 1}], [{"name": "A", "quota": 0}], [{"name": "A"}, {"name": "B", "quota": 1}],
        [{"name": "A", "quota": 1}, {"name": "A", "quota": 1}], [{"name": "A", "number": 1}], ["A"],
        [{"name": "A", "quota": True}],
    ],
)  # fmt: skip
def test_prizes_that_make_no_sense_are_refused(tiers_given):
    with pytest.raises(Invalid) as refused:
        VoteRule.from_document({**YES_NO, "tiers": tiers_given})
    assert "tiers" in refused.value.fields


@pytest.mark.parametrize("more", [{"method": "choose", "k": 2}, {"tie": "lot"}])
def test_prizes_need_yes_or_no_and_no_lot(more):
    with pytest.raises(Invalid) as refused:
        VoteRule.from_document({**YES_NO, "tiers": [{"name": "A", "quota": 1}], **more})
    assert list(refused.value.fields) == ["tiers"]


@pytest.mark.parametrize(
    ("document", "picks", "listed", "ranked"),
    [
        (YES_NO, (1, None), False, False),
        ({"method": "choose", "k": 3}, (1, 3), True, False),
        ({"method": "choose", "k": 3, "exactly": True}, (3, 3), True, False),
        ({"method": "plurality-rounds"}, (1, 1), True, False),
        ({"method": "irv"}, (1, None), True, True),
    ],
)
def test_a_rule_knows_what_its_ballots_look_like(document, picks, listed, ranked):
    rule = VoteRule.from_document(document)
    assert (rule.picks, rule.is_listed, rule.is_ranked) == (picks, listed, ranked)


@pytest.mark.parametrize(
    "document",
    [
        {**YES_NO, "tiers": [{"name": "A", "quota": 1}, {"name": "B"}], "proxies": 1, "void_removed": True},
        {"method": "plurality-rounds"},
        {"method": "plurality-rounds", "keep": 2},
        {"method": "schulze", "k": 2},
    ],
)
def test_each_rule_says_itself_in_words(document):
    rule = VoteRule.from_document(document)
    said = [each.message for each in rule.words()]
    assert len(set(said)) == len(said) > 1
    assert VoteRule.from_document(rule.as_document()) == rule
