"""What every template may ask of the page it stands on: its own address changed, a token for one button."""

from typing import Any

from flask import Flask, g, request, url_for

from evaluator.rules.calendar import PHASE_NAMES, Phase, days_left
from evaluator.rules.dossier import KIND_NAMES, Kind
from evaluator.rules.lifecycle import ROUND_STATE_NAMES, STATE_NAMES, InitiativeState, RoundState
from evaluator.rules.roles import ROLE_NAMES, Role
from evaluator.web.forms import ConfirmForm
from evaluator.web.language import say
from evaluator.web.request import now

MARKS = ("mark", "page")  # a place in a list means nothing once its order or filter changes


def init_app(app: Flask) -> None:
    """Make the helpers known to the templates."""
    app.jinja_env.globals.update(here=here, confirm_form=confirm_form, given=given)
    app.jinja_env.globals.update(
        role_name=lambda role: say(ROLE_NAMES[Role(role)]),
        state_name=lambda state: say(STATE_NAMES[InitiativeState(state)]),
        round_state_name=lambda state: say(ROUND_STATE_NAMES[RoundState(state)]),
        kind_name=lambda kind: say(KIND_NAMES[Kind(kind)]),
        days_until=lambda moment: days_left(moment, now()),
        phase_name=lambda phase: say(PHASE_NAMES[Phase(phase)]),
    )


def here(**changes: Any) -> str:
    """Return this page's address with some arguments changed; an empty value takes one away.

    Unless a mark is among the changes, the list starts again at its first page.
    """
    if request.endpoint is None:  # no page of ours: the page that says so has no other form
        return request.path
    kept = {name: values for name, values in request.args.lists() if name not in MARKS}
    wanted = {name: value for name, value in (kept | changes).items() if value not in ("", None, [""])}
    return url_for(request.endpoint, **{**(request.view_args or {}), **wanted})


def given(name: str, default: str = "") -> str:
    """Return an argument of this page's address."""
    return request.args.get(name, default)


def confirm_form() -> ConfirmForm:
    """Return a form for a single button; one for all buttons of a page."""
    if "confirm_form" not in g:
        g.confirm_form = ConfirmForm()
    form: ConfirmForm = g.confirm_form
    return form
