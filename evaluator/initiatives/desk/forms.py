"""The secretary's verdict on a submitted dossier."""

from flask_babel import lazy_gettext as _l
from wtforms import FileField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from evaluator.initiatives.forms import DayField
from evaluator.web.forms import PageForm, VersionedForm

ACCEPT, SUPPLEMENT, REFUSE = "accept", "supplement", "refuse"


class CheckForm(VersionedForm):
    """Accept, ask for a supplement, or refuse; the last two with a reason the author reads."""

    verdict = RadioField(
        _l("Decision"),
        [InputRequired(_l("Choose what is to happen with the dossier."))],
        choices=[
            SelectChoice(ACCEPT, _l("Accept it for review")),
            SelectChoice(SUPPLEMENT, _l("Ask for a supplement")),
            SelectChoice(REFUSE, _l("Refuse it")),
        ],
    )
    reason = TextAreaField(_l("Reason, for the author to read"), [Optional(), Length(max=4000)], render_kw={"rows": 4})
    until = DayField(_l("Supplement due by the end of"), [Optional()])


class CopyForm(PageForm):
    """Another copy of a file for the reviewers."""

    file = FileField(_l("The cleaned file"))


class LookForm(PageForm):
    """The names of authors, please; with a reason where the round asks for one."""

    reason = StringField(_l("Reason"), [Optional(), Length(max=500)])
