"""Forms about reviewers and single assignments: shape only."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, IntegerField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from evaluator.web.forms import PageForm


class SeveralField(SelectMultipleField):
    """Several of several, as boxes to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class ReviewerForm(PageForm):
    """What is known of a reviewer."""

    fields = SeveralField(_l("Fields"), description=_l("Dossiers of these fields go to this person first."))
    keywords = TextAreaField(
        _l("Words"), [Optional(), Length(max=1000)], description=_l("What the person knows, in any words.")
    )
    most = IntegerField(
        _l("Most dossiers in a round"),
        [Optional(), NumberRange(0, 10_000)],
        description=_l("Empty: as the proposal says for everybody."),
    )
    relatives = TextAreaField(
        _l("Family members who may be authors"),
        [Optional(), Length(max=2000)],
        description=_l("One name per line. Their dossiers never go to this person."),
    )
    is_available = BooleanField(_l("Reviews at present"))


class ConflictForm(PageForm):
    """A conflict that somebody declared on paper."""

    dossier = StringField(_l("Code of a dossier"), [InputRequired(), Length(max=64)])
    person = StringField(
        _l("E-mail address of the person"),
        [InputRequired(), Length(max=254)],
        description=_l("A reviewer or a member of the council."),
    )
    note = StringField(_l("Reason given"), [Optional(), Length(max=500)])
