"""The table of the policy is whole: every action stands in it, every predicate says why."""

from evaluator import policy
from evaluator.policy import SIGHT, TABLE, Action, Actor


def predicates():
    return {holds for alternatives in TABLE.values() for alternative in alternatives for holds in alternative}


def test_every_action_stands_in_the_table():
    assert [action for action in Action if not TABLE.get(action)] == []


def test_every_predicate_carries_a_reason():
    assert [holds.__name__ for holds in predicates() if not getattr(holds, "reason", "")] == []


def test_every_predicate_says_what_it_means():
    assert [holds.__name__ for holds in predicates() if not holds.__doc__] == []


def test_every_sight_stands_in_the_table():
    assert {action for pair in SIGHT.items() for action in pair} <= set(TABLE)


def test_an_action_missing_from_the_table_is_refused(monkeypatch):
    monkeypatch.delitem(policy.TABLE, Action.ACCOUNT_MANAGE)
    assert not policy.allows(policy.OPERATOR, Action.ACCOUNT_MANAGE)


def test_nobody_may_do_anything_who_is_nobody():
    stranger = Actor()
    open_to_all = [action for action in Action if TABLE[action] == [[]]]
    assert open_to_all == []
    assert not policy.allows(stranger, Action.INITIATIVE_CREATE)
