"""A real browser at a real server, on the clock and the database of the test."""

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright, sync_playwright
from werkzeug.serving import make_server

from evaluator.core.db import db
from tests.factories import PASSWORD
from tests.harness import app, client, clock, pytest_generate_tests, storehouse

__all__ = ["app", "client", "clock", "pytest_generate_tests", "storehouse"]

PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 900}
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or ""
ANSWERED_WITHIN = 5  # seconds
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]


@pytest.fixture(scope="session")
def playwright_driver() -> Iterator[Playwright]:
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def browser(playwright_driver: Playwright) -> Iterator[Browser]:
    if not CHROMIUM:
        if os.environ.get("REQUIRE_BROWSER"):
            pytest.fail("REQUIRE_BROWSER is set and there is no chromium")
        pytest.skip("no chromium on this machine")
    browser = playwright_driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
    yield browser
    browser.close()


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """The address of a server in this process: it shares the clock and the database with the test."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
    # What a page sent as it was left is still answered; its connection must be back before the database is emptied.
    for each in threading.enumerate():
        if "process_request_thread" in each.name:
            each.join(timeout=ANSWERED_WITHIN)


class Visitor:
    """A person at a screen."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.page: Page = context.new_page()
        self.address = address
        self.complaints: list[str] = []
        self.page.set_default_timeout(10_000)
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _hear(self, message: ConsoleMessage) -> None:
        # A refused form answers 422 on purpose, which the browser reports as a resource that failed to load.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.complaints.append(message.text)

    def go(self, path: str) -> Page:
        """Open a page by its path."""
        db.session.commit()  # what the test has prepared is seen by the server, which has its own session
        self.page.goto(self.address + path)
        return self.page

    def sign_in(self, account: Any) -> "Visitor":
        """Sign in on the page."""
        email = account.email
        self.go("/login")
        self.page.fill("[name=email]", email)
        self.page.fill("[name=password]", PASSWORD)
        self.page.locator("main form").last.locator("button").last.click()
        self.page.wait_for_url(lambda url: "/login" not in url)
        return self

    def flaws(self) -> list[str]:
        """Return what axe finds wrong with the page as it stands, and whether it scrolls sideways; needs script."""
        found = [
            f"{violation['id']}: {violation['help']}: {[node['html'][:120] for node in violation['nodes'][:3]]}"
            for violation in Axe().run(self.page).response["violations"]
        ]
        width, seen = self.page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
        if width > seen:
            found.append(f"scrolls sideways: {width} px on a screen of {seen} px")
        return found


@pytest.fixture
def visit(browser: Browser, address: str) -> Iterator[Callable[..., Visitor]]:
    """Open a screen: ``visit(PHONE)``, ``visit(script=False)``, ``visit(dark=True)``."""
    contexts: list[tuple[BrowserContext, Visitor]] = []

    def open_screen(
        screen: dict[str, int] = DESK, *, script: bool = True, dark: bool = False, language: str = "vi"
    ) -> Visitor:
        context = browser.new_context(
            viewport=screen,
            java_script_enabled=script,
            color_scheme="dark" if dark else "light",
            locale=language,
            has_touch=screen is PHONE,
            reduced_motion="reduce",
        )
        if language != "vi":
            context.add_cookies([{"name": "language", "value": language, "url": address}])
        visitor = Visitor(context, address)
        contexts.append((context, visitor))
        return visitor

    yield open_screen
    complaints = []
    for context, visitor in contexts:
        complaints += visitor.complaints
        with suppress(Exception):
            context.close()
    assert complaints == []
