"""Forms about proposals: shape only."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FileField, HiddenField, IntegerField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, NumberRange, Optional

from evaluator.assignment.proposals.finding import Wishes
from evaluator.web.forms import PageForm


class WishesForm(PageForm):
    """What is asked of a proposal."""

    reviews = IntegerField(_l("Reviewers per dossier"), [InputRequired(), NumberRange(1, 15)])
    most = IntegerField(
        _l("Most dossiers per reviewer"),
        [InputRequired(), NumberRange(1, 10_000)],
        description=_l("A person's own limit goes before this one."),
    )
    least = IntegerField(
        _l("Least dossiers per reviewer"),
        [Optional(), NumberRange(0, 10_000)],
        description=_l("Loads are kept alike anyway. A least number costs suitability."),
    )
    share_percent = SelectField(
        _l("Guard against wishes"),
        coerce=int,
        choices=[
            SelectChoice("100", _l("off: the best plan")),
            SelectChoice("90", _l("light: no pair is surer than nine times in ten")),
            SelectChoice("75", _l("middle: no pair is surer than three times in four")),
            SelectChoice("50", _l("strong: no pair is surer than once in two")),
        ],
        description=_l("Draws lots among those who suit, so that nobody can arrange to get a certain dossier."),
    )
    is_fair = BooleanField(
        _l("Let the weakest dossier be as well off as possible first"),
        description=_l("Left out where dossiers times reviewers make more than five million."),
    )

    def show(self, *, reviews: int, most: int, share_percent: int = 100) -> None:
        """Fill in what is usual."""
        self.reviews.data, self.most.data, self.least.data = reviews, most, 0
        self.share_percent.data, self.is_fair.data = share_percent, True

    def wishes(self) -> Wishes:
        """Return what was asked."""
        return Wishes(
            reviews=self.reviews.data,
            most=self.most.data,
            least=self.least.data or 0,
            is_fair=bool(self.is_fair.data),
            share_percent=self.share_percent.data,
        )


class ChangeForm(PageForm):
    """One reviewer out, one in; codes of accounts, either may be empty."""

    out = HiddenField()
    fresh = HiddenField()


class TableForm(PageForm):
    """A table of a proposal that comes back."""

    file = FileField(_l("File"))


class ApplyForm(PageForm):
    """Changes that were shown and are now made: codes in the form ``+dossier:reviewer``."""

    changes = TextAreaField()
