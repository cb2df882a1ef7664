"""Fills an empty database with one large invented round in review, by bulk inserts.

Not the way data comes in (that is measured by itself): only what the pages are measured on.
"""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import insert, text

from bench import words
from evaluator.assignment.models import Assignment, ConflictStatement
from evaluator.core.db import db, transaction
from evaluator.initiatives import indexing
from evaluator.initiatives.blind import COPIED
from evaluator.initiatives.models import Author, Initiative, Source
from evaluator.people.models import Account, RoleGrant
from evaluator.people.passwords import passwords
from evaluator.policy import OPERATOR
from evaluator.reviews.models import ScoreSheet
from evaluator.reviews.results import service as results
from evaluator.rounds import presets
from evaluator.rounds.models import Round
from evaluator.rounds.service import digest
from evaluator.rules import rubric_document
from evaluator.rules.dossier import FIELDS, TEXT_NAMES, Kind
from evaluator.rules.lifecycle import InitiativeState, RoundState
from evaluator.rules.roles import Role
from evaluator.rules.rubric import Rubric
from evaluator.rules.vietnamese import fold, name_key, sort_key
from evaluator.units.models import Unit

PASSWORD = "đo tốc độ mỗi ngày"  # noqa: S105 - of people who are made up and thrown away
NOW = datetime(2026, 5, 4, 2, 0, tzinfo=UTC)
DAY = timedelta(days=1)
CODE = "2026-lon"
UNITS, REVIEWS, PER_REVIEWER = 300, 3, 60
CHUNK = 2_000


def fill(dossiers: int, *, seed: int = 1) -> dict[str, str]:
    """Fill the database and return the addresses of the accounts to sign in with, by role."""
    chance = random.Random(seed)
    rubric_key = next(iter(presets.rubrics()))
    rubric = rubric_document.from_document(presets.rubric(rubric_key))
    reviewers = max(10, dossiers * REVIEWS // PER_REVIEWER)
    reviewers += reviewers % 3 == 0  # else somebody would have signed all sheets and somebody none

    bulk(Unit, units())
    bulk(Account, accounts(chance, reviewers))
    bulk(RoleGrant, grants(reviewers))
    bulk(Round, [the_round(rubric_key, takes=dossiers == 0)])
    bulk(Initiative, initiatives(chance, dossiers))
    bulk(Author, authors(chance, dossiers))
    bulk(Assignment, _assignments(dossiers, reviewers))
    bulk(ConflictStatement, ({"account_id": 10 + n, "round_id": 1, "signed_at": NOW - DAY} for n in range(reviewers)))
    bulk(ScoreSheet, _sheets(chance, rubric, dossiers))
    with db.engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            for table in ("unit", "account", "round", "initiative", "author", "assignment", "score_sheet"):
                connection.execute(
                    text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM \"{table}\"))")
                )
    with transaction():
        indexing.rebuild()
    with transaction():
        if dossiers:
            results.rank(db.session.get_one(Round, 1), by=OPERATOR, now=NOW)
    with db.engine.begin() as connection:
        connection.execute(text("ANALYZE"))
    return {"reviewer": "reviewer.0@example.org", "secretary": "secretary@example.org", "admin": "admin@example.org"}


def bulk(model: type[Any], rows: Iterator[dict[str, Any]] | list[dict[str, Any]]) -> None:
    """Insert rows in chunks, each in a transaction of its own."""
    pending = iter(rows)
    while chunk := list(islice(pending, CHUNK)):
        with db.engine.begin() as connection:
            connection.execute(insert(model), chunk)


def units() -> Iterator[dict[str, Any]]:
    """Yield the province and its communes."""
    yield {
        "id": 1,
        "code": "TINH",
        "name": "Ủy ban MTTQ Việt Nam tỉnh",
        "level": 1,
        "search": "tinh",
        "sort_key": "t",
        "version": 1,
    }
    for number in range(2, UNITS + 1):
        name = f"Ủy ban MTTQ Việt Nam xã {words.WORDS[number % len(words.WORDS)].capitalize()} {number}"
        yield {
            "id": number,
            "code": f"X{number:04}",
            "name": name,
            "level": 2,
            "parent_id": 1,
            "search": fold(name),
            "sort_key": sort_key(name),
            "version": 1,
        }


def accounts(chance: random.Random, reviewers: int) -> Iterator[dict[str, Any]]:
    sealed = passwords.seal(PASSWORD)
    people = [(1, "secretary@example.org"), (2, "admin@example.org"), (3, "author@example.org")]
    people += [(10 + number, f"reviewer.{number}@example.org") for number in range(reviewers)]
    for number, email in people:
        name = words.name(chance)
        yield {
            "id": number,
            "code": f"A{number:07}",
            "email": email,
            "name": name,
            "unit_id": 1,
            "password_hash": sealed,
            "session_key": f"key-of-{number}",
            "search": fold(f"{name} {email}"),
            "sort_key": name_key(name),
            "created_at": NOW - 100 * DAY,
            "version": 1,
        }


def grants(reviewers: int) -> Iterator[dict[str, Any]]:
    for number, role in ((1, Role.SECRETARY), (2, Role.ADMIN), (3, Role.AUTHOR)):
        yield {"account_id": number, "role": role}
    for number in range(reviewers):
        yield {"account_id": 10 + number, "role": Role.REVIEWER}


def the_round(rubric_key: str, *, takes: bool) -> dict[str, Any]:
    """Return the round: in review for the next fifty years, or, without dossiers, open to submissions as long."""
    later = 20_000 * DAY  # the commands and the server go by the machine's own clock
    values: dict[str, Any] = {
        "id": 1,
        "code": CODE,
        "title": "Đợt xét sáng kiến toàn tỉnh năm 2026",
        "description": "",
        "unit_id": 1,
        "council_name": "Hội đồng sáng kiến tỉnh",
        "state": RoundState.OPEN,
        "submission_opens_at": NOW - 60 * DAY,
        "submission_closes_at": NOW + later - 30 * DAY if takes else NOW - 30 * DAY,
        "checking_closes_at": NOW + later - 10 * DAY if takes else NOW - 10 * DAY,
        "review_closes_at": NOW + later,
        "council_at": NOW + later + DAY,
        "publication_at": NOW + later + 10 * DAY,
        "reviews_per_initiative": REVIEWS,
        "rubric": presets.rubric(rubric_key),
        "vote_rule": presets.vote_rule(next(iter(presets.vote_rules()))),
        "dossier_form": {"form": "circular-18", "version": 1},
        "fields": list(FIELDS),
        "legal_grounds": [],
        "unit_name": "Ủy ban MTTQ Việt Nam tỉnh",
        "opened_at": NOW - 61 * DAY,
        "version": 1,
    }
    return {**values, "digest": digest(Round(**values))}


def initiatives(chance: random.Random, dossiers: int) -> Iterator[dict[str, Any]]:
    for number in range(1, dossiers + 1):
        title = words.sentence(chance, 9).capitalize()
        field = FIELDS[number % len(FIELDS)]
        unit = 2 + number % (UNITS - 1)
        unit_name = f"Ủy ban MTTQ Việt Nam xã {words.WORDS[unit % len(words.WORDS)].capitalize()} {unit}"
        author = words.name(chance)
        texts = {name: words.sentence(chance, 60) for name in TEXT_NAMES if name != "confidential"}
        yield {
            "id": number,
            "code": f"DKST-2026-{number:05}",
            "round_id": 1,
            "state": InitiativeState.IN_REVIEW,
            "kind": Kind.INITIATIVE,
            "title": title,
            "field": field,
            "unit_id": unit,
            "unit_name": unit_name,
            "author_name": author,
            "title_key": sort_key(title),
            "unit_key": sort_key(unit_name),
            "field_key": sort_key(field),
            "author_key": name_key(author),
            "owner_id": 3 if number == 1 else None,
            "source": Source.SPREADSHEET,
            "receipt_number": number,
            "blind_code": f"B{number:07}",
            "created_at": NOW - 50 * DAY,
            "updated_at": NOW - 40 * DAY,
            "submitted_at": NOW - 40 * DAY + number * timedelta(seconds=1),
            "checked_at": NOW - 20 * DAY,
            "content_hash": f"{number:064x}",
            "applied_on": (NOW - 400 * DAY).date(),
            "money_benefit": chance.randrange(10, 900) * 1_000_000,
            "is_indexed": True,
            "version": 1,
            **texts,
            "blind_title": title,
            "blind_copy": {name: texts.get(name, "") for name in COPIED},
        }


def authors(chance: random.Random, dossiers: int) -> Iterator[dict[str, Any]]:
    for number in range(1, dossiers + 1):
        shares = [10_000] if number % 3 else [6_000, 4_000]
        for position, share in enumerate(shares, 1):
            yield {
                "initiative_id": number,
                "position": position,
                "name": words.name(chance),
                "unit_id": 2 + number % (UNITS - 1),
                "workplace": f"Xã {number % UNITS}",
                "share": share,
            }


def _assignments(dossiers: int, reviewers: int) -> Iterator[dict[str, Any]]:
    for number in range(dossiers * REVIEWS):
        yield {
            "id": number + 1,
            "round_id": 1,
            "initiative_id": 1 + number // REVIEWS,
            "reviewer_id": 10 + number % reviewers,
            "affinity": 5_000,
            "announced_at": NOW - 9 * DAY,
        }


def _sheets(chance: random.Random, rubric: Rubric, dossiers: int) -> Iterator[dict[str, Any]]:
    """Yield a signed sheet for two assignments of three."""
    for number in range(dossiers * REVIEWS):
        if number % 3 != 2:
            yield {
                "assignment_id": number + 1,
                "points": _points(chance, rubric),
                "remark": words.sentence(chance, 12),
                "saved_at": NOW - 2 * DAY,
                "signed_at": NOW - 2 * DAY,
                "version": 1,
            }


def _points(chance: random.Random, rubric: Rubric) -> dict[str, Any]:
    """Return a sheet on which everything is marked: whole points between half and all of each criterion."""
    points: dict[str, Any] = {}
    for criterion in rubric.criteria:
        if criterion.kind == "choice":
            points[criterion.key] = chance.choice(criterion.options).key  # type: ignore[union-attr]  # only choices
        elif criterion.scores:
            most = criterion.most if criterion.most is not None else 1_000
            points[criterion.key] = chance.randrange(most // 200, most // 100 + 1) * 100
    return points
