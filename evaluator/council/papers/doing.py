"""Long work: all notices or all certificates of a result, lot by lot."""

from collections.abc import Iterator
from typing import Any

from flask import current_app

from evaluator.core.clock import Clock
from evaluator.core.db import db, transaction
from evaluator.core.files import Store
from evaluator.core.text import N_
from evaluator.council import queries as councils
from evaluator.council.papers import facts, making, queries, service, works
from evaluator.papers.certificate import certificates_pdf
from evaluator.papers.kinds import PaperKind
from evaluator.papers.package import packed
from evaluator.papers.pdf import pdfs
from evaluator.papers.result_notice import result_notice
from evaluator.policy import Actor
from evaluator.work.service import Progress

NOTICES_AT_ONCE = 100  # set in one go by one child: a lot is a file to print
NOTICES = N_("Notices are being set.")
CERTIFICATES = N_("Certificates are being set.")


def build(params: dict[str, Any], *, by: Actor, clock: Clock, progress: Progress) -> dict[str, Any]:
    """Build a batch and keep it."""
    kind, code = PaperKind(params["kind"]), params["council"]
    config = current_app.config["EVALUATOR"]
    if kind is PaperKind.CERTIFICATE:
        progress(0, 1, CERTIFICATES)
        council = councils.get(code, actor=by)
        found = [fact for _, fact in making.certificates(council, base_url=config.base_url)]
        content, count = certificates_pdf(tuple(found)), len(found)
    else:
        parts = list(_notices(code, by, progress))
        content, count = packed((name, data) for name, data, _ in parts), sum(number for *_, number in parts)
    with transaction():
        service.keep_batch(
            councils.get(code, actor=by), kind, content, count=count, store=Store(config.files_dir), by=by,
            now=clock.now(),
        )  # fmt: skip
    return {"url": f"/council/{code}/papers", "count": count}


def _notices(code: str, by: Actor, progress: Progress) -> Iterator[tuple[str, bytes, int]]:
    """Yield files of notices to print, each with its name and how many it holds; every lot is read anew."""
    ids = queries.ids_decided(councils.get(code, actor=by))
    for start in range(0, len(ids), NOTICES_AT_ONCE):
        progress(start, len(ids), NOTICES)
        lot = ids[start : start + NOTICES_AT_ONCE]
        council = councils.get(code, actor=by)
        found = facts.notices_of(council, works.works_of(council, lot), first=start)
        name = f"thong-bao-{start + 1:05}-{start + len(found):05}.pdf"
        yield name, pdfs([result_notice(each) for each in found]), len(found)
        db.session.expunge_all()  # a large round does not stay in memory
