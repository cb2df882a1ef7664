"""The sealed ballot: prepared, frozen, cast, shut, opened by both holders of each lock, counted, proved."""

import base64
import io
import json
from datetime import timedelta

import pytest

from evaluator import opener, verifier
from evaluator.core import archive
from evaluator.core.db import db, transaction
from evaluator.core.errors import Closed, Conflict, Forbidden, Invalid, NotFound
from evaluator.council import evidence, ledger
from evaluator.council import service as council
from evaluator.council.models import Item, ItemState, PollState
from evaluator.council.polls import deciding
from evaluator.council.polls import service as polls
from evaluator.council.sealed import casting, opening, papers, purging, queries
from evaluator.council.sealed import service as sealed_ballot
from evaluator.council.sealed.casting import Ballot
from evaluator.council.sealed.models import Envelope, SealedPoll, Stage
from evaluator.policy import SYSTEM
from evaluator.rules import sealing
from evaluator.rules.calendar import Phase
from evaluator.rules.evidence import digest
from evaluator.rules.roles import Role
from evaluator.rules.sealing import Layer
from evaluator.rules.vote_rule import VoteRule
from evaluator.rules.voting import Verdict
from evaluator.verifier import Broken
from tests.factories import a_round, actor_of, an_account, an_author
from tests.factories_council import SEATS, a_council, a_session, an_item, the_secretary
from tests.factories_sealed import a_sealed_vote, an_open_sealed_vote, enclosed


@pytest.fixture
def held(app):
    return a_session(a_council())


def bundled(vote) -> bytes:
    """Declare what was counted, close the session, and return its evidence."""
    with transaction():
        deciding.decide_all(vote.session, by=vote.chair, now=vote.now)
        council.close_session(vote.session, conclusion="Hội đồng nhất trí.", by=vote.chair, now=vote.now)
    return evidence.bundle(vote.session)


def test_a_sealed_vote_is_cast_opened_by_four_holders_and_counted(held, clock):
    items = [an_item(held, number=1), an_item(held, number=2)]
    vote = an_open_sealed_vote(held, items, now=clock.now())
    for place in range(6):
        vote.cast(place, {1: "yes", 2: "yes" if place < 2 else "no"})
    vote.cast(6, {1: "abstain", 2: "abstain"})

    vote.shut().open_all()

    lines = {line.item.number: line for line in vote.poll.lines}
    assert [(lines[n].yes, lines[n].no, lines[n].abstain) for n in (1, 2)] == [(6, 0, 1), (2, 4, 1)]
    assert [lines[n].verdict for n in (1, 2)] == [Verdict.PASSED, Verdict.FAILED]
    assert (vote.sealed.stage, vote.poll.state) == (Stage.OPENED, PollState.COUNTED)
    assert {item.state for item in items} == {ItemState.COUNTED}
    assert db.session.query(Envelope).count() == 14


def test_the_evidence_of_a_sealed_vote_proves_itself(held, clock):
    vote = an_open_sealed_vote(held, [an_item(held, number=1), an_item(held, number=2)], now=clock.now())
    receipts = [vote.cast(place, {1: "yes", 2: "no"}) for place in range(5)]
    vote.cast(0, {1: "no", 2: "no"})
    vote.shut().open_all()

    bundle = bundled(vote)

    lines = list(verifier.verify(bundle, json.dumps(receipts[1]).encode()))
    assert lines[-1] == "V9 the 2 envelopes of the receipt were in the box when it was shut"
    with pytest.raises(Broken, match="V9 this ballot was replaced or void later"):
        list(verifier.verify(bundle, json.dumps(receipts[0]).encode()))


def put_in(vote, place: int, ballot: Ballot):
    """Send what a browser sent, whatever it is."""
    with transaction():
        return casting.cast(vote.sealed, ballot, signer=vote.signer, by=vote.actor(place), now=vote.now)


# --- what is refused ------------------------------------------------------------------------------


@pytest.fixture
def box(held, clock):
    """An open box over two items; two of seven have cast."""
    vote = an_open_sealed_vote(held, [an_item(held, number=1), an_item(held, number=2)], now=clock.now())
    for place in (5, 6):
        vote.cast(place, {1: "yes", 2: "no"})
    return vote


def test_a_ballot_after_the_box_is_shut_is_refused_and_leaves_no_trace(box):
    late = box.ballot({1: "yes", 2: "yes"})
    box.shut()
    before = len(list(ledger.entries_of(box.session)))

    with pytest.raises(Closed):
        put_in(box, 0, late)

    assert db.session.query(Envelope).count() == 4
    assert len(list(ledger.entries_of(box.session))) == before


@pytest.mark.parametrize("parts", [{1: "yes"}, {1: "yes", 2: "no", 3: "yes"}, {}], ids=["too few", "too many", "none"])
def test_a_ballot_without_exactly_its_parts_is_refused(box, parts):
    with pytest.raises(Invalid):
        box.cast(0, parts)


def test_a_ballot_of_another_length_is_refused(box):
    ballot = box.ballot({1: "yes", 2: "no"})

    longer = Ballot(ballot.poll_hash, {**ballot.envelopes, 1: ballot.envelopes[1] + b"\0"}, ballot.request)
    with pytest.raises(Invalid):
        put_in(box, 0, longer)


def test_a_ballot_of_another_definition_is_refused(box):
    ballot = box.ballot({1: "yes", 2: "no"})

    with pytest.raises(Conflict):
        put_in(box, 0, Ballot("0" * 64, ballot.envelopes, ballot.request))


def test_a_copied_envelope_is_refused(box):
    """Replay (Cortier and Smyth): a confederate who casts a copy would magnify the vote and reveal it."""
    copied = box.ballot({1: "yes", 2: "no"})
    put_in(box, 0, copied)

    with pytest.raises(Conflict):
        put_in(box, 1, Ballot(copied.poll_hash, copied.envelopes, "ab" * 16))


def test_the_same_request_sent_again_has_the_same_answer_and_counts_once(box):
    ballot = box.ballot({1: "yes", 2: "no"})
    answers = [put_in(box, 0, ballot) for _ in range(2)]

    assert answers[0] == answers[1]
    assert [entry.kind for entry in ledger.entries_of(box.session)].count("cast") == 3


def test_a_later_ballot_takes_the_place_of_the_earlier(box):
    receipt = box.cast(5, {1: "no", 2: "no"})
    box.shut().open_all()

    assert receipt["replaced"]
    assert [(line.yes, line.no) for line in box.poll.lines] == [(1, 1), (0, 2)]


def test_only_members_on_the_roll_cast_and_only_the_chair_shuts(box):
    stranger = actor_of(an_account(Role.MEMBER))
    ballot = box.ballot({1: "yes", 2: "no"})
    with pytest.raises((Forbidden, NotFound)), transaction():
        casting.cast(box.sealed, ballot, signer=box.signer, by=stranger, now=box.now)
    with pytest.raises(Forbidden), transaction():
        sealed_ballot.shut(box.sealed, by=box.actor(5), now=box.now)
    with pytest.raises(Forbidden), transaction():
        sealed_ballot.shut(box.sealed, by=the_secretary(), now=box.now)


def test_nobody_counts_a_sealed_vote_by_the_button_of_the_session(box):
    with pytest.raises(Conflict), transaction():
        polls.close(box.poll, by=box.chair, now=box.now)


def test_a_secret_vote_of_fewer_than_three_is_refused(app, clock):
    held = a_session(a_council(seats=SEATS[:3]))
    items = [an_item(held, authors=[an_author(account_id=held.members[2].account_id)])]
    vote = a_sealed_vote(held, items, now=clock.now(), locks=1).give_keys()

    with pytest.raises(Conflict, match="keep no secret"):
        vote.freeze()


def test_nobody_holds_both_locks(held, clock):
    ids = [member.id for member in held.members]
    for holders in (
        {Layer.OUTER: ids[:2], Layer.INNER: ids[1:3]},
        {Layer.OUTER: [ids[0], ids[0]]},
        {Layer.INNER: ids[:2]},
    ):
        with pytest.raises(Invalid), transaction():
            sealed_ballot.prepare(held, [an_item_once(held)], holders=holders, by=the_secretary(), now=clock.now())


def an_item_once(held):
    return db.session.query(Item).filter_by(session_id=held.id).first() or an_item(held)


def test_a_vote_is_not_frozen_without_its_keys_nor_opened_before_it_is_frozen(held, clock):
    vote = a_sealed_vote(held, [an_item(held)], now=clock.now())
    with pytest.raises(Conflict):
        vote.freeze()
    with pytest.raises(Conflict):
        vote.open()
    vote.give_keys().freeze()
    with pytest.raises(Conflict):
        vote.give_keys()


@pytest.mark.parametrize(
    "change",
    [{"vote": "00" * 16}, {"layer": "B"}, {"public_key": "04" + "11" * 64}, {"suite": "x"}, {"signing_keys": ["00"]}],
)
def test_a_foreign_or_broken_public_key_is_refused(held, clock, change):
    vote = a_sealed_vote(held, [an_item(held)], now=clock.now())
    keys = opener.make_keys(vote.sealed.key, "A", ["Một", "Hai"])

    document = opener.public_file(keys) | change
    with pytest.raises(Invalid), transaction():
        sealed_ballot.give_key(vote.sealed.locks[0], document, by=vote.holders("A")[0], now=clock.now())


# --- opening --------------------------------------------------------------------------------------


def test_unequal_results_of_two_holders_open_nothing(box):
    box.shut()
    box.hand_in("A", 0)
    document = opener.opened(box.keys["A"][1], box.box("A"))
    document["parts"][0]["outputs"].reverse()

    with pytest.raises(Invalid):
        box.hand_in("A", 1, document)

    db.session.expire_all()
    assert box.sealed.stage is Stage.SHUT


def test_a_holder_who_leaves_a_ballot_out_and_signs_that_opens_nothing(box):
    box.shut()
    box.hand_in("A", 0)
    key = box.keys["A"][1]
    document = opener.opened(key, box.box("A"))
    part = document["parts"][0]
    left = [base64.b64decode(each) for each in part["outputs"][1:]]
    lost = sealing.hash_of(base64.b64decode(box.box("A")["parts"][0]["inputs"][0]))
    part |= {
        "outputs": part["outputs"][1:],
        "invalid": [[lost, "locked"]],
        "out_hash": sealing.list_hash(map(sealing.hash_of, left)),
    }
    signed = [
        {name: each[name] for name in ("part", "n", "in_hash", "out_hash", "invalid")} for each in document["parts"]
    ]
    about = {"poll_hash": box.sealed.poll_hash, "layer": "A", "parts": signed}
    document["signature"] = key.signing.sign(digest(sealing.STRIP, about).encode()).hex()

    with pytest.raises(Invalid, match="not equal to what the other holder"):
        box.hand_in("A", 1, document)

    db.session.expire_all()
    assert box.sealed.stage is Stage.SHUT


def test_a_holder_cannot_hand_in_for_the_other(box):
    box.shut()
    with pytest.raises(Invalid, match="not yours"):
        box.hand_in("A", 0, opener.opened(box.keys["A"][1], box.box("A")))
    lock, document = queries.lock(box.sealed, "A"), opener.opened(box.keys["A"][0], box.box("A"))
    with pytest.raises(Forbidden), transaction():
        opening.hand_in(box.sealed, lock, document, by=box.actor(5), now=box.now)


def test_the_inner_lock_waits_for_the_outer(box):
    box.shut()
    with pytest.raises(Conflict):
        box.box("B")


def test_two_holders_get_the_same_list_whatever_the_order_of_what_they_are_given(box):
    box.shut()
    given = box.box("A")
    turned = json.loads(json.dumps(given))
    for part in turned["parts"]:
        part["inputs"].reverse()

    one, other = opener.opened(box.keys["A"][0], given), opener.opened(box.keys["A"][1], turned)

    assert [part["outputs"] for part in one["parts"]] == [part["outputs"] for part in other["parts"]]
    assert [part["out_hash"] for part in one["parts"]] == [part["out_hash"] for part in other["parts"]]


def test_envelopes_that_do_not_open_and_ballots_that_are_none_are_counted_by_reason(held, clock):
    vote = an_open_sealed_vote(held, [an_item(held)], now=clock.now())
    hashed, pad, layers = vote.sealed.poll_hash, vote.sealed.pad, vote.poll.definition["sealed"]["layers"]
    length = sealing.sealed_length(pad, 2)
    plains = [
        sealing.written(hashed, 1, "maybe", pad=pad),
        sealing.written("0" * 64, 1, "yes", pad=pad),
        sealing.written(hashed, 2, "yes", pad=pad),
        b'{"choice": "yes"}'.ljust(pad, b"\0"),
    ]
    sent = [enclosed(plain, layers, hashed, 1) for plain in plains]
    sent += [b"\4" * length, enclosed(b"x" * (pad + 81), layers[:1], hashed, 1)]
    for place, content in enumerate(sent):
        put_in(vote, place, Ballot(hashed, {1: content}, f"{place:032x}"))
    vote.cast(6, {1: "yes"})

    vote.shut().open_all()

    assert vote.poll.totals["parts"][0]["invalid"] == {"choice": 1, "form": 1, "locked": 2, "other-vote": 2}
    assert vote.poll.lines[0].yes == 1
    assert list(verifier.verify(bundled(vote)))


def test_with_one_lock_two_holders_open_it(held, clock):
    vote = an_open_sealed_vote(held, [an_item(held)], now=clock.now(), locks=1)
    for place in range(5):
        vote.cast(place, {1: "yes"})

    vote.shut().open_all()

    assert vote.poll.lines[0].yes == 5
    assert list(verifier.verify(bundled(vote)))


# --- what comes up --------------------------------------------------------------------------------


def test_a_recusal_found_late_voids_that_part_and_leaves_the_others(box):
    with transaction():
        sealed_ballot.recuse(
            box.sealed, box.member(5), 1, reason="Là anh trai của tác giả", by=the_secretary(), now=box.now
        )
    for place in range(4):
        box.cast(place, {1: "yes", 2: "yes"})

    box.shut().open_all()

    totals = {each["part"]: each for each in box.poll.totals["parts"]}
    assert [(totals[n]["entitled"], totals[n]["recused"], totals[n]["cast"]) for n in (1, 2)] == [(6, 1, 5), (7, 0, 6)]
    assert list(verifier.verify(bundled(box)))


def test_an_item_withdrawn_while_the_box_is_open_is_never_opened(box):
    with transaction():
        sealed_ballot.withdraw(box.sealed, 2, reason="Tác giả xin rút", by=the_secretary(), now=box.now)
    for place in range(4):
        box.cast(place, {1: "yes"})

    box.shut().open_all()

    states = {line.item.number: (line.item.state, line.verdict, line.given_then) for line in box.poll.lines}
    assert states[2] == (ItemState.WITHDRAWN, None, 2)
    assert states[1][:2] == (ItemState.COUNTED, Verdict.PASSED)
    assert list(verifier.verify(bundled(box)))


def test_a_vote_that_is_broken_off_opens_nothing_and_its_items_wait(box):
    with transaction():
        polls.annul(box.poll, reason="Mất điện", by=the_secretary(), now=box.now)

    with pytest.raises(Closed):
        box.cast(0, {1: "yes", 2: "yes"})
    with pytest.raises(Conflict):
        box.shut()
    assert {line.item.state for line in box.poll.lines} == {ItemState.WAITING}


def test_who_votes_on_paper_casts_no_sealed_ballot(box):
    with transaction():
        sealed_ballot.mark_paper(box.sealed, box.member(0), by=box.actor(0), now=box.now)
    with pytest.raises(Conflict, match="on paper"):
        box.cast(0, {1: "yes", 2: "yes"})
    with pytest.raises(Conflict, match="in the box already"), transaction():
        sealed_ballot.mark_paper(box.sealed, box.member(5), by=the_secretary(), now=box.now)
    with pytest.raises(Forbidden), transaction():
        sealed_ballot.mark_paper(box.sealed, box.member(1), by=box.actor(3), now=box.now)


# --- papers beside, lists, words, and what is left afterwards -----------------------------------------


def test_papers_beside_are_entered_twice_and_counted_in_without_being_shown_apart(box):
    for place in (0, 1):
        with transaction():
            sealed_ballot.mark_paper(box.sealed, box.member(place), by=box.actor(place), now=box.now)
    for place in (2, 3):
        box.cast(place, {1: "yes", 2: "yes"})
    box.shut().take_off("A")
    box.hand_in("B", 0)
    with pytest.raises(Conflict, match="enter the totals of the papers first"):
        box.hand_in("B", 1)
    given = {1: {"yes": 1, "no": 0, "abstain": 0, "invalid": 1}, 2: {"yes": 0, "no": 2, "abstain": 0, "invalid": 0}}
    secretaries = [the_secretary(), the_secretary()]
    with transaction():
        assert not papers.enter(box.sealed, given, by=secretaries[0], now=box.now)
    with pytest.raises(Invalid), transaction():
        papers.enter(
            box.sealed, given | {2: {"yes": 2, "no": 0, "abstain": 0, "invalid": 0}}, by=secretaries[1], now=box.now
        )
    with pytest.raises(Invalid), transaction():
        papers.enter(
            box.sealed, given | {2: {"yes": 2, "no": 1, "abstain": 0, "invalid": 0}}, by=secretaries[1], now=box.now
        )
    with transaction():
        assert papers.enter(box.sealed, given, by=secretaries[1], now=box.now)

    box.hand_in("B", 1)

    assert [(line.yes, line.no) for line in box.poll.lines] == [(5, 0), (2, 4)]
    assert box.poll.totals["parts"][0]["invalid"] == {"paper": 1}
    assert [entry.totals for entry in box.poll.entries] == [{}, {}]
    assert list(verifier.verify(bundled(box)))


CHOOSE = {"method": "choose", "k": 2, "base": "returned", "threshold": [1, 3], "compare": ">", "modes": ["sealed"]}


@pytest.mark.parametrize("publication", ["totals", "tracked"])
def test_a_list_is_chosen_from_in_one_envelope(app, clock, publication):
    rule = VoteRule.from_document(CHOOSE).as_document()
    held = a_session(a_council(in_round=a_round(phase=Phase.COUNCIL, vote_rule=rule)))
    items = [an_item(held, number=number) for number in (1, 2, 3)]
    vote = an_open_sealed_vote(held, items, now=clock.now(), publication=publication)
    choices = [[1, 2], [1], [1, 3], [], [1, 2], [2, 3], [1, 2, 3]]
    for place, choice in enumerate(choices):
        vote.cast(place, {0: choice}, tracker=f"từ số {place} đây" if publication == "tracked" else None)

    vote.shut().open_all()

    lines = {line.item.number: line for line in vote.poll.lines}
    assert [(lines[n].yes, lines[n].no, lines[n].abstain) for n in (1, 2, 3)] == [(4, 1, 1), (3, 2, 1), (2, 3, 1)]
    assert vote.poll.totals["parts"][0]["invalid"] == {"too-many": 1}
    assert [lines[n].verdict for n in (1, 2, 3)] == [Verdict.PASSED, Verdict.PASSED, Verdict.FAILED]
    assert list(verifier.verify(bundled(vote)))


def test_words_that_stand_twice_are_named_by_the_verifier(held, clock):
    vote = an_open_sealed_vote(held, [an_item(held)], now=clock.now(), publication="tracked")
    for place in range(5):
        vote.cast(place, {1: "yes"}, tracker="cá đò na sen" if place < 2 else f"từ số {place} đây")
    vote.shut().open_all()

    assert any("words that stand twice: cá đò na sen" in line for line in verifier.verify(bundled(vote)))


def test_of_opened_ballots_only_totals_are_kept_unless_the_vote_says_otherwise(box):
    box.shut().open_all()

    assert [each.content for each in queries.opened(box.sealed, Layer.INNER).values()] == [[], []]


def test_after_the_window_envelopes_and_what_links_members_to_marks_are_gone(box, clock):
    box.shut().open_all()
    bundle = bundled(box)
    early, late = clock.now() + sealing.COMPLAINTS - timedelta(seconds=1), clock.now() + sealing.COMPLAINTS
    db.session.commit()

    assert [purging.purge(by=SYSTEM, now=now) for now in (early, late, late)] == [0, 1, 0]

    db.session.expire_all()
    sealed = db.session.query(SealedPoll).one()
    assert db.session.query(Envelope).count() == 0
    assert {(line.commit, line.nonce) for line in queries.roll(sealed)} == {("", "")}
    assert queries.opened(sealed, Layer.OUTER) == {}
    assert evidence.bundle(sealed.session) == bundle  # the proof needs none of it
    assert list(verifier.verify(bundle))


def test_a_holder_states_that_the_key_is_destroyed(box, tmp_path):
    box.shut().open_all()
    bundled(box)
    lock = queries.lock(box.sealed, "A")
    key = box.keys["A"][0]
    statement = opener.destroyed(key)

    with pytest.raises(Invalid), transaction():
        purging.state_destroyed(lock, statement | {"layer": "B"}, by=box.holders("A")[0], now=box.now)
    with pytest.raises(Invalid), transaction():
        purging.state_destroyed(lock, statement, by=box.holders("A")[1], now=box.now)
    with transaction():
        purging.state_destroyed(lock, statement, by=box.holders("A")[0], now=box.now)

    assert lock.destroyed == [lock.holders[0]]


RANKED = {"method": "schulze", "k": 1, "modes": ["sealed"]}


@pytest.mark.parametrize(
    ("method", "publication"), [("schulze", "totals"), ("borda", "totals"), ("borda", "tracked"), ("irv", "tracked")]
)
def test_a_ranking_is_counted_and_proved_with_and_without_its_ballots(app, clock, method, publication):
    rule = VoteRule.from_document({**RANKED, "method": method}).as_document()
    held = a_session(a_council(in_round=a_round(phase=Phase.COUNCIL, vote_rule=rule)))
    items = [an_item(held, number=number) for number in (1, 2, 3)]
    vote = an_open_sealed_vote(held, items, now=clock.now(), publication=publication)
    for place, ranking in enumerate([[[2], [1], [3]], [[2], [3]], [[1], [2, 3]], [], [[2]], [[3], [2], [1]]]):
        vote.cast(place, {0: ranking}, tracker=f"từ số {place} đây" if publication == "tracked" else None)

    vote.shut().open_all()

    assert {line.item.number: (line.place, line.verdict) for line in vote.poll.lines}[2] == (1, Verdict.PASSED)
    assert vote.poll.lines[0].base == 5
    assert list(verifier.verify(bundled(vote)))


def test_a_rule_that_counts_ballot_by_ballot_must_show_them(app, clock):
    rule = VoteRule.from_document({**RANKED, "method": "irv"}).as_document()
    held = a_session(a_council(in_round=a_round(phase=Phase.COUNCIL, vote_rule=rule)))

    with pytest.raises(Invalid):
        a_sealed_vote(held, [an_item(held)], now=clock.now())


def test_a_round_is_voted_on_sealed_until_somebody_has_more_than_half(app, clock):
    rule = VoteRule.from_document({"method": "plurality-rounds", "modes": ["sealed"]}).as_document()
    held = a_session(a_council(in_round=a_round(phase=Phase.COUNCIL, vote_rule=rule)))
    items = [an_item(held, number=number) for number in (1, 2, 3)]
    vote = an_open_sealed_vote(held, items, now=clock.now())
    for place, choice in enumerate([[1], [1], [1], [2], [2], [3], []]):
        vote.cast(place, {0: choice})

    vote.shut().open_all()

    assert {line.item.number: line.is_tied for line in vote.poll.lines} == {1: True, 2: True, 3: False}
    assert list(verifier.verify(bundled(vote)))


def test_a_box_is_opened_after_a_restored_backup(box, clock, tmp_path):
    file = io.BytesIO()
    archive.write(file, files=tmp_path / "files", settings={}, now=clock.now())
    box.cast(0, {1: "no", 2: "no"})
    file.seek(0)
    with transaction():
        archive.read(file, files=tmp_path / "files")
    db.session.expire_all()

    box.shut().open_all()

    assert [(line.yes, line.no) for line in box.poll.lines] == [(2, 0), (0, 2)]


def test_a_box_with_an_envelope_that_the_ledger_does_not_know_is_found(box):
    line = queries.roll_line(box.sealed, box.member(5).id)
    line.commit = ""
    db.session.commit()
    assert queries.out_of_step() == [box.sealed.code]
    line.commit = "ab" * 32
    db.session.commit()
    assert queries.out_of_step() == []
