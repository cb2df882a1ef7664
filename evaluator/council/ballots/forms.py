"""Forms of a vote on a list: whom each member names, how each ranks, and the papers of a ranking."""

from collections.abc import Iterable, Sequence
from typing import Any, Self

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, RadioField, SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, NumberRange, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from evaluator.council.forms import CAUSES, MOST_PAPERS, count_field, number_field
from evaluator.web.forms import PageForm, VersionedForm

NOBODY = 0  # among the names: a blank vote
Groups = list[list[int]]


class BoxesField(SelectMultipleField):
    """Several of several, each a box to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class RankingField(StringField):
    """A ranking as a text: item numbers, best first, parted by commas; equals joined by "="."""

    groups: Groups

    def process_formdata(self, valuelist: list[str]) -> None:
        """Keep the text, and read it."""
        super().process_formdata(valuelist)
        try:
            self.groups = groups_of(self.data or "")
        except ValueError as error:
            self.groups = []
            raise ValueError(str(UNREADABLE)) from error


UNREADABLE = _l("Write item numbers, best first, parted by commas; join equals by “=”, such as 2, 1=3.")


def groups_of(text: str) -> Groups:
    """Return the ranking a text describes: "2, 1=3" is item 2, then 1 and 3 together. Raises ValueError."""
    return [
        [int(number) for number in place.split("=")] for place in text.replace(">", ",").split(",") if place.strip()
    ]


def text_of(groups: Iterable[Iterable[int]]) -> str:
    """Return a ranking as one types it."""
    return ", ".join("=".join(str(number) for number in group) for group in groups)


class ChoicesForm(VersionedForm):
    """Whom each member names, member by member; who is not marked has not voted."""

    @classmethod
    def for_members(
        cls, members: Iterable[tuple[int, str]], items: Sequence[tuple[int, str]], *args: Any, **kwargs: Any
    ) -> Self:
        """Return the form with a row of boxes for each member in the room."""
        names = [*(SelectChoice(number, str(number)) for number, _title in items), SelectChoice(NOBODY, _l("Blank"))]
        fields = {
            f"vote-{member}": BoxesField(name, [Optional()], choices=names, coerce=int) for member, name in members
        }
        return type(cls.__name__, (cls,), fields)(*args, **kwargs)

    def choices(self) -> dict[int, list[int]]:
        """Return the names by member; a blank vote names nobody."""
        marked = {_member(field): field.data for field in self if field.short_name.startswith("vote-") and field.data}
        return {member: [number for number in numbers if number != NOBODY] for member, numbers in marked.items()}


class RanksForm(VersionedForm):
    """How each member ranks, member by member; an empty line has not voted."""

    @classmethod
    def for_members(cls, members: Iterable[tuple[int, str]], *args: Any, **kwargs: Any) -> Self:
        """Return the form with a line for each member in the room."""
        fields = {f"vote-{member}": RankingField(name, [Optional()]) for member, name in members}
        return type(cls.__name__, (cls,), fields)(*args, **kwargs)

    def rankings(self) -> dict[int, Groups]:
        """Return the rankings by member."""
        lines = [field for field in self if field.short_name.startswith("vote-")]
        return {_member(field): field.groups for field in lines if (field.data or "").strip()}


class ChoiceForm(PageForm):
    """Whom a member names."""

    choice = BoxesField(_l("Whom you name"), [Optional()], coerce=int)

    @classmethod
    def for_items(cls, items: Sequence[tuple[int, str]], *args: Any, one: bool, **kwargs: Any) -> Self:
        """Return the form with a box for each item, or with one choice among them where a ballot names one."""
        names = [SelectChoice(number, f"{number}. {title}") for number, title in items]
        blank = SelectChoice(NOBODY, _l("Nobody: a blank vote"))
        kind = RadioField if one else BoxesField
        fields = {"choice": kind(_l("Whom you name"), [InputRequired()], choices=[*names, blank], coerce=int)}
        return type(cls.__name__, (cls,), fields)(*args, **kwargs)

    def named(self) -> list[int]:
        """Return the numbers named; of a blank vote none."""
        given = self.choice.data if isinstance(self.choice.data, list) else [self.choice.data]
        return [number for number in given if number != NOBODY]


class RankForm(PageForm):
    """The place a member gives each item."""

    @classmethod
    def for_items(cls, items: Sequence[tuple[int, str]], *args: Any, **kwargs: Any) -> Self:
        """Return the form with a place for each item; equal places are allowed, an item may be left out."""
        places = [SelectChoice("", _l("not ranked")), *(SelectChoice(str(n), str(n)) for n in range(1, len(items) + 1))]
        fields = {
            f"place-{number}": SelectField(f"{number}. {title}", [Optional()], choices=places)
            for number, title in items
        }
        return type(cls.__name__, (cls,), fields)(*args, **kwargs)

    def ranking(self) -> Groups:
        """Return the items in groups, best first."""
        places: dict[int, list[int]] = {}
        for field in self:
            if field.short_name.startswith("place-") and field.data:
                places.setdefault(int(field.data), []).append(int(field.short_name.removeprefix("place-")))
        return [places[place] for place in sorted(places)]


class RankedPapersForm(PageForm):
    """The papers of a ranking: how many, and each different ranking with how many papers give it."""

    issued = number_field(_l("Papers issued"))
    returned = number_field(_l("Papers collected"))
    valid = number_field(_l("Valid papers"))
    blank = count_field(_l("Blank papers"))
    invalid = number_field(_l("Invalid papers"))
    surplus = StringField(_l("What the counting board says of a surplus"), [Optional()])

    @classmethod
    def for_papers(cls, rows: int, *args: Any, **kwargs: Any) -> Self:
        """Return the form with as many lines as there can be papers."""
        fields: dict[str, Any] = {f"cause-{cause}": count_field(label) for cause, label in CAUSES.items()}
        for row in range(1, rows + 1):
            fields[f"ranking-{row}"] = RankingField(_l("Ranking %(number)s", number=row), [Optional()])
            fields[f"papers-{row}"] = IntegerField(
                _l("Papers with ranking %(number)s", number=row),
                [Optional(), NumberRange(1, MOST_PAPERS), _with_ranking],
            )
        return type(cls.__name__, (cls,), fields)(*args, **kwargs)

    @property
    def rows(self) -> list[tuple[Any, Any]]:
        """The lines: ranking and number of papers."""
        count = sum(field.short_name.startswith("ranking-") for field in self)
        return [(self[f"ranking-{row}"], self[f"papers-{row}"]) for row in range(1, count + 1)]

    def rankings(self) -> tuple[tuple[int, tuple[tuple[int, ...], ...]], ...]:
        """Return how many papers give each ranking; a line without a number is one paper."""
        return tuple(
            (papers.data or 1, tuple(tuple(group) for group in ranking.groups))
            for ranking, papers in self.rows
            if (ranking.data or "").strip()
        )

    def causes(self) -> dict[str, int]:
        """Return the invalid papers by cause."""
        return {str(cause): self[f"cause-{cause}"].data for cause in CAUSES if self[f"cause-{cause}"].data}


def _with_ranking(form: Any, field: Any) -> None:
    row = field.short_name.removeprefix("papers-")
    if field.data and not (form[f"ranking-{row}"].data or "").strip():
        raise ValidationError(_("Write the ranking these papers give."))


def _member(field: Any) -> int:
    return int(field.short_name.removeprefix("vote-"))
