"""Forms of the seats in a session."""

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from evaluator.web.forms import PageForm


def choices(people: Iterable[tuple[Any, str]]) -> list[SelectChoice]:
    """Return people as a list to choose from."""
    return [SelectChoice(value, name) for value, name in people]


class SubstituteForm(PageForm):
    """Who sits for whom, by which paper."""

    member = SelectField(_l("Absent member"), [InputRequired()], coerce=int)
    account = SelectField(_l("Substitute"), [InputRequired()])
    paper = StringField(_l("Number and date of the paper"), [InputRequired(), Length(max=120)])


class ProxyForm(PageForm):
    """Who votes for whom, by which paper."""

    giver = SelectField(_l("Absent member"), [InputRequired()], coerce=int)
    holder = SelectField(_l("Votes in the own place"), [InputRequired()], coerce=int)
    paper = StringField(_l("Number and date of the paper"), [InputRequired(), Length(max=120)])
