"""Handing in an office's spreadsheet."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from wtforms import FileField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired

from evaluator.web.forms import PageForm


class IntakeForm(PageForm):
    """Which round, which file. Nothing is taken before the report has been seen."""

    round = SelectField(_l("Round"), [DataRequired()])
    file = FileField(_l("Spreadsheet (.xlsx)"), render_kw={"accept": ".xlsx"})

    def offer(self, rounds: Sequence[tuple[str, str]]) -> None:
        """Give the rounds by code and title."""
        self.round.choices = [SelectChoice(code, title) for code, title in rounds]
