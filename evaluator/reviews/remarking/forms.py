"""Forms of re-marking: the author's request and the council's answer."""

from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length, Optional

from evaluator.web.forms import PageForm


class AskForm(PageForm):
    """Why it should be marked again."""

    reason = TextAreaField(_l("What should be looked at again, and why"), [DataRequired(), Length(max=4000)])


class AnswerForm(PageForm):
    """What the author is told."""

    answer = TextAreaField(_l("Answer to the author"), [Optional(), Length(max=4000)], render_kw={"rows": 6})
