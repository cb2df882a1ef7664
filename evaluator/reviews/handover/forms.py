"""Forms of taking dossiers from a reviewer: shape only."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, StringField
from wtforms.validators import Length

from evaluator.web.forms import PageForm


class ReplaceForm(PageForm):
    """Who takes a dossier over."""

    reviewer = StringField(_l("Reviewer"), [Length(min=1, max=16)])
    is_sure = BooleanField(_l("The signed sheet shall no longer count"))


class ReleaseForm(PageForm):
    """A reviewer leaves the round."""

    is_sure = BooleanField(_l("These signed sheets shall no longer count"))
