"""The table of edge cases of the voting digest (part 5), row by row: what a council's vote does when things go wrong.

The rows that concern sealed electronic ballots alone stand with their tests in ``test_council_sealed.py``.
"""

import pytest

from evaluator import verifier
from evaluator.core.db import db, transaction
from evaluator.core.errors import Conflict, Forbidden, Invalid
from evaluator.council import evidence, ledger, queries, recusals, told
from evaluator.council import service as council
from evaluator.council.models import CouncilRole, ItemState, PollState, Vote
from evaluator.council.polls import counting, deciding, incidents
from evaluator.council.polls import service as polls
from evaluator.council.polls.papers import PaperList
from evaluator.council.service import NewMember
from evaluator.rules.lifecycle import InitiativeState as State
from evaluator.rules.vote_rule import Mode
from evaluator.rules.voting import Verdict
from evaluator.web.language import say_in
from tests.factories import actor_of, an_author
from tests.factories_council import a_council, a_session, account_of, an_item, seat, the_secretary, under

HALF = {"threshold": [1, 2], "compare": ">"}
LIST = {"method": "choose", "base": "returned", **HALF}


class Room:
    """A session and the secretary who leads it: one call per step of a vote."""

    def __init__(self, clock, **rule):
        self.clock, self.secretary = clock, the_secretary()
        self.held = a_session(a_council())
        if rule:
            under(self.held, **rule)

    def items(self, count: int):
        return [an_item(self.held, number=number) for number in range(1, count + 1)]

    def put(self, *items, mode=Mode.OPEN, **more):
        with transaction():
            return polls.put(self.held, items, mode=mode, by=self.secretary, now=self.clock.now(), **more)[0]

    def record(self, poll, *, yes: int, no: int = 0, abstain: int = 0):
        ways = [Vote.YES] * yes + [Vote.NO] * no + [Vote.ABSTAIN] * abstain
        votes = dict(zip(poll.roll, ways, strict=False))
        with transaction():
            polls.cast_by_name(poll, votes, by=self.secretary, now=self.clock.now())

    def papers(self, poll, papers: PaperList):
        for by in (self.secretary, the_secretary()):
            with transaction():
                polls.enter_papers(poll, papers, by=by, now=self.clock.now())

    def count(self, poll):
        with transaction():
            polls.close(poll, by=self.secretary, now=self.clock.now())
        return poll.lines[0]

    def vote(self, item, *, yes: int, no: int = 0, abstain: int = 0):
        poll = self.put(item)
        self.record(poll, yes=yes, no=no, abstain=abstain)
        return self.count(poll)

    def do(self, verb, subject, **more):
        with transaction():
            return verb(subject, **more, by=self.secretary, now=self.clock.now())

    def roll(self, members):
        self.do(council.call_roll, self.held, present=[member.id for member in members])

    def proof(self) -> list[str]:
        self.do(deciding.decide_all, self.held)
        self.do(council.close_session, self.held)
        return list(verifier.verify(evidence.bundle(self.held)))


@pytest.fixture
def room(app, clock):
    return lambda **rule: Room(clock, **rule)


def words(line) -> str:
    return " ".join(say_in("en", each) for each in told.from_document(line.why))


# --- quorum -------------------------------------------------------------------------------------


def test_quorum_lost_mid_session_ends_no_decision_and_earlier_decisions_stand(room):
    there = room(**HALF, base="present", quorum={"fraction": [2, 3], "of": "members"})
    first, second = there.items(2)
    there.vote(first, yes=7)
    there.do(deciding.decide, first)
    there.roll(there.held.members[:4])
    with pytest.raises(Conflict, match="No quorum"):
        there.put(second)
    (poll,) = there.do(polls.note_no_quorum, there.held, items=[second])

    assert poll.lines[0].verdict is Verdict.NO_DECISION
    assert "4 took part, 5 of 7 were needed" in words(poll.lines[0])
    assert (second.state, second.initiative.state) == (ItemState.WAITING, State.REVIEWED)
    assert first.initiative.state is State.SELECTED
    assert there.proof()


def test_want_of_a_quorum_is_not_noted_while_there_is_one(room):
    there = room()
    with pytest.raises(Conflict, match="has its quorum"):
        there.do(polls.note_no_quorum, there.held, items=there.items(1))


@pytest.mark.parametrize(
    ("of", "returned", "verdict"), [("present", 4, Verdict.PASSED), ("present", 3, Verdict.NO_DECISION)]
)
def test_quorum_by_participation_is_asked_when_the_box_is_opened(room, of, returned, verdict):
    there = room(**HALF, base="returned", quorum=[{"fraction": [1, 2], "of": of, "compare": ">"}])
    poll = there.put(*there.items(1), mode=Mode.PAPER)
    there.papers(poll, PaperList(7, returned, returned, 0, lines={1: (returned, 0, 0)}))
    assert there.count(poll).verdict is verdict


def test_quorum_by_presence_and_by_participation_may_both_be_set(room):
    both = [{"fraction": [2, 3], "of": "members"}, {"fraction": [1, 2], "of": "returned", "compare": ">"}]
    there = room(**HALF, base="returned", quorum=both)
    there.roll(there.held.members[:5])
    item = there.items(1)[0]
    poll = there.put(item, mode=Mode.PAPER)
    there.papers(poll, PaperList(5, 3, 3, 0, lines={1: (3, 0, 0)}))
    assert there.count(poll).verdict is Verdict.NO_DECISION
    there.roll(there.held.members[:4])
    with pytest.raises(Conflict, match="No quorum"):
        there.put(item, mode=Mode.PAPER)


# --- abstention, blank, invalid, the threshold itself -------------------------------------------


@pytest.mark.parametrize(("base", "verdict"), [("members", Verdict.FAILED), ("yes_no", Verdict.PASSED)])
def test_abstention_is_in_or_out_by_the_base(room, base, verdict):
    there = room(**HALF, base=base)
    assert there.vote(there.items(1)[0], yes=3, no=1, abstain=3).verdict is verdict


@pytest.mark.parametrize(("blank_is_valid", "base", "verdict"), [(False, 5, Verdict.PASSED), (True, 6, Verdict.FAILED)])
def test_blank_and_invalid_papers_are_counted_apart_and_the_rule_says_whether_blank_is_valid(
    room, blank_is_valid, base, verdict
):
    there = room(**HALF, base="valid", blank_is_valid=blank_is_valid)
    poll = there.put(*there.items(1), mode=Mode.PAPER)
    there.papers(poll, PaperList(7, 7, 5, 1, blank=1, causes={"marked": 1}, lines={1: (3, 2, 0)}))
    line = there.count(poll)
    assert (line.base, line.verdict) == (base, verdict)
    assert (poll.totals["blank"], poll.totals["causes"]) == (1, {"marked": 1})
    assert there.proof()


@pytest.mark.parametrize(("compare", "verdict"), [(">=", Verdict.PASSED), (">", Verdict.FAILED)])
def test_exactly_at_the_threshold_is_as_the_comparison_says(room, compare, verdict):
    there = room(threshold=[3, 7], compare=compare, base="members")
    assert there.vote(there.items(1)[0], yes=3, no=4).verdict is verdict


# --- ties ---------------------------------------------------------------------------------------


def test_tie_yes_as_many_as_no_is_not_passed_and_only_the_rule_gives_the_chair_a_casting_vote(room):
    there = room(**HALF, base="yes_no")
    line = there.vote(there.items(1)[0], yes=3, no=3)
    assert line.verdict is Verdict.FAILED
    with pytest.raises(Forbidden):
        there.do(incidents.break_tie, line.poll, vote=Vote.YES)


def test_the_casting_vote_is_an_event_of_its_own_after_the_count(room):
    there = room(**HALF, base="yes_no", chair_casts=True)
    item = there.items(1)[0]
    poll = there.put(item)
    there.record(poll, yes=3, no=3)
    with pytest.raises(Conflict):  # never before the count
        there.do(incidents.break_tie, poll, vote=Vote.YES)
    there.count(poll)
    there.do(incidents.break_tie, poll, vote=Vote.YES)
    assert (poll.lines[0].verdict, poll.lines[0].casting) == (Verdict.PASSED, Vote.YES)
    assert [entry.kind for entry in ledger.entries_of(there.held)] == ["freeze", "record", "close", "casting"]
    with pytest.raises(Conflict):  # and only once
        there.do(incidents.break_tie, poll, vote=Vote.NO)
    assert there.proof()


def test_a_casting_vote_against_stands_as_well(room):
    there = room(**HALF, base="yes_no", chair_casts=True)
    line = there.vote(there.items(1)[0], yes=3, no=3)
    there.do(incidents.break_tie, line.poll, vote=Vote.NO)
    assert (line.verdict, line.casting) == (Verdict.FAILED, Vote.NO)
    with pytest.raises(Conflict):
        there.do(incidents.break_tie, line.poll, vote=Vote.YES)
    assert there.proof()


def test_a_chair_who_stepped_aside_breaks_no_tie_and_the_vice_chair_does(room):
    there = room(**HALF, base="yes_no", chair_casts=True)
    chair, vice = seat(there.held.council, CouncilRole.CHAIR), seat(there.held.council, CouncilRole.VICE)
    item = an_item(there.held, authors=[an_author(account_id=chair.account_id)])
    line = there.vote(item, yes=3, no=3)
    assert queries.presiding(line.poll) is vice
    other = an_item(there.held, number=2)
    poll = there.put(other, recused={other.id: [chair.id, vice.id]})
    there.record(poll, yes=2, no=2)
    there.count(poll)
    with pytest.raises(Conflict, match="Neither the chair"):
        there.do(incidents.break_tie, poll, vote=Vote.YES)


def test_no_casting_vote_in_a_secret_ballot(room):
    there = room(**HALF, base="yes_no", chair_casts=True)
    poll = there.put(*there.items(1), mode=Mode.PAPER)
    there.papers(poll, PaperList(7, 6, 6, 0, lines={1: (3, 3, 0)}))
    assert there.count(poll).verdict is Verdict.FAILED
    with pytest.raises(Conflict):
        there.do(incidents.break_tie, poll, vote=Vote.YES)


def chosen_from(there, *yes: int):
    items = there.items(len(yes))
    poll = there.put(*items, mode=Mode.PAPER)
    lines = {item.number: (count, 7 - count, 0) for item, count in zip(items, yes, strict=True)}
    there.papers(poll, PaperList(7, 7, 7, 0, lines=lines))
    there.count(poll)
    return poll


def verdicts(poll) -> list[str]:
    return [str(line.verdict) for line in poll.lines]


@pytest.mark.parametrize(
    ("tie", "expected"),
    [
        ("runoff", ["passed", "no-decision", "no-decision"]),
        ("lot", ["passed", "no-decision", "no-decision"]),
        ("take-all", ["passed", "passed", "passed"]),
        ("take-none", ["passed", "failed", "failed"]),
    ],
)
def test_tie_at_the_cut_off_returns_the_tied_set_and_the_rule_says_what_then(room, tie, expected):
    there = room(**LIST, k=2, tie=tie)
    assert verdicts(chosen_from(there, 6, 4, 4)) == expected


def test_a_lot_is_drawn_from_a_public_seed_that_the_verifier_redoes(room):
    there = room(**LIST, k=2, tie="lot")
    poll = chosen_from(there, 6, 4, 4)
    with pytest.raises(Invalid):
        there.do(incidents.draw_lots, poll, seed=" ")
    there.do(incidents.draw_lots, poll, seed="05213")
    assert sorted(verdicts(poll)) == ["failed", "passed", "passed"]
    assert poll.result["seed"] == "05213"
    with pytest.raises(Conflict):
        there.do(incidents.draw_lots, poll, seed="1")
    assert there.proof()


def test_a_lot_is_not_drawn_where_the_rule_wants_a_run_off(room):
    there = room(**LIST, k=2)
    with pytest.raises(Conflict, match="by lot"):
        there.do(incidents.draw_lots, chosen_from(there, 6, 4, 4), seed="1")


def test_the_run_off_among_the_tied_is_a_vote_of_its_own_with_a_link(room):
    there = room(**LIST, k=2)
    poll = chosen_from(there, 6, 4, 4)
    again = there.do(polls.run_off, poll)
    assert ([line.item.number for line in again.lines], again.former_id) == ([2, 3], poll.id)
    with pytest.raises(Conflict):
        there.do(polls.run_off, poll)


def test_more_than_k_over_the_threshold_are_cut_and_both_steps_are_said(room):
    there = room(**{**LIST, "threshold": [1, 4]}, k=2)
    poll = chosen_from(there, 6, 5, 3)
    assert verdicts(poll) == ["passed", "passed", "failed"]
    said = words(poll.lines[0])
    assert "3 reach the threshold" in said
    assert "2 chosen by the number of votes" in said


def test_fewer_than_k_over_the_threshold_are_not_filled_up(room):
    there = room(**LIST, k=3)
    poll = chosen_from(there, 5, 2, 1)
    assert verdicts(poll) == ["passed", "failed", "failed"]
    assert "places left open are not filled up" in words(poll.lines[0])


# --- recusal ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("base", "number"), [("members_entitled", 6), ("members", 7)])
def test_a_recused_member_leaves_the_base_of_that_item_only_where_the_rule_counts_those_entitled(room, base, number):
    there = room(**HALF, base=base)
    near, free = there.items(2)
    poll = there.put(near, recused={near.id: [seat(there.held.council, CouncilRole.MEMBER).id]})
    there.record(poll, yes=4)
    assert there.count(poll).base == number
    assert there.vote(free, yes=4).base == 7


def test_recusal_after_casting_voids_that_vote_with_its_reason(room):
    there = room(**HALF, base="members_entitled")
    item = there.items(1)[0]
    poll = there.put(item)
    there.record(poll, yes=7)
    late = seat(there.held.council, CouncilRole.MEMBER)
    there.do(incidents.recuse, poll, member=late, reason="Là anh em ruột của tác giả")
    line = there.count(poll)
    assert (line.yes, line.base, line.recused) == (6, 6, 1)
    assert [(each.member_id, each.note) for each in item.recusals] == [(late.id, "Là anh em ruột của tác giả")]
    body = next(entry.body for entry in ledger.entries_of(there.held) if entry.kind == "roll")
    assert (body["seat"], body["status"], body["voided"]) == (late.position, "recused", 1)
    assert there.proof()


def test_recusal_after_papers_were_given_out_breaks_the_vote_off_instead(room):
    there = room()
    poll = there.put(*there.items(1), mode=Mode.PAPER)
    with pytest.raises(Conflict, match="cannot be told apart"):
        there.do(incidents.recuse, poll, member=there.held.members[6], reason="Muộn")


def test_recusals_are_proposed_from_the_authors_before_the_item_is_put(room):
    there = room()
    author = seat(there.held.council, CouncilRole.MEMBER)
    item = an_item(there.held, authors=[an_author(account_id=author.account_id)])
    (found,) = recusals.found(there.held, [item])[item.id]
    assert (found.member.id, found.is_barred) == (author.id, True)


# --- voting again, and more than once -----------------------------------------------------------


def test_a_re_vote_is_a_new_poll_with_its_own_roll_linked_to_the_former_and_a_reason(room):
    there = room()
    item = there.items(1)[0]
    first = there.vote(item, yes=4, no=3).poll
    with pytest.raises(Invalid):
        there.do(deciding.vote_again, item, reason=" ")
    there.do(deciding.vote_again, item, reason="Có thành viên nghe nhầm tên hồ sơ")
    there.roll(there.held.members[:6])
    second = there.put(item)
    assert (second.former_id, second.again) == (first.id, "Có thành viên nghe nhầm tên hồ sơ")
    assert (second.definition["former"], second.definition["again"]) == (1, second.again)
    assert len(second.roll) == 6
    assert second.lines[0].votes == []
    there.record(second, yes=6)
    there.count(second)
    there.do(deciding.decide, item)
    assert item.initiative.state is State.SELECTED
    assert (first.lines[0].yes, second.lines[0].yes) == (4, 6)
    assert there.proof()


def test_a_re_vote_that_differs_by_few_voters_is_warned_of_in_secret(room):
    there = room()
    item = there.items(1)[0]
    poll = there.put(item, mode=Mode.PAPER)
    there.papers(poll, PaperList(7, 7, 7, 0, lines={1: (4, 3, 0)}))
    there.count(poll)
    assert not queries.tells_by_difference(item)
    there.do(deciding.vote_again, item, reason="Kiểm lại")
    assert not queries.tells_by_difference(item)
    there.roll(there.held.members[:6])
    assert queries.tells_by_difference(item)


def test_a_double_ballot_is_one_row_and_the_last_one_counts(room):
    there = room()
    poll = there.put(*there.items(1))
    me = actor_of(account_of(there.held.members[0]))
    for vote in (Vote.YES, Vote.NO):
        with transaction():
            polls.cast(poll, vote, by=me, now=there.clock.now())
    line = there.count(poll)
    assert (line.yes, line.no, len(line.votes)) == (0, 1, 1)


def test_a_late_ballot_is_refused_by_the_state_inside_the_lock(room):
    there = room()
    poll = there.put(*there.items(1))
    there.record(poll, yes=6)
    there.count(poll)
    with pytest.raises(Conflict), transaction():
        polls.cast(poll, Vote.NO, by=actor_of(account_of(there.held.members[6])), now=there.clock.now())


def test_an_interrupted_vote_is_broken_off_and_repeated_and_publishes_no_subtotal(room):
    there = room()
    item = there.items(1)[0]
    poll = there.put(item)
    there.record(poll, yes=5)
    there.do(polls.annul, poll, reason="Mất điện")
    assert (poll.state, poll.lines[0].yes, poll.lines[0].verdict) == (PollState.ANNULLED, 0, None)
    again = there.put(item)
    assert (again.former_id, again.again) == (poll.id, "Mất điện")


# --- papers -------------------------------------------------------------------------------------


def test_more_papers_than_were_issued_are_refused_until_the_counting_board_lists_them(room):
    there = room(**HALF, base="returned")
    poll = there.put(*there.items(1), mode=Mode.PAPER)
    papers = {"issued": 6, "returned": 7, "valid": 7, "invalid": 0}
    with pytest.raises(Invalid) as refused:
        there.papers(poll, PaperList(**papers, lines={1: (6, 1, 0)}))
    assert list(refused.value.fields) == ["returned"]


@pytest.mark.parametrize(("yes", "verdict"), [(6, Verdict.PASSED), (4, Verdict.NO_DECISION)])
def test_a_surplus_of_papers_is_valid_only_if_the_margin_exceeds_it(room, yes, verdict):
    there = room(**HALF, base="returned")
    poll = there.put(*there.items(1), mode=Mode.PAPER)
    listed = PaperList(6, 7, 7, 0, lines={1: (yes, 7 - yes, 0)}, surplus="Thừa 1 phiếu cùng mẫu, không rõ nguồn")
    there.papers(poll, listed)
    assert there.count(poll).verdict is verdict
    assert there.proof()


# --- what is withdrawn or changed ---------------------------------------------------------------


def test_an_item_withdrawn_while_open_closes_its_part_and_says_how_many_had_voted(room):
    there = room()
    item = there.items(1)[0]
    poll = there.put(item)
    there.record(poll, yes=5)
    there.do(council.withdraw, item, reason="Tác giả xin rút")
    assert (item.state, poll.state) == (ItemState.WITHDRAWN, PollState.ANNULLED)
    body = next(entry.body for entry in ledger.entries_of(there.held) if entry.kind == "withdraw")
    assert body == {"poll": 1, "part": 1, "given": 5, "reason": "Tác giả xin rút", "by": there.secretary.label}
    assert there.proof()


def test_an_item_withdrawn_from_a_paper_is_not_counted_and_the_others_are(room):
    there = room()
    stays, goes = there.items(2)
    poll = there.put(stays, goes, mode=Mode.PAPER)
    there.do(council.withdraw, goes, reason="Tác giả xin rút")
    there.papers(poll, PaperList(7, 7, 7, 0, lines={1: (7, 0, 0)}))
    there.count(poll)
    assert [(line.verdict, line.withdrawn_at is None) for line in poll.lines] == [(Verdict.PASSED, True), (None, False)]
    assert there.proof()


def test_an_item_on_a_list_is_withdrawn_by_putting_the_list_again(room):
    there = room(**LIST, k=1)
    items = there.items(3)
    there.put(*items, mode=Mode.PAPER)
    with pytest.raises(Conflict, match="stand on one list"):
        there.do(council.withdraw, items[0], reason="Tác giả xin rút")


def test_a_text_that_changed_after_the_freeze_is_not_counted(room):
    there = room()
    item = there.items(1)[0]
    poll = there.put(item)
    item.initiative.content_hash = "f" * 64
    db.session.commit()
    there.record(poll, yes=7)
    with pytest.raises(Conflict, match="is not the one that was put"):
        there.count(poll)
    there.do(polls.annul, poll, reason="Văn bản đã đổi")
    assert there.vote(item, yes=7).verdict is Verdict.PASSED


# --- the roll -----------------------------------------------------------------------------------


def lose(there, member):
    kept = [NewMember(each.account, each.role) for each in there.held.council.members if each is not member]
    made = there.held.council
    there.do(
        council.change_members, made, decision_number="600/QĐ", decision_date=there.clock.now().date(),
        members=kept, reason="Chuyển công tác", read_version=made.version,
    )  # fmt: skip


def test_a_member_who_leaves_between_freeze_and_close_leaves_the_roll_by_a_decision_with_a_number(room):
    there = room(**HALF, base="members")
    poll = there.put(*there.items(1))
    gone = there.held.members[6]
    lose(there, gone)
    body = next(entry.body for entry in ledger.entries_of(there.held) if entry.kind == "roll")
    assert (body["status"], body["decision"], body["seat"]) == ("removed", "600/QĐ", gone.position)
    there.record(poll, yes=4)
    assert there.count(poll).base == 6
    assert there.proof()


@pytest.mark.parametrize(("void", "yes", "base"), [(False, 7, 7), (True, 6, 6)])
def test_a_vote_given_before_its_member_lost_the_seat_stands_unless_the_rule_voids_it(room, void, yes, base):
    there = room(**HALF, base="members", void_removed=void)
    poll = there.put(*there.items(1))
    there.record(poll, yes=7)
    lose(there, there.held.members[6])
    line = there.count(poll)
    assert (line.yes, line.base) == (yes, base)
    assert there.proof()


def test_several_levels_have_polls_and_rolls_of_their_own_and_no_sum_across(room):
    base, higher = room(), room()
    for there in (base, higher):
        there.vote(there.items(1)[0], yes=7)
    assert base.held.council is not higher.held.council
    assert queries.tally_of(base.held.council.round).selected == 0
    base.do(deciding.decide_all, base.held)
    assert queries.tally_of(base.held.council.round).selected == 1
    assert queries.tally_of(higher.held.council.round).selected == 0


def test_a_recount_gives_the_same_result_to_the_byte(room):
    there = room()
    line = there.vote(there.items(1)[0], yes=5, no=2)
    before = ledger.counted(line.poll)
    counting.count(line.poll)
    assert ledger.counted(line.poll) == before
    assert there.proof()


# --- few voters ---------------------------------------------------------------------------------


def test_nobody_voting_ends_no_decision(room):
    there = room()
    assert there.count(there.put(*there.items(1))).verdict is Verdict.NO_DECISION


def test_with_everybody_recused_an_item_is_not_put(room):
    there = room()
    item = there.items(1)[0]
    with pytest.raises(Conflict):
        there.put(item, recused={item.id: [member.id for member in there.held.members]})


@pytest.mark.parametrize(("present", "refused"), [(2, True), (3, False)])
def test_a_secret_vote_is_refused_below_three_voters_and_an_open_one_is_not(room, present, refused):
    there = room(**HALF, base="present")
    there.roll(there.held.members[:present])
    first, second = there.items(2)
    if refused:
        with pytest.raises(Conflict, match="Fewer than three"):
            there.put(first, mode=Mode.PAPER)
    else:
        assert len(there.put(first, mode=Mode.PAPER).roll) == 3
    assert there.vote(second, yes=present).verdict is Verdict.PASSED
