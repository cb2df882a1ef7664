"""Long work: asked for once, done once, its progress and its end written down."""

import pytest

from evaluator import jobs
from evaluator.core.clock import FixedClock
from evaluator.core.db import transaction
from evaluator.core.errors import Invalid
from evaluator.policy import SYSTEM
from evaluator.rules.roles import Role
from evaluator.work import queries, service
from evaluator.work.models import WorkState
from tests.factories import actor_of, an_account


def ask(clock: FixedClock, kind: str = "test.count", **params: int):
    with transaction():
        return service.ask(kind, about="R1", params=params, by=SYSTEM, now=clock.now()).code


def counting(params, *, by, clock, progress):
    for step in range(params["up_to"]):
        progress(step, params["up_to"], "Counting")
    return {"counted": params["up_to"]}


def refusing(params, *, by, clock, progress):
    raise Invalid("The file holds no dossiers.")


def failing(params, *, by, clock, progress):
    raise ZeroDivisionError


KINDS = {"test.count": counting, "test.refuse": refusing, "test.fail": failing}


def test_work_is_done_and_its_result_kept(app, clock):
    work = service.run(ask(clock, up_to=3), kinds=KINDS, clock=clock)

    assert (work.state, work.result, work.done, work.total) == (WorkState.DONE, {"counted": 3}, 2, 3)
    assert work.percent == 100


def test_work_is_done_only_once(app, clock):
    code = ask(clock, up_to=1)
    service.run(code, kinds=KINDS, clock=clock)

    assert service.run(code, kinds=KINDS, clock=clock) is None


def test_asking_again_while_it_waits_returns_the_same_work(app, clock):
    assert ask(clock, up_to=1) == ask(clock, up_to=1)


def test_asking_again_after_it_ended_makes_new_work(app, clock):
    code = ask(clock, up_to=1)
    service.run(code, kinds=KINDS, clock=clock)

    assert ask(clock, up_to=1) != code


def test_an_expected_failure_is_told(app, clock):
    work = service.run(ask(clock, "test.refuse"), kinds=KINDS, clock=clock)

    assert (work.state, work.message) == (WorkState.FAILED, "The file holds no dossiers.")


def test_a_fault_is_raised_and_noted(app, clock):
    code = ask(clock, "test.fail")

    with pytest.raises(ZeroDivisionError):
        service.run(code, kinds=KINDS, clock=clock)

    assert queries.get(code, actor=SYSTEM).state is WorkState.FAILED


def abandon(code: str) -> None:
    work = queries.get(code, actor=SYSTEM)
    with transaction():
        work.state = WorkState.RUNNING
        work.attempts += 1


def test_work_of_a_dead_process_is_taken_up_again_and_given_up_after_three_attempts(app, clock):
    code = ask(clock, up_to=1)
    taken = []
    for _ in range(3):
        abandon(code)
        with transaction():
            taken.append(service.take_up_abandoned(by=SYSTEM, now=clock.now()))

    assert taken == [1, 1, 0]
    assert queries.get(code, actor=SYSTEM).state is WorkState.FAILED


def test_a_firing_is_claimed_by_one_scheduler_only(app, clock):
    slots = [(10, True), (10, False), (9, False), (11, True)]
    for slot, is_ours in slots:
        with transaction():
            assert service.claim("send-notices", slot=slot, now=clock.now()) is is_ours


def test_running_a_job_twice_does_nothing_more_and_its_outcome_is_kept(app, clock):
    job = jobs.named("take-up-work")

    assert [jobs.run(job, now=clock.now()), jobs.run(job, now=clock.now())] == [0, 0]
    assert queries.job_runs()["take-up-work"].finished_at == clock.now()


@pytest.mark.parametrize("job", jobs.JOBS, ids=lambda job: job.name)
def test_no_job_changes_its_meaning_between_the_calendars(job, clock):
    before_midnight = clock.now().replace(hour=16, minute=59, second=59)  # 23:59:59 in Vietnam
    after_midnight = before_midnight.replace(hour=17, minute=0, second=0)
    if job.period == jobs.A_DAY:
        assert job.slot(after_midnight) == job.slot(before_midnight) + 1
    assert job.slot(before_midnight) == job.slot(before_midnight)


def test_progress_is_shown_to_who_asked_and_hidden_from_others(app, clock, client):
    owner, other = an_account(Role.SECRETARY), an_account(Role.AUTHOR)
    with transaction():
        code = service.ask("test.count", about="R1", params={}, by=actor_of(owner), now=clock.now()).code

    client.sign_in(owner)
    assert client.get(f"/work/{code}").status == 200
    assert client.get(f"/work/{code}/progress").json["state"] == "waiting"
    client.sign_in(other)
    assert client.get(f"/work/{code}").status == 404
