"""The tree of units: founded, renamed, merged and closed on a day, imported, and read as it stood on any day."""

from datetime import date
from io import BytesIO

import pytest
from sqlalchemy import select

from evaluator.audit.models import Entry
from evaluator.core.db import db, transaction
from evaluator.core.errors import Conflict, Forbidden, Invalid
from evaluator.policy import ANYONE, OPERATOR
from evaluator.rules.roles import Role
from evaluator.units import exchange, queries
from evaluator.units import service as units
from evaluator.units.models import Unit
from evaluator.units.names import How
from evaluator.units.service import UnitPlan
from tests.factories import a_unit, actor_of, an_account
from tests.page_client import queries as statements

REFORM = date(2025, 7, 1)
LIST = """id,name,level,parent_id,kind,code,verified,note
P,Ủy ban MTTQ Việt Nam tỉnh Thanh Hóa,1,,mặt trận,38,nguồn,
W1,Ủy ban MTTQ Việt Nam phường Đông Vệ,3,D1,mặt trận,14782,nguồn,
D1,Ủy ban MTTQ Việt Nam thành phố Thanh Hóa,2,P,mặt trận,380,nguồn,
S1,"Sở Văn hóa, Thể thao và Du lịch tỉnh Thanh Hóa",2,P,"sở, ngành",,hiểu biết chung,
"""


@pytest.fixture
def secretary(app):
    return actor_of(an_account(Role.SECRETARY))


@pytest.fixture
def province(app):
    return a_unit(code="P", name="Ủy ban MTTQ Việt Nam tỉnh Thanh Hóa")


def reasons(error):
    return {name: [str(each) for each in said] for name, said in error.value.fields.items()}


def imported(text, *, by=OPERATOR, now):
    plans, problems = exchange.read(text.encode())
    assert problems == []
    with transaction():
        return units.import_units(plans, by=by, now=now)


def places(report):
    return [(each.row, each.column, str(each.problem)) for each in report.problems]


# --- founding and putting right -----------------------------------------------------------------


def test_a_unit_is_added_under_another_and_recorded(secretary, province, clock):
    plan = UnitPlan(code="S1", name=" Sở  Y tế ", level=2, parent="P", kind="sở, ngành")
    with transaction():
        unit = units.create(plan, by=secretary, now=clock.now())
    assert (unit.name, unit.parent_id, unit.exists_on(date(1990, 1, 1))) == ("Sở Y tế", province.id, True)
    assert db.session.scalars(select(Entry.facts)).one() == {"name": "Sở Y tế", "parent": "P"}


@pytest.mark.parametrize("role", [Role.AUTHOR, Role.REVIEWER, Role.CHAIR, Role.EDITOR])
def test_only_the_secretary_and_the_administrator_keep_units(secretary, clock, role):
    with pytest.raises(Forbidden), transaction():
        units.create(UnitPlan(code="X", name="X", level=1), by=actor_of(an_account(role)), now=clock.now())


@pytest.mark.parametrize(
    ("plan", "field", "said"),
    [
        (UnitPlan(code="P", name="X", level=1), "code", "There is already a unit with this code."),
        (UnitPlan(code="Sở 1", name="X", level=1), "code", "A code has up to 40 letters, digits, dots and hyphens, without marks."),
        (UnitPlan(code="X", name=" ", level=1), "name", "Give the name of the unit."),
        (UnitPlan(code="X", name="X", level=0), "level", "The highest level is 1."),
        (UnitPlan(code="X", name="X", level=2, parent="Q"), "parent", "There is no unit with the code Q."),
        (UnitPlan(code="X", name="X", level=1, parent="P"), "level", "The level must be below that of the unit above, which is 1."),
    ],
)  # fmt: skip
def test_a_plan_that_is_not_right_says_why(secretary, province, clock, plan, field, said):
    with pytest.raises(Invalid) as error, transaction():
        units.create(plan, by=secretary, now=clock.now())
    assert reasons(error) == {field: [said]}


def test_a_correction_is_recorded_with_what_stood_there_before(secretary, province, clock):
    plan = UnitPlan(code="P", name="Ủy ban MTTQ Việt Nam tỉnh Thanh Hoá", level=1)
    for _ in range(2):
        with transaction():
            units.correct(province, plan, by=secretary, now=clock.now())
    facts = db.session.scalars(select(Entry.facts)).one()
    assert facts == {
        "changes": {"name": ["Ủy ban MTTQ Việt Nam tỉnh Thanh Hóa", "Ủy ban MTTQ Việt Nam tỉnh Thanh Hoá"]}
    }


def test_no_unit_is_put_under_itself(secretary, province, clock):
    below = a_unit(code="D1", parent=a_unit(code="D0", parent=province))
    plan = UnitPlan(code="P", name=province.name, level=4, parent=below.code)
    with pytest.raises(Invalid) as error, transaction():
        units.correct(province, plan, by=secretary, now=clock.now())
    assert reasons(error) == {"parent": ["A unit cannot stand under itself."]}


# --- names --------------------------------------------------------------------------------------


def test_a_unit_keeps_the_name_of_its_time(secretary, clock):
    unit = a_unit(name="Phường Lam Sơn")
    for name, on in (("Phường Hạc Thành", REFORM), ("Phường Thanh Hóa", date(2026, 1, 1))):
        with transaction():
            units.rename(unit, name, on=on, by=secretary, now=clock.now())
    days = (date(2025, 6, 30), REFORM, date(2025, 12, 31), date(2026, 1, 1))
    assert [queries.name_on(unit, day) for day in days] == [
        "Phường Lam Sơn", "Phường Hạc Thành", "Phường Hạc Thành", "Phường Thanh Hóa",
    ]  # fmt: skip


def test_a_unit_is_still_found_by_its_former_name(secretary, clock):
    unit = a_unit(name="Ủy ban MTTQ Việt Nam phường Lam Sơn")
    with transaction():
        units.rename(unit, "Ủy ban MTTQ Việt Nam phường Hạc Thành", on=REFORM, by=secretary, now=clock.now())
    match = queries.match("MTTQ phường Lam Sơn")
    assert (match.key, match.name, match.how) == (unit.id, unit.name, How.ABBREVIATED)


@pytest.mark.parametrize(
    ("name", "on", "field"),
    [
        ("Phường Hạc Thành", date(2026, 3, 3), "on"),  # tomorrow
        ("Phường Hạc Thành", date(2000, 1, 1), "on"),  # the day it was founded
        (" ", REFORM, "name"),
        ("Phường Lam Sơn", REFORM, "name"),
    ],
)
def test_a_new_name_needs_a_day_that_can_be(secretary, clock, name, on, field):
    unit = a_unit(name="Phường Lam Sơn", valid_from=date(2000, 1, 1))
    with pytest.raises(Invalid) as error, transaction():
        units.rename(unit, name, on=on, by=secretary, now=clock.now())
    assert list(reasons(error)) == [field]


# --- ends ---------------------------------------------------------------------------------------


def test_a_closed_unit_is_gone_from_its_day_on_and_not_before(secretary, clock):
    unit = a_unit(code="D1")
    with transaction():
        units.close(unit, on=REFORM, by=secretary, now=clock.now())
    assert [[each.code for each in queries.on(day)] for day in (date(2025, 6, 30), REFORM)] == [["D1"], []]
    with pytest.raises(Conflict), transaction():
        units.close(unit, on=REFORM, by=secretary, now=clock.now())


def test_merged_units_are_one_house_and_what_stood_under_them_moves(secretary, province, clock):
    east, west, heir = (a_unit(code=code, parent=province) for code in ("E", "W", "H"))
    ward = a_unit(code="W1", parent=west)
    with transaction():
        units.merge([east, west, heir], heir, on=REFORM, by=secretary, now=clock.now())

    tree = queries.tree()
    assert (tree.heir(east.id), tree.same_house(east.id, west.id), heir.valid_to) == (heir.id, True, None)
    assert [row.unit for row in queries.under(heir, moment=REFORM)] == [ward]
    assert queries.predecessors(heir) == [east, west]


def test_a_unit_with_others_under_it_needs_a_successor(secretary, province, clock):
    a_unit(parent=province)
    with pytest.raises(Invalid) as error, transaction():
        units.close(province, on=REFORM, by=secretary, now=clock.now())
    assert reasons(error) == {
        "successor": ["1 units stand under it on that day. Close them first, or name a successor that takes them over."]
    }


def test_a_successor_must_be_there_and_be_another(secretary, clock):
    unit, late = a_unit(), a_unit(name="Xã Mới", valid_from=date(2026, 1, 1))
    for successor, said in (
        (unit, "A unit cannot go over into itself."),
        (late, "“Xã Mới” does not exist on that day."),
    ):
        with pytest.raises(Invalid) as error, transaction():
            units.close(unit, on=REFORM, successor=successor, by=secretary, now=clock.now())
        assert reasons(error) == {"successor": [said]}


def test_a_merger_never_leads_back(secretary, clock):
    one, other = a_unit(), a_unit()
    other.successor_id, other.valid_to = one.id, date(2027, 1, 1)
    db.session.commit()
    with pytest.raises(Invalid), transaction():
        units.close(one, on=REFORM, successor=other, by=secretary, now=clock.now())


# --- reading ------------------------------------------------------------------------------------


def test_the_line_above_and_everything_under_a_unit(province):
    district = a_unit(code="D1", parent=province)
    ward = a_unit(code="W1", parent=district)
    assert [each.code for each in queries.ancestors(ward)] == ["P", "D1"]
    assert queries.descendant_ids(province) == {province.id, district.id, ward.id}
    assert queries.tree().ancestors(ward.id) == [district.id, province.id]


def test_units_are_for_people_who_have_signed_in(province):
    seen = [db.session.scalars(queries.visible_to(actor)).all() for actor in (ANYONE, actor_of(an_account()), OPERATOR)]
    assert seen == [[], [province], [province]]


def test_units_are_found_without_marks_and_by_code(province):
    a_unit(code="S1", name="Sở Y tế tỉnh Thanh Hóa")
    assert [unit.code for unit in queries.search("thanh hoa mttq")] == ["P"]
    assert [unit.code for unit in queries.search("s1")] == ["S1"]


# --- lists --------------------------------------------------------------------------------------


def test_a_list_is_imported_in_any_order_and_twice_changes_nothing(app, clock):
    first, second = imported(LIST, now=clock.now()), imported(LIST, now=clock.now())
    assert [(each.created, each.changed, each.unchanged) for each in (first, second)] == [(4, 0, 0), (0, 0, 4)]
    ward = queries.get("W1", actor=OPERATOR)
    assert [each.code for each in queries.ancestors(ward)] == ["P", "D1"]
    assert (ward.state_code, ward.kind) == ("14782", "mặt trận")


def test_a_list_puts_right_what_is_there_already(app, clock):
    imported(LIST, now=clock.now())
    report = imported(LIST.replace("Đông Vệ", "Hạc Thành"), now=clock.now())
    assert (report.changed, queries.get("W1", actor=OPERATOR).name) == (1, "Ủy ban MTTQ Việt Nam phường Hạc Thành")


def test_a_list_that_does_not_hold_together_takes_nothing_and_names_each_place(app, clock):
    plans, _ = exchange.read(
        b"id,name,level,parent_id\nA,Mot,1,\nA,Hai,1,\nB,Ba,2,Z\nC,Bon,1,A\nD,Nam,3,E\nE,Sau,3,D\n"
    )
    with transaction():
        report = units.import_units(plans, by=OPERATOR, now=clock.now())
    assert places(report) == [
        (3, "id", "The code A stands in row 2 already."),
        (4, "parent_id", "There is no unit with the code Z."),
        (5, "level", "The unit above, A, is not of a higher level."),
        (6, "level", "The unit above, E, is not of a higher level."),
        (7, "level", "The unit above, D, is not of a higher level."),
    ]
    assert db.session.scalars(select(Unit)).all() == []


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"\xff\xfe\x00", [(1, "", "The file is not text in UTF-8.")]),
        (b"ma,ten\n1,2\n", [(1, "id", "The heading lacks these columns: id, name, level, parent_id.")]),
        (b"id;name;level;parent_id\n;x;1;\n", [(2, "id", "The cell is empty.")]),
        (b"id,name,level,parent_id\nA,,1,\n", [(2, "name", "The cell is empty.")]),
        (b"id,name,level,parent_id\nA/1,x,1,\n", [(2, "id", "This is no code.")]),
        (b"id,name,level,parent_id\nA,x,cao,\n", [(2, "level", "The level is not a whole number from 1 to 9.")]),
        (b"id,name,level,parent_id\nA," + b"x" * 301 + b",1,\n", [(2, "name", "The name is too long.")]),
        (b"id,name,level,parent_id,valid_from\nA,x,1,,hom qua\n", [(2, "valid_from", "This is no date.")]),
        (b"id,name,level,parent_id\n\n,,,\n", []),
    ],
)
def test_a_file_says_what_is_wrong_with_it(content, found):
    _, problems = exchange.read(content)
    assert [(each.row, each.column, str(each.problem)) for each in problems] == found


def test_the_real_list_of_the_province_is_imported_at_the_command_line(app, tmp_path):
    path = tmp_path / "units.csv"
    path.write_text(LIST, encoding="utf-8")
    run = app.test_cli_runner().invoke
    tried = run(args=["import-units", str(path), "--dry-run", "--language", "en"])
    assert tried.output == ("4 units would be added, 0 put right, 0 are there already. Nothing was written.\n")
    done = run(args=["import-units", str(path), "--json"])
    assert (done.exit_code, done.output) == (0, '{"created": 4, "changed": 0, "unchanged": 0, "dry_run": false}\n')


def test_a_wrong_list_ends_with_one_line_for_each_problem_at_the_command_line(app, tmp_path):
    path = tmp_path / "units.csv"
    path.write_text("id,name,level,parent_id\nA,,x,\n", encoding="utf-8")
    result = app.test_cli_runner().invoke(args=["import-units", str(path), "--language", "en"])
    assert result.exit_code == 1
    assert result.stderr.splitlines() == [
        f"{path}: row 2, column name: The cell is empty. Fill it in, or delete the row.",
        f"{path}: row 2, column level: The level is not a whole number from 1 to 9. Write 1 for the highest level, 2 for the next.",
    ]


# --- pages --------------------------------------------------------------------------------------


def test_the_secretary_builds_the_tree_on_the_pages(client, clock):
    client.sign_in(an_account(Role.SECRETARY))
    page = client.get("/units/new")
    top = {"name": "Ủy ban MTTQ Việt Nam tỉnh Thanh Hóa", "code": "P", "level": "1"}
    shown = client.follow(client.submit(page.form(), page, **top))
    page = client.get(shown.links()["Thêm đơn vị trực thuộc"])
    assert page.one("input", name="level").attrs["value"] == "2"
    again = client.submit(page.form(), page, name="Sở Y tế", code="P")
    assert (again.status, again.one("input", name="name").attrs["value"]) == (422, "Sở Y tế")
    shown = client.follow(client.submit(page.form(), page, name="Sở Y tế", code="S1"))
    assert shown.links()["Ủy ban MTTQ Việt Nam tỉnh Thanh Hóa"] == "/units/P"

    page = client.get("/units/S1/name")
    client.follow(client.submit(page.form(), page, name="Sở Y tế tỉnh Thanh Hóa", on="2025-07-01"))
    page = client.get("/units/S1/end")
    shown = client.follow(client.submit(page.form(), page, on="2026-03-01"))
    assert "Đơn vị này không còn từ 01/03/2026." in shown.text
    assert [row[0] for row in client.get("/units/P?on=2025-01-01").rows()] == [
        "Sở Y tế tỉnh Thanh Hóa S1 · không còn từ 01/03/2026"
    ]
    assert client.get("/units/P").rows() == []


def test_several_units_are_merged_on_a_page(client):
    heir, east, west = a_unit(code="H"), a_unit(code="E", name="Xã Đông"), a_unit(code="W", name="Xã Tây")
    client.sign_in(an_account(Role.SECRETARY))
    page = client.get("/units/H/merger")
    unknown = client.submit(page.form(), page, units="Xã Đông\nXã Nam", on="2025-07-01")
    assert (unknown.status, east.successor_id) == (422, None)
    shown = client.follow(client.submit(page.form(), page, units="xa dong\nW\n", on="2025-07-01"))
    assert "Xã Đông (01/07/2025)" in shown.text
    assert queries.predecessors(heir) == [east, west]


def test_a_mistake_is_put_right_on_its_page_and_an_older_version_is_stopped(client):
    a_unit(code="S1", name="Sở Y té")
    client.sign_in(an_account(Role.SECRETARY))
    page = client.get("/units/S1/edit")
    assert client.submit(page.form(), page, name="Sở Y tế").status == 303
    assert client.submit(page.form(), page, name="Sở Y  tế").status == 409


def test_a_list_is_tried_first_and_then_taken_on_the_page(client):
    client.sign_in(an_account(Role.SECRETARY))
    page = client.get("/units/import")
    form = page.form()
    tried = client.submit(form, page, file=(BytesIO(LIST.encode()), "units.csv"))
    assert "Danh sách hợp lệ: sẽ thêm 4 đơn vị" in tried.text
    assert db.session.scalars(select(Unit)).all() == []
    taken = client.submit(form, page, file=(BytesIO(LIST.encode()), "units.csv"), only_try=None)
    assert (taken.status, taken.location) == (303, "/units")

    wrong = client.submit(form, page, file=(BytesIO(b"id,name,level,parent_id\nA,,1,\n"), "units.csv"))
    assert (wrong.status, wrong.rows()) == (422, [["2", "name", "Ô này để trống.", "Hãy điền vào hoặc xóa dòng."]])
    none = client.submit(form, page)
    assert (none.status, "Hãy chọn tệp danh sách." in none.text) == (422, True)


@pytest.mark.parametrize("role", [Role.AUTHOR, Role.REVIEWER, Role.CHAIR])
def test_everybody_reads_the_tree_and_few_change_it(client, role):
    a_unit(code="S1")
    client.sign_in(an_account(role))
    assert [client.get(each).status for each in ("/units", "/units/S1")] == [200, 200]
    closed = ("/units/new", "/units/S1/edit", "/units/S1/name", "/units/S1/end", "/units/S1/merger", "/units/import")
    assert [client.get(each).status for each in closed] == [403] * 6


def test_the_tree_takes_the_same_statements_for_one_and_for_many(app, client):
    top = a_unit(code="P")
    client.sign_in(an_account(Role.SECRETARY))
    counts = []
    for _ in range(2):
        with statements() as seen:
            client.get("/units/P")
        counts.append(seen.count)
        for _ in range(3):
            a_unit(parent=top)
    assert counts[0] == counts[1]
