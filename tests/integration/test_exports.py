"""Files with names leave only with an entry in the history: who took what, and why where the round asks."""

import io

import pytest
from sqlalchemy import select

from evaluator.assignment.proposals import service as proposals
from evaluator.assignment.proposals.service import Wishes
from evaluator.audit.models import Entry
from evaluator.core.db import db, transaction
from evaluator.rules.calendar import Phase
from evaluator.rules.roles import Role
from tests.factories import a_round, actor_of, an_account
from tests.factories_assignment import a_reviewer, accepted
from tests.factories_intake import a_row, a_workbook


@pytest.fixture
def secretary(client):
    person = an_account(Role.SECRETARY)
    client.sign_in(person)
    return person


def a_list(client, in_round) -> str:
    """Hand a list of dossiers in; return the address of its page."""
    page = client.get("/intake/")
    sent = {
        "csrf_token": page.form("Đọc danh sách").one("input", name="csrf_token").attrs["value"],
        "round": in_round.code,
    }
    sent["file"] = (io.BytesIO(a_workbook([a_row(1)])), "a.xlsx")
    return client.open("POST", "/intake/", data=sent, content_type="multipart/form-data").location


def taken(person) -> list[tuple[str, str, str]]:
    """What the history says somebody took: event, about what, why."""
    entries = db.session.scalars(
        select(Entry).where(Entry.actor_id == person.id, Entry.event.like("names.%")).order_by(Entry.id)
    )
    return [(each.event, each.about, each.facts.get("reason", "")) for each in entries]


def addresses(client, in_round) -> dict[str, str]:
    """Every file with names of a round, by the event that opens it."""
    listed = a_list(client, in_round)
    return {
        f"{listed}/list.xlsx": "names.intake-taken",
        f"{listed}/report.csv": "names.intake-taken",
        f"/results/{in_round.code}/scores.csv": "names.scores-taken",
        f"/rounds/{in_round.code}/assignment/proposal.csv": "names.assignment-taken",
    }


@pytest.fixture
def proposed(secretary, clock):
    """A round with a proposed assignment."""
    in_round = a_round(phase=Phase.CHECKING, rubric="r01-provincial")
    accepted(1, in_round=in_round)
    for _ in range(3):
        a_reviewer()
    with transaction():
        proposals.propose(in_round, Wishes(seed=1), by=actor_of(secretary), now=clock.now())
    return in_round


def test_no_file_with_names_leaves_without_an_entry(client, secretary, proposed):
    for address, event in addresses(client, proposed).items():
        before = taken(secretary)
        opened = {each[0] for each in before}
        answer = client.get(address)
        if event in opened:
            assert answer.status == 200, "one entry opens the kind of file for the day"
            continue
        assert (answer.status, taken(secretary)) == (303, before), address

        file = client.take(address)

        assert (file.status, file.headers["Content-Disposition"][:10]) == (200, "attachment")
        assert taken(secretary) == [*before, (event, proposed.code, "")]


def test_where_the_round_asks_a_reason_is_given_and_kept(client, secretary):
    in_round = a_round(phase=Phase.REVIEW, dossier_form={"form": "circular-18", "reason_for_identity": True})
    page = client.follow(client.get(f"/results/{in_round.code}/scores.csv"))

    silent = client.submit(page.form(), page)
    assert (silent.status, taken(secretary)) == (422, [])
    file = client.follow(client.submit(silent.form(), silent, reason="Theo yêu cầu của thanh tra"))

    assert file.status == 200
    assert taken(secretary) == [("names.scores-taken", in_round.code, "Theo yêu cầu của thanh tra")]


def test_an_entry_opens_a_file_for_a_working_day_and_for_one_person(client, secretary, clock):
    in_round = a_round(phase=Phase.REVIEW)
    address = f"/results/{in_round.code}/scores.csv"
    client.take(address)
    clock.move(hours=7)
    assert client.get(address).status == 200
    clock.move(hours=2)
    assert client.get(address).status == 303
    client.take(address)
    client.sign_in(an_account(Role.SECRETARY))

    assert client.get(address).status == 303


def test_the_page_that_notes_a_taking_is_closed_to_whoever_may_not_take(client, secretary):
    in_round = a_round(phase=Phase.REVIEW)
    assert client.get(f"/rounds/{in_round.code}/files/scores").status == 200
    assert client.get(f"/rounds/{in_round.code}/files/passwords").status == 404
    client.sign_in(a_reviewer())
    assert client.get(f"/rounds/{in_round.code}/files/scores").status in {403, 404}
