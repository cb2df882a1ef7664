"""Forms of signing in and of accounts: shape only."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, EmailField, PasswordField, RadioField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, EqualTo, Length
from wtforms.widgets import CheckboxInput, ListWidget

from evaluator.rules.roles import ROLE_NAMES, Role
from evaluator.web.forms import PageForm, VersionedForm
from evaluator.web.language import LANGUAGES, say

_ADDRESS = {"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false", "inputmode": "email"}


def _languages() -> list[SelectChoice]:
    return [SelectChoice(code, name) for code, name in LANGUAGES.items()]


class SignInForm(PageForm):
    """E-mail and password."""

    email = EmailField(_l("E-mail"), [DataRequired(), Length(max=254)], render_kw=_ADDRESS)
    password = PasswordField(
        _l("Password"), [DataRequired(), Length(max=200)], render_kw={"autocomplete": "current-password"}
    )
    stay = BooleanField(_l("Stay signed in on this device for 14 days"))


class ForgottenPasswordForm(PageForm):
    """Where the link shall go."""

    email = EmailField(_l("E-mail"), [DataRequired(), Length(max=254)], render_kw=_ADDRESS)


class NewPasswordForm(PageForm):
    """A new password, twice."""

    password = PasswordField(
        _l("New password"), [DataRequired(), Length(max=200)], render_kw={"autocomplete": "new-password"}
    )
    repeated = PasswordField(
        _l("New password, once more"),
        [DataRequired(), EqualTo("password", _l("The two passwords differ. Type both again."))],
        render_kw={"autocomplete": "new-password"},
    )


class ChangePasswordForm(NewPasswordForm):
    """A new password for somebody who knows the old one."""

    present = PasswordField(
        _l("Present password"), [DataRequired(), Length(max=200)], render_kw={"autocomplete": "current-password"}
    )


class MyAccountForm(PageForm):
    """What people change about themselves."""

    name = StringField(_l("Full name"), [DataRequired(), Length(max=200)], render_kw={"autocomplete": "name"})
    job_title = StringField(_l("Job title"), [Length(max=200)], render_kw={"autocomplete": "organization-title"})
    language = RadioField(_l("Language"), [DataRequired()], choices=_languages)


def _roles() -> SelectMultipleField:
    """Return the choice of roles: one person may hold several."""
    return SelectMultipleField(
        _l("Roles"),
        coerce=Role,
        choices=lambda: [SelectChoice(role.value, say(name)) for role, name in ROLE_NAMES.items()],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )


class AccountForm(VersionedForm):
    """What an administrator keeps about a person."""

    name = StringField(_l("Full name"), [DataRequired(), Length(max=200)])
    email = EmailField(_l("E-mail"), [DataRequired(), Length(max=254)])
    job_title = StringField(_l("Job title"), [Length(max=200)])
    unit = StringField(_l("Unit"), [Length(max=300)])
    language = RadioField(_l("Language"), [DataRequired()], choices=_languages, default="vi")
    roles = _roles()


class SeveralForm(PageForm):
    """Many people at once, as copied from a spreadsheet."""

    people = TextAreaField(_l("People, a line each"), [DataRequired(), Length(max=200_000)], render_kw={"rows": 10})
    roles = _roles()
    only_try = BooleanField(_l("Only say what would happen"), default=True)
