"""The history: written with the change, sealed, readable, and honest about tampering."""

import csv
import io
import threading

import pytest
from sqlalchemy import delete, select, update

from evaluator import invariants
from evaluator.audit import queries, service
from evaluator.audit.chain import GENESIS, link
from evaluator.audit.models import Entry
from evaluator.core.db import db, transaction
from evaluator.core.errors import Forbidden
from evaluator.policy import ANYONE, OPERATOR, SYSTEM
from evaluator.rules.roles import Role
from evaluator.units.models import Unit
from tests.factories import a_unit, actor_of, an_account
from tests.page_client import queries as statements


def note(clock, *, event="unit.created", about=None, by=OPERATOR, **facts):
    with transaction():
        service.record(event, about=about, by=by, now=clock.now(), **facts)


def rows():
    return db.session.scalars(select(Entry).order_by(Entry.id)).all()


@pytest.fixture
def tampering(app):
    """Lets a test break the chain, and mends it before the invariants are asked."""
    yield
    db.session.rollback()
    db.session.execute(delete(Entry))
    db.session.commit()


# --- writing ------------------------------------------------------------------------------------


def test_a_row_names_who_did_what_to_what_and_when(app, clock):
    secretary, unit = an_account(Role.SECRETARY, name="Lê Thị Hà"), a_unit(code="P")
    note(clock, about=unit, by=actor_of(secretary), reason="Sáp nhập", role=Role.CHAIR, moved=["A", "B"])
    (entry,) = rows()
    assert entry.content() == {
        "id": 1,
        "at": clock.now(),
        "event": "unit.created",
        "actor_id": secretary.id,
        "actor": "Lê Thị Hà",
        "about_kind": "unit",
        "about_id": unit.id,
        "about": "P",
        "facts": {"reason": "Sáp nhập", "role": "chair", "moved": ["A", "B"]},
    }
    assert entry.hash == link(GENESIS, entry.content())


def test_a_thing_made_in_the_same_transaction_is_named_by_its_new_id(app, clock):
    with transaction():
        unit = a_new_unit()
        service.record("unit.created", about=unit, by=OPERATOR, now=clock.now())
        assert unit.id is None
    assert (rows()[0].about_id, unit.id is None) == (unit.id, False)


def a_new_unit():
    unit = Unit(code="N", name="Xã Mới", level=1, search="xa moi", sort_key="")
    db.session.add(unit)
    return unit


def test_what_is_rolled_back_did_not_happen(app, clock):
    with transaction(keep=False):
        service.record("unit.created", about=None, by=OPERATOR, now=clock.now())
    with pytest.raises(TypeError), transaction():
        service.record("unit.created", about=None, by=OPERATOR, now=clock.now(), points=8.25)
    note(clock, event="unit.closed")
    assert [(entry.id, entry.event) for entry in rows()] == [(1, "unit.closed")]


@pytest.mark.parametrize("count", [1, 50])
def test_a_transaction_writes_its_rows_with_at_most_three_statements(app, clock, count):
    with statements() as seen, transaction():
        for number in range(count):
            service.record("unit.created", about=None, by=SYSTEM, now=clock.now(), number=number)
    assert len(seen.statements) == (3 if db.engine.dialect.name == "postgresql" else 2)


def test_what_has_no_exact_form_is_refused_where_it_is_recorded(app, clock):
    with pytest.raises(TypeError), transaction():
        service.record("sheet.signed", about=None, by=OPERATOR, now=clock.now(), points=8.25)


def test_many_writers_at_once_make_one_chain(app, clock):
    failures = []

    def write():
        with app.app_context():
            try:
                for _ in range(10):
                    note(clock)
            except Exception as error:  # noqa: BLE001 - whatever it is, the test shall say it
                failures.append(error)
            finally:
                db.session.remove()

    writers = [threading.Thread(target=write) for _ in range(8)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    found = queries.verify()
    assert (failures, found.rows, found.holds) == ([], 80, True)


# --- proving ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        update(Entry).where(Entry.id == 2).values(event="unit.closed"),
        update(Entry).where(Entry.id == 2).values(actor="Ai Đó"),
        update(Entry).where(Entry.id == 2).values(facts={"number": 7}),
        update(Entry).where(Entry.id == 2).values(hash="0" * 64),
        delete(Entry).where(Entry.id == 2),
    ],
)
def test_a_row_that_was_touched_is_found(app, clock, tampering, change):
    for number in range(3):
        note(clock, number=number)
    assert queries.verify().holds is True
    with transaction():
        db.session.execute(change)
    assert (queries.verify().broken_at, queries.broken_seals()) == (2, ["2"])
    assert invariants.check()["history-is-sealed"] == ["2"]


def test_an_empty_history_holds(app):
    found = queries.verify()
    assert (found.rows, found.head, found.holds) == (0, GENESIS, True)


# --- reading ------------------------------------------------------------------------------------


@pytest.fixture
def history(app, clock):
    unit = a_unit(code="DV-DONG-VE")
    note(clock, about=unit, by=actor_of(an_account(Role.ADMIN, name="Đỗ Văn Ánh")))
    clock.move(days=1)
    note(clock, event="round.opened", digest="abc")
    note(clock, event="sheet.something-new", by=ANYONE, points=["=1+1"])


@pytest.mark.parametrize("role", [role for role in Role if role not in {Role.ADMIN, Role.SECRETARY}])
def test_the_history_is_read_by_the_secretary_and_the_administrator_only(client, history, role):
    addresses = ("/history", "/history/export.csv", "/history/verification")
    client.sign_in(an_account(Role.SECRETARY))
    assert [client.get(each).status for each in addresses] == [200, 303, 200]
    client.sign_in(an_account(role))
    assert [client.get(each).status for each in addresses] == [403] * 3
    actor = actor_of(an_account(role))
    assert db.session.scalars(queries.visible_to(actor)).all() == []
    with pytest.raises(Forbidden):
        queries.listed(actor, queries.Question())


@pytest.mark.parametrize(
    ("asked", "numbers"),
    [
        ("", ["4", "3", "2", "1"]),
        ("?q=do+van", ["1"]),
        ("?q=dong-ve", ["1"]),
        ("?event=round.opened", ["2"]),
        ("?until=2026-03-02", ["1"]),
        ("?since=2026-03-03&until=2026-03-03", ["4", "3", "2"]),
        ("?since=hom-qua", ["4", "3", "2", "1"]),
        ("?q=khong+co", []),
    ],
)
def test_the_history_is_narrowed_by_who_what_and_when(client, history, asked, numbers):
    client.sign_in(an_account(Role.SECRETARY))  # the fourth row
    assert [row[0] for row in client.get(f"/history{asked}").rows()] == numbers


def test_the_history_is_read_in_vietnamese(client, history):
    client.sign_in(an_account(Role.SECRETARY, name="Lê Thị Hà"))
    page = client.get("/history")
    assert page.rows()[1:] == [
        ["3", "09:00, 03/03/2026", "chưa đăng nhập", "sheet.something-new điểm: =1+1", "–"],
        ["2", "09:00, 03/03/2026", "người vận hành", "Mở đợt xét, chốt quy định mã kiểm: abc", "–"],
        ["1", "09:00, 02/03/2026", "Đỗ Văn Ánh", "Thêm đơn vị", "đơn vị DV-DONG-VE"],
    ]


def test_the_history_is_taken_along_as_asked_for_and_harmless(client, history):
    client.sign_in(an_account(Role.SECRETARY))
    answer = client.take("/history/export.csv?until=2026-03-03")
    assert (answer.headers["Content-Type"], answer.headers["Content-Disposition"]) == (
        "text/csv; charset=utf-8",
        'attachment; filename="history.csv"',
    )
    heading, *lines = csv.reader(io.StringIO(answer.body.decode("utf-8-sig")))
    assert heading == [
        "Số",
        "Thời gian",
        "Người thực hiện",
        "Mã sự việc",
        "Sự việc",
        "Loại",
        "Đối tượng",
        "Chi tiết",
        "Chi tiết như khi niêm phong",
        "Niêm phong",
    ]
    assert [line[0] for line in lines] == ["1", "2", "3", "4", "5"]
    assert lines[4][3:5] == ["names.history-taken", "Tải nhật ký"]
    assert lines[1][1:9] == [
        "2026-03-03T09:00:00+07:00", "người vận hành", "round.opened", "Mở đợt xét, chốt quy định", "", "",
        "mã kiểm: abc", '{"digest":"abc"}',
    ]  # fmt: skip


def test_a_long_history_is_given_piece_by_piece(client, clock):
    with transaction():
        for number in range(700):
            service.record("unit.created", about=None, by=OPERATOR, now=clock.now(), number=number)
    client.sign_in(an_account(Role.SECRETARY))
    lines = list(csv.reader(io.StringIO(client.take("/history/export.csv").body.decode("utf-8-sig"))))
    assert [line[0] for line in lines[1:]] == [str(number) for number in range(1, 703)]


def test_no_cell_is_taken_for_a_formula(client, clock):
    note(clock, by=actor_of(an_account(Role.ADMIN, name="=HYPERLINK(1)")))
    client.sign_in(an_account(Role.SECRETARY))
    lines = list(csv.reader(io.StringIO(client.take("/history/export.csv").body.decode("utf-8-sig"))))
    assert lines[1][2] == "'=HYPERLINK(1)"


def test_the_seals_are_checked_on_a_page(client, clock, tampering):
    note(clock)
    client.sign_in(an_account(Role.SECRETARY))
    assert "Mọi dòng đều nguyên vẹn" in client.get("/history/verification").text
    with transaction():
        db.session.execute(update(Entry).where(Entry.id == 1).values(event="unit.closed"))
    assert "Dòng 1 không còn nguyên vẹn" in client.get("/history/verification").text


def test_the_history_takes_the_same_statements_for_one_and_for_many(app, client, clock):
    client.sign_in(an_account(Role.SECRETARY))
    counts = []
    for _ in range(2):
        with statements() as seen:
            client.get("/history")
        counts.append(seen.count)
        for _ in range(3):
            note(clock, about=a_unit())
    assert counts[0] == counts[1]
