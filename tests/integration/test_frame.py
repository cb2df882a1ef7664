"""What stands around every page: the assets and their addresses, filters kept in addresses, the menu, the languages."""

import gzip
import re

import pytest

from evaluator.rules.roles import Role
from evaluator.web import assets
from tests.factories import an_account


def address_of(client, name):
    return re.search(rf'"(/assets/[0-9a-f]{{12}}/{re.escape(name)})"', client.get("/login").body.decode()).group(1)


def test_all_style_sheets_come_as_one_compressed_and_kept_for_good(client):
    answer = client.get(address_of(client, "site.css"), headers={"Accept-Encoding": "gzip"})

    text = gzip.decompress(answer.body).decode()
    assert (answer.status, answer.headers["Content-Type"]) == (200, "text/css; charset=utf-8")
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["Vary"].startswith("Accept-Encoding")
    assert text.index(":root {") < text.index(".button {") < text.index("/* On paper")


def test_a_browser_that_cannot_unpack_gets_the_plain_text(client):
    answer = client.get(address_of(client, "site.css"))

    assert "Content-Encoding" not in answer.headers
    assert answer.text == assets.stylesheet()


def test_the_typeface_is_served_beside_its_style_sheet(client):
    folder = address_of(client, "site.css").rpartition("/")[0]
    assert 'url("fonts/Regular.ttf")' in assets.stylesheet()

    answer = client.get(f"{folder}/fonts/Regular.ttf")

    assert (answer.status, answer.headers["Content-Type"], answer.body[:4]) == (200, "font/ttf", b"\x00\x01\x00\x00")


def test_without_its_wheel_the_typeface_of_the_system_serves(app, monkeypatch):
    monkeypatch.setattr(assets, "find_spec", lambda _name: None)
    assets.typefaces.cache_clear()
    try:
        assert assets.typefaces() == {}
        assert "@font-face" not in assets.stylesheet()
    finally:
        assets.typefaces.cache_clear()


@pytest.mark.parametrize("name", ["nothing.css", "../page.py", "js/../../page.py", "fonts/Black.ttf"])
def test_nothing_but_the_assets_is_served(client, name):
    assert client.get(f"/assets/000000000000/{name}").status == 404


def test_sorting_keeps_the_filters_and_starts_at_the_first_page(client):
    browser = client.sign_in(an_account(Role.ADMIN))
    person = an_account(Role.AUTHOR, name="Lê Thị Mai")

    page = browser.get("/accounts?q=mai&role=author")

    assert page.one("input", name="q").attrs["value"] == "mai"
    assert person.name in page.text


def test_the_menu_shows_to_each_what_the_policy_allows(client):
    def menu(*roles):
        browser = client.sign_in(an_account(*roles))
        return {link.text for link in browser.get("/").one("nav", id="menu").all("a")}

    assert menu(Role.REVIEWER) == {"Hôm nay", "Cần chấm", "Đợt xét", "Sáng kiến của tôi"}
    assert {"Kết quả chấm", "Sổ đăng ký hồ sơ"} <= menu(Role.SECRETARY)
    assert "Tài khoản" in menu(Role.ADMIN)


def test_the_language_changes_with_one_press_and_is_kept(client):
    browser = client.sign_in(an_account(Role.REVIEWER))
    page = browser.get("/")
    assert page.heading == "Hôm nay"

    changed = browser.follow(browser.submit(page.form(action="/language"), page))

    assert changed.heading == "Today"
    assert browser.get("/reviews/").one("html").attrs["lang"] == "en"


def test_browsers_without_two_colours_get_those_of_the_day():
    text = assets.stylesheet()
    by_day, _rest = text.split("@supports (color: light-dark(#000, #fff))")

    assert "light-dark" not in by_day
    assert "--ground: #f4f3f0;" in by_day
    assert "--ground: light-dark(#f4f3f0, #151413);" in text
