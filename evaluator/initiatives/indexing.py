"""What the search index holds of a dossier, kept in step with the dossier."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import undefer_group

from evaluator.core.db import db
from evaluator.core.search import Entry, Index
from evaluator.initiatives.models import Initiative
from evaluator.rules.vietnamese import search_fold

INDEX = Index("initiative_search", search_fold)
_TEXTS = ("problem", "solution", "novelty", "conditions", "benefit_author", "benefit_applier")


def scope_of(round_id: int) -> str:
    """Return the word that confines a search to one round."""
    return f"round{round_id}"


def entry_of(initiative: Initiative) -> Entry:
    """Return what is indexed: code and title, then authors, units and texts; nothing confidential."""
    people = " ".join(f"{author.name} {author.workplace}" for author in initiative.authors)
    texts = " ".join(getattr(initiative, name) for name in _TEXTS)
    return Entry(
        id=initiative.id,
        title=f"{initiative.code} {initiative.title}",
        body=f"{initiative.unit_name} {people} {initiative.field} {texts}",
        scope=scope_of(initiative.round_id),
    )


def put(initiatives: Iterable[Initiative]) -> None:
    """Index dossiers that are not indexed yet; they must have been flushed."""
    new = [each for each in initiatives if not each.is_indexed]
    INDEX.put([entry_of(each) for each in new])
    for each in new:
        each.is_indexed = True


def remove(initiative: Initiative) -> None:
    """Take a dossier out, while it still reads as it was indexed."""
    if initiative.is_indexed:
        INDEX.remove([entry_of(initiative)])
        initiative.is_indexed = False


def rebuild() -> None:
    """Make the index anew from the dossiers that belong in it: after a restore."""
    INDEX.clear()
    indexed = select(Initiative).where(Initiative.is_indexed).order_by(Initiative.id).options(undefer_group("texts"))
    for chunk in db.session.scalars(indexed.execution_options(yield_per=500)).partitions():
        INDEX.put([entry_of(each) for each in chunk])
