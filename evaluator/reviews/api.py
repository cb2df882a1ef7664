"""Score sheets for programs, first of all for the page's own autosave."""

from typing import Any

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue
from marshmallow import ValidationError

from evaluator.core.db import transaction
from evaluator.core.errors import Invalid
from evaluator.reviews import queries
from evaluator.reviews import service as reviews
from evaluator.reviews.schemas import ScoreSheetDocument
from evaluator.rules.amounts import points_text
from evaluator.web.request import me, now

bp = Blueprint("reviews_api", __name__, url_prefix="/api/v1/score-sheets")

SCHEMA = ScoreSheetDocument()


@bp.get("/<code:code>")
def show(code: str) -> ResponseReturnValue:
    """Return the reader's own sheet on the dossier of a blind code."""
    return _answer(queries.standing(queries.desk(code, actor=me()), actor=me()))


@bp.put("/<code:code>")
def keep(code: str) -> ResponseReturnValue:
    """Keep a draft; 409 when the sheet was changed elsewhere, is signed, or marking has closed."""
    try:
        document = SCHEMA.load(request.get_json(silent=True) or {})
    except ValidationError as error:
        raise Invalid(fields={name: [str(text) for text in _flat(texts)] for name, texts in _named(error)}) from error
    with transaction():
        place = reviews.fill_in(
            queries.desk(code, actor=me()),
            document["points"],
            remark=document["remark"],
            read_version=document["version"],
            by=me(),
            now=now(),
        )
        kept = queries.standing(place, actor=me())
    return _answer(kept)


def _answer(kept: queries.SheetStanding) -> Response:
    """Return where a sheet stands, with its version as the entity tag."""
    total = points_text(kept.so_far.total)
    response = jsonify(
        SCHEMA.dump(
            {
                "version": kept.version,
                "points": kept.points,
                "remark": kept.remark,
                "saved_at": kept.saved_at,
                "signed_at": kept.signed_at,
                "total": total,
                "missing": [key for key, _label in kept.so_far.missing],
                "floors_met": kept.so_far.floors_met,
                "floors_missed": list(kept.so_far.floors_missed),
            }
        )
    )
    response.set_etag(str(kept.version))
    return response


def _named(error: ValidationError) -> list[tuple[str, Any]]:
    messages = error.messages
    return list(messages.items()) if isinstance(messages, dict) else [("document", messages)]


def _flat(texts: Any) -> list[Any]:
    """Return the messages of nested fields in one list."""
    if isinstance(texts, dict):
        return [text for each in texts.values() for text in _flat(each)]
    return [text for each in texts for text in _flat(each)] if isinstance(texts, list) else [texts]
