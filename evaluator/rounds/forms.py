"""Forms about a round: shape only; what the dates mean to one another is checked by the service."""

from datetime import date, datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Regexp

from evaluator.rules.calendar import Timetable, day_of, end_of_day, start_of_day
from evaluator.rules.unblinding import CHOICES, Moment, Unblinding
from evaluator.web.forms import PageForm, VersionedForm

STARTS = ("submission_opens_at", "council_at", "publication_at")
ENDS = ("submission_closes_at", "checking_closes_at", "review_closes_at")

DATE_LABELS = {
    "submission_opens_at": _l("Submission opens on"),
    "submission_closes_at": _l("Submission closes at the end of"),
    "checking_closes_at": _l("Checking ends at the end of"),
    "review_closes_at": _l("Score sheets are due at the end of"),
    "council_at": _l("The council meets on"),
    "publication_at": _l("Publication on"),
}


def moment_of(name: str, day: date) -> datetime:
    """Return the moment a typed day means: a deadline is the end of its day in the council's time."""
    return end_of_day(day) if name in ENDS else start_of_day(day)


MOMENT_LABELS = {
    Moment.NEVER: _l("Never"),
    Moment.SCORED: _l("When scoring is closed"),
    Moment.DECIDED: _l("When the council has decided on it"),
}


def _moments(whom: str) -> list[SelectChoice]:
    """Return the moments to choose from, the most closed first."""
    return [SelectChoice(moment.value, MOMENT_LABELS[moment]) for moment in CHOICES[whom]]


class RoundForm(VersionedForm):
    """Everything a secretary decides about a round."""

    title = StringField(_l("Title of the round"), [DataRequired(), Length(max=200)])
    code = StringField(
        _l("Code of the round"),
        [
            DataRequired(),
            Length(max=20),
            Regexp(r"^[A-Za-z0-9][A-Za-z0-9.\-]*$", message=_l("Use letters without marks, digits, dots and hyphens.")),
        ],
    )
    council_name = StringField(_l("Name of the council"), [DataRequired(), Length(max=300)])
    unit = SelectField(_l("Unit that holds the round"), [DataRequired()])
    description = TextAreaField(_l("What authors should know"), [Length(max=5000)])
    submission_opens_at = DateField(DATE_LABELS["submission_opens_at"], [InputRequired()])
    submission_closes_at = DateField(DATE_LABELS["submission_closes_at"], [InputRequired()])
    checking_closes_at = DateField(DATE_LABELS["checking_closes_at"], [InputRequired()])
    review_closes_at = DateField(DATE_LABELS["review_closes_at"], [InputRequired()])
    council_at = DateField(DATE_LABELS["council_at"], [InputRequired()])
    publication_at = DateField(DATE_LABELS["publication_at"], [InputRequired()])
    reviews_per_initiative = IntegerField(_l("Score sheets per dossier"), [InputRequired(), NumberRange(1, 15)])
    rubric = SelectField(_l("Rubric"), [DataRequired()])
    vote_rule = SelectField(_l("Vote rule"), [DataRequired()])
    fields = TextAreaField(_l("Fields of application, one per line"), [DataRequired(), Length(max=4000)])
    legal_grounds = TextAreaField(_l("Legal grounds, one per line"), [Length(max=8000)])
    remarking_days = IntegerField(
        _l("Days for authors to ask for re-marking after publication"), [InputRequired(), NumberRange(0, 60)]
    )
    reason_for_identity = BooleanField(_l("Ask why before authors are shown to the secretariat"))
    unblind_council = SelectField(_l("The council learns the authors"), choices=_moments("council"))
    unblind_reviewers = SelectField(_l("Reviewers learn the authors"), choices=_moments("reviewers"))
    unblind_authors = SelectField(_l("Authors learn who reviewed"), choices=_moments("authors"))

    def timetable(self) -> Timetable:
        """Return the dates as moments."""
        return Timetable(**{name: moment_of(name, self[name].data) for name in DATE_LABELS})

    def unblinding(self) -> Unblinding:
        """Return who learns what from when on."""
        return Unblinding(**{whom: Moment(self[f"unblind_{whom}"].data) for whom in CHOICES})

    def show(self, a_round: Any) -> None:
        """Fill the form with a round as it stands."""
        for name in ("title", "code", "council_name", "description", "reviews_per_initiative", "remarking_days"):
            self[name].data = getattr(a_round, name)
        for name in DATE_LABELS:
            self[name].data = day_of(getattr(a_round, name))
        self.unit.data = a_round.unit.code
        self["fields"].data = "\n".join(a_round.fields)
        self.legal_grounds.data = "\n".join(a_round.legal_grounds)
        self.reason_for_identity.data = a_round.reason_for_identity
        for whom, moment in a_round.unblinding.as_document().items():
            self[f"unblind_{whom}"].data = moment
        self.version.data = str(a_round.version)


def lines_of(text: str | None) -> tuple[str, ...]:
    """Return the lines that say something."""
    return tuple(line.strip() for line in (text or "").splitlines() if line.strip())


class MoveDateForm(PageForm):
    """One date, moved with a reason."""

    date = SelectField(_l("Which date"), choices=[SelectChoice(name, label) for name, label in DATE_LABELS.items()])
    moment = DateField(_l("New date"), [InputRequired()])
    reason = StringField(_l("Reason"), [DataRequired(), Length(max=500)])
