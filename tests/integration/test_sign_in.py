"""Signing in: with the password, not without it, and not by guessing."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from evaluator.audit.models import Entry
from evaluator.core.db import db, transaction
from evaluator.people import sign_in
from evaluator.people.models import Account, LoginFailure
from evaluator.people.sign_in import Limits
from evaluator.policy import ANYONE, OPERATOR
from evaluator.rules.roles import Role
from tests.factories import PASSWORD, an_account, save

LIMITS = Limits(failures=3, minutes=15)


@pytest.fixture
def person(app):
    return an_account(Role.SECRETARY, name="Lê Thị Hà", email="ha@thanhhoa.example")


def try_to_sign_in(now, *, email="ha@thanhhoa.example", password=PASSWORD, address="10.0.0.1"):
    attempt = sign_in.try_password(email, password, address=address, now=now)
    with transaction():
        outcome = sign_in.sign_in(attempt, limits=LIMITS, by=ANYONE, now=now)
    return (outcome.account.name if outcome.account else None), str(outcome.problem or "")


def events():
    return db.session.scalars(select(Entry.event).order_by(Entry.id)).all()


WRONG = "E-mail and password do not match. Check both, or ask for a new password."


def test_the_right_password_signs_in_however_the_address_is_typed(person, clock):
    assert try_to_sign_in(clock.now(), email=" Ha@ThanhHoa.example ") == ("Lê Thị Hà", "")
    db.session.expire_all()
    assert (person.last_sign_in_at, events()) == (clock.now(), ["sign-in.done"])


def test_letters_typed_as_combinations_are_the_same_password(person, clock):
    decomposed = "hoa ga\u0323o tha\u0301ng ba"
    assert try_to_sign_in(clock.now(), password=decomposed) == ("Lê Thị Hà", "")


@pytest.mark.parametrize("typed", [{"password": "sai rồi"}, {"email": "ai@do.example"}])
def test_a_wrong_password_and_an_unknown_address_hear_the_same(person, clock, typed):
    assert try_to_sign_in(clock.now(), **typed) == (None, WRONG)
    assert events() == ["sign-in.failed"]


def test_an_account_without_a_password_takes_none(app, clock):
    newcomer = an_account(email="moi@thanhhoa.example")
    newcomer.password_hash = ""
    save(newcomer)
    assert try_to_sign_in(clock.now(), email="moi@thanhhoa.example", password="nobody has this password") == (
        None,
        WRONG,
    )


def test_a_closed_account_says_so_only_to_who_knows_the_password(person, clock):
    person.deactivated_at = clock.now()
    save(person)
    closed = "This account is closed. Ask the administrator to open it again."
    assert try_to_sign_in(clock.now(), password="sai rồi") == (None, WRONG)
    assert try_to_sign_in(clock.now()) == (None, closed)


def test_too_many_failures_lock_until_a_time_that_is_said(person, clock):
    answers = [try_to_sign_in(clock.now(), password="sai rồi") for _ in range(3)]
    locked = "Too many attempts have failed. Try again after 09:15, or ask for a new password meanwhile."
    assert answers == [(None, WRONG), (None, WRONG), (None, locked)]
    assert try_to_sign_in(clock.now()) == (None, locked)

    clock.move(minutes=15)
    assert try_to_sign_in(clock.now()) == ("Lê Thị Hà", "")


def test_the_lock_holds_for_the_address_it_came_from(person, clock):
    for _ in range(3):
        try_to_sign_in(clock.now(), password="sai rồi", address="10.6.6.6")
    assert try_to_sign_in(clock.now(), address="10.0.0.1") == ("Lê Thị Hà", "")


def test_who_tries_many_names_from_one_address_is_locked_for_all(person, clock):
    for number in range(3 * sign_in.WHOLE_ADDRESS):
        try_to_sign_in(clock.now(), email=f"ai{number}@do.example")
    assert try_to_sign_in(clock.now())[0] is None


def test_a_success_forgets_the_failures_before_it(person, clock):
    for _ in range(2):
        try_to_sign_in(clock.now(), password="sai rồi")
    try_to_sign_in(clock.now())
    assert try_to_sign_in(clock.now(), password="sai rồi") == (None, WRONG)


def test_failures_long_ago_were_slips(person, clock):
    for _ in range(2):
        try_to_sign_in(clock.now(), password="sai rồi")
    clock.move(hours=2)
    assert try_to_sign_in(clock.now(), password="sai rồi") == (None, WRONG)


def test_old_failures_are_deleted_and_running_twice_does_nothing_more(person, clock):
    try_to_sign_in(clock.now(), password="sai rồi")
    later = clock.now() + timedelta(days=2)
    done = []
    for _ in range(2):
        with transaction():
            done.append(sign_in.forget_failures(by=OPERATOR, now=later))
    assert (done, db.session.scalars(select(LoginFailure)).all()) == ([2, 0], [])


# --- on the pages -------------------------------------------------------------------------------


def test_signing_in_leads_back_to_the_page_that_was_asked_for(client, person):
    asked = client.get("/rounds/")
    page = client.follow(asked)
    answer = client.submit(page.form(), page, email=person.email, password=PASSWORD)
    assert (answer.status, answer.location) == (303, "/rounds/")


@pytest.mark.parametrize("foreign", ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example"])
def test_signing_in_never_leads_elsewhere(client, person, foreign):
    page = client.get("/login", query_string={"next": foreign})
    answer = client.submit(page.form(), page, email=person.email, password=PASSWORD)
    assert (answer.status, answer.location) == (303, "/")


def test_a_failure_keeps_the_address_and_not_the_password(client, person):
    page = client.get("/login")
    answer = client.submit(page.form(), page, email=person.email, password="sai rồi")
    assert answer.status == 422
    assert answer.one("input", name="email").attrs["value"] == person.email
    assert answer.one("input", name="password").attrs["value"] == ""
    said = "Thư điện tử và mật khẩu không khớp. Hãy kiểm tra lại cả hai, hoặc yêu cầu mật khẩu mới."
    assert [error.endswith(said) for error in answer.errors()] == [True]


def test_a_form_without_its_token_signs_nobody_in(client, person):
    answer = client.post("/login", {"email": person.email, "password": PASSWORD})
    assert (answer.status, client.get("/").location) == (422, "/login?next=/")


def test_the_session_cookie_is_kept_from_scripts_and_other_sites(client, person):
    page = client.get("/login")
    answer = client.submit(page.form(), page, email=person.email, password=PASSWORD)
    cookie = answer.headers["Set-Cookie"]
    assert [part in cookie for part in ("HttpOnly", "SameSite=Lax", "Expires")] == [True, True, False]


def test_who_asks_to_stay_is_remembered_for_two_weeks(client, person):
    page = client.get("/login")
    answer = client.submit(page.form(), page, email=person.email, password=PASSWORD, stay="y")
    assert "Expires" in answer.headers["Set-Cookie"]


def test_signing_out_ends_the_session(client, person):
    client.sign_in(person)
    page = client.get("/account")
    answer = client.submit(page.form("Đăng xuất"), page)
    assert (answer.location, client.get("/account").location) == ("/login", "/login?next=/account")


def test_a_session_ends_when_the_account_is_closed(client, person, clock):
    client.sign_in(person)
    person.deactivated_at = clock.now()
    save(person)
    assert client.get("/account").location == "/login?next=/account"


def test_the_history_names_who_signed_in(client, person):
    client.sign_in(person)
    entry = db.session.scalars(select(Entry).where(Entry.event == "sign-in.done")).one()
    account = db.session.scalars(select(Account)).one()
    assert (entry.actor_id, entry.actor, entry.about) == (account.id, "Lê Thị Hà", account.code)
