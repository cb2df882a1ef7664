"""Forms about rubrics. A part's form is made from its fields, so a new kind of criterion needs no new form."""

from collections.abc import Iterable
from dataclasses import MISSING, Field, fields
from typing import Any, Self

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FileField, IntegerField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms import Field as FormField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from evaluator.core.errors import Invalid
from evaluator.core.text import N_
from evaluator.rounds.rubrics import lines
from evaluator.rounds.rubrics.words import CHOICES, FIELD_HINTS, FIELD_NAMES
from evaluator.rules.fields import POINTS, Codec, Document, Shape
from evaluator.rules.procedure import Extremes
from evaluator.rules.rubric import Rubric
from evaluator.web.forms import PageForm, VersionedForm
from evaluator.web.language import say

LONG = {"guidance", "note", "legal", "source"}
ELSEWHERE = {"key", "gates"}  # keys are made; gates of a gate or class have pages of their own
SELDOM = {"code", "one_of", "guidance", "evidence", "legal", "weight", "minimum", "required", "beyond", "longest"}
REFERENCES = {"group", "one_of", "of", "classes"}
SETTINGS = ("title", "source", "note", "maximum", "capped", "total", "ranking", "clear_lead")
LIMIT = 4000


class ExactField(StringField):
    """A number with decimal point or comma, kept as the text a document writes."""

    def __init__(self, codec: Codec, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.codec = codec

    def process_data(self, value: Any) -> None:
        """Show it with a comma."""
        self.data = None if value is None else str(value).replace(".", ",")

    def pre_validate(self, form: Any) -> None:
        """Refuse what is not such a number."""
        del form
        try:
            if self.written is not None:
                self.codec.load(self.written, "")
        except ValueError as error:
            raise ValidationError(say(self.codec.expected)) from error

    @property
    def written(self) -> str | None:
        """The number as a document writes it; None if nothing was typed."""
        return (self.data or "").strip().replace(",", ".") or None


class LinesField(TextAreaField):
    """A short table, a record per line."""

    def __init__(self, kind: type, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        self.before: list[Document] = []

    def process_data(self, value: list[Document] | None) -> None:
        """Show the records as lines."""
        self.before = value or []
        self.data = lines.written(self.kind, self.before, _extremes())

    @property
    def written(self) -> list[Document]:
        """The records of the lines; raises Invalid."""
        return lines.read(self.kind, self.data or "", self.before, _extremes())

    def pre_validate(self, form: Any) -> None:
        """Refuse a line that is not like the example."""
        del form
        _check_lines(lambda: self.written)


class TableField(TextAreaField):
    """A table from names to numbers, a row per line."""

    def __init__(self, names: dict[str, str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names = {label.casefold(): key for key, label in names.items()}

    def process_data(self, value: Document | None) -> None:
        """Show the rows as lines."""
        self.data = lines.table_written(value or {})

    @property
    def written(self) -> Document:
        """The table of the lines; raises Invalid."""
        return lines.table_read(self.data or "", self.names)

    def pre_validate(self, form: Any) -> None:
        """Refuse a line that is not like the example."""
        del form
        _check_lines(lambda: self.written)


def _check_lines(read: Any) -> None:
    try:
        read()
    except Invalid as invalid:
        raise ValidationError(say(invalid.fields["lines"][0])) from invalid


class TextsField(TextAreaField):
    """A list of texts, one per line."""

    def process_data(self, value: list[str] | None) -> None:
        """Show one text per line."""
        self.data = "\n".join(value or [])

    @property
    def written(self) -> list[str]:
        """The lines that say something."""
        return [line.strip() for line in (self.data or "").splitlines() if line.strip()]


class ManyField(SelectMultipleField):
    """Some of the criteria, a box for each; none means all."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


def _extremes() -> dict[Extremes, str]:
    return {kind: say(CHOICES[Extremes][kind]) for kind in Extremes}


class PartForm(VersionedForm):
    """One part of a rubric: a criterion, a step, a class."""

    @classmethod
    def of(cls, kind: type, rubric: Rubric, formdata: Any, part: Document | None, *, only: Any = None) -> Self:
        """Return the form of a part of this kind, filled with what it is now."""
        shown = [each for each in fields(kind) if each.name not in ELSEWHERE and (only is None or each.name in only)]
        made = {each.name: _field(each, rubric) for each in shown}
        known = part if part is not None else _usual(shown)
        return type(cls.__name__, (cls,), made)(formdata, data=known)

    def document(self, part: Document | None, kind_name: str) -> Document:
        """Return the part as it was typed; what has a page of its own stays."""
        found: Document = dict(part or {})
        for field in self.parts:
            value = field.written if hasattr(field, "written") else field.data
            found[field.short_name] = value.strip() if isinstance(value, str) else value
        if kind_name:
            found["kind"] = kind_name
        return {name: value for name, value in found.items() if value is not None}

    @property
    def parts(self) -> list[FormField]:
        """The fields of the part, without those of the form itself."""
        return [field for field in self if field.short_name not in {"version", "csrf_token"}]

    @property
    def front(self) -> list[FormField]:
        """The fields nearly everybody fills in, the name first."""
        shown = [field for field in self.parts if field.short_name not in SELDOM and not _is_idle(field)]
        return sorted(shown, key=lambda field: (field.short_name != "label", field.short_name in {"floor", "kills"}))

    @property
    def back(self) -> list[FormField]:
        """The fields that are seldom needed."""
        return [field for field in self.parts if field.short_name in SELDOM and not _is_idle(field)]


def _is_idle(field: FormField) -> bool:
    """Return whether there is nothing to choose from: no group has been made yet."""
    return field.short_name in {"group", "one_of"} and len(field.choices) == 1


def _usual(shown: list[Field[Any]]) -> Document:
    """Return what a new part begins with: the defaults, as a document writes them."""
    return {
        each.name: each.metadata["codec"].dump(each.default, False) for each in shown if each.default is not MISSING
    }


def _field(each: Field[Any], rubric: Rubric) -> Any:
    """Return the form field for a field of a part."""
    codec: Codec = each.metadata["codec"]
    label = say(FIELD_NAMES[each.name])
    more: dict[str, Any] = {"description": say(FIELD_HINTS[each.name])} if each.name in FIELD_HINTS else {}
    if each.name in REFERENCES and codec.shape in {Shape.TEXT, Shape.LIST}:
        if codec.shape is Shape.LIST:
            known = _successes(rubric) if each.name == "classes" else _scoring(rubric)
            return ManyField(label, choices=_boxes(known), **more)
        return SelectField(label, choices=_boxes(_references(each, rubric)), **more)
    return MAKE[codec.shape](each, codec, rubric, label, more)


def _text(each: Field[Any], _codec: Codec, _rubric: Rubric, label: str, more: dict[str, Any]) -> Any:
    kind = TextAreaField if each.name in LONG else StringField
    return kind(label, [DataRequired() if each.default is MISSING else Optional(), Length(max=LIMIT)], **more)


def _number(each: Field[Any], codec: Codec, _rubric: Rubric, label: str, more: dict[str, Any]) -> Any:
    needed = [InputRequired() if each.default is MISSING else Optional()]
    return (
        IntegerField(label, needed, **more) if codec.shape is Shape.WHOLE else ExactField(codec, label, needed, **more)
    )


def _truth(_each: Field[Any], _codec: Codec, _rubric: Rubric, label: str, more: dict[str, Any]) -> Any:
    return BooleanField(label, **more)


def _choice(_each: Field[Any], codec: Codec, _rubric: Rubric, label: str, more: dict[str, Any]) -> Any:
    return SelectField(
        label, choices=_boxes((one.value, say(CHOICES[codec.inside][one])) for one in codec.inside), **more
    )


def _table(each: Field[Any], _codec: Codec, rubric: Rubric, label: str, more: dict[str, Any]) -> Any:
    names = {category.key: category.label for category in rubric.categories} if each.name == "by_category" else {}
    return TableField(names, label, render_kw={"rows": 3}, **more)


def _list(each: Field[Any], codec: Codec, _rubric: Rubric, label: str, more: dict[str, Any]) -> Any:
    if codec.inside.shape is not Shape.RECORD:
        return TextsField(label, [Optional()], render_kw={"rows": 3}, **more)
    needed = [InputRequired() if each.default is MISSING else Optional()]
    return LinesField(codec.inside.inside, label, needed, render_kw={"rows": 6}, **more)


MAKE: dict[Shape, Any] = {
    Shape.TEXT: _text,
    Shape.WHOLE: _number,
    Shape.POINTS: _number,
    Shape.EXACT: _number,
    Shape.TRUTH: _truth,
    Shape.CHOICE: _choice,
    Shape.TABLE: _table,
    Shape.LIST: _list,
}


def _boxes(pairs: Iterable[tuple[str, str]]) -> list[SelectChoice]:
    return [SelectChoice(value, label) for value, label in pairs]


def _references(each: Field[Any], rubric: Rubric) -> list[tuple[str, str]]:
    groups = [(group.key, group.label) for group in rubric.groups]
    if each.name == "group":
        return [("", _("No group")), *groups]
    if each.name == "one_of":
        return [("", _("Stands alone")), *((one.key, one.label) for one in rubric.alternatives)]
    score = [] if each.default is MISSING else [("total", _("Score"))]
    return [*score, *_scoring(rubric), *groups]


def _scoring(rubric: Rubric) -> list[tuple[str, str]]:
    return [(criterion.key, criterion.label) for criterion in rubric.criteria if criterion.scores]


def _successes(rubric: Rubric) -> list[tuple[str, str]]:
    return [(each.key, each.label) for each in rubric.classes if each.passes]


class NewRubricForm(PageForm):
    """A rubric from nothing, or from another one."""

    title = StringField(_l("Title of the rubric"), [DataRequired(), Length(max=200)])
    start = SelectField(_l("Begin with"))
    criteria = TextAreaField(_l("Criteria"), [Optional(), Length(max=8000)], render_kw={"rows": 8})

    def rows(self) -> list[tuple[str, int]]:
        """Return label and most points of each line. Raises Invalid on ``criteria``."""
        try:
            table = [line.rsplit("|", 1) for line in (self.criteria.data or "").splitlines() if line.strip()]
            return [(label.strip(), _points(most)) for label, most in table]
        except ValueError as error:
            raise Invalid.on("criteria", N_("Write each line as name | most points.")) from error


def _points(text: str) -> int:
    points: int = POINTS.load(text.strip().replace(",", "."), "")
    if points <= 0:
        raise ValueError(text)
    return points


class TomlForm(PageForm):
    """A rubric in a file."""

    file = FileField(_l("TOML file"), render_kw={"accept": ".toml"})


class TrialForm(PageForm):
    """Made-up points to see what the rubric makes of them."""

    sheets = IntegerField(_l("Number of sheets"))
    category = SelectField(_l("Category of the author"), [Optional()], validate_choice=False)
    votes = IntegerField(_l("Public votes for this dossier"), [Optional()])
    highest_votes = IntegerField(_l("Most public votes of any dossier"), [Optional()])
