"""Forms about units: shape only."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, FileField, IntegerField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from evaluator.web.forms import PageForm, VersionedForm


class UnitForm(VersionedForm):
    """What is said about a unit."""

    name = StringField(_l("Name of the unit"), [DataRequired(), Length(max=300)])
    short_name = StringField(_l("Short name"), [Length(max=120)])
    code = StringField(_l("Unit code"), [DataRequired(), Length(max=40)])
    parent = StringField(_l("Under"), [Length(max=300)])
    level = IntegerField(_l("Level"), [InputRequired(), NumberRange(1, 9)])
    kind = StringField(_l("Kind"), [Length(max=60)])
    valid_from = DateField(_l("Exists from"), [Optional()])
    note = StringField(_l("Note"), [Length(max=500)])


class RenameForm(PageForm):
    """A new name from a day on."""

    name = StringField(_l("New name"), [DataRequired(), Length(max=300)])
    short_name = StringField(_l("Short name"), [Length(max=120)])
    on = DateField(_l("From"), [InputRequired()])


class CloseForm(PageForm):
    """The end of a unit, and who carries on."""

    on = DateField(_l("First day without it"), [InputRequired()])
    successor = StringField(_l("Successor"), [Length(max=300)])


class MergeForm(PageForm):
    """The units that go over into one on a day."""

    units = TextAreaField(_l("Units, one per line"), [DataRequired(), Length(max=20_000)], render_kw={"rows": 6})
    on = DateField(_l("First day without them"), [InputRequired()])


class ImportForm(PageForm):
    """A list of units."""

    file = FileField(_l("List as .csv"), render_kw={"accept": ".csv,text/csv"})
    only_try = BooleanField(_l("Only say what would happen"), default=True)
