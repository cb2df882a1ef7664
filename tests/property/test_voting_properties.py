"""What must hold of every count: no voter and no item is special, more support never hurts, bases keep their word."""

from dataclasses import replace
from fractions import Fraction

from hypothesis import assume, given
from hypothesis import strategies as st

from evaluator.rules import ranked_choice, ranking, rounds_of_voting, tiers
from evaluator.rules.choosing import ChoiceBallot, choose, count_choices, draw_lots
from evaluator.rules.ranking import RankedBallot
from evaluator.rules.tiers import Entry
from evaluator.rules.vote_rule import Base, Compare, Method, Quorum, Share, Tie, Tier, VoteRule
from evaluator.rules.voting import Attendance, Counts, PaperTotals, Verdict, decide, paper_problems

NAMES = "abcde"
SHARES = st.builds(
    lambda a, b, base, compare: Share(Fraction(min(a, b), max(a, b)), base, compare),
    st.integers(1, 9), st.integers(1, 9), st.sampled_from(Base), st.sampled_from(Compare),
)  # fmt: skip
RULES = st.builds(
    VoteRule,
    share=SHARES,
    min_yes=st.none() | st.integers(0, 5),
    blank_is_valid=st.booleans(),
    quorums=st.lists(st.builds(Quorum, SHARES.filter(lambda s: s.of not in {Base.VALID, Base.YES_NO})), max_size=1).map(
        tuple
    ),
)
COUNTS = st.builds(
    Counts, st.just("a"), *[st.integers(0, 12)] * 5, recused=st.integers(0, 3)
)  # yes, no, abstain, blank, invalid


@st.composite
def profiles(draw) -> list[RankedBallot]:
    def ranking_of(numbers: list[int]) -> tuple[tuple[str, ...], ...]:
        ranked = [(number, name) for number, name in zip(numbers, NAMES, strict=True) if number < 6]
        return tuple(tuple(name for n, name in ranked if n == number) for number in sorted({n for n, _ in ranked}))

    lists = draw(st.lists(st.lists(st.integers(1, 6), min_size=5, max_size=5), min_size=1, max_size=9))
    return [RankedBallot(1, ranking_of(each)) for each in lists]


METHODS = {
    "borda": ranking.borda,
    "schulze": ranking.schulze,
    "irv": ranking.irv,
    "run-off": lambda c, b: ranking.plurality_rounds(c, b, keep=2),
}


def room(counts: Counts) -> Attendance:
    return Attendance(counts.box + counts.recused, counts.box + counts.recused)


@given(RULES, COUNTS)
def test_one_more_yes_instead_of_a_no_never_turns_passed_into_failed(rule, counts):
    assume(counts.no > 0)
    better = replace(counts, yes=counts.yes + 1, no=counts.no - 1)
    if decide(rule, counts, room(counts)).verdict is Verdict.PASSED:
        assert decide(rule, better, room(counts)).verdict is Verdict.PASSED


@given(RULES, COUNTS, st.integers(1, 5))
def test_an_abstention_never_changes_a_decision_by_votes_for_and_against(rule, counts, more):
    plain = VoteRule(share=replace(rule.share, of=Base.YES_NO))
    there = Attendance(counts.box + counts.recused + more, 1)
    added = replace(counts, abstain=counts.abstain + more)
    if counts.yes + counts.no:
        assert decide(plain, counts, there).verdict is decide(plain, added, there).verdict


@given(RULES, COUNTS)
def test_an_abstention_instead_of_a_no_changes_nothing_under_all_members_or_present(rule, counts):
    assume(counts.no > 0)
    for base in (Base.MEMBERS, Base.MEMBERS_ENTITLED, Base.PRESENT):
        heads = replace(rule, share=replace(rule.share, of=base))
        other = replace(counts, no=counts.no - 1, abstain=counts.abstain + 1)
        assert decide(heads, counts, room(counts)).verdict is decide(heads, other, room(counts)).verdict


@given(RULES, COUNTS)
def test_the_verdict_says_what_its_own_numbers_say(rule, counts):
    outcome = decide(rule, counts, room(counts))
    if outcome.verdict is not Verdict.NO_DECISION:
        assert (outcome.verdict is Verdict.PASSED) == (outcome.votes_for >= outcome.needed)
        exact = outcome.votes_for * rule.share.fraction.denominator, rule.share.fraction.numerator * outcome.base
        if outcome.verdict is Verdict.PASSED:
            assert exact[0] > exact[1] or (exact[0] == exact[1] and rule.share.compare is Compare.AT_LEAST)


@given(RULES)
def test_a_rule_comes_back_from_its_document(rule):
    assert VoteRule.from_document(rule.as_document()) == rule


@given(
    st.lists(st.lists(st.sampled_from(NAMES), max_size=3, unique=True), max_size=12), st.integers(1, 4), st.randoms()
)
def test_choosing_knows_neither_voters_nor_names(choices, k, chance):
    rule = VoteRule(method=Method.CHOOSE, k=k)

    def chosen(lists: list[list[str]]):
        ballots = [ChoiceBallot(1, tuple(choice)) for choice in lists]
        found = choose(rule, count_choices(rule, NAMES, ballots)[0], Attendance(20, 20))
        return set(found.chosen), set(found.tied), found.seats_left

    shuffled = chance.sample(choices, len(choices))
    assert chosen(choices) == chosen(shuffled)
    other = dict(zip(NAMES, chance.sample(NAMES, len(NAMES)), strict=True))
    renamed = chosen([[other[name] for name in choice] for choice in choices])
    plain = chosen(choices)
    assert renamed == ({other[n] for n in plain[0]}, {other[n] for n in plain[1]}, plain[2])


@given(st.lists(st.lists(st.sampled_from(NAMES), max_size=3, unique=True), min_size=1, max_size=12), st.integers(1, 4))
def test_chosen_and_tied_part_at_the_cut_off(choices, k):
    rule = VoteRule(method=Method.CHOOSE, k=k, tie=Tie.RUNOFF)
    found = choose(
        rule, count_choices(rule, NAMES, [ChoiceBallot(1, tuple(c)) for c in choices])[0], Attendance(20, 20)
    )
    assert len(found.chosen) <= k
    assert len({found.votes[name] for name in found.tied}) <= 1
    if found.tied:
        assert len(found.chosen) + found.seats_left == k < len(found.chosen) + len(found.tied)
        assert all(found.votes[name] > found.votes[found.tied[0]] for name in found.chosen)


@given(profiles(), st.randoms())
def test_ranked_counts_are_anonymous_and_neutral(profile, chance):
    shuffled = chance.sample(profile, len(profile))
    other = dict(zip(NAMES, chance.sample(NAMES, len(NAMES)), strict=True))
    renamed = [RankedBallot(1, tuple(tuple(other[n] for n in group) for group in each.ranking)) for each in profile]
    for method in METHODS.values():
        plain = method(NAMES, profile)
        again = method(NAMES, shuffled)
        moved = method(chance.sample(NAMES, len(NAMES)), renamed)
        assert [set(group) for group in again.order] == [set(group) for group in plain.order]
        assert [set(group) for group in moved.order] == [{other[n] for n in group} for group in plain.order]


@given(profiles(), st.data())
def test_ranking_the_winner_higher_never_costs_the_win_under_borda_and_schulze(profile, data):
    place = data.draw(st.integers(0, len(profile) - 1))
    for name in ("borda", "schulze"):
        winners = METHODS[name](NAMES, profile).winners
        winner = winners[0]
        ballot = profile[place]
        lifted = ((winner,), *(tuple(n for n in group if n != winner) for group in ballot.ranking))
        better = [*profile[:place], RankedBallot(1, tuple(filter(None, lifted))), *profile[place + 1 :]]
        assert winner in METHODS[name](NAMES, better).winners


@given(profiles())
def test_everybody_has_one_place_and_the_winners_stand_first(profile):
    for method in METHODS.values():
        found = method(NAMES, profile)
        assert sorted(name for group in found.order for name in group) == sorted(NAMES)
        assert set(found.order[0]) == set(found.winners)


@given(profiles())
def test_who_beats_everybody_in_pairs_wins_schulze(profile):
    matrix = ranking.pairwise(profile, NAMES)
    for name in NAMES:
        if all(matrix[name][other] > matrix[other][name] for other in NAMES if other != name):
            assert ranking.schulze(NAMES, profile).winners == (name,)


@given(st.integers(0, 30), st.integers(0, 30), st.integers(0, 30), st.integers(0, 30), st.integers(0, 5))
def test_paper_totals_have_no_problem_exactly_when_they_add_up(yes, no, abstain, invalid, kept):
    returned = yes + no + abstain + invalid
    good = PaperTotals(returned + kept, returned, yes + no + abstain, invalid, yes, no, abstain)
    assert paper_problems(good, entitled=returned + kept) == {}
    assert paper_problems(replace(good, yes=yes + 1), entitled=returned + kept) != {}
    assert paper_problems(replace(good, returned=returned + kept + 1), entitled=returned + kept) != {}


def test_a_lot_is_fair_over_many_seeds():
    first = [draw_lots(NAMES, str(seed))[0] for seed in range(2000)]
    assert all(330 < first.count(name) < 470 for name in NAMES)


# --- rounds, rankings that choose, prizes ---------------------------------------------------------

VOTES = st.lists(st.integers(0, 5), min_size=2, max_size=5).map(lambda numbers: dict(zip(NAMES, numbers, strict=False)))


@given(VOTES, st.none() | st.integers(2, 3), st.randoms())
def test_a_round_knows_no_names_and_never_leaves_more_out_than_it_must(votes, keep, chance):
    rule = VoteRule(method=Method.PLURALITY_ROUNDS, keep=keep)
    there = Attendance(40, 40)
    held = rounds_of_voting.hold(votes, rule, there, Counts(""))
    other = dict(zip(votes, chance.sample(sorted(votes), len(votes)), strict=True))
    renamed = rounds_of_voting.hold({other[name]: number for name, number in votes.items()}, rule, there, Counts(""))
    assert (renamed.winner, set(renamed.goes_on)) == (
        other.get(held.winner) if held.winner else None, {other[name] for name in held.goes_on},
    )  # fmt: skip
    if held.goes_on:
        out = [votes[name] for name in votes if name not in held.goes_on]
        assert all(number < min(votes[name] for name in held.goes_on) for number in out)
        assert len(held.goes_on) >= (len(votes) - 1 if keep is None else min(keep, len(votes)))


@given(VOTES, st.sampled_from(NAMES))
def test_one_more_vote_never_costs_the_winner_of_a_round_the_win(votes, name):
    rule, there = VoteRule(method=Method.PLURALITY_ROUNDS), Attendance(40, 40)
    winner = rounds_of_voting.hold(votes, rule, there, Counts("")).winner
    assume(winner is not None)
    better = {**votes, winner: votes[winner] + 1}
    if name != winner and votes.get(name):
        better[name] = votes[name] - 1
    assert rounds_of_voting.hold(better, rule, there, Counts("")).winner == winner


@given(profiles(), st.integers(1, 4), st.sampled_from([Method.BORDA, Method.SCHULZE, Method.IRV]), st.randoms())
def test_choosing_by_rank_is_anonymous_and_takes_no_more_than_there_are_places(profile, k, method, chance):
    rule, there = VoteRule(method=method, k=k), Attendance(20, 20)
    found = ranked_choice.choose(rule, NAMES, profile, there)
    again = ranked_choice.choose(rule, NAMES, chance.sample(profile, len(profile)), there)
    assert (set(found.chosen), set(found.tied), found.seats_left) == (
        set(again.chosen), set(again.tied), again.seats_left,
    )  # fmt: skip
    assert len(found.chosen) + found.seats_left == min(k, len(NAMES))
    assert bool(found.tied) == (found.seats_left > 0)
    assert not found.tied or len(found.tied) > found.seats_left


ENTRIES = st.lists(st.tuples(st.integers(70, 75), st.integers(5, 7)), max_size=9).map(
    lambda rows: [Entry(str(number), Fraction(score), yes) for number, (score, yes) in enumerate(rows)]
)
TIERS = st.lists(st.integers(1, 3), min_size=1, max_size=3).map(
    lambda quotas: tuple(Tier(f"{place}", quota) for place, quota in enumerate(quotas))
)


@given(TIERS, ENTRIES, st.sampled_from([Tie.RUNOFF, Tie.TAKE_ALL, Tie.TAKE_NONE]), st.randoms())
def test_prizes_follow_score_and_vote_know_no_order_and_keep_their_quotas(prizes, entries, tie, chance):
    found = tiers.allot(prizes, entries, tie=tie, given={})
    again = tiers.allot(prizes, chance.sample(entries, len(entries)), tie=tie, given={})
    assert (found.tier_of, set(found.tied)) == (again.tier_of, set(again.tied))
    rank = {tier.name: place for place, tier in enumerate(prizes)}
    placed = [(rank.get(found.of(each.id), len(prizes)), (each.score, each.yes)) for each in entries]
    if tie is Tie.RUNOFF and not found.tied:
        assert all(one[0] <= other[0] for one in placed for other in placed if one[1] > other[1])
    for tier in prizes:
        given_out = sum(name == tier.name for name in found.tier_of.values())
        assert given_out <= tier.quota or tie is Tie.TAKE_ALL
    equal = [
        (found.of(one.id), found.of(two.id))
        for one in entries
        for two in entries
        if (one.score, one.yes) == (two.score, two.yes)
    ]
    assert all(one == two for one, two in equal)
