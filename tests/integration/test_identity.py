"""Every look behind the blind is on record, and without a look nobody of the council's side sees a name."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from evaluator.audit.models import Entry
from evaluator.core.db import db, transaction
from evaluator.core.errors import Forbidden, Invalid, NotFound
from evaluator.initiatives import identity
from evaluator.initiatives.indexing import put
from evaluator.rules.calendar import Phase
from evaluator.rules.lifecycle import InitiativeState as State
from evaluator.rules.roles import Role
from tests.factories import CANARY, START, a_round, actor_of, an_account, an_attachment, an_author, an_initiative
from tests.factories_intake import a_look

HOUR = timedelta(hours=1)


@pytest.fixture
def secretary(app):
    return an_account(Role.SECRETARY)


def looks() -> list[tuple[str, str, dict]]:
    """Return what the history holds of looks: kind and code of the thing, and the facts."""
    found = db.session.scalars(select(Entry).where(Entry.event == "identity.seen").order_by(Entry.id))
    return [(each.about_kind, each.about, each.facts) for each in found]


def a_strict_round(**settings):
    """A round that asks why somebody looks."""
    in_round = a_round(**settings)
    in_round.dossier_form = {**in_round.dossier_form, "reason_for_identity": True}
    db.session.commit()
    return in_round


@pytest.mark.parametrize("state", sorted(identity.BLIND_STATES))
def test_no_page_of_a_dossier_under_the_blind_opens_without_a_look(app, client, secretary, state):
    dossier = an_initiative(in_round=a_round(), state=state)
    file = an_attachment(dossier)
    client.sign_in(secretary)
    dossier_pages = [
        f"/initiatives/{dossier.code}",
        f"/initiatives/{dossier.code}/receipt.pdf",
        f"/initiatives/{dossier.code}/files/{file.code}",
    ]
    if state in {State.SUBMITTED, State.SUPPLEMENT}:
        dossier_pages.append(f"/register/{dossier.code}")

    for address in dossier_pages:
        answer = client.get(address)
        assert (answer.status, answer.location.split("?")[0]) == (303, f"/register/{dossier.code}/authors")
        assert CANARY not in client.follow(answer).text
    assert looks() == []


def test_a_look_is_noted_once_and_opens_the_dossier_for_a_working_day(app, client, clock, secretary):
    dossier = an_initiative(in_round=a_round(), state=State.SUBMITTED)
    client.sign_in(secretary)
    for _ in range(2):
        page = client.get(f"/register/{dossier.code}/authors?back=check")
        answer = client.submit(page.form(), page)
        assert answer.location == f"/register/{dossier.code}"

    assert CANARY in client.get(f"/register/{dossier.code}").text
    assert looks() == [("initiative", dossier.code, {"reason": ""})]
    clock.moment += 8 * HOUR
    assert client.sign_in(secretary).get(f"/register/{dossier.code}").status == 303


def test_a_look_opens_one_dossier_to_one_person(app, client, secretary):
    in_round = a_round()
    seen, other = (an_initiative(in_round=in_round, state=State.IN_REVIEW) for _ in range(2))
    a_look(secretary, seen)

    assert client.sign_in(secretary).get(f"/initiatives/{seen.code}").status == 200
    assert client.get(f"/initiatives/{other.code}").status == 303
    assert client.sign_in(an_account(Role.SECRETARY)).get(f"/initiatives/{seen.code}").status == 303


def test_a_round_may_ask_why_and_keeps_the_reason(app, client, secretary):
    dossier = an_initiative(in_round=a_strict_round(), state=State.SUBMITTED)
    page = client.sign_in(secretary).get(f"/register/{dossier.code}/authors")

    silent = client.submit(page.form(), page, reason=" ")
    assert (silent.status, "hãy ghi ngắn gọn lý do" in silent.text) == (422, True)
    assert looks() == []
    client.submit(silent.form(), silent, reason="Đối chiếu tỷ lệ đóng góp")

    assert looks() == [("initiative", dossier.code, {"reason": "Đối chiếu tỷ lệ đóng góp"})]


def test_the_reason_goes_on_with_the_pile(app, client, secretary):
    in_round = a_strict_round()
    first, second = (an_initiative(in_round=in_round, state=State.SUBMITTED) for _ in range(2))
    with transaction():
        identity.look(first, "Kiểm tra thể thức", by=actor_of(secretary), now=START)
    page = client.sign_in(secretary).get(f"/register/{first.code}")

    client.submit(page.form(), page, verdict="refuse", reason="Không thuộc phạm vi của đợt xét.")

    assert looks()[1:] == [("initiative", second.code, {"reason": "Kiểm tra thể thức"})]
    assert client.get(f"/register/{second.code}").status == 200


def test_the_register_shows_no_name_and_finds_none_before_a_look(app, client, secretary):
    in_round = a_round()
    put([an_initiative(in_round=in_round, authors=[an_author(name="Lê Văn Tùng")]) for _ in range(2)])
    db.session.commit()
    client.sign_in(secretary)

    assert "Lê Văn Tùng" not in client.get("/register/").text
    for asked in ("q=Tung", "sort=author", "sort=-author"):
        answer = client.get(f"/register/?{asked}")
        assert (answer.status, answer.location.split("?")[0]) == (303, f"/register/rounds/{in_round.code}/names")
    page = client.follow(answer)
    answer = client.submit(page.form(), page)

    assert "Lê Văn Tùng" in client.follow(answer).text
    assert len(client.get("/register/?q=Tung").rows()) == 2
    assert looks() == [("round", in_round.code, {"count": 2, "reason": ""})]


@pytest.mark.parametrize("state", [State.SELECTED, State.NOT_SELECTED, State.PUBLISHED])
def test_a_decided_dossier_hides_nobody(app, client, secretary, state):
    dossier = an_initiative(in_round=a_round(phase=Phase.PUBLICATION), state=state)

    assert client.sign_in(secretary).get(f"/initiatives/{dossier.code}").status == 200
    assert looks() == []


def test_an_author_sees_the_own_dossier_without_a_look(app, client):
    author = an_account(Role.AUTHOR)
    dossier = an_initiative(in_round=a_round(), state=State.IN_REVIEW, owner=author)

    assert client.sign_in(author).get(f"/initiatives/{dossier.code}").status == 200
    assert client.get(f"/register/{dossier.code}/authors").status == 403


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.SECRETARY])
def test_nobody_but_the_secretariat_looks(app, role):
    dossier = an_initiative(in_round=a_round(), state=State.IN_REVIEW)
    person = actor_of(an_account(role))

    with pytest.raises((NotFound, Forbidden)):
        identity.look(dossier, by=person, now=START)
    with pytest.raises(Forbidden):
        identity.look_at_list(dossier.round, by=person, now=START)


def test_a_reason_is_asked_of_the_list_too(app, secretary):
    with pytest.raises(Invalid):
        identity.look_at_list(a_strict_round(), by=actor_of(secretary), now=START)
