"""Forms about what is settled before a proposal: shape only."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, FileField, HiddenField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from evaluator.assignment.standards import Standards
from evaluator.core.text import N_
from evaluator.rules.assigning import TIE_NAMES, Tie
from evaluator.rules.calendar import day_of, end_of_day, start_of_day
from evaluator.rules.conflicts import FIXED, KIND_NAMES, TABLE, Kind, Weight
from evaluator.web.forms import PageForm, VersionedForm
from evaluator.web.language import say

READING = {
    Weight.BAR: N_("never reads it"),
    Weight.WARN: N_("reads it only if nobody else suits nearly as well"),
    Weight.OFF: N_("no matter"),
}
VOTING = {
    Weight.BAR: N_("does not vote on it"),
    Weight.WARN: N_("is shown as near to it; the council decides"),
    Weight.OFF: N_("no matter"),
}
CHOSEN = tuple(kind for kind in TABLE if kind not in FIXED)


class RulesForm(VersionedForm):
    """What a round asks of every assignment."""

    head = StringField(
        _l("Head of the body that recognises initiatives: e-mail address"),
        [Optional(), Length(max=254)],
        description=_l(
            "Whoever heads it neither reads nor votes on an initiative of the own that the State paid for, and is then "
            "no member of the council (Circular 18/2013, article 8)."
        ),
    )
    needs_expert = BooleanField(
        _l("Somebody of its own field reads every dossier"),
        description=_l("A proposal that cannot keep this says for which dossier it fails."),
    )
    is_cross_unit = BooleanField(
        _l("Two readers of a dossier never come from the same unit"),
        description=_l("Cross-marking: opinions of different houses on every dossier."),
    )
    wishes_open_on = DateField(_l("From the beginning of"), [Optional()])
    wishes_close_on = DateField(_l("To the end of"), [Optional()])

    @classmethod
    def with_rules(cls, *args: Any, **kwargs: Any) -> "RulesForm":
        """Return the form with two fields for each rule of conflict that a round may choose."""
        rules = {
            f"{what}_{kind.name.lower()}": SelectField(
                label, choices=[SelectChoice(weight.value, say(words[weight])) for weight in Weight]
            )
            for kind in CHOSEN
            for what, label, words in (("reading", _l("For reading"), READING), ("voting", _l("For voting"), VOTING))
        }
        form: RulesForm = type(cls.__name__, (cls,), rules)(*args, **kwargs)
        return form

    def rules(self) -> list[tuple[str, str, Any, Any]]:
        """Return name, reason and the two fields of each rule, for the page."""
        return [
            (
                say(KIND_NAMES[kind]),
                say(TABLE[kind].reason),
                self._fields[f"reading_{kind.name.lower()}"],
                self._fields[f"voting_{kind.name.lower()}"],
            )
            for kind in CHOSEN
        ]

    def show(self, asked: Standards, *, head: str, version: int) -> None:
        """Fill in what was decided."""
        for kind in CHOSEN:
            self._fields[f"reading_{kind.name.lower()}"].data = asked.reading[kind].value
            self._fields[f"voting_{kind.name.lower()}"].data = asked.voting[kind].value
        self.head.data, self.version.data = head, str(version)
        self.needs_expert.data, self.is_cross_unit.data = asked.needs_expert, asked.is_cross_unit
        self.wishes_open_on.data = day_of(asked.wishes_open_at) if asked.wishes_open_at else None
        self.wishes_close_on.data = day_of(asked.wishes_close_at) if asked.wishes_close_at else None

    def standards(self, *, head_id: int | None) -> Standards:
        """Return what was decided."""
        opens, closes = self.wishes_open_on.data, self.wishes_close_on.data
        return Standards(
            reading=self._chosen("reading"),
            voting=self._chosen("voting"),
            head_id=head_id,
            needs_expert=bool(self.needs_expert.data),
            is_cross_unit=bool(self.is_cross_unit.data),
            wishes_open_at=start_of_day(opens) if opens else None,
            wishes_close_at=end_of_day(closes) if closes else None,
        )

    def _chosen(self, what: str) -> dict[Kind, Weight]:
        return {kind: Weight(self._fields[f"{what}_{kind.name.lower()}"].data) for kind in CHOSEN}


class FixtureForm(PageForm):
    """One pair to settle."""

    reviewer = StringField(
        _l("Reviewer"), [InputRequired(), Length(max=254)], description=_l("Code or e-mail address.")
    )
    tie = SelectField(_l("What is settled"), choices=[SelectChoice(tie.value) for tie in Tie])
    dossier = StringField(_l("Code of a dossier"), [Optional(), Length(max=64)])
    other = StringField(
        _l("Second reviewer"),
        [Optional(), Length(max=254)],
        description=_l("Only for two who never read the same dossier."),
    )
    note = StringField(_l("Reason"), [Optional(), Length(max=500)])

    def names(self) -> tuple[str, str, str]:
        """Return reviewer, dossier and second reviewer as typed."""
        return tuple((field.data or "").strip() for field in (self.reviewer, self.dossier, self.other))  # type: ignore[return-value]  # three of three

    def offer(self) -> None:
        """Give the choices their words."""
        self.tie.choices = [SelectChoice(tie.value, say(words)) for tie, words in TIE_NAMES.items()]


class FixtureTableForm(PageForm):
    """A table of pairs to settle."""

    file = FileField(_l("File"))


class SettleForm(PageForm):
    """Pairs that were shown and are now settled, as a text that came with the page."""

    pairs = HiddenField(validators=[InputRequired()])
