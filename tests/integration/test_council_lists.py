"""Votes on a list: chosen from by name, in rounds with elimination, ranked; by name and on paper, prizes by score and vote."""

import pytest

from evaluator import verifier
from evaluator.core.db import db, transaction
from evaluator.core.errors import Conflict, Forbidden, Invalid
from evaluator.council import evidence, queries, told
from evaluator.council import service as council
from evaluator.council.models import CouncilRole, Decision, ItemState, Poll
from evaluator.council.polls import deciding, lists
from evaluator.council.polls import service as polls
from evaluator.council.polls.papers import PaperList
from evaluator.rounds import presets
from evaluator.rules.lifecycle import InitiativeState as State
from evaluator.rules.vote_rule import Mode
from evaluator.rules.voting import Verdict
from evaluator.web.language import say_in
from tests.factories import actor_of
from tests.factories_council import a_council, a_session, account_of, an_item, seat, the_secretary, under

CHOOSE = {"method": "choose", "k": 2, "base": "returned", "threshold": [1, 2], "compare": ">"}
ROUNDS = {"method": "plurality-rounds", "base": "valid", "threshold": [1, 2], "compare": ">"}


@pytest.fixture
def secretary(app):
    return the_secretary()


def listed(rule, secretary, clock, *, items: int = 4, mode: Mode = Mode.OPEN) -> Poll:
    held = under(a_session(a_council()), **rule)
    made = [an_item(held, number=number) for number in range(1, items + 1)]
    with transaction():
        return polls.put(held, made, mode=mode, by=secretary, now=clock.now())[0]


def by_seat(poll, given) -> dict:
    return dict(zip(poll.roll, given, strict=False))


def count(poll, secretary, clock) -> Poll:
    with transaction():
        return polls.close(poll, by=secretary, now=clock.now())


def verdicts(poll) -> dict[int, str]:
    return {line.item.number: str(line.verdict) for line in poll.lines}


def enter(poll, papers, secretary, clock) -> None:
    for by in (secretary, the_secretary()):
        with transaction():
            polls.enter_papers(poll, papers, by=by, now=clock.now())


def proof(held, secretary, clock) -> list[str]:
    with transaction():
        deciding.decide_all(held, by=secretary, now=clock.now())
        council.close_session(held, by=secretary, now=clock.now())
    return list(verifier.verify(evidence.bundle(held)))


# --- choosing by name ---------------------------------------------------------------------------


def test_an_open_choice_from_a_list_names_who_named_whom(secretary, clock):
    poll = listed(CHOOSE, secretary, clock)
    with transaction():
        names = [{1, 2}, {1, 2}, {1, 2}, {1, 3}, {1}, set(), {2}]
        lists.choose_by_name(poll, by_seat(poll, names), by=secretary, now=clock.now())
    count(poll, secretary, clock)
    assert [line.yes for line in poll.lines] == [5, 4, 1, 0]
    assert verdicts(poll) == {1: "passed", 2: "passed", 3: "failed", 4: "failed"}
    assert poll.lines[0].abstain == 1
    assert proof(poll.session, secretary, clock)


def test_a_member_names_the_own_choice_and_changes_it_until_the_count(secretary, clock):
    poll = listed(CHOOSE, secretary, clock)
    me = actor_of(account_of(seat(poll.session.council, CouncilRole.VICE)))
    for choice in ({1, 2}, {3}):
        with transaction():
            lists.choose(poll, choice, by=me, now=clock.now())
    named = {line.item.number: [str(vote.vote) for vote in line.votes] for line in poll.lines}
    assert named == {1: ["no"], 2: ["no"], 3: ["yes"], 4: ["no"]}


@pytest.mark.parametrize("choice", [{1, 2, 3}, {1, 9}, [1, 1]])
def test_a_choice_of_too_many_outside_the_list_or_twice_is_refused(secretary, clock, choice):
    poll = listed(CHOOSE, secretary, clock)
    with pytest.raises(Invalid) as refused, transaction():
        lists.choose_by_name(poll, {poll.roll[0]: choice}, by=secretary, now=clock.now())
    assert list(refused.value.fields) == [f"vote-{poll.roll[0]}"]


def test_exactly_n_of_the_year_means_that_many_names_or_none(secretary, clock):
    poll = listed({**CHOOSE, "k": 3, "exactly": True}, secretary, clock)
    me = actor_of(account_of(seat(poll.session.council, CouncilRole.CHAIR)))
    with pytest.raises(Invalid), transaction():
        lists.choose(poll, {1, 2}, by=me, now=clock.now())
    for choice in ({1, 2, 3}, set()):
        with transaction():
            lists.choose(poll, choice, by=me, now=clock.now())


@pytest.mark.parametrize(("third", "is_refused"), [(6, True), (7, False), (8, True)])
def test_papers_that_name_exactly_n_hold_neither_more_nor_fewer_names(secretary, clock, third, is_refused):
    poll = listed({**CHOOSE, "k": 2, "exactly": True}, secretary, clock, items=4, mode=Mode.PAPER)
    lines = {1: (4, 3, 0), 2: (3, 4, 0), 3: (third - 1, 8 - third, 0), 4: (1, 6, 0)}
    papers = PaperList(7, 7, 7, 0, lines=lines)
    if is_refused:
        with pytest.raises(Invalid) as refused:
            enter(poll, papers, secretary, clock)
        assert list(refused.value.fields) == ["valid"]
    else:
        enter(poll, papers, secretary, clock)
        assert poll.totals


def test_only_who_is_on_the_roll_chooses_and_only_in_the_way_of_the_ballot(secretary, clock):
    poll = listed(CHOOSE, secretary, clock)
    with pytest.raises(Forbidden), transaction():
        lists.choose(poll, {1}, by=secretary, now=clock.now())
    for verb, given in ((lists.rank_by_name, {poll.roll[0]: [[1]]}), (polls.cast_by_name, {poll.roll[0]: "yes"})):
        with pytest.raises(Conflict), transaction():
            verb(poll, given, by=secretary, now=clock.now())


# --- rounds with elimination --------------------------------------------------------------------


def test_in_rounds_the_last_leaves_until_one_has_more_than_half(secretary, clock):
    poll = listed(ROUNDS, secretary, clock, items=3)
    with transaction():
        lists.choose_by_name(poll, by_seat(poll, [{1}, {1}, {1}, {2}, {2}, {3}, set()]), by=secretary, now=clock.now())
    count(poll, secretary, clock)
    assert verdicts(poll) == {1: "no-decision", 2: "no-decision", 3: "failed"}
    assert queries.tied_polls(poll.session) == [poll]
    with transaction():
        second = polls.run_off(poll, by=secretary, now=clock.now())
        lists.choose_by_name(
            second, by_seat(second, [{1}, {1}, {1}, {2}, {2}, {2}, {2}]), by=secretary, now=clock.now()
        )
    count(second, secretary, clock)
    assert verdicts(second) == {1: "failed", 2: "passed"}  # the leader of one round may lose
    assert (second.former_id, second.lines[1].needed) == (poll.id, 4)
    assert proof(poll.session, secretary, clock)
    assert [item.initiative.state for item in queries.items(poll.session, [1, 2, 3])] == [
        State.NOT_SELECTED, State.SELECTED, State.NOT_SELECTED,
    ]  # fmt: skip


def test_each_round_has_the_roll_of_its_own_moment(secretary, clock):
    poll = listed({**ROUNDS, "keep": 2}, secretary, clock, items=3, mode=Mode.PAPER)
    enter(poll, PaperList(7, 7, 7, 0, lines={1: (3, 4, 0), 2: (3, 4, 0), 3: (1, 6, 0)}), secretary, clock)
    count(poll, secretary, clock)
    with transaction():
        present = [member.id for member in poll.session.members[:5]]
        council.call_roll(poll.session, present=present, by=secretary, now=clock.now())
        second = polls.run_off(poll, by=secretary, now=clock.now())
    assert (len(poll.roll), len(second.roll)) == (7, 5)
    assert [line.item.number for line in second.lines] == [1, 2]


def test_those_tied_for_the_last_place_of_a_round_all_go_on(secretary, clock):
    poll = listed(ROUNDS, secretary, clock, items=4)
    with transaction():
        lists.choose_by_name(poll, by_seat(poll, [{1}, {1}, {1}, {2}, {2}, {3}, {4}]), by=secretary, now=clock.now())
    count(poll, secretary, clock)
    assert set(verdicts(poll).values()) == {"no-decision"}
    assert "share the last place" in " ".join(say_in("en", each) for each in told.from_document(poll.lines[0].why))


def test_a_paper_in_a_round_names_exactly_one(secretary, clock):
    poll = listed(ROUNDS, secretary, clock, items=3, mode=Mode.PAPER)
    with pytest.raises(Invalid) as refused:
        enter(poll, PaperList(7, 7, 7, 0, lines={1: (4, 3, 0), 2: (4, 3, 0), 3: (1, 6, 0)}), secretary, clock)
    assert list(refused.value.fields) == ["valid"]


# --- rankings -----------------------------------------------------------------------------------

PROFILE = [[[1], [2], [3]], [[1], [2], [3]], [[1], [2], [3]], [[2], [3], [1]], [[2], [3], [1]], [[3], [2], [1]], [[2]]]


@pytest.mark.parametrize(("method", "winner"), [("borda", 2), ("schulze", 2), ("irv", 2)])
def test_members_rank_by_name_and_the_first_k_are_chosen(secretary, clock, method, winner):
    poll = listed({"method": method, "k": 1}, secretary, clock, items=3)
    with transaction():
        lists.rank_by_name(poll, by_seat(poll, PROFILE), by=secretary, now=clock.now())
    count(poll, secretary, clock)
    assert [number for number, verdict in verdicts(poll).items() if verdict == "passed"] == [winner]
    assert {line.item.number: line.place for line in poll.lines}[winner] == 1
    assert poll.result["matrix"]["2"]["1"] == 4
    assert proof(poll.session, secretary, clock)


def test_a_tie_in_a_ranking_is_returned_and_run_off_for_the_places_left(secretary, clock):
    poll = listed({"method": "borda", "k": 1}, secretary, clock, items=2)
    with transaction():
        given = [[[1], [2]], [[2], [1]]]
        lists.rank_by_name(poll, by_seat(poll, given), by=secretary, now=clock.now())
    count(poll, secretary, clock)
    assert set(verdicts(poll).values()) == {"no-decision"}
    with transaction():
        again = polls.run_off(poll, by=secretary, now=clock.now())
    assert (again.rule["k"], len(again.lines)) == (1, 2)


def test_a_member_ranks_alone_and_may_change_it(secretary, clock):
    poll = listed({"method": "schulze", "k": 1}, secretary, clock, items=3)
    me = actor_of(account_of(seat(poll.session.council, CouncilRole.CRITIC)))
    for given in ([[1], [2]], [[3], [1, 2]]):
        with transaction():
            lists.rank(poll, given, by=me, now=clock.now())
    assert [each.ranking for each in poll.rankings] == [[[3], [1, 2]]]


@pytest.mark.parametrize("given", [[[1], [1]], [[9]], [], [[]]])
def test_a_ranking_that_is_none_is_refused(secretary, clock, given):
    poll = listed({"method": "irv"}, secretary, clock, items=3)
    with pytest.raises(Invalid), transaction():
        lists.rank_by_name(poll, {poll.roll[0]: given}, by=secretary, now=clock.now())


def test_ranked_papers_are_entered_twice_however_equal_ones_are_put_together(secretary, clock):
    poll = listed({"method": "schulze", "k": 1}, secretary, clock, items=3, mode=Mode.PAPER)
    together = ((4, ((1,), (2,))), (2, ((3,),)))
    one_by_one = ((1, ((3,),)), (3, ((1,), (2,))), (1, ((3,),)), (1, ((1,), (2,))))
    numbers = {"issued": 7, "returned": 7, "valid": 6, "invalid": 0, "blank": 1, "lines": {}}
    with transaction():
        polls.enter_papers(poll, PaperList(**numbers, rankings=together), by=secretary, now=clock.now())
    other = ((4, ((1,), (3,))), (2, ((3,),)))
    with pytest.raises(Invalid) as refused, transaction():
        polls.enter_papers(poll, PaperList(**numbers, rankings=other), by=the_secretary(), now=clock.now())
    assert list(refused.value.fields) == ["rankings"]
    with transaction():
        polls.enter_papers(poll, PaperList(**numbers, rankings=one_by_one), by=the_secretary(), now=clock.now())
    count(poll, secretary, clock)
    assert verdicts(poll) == {1: "passed", 2: "failed", 3: "failed"}
    assert poll.lines[0].base == 6
    assert proof(poll.session, secretary, clock)


def test_ranked_papers_that_do_not_make_the_valid_ones_are_refused(secretary, clock):
    poll = listed({"method": "borda", "k": 1}, secretary, clock, items=3, mode=Mode.PAPER)
    for rankings in (((3, ((1,),)),), ((7, ((9,),)),), ((7, ()),)):
        with pytest.raises(Invalid) as refused:
            enter(poll, PaperList(7, 7, 7, 0, lines={}, rankings=rankings), secretary, clock)
        assert list(refused.value.fields) == ["rankings"]


# --- prizes by score and vote -------------------------------------------------------------------


def prizes(secretary, clock, scores, votes, **rule):
    document = {**presets.vote_rule("prize-tiers"), "tiers": [{"name": "A", "quota": 1}, {"name": "B", "quota": 1}]}
    held = under(a_session(a_council()), **{**document, **rule})
    items = [an_item(held, number=number, score=score) for number, score in enumerate(scores, start=1)]
    with transaction():
        for poll, yes in zip(polls.put(held, items, mode=Mode.OPEN, by=secretary, now=clock.now()), votes, strict=True):
            given = dict(zip(poll.roll, ["yes"] * yes + ["no"] * (7 - yes), strict=True))
            polls.cast_by_name(poll, given, by=secretary, now=clock.now())
            polls.close(poll, by=secretary, now=clock.now())
    return held


def given_prizes(held, secretary, clock) -> list[tuple[str, bool]]:
    with transaction():
        decisions = deciding.decide_all(held, by=secretary, now=clock.now())
    return [(decision.tier, decision.is_selected) for decision in decisions]


def test_prizes_go_down_by_score_among_those_the_vote_has_passed_until_they_run_out(secretary, clock):
    held = prizes(secretary, clock, ["80", "95", "90", "85"], [7, 4, 5, 6])  # the best score fails the vote
    assert given_prizes(held, secretary, clock) == [("", False), ("", False), ("A", True), ("B", True)]
    said = [say_in("en", each) for each in told.from_document(one(held, 1).why)]
    assert said[0] == "The score gate was passed."
    assert said[-1] == "No prize was left for it."
    assert proof(held, secretary, clock)


def one(held, number: int) -> Decision:
    (item,) = queries.items(held, [number])
    return db.session.query(Decision).filter_by(initiative_id=item.initiative_id).one()


def test_equal_scores_are_parted_by_the_votes_in_favour(secretary, clock):
    held = prizes(secretary, clock, ["90", "90"], [5, 7])
    assert given_prizes(held, secretary, clock) == [("B", True), ("A", True)]


def test_equals_in_score_and_vote_wait_for_another_vote_and_then_get_their_prizes(secretary, clock):
    held = prizes(secretary, clock, ["90", "90"], [6, 6])
    with pytest.raises(Conflict, match="tied for"):
        given_prizes(held, secretary, clock)
    items = queries.items(held, [1, 2])
    with transaction():
        deciding.vote_again(items[1], reason="Xếp giải Nhất giữa hai hồ sơ", by=secretary, now=clock.now())
    with pytest.raises(Conflict, match="still wait"):
        given_prizes(held, secretary, clock)
    with transaction():
        (poll,) = polls.put(held, [items[1]], mode=Mode.OPEN, by=secretary, now=clock.now())
        polls.cast_by_name(poll, dict.fromkeys(poll.roll, "yes"), by=secretary, now=clock.now())
        polls.close(poll, by=secretary, now=clock.now())
    assert given_prizes(held, secretary, clock) == [("B", True), ("A", True)]
    assert proof(held, secretary, clock)


@pytest.mark.parametrize(("tie", "expected"), [("take-all", ["A", "A", "B"]), ("take-none", ["", "", "B"])])
def test_a_rule_may_give_all_or_none_of_the_tied_the_prize(secretary, clock, tie, expected):
    held = prizes(secretary, clock, ["90", "90", "80"], [6, 6, 6], tie=tie)
    got = [prize for prize, _ in given_prizes(held, secretary, clock)]
    assert got == (expected if tie == "take-all" else ["", "", ""])


def test_one_item_alone_is_not_decided_where_prizes_are_filled(secretary, clock):
    held = prizes(secretary, clock, ["90"], [7])
    (item,) = queries.items(held, [1])
    assert item.state is ItemState.COUNTED
    with pytest.raises(Conflict, match="together"), transaction():
        deciding.decide(item, by=secretary, now=clock.now())


def test_prizes_used_in_an_earlier_session_are_gone(secretary, clock):
    held = prizes(secretary, clock, ["90"], [7])
    given_prizes(held, secretary, clock)
    with transaction():
        council.close_session(held, by=secretary, now=clock.now())
    later = a_session(held.council, number=2)
    item = an_item(later, number=1, score="99")
    with transaction():
        (poll,) = polls.put(later, [item], mode=Mode.OPEN, by=secretary, now=clock.now())
        polls.cast_by_name(poll, dict.fromkeys(poll.roll, "yes"), by=secretary, now=clock.now())
        polls.close(poll, by=secretary, now=clock.now())
    assert poll.lines[0].verdict is Verdict.PASSED
    assert given_prizes(later, secretary, clock) == [("B", True)]
