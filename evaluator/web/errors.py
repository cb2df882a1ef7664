"""The one table from what went wrong to a status, a page and a problem document (RFC 9457)."""

import logging

from flask import Flask, Response, g, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from evaluator.core.errors import (
    Closed,
    Conflict,
    EvaluatorError,
    Forbidden,
    Invalid,
    NotFound,
    Unavailable,
)
from evaluator.core.text import N_, Sentence
from evaluator.web.language import say

log = logging.getLogger(__name__)

STATUS: dict[type[EvaluatorError], int] = {
    NotFound: 404,
    Forbidden: 403,
    Invalid: 422,
    Closed: 409,
    Conflict: 409,
    Unavailable: 503,
}
TITLES = {
    400: N_("The request could not be read"),
    403: N_("This is not open to you"),
    404: N_("Not found"),
    405: N_("This address cannot be used like that"),
    409: N_("Things have moved on"),
    413: N_("The file is too large"),
    422: N_("Something needs correcting"),
    500: N_("A fault of ours"),
    503: N_("Not available at the moment"),
}
GENERIC = {
    400: N_("The browser sent something that we could not read. Go back, reload the page and try again."),
    404: NotFound.default,
    405: N_("Go back and use the buttons of the page."),
    413: N_("What you sent is larger than %(limit)s MB. Make the pictures smaller or send the files one by one."),
    500: N_("Nothing you typed was half-saved. If it happens again, tell the administrator the number below."),
}


def status_of(error: EvaluatorError) -> int:
    """Return the status of an expected failure."""
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def init_app(app: Flask) -> None:
    """Answer every failure in the reader's language."""

    @app.errorhandler(EvaluatorError)
    def expected(error: EvaluatorError) -> ResponseReturnValue:
        reasons = [say(reason) for reason in getattr(error, "reasons", ())]
        fields = {name: [say(m) for m in messages] for name, messages in getattr(error, "fields", {}).items()}
        return _answer(status_of(error), error.code, say(error), reasons=reasons, fields=fields)

    @app.errorhandler(RequestEntityTooLarge)
    def too_large(_error: RequestEntityTooLarge) -> ResponseReturnValue:
        limit = app.config["MAX_CONTENT_LENGTH"] // 2**20
        return _answer(413, "too-large", say(Sentence(GENERIC[413], {"limit": limit})))

    @app.errorhandler(HTTPException)
    def refused(error: HTTPException) -> ResponseReturnValue:
        status = error.code or 500
        if status < 400:
            return error.get_response()
        answer = _answer(status, "http", say(GENERIC.get(status, GENERIC[400])))
        if status == 405:
            answer.headers["Allow"] = error.get_response().headers.get("Allow", "")
        return answer

    @app.errorhandler(Exception)
    def fault(error: Exception) -> ResponseReturnValue:
        log.error("fault", exc_info=error, extra={"request_id": g.get("request_id", "")})
        return _answer(500, "fault", say(GENERIC[500]))


def _answer(
    status: int,
    code: str,
    message: str,
    *,
    reasons: list[str] | None = None,
    fields: dict[str, list[str]] | None = None,
) -> Response:
    """Return a page, or a problem document where a program asks."""
    title = _(TITLES.get(status, TITLES[400]))
    if wants_json():
        problem = {"type": f"about:blank#{code}", "title": title, "status": status, "detail": message, "code": code}
        if reasons:
            problem["reasons"] = reasons
        if fields:
            problem["fields"] = fields
        response = jsonify(problem)
        response.content_type = "application/problem+json"
    else:
        request_id = g.get("request_id", "") if status >= 500 else ""
        html = render_template(
            "errors/error.html",
            title=title,
            message=message,
            reasons=reasons or [],
            fields=fields or {},
            status=status,
            request_id=request_id,
        )
        response = Response(html, mimetype="text/html")
    response.status_code = status
    return response


def wants_json() -> bool:
    """Return whether a program asks: by address, or by what it accepts."""
    if request.path.startswith("/api/"):
        return True
    best = request.accept_mimetypes.best_match(["text/html", "application/json"])
    return best == "application/json"
