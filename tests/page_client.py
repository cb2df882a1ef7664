"""A person at the pages: fetches, reads, fills in and sends, and has every page audited on the way."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import Context
from typing import Any, Self
from urllib.parse import urljoin, urlsplit

from flask import Flask
from sqlalchemy import event
from werkzeug.test import TestResponse

from evaluator.core.db import db
from tests.audit_page import problems
from tests.factories import CANARY, PASSWORD
from tests.markup import BadMarkup, Element, read

# Not work of ours: what opens and closes a transaction.
BOOKKEEPING = ("BEGIN", "PRAGMA", "SAVEPOINT", "RELEASE", "ROLLBACK", "COMMIT")


# The tree of all units is open to everybody who has signed in; it says nothing of who belongs to which dossier.
DIRECTORY = ("/units",)


class Page:
    """One answer: its status, its headers and, where it is HTML, its tree."""

    def __init__(self, response: TestResponse, address: str) -> None:
        self.address = address
        self.status = response.status_code
        self.headers = response.headers
        self.body = response.get_data()
        # The few words of a redirect are the server library's own, and nobody reads them.
        self.is_html = response.mimetype == "text/html" and not 300 <= self.status < 400
        try:
            self.tree: Element = read(self.body.decode()) if self.is_html and self.body else Element("#page", {})
        except BadMarkup as error:
            raise BadMarkup(f"{address}: {error}") from None

    @property
    def text(self) -> str:
        """Return the visible text; of another kind than HTML, the whole body."""
        return self.tree.text if self.is_html else self.body.decode(errors="replace")

    @property
    def json(self) -> Any:
        """Return the document of a JSON answer."""
        return json.loads(self.body)

    @property
    def heading(self) -> str:
        """Return the words of the one h1."""
        return self.tree.one("h1").text

    @property
    def location(self) -> str:
        """Return where a redirect leads: the path and the query."""
        parts = urlsplit(self.headers.get("Location", ""))
        return parts.path + ("?" + parts.query if parts.query else "")

    def all(self, *tags: str, **attrs: str) -> list[Element]:
        """Return the elements with one of these tags and all these attributes."""
        return self.tree.all(*tags, **attrs)

    def one(self, *tags: str, **attrs: str) -> Element:
        """Return the only such element."""
        return self.tree.one(*tags, **attrs)

    def rows(self, table: int = 0) -> list[list[str]]:
        """Return the words of each cell of a table's body."""
        bodies = self.tree.all("tbody")
        return [[cell.text for cell in row.all("td", "th")] for row in bodies[table].all("tr")] if bodies else []

    def links(self) -> dict[str, str]:
        """Return the addresses of the links by their words."""
        return {link.text: link.attrs["href"] for link in self.tree.all("a")}

    def form(self, button: str = "", *, action: str = "") -> Element:
        """Return the only form that posts, or the one with this button, or the one sent to this address."""
        forms = [form for form in self.tree.all("form") if form.attrs.get("method", "").lower() == "post"]
        if button:
            forms = [form for form in forms if any(each.text == button for each in form.all("button"))]
        if action:
            forms = [form for form in forms if form.attrs.get("action", self.address) == action]
        elif not button:
            forms = [form for form in forms if form.inside("header") is None and form.inside("footer") is None]
        assert len(forms) == 1, f"{len(forms)} forms with button {button!r} and action {action!r} at {self.address}"
        return forms[0]

    def errors(self) -> list[str]:
        """Return the words of the errors the page shows at its fields and in its summary."""
        return [element.text for element in (*self.all(class_="field__error"), *self.all(class_="error-summary"))]


def values_of(form: Element) -> dict[str, Any]:
    """Return what a browser would send if nothing were changed; fields with several values as lists."""
    sent: dict[str, list[str]] = {}
    for element in form.all("input", "select", "textarea"):
        name, kind = element.attrs.get("name"), element.attrs.get("type", "text")
        if not name or "disabled" in element.attrs or kind in {"submit", "button", "file", "image"}:
            continue
        if kind in {"checkbox", "radio"}:
            if "checked" in element.attrs:
                sent.setdefault(name, []).append(element.attrs.get("value", "on"))
        elif element.tag == "select":
            options = element.all("option")
            chosen = [option for option in options if "selected" in option.attrs]
            if not chosen and "multiple" not in element.attrs:
                chosen = options[:1]
            sent.setdefault(name, []).extend(option.attrs.get("value", option.text) for option in chosen)
        elif element.tag == "textarea":
            raw = "".join(child for child in element.children if isinstance(child, str))
            sent.setdefault(name, []).append(raw.removeprefix("\n"))
        else:
            sent.setdefault(name, []).append(element.attrs.get("value", ""))
    return {name: values[0] if len(values) == 1 else values for name, values in sent.items() if values}


class PageClient:
    """One browser with its cookies.

    Every page is parsed strictly and audited. While ``blind`` is set (who signs in only as a
    reviewer), no answer of any kind may hold the marker word of the authors.
    """

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.browser = app.test_client()
        self.blind = False
        self.language = "vi"

    def sign_in(self, account: Any, *, blind: bool | None = None) -> Self:
        """Sign in on the page, as a person would, in a browser without earlier cookies."""
        self.browser = self.app.test_client()
        self.blind = False
        email = account.email
        roles = {grant.value if hasattr(grant, "value") else str(grant) for grant in account.roles}
        page = self.get("/login")
        answer = self.submit(page.form(), page, email=email, password=PASSWORD)
        assert answer.status == 303, f"{email} could not sign in: {answer.status} {answer.errors()}"
        self.blind = roles == {"reviewer"} if blind is None else blind
        return self

    def get(self, address: str, **options: Any) -> Page:
        """Fetch a page."""
        return self.open("GET", address, **options)

    def post(self, address: str, data: dict[str, Any] | None = None, **options: Any) -> Page:
        """Send a form without having looked at it."""
        return self.open("POST", address, data=data or {}, **options)

    def submit(self, form: Element, page: Page, /, button: str = "", **changes: Any) -> Page:
        """Send a form of a page with these changes; a change to None leaves the field out."""
        values = {**values_of(form), **changes}
        pressed = [each for each in form.all("button") if "name" in each.attrs and (not button or each.text == button)]
        if button:
            assert button in {each.text for each in form.all("button")}, f"no button {button!r}"
        if pressed and (button or len(pressed) == 1):
            values.setdefault(pressed[0].attrs["name"], pressed[0].attrs.get("value", ""))
        sent = {name: value for name, value in values.items() if value is not None}
        address = urljoin(page.address, form.attrs.get("action", "") or page.address)
        return self.open("POST", address, data=sent)

    def follow(self, page: Page) -> Page:
        """Go where a redirect leads."""
        assert page.status in {302, 303, 308}, f"{page.address} answered {page.status}: {page.errors()}"
        return self.get(page.location)

    def take(self, address: str) -> Page:
        """Fetch a file with names: say on record that it is taken along, then get it."""
        page = self.follow(self.get(address))
        return self.follow(self.submit(page.form(), page))

    def open(self, method: str, address: str, **options: Any) -> Page:
        """Ask for anything; audit what comes back."""
        db.session.commit()  # what the test has prepared is seen by the request, which has its own session
        # A context of its own: the test's application context and its session stay outside the request.
        response = Context().run(lambda: self.browser.open(address, method=method, buffered=True, **options))
        page = Page(response, address)
        self._audit(page)
        return page

    def _audit(self, page: Page) -> None:
        assert page.status != 500, f"{page.address}: a fault of ours"
        if page.is_html and page.body:
            wrong = problems(page.tree, language=page.tree.one("html").attrs.get("lang", self.language))
            assert not wrong, f"{page.address}:\n  " + "\n  ".join(wrong)
        if self.blind and not page.address.startswith(DIRECTORY):
            mark = CANARY.lower()
            assert mark not in str(page.headers).lower(), f"{page.address}: an author's data stands in the headers"
            assert mark.encode() not in page.body.lower(), f"{page.address}: an author's data stands in the answer"


class Queries:
    """The statements that ran in a ``with queries() as q`` block."""

    def __init__(self) -> None:
        self.statements: list[str] = []

    @property
    def count(self) -> int:
        """Return how many there were."""
        return len(self.statements)


@contextmanager
def queries() -> Iterator[Queries]:
    """Collect the SQL that runs inside the block, without what opens and closes transactions."""
    seen, engine = Queries(), db.engine

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.lstrip().upper().startswith(BOOKKEEPING):
            seen.statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)
