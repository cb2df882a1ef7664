"""The form of a page of wishes: one choice per dossier."""

from collections.abc import Iterable
from typing import Any

from wtforms import RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from evaluator.assignment.wishing.queries import Offer
from evaluator.core.text import N_
from evaluator.rules.assigning import WISH_NAMES, Wish
from evaluator.web.forms import PageForm
from evaluator.web.language import say

CONFLICT = "conflict"
WORDS = {
    **{wish.value: words for wish, words in WISH_NAMES.items()},
    CONFLICT: N_("must not: I stand too near"),
}


class OffersForm(PageForm):
    """What a reviewer would like of one page of titles."""

    @classmethod
    def of(cls, offers: Iterable[Offer], *args: Any, **kwargs: Any) -> "OffersForm":
        """Return the form with a choice for each dossier, what was said before chosen."""
        rows = list(offers)
        choices = [SelectChoice(value, say(words)) for value, words in WORDS.items()]
        fields = {f"wish_{each.code}": RadioField(each.title, [Optional()], choices=choices) for each in rows}
        data = {f"wish_{each.code}": each.wish.value for each in rows if each.wish is not None}
        form: OffersForm = type(cls.__name__, (cls,), fields)(*args, data=data, **kwargs)
        return form

    def field_of(self, code: str) -> Any:
        """Return the choice of one dossier."""
        return self._fields[f"wish_{code}"]

    def wishes(self) -> dict[str, Wish]:
        """Return what was said, by blind code."""
        known = {wish.value for wish in Wish}
        return {code: Wish(value) for code, value in self._chosen() if value in known}

    def conflicts(self) -> list[str]:
        """Return the blind codes on which a conflict was declared."""
        return [code for code, value in self._chosen() if value == CONFLICT]

    def _chosen(self) -> list[tuple[str, str]]:
        return [(name[5:], field.data or "") for name, field in self._fields.items() if name.startswith("wish_")]
