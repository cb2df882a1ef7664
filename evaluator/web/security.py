"""Closed unless marked public; no foreign posts; headers that forbid what we never do."""

import secrets
from collections.abc import Callable
from typing import TypeVar
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from evaluator.core.errors import Forbidden
from evaluator.core.text import N_
from evaluator.web.request import me

View = TypeVar("View", bound=Callable[..., ResponseReturnValue])

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; manifest-src 'self'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


def public(view: View) -> View:
    """Mark a view that may be seen without signing in; the list of them stands in a test."""
    view.is_public = True  # type: ignore[attr-defined]  # functions carry attributes
    return view


def init_app(app: Flask) -> None:
    """Guard every request and dress every answer."""
    app.before_request(_name_the_request)
    app.before_request(_refuse_foreign_posts)
    app.before_request(_ask_for_sign_in)
    app.after_request(_dress)


def is_public(endpoint: str | None) -> bool:
    """Return whether an endpoint may be seen without signing in."""
    if endpoint is None or endpoint == "static" or endpoint.endswith(".static"):
        return True
    return bool(getattr(current_app.view_functions.get(endpoint), "is_public", False))


def _name_the_request() -> None:
    """Give the request an id of our own; the one of a client could be anything."""
    g.request_id = secrets.token_hex(8)


def _refuse_foreign_posts() -> None:
    """Refuse a change that another site asked a browser for: catches the form someone forgot.

    Raises:
        Forbidden: the request does not come from one of our own pages.
    """
    if request.method in SAFE_METHODS:
        return
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        is_ours = site in {"same-origin", "none"}
    else:
        origin = request.headers.get("Origin")
        is_ours = origin is None or urlsplit(origin).netloc == request.host
    if not is_ours:
        raise Forbidden(N_("This change was asked for by another site. Open the page here and try again."))


def _ask_for_sign_in() -> ResponseReturnValue | None:
    """Send who has not signed in to the sign-in page, and back afterwards."""
    if is_public(request.endpoint) or me().id is not None:
        return None
    if request.path.startswith("/api/"):
        raise Forbidden(N_("Sign in first."))
    target = request.full_path.rstrip("?") if request.method in SAFE_METHODS else None
    return redirect(url_for("people.login", next=target), 303)


def _dress(response: Response) -> Response:
    """Add the security headers; pages for one person are kept by nobody else."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers["X-Request-Id"] = g.get("request_id", "")
    if request.endpoint != "static" and "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-store"
    return response
