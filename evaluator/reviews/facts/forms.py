"""The form for public votes and categories."""

from flask_babel import lazy_gettext as _l
from wtforms import TextAreaField
from wtforms.validators import Length, Optional

from evaluator.web.forms import PageForm


class FactsForm(PageForm):
    """A list, one dossier per line."""

    lines = TextAreaField(_l("Votes and categories"), [Optional(), Length(max=3_000_000)], render_kw={"rows": 14})
