"""Accounts are opened, invited, changed and closed by administrators, and kept by their holders."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from evaluator.audit.models import Entry
from evaluator.core.db import db, transaction
from evaluator.core.errors import Conflict, Forbidden, Invalid, NotFound
from evaluator.notices.models import Notice
from evaluator.people import lists, queries
from evaluator.people import service as people
from evaluator.people.models import Account, PasswordReset
from evaluator.people.passwords import check_strength, passwords
from evaluator.people.service import Profile
from evaluator.policy import ANYONE, OPERATOR
from evaluator.rules.roles import Role
from evaluator.units.names import Matcher
from tests.factories import PASSWORD, a_unit, actor_of, an_account, save
from tests.page_client import PageClient
from tests.page_client import queries as statements

PROFILE = Profile(email="Lan@ThanhHoa.example ", name=" Trần  Thị Lan", job_title="Chuyên viên")


@pytest.fixture
def admin(app):
    return an_account(Role.ADMIN, name="Lê Thị Quản Trị", email="quantri@thanhhoa.example")


def secret_of(notice):
    return notice.params["secret"]


def newest_notice(template):
    return db.session.scalars(select(Notice).where(Notice.template == template).order_by(Notice.id.desc())).first()


def reasons(error):
    return {name: [str(each) for each in said] for name, said in error.value.fields.items()}


# --- opening ------------------------------------------------------------------------------------


def test_a_new_account_holds_several_roles_and_invites_its_holder(admin, clock):
    with transaction():
        account = people.create_account(
            PROFILE, roles=[Role.REVIEWER, Role.MEMBER], by=actor_of(admin), now=clock.now()
        )

    assert (account.email, account.name, account.roles) == (
        "lan@thanhhoa.example",
        "Trần Thị Lan",
        {Role.REVIEWER, Role.MEMBER},
    )
    notice = newest_notice("account-invited")
    assert (notice.address, notice.account_id, notice.is_secret) == ("lan@thanhhoa.example", account.id, True)
    assert db.session.scalars(select(Entry.event).order_by(Entry.id)).all() == ["account.created", "account.invited"]


def test_an_account_with_a_password_needs_no_invitation(admin, clock):
    sealed = passwords.seal(PASSWORD)
    with transaction():
        people.create_account(PROFILE, password=sealed, by=actor_of(admin), now=clock.now())
    assert newest_notice("account-invited") is None


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMIN])
def test_only_an_administrator_opens_accounts(admin, clock, role):
    other = actor_of(an_account(role))
    with pytest.raises(Forbidden) as error, transaction():
        people.create_account(PROFILE, by=other, now=clock.now())
    assert error.value.reasons == ("only an administrator",)


@pytest.mark.parametrize(
    ("profile", "field", "said"),
    [
        (Profile(email="lan", name="Lan"), "email", "Give a complete e-mail address, for example ten@tinh.gov.vn."),
        (Profile(email="lan@x", name="Lan"), "email", "Give a complete e-mail address, for example ten@tinh.gov.vn."),
        (
            Profile(email="a b@x.vn", name="Lan"),
            "email",
            "Give a complete e-mail address, for example ten@tinh.gov.vn.",
        ),
        (
            Profile(email="QuanTri@thanhhoa.example", name="L"),
            "email",
            "There is already an account with this address.",
        ),
        (Profile(email="lan@x.vn", name="  "), "name", "Give the full name."),
    ],
)
def test_a_profile_that_is_not_right_says_why(admin, clock, profile, field, said):
    with pytest.raises(Invalid) as error, transaction():
        people.create_account(profile, by=actor_of(admin), now=clock.now())
    assert reasons(error) == {field: [said]}


# --- changing and closing -----------------------------------------------------------------------


def test_an_edit_is_recorded_with_what_was_changed(admin, clock):
    account = an_account(Role.AUTHOR, name="Trần Thị Lan", email="lan@thanhhoa.example")
    unit = a_unit()
    profile = Profile(email="lan@thanhhoa.example", name="Trần Thị Lan", unit_id=unit.id)
    with transaction():
        people.edit(
            account, profile, roles=[Role.REVIEWER], read_version=account.version, by=actor_of(admin), now=clock.now()
        )

    assert (account.unit_id, account.roles) == (unit.id, {Role.REVIEWER})
    facts = db.session.scalars(select(Entry.facts)).one()
    assert facts == {"changed": ["unit_id"], "granted": ["reviewer"], "revoked": ["author"]}


def test_who_saves_an_older_version_is_stopped(admin, clock):
    account = an_account(Role.AUTHOR)
    profile = Profile(email=account.email, name="Ai Đó")
    with pytest.raises(Conflict), transaction():
        people.edit(account, profile, roles=[], read_version=account.version + 1, by=actor_of(admin), now=clock.now())
    assert account.name != "Ai Đó"


def without_the_role(admin, **door):
    profile = Profile(email=admin.email, name=admin.name)
    people.edit(admin, profile, roles=[Role.SECRETARY], read_version=admin.version, **door)


def without_the_grant(admin, **door):
    people.revoke(admin, Role.ADMIN, **door)


@pytest.mark.parametrize("step", [without_the_role, without_the_grant, people.deactivate])
def test_the_last_administrator_stays(admin, clock, step):
    door = {"by": actor_of(admin), "now": clock.now()}
    with pytest.raises(Invalid) as error, transaction():
        step(admin, **door)
    assert reasons(error) == {
        "roles": ["There must be at least one administrator. Make somebody else administrator first."]
    }


def test_one_of_two_administrators_may_go(admin, clock):
    other = an_account(Role.ADMIN)
    with transaction():
        people.revoke(other, Role.ADMIN, by=actor_of(admin), now=clock.now())
    assert (other.roles, queries.count_active_admins()) == (frozenset(), 1)


def test_a_role_is_given_once(admin, clock):
    account = an_account(Role.AUTHOR)
    for _ in range(2):
        with transaction():
            people.grant(account, Role.REVIEWER, by=actor_of(admin), now=clock.now())
    assert account.roles == {Role.AUTHOR, Role.REVIEWER}
    assert db.session.scalars(select(Entry.event)).all() == ["role.granted"]


def test_closing_an_account_ends_its_links_and_it_can_be_opened_again(admin, clock):
    account, by = an_account(Role.AUTHOR), {"by": actor_of(admin), "now": clock.now()}
    with transaction():
        people.invite(account, **by)
        secret = secret_of(newest_notice("account-invited"))
    with transaction():
        people.deactivate(account, **by)
    assert queries.state_of(queries.link(secret), now=clock.now()) is queries.LinkState.REPLACED
    with pytest.raises(Conflict), transaction():
        people.deactivate(account, **by)
    with transaction():
        people.reactivate(account, **by)
    assert account.is_active is True


# --- passwords ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("ngắn", "Use at least 8 characters; a short sentence is easy to keep."),
        ("12345678", "This password is guessed at once. Choose another, for example a short sentence."),
        ("MATKHAU123", "This password is guessed at once. Choose another, for example a short sentence."),
        ("tran thi lan", "This password is guessed at once. Choose another, for example a short sentence."),
        ("lan@x.vn", "This password is guessed at once. Choose another, for example a short sentence."),
        ("abababab", "This password is guessed at once. Choose another, for example a short sentence."),
        ("x" * 201, "Use at most 200 characters."),
    ],
)
def test_a_weak_password_is_refused_with_what_to_do(password, said):
    with pytest.raises(Invalid) as error:
        check_strength(password, email="lan@x.vn", name="Trần Thị Lan")
    assert reasons(error) == {"password": [said]}


def test_a_short_sentence_is_a_good_password():
    check_strength("mưa rơi trên lá", email="lan@x.vn", name="Trần Thị Lan")


def test_a_new_password_ends_links_and_other_sessions_and_tells_the_holder(app, clock):
    account = an_account(Role.AUTHOR)
    before = account.session_key
    with transaction():
        people.ask_reset(account.email, by=ANYONE, now=clock.now())
        secret = secret_of(newest_notice("password-reset"))
    sealed = passwords.seal("mưa rơi trên lá")
    with transaction():
        people.set_password(account, sealed, by=actor_of(account), now=clock.now())

    assert passwords.fits(account.password_hash, "mưa rơi trên lá") is True
    assert account.session_key != before
    assert queries.state_of(queries.link(secret), now=clock.now()) is queries.LinkState.REPLACED
    withdrawn = newest_notice("password-reset")
    assert (withdrawn.withdrawn_at, "secret" in withdrawn.params) == (clock.now(), False)
    assert newest_notice("password-changed").address == account.email


def test_nobody_sets_the_password_of_somebody_else(admin, clock):
    account = an_account(Role.AUTHOR)
    with pytest.raises(Forbidden), transaction():
        people.set_password(account, passwords.seal(PASSWORD), by=actor_of(admin), now=clock.now())


def test_asking_for_a_link_for_an_unknown_or_closed_account_does_nothing(app, clock):
    closed = an_account(email="dong@thanhhoa.example", deactivated_at=clock.now())
    for email in (closed.email, "ai@do.example"):
        with transaction():
            people.ask_reset(email, by=ANYONE, now=clock.now())
    assert db.session.scalars(select(Notice)).all() == []


def test_pressing_twice_sends_one_link(app, clock):
    account = an_account(Role.AUTHOR)
    for _ in range(2):
        with transaction():
            people.ask_reset(account.email, by=ANYONE, now=clock.now())
    assert len(db.session.scalars(select(PasswordReset)).all()) == 1


@pytest.mark.parametrize(("hours", "state"), [(1.99, queries.LinkState.OPEN), (2, queries.LinkState.EXPIRED)])
def test_a_link_opens_for_two_hours(app, clock, hours, state):
    account = an_account(Role.AUTHOR)
    with transaction():
        people.ask_reset(account.email, by=ANYONE, now=clock.now())
        secret = secret_of(newest_notice("password-reset"))
    assert queries.state_of(queries.link(secret), now=clock.now() + timedelta(hours=hours)) is state


def test_a_link_sets_a_password_once(app, clock):
    account = an_account(Role.AUTHOR)
    with transaction():
        people.ask_reset(account.email, by=ANYONE, now=clock.now())
        secret = secret_of(newest_notice("password-reset"))
    sealed = passwords.seal("mưa rơi trên lá")
    with transaction():
        people.use_link(secret, sealed, by=ANYONE, now=clock.now())
    with pytest.raises(Conflict) as error, transaction():
        people.use_link(secret, sealed, by=ANYONE, now=clock.now())
    assert str(error.value) == (
        "This link has been used already: a password was set with it. Sign in, or ask for a new link."
    )


def test_a_secret_we_never_sent_opens_nothing(app, clock):
    with pytest.raises(NotFound), transaction():
        people.use_link("x" * 43, passwords.seal(PASSWORD), by=ANYONE, now=clock.now())


# --- reading ------------------------------------------------------------------------------------


def test_who_may_see_which_account_is_the_same_in_the_table_and_in_the_database(admin):
    others = [an_account(role) for role in Role] + [an_account()]
    for reader in [admin, *others]:
        actor = actor_of(reader)
        seen = {account.id for account in db.session.scalars(queries.visible_to(actor))}
        everybody = {account.id for account in db.session.scalars(select(Account))}
        assert seen == (everybody if Role.ADMIN in reader.roles else {reader.id})


def test_accounts_are_listed_by_given_name_and_found_without_marks(admin):
    for name in ("Trần Văn Đức", "Nguyễn Thị Ánh", "Hoàng Văn Dũng"):
        an_account(name=name)
    actor = actor_of(admin)
    assert [account.name for account in queries.listed(actor).rows] == [
        "Nguyễn Thị Ánh", "Hoàng Văn Dũng", "Trần Văn Đức", "Lê Thị Quản Trị",
    ]  # fmt: skip
    assert [account.name for account in queries.listed(actor, text="van duc").rows] == ["Trần Văn Đức"]
    assert [account.name for account in queries.listed(actor, role=Role.ADMIN).rows] == ["Lê Thị Quản Trị"]


def test_people_of_a_role_are_those_who_can_sign_in(app, clock):
    active = an_account(Role.SECRETARY, Role.AUTHOR)
    an_account(Role.SECRETARY, deactivated_at=clock.now())
    assert [account.id for account in queries.with_role(Role.SECRETARY, Role.CHAIR)] == [active.id]


# --- the pages ----------------------------------------------------------------------------------


def test_the_list_of_accounts_takes_the_same_statements_for_one_and_for_many(app, client, admin):
    client.sign_in(admin)
    counts = []
    for _ in range(2):
        with statements() as seen:
            client.get("/accounts")
        counts.append(seen.count)
        for _ in range(3):
            an_account(Role.REVIEWER, Role.AUTHOR, unit=a_unit())
    assert counts[0] == counts[1]


def test_an_administrator_opens_an_account_on_the_page(client, admin):
    a_unit(name="Ủy ban MTTQ Việt Nam huyện Nga Sơn")
    client.sign_in(admin)
    page = client.get("/accounts/new")
    answer = client.submit(
        page.form("Mở tài khoản này"),
        page,
        name="Trần Thị Lan",
        email="lan@thanhhoa.example",
        unit="MTTQ huyện Nga Sơn",
        roles=["reviewer", "member"],
    )
    shown = client.follow(answer)
    assert shown.heading == "Trần Thị Lan"
    account = queries.maybe_by_email("lan@thanhhoa.example")
    assert (account.unit.name, account.roles) == ("Ủy ban MTTQ Việt Nam huyện Nga Sơn", {Role.REVIEWER, Role.MEMBER})


PASTED = (
    "Họ và tên\tThư điện tử\tĐơn vị\tChức vụ\n"
    "Trần Thị Lan\tLan@ThanhHoa.example \tMTTQ huyện Nga Sơn\tChuyên viên\n\n"
    "ThS. Đỗ Văn Đạt\tdat@thanhhoa.example\n"
)


def test_a_pasted_list_is_tried_first_and_then_everybody_is_let_in(client, admin):
    unit = a_unit(name="Ủy ban MTTQ Việt Nam huyện Nga Sơn")
    known = an_account(Role.AUTHOR, email="dat@thanhhoa.example")
    client.sign_in(admin)
    page = client.get("/accounts/several")
    tried = client.submit(page.form(), page, people=PASTED, roles=["reviewer"])
    assert "Danh sách hợp lệ: sẽ mở 1 tài khoản; 1 người đã có tài khoản" in tried.text
    assert tried.one("textarea", name="people").text.startswith("Họ và tên")
    assert queries.maybe_by_email("lan@thanhhoa.example") is None

    taken = client.submit(tried.form(), tried, only_try=None)
    assert (taken.status, taken.location) == (303, "/accounts")
    lan = queries.maybe_by_email("lan@thanhhoa.example")
    db.session.refresh(known)
    assert (lan.name, lan.unit_id, lan.job_title, lan.roles) == (
        "Trần Thị Lan",
        unit.id,
        "Chuyên viên",
        {Role.REVIEWER},
    )
    assert known.roles == {Role.AUTHOR, Role.REVIEWER}
    assert newest_notice("account-invited").address == "lan@thanhhoa.example"


def test_a_pasted_list_with_faults_lets_nobody_in_and_names_each_line(client, admin):
    a_unit(name="Ủy ban MTTQ Việt Nam huyện Nga Sơn")
    client.sign_in(admin)
    page = client.get("/accounts/several")
    faulty = "Lan;lan@x.vn\n;dat@x.vn\nMai;mai.x.vn\nHoa;LAN@x.vn\nTú;tu@x.vn;UBND xã Không Có\nAn;an@x.vn;MTTQ huyện Nga Sơm Thượng"
    answer = client.submit(page.form(), page, people=faulty, only_try=None)
    assert answer.status == 422
    assert [row[:3] for row in answer.rows()] == [
        ["2", "Họ và tên", "Thiếu họ tên."],
        ["3", "Thư điện tử", "Đây không phải địa chỉ thư điện tử."],
        ["4", "Thư điện tử", "Địa chỉ này đã có ở dòng 1."],
        ["5", "Đơn vị", "Không có đơn vị nào tên “UBND xã Không Có”."],
        ["6", "Đơn vị", "Không có đơn vị nào tên “MTTQ huyện Nga Sơm Thượng”."],
    ]
    assert queries.maybe_by_email("lan@x.vn") is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Họ và tên\tThư điện tử", "The list holds nobody."),
        ("\n".join(f"Lan;lan{number}@x.vn" for number in range(501)), "The list has more than 500 people."),
    ],
)
def test_a_list_of_nobody_or_of_too_many_is_refused(text, said):
    people_found, problems = lists.read(text, units=Matcher())
    assert (people_found, [str(each.problem) for each in problems]) == ({}, [said])


def test_a_closed_account_is_not_let_in_by_a_list(client, admin, clock):
    closed = an_account(email="dong@x.vn", deactivated_at=clock.now())
    client.sign_in(admin)
    page = client.get("/accounts/several")
    answer = client.submit(page.form(), page, people=f"{closed.name};{closed.email}", only_try=None)
    assert (answer.status, "Tài khoản này đã khóa. Hãy mở lại trước." in answer.text) == (409, True)


def test_a_unit_nobody_knows_is_told_with_the_names_that_are_near(client, admin):
    a_unit(name="Ủy ban MTTQ Việt Nam huyện Nga Sơn")
    client.sign_in(admin)
    page = client.get("/accounts/new")
    answer = client.submit(
        page.form("Mở tài khoản này"), page, name="Lan", email="lan@x.vn", unit="Ủy ban MTTQ huyện Nông Sơn"
    )
    assert answer.status == 422
    assert answer.one("input", name="unit").attrs["value"] == "Ủy ban MTTQ huyện Nông Sơn"
    assert "Có phải: Ủy ban MTTQ Việt Nam huyện Nga Sơn?" in answer.text


def test_two_administrators_changing_one_account_are_told(client, admin, app):
    account = an_account(Role.AUTHOR, name="Trần Thị Lan")
    client.sign_in(admin)
    page = client.get(f"/accounts/{account.code}")
    other = PageClient(app).sign_in(admin)
    theirs = other.get(f"/accounts/{account.code}")
    assert other.submit(theirs.form("Lưu"), theirs, job_title="Trưởng ban").status == 303

    answer = client.submit(page.form("Lưu"), page, job_title="Phó ban")
    assert (answer.status, answer.one("input", name="job_title").attrs["value"]) == (409, "Phó ban")


@pytest.mark.parametrize("role", [Role.SECRETARY, Role.AUTHOR, Role.CHAIR])
def test_the_pages_of_accounts_are_the_administrators(client, admin, role):
    account = an_account(Role.AUTHOR)
    assert client.sign_in(admin).get(f"/accounts/{account.code}").status == 200
    client.sign_in(an_account(role))
    assert [client.get(each).status for each in ("/accounts", "/accounts/new", f"/accounts/{account.code}")] == [
        403
    ] * 3


def test_an_account_is_invited_closed_and_opened_on_its_page(client, admin):
    account = an_account(Role.REVIEWER)
    client.sign_in(admin)
    for button, there in (("Gửi liên kết", True), ("Khóa tài khoản", False), ("Mở lại tài khoản", True)):
        page = client.get(f"/accounts/{account.code}")
        assert client.submit(page.form(button), page).status == 303
        db.session.refresh(account)
        assert account.is_active is there


def test_a_person_chooses_a_password_by_link_and_is_signed_in(client, clock):
    account = an_account(Role.AUTHOR, name="Trần Thị Lan")
    page = client.get("/forgotten-password")
    sent = client.submit(page.form(), page, email=account.email)
    assert sent.heading == "Hãy xem hộp thư"
    link = f"/reset-password/{secret_of(newest_notice('password-reset'))}"

    page = client.get(link)
    short = client.submit(page.form(), page, password="ngắn", repeated="ngắn")
    assert (short.status, short.one("input", name="password").attrs["value"]) == (422, "")
    differing = client.submit(page.form(), page, password="mưa rơi trên lá", repeated="mưa rơi trên")
    assert "Hai mật khẩu không giống nhau. Hãy nhập lại cả hai." in differing.text

    answer = client.submit(page.form(), page, password="mưa rơi trên lá", repeated="mưa rơi trên lá")
    assert (answer.status, answer.location, client.get("/account").heading) == (303, "/", "Tài khoản của tôi")
    used = client.get(link)
    assert (used.status, used.heading) == (409, "Liên kết không còn hiệu lực")
    assert "Liên kết này đã được dùng để đặt mật khẩu." in used.text


def test_the_page_of_an_expired_link_says_so_and_offers_a_new_one(client, clock):
    account = an_account(Role.AUTHOR)
    with transaction():
        people.ask_reset(account.email, by=ANYONE, now=clock.now())
        secret = secret_of(newest_notice("password-reset"))
    clock.move(hours=3)
    page = client.get(f"/reset-password/{secret}")
    assert page.status == 409
    assert "Liên kết này đã hết hạn." in page.text
    assert page.links()["Yêu cầu liên kết mới"] == "/forgotten-password"


def test_a_link_nobody_sent_is_not_found(client):
    assert client.get("/reset-password/" + "x" * 43).status == 404


def test_asking_for_a_link_says_the_same_for_a_stranger(client):
    account = an_account(Role.AUTHOR)
    texts = []
    for email in (account.email, "x" * len(account.email.partition("@")[0]) + "@example.org"):
        page = client.get("/forgotten-password")
        texts.append(client.submit(page.form(), page, email=email).text.replace(email, "…"))
    assert texts[0] == texts[1]


def test_a_person_keeps_the_own_account_and_chooses_the_language(client):
    account = an_account(Role.REVIEWER, name="Trần Thị Lan")
    client.sign_in(account)
    page = client.get("/account")
    answer = client.submit(page.form("Lưu"), page, name="Trần Thị Ngọc Lan", language="en")
    assert client.follow(answer).heading == "My account"
    db.session.refresh(account)
    assert (account.name, account.language) == ("Trần Thị Ngọc Lan", "en")


def test_a_language_chosen_in_the_head_of_a_page_is_kept_with_the_account(client):
    account = an_account(Role.REVIEWER)
    client.sign_in(account)
    page = client.get("/account")
    for _ in range(2):
        client.submit(page.form(action="/language"), page)
    assert client.get("/account").heading == "My account"
    db.session.refresh(account)
    assert account.language == "en"
    events = db.session.scalars(select(Entry.event).where(Entry.event == "account.language-chosen")).all()
    assert len(events) == 1


def test_a_language_we_do_not_speak_is_refused(app, clock):
    with pytest.raises(Invalid), transaction():
        people.choose_language("fr", by=actor_of(an_account()), now=clock.now())


def test_an_open_account_is_not_opened_again(admin, clock):
    with pytest.raises(Conflict), transaction():
        people.reactivate(an_account(), by=actor_of(admin), now=clock.now())


def test_nobody_but_a_person_has_an_own_account(app):
    for actor in (ANYONE, OPERATOR):
        with pytest.raises(NotFound):
            queries.own(actor)


def test_a_person_changes_the_password_and_other_devices_are_signed_out(client, app):
    account = an_account(Role.REVIEWER)
    client.sign_in(account)
    other = PageClient(app).sign_in(account)
    page = client.get("/account/password")
    new = {"password": "mưa rơi trên lá", "repeated": "mưa rơi trên lá"}
    wrong = client.submit(page.form(), page, present="sai rồi", **new)
    assert (wrong.status, "Đây không phải mật khẩu hiện tại của bạn." in wrong.text) == (422, True)

    assert client.submit(page.form(), page, present=PASSWORD, **new).location == "/account"
    assert client.get("/account").status == 200
    assert other.get("/account").location == "/login?next=/account"


def test_the_first_administrator_is_made_at_the_command_line(app):
    runner = app.test_cli_runner()
    made = runner.invoke(args=["create-admin", "dau@thanhhoa.example", "--name", "Lê Thị Hà"])
    again = runner.invoke(args=["create-admin", "dau@thanhhoa.example", "--name", "Lê Thị Hà"])
    assert (made.exit_code, again.exit_code) == (0, 0)
    assert "http://localhost/reset-password/" in made.output
    account = queries.maybe_by_email("dau@thanhhoa.example")
    assert (account.roles, account.name) == ({Role.ADMIN}, "Lê Thị Hà")


def test_an_administrator_without_an_address_is_refused_at_the_command_line(app):
    result = app.test_cli_runner().invoke(args=["create-admin", "dau", "--name", "Lê Thị Hà"])
    assert (result.exit_code, result.output) == (
        1,
        "dau: Hãy nhập địa chỉ thư điện tử đầy đủ, ví dụ ten@tinh.gov.vn.\n",
    )


def test_the_service_itself_may_keep_accounts(app, clock):
    with transaction():
        account = people.create_account(PROFILE, by=OPERATOR, now=clock.now())
    save(account)
    assert account.roles == frozenset()
