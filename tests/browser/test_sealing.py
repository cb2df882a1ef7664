"""Sealing in a real browser: the RFC's own vectors, and what the browser sealed opened in Python; a vote on a phone."""

import json
import os
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, derive_private_key, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from evaluator import opener, verifier
from evaluator.core.db import db, transaction
from evaluator.council.models import PollState
from evaluator.council.polls import deciding
from evaluator.council.sealed import queries
from evaluator.council.sealed import service as sealed_ballot
from evaluator.council.sealed.models import Envelope, SealedPoll
from evaluator.policy import OPERATOR
from evaluator.rules import sealing
from evaluator.rules.calendar import Phase
from evaluator.rules.evidence import POLL, digest
from evaluator.rules.roles import Role
from evaluator.rules.vote_rule import VoteRule
from tests.browser.conftest import DESK, PHONE
from tests.factories import a_round, an_account
from tests.factories_council import a_council, a_session, account_of, an_item
from tests.factories_sealed import an_open_sealed_vote

VECTOR = json.loads((Path(__file__).parents[1] / "golden" / "hpke" / "rfc9180-a.3.1.json").read_text())
MODULES = """async (names) => {
    const address = document.querySelector('script[src*="/js/page.js"]').src.replace("page.js", "ballot/");
    return Object.assign({}, ...(await Promise.all(names.map((name) => import(address + name)))));
}"""
TITLES = ("Máy gieo hạt tự chế từ xe đạp cũ", "Sổ tay điện tử theo dõi sức khỏe người cao tuổi tại khu dân cư")


def picture(page, name: str) -> None:
    """Keep a picture to look at, where PICTURES names a folder."""
    folder = os.environ.get("PICTURES")
    if folder:
        page.screenshot(path=str(Path(folder) / f"sealed-{name}.png"), full_page=True)


@pytest.fixture
def modules(visit):
    """A page in which the ballot's own modules stand as ``window.ballot``."""
    page = visit(DESK).go("/login")
    page.evaluate(f"async () => {{ window.ballot = await ({MODULES})(['hpke.js', 'paper.js', 'words.js']) }}")
    return page


def point(secret: int) -> bytes:
    return (
        derive_private_key(secret, SECP256R1()).public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    )


def jwk(secret_hex: str, public_hex: str) -> dict[str, str]:
    def said(hexadecimal: str) -> str:
        return opener.base64.urlsafe_b64encode(bytes.fromhex(hexadecimal)).rstrip(b"=").decode()

    return {"kty": "EC", "crv": "P-256", "d": said(secret_hex), "x": said(public_hex[2:66]), "y": said(public_hex[66:])}


def test_the_browser_seals_the_vector_of_the_rfc(modules):
    sealed = modules.evaluate(
        """async (v) => {
            const { seal, fromHex, toHex } = window.ballot;
            const curve = { name: "ECDH", namedCurve: "P-256" };
            const privateKey = await crypto.subtle.importKey("jwk", v.pair, curve, true, ["deriveBits"]);
            const publicKey = await crypto.subtle.importKey("raw", fromHex(v.pkEm), curve, true, []);
            const options = { extra: fromHex(v.aad), pair: { privateKey, publicKey } };
            return toHex(await seal(fromHex(v.pkRm), fromHex(v.info), fromHex(v.pt), options));
        }""",
        {**VECTOR, **VECTOR["encryption"], "pair": jwk(VECTOR["skEm"], VECTOR["pkEm"])},
    )

    assert sealed == VECTOR["enc"] + VECTOR["encryption"]["ct"]


def test_what_the_browser_seals_python_opens(modules):
    lock = generate_private_key(SECP256R1())
    public = lock.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint).hex()

    sealed = modules.evaluate(
        """async (key) => {
            const { seal, fromHex, toHex } = window.ballot;
            return toHex(await seal(fromHex(key), new TextEncoder().encode("vì"), new TextEncoder().encode("tán thành")));
        }""",
        public,
    )

    assert opener.SUITE.decrypt(bytes.fromhex(sealed), lock, info="vì".encode()).decode() == "tán thành"


def test_the_browser_writes_ballots_and_hashes_as_the_rules_do(modules):
    definition = {"v": 1, "tên": 'Ứng dụng \u2028 "x" \\ \t ☃ 😀', "parts": [{"b": None, "a": [True, 10, -3]}], "A": ""}
    choices = ["yes", [], [1, 12, 40], [[3], [1, 2]]]

    hashed, ballots = modules.evaluate(
        """async ([definition, choices, hash]) => {
            const { digest, written, toHex } = window.ballot;
            const ballots = choices.map((choice, place) => toHex(written(hash, place, choice, 256, place ? null : "cá đò na sen")));
            return [await digest("cv1.poll", definition), ballots];
        }""",
        [definition, choices, "ab" * 32],
    )

    assert hashed == digest(POLL, definition)
    trackers = ["cá đò na sen", None, None, None]
    expected = [
        sealing.written("ab" * 32, place, choice, pad=256, tracker=trackers[place]).hex()
        for place, choice in enumerate(choices)
    ]
    assert ballots == expected


def test_the_words_of_ballots_are_four_and_seldom_the_same(modules):
    words = modules.evaluate("() => window.ballot.someWords(2000)")

    assert {len(each.split()) for each in words} == {4}
    assert len(set(words)) > 1990
    assert len({word for each in words for word in each.split()}) > 120
    assert max(len(each) for each in words) <= 64


@pytest.fixture
def held(app):
    return a_session(a_council())


def test_a_member_seals_and_casts_on_a_phone_and_votes_again(visit, held, clock):
    items = [an_item(held, number=number, title=title) for number, title in enumerate(TITLES, start=1)]
    vote = an_open_sealed_vote(held, items, now=clock.now())
    base = f"/council/{held.council.code}/sessions/1"
    visitor = visit(PHONE).sign_in(account_of(vote.member(5)))

    page = visitor.go(base)
    picture(page, "phone-1-session")
    page.get_by_role("link", name="Đến lượt bỏ phiếu 1").click()
    picture(page, "phone-2-vote")
    assert visitor.flaws() == []
    page.get_by_role("link", name="Biểu quyết", exact=True).click()
    form = page.locator("form[data-ballot]")
    form.wait_for()
    picture(page, "phone-3-ballot")
    assert visitor.flaws() == []
    page.get_by_role("button", name="Niêm phong và gửi").click()
    page.get_by_text("Hãy chọn ở mọi nội dung.").wait_for()
    picture(page, "phone-4-incomplete")
    page.locator("#part-1-yes").check(force=True)
    page.locator("#part-2-no").check(force=True)
    sent = []
    page.on("request", lambda request: sent.append(request.post_data or "") if request.method == "POST" else None)
    page.get_by_role("button", name="Niêm phong và gửi").click()
    page.wait_for_url("**/receipt")
    picture(page, "phone-5-receipt")
    assert visitor.flaws() == []
    first = json.loads(
        page.evaluate("async (a) => JSON.stringify(await (await fetch(a)).json())", f"{base}/sealed/1/receipt.json")
    )
    page.get_by_role("link", name="Bỏ phiếu lại").click()
    form.wait_for()
    assert page.locator("form[data-ballot] input:checked").count() == 0  # nothing of the first ballot comes back
    page.locator("#part-1-no").check(force=True)
    page.locator("#part-2-abstain").check(force=True)
    page.get_by_role("button", name="Niêm phong và gửi").click()
    page.wait_for_url("**/receipt")
    page.get_by_text("Phiếu niêm phong mới đã thay").wait_for()
    picture(page, "phone-6-replaced")

    db.session.expire_all()
    assert [len(each) for each in sent] == [len(sent[0])] * 2
    assert not any(word in body for body in sent for word in ("yes", 'no"', "abstain"))
    inside = {envelope.hash for envelope in db.session.query(Envelope)}
    assert len(inside) == 2
    assert not inside & {name for _part, name in first["envelopes"]}
    vote.shut().open_all()
    assert [(line.yes, line.no, line.abstain) for line in vote.poll.lines] == [(0, 1, 0), (0, 0, 1)]


def test_without_script_or_a_secure_address_nothing_is_sent_and_paper_is_offered(visit, held, clock):
    vote = an_open_sealed_vote(held, [an_item(held)], now=clock.now())
    path = f"/council/{held.council.code}/sessions/1/sealed/1/ballot"
    visitor = visit(PHONE, script=False).sign_in(account_of(vote.member(5)))
    page = visitor.go(path)
    picture(page, "phone-7-unable")
    assert not page.locator("form[data-ballot]").is_visible()

    other = visit(PHONE).sign_in(account_of(vote.member(6)))
    other.page.add_init_script("Object.defineProperty(window, 'isSecureContext', { value: false })")
    insecure = other.go(path)
    insecure.wait_for_load_state("networkidle")
    assert not insecure.locator("form[data-ballot]").is_visible()
    assert insecure.get_by_text("Thiết bị này không niêm phong được phiếu").is_visible()

    page.get_by_role("button", name="Tôi bỏ phiếu giấy").click()
    page.get_by_text("Bạn đã được ghi nhận bỏ phiếu giấy").first.wait_for()
    db.session.expire_all()
    assert queries.roll_line(vote.sealed, vote.member(5).id).way == "paper"


@pytest.mark.parametrize("screen", [DESK, PHONE], ids=["desk", "phone"])
def test_a_sealed_vote_is_led_and_opened_through_the_pages(visit, held, clock, tmp_path, screen):
    size = "desk" if screen is DESK else "phone"
    for number, title in enumerate(TITLES, start=1):
        an_item(held, number=number, title=title)
    base = f"/council/{held.council.code}/sessions/1"
    secretary = visit(screen).sign_in(an_account(Role.SECRETARY))
    page = secretary.go(base)
    for number in ("1", "2"):
        page.locator(f"input[name=items][value='{number}']").check()
    page.locator("input[name=mode][value=sealed]").check()
    page.get_by_role("button", name="Đưa ra biểu quyết").click()
    page.wait_for_url("**/sealed/new*")
    members = held.members
    for name, place in (("holder_A1", 1), ("holder_A2", 2), ("holder_B1", 3), ("holder_B2", 4)):
        page.select_option(f"[name={name}]", str(members[place].id))
    picture(page, f"{size}-1-prepare")
    assert secretary.flaws() == []
    page.get_by_role("button", name="Chuẩn bị lượt bỏ phiếu").click()
    page.wait_for_url("**/sealed/1")
    picture(page, f"{size}-2-prepared")
    assert secretary.flaws() == []

    db.session.rollback()  # what the server wrote is seen from a new transaction on
    sealed = db.session.query(SealedPoll).one()
    files: dict[str, list[Path]] = {}
    holders = {}
    for layer, places in (("A", (1, 2)), ("B", (3, 4))):
        keys = opener.make_keys(sealed.key, layer, [members[place].name for place in places])
        files[layer] = []
        for key in keys:
            path = tmp_path / f"{layer}-{key.header['holder']}.key.json"
            path.write_bytes(key.file("mật khẩu dài"))
            files[layer].append(path)
        public = tmp_path / f"{layer}.public.json"
        public.write_text(json.dumps(opener.public_file(keys)))
        holders[layer] = [visit(screen).sign_in(account_of(members[place])) for place in places]
        page = holders[layer][0].go(f"{base}/sealed/1")
        page.set_input_files(f"#file-{layer}", public)
        picture(page, f"{size}-3-key-{layer}")
        page.get_by_role("button", name="Nộp khóa công khai").click()
        page.get_by_text("Đã nhận khóa công khai.").wait_for()
    chair = visit(screen).sign_in(account_of(members[0]))
    page = chair.go(f"{base}/sealed/1")
    page.get_by_role("button", name="Chốt").click()
    page.get_by_text("Đã chốt nội dung bỏ phiếu.").wait_for()
    picture(page, f"{size}-4-frozen")
    page.get_by_role("button", name="Mở hòm phiếu").click()
    page.get_by_text("Hòm phiếu đã mở.").first.wait_for()
    for visitor in (chair, holders["A"][0], holders["A"][1], holders["B"][0], holders["B"][1]):
        page = visitor.go(f"{base}/sealed/1/ballot")
        page.locator("form[data-ballot]").wait_for()
        page.locator("#part-1-yes").check(force=True)
        page.locator("#part-2-no").check(force=True)
        page.get_by_role("button", name="Niêm phong và gửi").click()
        page.wait_for_url("**/receipt")
    page = chair.go(f"{base}/sealed/1")
    picture(page, f"{size}-5-open")
    assert chair.flaws() == []
    page.get_by_role("button", name="Đóng hòm phiếu").click()
    page.get_by_text("Hòm phiếu đã đóng.").first.wait_for()
    for layer in ("A", "B"):
        for place, visitor in enumerate(holders[layer]):
            page = visitor.go(f"{base}/sealed/1")
            with page.expect_download() as download:
                page.get_by_role("link", name="Tải hòm phiếu về máy của bạn").click()
            box = tmp_path / f"{layer}-{place}.json"
            download.value.save_as(box)
            assert list(verifier.verify_box(json.loads(box.read_text())))
            key = opener.Key.read(files[layer][place], "mật khẩu dài")
            opened = tmp_path / f"{layer}-{place}.opened.json"
            opened.write_text(json.dumps(opener.opened(key, json.loads(box.read_text()))))
            page.set_input_files(f"#opened-{layer}", opened)
            picture(page, f"{size}-6-hand-in-{layer}-{place}")
            assert visitor.flaws() == []
            page.get_by_role("button", name="Nộp", exact=True).click()
            page.get_by_text(("Đã nhận. Bây giờ", "Hai kết quả khớp nhau")[place]).wait_for()
    page = chair.go(f"{base}/sealed/1")
    picture(page, f"{size}-7-opened")
    assert chair.flaws() == []
    page = chair.go(f"{base}/items/1")
    picture(page, f"{size}-8-item")
    assert chair.flaws() == []
    page = chair.go(base)
    page.get_by_role("button", name="Công bố quyết định").click()
    page.wait_for_url(f"**{base}")

    db.session.expire_all()
    sealed = queries.get(held.council.code, 1, 1, actor=OPERATOR)
    assert sealed.poll is not None
    assert sealed.poll.state is PollState.COUNTED
    assert [(line.yes, line.no) for line in sealed.poll.lines] == [(5, 0), (0, 5)]


def test_with_words_a_member_finds_the_own_ballot_in_the_list(visit, held, clock):
    vote = an_open_sealed_vote(held, [an_item(held, title=TITLES[0])], now=clock.now(), publication="tracked")
    path = f"/council/{held.council.code}/sessions/1/sealed/1"
    for place in range(4):
        vote.cast(place, {1: "no"}, tracker=f"từ số {place} đây")
    visitor = visit(PHONE).sign_in(account_of(vote.member(5)))
    page = visitor.go(f"{path}/ballot")
    page.locator("form[data-ballot]").wait_for()
    page.locator("#part-1-yes").check(force=True)
    page.get_by_role("button", name="Niêm phong và gửi").click()
    words = page.locator("[data-words] li")
    words.wait_for()
    picture(page, "phone-9-words")
    assert visitor.flaws() == []
    mine = words.inner_text()
    vote.shut().open_all()
    assert not visitor.go(path).get_by_text(mine).is_visible()  # not before it is declared
    with transaction():
        deciding.decide_all(vote.session, by=vote.chair, now=vote.now)

    page = visitor.go(path)
    picture(page, "phone-10-list")
    assert visitor.flaws() == []
    assert page.get_by_role("row", name=mine).inner_text().split("\t")[-1].strip() == "Tán thành"


def test_the_counting_team_enters_papers_beside_sealed_ballots(visit, held, clock):
    vote = an_open_sealed_vote(held, [an_item(held, title=TITLES[0])], now=clock.now())
    path = f"/council/{held.council.code}/sessions/1/sealed/1"
    with transaction():
        sealed_ballot.mark_paper(vote.sealed, vote.member(6), by=vote.actor(6), now=vote.now)
    for place in range(4):
        vote.cast(place, {1: "yes"})
    vote.shut().take_off("A")
    for screen in (PHONE, DESK):
        visitor = visit(screen).sign_in(an_account(Role.SECRETARY))
        page = visitor.go(path)
        page.get_by_role("link", name="Nhập số phiếu").click()
        for name, number in {"yes-1": 1, "no-1": 0, "abstain-1": 0, "invalid-1": 0}.items():
            page.locator(f"[name='{name}']").fill(str(number))
        picture(page, f"papers-{screen['width']}")
        assert visitor.flaws() == []
        page.get_by_role("button", name="Nhập số liệu này").click()
        page.wait_for_url(f"**{path}")
    vote.take_off("B")

    db.session.expire_all()
    assert vote.poll.lines[0].yes == 5


def listed(rule: dict):
    document = VoteRule.from_document({"modes": ["sealed"], **rule}).as_document()
    held = a_session(a_council(in_round=a_round(phase=Phase.COUNCIL, vote_rule=document)))
    return held, [
        an_item(held, number=number, title=title) for number, title in enumerate((*TITLES, "Bếp củi ít khói"), 1)
    ]


def test_a_member_chooses_from_a_list_on_a_phone(visit, app, clock):
    held, items = listed({"method": "choose", "k": 2})
    vote = an_open_sealed_vote(held, items, now=clock.now())
    visitor = visit(PHONE).sign_in(account_of(vote.member(5)))
    page = visitor.go(f"/council/{held.council.code}/sessions/1/sealed/1/ballot")
    page.locator("form[data-ballot]").wait_for()
    for option in (3, 1, 2):
        page.locator(f"#option-{option}").check(force=True)
    page.get_by_role("button", name="Niêm phong và gửi").click()
    page.locator("[data-message]").get_by_text("Chọn không quá 2").wait_for()  # three are more than two: not a ballot
    page.locator("#option-2").uncheck(force=True)
    picture(page, "phone-11-list")
    assert visitor.flaws() == []
    page.get_by_role("button", name="Niêm phong và gửi").click()
    page.wait_for_url("**/receipt")

    vote.shut().open_all()
    assert [line.yes for line in vote.poll.lines] == [1, 0, 1]


def test_a_member_ranks_on_a_phone(visit, app, clock):
    held, items = listed({"method": "schulze", "k": 1})
    vote = an_open_sealed_vote(held, items, now=clock.now())
    visitor = visit(PHONE).sign_in(account_of(vote.member(5)))
    page = visitor.go(f"/council/{held.council.code}/sessions/1/sealed/1/ballot")
    page.locator("form[data-ballot]").wait_for()
    page.select_option("#option-2", "1")
    page.select_option("#option-3", "2")
    picture(page, "phone-12-ranking")
    assert visitor.flaws() == []
    page.get_by_role("button", name="Niêm phong và gửi").click()
    page.wait_for_url("**/receipt")
    for place in range(3):
        vote.cast(place, {0: [[2], [1]]})

    vote.shut().open_all()
    assert vote.poll.totals["parts"][0]["pairs"]["3"] == {"1": 1, "2": 0}
    assert {line.item.number: line.place for line in vote.poll.lines}[2] == 1
