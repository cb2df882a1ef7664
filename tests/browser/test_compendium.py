"""An editor's way to the book and a reader's way through it, in a real browser."""

import pytest

from evaluator.compendium import queries, service
from evaluator.core.db import transaction
from evaluator.policy import OPERATOR
from evaluator.rules.roles import Role
from tests.browser.conftest import DESK, PHONE
from tests.factories import START, an_account
from tests.factories_compendium import a_decided_round


@pytest.fixture
def book(app):
    """A book just begun: one entry waits for its editor, one is released."""
    a_round = a_decided_round(("Y tế", "Nông nghiệp"), titles=("Sổ tay điện tử", "Tưới nhỏ giọt"))
    with transaction():
        book = service.open_edition(a_round, by=OPERATOR, now=START)
    with transaction():
        service.approve_entry(queries.texts_of(book)[1], by=OPERATOR, now=START)
    return book


def publish(book) -> None:
    with transaction():
        service.approve_all(book, by=OPERATOR, now=START)
    with transaction():
        service.publish(book, by=OPERATOR, now=START)


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize("screen", [DESK, PHONE], ids=["desk", "phone"])
def test_the_editors_pages_have_no_flaws(visit, book, screen):
    visitor = visit(screen).sign_in(an_account(Role.EDITOR, Role.SECRETARY))
    entry = f"/editing/{book.code}/entries/{queries.texts_of(book)[0].code}"
    for address in ("/editing/", f"/editing/{book.code}", f"/editing/{book.code}/front", entry, f"{entry}/preview"):
        visitor.go(address)
        assert visitor.flaws() == [], address


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("screen", [DESK, PHONE], ids=["desk", "phone"])
def test_the_public_pages_have_no_flaws(visit, book, screen, language):
    publish(book)
    visitor = visit(screen, language=language)
    entry = f"/compendium/{book.code}/{queries.texts_of(book)[0].code}"
    for address in ("/compendium/", "/compendium/?q=tuoi", f"/compendium/{book.code}", entry):
        visitor.go(address)
        assert visitor.flaws() == [], address


@pytest.mark.engines("sqlite")
def test_an_editor_counts_letters_while_typing(visit, book):
    visitor = visit(DESK).sign_in(an_account(Role.EDITOR))
    visitor.go(f"/editing/{book.code}/entries/{queries.texts_of(book)[0].code}")
    visitor.page.locator("#novelty").fill("Mười chữ.")
    assert visitor.page.locator("#novelty-length b").inner_text() == "9"


@pytest.mark.engines("sqlite")
def test_a_reader_finds_an_entry_on_a_phone_without_script(visit, book):
    publish(book)
    visitor = visit(PHONE, script=False)
    visitor.go("/compendium/")
    visitor.page.get_by_label("Tìm kiếm").fill("tuoi nho")
    visitor.page.get_by_role("button", name="Xem").click()
    visitor.page.get_by_role("link", name="Tưới nhỏ giọt").click()
    assert visitor.page.locator("h1").inner_text() == "Tưới nhỏ giọt"
