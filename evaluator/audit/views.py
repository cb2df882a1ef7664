"""The history: read, narrowed, taken along, and checked for tampering."""

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import Length, Optional

from evaluator import policy
from evaluator.audit import queries
from evaluator.audit import service as audit
from evaluator.audit.chain import canonical
from evaluator.audit.events import EVENTS, FACTS, KINDS, VALUES, Said, shown
from evaluator.audit.queries import Question
from evaluator.core.db import transaction
from evaluator.policy import Action
from evaluator.rules.calendar import local
from evaluator.web.filters import show_datetime
from evaluator.web.forms import PageForm
from evaluator.web.language import say
from evaluator.web.request import me, now

bp = Blueprint("audit", __name__, url_prefix="/history", template_folder="templates")


@bp.get("")
def index() -> ResponseReturnValue:
    """List what happened, the newest first."""
    page = queries.listed(me(), _question(), mark=request.args.get("mark", ""))
    events = sorted(((event, say(name)) for event, name in EVENTS.items()), key=lambda pair: pair[1])
    return render_template(
        "audit/index.html", page=page, events=events, event_name=_event, kind_name=_kind, facts=_facts, who=_who
    )


@bp.get("/export.csv")
def export() -> ResponseReturnValue:
    """Give the same rows as a file, streamed from the first to the last."""
    policy.require(me(), Action.AUDIT_READ)
    if not queries.is_open(me(), now=now()):
        return redirect(url_for(".take", **_asked()), 303)
    heading = [
        _("No."),
        _("Time"),
        _("Who"),
        _("Event"),
        _("What happened"),
        _("Kind"),
        _("About"),
        _("Facts"),
        _("Facts as they were sealed"),
        _("Seal"),
    ]
    rows = (
        [
            entry.id,
            local(entry.at).isoformat(timespec="seconds"),
            _who(entry.actor),
            entry.event,
            _event(entry.event),
            _kind(entry.about_kind),
            entry.about,
            _facts(entry.facts),
            canonical(entry.facts),
            entry.hash,
        ]
        for entry in queries.exported(me(), _question())
    )
    response = Response(stream_with_context(_lines(heading, rows)), mimetype="text/csv")
    response.headers["Content-Disposition"] = 'attachment; filename="history.csv"'
    return response


@bp.route("/taking", methods=["GET", "POST"])
def take() -> ResponseReturnValue:
    """Put on record that the history is taken along with the names in it, and go on to the file."""
    policy.require(me(), Action.AUDIT_READ)
    form = TakeForm(request.form)
    if form.is_sent:
        with form.showing_errors(), transaction():
            audit.take_along(form.reason.data or "", by=me(), now=now())
        return redirect(url_for(".export", **_asked()), 303)
    return render_template("audit/take.html", form=form), form.status


class TakeForm(PageForm):
    """The history as a file, please."""

    reason = StringField(_l("Reason"), [Optional(), Length(max=500)])


@bp.get("/verification")
def verify() -> ResponseReturnValue:
    """Recompute the chain and say whether it holds."""
    policy.require(me(), Action.AUDIT_READ)
    return render_template("audit/verification.html", found=queries.verify())


def _question() -> Question:
    """Return what the address asks for; a date that is none narrows nothing."""
    return Question(
        words=request.args.get("q", ""),
        event=request.args.get("event", ""),
        since=_day(request.args.get("since", "")),
        until=_day(request.args.get("until", "")),
    )


def _asked() -> dict[str, Any]:
    """Return what the address asks of the history, to go on with it."""
    return {name: request.args[name] for name in ("q", "event", "since", "until") if name in request.args}


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _event(code: str) -> str:
    return say(EVENTS.get(code, code))


def _who(actor: str) -> str:
    services = {"system": _("the service itself"), "operator": _("operator"), "anyone": _("not signed in")}
    return services.get(actor, actor)


def _kind(table: str) -> str:
    return say(KINDS.get(table, table.replace("_", " ")))


def _facts(facts: dict[str, object]) -> str:
    """Return the facts of a row in words."""
    return " · ".join(f"{_fact(name)}: {_values(value)}" for name, value in shown(facts))


def _fact(name: str) -> str:
    return say(FACTS.get(name, name.replace("_", " ")))


def _values(value: list[Said] | datetime) -> str:
    if isinstance(value, datetime):
        return show_datetime(value)
    told = ((say(VALUES.get(each.name, each.name)), say(VALUES.get(each.value, each.value))) for each in value)
    return ", ".join(f"{name} – {text}" if name else text for name, text in told)


def _lines(heading: list[str], rows: Iterable[list[object]]) -> Iterator[str]:
    """Yield the lines of the file; it begins with the mark by which Excel knows UTF-8."""
    buffer = io.StringIO("\ufeff", newline="")
    buffer.seek(1)
    writer = csv.writer(buffer)
    writer.writerow(heading)
    for row in rows:
        writer.writerow([_harmless(cell) for cell in row])
        if buffer.tell() > 16_384:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()


def _harmless(cell: object) -> object:
    """Return the cell so that no spreadsheet takes it for a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
