"""What can happen to an initiative and to a round, and what cannot."""

from itertools import product

import pytest

from evaluator.core.errors import Conflict
from evaluator.rules.lifecycle import (
    INITIATIVE_TABLE,
    ROUND_TABLE,
    Event,
    InitiativeState,
    RoundEvent,
    RoundState,
    after,
    round_after,
)


@pytest.mark.parametrize(("state", "event"), list(product(InitiativeState, Event)))
def test_every_step_of_the_table_is_taken_and_every_other_refused(state, event):
    if (state, event) in INITIATIVE_TABLE:
        assert after(state, event) is INITIATIVE_TABLE[state, event]
    else:
        with pytest.raises(Conflict):
            after(state, event)


@pytest.mark.parametrize(("state", "event"), list(product(RoundState, RoundEvent)))
def test_a_round_opens_once_and_closes_once(state, event):
    if (state, event) in ROUND_TABLE:
        assert round_after(state, event) is ROUND_TABLE[state, event]
    else:
        with pytest.raises(Conflict):
            round_after(state, event)


def test_every_state_can_be_reached_from_a_draft():
    reached, waiting = set(), [InitiativeState.DRAFT]
    while waiting:
        state = waiting.pop()
        reached.add(state)
        waiting += [new for (old, _), new in INITIATIVE_TABLE.items() if old is state and new not in reached]
    assert reached == set(InitiativeState)


def test_a_refused_or_withdrawn_dossier_stays_so():
    ends = {InitiativeState.REFUSED, InitiativeState.WITHDRAWN}
    assert not [state for state, _ in INITIATIVE_TABLE if state in ends]
