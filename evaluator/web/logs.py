"""One structured line per request: id, who, what, how long. No names, titles or addresses of people."""

import json
import logging
import time
from typing import Any

from flask import Flask, Response, g, request

from evaluator.web.request import me

KEPT = ("request_id", "actor", "endpoint", "status", "ms", "job", "done", "work")


class JsonLines(logging.Formatter):
    """A log record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line: dict[str, Any] = {
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        line |= {name: getattr(record, name) for name in KEPT if hasattr(record, name)}
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def init_app(app: Flask) -> None:
    """Log each request once it is answered."""
    logger = logging.getLogger("evaluator")
    if not logger.handlers and not app.testing:
        handler = logging.StreamHandler()
        handler.setFormatter(JsonLines())
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)
        logger.propagate = False

    @app.before_request
    def begin() -> None:
        g.began = time.perf_counter()

    @app.after_request
    def end(response: Response) -> Response:
        if request.endpoint != "static":
            logger.info(
                "request",
                extra={
                    "request_id": g.get("request_id", ""),
                    "actor": None if g.get("is_unnamed") else me().id,
                    "endpoint": request.endpoint,
                    "status": response.status_code,
                    "ms": round((time.perf_counter() - g.began) * 1000, 1),
                },
            )
        return response
