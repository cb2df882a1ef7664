"""Forms of the editors: shape only."""

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, ValidationError

from evaluator.compendium.service import MOST_TEXT, MOST_TITLE, FrontMatter, Wording
from evaluator.compendium.words import SECTIONS
from evaluator.rules.vietnamese import Unreadable, money, read_money
from evaluator.web.forms import PageForm, VersionedForm

SEPARATOR = ":"


class EntryForm(VersionedForm):
    """One entry in the editors' words."""

    title = TextAreaField(_l("Title in the book"), [DataRequired(), Length(max=MOST_TITLE)])
    field = SelectField(_l("Field in the book"), [DataRequired()])
    in_full = BooleanField(_l("Give it a full entry; otherwise it stands only in the list of all works"))
    problem = TextAreaField(_l("Situation before"), [Optional(), Length(max=MOST_TEXT)])
    solution = TextAreaField(_l("What the solution consists of"), [Optional(), Length(max=MOST_TEXT)])
    novelty = TextAreaField(_l("What is new"), [Optional(), Length(max=MOST_TEXT)])
    conditions = TextAreaField(_l("Conditions and where it can be applied"), [Optional(), Length(max=MOST_TEXT)])
    benefit = TextAreaField(_l("What it brought"), [Optional(), Length(max=MOST_TEXT)])
    money_benefit = StringField(_l("Benefit in đồng a year"), [Optional(), Length(max=60)])
    then = HiddenField()  # "approve": release it and go on to the next

    def offer(self, fields: Iterable[str]) -> None:
        """Offer the fields of the book."""
        self["field"].choices = [SelectChoice(name, name) for name in fields]

    def show(self, text: Any) -> None:
        """Fill the form with an entry as it stands."""
        for name in ("title", "field", "in_full", *SECTIONS):
            self[name].data = getattr(text, name)
        self.money_benefit.data = "" if text.money_benefit is None else money(text.money_benefit)
        self.version.data = str(text.version)

    def validate_money_benefit(self, given: StringField) -> None:
        """Read an amount as offices write it; WTForms shows what cannot be read."""
        try:
            self.amount = read_money(given.data).dong if (given.data or "").strip() else None
        except Unreadable:
            raise ValidationError(
                str(_l("Write whole đồng, for example 25.000.000 or “25 triệu”; leave it empty if unknown."))
            ) from None

    def wording(self) -> Wording:
        """Return what was typed."""
        texts = {name: self[name].data or "" for name in SECTIONS}
        return Wording(
            title=self.title.data,
            field=self["field"].data,
            in_full=self.in_full.data,
            money_benefit=getattr(self, "amount", None),
            **texts,
        )


class FrontForm(VersionedForm):
    """What stands before and around the entries."""

    title = StringField(_l("Title of the book"), [DataRequired(), Length(max=300)])
    subtitle = StringField(_l("Subtitle"), [Optional(), Length(max=300)])
    year = IntegerField(_l("Year"), [InputRequired(), NumberRange(1945, 2200)])
    parent_name = StringField(_l("Superior body on the cover"), [Optional(), Length(max=300)])
    unit_name = StringField(_l("Issuing body"), [DataRequired(), Length(max=300)])
    council_name = StringField(_l("Council"), [DataRequired(), Length(max=300)])
    place = StringField(_l("Place"), [Optional(), Length(max=120)])
    preface = TextAreaField(_l("Preface"), [Optional(), Length(max=MOST_TEXT)])
    preface_name = StringField(_l("Who signs the preface"), [Optional(), Length(max=200)])
    preface_office = StringField(_l("In which office"), [Optional(), Length(max=200)])
    announcement = TextAreaField(_l("The decision, in one sentence"), [Optional(), Length(max=2000)])
    publication = TextAreaField(_l("Publication data"), [Optional(), Length(max=4000)])
    editors = TextAreaField(_l("Editorial board"), [Optional(), Length(max=4000)])

    def show(self, book: Any) -> None:
        """Fill the form with a book as it stands."""
        for name in FrontMatter.__slots__:
            self[name].data = getattr(book, name)
        self.publication.data = _lines(book.publication)
        self.editors.data = _lines(book.editors)
        self.version.data = str(book.version)

    def front(self) -> FrontMatter:
        """Return what was typed."""
        plain = {name: self[name].data or "" for name in FrontMatter.__slots__}
        return FrontMatter(
            **{
                **plain,
                "year": self.year.data,
                "publication": _pairs(self.publication.data),
                "editors": _pairs(self.editors.data),
            }
        )


class TakeBackForm(PageForm):
    """Why a published book is taken back."""

    reason = StringField(_l("Reason"), [DataRequired(), Length(max=500)])


def _lines(pairs: list[Any]) -> str:
    return "\n".join(f"{name}{SEPARATOR} {value}".rstrip() for name, value in pairs)


def _pairs(text: str | None) -> tuple[tuple[str, str], ...]:
    """Return the "name: value" lines of a text."""
    lines = (line.partition(SEPARATOR) for line in (text or "").splitlines() if line.strip())
    return tuple((name.strip(), value.strip()) for name, _, value in lines)
