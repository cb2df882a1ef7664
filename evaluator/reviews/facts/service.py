"""The secretary enters public votes and categories, as a list pasted from a spreadsheet."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import delete, insert, select

from evaluator import policy
from evaluator.audit import service as audit
from evaluator.core.db import db
from evaluator.core.errors import Conflict, Invalid, Message
from evaluator.core.text import N_, sentence
from evaluator.initiatives.models import Initiative
from evaluator.policy import Action, Actor
from evaluator.reviews.models import ScoringFact
from evaluator.reviews.results.service import scoring_of
from evaluator.reviews.rubrics import rubric_of
from evaluator.rounds.models import Round

LOT = 500
MOST_VOTES = 10**9

LOCKED = N_("The results are locked. Votes and categories can no longer change.")
UNKNOWN = N_("Line %(number)s: there is no dossier “%(code)s” in this round.")
TWICE = N_("Line %(number)s: “%(code)s” already stands in an earlier line.")
NO_COUNT = N_("Line %(number)s: “%(text)s” is no number of votes. Write a whole number, or nothing.")
NO_CATEGORY = N_("Line %(number)s: the rubric has no category “%(text)s”.")


def enter(a_round: Round, text: str, *, by: Actor, now: datetime) -> int:
    """Take over a list of code, votes and category, one dossier per line; return how many.

    The columns are parted by tab, semicolon or bar. What is not in the list is forgotten.

    Raises:
        Invalid: a line is wrong; all of them are told.
        Conflict: the results are locked.
    """
    policy.require(by, Action.SCORING_CLOSE)
    if scoring_of(a_round).is_closed:
        raise Conflict(LOCKED)
    rows = _read(a_round, text)
    own = select(Initiative.id).where(Initiative.round_id == a_round.id)
    db.session.execute(delete(ScoringFact).where(ScoringFact.initiative_id.in_(own)))
    for start in range(0, len(rows), LOT):
        db.session.execute(insert(ScoringFact), rows[start : start + LOT])
    audit.record("facts.entered", about=a_round, by=by, now=now, dossiers=len(rows))
    return len(rows)


def _read(a_round: Round, text: str) -> list[dict[str, object]]:
    codes = dict(
        db.session.execute(select(Initiative.code, Initiative.id).where(Initiative.round_id == a_round.id)).all()
    )
    categories = {each.label.casefold(): each.key for each in rubric_of(a_round).categories}
    categories |= {each.key: each.key for each in rubric_of(a_round).categories}
    wrong: list[Message] = []
    rows: dict[str, dict[str, object]] = {}
    for number, (code, votes, category) in _cells(text):
        values = {"number": number, "code": code}
        if code not in codes:
            wrong.append(sentence(UNKNOWN, **values))
        elif code in rows:
            wrong.append(sentence(TWICE, **values))
        elif votes and not (votes.isascii() and votes.isdigit() and int(votes) <= MOST_VOTES):
            wrong.append(sentence(NO_COUNT, number=number, text=votes))
        elif category and category.casefold() not in categories:
            wrong.append(sentence(NO_CATEGORY, number=number, text=category))
        else:
            rows[code] = {
                "initiative_id": codes[code],
                "votes": int(votes) if votes else None,
                "category": categories.get(category.casefold(), ""),
            }
    if wrong:
        raise Invalid(fields={"lines": wrong})
    return list(rows.values())


def _cells(text: str) -> Iterator[tuple[int, tuple[str, str, str]]]:
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            cells = [cell.strip() for cell in line.replace(";", "\t").replace("|", "\t").split("\t")]
            code, votes, category, *_more = [*cells, "", ""]
            yield number, (code, votes, category)
