"""The preview of what the clock would tell people: it really runs, and sends nothing."""

import json

import pytest
from sqlalchemy import func, select

from evaluator.core.db import db
from evaluator.notices.models import Notice
from evaluator.notices.templates import READERS, TEMPLATES
from evaluator.rules.calendar import Phase
from evaluator.rules.lifecycle import InitiativeState
from tests.factories import a_round, an_initiative
from tests.factories_assignment import a_reviewer, an_assignment


@pytest.fixture
def late(app):
    in_round = a_round(phase=Phase.REVIEW)
    an_assignment(an_initiative(in_round=in_round, state=InitiativeState.IN_REVIEW), a_reviewer())
    return in_round


def run(app, *args: str):
    return app.test_cli_runner().invoke(args=["notices", "preview", *args])


def test_the_reminders_before_a_deadline_are_listed_by_day(app, late):
    days = ["--from", "2026-03-01", "--to", "2026-04-15"]

    found = json.loads(run(app, "--round", late.code, *days, "--json").output)

    assert {(each["to_role"], each["kind"], each["about"]) for each in found} == {
        ("reviewer", "review-reminder", late.code)
    }
    assert [each["at"] for each in found] == sorted(each["at"] for each in found)
    assert all(each["at"].endswith("T07:00:00+07:00") for each in found)


def test_nothing_is_sent_or_kept(app, late):
    run(app, "--round", late.code, "--from", "2026-03-01", "--to", "2026-04-15")

    assert db.session.scalar(select(func.count()).select_from(Notice)) == 0


def test_another_round_s_messages_are_not_listed(app, late):
    other = a_round(phase=Phase.SUBMISSION)

    assert (
        json.loads(run(app, "--round", other.code, "--from", "2026-03-01", "--to", "2026-04-15", "--json").output) == []
    )


def test_an_unknown_round_is_refused_with_a_line_and_status_1(app):
    result = run(app, "--round", "NONE", "--from", "2026-03-01", "--to", "2026-03-02")

    assert (result.exit_code, result.output.startswith("NONE: ")) == (1, True)


def test_every_kind_of_message_has_a_reader():
    assert set(READERS) == set(TEMPLATES)
