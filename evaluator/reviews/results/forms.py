"""Small forms of the results of scoring."""

from flask_babel import lazy_gettext as _l
from wtforms import DateField, TextAreaField
from wtforms.validators import InputRequired, Length

from evaluator.web.forms import PageForm


class ExtendForm(PageForm):
    """More time for one sheet."""

    until = DateField(_l("New deadline"), [InputRequired(_l("Give a day."))])


class GiveBackForm(PageForm):
    """Why a signed sheet goes back to its reviewer."""

    why = TextAreaField(_l("Reason"), [InputRequired(_l("Say in a few words why.")), Length(max=500)])
