"""Handing out built files, on the editors' pages and on the public ones."""

from flask import Response, current_app

from evaluator.compendium.builders import BUILDERS
from evaluator.core.files import Store


def download(code: str, name: str, key: str) -> Response:
    """Return a built file of a format to take away, under a name that says which book it is."""
    builder = BUILDERS[name]
    response = Response(Store(current_app.config["EVALUATOR"].files_dir).get(key), mimetype=builder.media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="compendium-{code}.{builder.extension}"'
    return response
