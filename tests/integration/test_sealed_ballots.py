"""The sealed ballot: prepared, frozen, cast, shut, opened by both holders of each lock, counted, proved."""

import json

import pytest

from evaluator import verifier
from evaluator.core.db import db, transaction
from evaluator.council import evidence
from evaluator.council import service as council
from evaluator.council.models import ItemState, PollState
from evaluator.council.polls import deciding
from evaluator.council.sealed.models import Envelope, Stage
from evaluator.rules.voting import Verdict
from evaluator.verifier import Broken
from tests.factories_council import a_council, a_session, an_item
from tests.factories_sealed import an_open_sealed_vote


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
