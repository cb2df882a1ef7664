"""The first page: what waits for each person, and nothing of what waits for others."""

from datetime import timedelta

import pytest

from evaluator.core.db import transaction
from evaluator.demo import season
from evaluator.demo.cast import PASSWORD
from evaluator.demo.play import Play
from evaluator.demo.timetable import Days, Stage
from evaluator.home import queries
from evaluator.rules.calendar import Phase, day_of
from evaluator.rules.lifecycle import InitiativeState, RoundState
from evaluator.rules.roles import Role
from tests.factories import a_round, actor_of, an_account, an_initiative
from tests.page_client import queries as counted


def tasks(account, clock) -> list[tuple[str, str]]:
    day = queries.waiting_for(actor_of(account), now=clock.now())
    return [(str(task.what), task.endpoint) for task in day.tasks]


def play(clock, stage: Stage) -> Play:
    played = Play(season.own_season(), days=Days.with_today_at(stage, day_of(clock.now())), seed=1)
    played.until(stage)
    return played


def test_a_secretary_hears_of_dossiers_to_check_and_to_assign(app, clock):
    a = a_round(phase=Phase.CHECKING)
    an_initiative(in_round=a)
    an_initiative(in_round=a)
    an_initiative(in_round=a, state=InitiativeState.ACCEPTED)

    assert tasks(an_account(Role.SECRETARY), clock) == [
        ("2 dossiers to check", "desk.next_to_check"),
        ("1 dossiers have no reviewers yet", "proposals.start"),
    ]


def test_a_round_in_preparation_waits_for_its_opening(app, clock):
    a_round(state=RoundState.DRAFT, title="Đợt 2026")

    assert tasks(an_account(Role.SECRETARY), clock) == [("Đợt 2026 is in preparation", "rounds.show")]


def test_an_author_hears_of_a_draft_while_it_can_be_handed_in(app, clock):
    author = an_account(Role.AUTHOR)
    an_initiative(in_round=a_round(), state=InitiativeState.DRAFT, owner=author, title="Béc phun")
    assert tasks(author, clock) == [("Béc phun is not handed in yet", "initiatives.edit")]

    clock.move(days=60)
    assert tasks(author, clock) == []


def test_an_author_hears_of_a_supplement_that_is_asked_for(app, clock):
    author = an_account(Role.AUTHOR)
    an_initiative(in_round=a_round(), state=InitiativeState.SUPPLEMENT, owner=author, title="Béc phun")

    assert tasks(author, clock) == [("The secretariat asks for a supplement to Béc phun", "initiatives.edit")]


def test_nobody_hears_of_another_person_s_draft(app, clock):
    an_initiative(in_round=a_round(), state=InitiativeState.DRAFT)

    assert tasks(an_account(Role.AUTHOR), clock) == []


@pytest.mark.parametrize(
    ("stage", "who", "endpoint"),
    [
        (Stage.REVIEW, "reviewer", "reviews.todo"),
        (Stage.REVIEW, "secretary", "results.reviewers"),
        (Stage.VOTING, "member", "council.session"),
        (Stage.REVIEW, "admin", "notices.index"),
    ],
)
def test_the_demonstration_gives_each_role_its_work(app, clock, stage, who, endpoint):
    played = play(clock, stage)
    people = {
        "reviewer": list(played.cast.reviewers.values())[1],
        "secretary": played.cast.secretary,
        "member": played.cast.members[1],
        "admin": played.cast.staff["quantri"],
    }

    assert endpoint in [task for _, task in tasks(people[who], clock)]


def test_an_editor_hears_of_entries_to_edit(app, clock):
    played = play(clock, Stage.DECIDED)
    with transaction():
        played.begin_book()

    assert [endpoint for _, endpoint in tasks(played.cast.editor, clock)] == ["editing.show"]


def test_every_person_of_the_demonstration_can_open_the_first_page(app, clock, client):
    played = play(clock, Stage.VOTING)
    for account in played.cast.everybody():
        page = client.get("/login")
        client.submit(page.form(), page, email=account.email, password=PASSWORD)
        assert client.get("/").status == 200
        client.submit(client.get("/").form(action="/logout"), client.get("/"))


def test_the_page_costs_the_same_however_many_dossiers_wait(app, clock, client):
    a = a_round(phase=Phase.CHECKING)
    client.sign_in(an_account(Role.SECRETARY))
    an_initiative(in_round=a)
    client.get("/")
    with counted() as one:
        client.get("/")
    for _ in range(3):
        an_initiative(in_round=a)
    with counted() as more:
        client.get("/")

    assert one.count == more.count


def test_counting_stops_at_a_thousand(app, clock, monkeypatch):
    monkeypatch.setattr(queries, "MOST", 2)
    a = a_round(phase=Phase.CHECKING)
    for _ in range(4):
        an_initiative(in_round=a)

    assert tasks(an_account(Role.SECRETARY), clock)[0][0] == "2 dossiers to check"


def test_the_health_of_a_current_database_is_told_without_signing_in(client):
    page = client.get("/healthz")

    assert (page.status, page.json) == (200, {"status": "ok"})


def test_the_language_is_changed_by_a_form_and_kept(app, client):
    page = client.get("/login")
    client.submit(page.form(action="/language"), page, language="en")

    assert client.get("/login").one("html").attrs["lang"] == "en"


def test_a_day_before_the_deadline_is_told_in_days(app, clock):
    author = an_account(Role.AUTHOR)
    draft = an_initiative(in_round=a_round(), state=InitiativeState.DRAFT, owner=author)
    a = draft.round
    clock.moment = a.submission_closes_at - timedelta(days=1)

    day = queries.waiting_for(actor_of(author), now=clock.now())

    assert [str(task.why) for task in day.tasks] == ["1 days are left."]
