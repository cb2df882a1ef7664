"""The main menu: what each feature offers, shown to whom the policy allows."""

from dataclasses import dataclass

from flask import Flask, request, url_for

from evaluator.core.text import N_
from evaluator.policy import Action, allows
from evaluator.web.language import say
from evaluator.web.request import me


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the menu, in the order of the council's process."""

    endpoint: str
    label: str
    action: Action | None = None  # asked without a subject
    also: tuple[str, ...] = ()  # further blueprints whose pages belong here


@dataclass(frozen=True, slots=True)
class Link:
    """An entry as the page shows it."""

    url: str
    label: str
    is_current: bool


ENTRIES: list[Entry] = [
    Entry("home.start", N_("Today")),
    Entry("reviews.todo", N_("To mark"), Action.SHEET_LIST),
    Entry("rounds.index", N_("Rounds")),
    Entry("rubrics.index", N_("Rubrics"), Action.RUBRIC_EDIT),
    Entry("initiatives.index", N_("My initiatives"), Action.INITIATIVE_CREATE),
    Entry("desk.register", N_("Register of dossiers"), Action.INITIATIVE_LIST),
    Entry("results.index", N_("Results of scoring"), Action.RESULT_LIST),
    Entry(
        "council.index",
        N_("Council"),
        Action.COUNCIL_LIST,
        also=("agenda", "seats", "polls", "sealed", "papers", "release"),
    ),
    Entry("editing.index", N_("Compendia"), Action.COMPENDIUM_READ),
    Entry("units.index", N_("Units"), Action.UNIT_MANAGE),
    Entry("accounts.index", N_("Accounts"), Action.ACCOUNT_MANAGE),
    Entry("notices.index", N_("Outbox"), Action.NOTICE_LIST),
    Entry("audit.index", N_("History"), Action.AUDIT_READ),
]


def init_app(app: Flask) -> None:
    """Make the menu and the one question of templates known to them."""
    app.jinja_env.globals["nav_items"] = items
    app.jinja_env.globals["can"] = can


def can(action: str, thing: object = None) -> bool:
    """Return whether the reader may: the only question about rights a template asks."""
    return allows(me(), Action(action), thing)


def items() -> list[Link]:
    """Return the menu of the reader."""
    if me().id is None:
        return []
    blueprint = (request.endpoint or "").partition(".")[0]
    return [
        Link(
            url_for(entry.endpoint),
            say(entry.label),
            blueprint in {entry.endpoint.partition(".")[0], *entry.also},
        )
        for entry in ENTRIES
        if entry.action is None or allows(me(), entry.action)
    ]
