"""Forms of the papers of a result."""

from flask_babel import lazy_gettext as _l
from wtforms import DateField, FileField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from evaluator.papers.kinds import PaperKind
from evaluator.web.forms import PageForm, VersionedForm


class RegisterForm(VersionedForm):
    """What the office gave a paper."""

    number = StringField(_l("Number and symbol"), [Optional(), Length(max=60)])
    dated = DateField(_l("Date"), [Optional()])
    signed_for = StringField(_l("Signed on behalf of"), [Optional(), Length(max=200)])
    signer_office = StringField(_l("Office of who signs"), [Optional(), Length(max=200)])
    signer = StringField(_l("Name of who signs"), [Optional(), Length(max=200)])
    scan = FileField(_l("Signed paper, scanned"), [Optional()], render_kw={"accept": ".pdf,.jpg,.jpeg,.png"})


class OfficeFormForm(PageForm):
    """An office's own form for one kind of paper."""

    kind = SelectField(
        _l("For which paper"),
        [InputRequired()],
        choices=[
            SelectChoice(PaperKind.SUBMISSION, _l("Submission letter")),
            SelectChoice(PaperKind.DECISION, _l("Decision of recognition")),
            SelectChoice(PaperKind.NOTICE, _l("Notice of result")),
            SelectChoice(PaperKind.CERTIFICATE, _l("Certificate")),
            SelectChoice(PaperKind.MINUTES, _l("Minutes")),
        ],
    )
    file = FileField(_l("Word document"), render_kw={"accept": ".docx"})


class CheckForm(PageForm):
    """A check code, typed from a certificate. The form changes nothing: it is sent by GET."""

    code = StringField(_l("Check code"), [Length(max=40)])
