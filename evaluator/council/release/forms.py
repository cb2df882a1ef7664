"""The form that says who may see what of a result."""

from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice

from evaluator.rules.audience import Audience, Facet, Opening, Openness, Since
from evaluator.web.forms import PageForm

AUDIENCES = [
    SelectChoice(Audience.COUNCIL, _l("Nobody outside the council")),
    SelectChoice(Audience.AUTHORS, _l("Authors")),
    SelectChoice(Audience.UNITS, _l("Authors and their unit")),
    SelectChoice(Audience.PUBLIC, _l("Everybody")),
]
MOMENTS = [
    SelectChoice(Since.RELEASE, _l("From the release")),
    SelectChoice(Since.PUBLICATION, _l("From the day of publication")),
]


class AudienceForm(PageForm):
    """Who, and from when, for each facet of a result."""

    result_audience = SelectField(_l("Whether it was selected"), choices=AUDIENCES)
    result_since = SelectField(_l("When: whether it was selected"), choices=MOMENTS)
    points_audience = SelectField(_l("Points"), choices=AUDIENCES)
    points_since = SelectField(_l("When: points"), choices=MOMENTS)
    rank_audience = SelectField(_l("Rank"), choices=AUDIENCES)
    rank_since = SelectField(_l("When: rank"), choices=MOMENTS)
    reasons_audience = SelectField(_l("Reasons"), choices=AUDIENCES)
    reasons_since = SelectField(_l("When: reasons"), choices=MOMENTS)

    def show(self, openness: Openness) -> None:
        """Fill the form with the openings as they are."""
        for facet, opening in openness.openings.items():
            self[f"{facet}_audience"].data = str(opening.audience)
            self[f"{facet}_since"].data = str(opening.since)

    def openness(self) -> Openness:
        """Return what was chosen."""
        return Openness(
            {
                facet: Opening(Audience(self[f"{facet}_audience"].data), Since(self[f"{facet}_since"].data))
                for facet in Facet
            }
        )
