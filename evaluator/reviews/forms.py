"""The forms of reviewing; the score sheet's is built from the frozen rubric, so a new criterion needs no new form."""

from collections.abc import Iterable
from functools import cache
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from evaluator.reviews.blind import BlindCriterion, Section
from evaluator.web.forms import PageForm, VersionedForm

PREFIX = "points_"


class ScoreSheetForm(VersionedForm):
    """One field per criterion. What a field takes is the rubric's business; here it is only a text."""

    remark = TextAreaField(_l("Remark"), [Optional(), Length(max=4000)])

    @classmethod
    def for_sections(cls, sections: Iterable[Section], formdata: Any = None, **kwargs: Any) -> "ScoreSheetForm":
        """Return the form of a rubric with what has been given so far."""
        criteria = [criterion for section in sections for criterion in section.criteria]
        given = {PREFIX + each.key: as_typed(each) for each in criteria}
        return _form_of(tuple((each.key, each.label) for each in criteria))(formdata, data=given, **kwargs)

    @property
    def texts(self) -> dict[str, str]:
        """What was typed, by criterion key."""
        return {
            field.short_name.removeprefix(PREFIX): field.data or "" for field in self if field.name.startswith(PREFIX)
        }

    def _show(self, name: str, messages: list[str]) -> None:
        """Put what the rules say about a criterion on its field."""
        super()._show(PREFIX + name if PREFIX + name in self._fields else name, messages)


@cache
def _form_of(criteria: tuple[tuple[str, str], ...]) -> type[ScoreSheetForm]:
    """Return the form of these criteria: made once for all sheets of a rubric."""
    fields = {PREFIX + key: StringField(label) for key, label in criteria}
    return type(ScoreSheetForm.__name__, (ScoreSheetForm,), fields)


def as_typed(criterion: BlindCriterion) -> str:
    """Return a value the way a person types it: 850 is 8,5; a choice is its key."""
    value = criterion.value
    if not isinstance(value, int):
        return value or ""
    whole, part = divmod(value, 100)
    return f"{whole},{part:02}".rstrip("0").rstrip(",")


class StatementForm(PageForm):
    """The conflict statement, signed once per round."""

    agree = BooleanField(
        _l("I have read this, and I will say so at once if I recognise an author or have an interest in a dossier."),
        [InputRequired(_l("Tick this box to sign the statement."))],
    )


class WhyForm(PageForm):
    """A reason in a few words: for more time, for giving a dossier back, for a declared conflict."""

    why = TextAreaField(_l("Reason"), [InputRequired(_l("Say in a few words why.")), Length(max=500)])


class KnowsForm(PageForm):
    """I know the author; a word about how is welcome and not demanded."""

    why = TextAreaField(_l("How you know the author"), [Optional(), Length(max=500)])


class ExtendForm(PageForm):
    """More time for one sheet."""

    until = DateField(_l("New deadline"), [InputRequired(_l("Give a day."))])
