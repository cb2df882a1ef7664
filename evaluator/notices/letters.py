"""A message of the outbox in words: subject, body and short text, in the language of its reader.

Words are made when they are needed, not when the message is queued: queueing hundreds stays one statement, the
person's language of today counts, and services need no catalogue. Once sent, the words are kept as they went out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import quote

from flask import current_app
from flask_babel import force_locale, gettext

from evaluator.notices.models import Notice
from evaluator.notices.templates import CLOSING, GREETING, TEMPLATES
from evaluator.web.filters import show_date, show_datetime

GONE = "…"  # stands for a secret that is not kept


@dataclass(frozen=True, slots=True)
class Letter:
    """What a person reads."""

    subject: str
    body: str
    short: str  # for Zalo or a text message


def letter(notice: Notice) -> Letter:
    """Return the words of a message: as sent, or as it would be sent now."""
    template = TEMPLATES[notice.template]
    with force_locale(notice.language):
        values = {name: _shown(value) for name, value in notice.params.items()} | {"name": notice.name}
        values.setdefault("secret", GONE)
        values["link"] = _link(template.path, values)
        short = gettext(template.short) % values
        if notice.sent_at is not None:
            return Letter(notice.subject, notice.body, short)
        parts = (gettext(GREETING), gettext(template.body), gettext(CLOSING))
        return Letter(gettext(template.subject) % values, "\n\n".join(part % values for part in parts), short)


def _link(path: str, values: Mapping[str, Any]) -> str:
    """Return the whole address; codes are quoted, though ours need it never."""
    base = str(current_app.config["EVALUATOR"].base_url).rstrip("/")
    return base + path % {name: quote(str(value), safe="-_…") for name, value in values.items()}


def _shown(value: Any) -> Any:
    """Return a moment or a day in words; everything else as it is."""
    if not isinstance(value, dict):
        return value
    text = str(value["date"])
    return show_datetime(datetime.fromisoformat(text)) if "T" in text else show_date(date.fromisoformat(text))
