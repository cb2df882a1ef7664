"""Handing in an office's spreadsheet."""

from flask_babel import lazy_gettext as _l
from wtforms import FileField, SelectField
from wtforms.validators import DataRequired

from evaluator.web.forms import PageForm


class IntakeForm(PageForm):
    """Which round, which file. Nothing is taken before the report has been seen."""

    round = SelectField(_l("Round"), [DataRequired()])
    file = FileField(_l("Spreadsheet (.xlsx)"), render_kw={"accept": ".xlsx"})
