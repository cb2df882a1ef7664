"""What holds for every page in a real browser: nothing that axe finds, nothing that scrolls sideways."""

import pytest
from flask import Flask

from evaluator.rules.roles import Role
from tests.browser.conftest import DESK, PHONE
from tests.factories import an_account
from tests.integration.test_two_worlds import PAGES, addresses
from tests.page_client import PageClient
from tests.world import World, a_world

NARROW = {"width": 320, "height": 640}
# Each page is looked at by the first of these to whom it is open.
PEOPLE = ("secretary", "admin", "reviewer", "author")


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("screen", [DESK, PHONE, NARROW], ids=["desk", "phone", "narrow"])
def test_the_sign_in_page_has_no_flaws(visit, screen, language):
    visitor = visit(screen, language=language)
    visitor.go("/login")
    assert visitor.flaws() == []


@pytest.mark.engines("sqlite")
def test_a_flaw_is_found(visit):
    visitor = visit(PHONE)
    page = visitor.go("/login")
    page.evaluate("document.querySelector('main').append(document.createElement('img'))")
    page.evaluate("document.querySelector('main').style.minWidth = '900px'")
    assert [flaw.split(":")[0] for flaw in visitor.flaws()] == ["image-alt", "scrolls sideways"]


@pytest.mark.engines("sqlite")
def test_a_person_signs_in_and_out_without_script(visit):
    secretary = an_account(Role.SECRETARY)
    visitor = visit(PHONE, script=False).sign_in(secretary)
    assert visitor.page.locator("h1").count() == 1
    visitor.page.locator("[popovertarget=my-menu]").click()
    visitor.page.get_by_role("button", name="Đăng xuất").click()
    visitor.page.wait_for_url("**/login")


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize("name", PEOPLE)
def test_no_page_of_somebody_has_flaws(app: Flask, visit, name):
    """On a phone in Vietnamese and on a desk in English; light and dark by turns."""
    world = a_world()
    pages = pages_of(app, world, name)
    assert pages
    found = {}
    for screen, language, dark in ((PHONE, "vi", True), (DESK, "en", False)):
        account = world.people[name]
        account.language = language
        visitor = visit(screen, language=language, dark=dark).sign_in(account)
        for address in pages:
            visitor.go(address)
            flaws = visitor.flaws()
            if flaws:
                found[f"{address} ({language}, {screen['width']} px)"] = flaws
    assert found == {}


def pages_of(app: Flask, world: World, name: str) -> list[str]:
    """Return the pages that are open to somebody and to nobody before in the list, one address of each endpoint."""
    open_to: dict[str, str] = {}
    all_pages = list(addresses(app, world, PAGES))
    for person in PEOPLE[: PEOPLE.index(name) + 1]:
        client = PageClient(app).sign_in(world.people[person], blind=False)
        own = {}
        for endpoint, address in all_pages:
            if endpoint not in open_to and endpoint not in own:
                page = client.get(address)
                if page.status == 200 and page.is_html:
                    own[endpoint] = address
        open_to |= own
    return list(own.values())
