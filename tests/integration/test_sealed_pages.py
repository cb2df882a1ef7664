"""The pages of a sealed vote: what a browser sends and hears, what nobody is told, what is refused at the door."""

import json
import logging

import pytest

from evaluator.core.db import db
from evaluator.core.errors import Conflict
from evaluator.council.polls import service as polls
from evaluator.rules.roles import Role
from evaluator.rules.vote_rule import Mode
from tests.factories import an_account
from tests.factories_council import a_council, a_session, account_of, an_item, the_secretary
from tests.factories_sealed import an_open_sealed_vote
from tests.page_client import PageClient


@pytest.fixture
def box(app, clock):
    held = a_session(a_council())
    vote = an_open_sealed_vote(held, [an_item(held, number=1), an_item(held, number=2)], now=clock.now())
    vote.path = f"/council/{held.council.code}/sessions/1/sealed/1"
    return vote


def sent(ballot, **changes) -> dict:
    parts = [{"part": part, "envelope": content.hex()} for part, content in ballot.envelopes.items()]
    return {"poll_hash": ballot.poll_hash, "request": ballot.request, "parts": parts} | changes


@pytest.fixture
def member(app, box):
    return PageClient(app).sign_in(account_of(box.member(5)))


def post(client: PageClient, box, document, *, status: int = 200) -> bytes:
    answer = client.open("POST", f"{box.path}/cast", json=document, headers={"Accept": "application/json"})
    assert answer.status == status
    return answer.body


def test_every_answer_to_a_ballot_is_as_long_as_every_other(app, box, member):
    lengths = set()
    for place, choice in ((5, "yes"), (6, "no"), (5, "abstain")):
        client = PageClient(app).sign_in(account_of(box.member(place)))
        lengths.add(len(post(client, box, sent(box.ballot({1: choice, 2: "no"})))))

    assert len(lengths) == 1


def test_the_log_does_not_name_who_casts(app, box, member, caplog):
    caplog.set_level(logging.INFO, logger="evaluator")
    post(member, box, sent(box.ballot({1: "yes", 2: "no"})))
    member.get(f"{box.path}/receipt")
    member.get(box.path)

    named = {record.endpoint: record.actor for record in caplog.records if hasattr(record, "endpoint")}
    assert named["sealed.cast"] is named["sealed.receipt"] is None
    assert named["sealed.show"] is not None  # whoever looks at other pages is named as everywhere


@pytest.mark.parametrize(
    "change",
    [
        {"poll_hash": "zz" * 32},
        {"request": "ab"},
        {"parts": []},
        {"parts": [{"part": 1, "envelope": "abc"}]},
        {"parts": [{"part": "1", "envelope": "ab"}]},
        {"extra": 1},
    ],
)
def test_what_is_no_ballot_is_refused_at_the_door(box, member, change):
    post(member, box, sent(box.ballot({1: "yes", 2: "no"}), **change), status=422)


def test_a_part_sent_twice_is_refused(box, member):
    document = sent(box.ballot({1: "yes", 2: "no"}))
    document["parts"].append(document["parts"][0])
    post(member, box, document, status=422)


def test_a_ballot_after_the_end_is_answered_with_what_happened(box, member):
    ballot = sent(box.ballot({1: "yes", 2: "no"}))
    box.shut()

    assert json.loads(post(member, box, ballot, status=409))["code"] == "closed"


def test_pages_show_who_voted_only_when_the_box_is_shut(app, box, member):
    box.cast(6, {1: "yes", 2: "no"})
    chair = PageClient(app).sign_in(account_of(box.member(0)))
    assert "Người đã bỏ phiếu" not in chair.get(box.path).body.decode()

    box.shut()

    assert "Người đã bỏ phiếu" in chair.get(box.path).body.decode()


def test_strangers_find_nothing_and_others_hold_no_key(app, box, member):
    stranger = PageClient(app).sign_in(an_account(Role.AUTHOR))
    for page in ("", "/ballot", "/definition.json", "/receipt", "/receipt.json", "/locks/A/box.json"):
        assert stranger.get(box.path + page).status == 404
    assert member.get(f"{box.path}/receipt").status == 404  # nothing cast yet
    box.shut()
    assert member.get(f"{box.path}/locks/A/box.json").status == 403
    holder = PageClient(app).sign_in(account_of(box.member(1)))
    assert json.loads(holder.get(f"{box.path}/locks/A/box.json").body)["layer"] == "A"


def test_items_are_not_put_sealed_without_keys(app, clock):
    held = a_session(a_council())
    with pytest.raises(Conflict, match="keys come before it"):
        polls.put(held, [an_item(held)], mode=Mode.SEALED, by=the_secretary(), now=clock.now())
    db.session.rollback()
