"""Messages are queued with the change, sent once, shown to who may read them, and never lost."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from evaluator import jobs, policy
from evaluator.core.db import db, transaction
from evaluator.core.errors import Conflict, Forbidden, NotFound
from evaluator.notices import queries, service
from evaluator.notices.letters import letter
from evaluator.notices.models import Notice
from evaluator.notices.queries import Box
from evaluator.notices.service import PATIENCE, Person
from evaluator.notices.templates import TEMPLATES
from evaluator.policy import Action
from evaluator.rules.roles import Role
from evaluator.web.language import LANGUAGES
from tests.factories import actor_of, an_account
from tests.page_client import queries as statements
from tests.smtp_server import mail_server

LAN = Person("Trần Thị Lan", "lan@thanhhoa.example")


@pytest.fixture
def server(app):
    with mail_server() as server:
        before = app.config["EVALUATOR"]
        app.config["EVALUATOR"] = replace(
            before, smtp_host="127.0.0.1", smtp_port=server.port, mail_from="hoidong@thanhhoa.example"
        )
        yield server
        app.config["EVALUATOR"] = before


def queue(clock, *people, template="password-changed", **params):
    with transaction():
        service.queue(template, to=people or (LAN,), about=None, now=clock.now(), **({"at": clock.now()} | params))
    return db.session.scalars(select(Notice).order_by(Notice.id)).all()


def queue_secret(clock):
    return queue(clock, template="password-reset", secret="bi-mat", until=clock.now() + timedelta(hours=2))[0]


def send(clock):
    done = jobs.run(jobs.named("send-notices"), now=clock.now())
    db.session.expire_all()
    return done


# --- queueing -----------------------------------------------------------------------------------


def test_many_people_are_written_to_in_one_statement(app, clock):
    people = [Person(f"Người {number}", f"nguoi{number}@x.vn") for number in range(100)]
    with statements() as seen, transaction():
        count = service.queue("password-changed", to=people, about=None, now=clock.now(), at=clock.now())
    assert (count, len(db.session.scalars(select(Notice)).all())) == (100, 100)
    assert len([each for each in seen.statements if each.startswith("INSERT")]) == 1


def test_nothing_is_written_for_nobody(app, clock):
    with transaction():
        assert service.queue("password-changed", to=[], about=None, now=clock.now(), at=clock.now()) == 0


def test_a_message_without_its_facts_is_a_mistake_of_ours(app, clock):
    with pytest.raises(KeyError, match="lacks"), transaction():
        service.queue("password-changed", to=LAN, about=None, now=clock.now())


def test_a_change_that_is_rolled_back_writes_to_nobody(app, clock):
    with transaction(keep=False):
        service.queue("password-changed", to=LAN, about=None, now=clock.now(), at=clock.now())
    assert db.session.scalars(select(Notice)).all() == []


# --- words --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "subject", "short"),
    [
        (
            "vi",
            "Đề nghị bổ sung hồ sơ SK-7 trước hết ngày 31/03/2026",
            "Hồ sơ SK-7 cần bổ sung trước hết ngày 31/03/2026: http://localhost/initiatives/SK-7",
        ),
        (
            "en",
            "Please complete your dossier SK-7 by 31/03/2026",
            "Dossier SK-7 must be completed by 31/03/2026: http://localhost/initiatives/SK-7",
        ),
    ],
)
def test_a_message_speaks_its_readers_language(app, clock, language, subject, short):
    facts = {"code": "SK-7", "title": "Bếp ít khói 100%", "until": date(2026, 3, 31), "reason": "Thiếu bản cam kết."}
    notice = queue(clock, replace(LAN, language=language), template="supplement-asked", **facts)[0]
    words = letter(notice)
    assert (words.subject, words.short) == (subject, short)
    assert ["Bếp ít khói 100%" in words.body, "Thiếu bản cam kết." in words.body] == [True, True]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("template", TEMPLATES)
def test_every_message_can_be_told_in_every_language(app, clock, template, language):
    facts = dict.fromkeys(TEMPLATES[template].needs, "X")
    words = letter(queue(clock, replace(LAN, language=language), template=template, **facts)[0])
    assert "%(" not in words.subject + words.body + words.short


@pytest.mark.parametrize("template", TEMPLATES)
def test_the_link_of_every_message_leads_to_a_page(app, template):
    path = TEMPLATES[template].path % dict.fromkeys(TEMPLATES[template].needs, "X" * 24)
    endpoint, _ = app.url_map.bind("localhost").match(path)
    assert endpoint in app.view_functions


# --- sending ------------------------------------------------------------------------------------


def test_a_message_is_sent_once_and_kept_as_it_was_sent(server, clock):
    notice = queue(clock)[0]
    assert [send(clock), send(clock)] == [1, 0]

    (mail,) = server.mails
    assert (mail["To"], mail["From"], mail["Subject"]) == (
        "Trần Thị Lan <lan@thanhhoa.example>",
        "hoidong@thanhhoa.example",
        "Mật khẩu của bạn đã được đổi",
    )
    assert mail.get_content().replace("\n", " ").strip() == letter(notice).body.replace("\n", " ")
    assert (notice.sent_at, notice.subject, notice.attempts) == (clock.now(), "Mật khẩu của bạn đã được đổi", 1)


def test_a_secret_link_is_in_the_mail_and_not_kept(server, clock):
    notice = queue_secret(clock)
    send(clock)
    assert "/reset-password/bi-mat" in server.mails[0].get_content()
    assert ["bi-mat" in text for text in (str(notice.params), notice.body, letter(notice).short)] == [False] * 3


def test_nothing_is_claimed_where_no_server_is_set(app, clock):
    notice = queue(clock)[0]
    assert (send(clock), notice.attempts) == (0, 0)


def test_a_refused_address_fails_alone_and_is_tried_again_later(server, clock):
    server.refused.add("lan@")
    refused, taken = queue(clock, LAN, Person("Mai", "mai@x.vn"))
    assert send(clock) == 1
    assert (taken.sent_at, refused.sent_at, refused.next_try_at) == (
        clock.now(), None, clock.now() + timedelta(minutes=PATIENCE[0]),
    )  # fmt: skip
    assert "550" in refused.failure

    server.refused.clear()
    clock.move(minutes=PATIENCE[0])
    assert (send(clock), refused.sent_at, refused.failure) == (1, clock.now(), "")


def test_a_server_that_is_down_loses_nothing(server, app, clock):
    notice = queue(clock)[0]
    app.config["EVALUATOR"] = replace(app.config["EVALUATOR"], smtp_port=1)
    assert (send(clock), notice.attempts, notice.failure != "") == (0, 1, True)
    app.config["EVALUATOR"] = replace(app.config["EVALUATOR"], smtp_port=server.port)
    clock.move(minutes=PATIENCE[0])
    assert send(clock) == 1


def test_patience_ends_and_a_person_is_needed(server, clock):
    server.refused.add("lan@")
    notice = queue(clock)[0]
    for minutes in (0, *PATIENCE):
        clock.move(minutes=minutes)
        send(clock)
    assert (notice.attempts, notice.next_try_at) == (len(PATIENCE) + 1, None)


def test_a_person_without_an_address_is_not_written_to(server, clock):
    notice = queue(clock, Person("Ông Sáu"))[0]
    assert (send(clock), notice.is_waiting) == (0, True)


def test_a_sender_that_died_leaves_the_message_for_the_next(server, clock):
    notice = queue(clock)[0]
    with transaction():
        claimed = service.claim(limit=10, by=policy.SYSTEM, now=clock.now())
    assert (claimed, send(clock)) == ([notice.id], 0)
    clock.move(minutes=PATIENCE[0])
    assert send(clock) == 1


# --- who may read and act ------------------------------------------------------------------------


def test_who_may_read_which_message_is_the_same_in_the_table_and_in_the_database(app, clock):
    queue_secret(clock)
    notices = queue(clock)
    for role in [*Role, None]:
        actor = actor_of(an_account(*([role] if role else [])))
        seen = set(db.session.scalars(queries.visible_to(actor)))
        assert seen == {notice for notice in notices if policy.allows(actor, Action.NOTICE_READ, notice)}


def test_a_message_is_handed_over_once(app, clock):
    notice, admin = queue_secret(clock), actor_of(an_account(Role.ADMIN))
    with transaction():
        service.hand_over(notice, by=admin, now=clock.now())
    assert (notice.handed_over_at, notice.next_try_at, "secret" in notice.params) == (clock.now(), None, False)
    for step in (service.hand_over, service.try_again):
        with pytest.raises(Conflict), transaction():
            step(notice, by=admin, now=clock.now())


def test_the_secretary_sees_no_message_that_opens_an_account(app, clock):
    notice, secretary = queue_secret(clock), actor_of(an_account(Role.SECRETARY))
    with pytest.raises(NotFound):
        queries.get(notice.code, actor=secretary)
    with pytest.raises(NotFound), transaction():
        service.hand_over(notice, by=secretary, now=clock.now())
    assert queries.listed(secretary, box=Box.WAITING).rows == []


def test_nobody_sends_by_hand(app, clock):
    with pytest.raises(Forbidden), transaction():
        service.claim(limit=1, by=actor_of(an_account(Role.ADMIN)), now=clock.now())


def test_the_administrator_takes_a_link_from_the_outbox(client, clock):
    notice = queue_secret(clock)
    client.sign_in(an_account(Role.ADMIN))
    page = client.get("/outbox")
    assert "Chưa cài đặt máy chủ thư" in page.text
    shown = client.get(page.links()["Đặt mật khẩu mới"])
    assert shown.links()["http://localhost/reset-password/bi-mat"] == "http://localhost/reset-password/bi-mat"

    client.follow(client.submit(shown.form("Đã báo trực tiếp"), shown))
    assert [row[0] for row in client.get("/outbox?box=sent").rows()] == ["Đặt mật khẩu mới"]
    db.session.refresh(notice)
    assert notice.is_waiting is False


def test_the_outbox_takes_the_same_statements_for_one_and_for_many(app, client, clock):
    queue(clock)
    client.sign_in(an_account(Role.SECRETARY))
    counts = []
    for _ in range(2):
        with statements() as seen:
            client.get("/outbox")
        counts.append(seen.count)
        queue(clock, LAN, LAN, LAN)
    assert counts[0] == counts[1]


def test_a_failed_message_is_found_and_sent_again_on_its_page(client, server, clock):
    server.refused.add("lan@")
    notice = queue(clock)[0]
    send(clock)
    client.sign_in(an_account(Role.SECRETARY))
    listed = client.get("/outbox?box=failed&q=lan")
    assert [row[3] for row in listed.rows()] == ["Chưa gửi được"]
    page = client.get(f"/outbox/{notice.code}")
    assert client.submit(page.form("Gửi lại"), page).status == 303
    server.refused.clear()
    assert send(clock) == 1


@pytest.mark.parametrize("role", [Role.AUTHOR, Role.REVIEWER, Role.CHAIR])
def test_the_outbox_is_closed_to_everybody_else(client, clock, role):
    notice = queue(clock)[0]
    assert client.sign_in(an_account(Role.SECRETARY)).get(f"/outbox/{notice.code}").status == 200
    client.sign_in(an_account(role))
    assert [client.get(each).status for each in ("/outbox", f"/outbox/{notice.code}")] == [403, 404]
