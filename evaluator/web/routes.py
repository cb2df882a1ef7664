"""Typed parts of addresses."""

from flask import Flask, redirect, request
from werkzeug.routing import BaseConverter
from werkzeug.wrappers import Response


class CodeConverter(BaseConverter):
    """A public code: letters, digits, hyphens and dots; never a database id."""

    regex = r"[A-Za-z0-9][A-Za-z0-9.\-]{0,63}"


class TokenConverter(BaseConverter):
    """The secret of a link that was mailed."""

    regex = r"[A-Za-z0-9_\-]{20,100}"


def init_app(app: Flask) -> None:
    """Teach the router our kinds of parts."""
    app.url_map.converters["code"] = CodeConverter
    app.url_map.converters["token"] = TokenConverter


def back(default: str) -> Response:
    """Redirect to the page named in ``next`` if it is one of ours, else to the default."""
    target = request.values.get("next", "")
    is_ours = target.startswith("/") and not target.startswith(("//", "/\\"))
    return redirect(target if is_ours else default, 303)
