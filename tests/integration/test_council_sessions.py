"""A council is founded, meets, keeps its roll and its agenda; what cannot be is refused with its reason."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from evaluator.core.db import db, transaction
from evaluator.core.errors import Conflict, Forbidden, Invalid, NotFound
from evaluator.council import queries
from evaluator.council import service as council
from evaluator.council.models import CouncilRole, ItemState, OpinionKind, SessionState, Whereabouts
from evaluator.council.service import NewMember
from evaluator.initiatives.models import Initiative
from evaluator.notices.models import Notice
from evaluator.reviews.models import Standing
from evaluator.rules.calendar import Phase
from evaluator.rules.lifecycle import InitiativeState as State
from evaluator.rules.roles import Role
from tests.factories import a_round, actor_of, an_account
from tests.factories_council import (
    a_closed_scoring,
    a_council,
    a_result,
    a_session,
    account_of,
    an_item,
    seat,
    the_secretary,
)

DECISION = {"title": "Hội đồng sáng kiến", "decision_number": "404/QĐ-HĐSK", "decision_date": date(2026, 2, 10)}


@pytest.fixture
def secretary(app):
    return the_secretary()


def new_members(*roles: CouncilRole) -> list[NewMember]:
    return [NewMember(an_account(Role.MEMBER), role) for role in roles]


def test_a_council_is_founded_with_the_names_of_the_day(secretary, clock):
    people = new_members(CouncilRole.CHAIR, CouncilRole.SECRETARY, CouncilRole.MEMBER)
    with transaction():
        made = council.found(a_round_at_council(), **DECISION, members=people, by=secretary, now=clock.now())

    assert [(member.position, member.role, member.name) for member in made.members] == [
        (place, person.role, person.account.name) for place, person in enumerate(people, start=1)
    ]


def a_round_at_council():
    return a_round(phase=Phase.COUNCIL)


@pytest.mark.parametrize(
    ("roles", "said"),
    [
        ([CouncilRole.CHAIR, CouncilRole.SECRETARY], "A council has at least 3 members."),
        ([CouncilRole.SECRETARY, CouncilRole.MEMBER, CouncilRole.MEMBER], "A council has exactly one chair."),
        ([CouncilRole.CHAIR, CouncilRole.CHAIR, CouncilRole.SECRETARY], "A council has exactly one chair."),
        (
            [CouncilRole.CHAIR, CouncilRole.MEMBER, CouncilRole.MEMBER],
            "A council has exactly one member who is its secretary.",
        ),
    ],
)
def test_a_council_that_cannot_work_is_refused(secretary, clock, roles, said):
    with pytest.raises(Invalid) as refused, transaction():
        council.found(a_round_at_council(), **DECISION, members=new_members(*roles), by=secretary, now=clock.now())
    assert [str(each) for each in refused.value.fields["members"]] == [said]


def test_one_person_sits_only_once(secretary, clock):
    people = new_members(CouncilRole.CHAIR, CouncilRole.SECRETARY)
    people.append(NewMember(people[0].account, CouncilRole.MEMBER))
    with pytest.raises(Invalid), transaction():
        council.found(a_round_at_council(), **DECISION, members=people, by=secretary, now=clock.now())


def test_a_round_has_one_council(secretary, clock):
    existing = a_council()
    people = new_members(CouncilRole.CHAIR, CouncilRole.SECRETARY, CouncilRole.MEMBER)
    with pytest.raises(Conflict), transaction():
        council.found(existing.round, **DECISION, members=people, by=secretary, now=clock.now())


def test_the_list_of_members_is_replaced_until_the_first_session_and_then_needs_a_new_decision(secretary, clock):
    made = a_council()
    people = new_members(CouncilRole.CHAIR, CouncilRole.SECRETARY, CouncilRole.MEMBER)
    later = {"decision_number": "500/QĐ", "decision_date": date(2026, 3, 1), "members": people}
    with transaction():
        council.change_members(made, **later, read_version=made.version, by=secretary, now=clock.now())
    assert (len(made.members), made.decision_number) == (3, "500/QĐ")

    a_session(made)
    for missing, field in (({"reason": "Nghỉ hưu"}, "decision_number"), ({"decision_number": "600/QĐ"}, "reason")):
        with pytest.raises(Invalid) as refused, transaction():
            council.change_members(
                made, **{**later, **missing}, read_version=made.version, by=secretary, now=clock.now()
            )
        assert list(refused.value.fields) == [field]


def test_a_stale_list_of_members_is_refused(secretary, clock):
    made = a_council()
    people = new_members(CouncilRole.CHAIR, CouncilRole.SECRETARY, CouncilRole.MEMBER)
    with pytest.raises(Conflict), transaction():
        council.change_members(
            made, decision_number="1", decision_date=date(2026, 3, 1), members=people,
            read_version=made.version - 1, by=secretary, now=clock.now(),
        )  # fmt: skip


def test_only_the_secretary_founds_a_council_and_only_its_leaders_run_it(secretary, clock):
    made = a_council()
    member = actor_of(account_of(seat(made, CouncilRole.MEMBER)))
    chair = actor_of(account_of(seat(made, CouncilRole.CHAIR)))
    stranger = actor_of(an_account(Role.MEMBER))
    with pytest.raises(Forbidden), transaction():
        council.open_session(made, place="Phòng họp", by=member, now=clock.now())
    with pytest.raises(NotFound), transaction():
        council.open_session(made, place="Phòng họp", by=stranger, now=clock.now())
    with transaction():
        held = council.open_session(made, place="Phòng họp", by=chair, now=clock.now())
    assert (held.number, {each.whereabouts for each in held.attendances}) == (1, {Whereabouts.ABSENT})


def test_sessions_follow_one_another(secretary, clock):
    first = a_session()
    with pytest.raises(Conflict), transaction():
        council.open_session(first.council, place="Phòng họp", by=secretary, now=clock.now())
    with transaction():
        council.close_session(first, conclusion=" Nhất trí. ", by=secretary, now=clock.now())
    assert (first.state, first.conclusion) == (SessionState.CLOSED, "Nhất trí.")
    with transaction():
        second = council.open_session(first.council, place="Phòng họp", by=secretary, now=clock.now())
    assert second.number == 2


def test_the_roll_keeps_who_came_who_left_and_why_others_are_away(secretary, clock):
    held = a_session(present=0)
    ids = [member.id for member in held.council.members]
    with transaction():
        council.call_roll(held, present=ids[:5], absent={ids[5]: " Nghỉ ốm "}, by=secretary, now=clock.now())
    clock.move(minutes=30)
    with transaction():
        council.call_roll(held, present=ids[:4], absent={ids[5]: "Nghỉ ốm"}, by=secretary, now=clock.now())

    roll = queries.attendances_of(held)
    assert [each.whereabouts for each in roll] == [Whereabouts.PRESENT] * 4 + [Whereabouts.LEFT] + [
        Whereabouts.ABSENT
    ] * 2
    assert roll[5].reason == "Nghỉ ốm"
    moved = queries.movements_of(held)
    assert [each.whereabouts for each in moved] == [Whereabouts.PRESENT] * 5 + [Whereabouts.LEFT]
    assert moved[5].at - moved[0].at == timedelta(minutes=30)


def test_quorum_and_majority_follow_the_roll(secretary, clock):
    held = a_session(present=5)
    assert (queries.room(held).has_quorum, queries.room(held).base, queries.room(held).needed) == (True, 7, 5)
    ids = [member.id for member in held.council.members]
    with transaction():
        council.call_roll(held, present=ids[:4], by=secretary, now=clock.now())
    assert [str(each) for each in queries.room(held).missing] == ["No quorum: 4 took part, 5 of 7 were needed."]
    with transaction():
        council.call_roll(held, present=ids[2:], by=secretary, now=clock.now())
    assert [str(each) for each in queries.room(held).missing] == [
        "No quorum: the chair or the vice-chair must be present."
    ]


def test_critics_count_as_present_only_when_all_of_them_are(secretary, clock):
    held = a_session(a_council(rule="circular-33"))
    ids = [member.id for member in held.council.members]
    critic = seat(held.council, CouncilRole.CRITIC, 1)
    with transaction():
        council.call_roll(held, present=set(ids) - {critic.id}, by=secretary, now=clock.now())
    assert [str(each) for each in queries.room(held).missing] == ["No quorum: the critics must be present."]


def test_a_paused_session_goes_on_where_it_was(secretary, clock):
    held = a_session()
    item = an_item(held)
    with transaction():
        council.pause(held, by=secretary, now=clock.now())
    with pytest.raises(Conflict), transaction():
        council.withdraw(item, reason="Tác giả rút", by=secretary, now=clock.now())
    with transaction():
        council.resume(held, by=secretary, now=clock.now())
    with pytest.raises(Conflict), transaction():
        council.resume(held, by=secretary, now=clock.now())
    with transaction():
        council.withdraw(item, reason="Tác giả rút", by=secretary, now=clock.now())
    assert item.state is ItemState.WITHDRAWN


def test_the_agenda_comes_from_the_ranking_best_first_and_twice_adds_nothing(secretary, clock):
    held = a_session()
    a_round = held.council.round
    for rank, standing in ((3, Standing.PASSED), (1, Standing.PASSED), (2, Standing.FAILED)):
        a_result(a_round, rank=rank, standing=standing)
    with pytest.raises(Conflict), transaction():
        council.agenda_from_ranking(held, by=secretary, now=clock.now())
    a_closed_scoring(a_round)
    with transaction():
        items = council.agenda_from_ranking(held, by=secretary, now=clock.now())
    assert [(each.number, each.rank) for each in items] == [(1, 1), (2, 3)]
    with transaction():
        assert council.agenda_from_ranking(held, by=secretary, now=clock.now()) == []


def test_an_item_is_added_by_hand_whatever_its_score(secretary, clock):
    held = a_session()
    failed = a_result(held.council.round, rank=9, standing=Standing.FAILED)
    with transaction():
        item = council.add_item(held, failed.initiative, by=secretary, now=clock.now())
    assert (item.number, item.score_passed) == (1, False)
    other = a_result(a_round_at_council())
    with pytest.raises(Conflict), transaction():
        council.add_item(held, other.initiative, by=secretary, now=clock.now())


def test_setting_an_item_aside_takes_a_reason_and_can_be_taken_back(secretary, clock):
    item = an_item(a_session())
    with pytest.raises(Invalid), transaction():
        council.postpone(item, reason="  ", by=secretary, now=clock.now())
    with transaction():
        council.postpone(item, reason="Chờ bổ sung số liệu", by=secretary, now=clock.now())
    assert (item.state, item.reason) == (ItemState.POSTPONED, "Chờ bổ sung số liệu")
    with transaction():
        council.take_up(item, by=secretary, now=clock.now())
    assert (item.state, item.reason) == (ItemState.WAITING, "")
    with pytest.raises(Conflict), transaction():
        council.take_up(item, by=secretary, now=clock.now())


def test_what_is_said_is_kept_and_a_stale_page_overwrites_nothing(secretary, clock):
    item = an_item(a_session())
    version = item.version
    with transaction():
        council.note_discussion(item, "Cần làm rõ số liệu.", read_version=version, by=secretary, now=clock.now())
    with pytest.raises(Conflict), transaction():
        council.note_discussion(item, "Khác", read_version=version, by=secretary, now=clock.now())
    assert item.discussion == "Cần làm rõ số liệu."


def test_who_leads_the_session_notes_nothing_on_the_own_dossier(secretary, clock):
    item = an_item(a_session())
    near = replace(secretary, authored=frozenset({item.initiative_id}))
    with pytest.raises((Forbidden, NotFound)), transaction():
        council.note_discussion(item, "Rất tốt.", read_version=item.version, by=near, now=clock.now())
    assert item.discussion == ""


def test_a_member_reserves_the_own_opinion_and_nobody_elses(secretary, clock):
    item = an_item(a_session())
    mine, other = seat(item.session.council, CouncilRole.MEMBER, 0), seat(item.session.council, CouncilRole.MEMBER, 1)
    me = actor_of(account_of(mine))
    reserved = {"kind": OpinionKind.RESERVED, "now": clock.now()}
    with transaction():
        council.record_opinion(item, mine, text="Tôi không tán thành.", by=me, **reserved)
    with pytest.raises(Forbidden), transaction():
        council.record_opinion(item, other, text="Thay người khác", by=me, **reserved)
    with transaction():
        council.record_opinion(item, mine, text="Tôi bảo lưu ý kiến.", by=secretary, **reserved)
    with pytest.raises(Invalid), transaction():
        council.record_opinion(item, mine, text=" ", by=me, **reserved)
    assert [(each.member_id, each.text) for each in queries.opinions_on(item)] == [(mine.id, "Tôi bảo lưu ý kiến.")]


def test_closing_postpones_what_waits_and_refuses_what_is_counted(secretary, clock):
    held = a_session()
    waiting, counted = an_item(held, number=1), an_item(held, number=2, state=ItemState.COUNTED)
    with pytest.raises(Conflict), transaction():
        council.close_session(held, by=secretary, now=clock.now())
    counted.state = ItemState.WITHDRAWN
    db.session.commit()
    with transaction():
        council.close_session(held, by=secretary, now=clock.now())
    assert waiting.state is ItemState.POSTPONED
    with pytest.raises(Conflict), transaction():
        council.pause(held, by=secretary, now=clock.now())


def test_those_below_the_score_gate_are_refused_once_and_not_what_stands_on_the_agenda(secretary, clock):
    held = a_session()
    a_round = held.council.round
    failed = a_result(a_round, rank=None, standing=Standing.FAILED).initiative_id
    passed = a_result(a_round, rank=1).initiative_id
    by_hand = an_item(held, number=1)
    with transaction():
        assert council.refuse_below_the_gate(held.council, by=secretary, now=clock.now()) == 1
    with transaction():
        assert council.refuse_below_the_gate(held.council, by=secretary, now=clock.now()) == 0
    states = {each: db.session.get_one(Initiative, each).state for each in (failed, passed, by_hand.initiative_id)}
    assert states == {failed: State.NOT_SELECTED, passed: State.REVIEWED, by_hand.initiative_id: State.REVIEWED}


def test_the_counting_team_sits_on_the_council(secretary, clock):
    held = a_session()
    ids = [member.id for member in held.council.members]
    with transaction():
        council.name_tellers(held, members=[ids[5], ids[6]], by=secretary, now=clock.now())
    assert held.tellers == [ids[5], ids[6]]
    for wrong in ([], [10**6]):
        with pytest.raises(Invalid), transaction():
            council.name_tellers(held, members=wrong, by=secretary, now=clock.now())


# --- who is told --------------------------------------------------------------------------------


def waiting():
    notices = db.session.scalars(select(Notice).order_by(Notice.id))
    return [(notice.template, notice.address, notice.params.get("title", "")) for notice in notices]


def test_members_are_told_that_they_sit_and_new_ones_when_the_list_changes(secretary, clock):
    people = new_members(CouncilRole.CHAIR, CouncilRole.SECRETARY, CouncilRole.MEMBER)
    with transaction():
        made = council.found(a_round_at_council(), **DECISION, members=people, by=secretary, now=clock.now())
    assert waiting() == [("council-joined", person.account.email, "") for person in people]

    added = NewMember(an_account(Role.MEMBER), CouncilRole.MEMBER)
    with transaction():
        council.change_members(
            made,
            decision_number="405/QĐ-HĐSK",
            decision_date=date(2026, 2, 20),
            members=[*people, added],
            read_version=made.version,
            by=secretary,
            now=clock.now(),
        )
    assert waiting()[3:] == [("council-joined", added.account.email, "")]


def test_authors_hear_nothing_when_the_session_closes(secretary, clock):
    held = a_session()
    selected, refused, later = (an_item(held, number=number) for number in (1, 2, 3))
    for item, state, reached in (
        (selected, ItemState.DECIDED, State.SELECTED),
        (refused, ItemState.DECIDED, State.NOT_SELECTED),
        (later, ItemState.WAITING, State.REVIEWED),
    ):
        item.state, item.initiative.state = state, reached
    db.session.commit()
    with transaction():
        council.close_session(held, by=secretary, now=clock.now())
    assert waiting() == []
