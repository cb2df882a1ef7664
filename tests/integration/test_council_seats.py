"""Who sits: terms, substitutes, proxies, and what a later decision changes in a session that runs."""

from datetime import date, timedelta

import pytest

from evaluator import verifier
from evaluator.core.db import db, transaction
from evaluator.core.errors import Conflict, Invalid, NotFound
from evaluator.council import evidence, ledger, queries, recusals
from evaluator.council import service as council
from evaluator.council.models import CouncilRole, Vote, Whereabouts
from evaluator.council.polls import deciding
from evaluator.council.polls import service as polls
from evaluator.council.polls.papers import PaperList
from evaluator.council.seats import service as seats
from evaluator.council.service import NewMember
from evaluator.rules.roles import Role
from evaluator.rules.vote_rule import Mode
from tests.factories import actor_of, an_account, an_author
from tests.factories_council import a_council, a_session, account_of, an_item, seat, the_secretary, under

YES_NO = {"threshold": [1, 2], "compare": ">", "base": "members"}


@pytest.fixture
def secretary(app):
    return the_secretary()


def change(made, members, secretary, clock, *, number="600/QĐ", reason="Nghỉ hưu"):
    with transaction():
        return council.change_members(
            made,
            decision_number=number,
            decision_date=date(2026, 3, 2),
            members=members,
            reason=reason,
            read_version=made.version,
            by=secretary,
            now=clock.now(),
        )


def as_named(made, *, without=(), with_new=()):
    kept = [NewMember(each.account, each.role) for each in made.members if each.id not in without]
    return [*kept, *(NewMember(account) for account in with_new)]


def put(item, secretary, clock, mode=Mode.OPEN):
    with transaction():
        return polls.put(item.session, [item], mode=mode, by=secretary, now=clock.now())[0]


# --- terms --------------------------------------------------------------------------------------


def test_a_session_seats_only_those_whose_term_covers_the_day(secretary, clock):
    made = a_council()
    ended, coming = seat(made, CouncilRole.MEMBER, 0), seat(made, CouncilRole.MEMBER, 1)
    ended.serves_to = clock.now().date() - timedelta(days=1)
    coming.serves_from = clock.now().date() + timedelta(days=1)
    last = seat(made, CouncilRole.CRITIC)
    last.serves_to = clock.now().date()
    db.session.commit()
    with transaction():
        held = council.open_session(made, place="Phòng họp", by=secretary, now=clock.now())
    assert [each.id for each in held.members] == [
        each.id for each in made.members if each.id not in {ended.id, coming.id}
    ]
    assert queries.room(held).members == 5


def test_a_term_that_ends_before_it_begins_is_refused(secretary, clock):
    made = a_council()
    wrong = as_named(made)
    wrong[-1] = NewMember(
        made.members[-1].account, CouncilRole.MEMBER, serves_from=date(2026, 5, 1), serves_to=date(2026, 4, 1)
    )
    with pytest.raises(Invalid):
        change(made, wrong, secretary, clock)


# --- a later decision ---------------------------------------------------------------------------


def test_a_decision_ends_a_seat_and_adds_one_and_the_running_session_follows(secretary, clock):
    made = a_council()
    held = a_session(made)
    gone, new = seat(made, CouncilRole.MEMBER), an_account(Role.MEMBER)
    change(made, as_named(made, without=[gone.id], with_new=[new]), secretary, clock)

    assert (gone.unseated_by, gone.unseated_why) == ("600/QĐ", "Nghỉ hưu")
    assert [each.account_id for each in made.members][-1] == new.id
    assert made.members[-1].seated_by == "600/QĐ"
    assert gone not in held.members
    assert made.members[-1] in held.members
    assert queries.room(held).present == 6
    assert queries.room(held).members == 7


def test_a_member_who_lost_the_seat_sees_the_council_no_more(secretary, clock):
    made = a_council()
    a_session(made)
    gone = seat(made, CouncilRole.MEMBER)
    assert queries.get(made.code, actor=actor_of(account_of(gone))) is made
    change(made, as_named(made, without=[gone.id]), secretary, clock)
    with pytest.raises(NotFound):
        queries.get(made.code, actor=actor_of(account_of(gone)))


def test_who_comes_back_by_a_later_decision_gets_the_own_seat_again(secretary, clock):
    made = a_council()
    held = a_session(made)
    gone = seat(made, CouncilRole.MEMBER)
    everybody = as_named(made)
    change(made, as_named(made, without=[gone.id]), secretary, clock)
    change(made, everybody, secretary, clock, number="700/QĐ", reason="Trở lại công tác")
    assert len(made.members) == 7
    assert gone in held.members


# --- substitutes --------------------------------------------------------------------------------


@pytest.fixture
def away(secretary, clock):
    """A session whose last member is absent."""
    return a_session(a_council(), present=6)


def sit_in(held, secretary, clock, *, account=None):
    member = held.members[-1]
    account = account or an_account(Role.MEMBER, name="Trịnh Dự Thay")
    with transaction():
        seats.substitute(held, member, account, paper="12/GUQ ngày 01/3/2026", by=secretary, now=clock.now())
        everybody = [each.id for each in held.members]
        council.call_roll(held, present=everybody, by=secretary, now=clock.now())
    return member, account


def test_a_substitute_has_the_one_vote_of_the_seat(away, secretary, clock):
    member, account = sit_in(away, secretary, clock)
    poll = put(an_item(away), secretary, clock)
    assert (len(poll.roll), poll.members) == (7, 7)
    assert account.id in poll.roll_account_ids
    assert member.account_id not in poll.roll_account_ids
    with transaction():
        polls.cast(poll, Vote.YES, by=actor_of(account), now=clock.now())
    assert [vote.member_id for vote in poll.lines[0].votes] == [member.id]
    line = next(each for each in poll.definition["roll"] if each["seat"] == member.position)
    assert (line["name"], line["substitute"]) == (member.name, "Trịnh Dự Thay")
    assert queries.session(away.council.code, 1, actor=actor_of(account)) is away


def test_a_substitute_who_is_an_author_steps_aside_and_the_member_does_not(away, secretary, clock):
    member, account = sit_in(away, secretary, clock)
    item = an_item(away, authors=[an_author(account_id=account.id)])
    own = an_item(away, number=2, authors=[an_author(account_id=member.account_id)])
    found = recusals.found(away, [item, own])
    assert [(each.member.id, each.is_barred) for each in found[item.id]] == [(member.id, True)]
    assert found[own.id] == []


def test_the_member_takes_the_seat_back_before_anything_was_voted_on(away, secretary, clock):
    member, _account = sit_in(away, secretary, clock)
    with transaction():
        seats.take_back(away, member, by=secretary, now=clock.now())
    attendance = next(each for each in away.attendances if each.member_id == member.id)
    assert attendance.whereabouts is Whereabouts.LEFT  # the substitute; the member is called on the roll
    assert away.sitting[member.id] == member.account_id
    said = [(entry.kind, entry.body["substitute"]) for entry in ledger.entries_of(away)]
    assert said == [("substitute", "Trịnh Dự Thay"), ("substitute", "")]


@pytest.mark.parametrize("mode", [Mode.OPEN, Mode.PAPER])
def test_a_substitute_who_has_voted_stays(away, secretary, clock, mode):
    member, account = sit_in(away, secretary, clock)
    poll = put(an_item(away), secretary, clock, mode)
    with pytest.raises(Conflict), transaction():
        seats.take_back(away, member, by=secretary, now=clock.now())  # a vote is open
    if mode is Mode.OPEN:
        with transaction():
            polls.cast(poll, Vote.NO, by=actor_of(account), now=clock.now())
    else:
        all_for = PaperList(issued=7, returned=7, valid=7, invalid=0, lines={1: (7, 0, 0)})
        for by in (secretary, the_secretary()):
            with transaction():
                polls.enter_papers(poll, all_for, by=by, now=clock.now())
    with transaction():
        polls.close(poll, by=secretary, now=clock.now())
    with pytest.raises(Conflict, match="has voted"), transaction():
        seats.take_back(away, member, by=secretary, now=clock.now())


def test_nobody_stands_in_for_the_chair_for_who_is_there_or_twice(away, secretary, clock):
    stranger = an_account(Role.MEMBER)
    for member, account in (
        (seat(away.council, CouncilRole.CHAIR), stranger),
        (away.members[-1], account_of(seat(away.council, CouncilRole.VICE))),
    ):
        with pytest.raises(Invalid), transaction():
            seats.substitute(away, member, account, paper="1/GUQ", by=secretary, now=clock.now())
    with pytest.raises(Conflict, match="in the room"), transaction():
        seats.substitute(
            away, seat(away.council, CouncilRole.CRITIC), stranger, paper="1/GUQ", by=secretary, now=clock.now()
        )
    with pytest.raises(Invalid), transaction():
        seats.substitute(away, away.members[-1], stranger, paper=" ", by=secretary, now=clock.now())


# --- proxies ------------------------------------------------------------------------------------


def give(held, giver, holder, secretary, clock):
    with transaction():
        return seats.give_proxy(held, giver, holder, paper="3/GUQ", by=secretary, now=clock.now())


def test_without_a_word_in_the_rule_everybody_votes_in_person(away, secretary, clock):
    with pytest.raises(Conflict, match="in person"):
        give(away, away.members[-1], away.members[0], secretary, clock)


def test_a_proxy_votes_in_open_votes_and_counts_as_present_only_while_its_holder_is(secretary, clock):
    held = under(a_session(a_council(), present=5), **YES_NO, proxies=1)
    giver, other, holder = held.members[5], held.members[6], held.members[1]
    give(held, giver, holder, secretary, clock)
    items = [an_item(held, number=number) for number in (1, 2, 3)]
    first = put(items[0], secretary, clock)
    assert giver.id in first.roll
    assert other.id not in first.roll
    line = next(each for each in first.definition["roll"] if each["seat"] == giver.position)
    assert (line["status"], line["proxy"]) == ("entitled", holder.position)
    with transaction():
        polls.cast_by_name(first, dict.fromkeys(first.roll, Vote.YES), by=secretary, now=clock.now())
        polls.close(first, by=secretary, now=clock.now())
    assert first.lines[0].yes == 6
    assert giver.id not in put(items[1], secretary, clock, Mode.PAPER).roll
    with transaction():
        polls.annul(held_poll(held, 2), reason="Thử", by=secretary, now=clock.now())
        council.call_roll(
            held, present=[each.id for each in held.members[:5] if each is not holder], by=secretary, now=clock.now()
        )
    assert giver.id not in put(items[2], secretary, clock).roll


def held_poll(held, number):
    return queries.poll(held.council.code, held.number, number, actor=the_secretary())


def test_proxies_have_a_limit_and_no_chains(secretary, clock):
    held = under(a_session(a_council(), present=3), **YES_NO, proxies=1)
    first, second, third = held.members[4], held.members[5], held.members[6]
    give(held, first, held.members[0], secretary, clock)
    for giver, holder in ((second, held.members[0]), (held.members[3], first), (third, third)):
        with pytest.raises(Invalid):
            give(held, giver, holder, secretary, clock)


def test_a_session_with_substitute_and_changed_seats_verifies(away, secretary, clock):
    sit_in(away, secretary, clock)
    made = away.council
    gone, new = seat(made, CouncilRole.CRITIC, 1), an_account(Role.MEMBER)
    item = an_item(away)
    poll = put(item, secretary, clock)
    change(made, as_named(made, without=[gone.id], with_new=[new]), secretary, clock)
    with transaction():
        polls.cast_by_name(poll, dict.fromkeys(poll.roll, Vote.YES), by=secretary, now=clock.now())
        polls.close(poll, by=secretary, now=clock.now())
        council.call_roll(away, present=[each.id for each in away.members], by=secretary, now=clock.now())
    later = put(an_item(away, number=2), secretary, clock)
    assert (poll.lines[0].base, len(later.roll)) == (6, 7)
    with transaction():
        polls.cast_by_name(later, dict.fromkeys(later.roll, Vote.YES), by=secretary, now=clock.now())
        polls.close(later, by=secretary, now=clock.now())
        deciding.decide_all(away, by=secretary, now=clock.now())
        council.close_session(away, by=secretary, now=clock.now())
    assert list(verifier.verify(evidence.bundle(away)))
