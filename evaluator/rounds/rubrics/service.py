"""Commands on the rubrics of the house: make, change part by part, save a version, bring in from TOML."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from evaluator import policy
from evaluator.audit import service as audit
from evaluator.core.db import db
from evaluator.core.errors import Conflict, Invalid, NotFound
from evaluator.core.text import N_, Sentence
from evaluator.policy import Action, Actor
from evaluator.rounds.rubrics.models import RubricVersion, SavedRubric
from evaluator.rules import rubric_document, rubric_parts
from evaluator.rules.amounts import HUNDREDTHS
from evaluator.rules.fields import Document, Unreadable
from evaluator.rules.procedure import Combine, LeastSheets, Round
from evaluator.rules.rubric import Numeric, Rubric
from evaluator.rules.rubric_checks import problems

SAME_VERSION = N_("Nothing has changed since version %(number)s.")
HAS_MISTAKES = N_("The rubric still has mistakes. Mend what is marked, then save the version.")
RESERVED = {"new", "import", "presets"}  # addresses of other pages
USUAL_STEPS = (LeastSheets(count=1), Combine(), Round(places=2))


def rubric_of(rubric: SavedRubric) -> Rubric:
    """Return the draft as a rubric."""
    return rubric_document.from_document(rubric.draft)


def create(title: str, criteria: list[tuple[str, int]], *, by: Actor, now: datetime) -> SavedRubric:
    """Begin a rubric with numeric criteria (label, most points in hundredths) and the usual steps."""
    policy.require(by, Action.RUBRIC_EDIT)
    taken: set[str] = set()
    made = []
    for label, most in criteria:
        key = rubric_parts.new_key(label, taken)
        taken.add(key)
        made.append(Numeric(key=key, label=label, maximum=most, step=_usual_step(most)))
    whole = sum(criterion.maximum for criterion in made) or None
    rubric = Rubric(key="x", title=title, maximum=whole, criteria=tuple(made), steps=USUAL_STEPS)
    return _add(rubric_document.as_document(rubric), by=by, now=now)


def _usual_step(most: int) -> int:
    """Return a step that reaches the maximum: whole points, else quarters, else hundredths."""
    return next(step for step in (HUNDREDTHS, HUNDREDTHS // 4, 1) if most % step == 0)


def copy(document: Document, title: str, *, by: Actor, now: datetime) -> SavedRubric:
    """Begin a rubric as a copy of another one, under a title of its own."""
    policy.require(by, Action.RUBRIC_EDIT)
    return _add({**document, "title": title}, by=by, now=now)


def bring_in(text: str, *, by: Actor, now: datetime) -> SavedRubric:
    """Take a rubric in from TOML.

    Raises:
        Invalid: it is not a rubric; every mistake with its place.
    """
    policy.require(by, Action.RUBRIC_EDIT)
    try:
        rubric = rubric_document.from_toml(text)
    except Unreadable as unreadable:
        raise Invalid(fields={"file": [problem.sentence for problem in unreadable.problems]}) from unreadable
    if not rubric.title.strip():
        raise Invalid.on("file", N_("The rubric in this file has no title. Write one."))
    return _add(rubric_document.as_document(rubric), by=by, now=now)


def _add(document: Document, *, by: Actor, now: datetime) -> SavedRubric:
    taken = RESERVED | set(db.session.scalars(select(SavedRubric.code)))
    code = rubric_parts.new_key(document["title"], taken)
    rubric = SavedRubric(code=code, title=document["title"], draft={**document, "key": code}, changed_at=now)
    db.session.add(rubric)
    db.session.flush()  # the history needs its id
    audit.record("rubric.created", about=rubric, by=by, now=now, title=rubric.title)
    return rubric


def put_part(
    rubric: SavedRubric, place: str, value: Document, *, read_version: int, by: Actor, now: datetime
) -> SavedRubric:
    """Put a part at its place, or add it to a list; a new part gets a key made of its label.

    Raises:
        Invalid: it does not have the form of such a part, by field.
        Conflict: somebody else changed the rubric since ``read_version``.
        NotFound: there is no such place.
    """
    policy.require(by, Action.RUBRIC_EDIT)
    _check_version(rubric, read_version)
    if value.get("key") == "":
        value = {**value, "key": rubric_parts.new_key(value.get("label", ""), rubric_parts.keys(rubric.draft))}
    return _change(rubric, lambda document: rubric_parts.put(document, place, value), by=by, now=now)


def take_out(rubric: SavedRubric, place: str, *, by: Actor, now: datetime) -> SavedRubric:
    """Take a part out.

    Raises:
        NotFound: there is no such place.
    """
    policy.require(by, Action.RUBRIC_EDIT)
    return _change(rubric, lambda document: rubric_parts.take_out(document, place), by=by, now=now)


def move(rubric: SavedRubric, place: str, by_places: int, *, by: Actor, now: datetime) -> SavedRubric:
    """Move a part up (-1) or down (1) in its list.

    Raises:
        NotFound: there is no such place.
    """
    policy.require(by, Action.RUBRIC_EDIT)
    return _change(rubric, lambda document: rubric_parts.move(document, place, by_places), by=by, now=now)


def settle(rubric: SavedRubric, settings: Document, *, read_version: int, by: Actor, now: datetime) -> SavedRubric:
    """Change what concerns the rubric as a whole: title, source, note, maximum, how a sheet is totalled.

    Raises:
        Invalid: by field.
        Conflict: somebody else changed the rubric since ``read_version``.
    """
    policy.require(by, Action.RUBRIC_EDIT)
    _check_version(rubric, read_version)
    kept = {name: value for name, value in {**rubric.draft, **settings}.items() if value is not None}
    return _change(rubric, lambda _document: kept, by=by, now=now)


def _check_version(rubric: SavedRubric, read_version: int) -> None:
    if read_version != rubric.version:
        raise Conflict


def _change(rubric: SavedRubric, change: Any, *, by: Actor, now: datetime) -> SavedRubric:
    try:
        document = rubric_document.as_document(rubric_document.from_document(change(rubric.draft)))
    except rubric_parts.NoSuchPart as error:
        raise NotFound from error
    except Unreadable as unreadable:
        raise Invalid(
            fields={problem.place.rpartition(".")[2]: [problem.remedy] for problem in unreadable.problems}
        ) from unreadable
    rubric.draft, rubric.title, rubric.changed_at = document, document["title"], now
    audit.record("rubric.changed", about=rubric, by=by, now=now)
    return rubric


def save_version(rubric: SavedRubric, *, by: Actor, now: datetime) -> RubricVersion:
    """Keep the draft as the next version, from which rounds may take it.

    Raises:
        Invalid: it still has mistakes.
        Conflict: it is the same as the newest version.
    """
    policy.require(by, Action.RUBRIC_EDIT)
    draft = rubric_of(rubric)
    wrong = problems(draft)
    if wrong:
        raise Invalid(Sentence(HAS_MISTAKES), fields={"rubric": [problem.sentence for problem in wrong]})
    newest = db.session.scalar(
        select(RubricVersion).where(RubricVersion.rubric_id == rubric.id).order_by(RubricVersion.number.desc()).limit(1)
    )
    digest = rubric_document.digest(draft)
    if newest is not None and newest.digest == digest:
        raise Conflict(SAME_VERSION, number=newest.number)
    number = newest.number + 1 if newest else 1
    version = RubricVersion(
        rubric=rubric, number=number, document=rubric.draft, digest=digest, saved_at=now, saved_by_id=by.id
    )
    db.session.add(version)
    db.session.flush()  # the history needs its id
    audit.record("rubric.version-saved", about=rubric, by=by, now=now, number=number, digest=digest)
    return version
