"""What holds for every page in a real browser: nothing that axe finds, nothing that scrolls sideways."""

import pytest

from evaluator.rules.roles import Role
from tests.browser.conftest import DESK, PHONE
from tests.factories import an_account

NARROW = {"width": 320, "height": 640}


@pytest.mark.engines("sqlite")
@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("screen", [DESK, PHONE, NARROW], ids=["desk", "phone", "narrow"])
def test_the_sign_in_page_has_no_flaws(visit, screen, language):
    visitor = visit(screen, language=language)
    visitor.go("/login")
    assert visitor.flaws() == []


@pytest.mark.engines("sqlite")
def test_a_person_signs_in_and_out_without_script(visit):
    secretary = an_account(Role.SECRETARY)
    visitor = visit(PHONE, script=False).sign_in(secretary)
    assert visitor.page.locator("h1").count() == 1
    visitor.page.locator("[popovertarget=my-menu]").click()
    visitor.page.get_by_role("button", name="Đăng xuất").click()
    visitor.page.wait_for_url("**/login")
