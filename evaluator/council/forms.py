"""Forms of councils and sessions."""

from collections.abc import Iterable
from typing import Any, Self

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from evaluator.rules.choosing import Cause
from evaluator.web.forms import PageForm, VersionedForm

SEATS = 15
MOST_PAPERS = 1_000
CAUSES = {
    Cause.NOT_ISSUED: _l("not issued by the counting team"),
    Cause.TOO_MANY: _l("more picks than allowed"),
    Cause.TOO_FEW: _l("fewer picks than asked"),
    Cause.OUTSIDE_LIST: _l("a name outside the list"),
    Cause.REPEATED: _l("the same name twice"),
    Cause.UNCLEAR: _l("unclear or erased"),
    Cause.MARKED: _l("signed or marked"),
}
ROLES = [
    SelectChoice("chair", _l("Chair of the council")),
    SelectChoice("vice", _l("Vice-chair")),
    SelectChoice("secretary", _l("Secretary of the council")),
    SelectChoice("critic", _l("Critic")),
    SelectChoice("member", _l("Member")),
]
VOTES = [
    SelectChoice("yes", _l("In favour")),
    SelectChoice("no", _l("Against")),
    SelectChoice("abstain", _l("No opinion")),
]
MODES = [
    SelectChoice("open", _l("Open vote, by name")),
    SelectChoice("paper", _l("Secret ballot on paper")),
    SelectChoice("sealed", _l("Secret ballot, sealed electronically")),
]


class FoundForm(VersionedForm):
    """A council and its members, one line per seat."""

    title = StringField(_l("Name of the council"), [InputRequired(), Length(max=300)])
    decision_number = StringField(_l("Number of the decision"), [InputRequired(), Length(max=60)])
    decision_date = DateField(_l("Date of the decision"), [InputRequired()])
    reason = StringField(_l("Why the members change"), [Optional(), Length(max=300)])

    @classmethod
    def for_people(cls, people: Iterable[tuple[str, str]], *args: Any, **kwargs: Any) -> Self:
        """Return the form with a line for each possible seat."""
        names = [SelectChoice("", "–"), *(SelectChoice(code, name) for code, name in people)]
        fields: dict[str, Any] = {}
        for seat in range(1, SEATS + 1):
            fields[f"person_{seat}"] = SelectField(_l("Member %(number)s", number=seat), [Optional()], choices=names)
            fields[f"role_{seat}"] = SelectField(
                _l("Role of member %(number)s", number=seat), choices=ROLES, default="chair" if seat == 1 else "member"
            )
            fields[f"from_{seat}"] = DateField(_l("Member %(number)s serves from", number=seat), [Optional()])
            fields[f"to_{seat}"] = DateField(_l("Member %(number)s serves to", number=seat), [Optional()])
        return type(cls.__name__, (cls,), fields)(*args, **kwargs)

    def seats(self) -> list[tuple[str, str, Any, Any]]:
        """Return account code, role and term of each line that names somebody."""
        names = ("person", "role", "from", "to")
        lines = [tuple(self[f"{name}_{seat}"].data for name in names) for seat in range(1, SEATS + 1)]
        return [line for line in lines if line[0]]


class OpenSessionForm(PageForm):
    """Where the council meets."""

    place = StringField(_l("Meeting place"), [InputRequired(), Length(max=300)])


class RollForm(PageForm):
    """Who is in the room, why others are not, and who counts the papers."""

    @classmethod
    def for_members(cls, members: Iterable[int], *args: Any, **kwargs: Any) -> Self:
        """Return the form with a line for each member."""
        fields: dict[str, Any] = {}
        for member in members:
            fields[f"present_{member}"] = BooleanField(_l("Present"))
            fields[f"reason_{member}"] = StringField(_l("Reason of absence"), [Optional(), Length(max=300)])
            fields[f"teller_{member}"] = BooleanField(_l("Counting team"))
        return type(cls.__name__, (cls,), fields)(*args, **kwargs)

    def ticked(self, kind: str) -> list[int]:
        """Return the members whose box of a kind is ticked."""
        return [
            int(field.short_name.removeprefix(f"{kind}_"))
            for field in self
            if field.short_name.startswith(f"{kind}_") and field.data
        ]

    def reasons(self) -> dict[int, str]:
        """Return the reasons that were given, by member."""
        names = [field for field in self if field.short_name.startswith("reason_")]
        return {int(field.short_name.removeprefix("reason_")): field.data or "" for field in names}


class PutForm(PageForm):
    """Which items are put to the vote, and how; on the page of one item also who steps aside."""

    items = SelectMultipleField(_l("Items"), [InputRequired()], coerce=int, validate_choice=False)
    mode = RadioField(_l("How votes are taken"), [InputRequired()], choices=MODES)
    aside = SelectMultipleField(_l("Steps aside"), [Optional()], coerce=int, validate_choice=False)


class VotesForm(VersionedForm):
    """A show of hands, member by member."""

    others = RadioField(
        _l("Everybody not marked"),
        choices=[SelectChoice("", _l("has not voted")), SelectChoice("yes", _l("is in favour"))],
        default="",
    )

    @classmethod
    def for_members(cls, members: Iterable[tuple[int, str]], *args: Any, **kwargs: Any) -> Self:
        """Return the form with a choice for each member in the room."""
        fields = {f"vote-{member}": RadioField(name, [Optional()], choices=VOTES) for member, name in members}
        return type(cls.__name__, (cls,), fields)(*args, **kwargs)

    def votes(self) -> dict[int, str]:
        """Return the votes by member, the unmarked as the form says."""
        marked = {
            int(field.short_name.removeprefix("vote-")): field.data or self.others.data
            for field in self
            if field.short_name.startswith("vote-")
        }
        return {member: vote for member, vote in marked.items() if vote}


class BallotForm(PageForm):
    """A member's own vote."""

    vote = RadioField(_l("Your vote"), [InputRequired()], choices=VOTES)


def number_field(label: Any) -> IntegerField:
    """Return the field of a number that must be given."""
    return IntegerField(label, [InputRequired(), NumberRange(0, MOST_PAPERS)], render_kw={"inputmode": "numeric"})


def count_field(label: Any) -> IntegerField:
    """Return the field of a number that may be left out."""
    return IntegerField(label, [Optional(), NumberRange(0, MOST_PAPERS)], render_kw={"inputmode": "numeric"})


class PapersForm(PageForm):
    """The totals of a paper ballot."""

    issued = number_field(_l("Papers issued"))
    returned = number_field(_l("Papers collected"))
    valid = number_field(_l("Valid papers"))
    blank = count_field(_l("Blank papers"))
    invalid = number_field(_l("Invalid papers"))
    surplus = StringField(_l("What the counting board says of a surplus"), [Optional(), Length(max=300)])

    @classmethod
    def for_items(cls, numbers: Iterable[int], *args: Any, picks_only: bool = False, **kwargs: Any) -> Self:
        """Return the form with the three counts of each item, or one where a list is chosen from."""
        fields: dict[str, Any] = {f"cause-{cause}": count_field(label) for cause, label in CAUSES.items()}
        for number in numbers:
            fields[f"yes-{number}"] = number_field(_l("Item %(number)s: in favour", number=number))
            if not picks_only:
                fields[f"no-{number}"] = number_field(_l("Item %(number)s: against", number=number))
                fields[f"abstain-{number}"] = number_field(_l("Item %(number)s: no opinion", number=number))
        return type(cls.__name__, (cls,), fields)(*args, **kwargs)

    def causes(self) -> dict[str, int]:
        """Return the invalid papers by cause."""
        found = {str(cause): self[f"cause-{cause}"].data or 0 for cause in CAUSES}
        return {cause: number for cause, number in found.items() if number}

    def lines(self, numbers: Iterable[int]) -> dict[int, tuple[int, int, int]]:
        """Return yes, no and no opinion by item; on a list who is not picked has a vote against."""
        return {number: self._line(number) for number in numbers}

    def _line(self, number: int) -> tuple[int, int, int]:
        yes = self[f"yes-{number}"].data
        if f"no-{number}" in self:
            return yes, self[f"no-{number}"].data, self[f"abstain-{number}"].data
        return yes, self.valid.data - yes, 0


class ReasonForm(PageForm):
    """Something that takes a reason."""

    reason = StringField(_l("Reason"), [InputRequired(), Length(max=500)])


class AddItemForm(PageForm):
    """An item put on the agenda by hand."""

    code = StringField(_l("Code of the dossier"), [InputRequired(), Length(max=64)])


class DiscussionForm(VersionedForm):
    """What was said about an item."""

    discussion = TextAreaField(_l("What was said"), [Optional(), Length(max=8000)], render_kw={"rows": 5})


class OpinionForm(PageForm):
    """An opinion for the minutes."""

    member = SelectField(_l("Member"), coerce=int)
    kind = SelectField(
        _l("Kind"),
        choices=[
            SelectChoice("reserved", _l("Reserved opinion")),
            SelectChoice("written", _l("Written opinion of an absent member")),
        ],
    )
    text = TextAreaField(_l("In the member's own words"), [InputRequired(), Length(max=4000)], render_kw={"rows": 4})


class CloseForm(PageForm):
    """The end of a session."""

    conclusion = TextAreaField(_l("Conclusion of the chair"), [Optional(), Length(max=4000)], render_kw={"rows": 4})


class ButtonForm(PageForm):
    """A button of the session page."""

    go = HiddenField()
