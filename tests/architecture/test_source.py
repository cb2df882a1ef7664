"""Our habits in the source. Each check is also shown something bad, to prove that it can fail."""

import pytest

from tests.architecture import habits

# Public functions of a service that are no commands, each with its reason.
NOT_COMMANDS: dict[str, str] = {
    "evaluator/audit/service.py:record": "called by commands that have asked",
    "evaluator/initiatives/service.py:next_receipts": "called by commands that have asked",
    "evaluator/initiatives/service.py:set_order_keys": "called by commands that have asked",
    "evaluator/notices/service.py:queue_each": "called by commands that have asked",
    "evaluator/notices/service.py:withdraw": "called by commands that have asked",
    "evaluator/people/service.py:ask_reset": "whoever asks hears the same; the mailed secret is the right",
    "evaluator/people/service.py:use_link": "the mailed secret is the right",
    "evaluator/reviews/results/service.py:scoring_of": "called by commands that have asked",
    "evaluator/reviews/results/service.py:update_result": "called by commands that have asked",
    "evaluator/work/service.py:ask": "called by commands that have asked",
    "evaluator/work/service.py:claim": "the runner's own loop; each piece of work asks for itself",
    "evaluator/work/service.py:note_run": "the runner's own loop",
    "evaluator/work/service.py:run": "the runner's own loop",
    "evaluator/work/service.py:take_up_abandoned": "the runner's own loop",
}

HABITS = {
    "commits only in the database module": (habits.commits, "db.session.commit()"),
    "reads no clock": (habits.clock_readings, "moment = datetime.now(UTC)"),
    "imports stand at the top": (habits.imports_inside_functions, "def f():\n    import json"),
    "a suppression carries its reason": (habits.bare_suppressions, "x = 1  # noqa: E501"),
}
EXEMPT = {
    "commits only in the database module": {"evaluator/core/db.py"},
    "reads no clock": {"evaluator/core/clock.py"},
    "imports stand at the top": {"evaluator/app.py"},
    "a suppression carries its reason": set[str](),
}


@pytest.mark.parametrize("habit", HABITS)
def test_every_module_keeps_the_habit(habit):
    check, _ = HABITS[habit]
    found = {path: check(source) for path, source in habits.sources().items() if path not in EXEMPT[habit]}
    assert {path: problems for path, problems in found.items() if problems} == {}


@pytest.mark.parametrize("habit", HABITS)
def test_the_check_of_a_habit_fails_when_it_is_broken(habit):
    check, bad = HABITS[habit]
    assert len(check(bad)) == 1


def test_every_command_takes_by_and_now_and_asks_the_policy_first():
    found = {
        f"{path}:{problem.split()[0]}": problem
        for path, source in habits.sources().items()
        if path.endswith("service.py")
        for problem in habits.careless_commands(source)
    }
    assert {name: problem for name, problem in found.items() if name not in NOT_COMMANDS} == {}
    assert set(NOT_COMMANDS) <= set(found), "an exception that is needed no more"


@pytest.mark.parametrize(
    "bad",
    [
        "def close(thing, *, by):\n    '''Close.'''\n    require(by, X)",
        "def close(thing, *, by, now):\n    '''Close.'''\n    thing.closed_at = now\n    require(by, X, thing)",
        "def close(thing, *, by, now):\n    '''Close.'''\n    policy.require(thing, X)",
        "def close(thing, *, by, now):\n    '''Close.'''\n    if thing:\n        thing.state = 1\n    policy.require(by, X)",
        "def close(thing):\n    thing.state = 1",
        "def close(thing, *, by, now):\n    policy.require(by, X, thing)",
    ],
)
def test_a_careless_command_is_found(bad):
    assert len(habits.careless_commands(bad)) == 1


def test_a_careful_command_is_not_found():
    good = "def close(code, *, by, now):\n    '''Close.'''\n    thing = get(code)\n    policy.require(by, X, thing)"
    assert habits.careless_commands(good) == []
