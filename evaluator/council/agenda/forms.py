"""Forms of an item of the agenda."""

from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from evaluator.web.forms import PageForm


class ItemsForm(PageForm):
    """Items of the agenda that were ticked."""

    items = SelectMultipleField(_l("Items"), [InputRequired()], coerce=int, validate_choice=False)


class SendBackForm(PageForm):
    """What the author is to add, and until when."""

    asked = TextAreaField(
        _l("What is to be added or explained"), [InputRequired(), Length(max=4000)], render_kw={"rows": 5}
    )
    until = DateField(_l("To be answered by"), [InputRequired()])


class SupplementForm(PageForm):
    """What the author answered."""

    supplement = TextAreaField(
        _l("What the author answered"), [InputRequired(), Length(max=8000)], render_kw={"rows": 6}
    )


class RecuseForm(PageForm):
    """Who steps aside from an open vote, and why."""

    member = SelectField(_l("Member"), [InputRequired()], coerce=int)
    reason = StringField(_l("Reason"), [InputRequired(), Length(max=300)])


class SeedForm(PageForm):
    """The public seed of a lot."""

    seed = StringField(_l("Public seed"), [InputRequired(), Length(max=120)])
