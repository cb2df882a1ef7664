"""Votes of a council: put with quorum and recusals, by name or on paper, counted against the rule, decided."""

import threading
from dataclasses import replace
from threading import Thread

import pytest

from evaluator import verifier
from evaluator.assignment.models import Conflict as DeclaredConflict
from evaluator.core.db import db, transaction
from evaluator.core.errors import Conflict, EvaluatorError, Forbidden, Invalid, NotFound
from evaluator.council import evidence, queries, told
from evaluator.council import service as council
from evaluator.council.models import CouncilRole, ItemState, PollState, Session, Vote
from evaluator.council.polls import deciding
from evaluator.council.polls import service as polls
from evaluator.council.polls.papers import PaperList
from evaluator.rules.lifecycle import InitiativeState as State
from evaluator.rules.roles import Role
from evaluator.rules.vote_rule import Mode, VoteRule
from evaluator.rules.voting import Verdict
from tests.factories import START, actor_of, an_account, an_author, save
from tests.factories_council import a_council, a_session, account_of, an_item, seat, the_secretary


@pytest.fixture
def secretary(app):
    return the_secretary()


def ids_of(held: Session) -> list[int]:
    return [member.id for member in held.council.members]


def all_for(poll, *, against: int = 0) -> dict[int, Vote]:
    return {member: Vote.NO if place < against else Vote.YES for place, member in enumerate(poll.roll)}


def put_one(item, secretary, clock, *, mode: Mode = Mode.OPEN, **more):
    with transaction():
        return polls.put(item.session, [item], mode=mode, by=secretary, now=clock.now(), **more)[0]


def vote_and_count(poll, votes, secretary, clock):
    with transaction():
        polls.cast_by_name(poll, votes, by=secretary, now=clock.now())
        return polls.close(poll, by=secretary, now=clock.now())


@pytest.mark.parametrize(
    ("against", "verdict", "state"),
    [(2, Verdict.PASSED, State.SELECTED), (3, Verdict.FAILED, State.NOT_SELECTED)],
)
def test_an_open_vote_is_counted_against_all_members_and_decided(secretary, clock, against, verdict, state):
    item = an_item(a_session())
    poll = put_one(item, secretary, clock)
    vote_and_count(poll, all_for(poll, against=against), secretary, clock)

    line = poll.lines[0]
    assert (line.yes, line.no, line.base, line.needed, line.verdict) == (7 - against, against, 7, 5, verdict)
    assert (poll.state, item.state) == (PollState.COUNTED, ItemState.COUNTED)
    with transaction():
        decision = deciding.decide(item, by=secretary, now=clock.now())
    assert (item.initiative.state, decision.is_selected) == (state, verdict is Verdict.PASSED)
    assert [row.is_selected for row in queries.decisions_of(item.session.council.round)] == [decision.is_selected]
    assert str(told.from_document(decision.why)[0]) == "The score gate was passed."
    with pytest.raises(Conflict), transaction():
        deciding.decide(item, by=secretary, now=clock.now())


def test_a_passed_vote_does_not_select_what_failed_the_score_gate(secretary, clock):
    item = an_item(a_session(), score_passed=False)
    poll = put_one(item, secretary, clock)
    vote_and_count(poll, all_for(poll), secretary, clock)
    with transaction():
        assert deciding.decide(item, by=secretary, now=clock.now()).is_selected is False
    assert item.initiative.state is State.NOT_SELECTED


def test_a_decision_is_taken_back_with_a_reason_while_the_session_runs(secretary, clock):
    item = an_item(a_session())
    poll = put_one(item, secretary, clock)
    vote_and_count(poll, all_for(poll), secretary, clock)
    back = {"by": secretary, "now": clock.now()}
    with pytest.raises(Conflict), transaction():
        deciding.reconsider(item, reason="Nhầm", **back)
    with transaction():
        deciding.decide(item, by=secretary, now=clock.now())
    with pytest.raises(Invalid), transaction():
        deciding.reconsider(item, reason=" ", **back)
    with transaction():
        deciding.reconsider(item, reason="Đọc nhầm số phiếu", **back)
    assert (item.state, item.initiative.state) == (ItemState.WAITING, State.REVIEWED)
    assert queries.decisions_of(item.session.council.round) == []

    second = put_one(item, secretary, clock)
    vote_and_count(second, all_for(second, against=7), secretary, clock)
    with transaction():
        deciding.decide(item, by=secretary, now=clock.now())
        council.close_session(item.session, by=secretary, now=clock.now())
    assert item.initiative.state is State.NOT_SELECTED
    assert list(verifier.verify(evidence.bundle(item.session)))[7] == "V7 1 decisions follow from vote and score"
    with pytest.raises(Conflict), transaction():
        deciding.reconsider(item, reason="Muộn", **back)


def test_the_selected_come_in_the_order_of_their_rank(secretary, clock):
    held = a_session()
    second, first = an_item(held, number=2), an_item(held, number=1)
    for item in (second, first):
        poll = put_one(item, secretary, clock)
        vote_and_count(poll, all_for(poll), secretary, clock)
    with transaction():
        deciding.decide_all(held, by=secretary, now=clock.now())
    assert [each.id for each in queries.decided(held.council.round)] == [first.initiative_id, second.initiative_id]


def test_without_a_quorum_nothing_is_put_to_the_vote(secretary, clock):
    item = an_item(a_session(present=4))
    with pytest.raises(Conflict) as refused:
        put_one(item, secretary, clock)
    assert str(refused.value) == "Item 1 cannot be put to the vote now. No quorum: 4 took part, 5 of 7 were needed."
    assert item.state is ItemState.WAITING


def test_a_quorum_that_is_lost_stops_the_next_item_and_leaves_earlier_decisions(secretary, clock):
    held = a_session(present=5)
    first, second = an_item(held, number=1), an_item(held, number=2)
    poll = put_one(first, secretary, clock)
    with pytest.raises(Conflict), transaction():
        council.call_roll(held, present=ids_of(held)[:4], by=secretary, now=clock.now())  # its roll stands
    vote_and_count(poll, all_for(poll), secretary, clock)
    with transaction():
        council.call_roll(held, present=ids_of(held)[:4], by=secretary, now=clock.now())
    with pytest.raises(Conflict):
        put_one(second, secretary, clock)
    with transaction():
        assert deciding.decide(first, by=secretary, now=clock.now()).is_selected is True


def test_an_author_and_who_declared_a_conflict_leave_the_room_for_that_item_only(secretary, clock):
    held = a_session()
    author, declared = seat(held.council, CouncilRole.CRITIC), seat(held.council, CouncilRole.MEMBER)
    item = an_item(held, number=1, authors=[an_author(account_id=author.account_id)])
    other = an_item(held, number=2)
    save(
        DeclaredConflict(
            account_id=declared.account_id, initiative_id=item.initiative_id, kind="declared", declared_at=START
        )
    )
    poll, free = put_one(item, secretary, clock), put_one(other, secretary, clock)

    assert {(each.member_id, each.kind) for each in item.recusals} == {(author.id, "author"), (declared.id, "declared")}
    assert sorted(poll.roll) == sorted(set(ids_of(held)) - {author.id, declared.id})
    assert (poll.lines[0].recused, len(free.roll)) == (2, 7)
    with pytest.raises(Invalid) as refused, transaction():
        polls.cast_by_name(poll, {author.id: Vote.YES}, by=secretary, now=clock.now())
    assert list(refused.value.fields) == [f"vote-{author.id}"]
    vote_and_count(poll, all_for(poll), secretary, clock)
    line = poll.lines[0]
    assert (line.base, line.needed, line.yes, line.verdict) == (7, 5, 5, Verdict.PASSED)


def test_a_recused_member_leaves_the_base_when_the_rule_counts_those_entitled(secretary, clock):
    rule = VoteRule.from_document({"threshold": [2, 3], "base": "members_entitled", "compare": ">="})
    held = a_session()
    held.council.round.vote_rule = rule.as_document()
    db.session.commit()
    aside = [seat(held.council, CouncilRole.MEMBER, place).id for place in (0, 1)]
    item = an_item(held)
    poll = put_one(item, secretary, clock, recused={item.id: aside})
    vote_and_count(poll, all_for(poll, against=1), secretary, clock)
    assert {each.kind for each in item.recusals} == {"by-hand"}
    assert (poll.lines[0].base, poll.lines[0].needed, poll.lines[0].verdict) == (5, 4, Verdict.PASSED)


def test_recusals_can_take_the_quorum_away_for_one_item(secretary, clock):
    held = a_session(present=5)
    item, other = an_item(held, number=1), an_item(held, number=2)
    with pytest.raises(Conflict):
        put_one(item, secretary, clock, recused={item.id: [ids_of(held)[4]]})
    assert put_one(other, secretary, clock).state is PollState.OPEN


def test_a_shared_unit_is_shown_and_bars_nobody_by_itself(secretary, clock):
    held = a_session()
    near = seat(held.council, CouncilRole.MEMBER)
    item = an_item(held)
    account_of(near).unit_id = item.initiative.unit_id
    db.session.commit()
    found = [(each.member.id, each.kind, each.is_barred) for each in polls_found(item)]
    assert found == [(near.id, "same-unit", False)]
    assert len(put_one(item, secretary, clock).roll) == 7


def polls_found(item):
    from evaluator.council import recusals

    return recusals.found(item.session, [item])[item.id]


def test_votes_can_be_put_right_until_the_count_and_a_stale_page_overwrites_nothing(secretary, clock):
    poll = put_one(an_item(a_session()), secretary, clock)
    version = poll.version
    with transaction():
        polls.cast_by_name(poll, all_for(poll), read_version=version, by=secretary, now=clock.now())
    with pytest.raises(Conflict), transaction():
        polls.cast_by_name(poll, all_for(poll, against=7), read_version=version, by=secretary, now=clock.now())
    fewer = dict(list(all_for(poll, against=3).items())[:6])
    clock.move(minutes=1)
    vote_and_count(poll, fewer, secretary, clock)
    assert (poll.lines[0].yes, poll.lines[0].no) == (3, 3)
    with pytest.raises(Conflict), transaction():
        polls.cast_by_name(poll, all_for(poll), by=secretary, now=clock.now())
    with pytest.raises(Conflict), transaction():
        polls.close(poll, by=secretary, now=clock.now())


def test_a_member_votes_alone_and_may_change_it_until_the_count(secretary, clock):
    held = a_session(present=6)
    poll = put_one(an_item(held), secretary, clock, recused={})
    there, away = (account_of(held.council.members[place]) for place in (0, 6))
    me = actor_of(there)
    with transaction():
        polls.cast(poll, "no", by=me, now=clock.now())
        polls.cast(poll, Vote.YES, by=me, now=clock.now())
    assert [(vote.member_id, vote.vote) for vote in poll.lines[0].votes] == [(held.council.members[0].id, Vote.YES)]
    with pytest.raises(Forbidden), transaction():
        polls.cast(poll, Vote.YES, by=actor_of(away), now=clock.now())
    with pytest.raises(Forbidden), transaction():
        polls.cast(poll, Vote.YES, by=secretary, now=clock.now())
    with transaction():
        polls.close(poll, by=secretary, now=clock.now())
    with pytest.raises(Conflict), transaction():
        polls.cast(poll, Vote.NO, by=me, now=clock.now())


def test_the_secretary_does_not_overwrite_a_vote_a_member_gave_meanwhile(secretary, clock):
    poll = put_one(an_item(a_session()), secretary, clock)
    version = poll.version
    with transaction():
        polls.cast(poll, Vote.NO, by=actor_of(account_of(poll.session.council.members[0])), now=clock.now())
    with pytest.raises(Conflict), transaction():
        polls.cast_by_name(poll, all_for(poll), read_version=version, by=secretary, now=clock.now())


def test_nobody_voting_decides_nothing_and_the_item_waits_again(secretary, clock):
    item = an_item(a_session())
    poll = put_one(item, secretary, clock)
    with transaction():
        polls.close(poll, by=secretary, now=clock.now())
    assert (poll.lines[0].verdict, item.state) == (Verdict.NO_DECISION, ItemState.WAITING)
    assert put_one(item, secretary, clock).number == 2


def test_an_annulled_vote_counts_for_nothing_and_takes_a_reason(secretary, clock):
    item = an_item(a_session())
    poll = put_one(item, secretary, clock)
    with pytest.raises(Invalid), transaction():
        polls.annul(poll, reason="", by=secretary, now=clock.now())
    with transaction():
        polls.annul(poll, reason="Đọc nhầm tên sáng kiến", by=secretary, now=clock.now())
    assert (poll.state, item.state) == (PollState.ANNULLED, ItemState.WAITING)


def test_a_paused_session_takes_no_votes_and_keeps_those_it_has(secretary, clock):
    poll = put_one(an_item(a_session()), secretary, clock)
    with transaction():
        polls.cast_by_name(poll, all_for(poll), by=secretary, now=clock.now())
        council.pause(poll.session, by=secretary, now=clock.now())
    with pytest.raises(Conflict), transaction():
        polls.close(poll, by=secretary, now=clock.now())
    with transaction():
        council.resume(poll.session, by=secretary, now=clock.now())
        polls.close(poll, by=secretary, now=clock.now())
    assert poll.lines[0].yes == 7


def test_only_those_who_lead_put_items_to_the_vote(secretary, clock):
    item = an_item(a_session())
    member = actor_of(account_of(seat(item.session.council, CouncilRole.MEMBER)))
    with pytest.raises(Forbidden):
        put_one(item, member, clock)
    with pytest.raises(NotFound):
        put_one(item, actor_of(an_account(Role.MEMBER)), clock)
    assert put_one(item, secretary, clock).state is PollState.OPEN


# --- papers -------------------------------------------------------------------------------------

PAPERS = PaperList(issued=7, returned=7, valid=6, invalid=1, lines={1: (5, 1, 0), 2: (4, 1, 1)}, causes={"unclear": 1})


@pytest.fixture
def paper_poll(secretary, clock):
    held = a_session()
    items = [an_item(held, number=1), an_item(held, number=2)]
    teller = seat(held.council, CouncilRole.CRITIC)
    with transaction():
        council.name_tellers(held, members=[teller.id], by=secretary, now=clock.now())
        return polls.put(held, items, mode=Mode.PAPER, by=secretary, now=clock.now())[0]


def teller_of(poll):
    return actor_of(account_of(seat(poll.session.council, CouncilRole.CRITIC)))


def enter(poll, papers, actor, clock):
    with transaction():
        return polls.enter_papers(poll, papers, by=actor, now=clock.now())


def test_papers_stand_once_two_people_have_entered_the_same(paper_poll, secretary, clock):
    enter(paper_poll, PAPERS, secretary, clock)
    with pytest.raises(Conflict), transaction():
        polls.close(paper_poll, by=secretary, now=clock.now())
    enter(paper_poll, PAPERS, teller_of(paper_poll), clock)
    with transaction():
        polls.close(paper_poll, by=secretary, now=clock.now())

    assert [(line.yes, line.needed, line.verdict) for line in paper_poll.lines] == [
        (5, 5, Verdict.PASSED),
        (4, 5, Verdict.FAILED),
    ]
    with pytest.raises(Conflict):
        enter(paper_poll, PAPERS, secretary, clock)


def test_a_second_entry_that_differs_is_refused_by_field_and_nothing_is_taken(paper_poll, secretary, clock):
    enter(paper_poll, PAPERS, secretary, clock)
    other = replace(PAPERS, lines={1: (4, 2, 0), 2: (4, 1, 1)})
    with pytest.raises(Invalid) as refused:
        enter(paper_poll, other, teller_of(paper_poll), clock)
    assert list(refused.value.fields) == ["yes-1", "no-1"]
    assert (len(paper_poll.entries), paper_poll.totals) == (1, {})


def test_the_first_may_correct_the_own_entry_and_is_not_the_second(paper_poll, secretary, clock):
    enter(paper_poll, replace(PAPERS, lines={1: (6, 0, 0), 2: (4, 1, 1)}), secretary, clock)
    enter(paper_poll, PAPERS, secretary, clock)
    assert (len(paper_poll.entries), paper_poll.totals) == (1, {})
    enter(paper_poll, PAPERS, teller_of(paper_poll), clock)
    assert paper_poll.totals == PAPERS.as_document()
    with pytest.raises(Conflict):
        enter(paper_poll, PAPERS, secretary, clock)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"issued": 8}, "issued"),
        ({"issued": 6}, "returned"),
        ({"invalid": 0, "causes": {}}, "invalid"),
        ({"lines": {1: (6, 1, 0), 2: (4, 1, 1)}}, "yes-1"),
        ({"lines": {1: (5, 1, 0)}}, "lines"),
        ({"causes": {"unclear": 2}}, "causes"),
    ],
)
def test_papers_whose_arithmetic_does_not_hold_are_refused(paper_poll, secretary, clock, changed, field):
    with pytest.raises(Invalid) as refused:
        enter(paper_poll, replace(PAPERS, **changed), secretary, clock)
    assert field in refused.value.fields
    assert paper_poll.entries == []


def test_only_the_counting_team_and_the_secretary_enter_papers(paper_poll, clock):
    chair = actor_of(account_of(seat(paper_poll.session.council, CouncilRole.CHAIR)))
    with pytest.raises(Forbidden):
        enter(paper_poll, PAPERS, chair, clock)


def test_a_secret_vote_takes_no_names_and_an_open_one_no_papers(paper_poll, secretary, clock):
    with pytest.raises(Conflict), transaction():
        polls.cast_by_name(paper_poll, {}, by=secretary, now=clock.now())
    with pytest.raises(Conflict), transaction():
        polls.cast(paper_poll, Vote.YES, by=teller_of(paper_poll), now=clock.now())
    by_name = put_one(an_item(paper_poll.session, number=3), secretary, clock)
    with pytest.raises(Conflict):
        enter(by_name, PAPERS, secretary, clock)


def test_items_with_different_recusals_get_papers_of_their_own(secretary, clock):
    held = a_session()
    items = [an_item(held, number=place) for place in (1, 2, 3)]
    aside = {items[1].id: [seat(held.council, CouncilRole.MEMBER).id]}
    with transaction():
        made = polls.put(held, items, mode=Mode.PAPER, recused=aside, by=secretary, now=clock.now())
    assert [([line.item.number for line in poll.lines], len(poll.roll)) for poll in made] == [([1, 3], 7), ([2], 6)]


def test_the_same_recusal_can_be_recorded_again_at_a_second_vote(secretary, clock):
    item = an_item(a_session())
    aside = {item.id: [seat(item.session.council, CouncilRole.MEMBER).id]}
    first = put_one(item, secretary, clock, recused=aside)
    with transaction():
        polls.annul(first, reason="Nhầm", by=secretary, now=clock.now())
    assert len(put_one(item, secretary, clock, recused=aside).roll) == 6
    assert len(item.recusals) == 1


# --- choosing from a list -----------------------------------------------------------------------


@pytest.fixture
def list_poll(secretary, clock):
    rule = {"method": "choose", "k": 2, "exactly": False, "base": "returned", "threshold": [1, 2], "compare": ">"}
    held = a_session()
    held.council.round.vote_rule = VoteRule.from_document({**rule, "modes": ["paper"]}).as_document()
    db.session.commit()
    items = [an_item(held, number=place) for place in (1, 2, 3, 4)]
    with transaction():
        council.name_tellers(held, members=[seat(held.council, CouncilRole.CRITIC).id], by=secretary, now=clock.now())
        return polls.put(held, items, mode=Mode.PAPER, by=secretary, now=clock.now())[0]


def picks(*yes: int, valid: int = 7) -> PaperList:
    lines = {place: (count, valid - count, 0) for place, count in enumerate(yes, start=1)}
    return PaperList(issued=7, returned=valid, valid=valid, invalid=0, lines=lines)


def count_papers(poll, papers, secretary, clock):
    enter(poll, papers, secretary, clock)
    enter(poll, papers, teller_of(poll), clock)
    with transaction():
        return polls.close(poll, by=secretary, now=clock.now())


def test_a_choice_from_a_list_takes_the_first_places_above_the_threshold(list_poll, secretary, clock):
    count_papers(list_poll, picks(6, 5, 2, 1), secretary, clock)
    assert [line.verdict for line in list_poll.lines] == [Verdict.PASSED] * 2 + [Verdict.FAILED] * 2


def test_a_tie_at_the_cut_off_goes_to_a_run_off_for_the_places_left(list_poll, secretary, clock):
    count_papers(list_poll, picks(6, 4, 4, 0), secretary, clock)
    assert [(line.verdict, line.is_tied) for line in list_poll.lines] == [
        (Verdict.PASSED, False), (Verdict.NO_DECISION, True), (Verdict.NO_DECISION, True), (Verdict.FAILED, False),
    ]  # fmt: skip
    with transaction():
        second = polls.run_off(list_poll, by=secretary, now=clock.now())
    assert ([line.item.number for line in second.lines], second.rule["k"], second.former_id) == (
        [2, 3],
        1,
        list_poll.id,
    )
    with pytest.raises(Conflict), transaction():
        polls.run_off(list_poll, by=secretary, now=clock.now())
    papers = PaperList(issued=7, returned=7, valid=7, invalid=0, lines={2: (3, 4, 0), 3: (4, 3, 0)})
    count_papers(second, papers, secretary, clock)
    with transaction():
        deciding.decide_all(second.session, by=secretary, now=clock.now())
    chosen = [each.id for each in queries.decided(second.session.council.round)]
    assert chosen == [list_poll.lines[0].item.initiative_id, second.lines[1].item.initiative_id]


def test_more_names_than_the_papers_can_hold_are_refused(list_poll, secretary, clock):
    with pytest.raises(Invalid) as refused:
        enter(list_poll, picks(7, 7, 7, 7), secretary, clock)
    assert list(refused.value.fields) == ["valid"]


def test_a_rule_that_chooses_from_a_list_is_not_voted_on_by_hands(list_poll, secretary, clock):
    item = an_item(list_poll.session, number=9)
    with pytest.raises(Invalid):
        put_one(item, secretary, clock)


def test_a_list_with_different_recusals_is_not_put_on_one_paper(list_poll, secretary, clock):
    held = list_poll.session
    items = [an_item(held, number=place) for place in (5, 6)]
    aside = {items[0].id: [seat(held.council, CouncilRole.MEMBER).id]}
    with pytest.raises(Conflict), transaction():
        polls.put(held, items, mode=Mode.PAPER, recused=aside, by=secretary, now=clock.now())


# --- the whole ----------------------------------------------------------------------------------


def test_a_round_under_circular_33_needs_its_critics_and_more_than_three_quarters(secretary, clock):
    held = a_session(a_council(rule="circular-33"), present=6)
    poll = put_one(an_item(held), secretary, clock)
    vote_and_count(poll, all_for(poll, against=1), secretary, clock)
    assert (poll.lines[0].base, poll.lines[0].needed, poll.lines[0].verdict) == (6, 5, Verdict.PASSED)


# --- two people at once -------------------------------------------------------------------------


def at_once(app, *acts):
    """Do things in threads that start together; return what each raised."""
    ready, raised = threading.Barrier(len(acts)), [None] * len(acts)

    def run(place, act):
        with app.app_context():
            ready.wait()
            try:
                with transaction():
                    act()
            except EvaluatorError as error:
                raised[place] = error

    threads = [Thread(target=run, args=(place, act)) for place, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.rollback()
    return raised


def test_two_people_who_enter_the_same_papers_at_once_are_first_and_second(app, paper_poll, secretary, clock):
    code, now, teller = paper_poll.session.council.code, clock.now(), teller_of(paper_poll)
    db.session.commit()

    def enter_as(actor):
        return lambda: polls.enter_papers(queries.poll(code, 1, 1, actor=actor), PAPERS, by=actor, now=now)

    assert at_once(app, enter_as(secretary), enter_as(teller)) == [None, None]
    db.session.expire_all()
    assert (len(paper_poll.entries), paper_poll.totals) == (2, PAPERS.as_document())


def test_all_members_vote_at_the_same_second_and_nothing_is_lost(app, secretary, clock):
    poll = put_one(an_item(a_session()), secretary, clock)
    code, now = poll.session.council.code, clock.now()
    members = [actor_of(account_of(member)) for member in poll.session.council.members]
    db.session.commit()

    def vote_as(actor):
        return lambda: polls.cast(queries.poll(code, 1, 1, actor=actor), Vote.YES, by=actor, now=now)

    assert at_once(app, *map(vote_as, members)) == [None] * 7
    with transaction():
        polls.close(queries.poll(code, 1, 1, actor=secretary), by=secretary, now=now)
    db.session.expire_all()
    assert poll.lines[0].yes == 7


def test_a_vote_is_counted_once_however_many_press_at_once(app, secretary, clock):
    poll = put_one(an_item(a_session()), secretary, clock)
    with transaction():
        polls.cast_by_name(poll, all_for(poll), by=secretary, now=clock.now())
    code, now = poll.session.council.code, clock.now()
    db.session.commit()

    def press():
        polls.close(queries.poll(code, 1, 1, actor=secretary), by=secretary, now=now)

    raised = at_once(app, press, press, press)
    assert sorted(type(each).__name__ for each in raised) == ["Conflict", "Conflict", "NoneType"]


def test_an_item_is_put_to_the_vote_once_however_many_press_at_once(app, secretary, clock):
    item = an_item(a_session())
    code, now = item.session.council.code, clock.now()
    db.session.commit()

    def press():
        held = queries.session(code, 1, actor=secretary)
        polls.put(held, queries.items(held, [1]), mode=Mode.OPEN, by=secretary, now=now)

    raised = at_once(app, press, press)
    assert sorted(type(each).__name__ for each in raised) == ["Conflict", "NoneType"]
    db.session.expire_all()
    assert item.state is ItemState.AT_VOTE
