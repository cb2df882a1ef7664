"""Long work: the book in every format, one after the other, each kept as soon as it is there."""

from typing import Any

from flask import current_app

from evaluator.compendium import document, queries, service
from evaluator.compendium.builders import BUILDERS
from evaluator.compendium.models import BuiltFile
from evaluator.core.clock import Clock
from evaluator.core.db import transaction
from evaluator.core.files import Store
from evaluator.core.text import N_
from evaluator.policy import Actor
from evaluator.work.service import Progress

BUILDING_ONE = N_("Building the book: %(format)s")


def build_all(params: dict[str, Any], *, by: Actor, clock: Clock, progress: Progress) -> dict[str, Any]:
    """Build every format of a book; should the book change meanwhile, its newest state is built once more."""
    code = params["code"]
    store = Store(current_app.config["EVALUATOR"].files_dir)
    built = ""
    while True:
        edition = queries.edition_of(queries.get(code, actor=by))
        if document.digest(edition) == built:
            return {"url": f"/editing/{code}"}
        built = document.digest(edition)
        for done, (name, builder) in enumerate(BUILDERS.items()):
            progress(done, len(BUILDERS), BUILDING_ONE, format=name.upper())
            content = builder.build(edition)
            key = store.put(content)
            with transaction():
                file = BuiltFile(format=name, stored_as=key, size=len(content), digest=built)
                service.keep_build(queries.get(code, actor=by), file, by=by, now=clock.now())
