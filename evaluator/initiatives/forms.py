"""Forms of the author: the dossier of Circular 18, on one page, complete or not; and withdrawing it."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    FieldList,
    Form,
    FormField,
    HiddenField,
    MultipleFileField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, Optional

from evaluator.core.text import N_
from evaluator.initiatives.files import ACCEPTED
from evaluator.initiatives.service import AuthorDraft, Draft
from evaluator.rules.dossier import KIND_NAMES, MOST_AUTHORS, MOST_TEXT, MOST_TITLE, TEXT_NAMES, Kind
from evaluator.rules.vietnamese import Unreadable, Why, money, read_date, read_hundredths, read_money, short_date
from evaluator.web.forms import PageForm, VersionedForm
from evaluator.web.language import say

_LATEST_YEAR = 2100
# Fields of the form that are called as the dossier calls them and hold what it holds.
_PLAIN = (
    *("title", "field", "unit_name", "applied_on", "applier", "investor", "scope", "money_benefit"),
    *("nominated_by", "advised_by", "is_state_funded"),
)
_WRONG_DATE = {
    Why.YEAR_ONLY: N_("Give day, month and year, such as 05/03/1980."),
    Why.NOT_IN_CALENDAR: N_("The calendar has no such day."),
}


class DayField(StringField):
    """A day as people type it; ``data`` is a date, and what was typed stays when it is none."""

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return short_date(self.data) if self.data else ""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Read 05/03/1980, 5-3-80 or 1980-03-05."""
        self.data: date | None = None
        typed = valuelist[0].strip() if valuelist else ""
        if typed:
            try:
                self.data = read_date(typed, latest_year=_LATEST_YEAR).day
            except Unreadable as unreadable:
                message = _WRONG_DATE.get(unreadable.why, N_("Give a date such as 05/03/1980."))
                raise ValueError(say(message)) from None


class MoneyField(StringField):
    """Whole đồng as people type them: 1.200.000, 1,2 tỷ; never guessed."""

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return money(self.data).removesuffix(" đồng") if self.data is not None else ""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Read an amount."""
        self.data: int | None = None
        typed = valuelist[0].strip() if valuelist else ""
        if typed:
            try:
                self.data = read_money(typed).dong
            except Unreadable:
                raise ValueError(say(N_("Give whole đồng, such as 1.200.000, or 1,2 triệu."))) from None


class ShareField(StringField):
    """A percentage, 33,33 or 33.33; ``data`` in hundredths of a percent."""

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        if self.data is None:
            return ""
        whole, rest = divmod(self.data, 100)
        return f"{whole},{rest:02d}".rstrip("0").rstrip(",")

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Read a percentage."""
        self.data: int | None = None
        typed = valuelist[0].strip().removesuffix("%").strip() if valuelist else ""
        if typed:
            try:
                self.data = read_hundredths(typed)
            except Unreadable:
                raise ValueError(say(N_("Give a percentage such as 60 or 33,33."))) from None
            if not 0 <= self.data <= 10_000:
                raise ValueError(say(N_("A share lies between 0 and 100.")))


class AuthorForm(Form):
    """One author; no token of its own, the dossier's form has it."""

    name = StringField(_l("Full name"), [Optional(), Length(max=200)], render_kw={"autocomplete": "off"})
    share = ShareField(_l("Share (%)"), [Optional()], render_kw={"inputmode": "decimal", "data-share": ""})
    birth_date = DayField(_l("Date of birth"), [Optional()], render_kw={"placeholder": "05/03/1980"})
    workplace = StringField(_l("Workplace, or residence"), [Optional(), Length(max=300)])
    job_title = StringField(_l("Post"), [Optional(), Length(max=200)])
    qualification = StringField(_l("Qualification"), [Optional(), Length(max=200)])
    phone = StringField(_l("Telephone"), [Optional(), Length(max=40)], render_kw={"inputmode": "tel"})
    email = StringField(_l("E-mail"), [Optional(), Length(max=254)], render_kw={"inputmode": "email"})


def _text(label: Any, rows: int) -> TextAreaField:
    return TextAreaField(label, [Optional(), Length(max=MOST_TEXT)], render_kw={"rows": rows})


class DossierForm(VersionedForm):
    """The whole dossier. Nothing is required here: a draft may be incomplete; submitting asks the rules."""

    title = StringField(_l("Name of the initiative"), [Optional(), Length(max=MOST_TITLE)])
    kind = RadioField(_l("What you are submitting"), [Optional()], choices=[SelectChoice(kind.value) for kind in Kind])
    field = SelectField(_l("Field of application"), [Optional()])
    unit_name = StringField(_l("Unit that proposes it"), [Optional(), Length(max=300)])
    applied_on = DayField(
        _l("Day it was first applied or tried"), [Optional()], render_kw={"placeholder": "05/03/2026"}
    )
    applier = StringField(_l("Who applied it first"), [Optional(), Length(max=500)])
    investor = StringField(_l("Who paid for it, if not the author"), [Optional(), Length(max=500)])
    is_state_funded = BooleanField(_l("The State budget paid for it, wholly or in part"))
    advised_by = TextAreaField(
        _l("Who advised you, one person per line"), [Optional(), Length(max=1000)], render_kw={"rows": 2}
    )
    nominated_by = TextAreaField(
        _l("Who put it forward, one person per line"), [Optional(), Length(max=1000)], render_kw={"rows": 2}
    )
    scope = StringField(_l("Where it is used now"), [Optional(), Length(max=500)])
    money_benefit = MoneyField(_l("Benefit in money (đồng)"), [Optional()], render_kw={"inputmode": "text"})
    problem = _text(_l("Situation before"), 6)
    solution = _text(_l("What the solution consists of"), 10)
    novelty = _text(_l("What is new"), 6)
    conditions = _text(_l("Conditions for applying it, and where it can be applied"), 5)
    benefit_author = _text(_l("Benefit in the author's opinion"), 6)
    benefit_applier = _text(_l("Benefit in the opinion of those who applied it"), 5)
    participants = _text(_l("People who took part in the first application"), 4)
    confidential = _text(_l("What must be kept confidential"), 4)
    authors = FieldList(FormField(AuthorForm), _l("Authors"), min_entries=1, max_entries=MOST_AUTHORS)
    file = MultipleFileField(_l("Add files"), render_kw={"accept": ACCEPTED})

    def offer(self, fields: Sequence[str]) -> None:
        """Give the choices their words."""
        self.kind.choices = [SelectChoice(kind.value, say(KIND_NAMES[kind])) for kind in Kind]
        chosen = self.field.data or ""
        known = [*fields] if chosen in {"", *fields} else [*fields, chosen]
        self.field.choices = [SelectChoice("", ""), *map(SelectChoice, known)]

    def show(self, initiative: Any) -> None:
        """Fill the form with a dossier as it stands."""
        for name in _PLAIN:
            self[name].data = getattr(initiative, name)
        self.kind.data = initiative.kind.value if initiative.kind else None
        for name, text in initiative.texts().items():
            self[name].data = text
        while self.authors.entries:
            self.authors.pop_entry()
        for author in initiative.authors:
            self.authors.append_entry({name: getattr(author, name) for name in AuthorForm()._fields})
        if not self.authors.entries:
            self.authors.append_entry()
        self.version.data = str(initiative.version)

    def draft(self) -> Draft:
        """Return what was typed; lines of authors that say nothing are left out."""
        typed = [_author_draft(entry.data) for entry in self.authors.entries]
        return Draft(
            title=self.title.data or "",
            kind=Kind(self.kind.data) if self.kind.data in {kind.value for kind in Kind} else None,
            field=self.field.data or "",
            unit_name=self.unit_name.data or "",
            applied_on=self.applied_on.data,
            money_benefit=self.money_benefit.data,
            scope=self.scope.data or "",
            applier=self.applier.data or "",
            investor=self.investor.data or "",
            nominated_by=self.nominated_by.data or "",
            advised_by=self.advised_by.data or "",
            is_state_funded=bool(self.is_state_funded.data),
            texts={name: self[name].data or "" for name in TEXT_NAMES},
            authors=tuple(author for author in typed if author != AuthorDraft(name="")),
        )


def _author_draft(typed: Mapping[str, Any]) -> AuthorDraft:
    words = ("name", "workplace", "job_title", "qualification", "phone", "email")
    return AuthorDraft(
        share=typed["share"], birth_date=typed["birth_date"], **{name: (typed[name] or "").strip() for name in words}
    )


class StartForm(PageForm):
    """Begin a dossier in a round; ``once`` is the same however often the button is pressed."""

    round = SelectField(_l("Round"), [DataRequired()])
    once = HiddenField(validators=[DataRequired(), Length(min=20, max=64)])

    def offer(self, rounds: Sequence[tuple[str, str]]) -> None:
        """Give the rounds by code and title."""
        self.round.choices = [SelectChoice(code, title) for code, title in rounds]


class WithdrawForm(PageForm):
    """Why a dossier is taken back."""

    reason = TextAreaField(_l("Reason"), [Optional(), Length(max=2000)], render_kw={"rows": 3})
