"""The works of a round as every paper lists them: read once, in one order, with one spelling."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select

from evaluator.core.db import db
from evaluator.council import told
from evaluator.council.models import Council, Decision, PollItem
from evaluator.council.papers.queries import DECIDED, SELECTED
from evaluator.council.queries import hundredths
from evaluator.initiatives.models import Author, Initiative
from evaluator.papers.works import Contributor, Work
from evaluator.reviews.models import LockedOutcome, ResultLock, ScoreResult
from evaluator.reviews.results.dossiers import dossiers, season_of
from evaluator.reviews.rubrics import rubric_of, scorer_of
from evaluator.rounds.models import Round
from evaluator.rules import scoring
from evaluator.rules.scoring import Part
from evaluator.rules.vietnamese import percent, points
from evaluator.web.language import say_in

NEVER_SCORED = "Hồ sơ chưa đủ phiếu chấm để xếp hạng."


@dataclass(frozen=True, slots=True)
class Decided:
    """One decided initiative: its id, whether it was selected, and what the papers print of it."""

    id: int
    is_selected: bool
    work: Work


def selected_works(council: Council, *, most: int | None = None) -> list[Decided]:
    """Return what was selected, or the first ones of it, best rank first: the order of every list."""
    return _read(council.round, _rows(council.round).where(Initiative.state.in_(SELECTED)).limit(most))


def works_of(council: Council, ids: Sequence[int]) -> list[Decided]:
    """Return some decided works in the order of the ids, with the reasons of each; six statements for any number."""
    found = {each.id: each for each in _read(council.round, _rows(council.round).where(Initiative.id.in_(ids)))}
    return [found[each] for each in ids if each in found]


def _rows(a_round: Round) -> Select[Any]:
    lock = select(func.max(ResultLock.id)).where(ResultLock.round_id == a_round.id).scalar_subquery()
    return (
        select(
            Initiative.id,
            Initiative.code,
            Initiative.title,
            Initiative.unit_name,
            Initiative.state,
            Decision.tier,
            Decision.why,
            Decision.rank.label("decided_rank"),
            PollItem.yes,
            PollItem.base,
            ScoreResult.score,
            ScoreResult.rank,
            LockedOutcome.class_key,
        )
        .outerjoin(Decision, Decision.initiative_id == Initiative.id)
        .outerjoin(PollItem, PollItem.id == Decision.poll_item_id)
        .outerjoin(ScoreResult, ScoreResult.initiative_id == Initiative.id)
        .outerjoin(LockedOutcome, (LockedOutcome.initiative_id == Initiative.id) & (LockedOutcome.lock_id == lock))
        .where(Initiative.round_id == a_round.id, Initiative.state.in_(DECIDED))
        .order_by(Decision.rank.is_(None), Decision.rank, Initiative.id)
    )


def _read(a_round: Round, statement: Select[Any]) -> list[Decided]:
    rows = db.session.execute(statement).all()
    authors = _authors([row.id for row in rows])
    labels = {each.key: each.label for each in rubric_of(a_round).classes}
    unvoted = _reasons_of_scoring(a_round, [row.id for row in rows if row.why is None])
    return [
        Decided(
            row.id,
            row.state in SELECTED,
            Work(
                code=row.code,
                title=row.title,
                authors=authors[row.id],
                unit=row.unit_name,
                grade=row.tier or labels.get(row.class_key or "", ""),
                votes=f"{row.yes}/{row.base}" if row.base else "",
                points=points(hundredths(row.score) or 0) if row.score else "",
                rank=str(row.rank or row.decided_rank or ""),
                reasons=_told(row.why) if row.why is not None else unvoted[row.id],
            ),
        )
        for row in rows
    ]


def _told(why: Iterable[Any]) -> tuple[str, ...]:
    return tuple(say_in("vi", sentence) for sentence in told.from_document(why))


def _authors(ids: Sequence[int]) -> Mapping[int, tuple[Contributor, ...]]:
    """Return the authors of works in the order of their dossier; one alone has no share printed."""
    lines: dict[int, list[tuple[str, int | None]]] = defaultdict(list)
    wanted = (
        select(Author.initiative_id, Author.name, Author.share)
        .where(Author.initiative_id.in_(ids))
        .order_by(Author.initiative_id, Author.position)
    )
    for initiative_id, name, share in db.session.execute(wanted):
        lines[initiative_id].append((name, share))
    return {
        each: tuple(
            Contributor(name, percent(share) if share is not None and len(lines[each]) > 1 else "")
            for name, share in lines[each]
        )
        for each in ids
    }


def _reasons_of_scoring(a_round: Round, ids: Sequence[int]) -> Mapping[int, tuple[str, ...]]:
    """Return why each was not put to the vote: the conditions of its scoring, as its author may read them."""
    if not ids:
        return {}
    rubric, scorer, season = rubric_of(a_round), scorer_of(a_round), season_of(a_round)
    found: dict[int, tuple[str, ...]] = {}
    for marked in dossiers(ids):
        if not marked.dossier.sheets:
            found[marked.initiative_id] = (NEVER_SCORED,)
            continue
        outcome = scorer.outcome(marked.dossier, season)
        lines = scoring.explain(rubric, outcome, audience=scoring.Audience.AUTHOR)
        found[marked.initiative_id] = tuple(
            say_in("vi", line.text) for line in lines if line.part in {Part.GATE, Part.RESULT}
        )
    return found
