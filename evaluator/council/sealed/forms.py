"""Forms of the sealed ballot."""

from collections.abc import Iterable, Sequence
from typing import Any, Self

from flask_babel import lazy_gettext as _l
from wtforms import FileField, IntegerField, RadioField, SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from evaluator.rules.sealing import Layer
from evaluator.web.forms import PageForm

LOCKS = [
    SelectChoice("2", _l("Two locks, with different holders")),
    SelectChoice("1", _l("One lock: its holders together with the administrator could read ballots")),
]
PUBLICATIONS = [
    SelectChoice("totals", _l("Totals only")),
    SelectChoice("ballots", _l("Totals, and the ballots without names when at least 20 were cast")),
    SelectChoice("tracked", _l("Totals, and each ballot beside the words its member was given")),
]
PAPER_WORDS = {
    "yes": _l("In favour"),
    "no": _l("Against"),
    "abstain": _l("No opinion"),
    "blank": _l("Blank papers"),
    "invalid": _l("Invalid papers"),
}
HOLDERS = {
    "holder_A1": _l("Outer lock: first holder"),
    "holder_A2": _l("Outer lock: second holder"),
    "holder_B1": _l("Inner lock: first holder"),
    "holder_B2": _l("Inner lock: second holder"),
}


class PrepareForm(PageForm):
    """A sealed vote: its items, who holds the keys, what is shown of it."""

    items = SelectMultipleField(_l("Items"), [InputRequired()], coerce=int, validate_choice=False)
    aside = SelectMultipleField(_l("Steps aside"), [Optional()], coerce=int, validate_choice=False)
    locks = RadioField(_l("Locks"), [InputRequired()], choices=LOCKS, default="2")
    publication = RadioField(
        _l("What is shown of the ballots"), [InputRequired()], choices=PUBLICATIONS, default="totals"
    )

    @classmethod
    def for_members(cls, members: Iterable[tuple[int, str]], *args: Any, **kwargs: Any) -> Self:
        """Return the form with the members to choose the holders from."""
        names = [SelectChoice("", "–"), *(SelectChoice(str(member), name) for member, name in members)]
        fields = {name: SelectField(label, [Optional()], choices=names) for name, label in HOLDERS.items()}
        return type(cls.__name__, (cls,), fields)(*args, **kwargs)

    def holders(self) -> dict[Layer, Sequence[int]]:
        """Return the holders by lock."""
        layers = list(Layer) if self.locks.data == "2" else [Layer.OUTER]
        chosen = {layer: [self[f"holder_{layer}{place}"].data for place in (1, 2)] for layer in layers}
        return {layer: [int(each) for each in members if each] for layer, members in chosen.items()}


class FileForm(PageForm):
    """A file that the opening tool wrote."""

    file = FileField(_l("File of the opening tool"))


class PaperTotalsForm(PageForm):
    """The totals of the papers beside a sealed vote, part by part."""

    @classmethod
    def for_parts(cls, names: dict[int, list[str]], *args: Any, **kwargs: Any) -> Self:
        """Return the form with a number for each thing that is counted."""
        fields = {
            f"{name}-{part}": IntegerField(
                PAPER_WORDS.get(name) or _l("Item %(number)s: in favour", number=name),
                [InputRequired(), NumberRange(0, 1_000)],
                render_kw={"inputmode": "numeric"},
            )
            for part, listed in names.items()
            for name in listed
        }
        return type(cls.__name__, (cls,), fields)(*args, **kwargs)

    def given(self, names: dict[int, list[str]]) -> dict[int, dict[str, int]]:
        """Return the numbers by part."""
        return {part: {name: self[f"{name}-{part}"].data for name in listed} for part, listed in names.items()}


class MemberForm(PageForm):
    """Something about one member and one item, with its reason."""

    member = SelectField(_l("Member"), coerce=int)
    part = SelectField(_l("Item"), coerce=int)
    reason = StringField(_l("Reason"), [InputRequired(), Length(max=500)])


class PartForm(PageForm):
    """Something about one item, with its reason."""

    part = SelectField(_l("Item"), coerce=int)
    reason = StringField(_l("Reason"), [InputRequired(), Length(max=500)])


class PaperForm(PageForm):
    """A member who votes on paper."""

    member = SelectField(_l("Member"), coerce=int)
