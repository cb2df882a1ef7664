"""The form with which the chair unlocks results."""

from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length

from evaluator.web.forms import PageForm


class UnlockForm(PageForm):
    """Why the results are unlocked."""

    why = TextAreaField(_l("Reason"), [DataRequired(), Length(max=1000)], render_kw={"rows": 4})
