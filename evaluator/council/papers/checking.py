"""The whole set of a result compared: every paper is made as it is handed out, and read back."""

from collections.abc import Iterator
from typing import Any

from flask import current_app
from sqlalchemy import select

from evaluator.core.clock import Clock
from evaluator.core.db import db
from evaluator.core.files import Store
from evaluator.core.text import N_
from evaluator.council import queries as councils
from evaluator.council import told
from evaluator.council.models import Council, Decision
from evaluator.council.papers import facts, making, queries, works
from evaluator.council.papers.works import Decided
from evaluator.council.records import facts as records
from evaluator.council.records.queries import paper_polls, records_of
from evaluator.council.register import queries as register
from evaluator.initiatives.models import Initiative
from evaluator.papers.consistency import CITED, Wanted, deviations
from evaluator.papers.count import count_record
from evaluator.papers.docx import docx
from evaluator.papers.kinds import PaperKind
from evaluator.papers.works import Work
from evaluator.policy import SYSTEM, Action, Actor, require
from evaluator.work.service import Progress

CHECKING = "check-papers"
COMPARED = N_("The papers are being compared.")
MOST_NOTICES = 500  # of each kind; the others come from the same mould
MOST_SHOWN = 200


def check(params: dict[str, Any], *, by: Actor, clock: Clock, progress: Progress) -> dict[str, Any]:
    """Compare the set; the result holds what differs, in sentences, and how many papers were read."""
    del clock
    council = councils.get(params["council"], actor=by)
    require(by, Action.PAPERS_KEEP, council)
    config = current_app.config["EVALUATOR"]
    found, read = [], 0
    for wanted in the_set(council, store=Store(config.files_dir), base_url=config.base_url):
        found += deviations(wanted)
        read += 1
        if read % 10 == 0:
            progress(read, 0, COMPARED)
    return {
        "url": f"/council/{council.code}/papers/consistency",
        "papers": read,
        "differing": len(found),
        "deviations": [[each.paper, told.as_document([each.what])[0]] for each in found[:MOST_SHOWN]],
    }


def the_set(council: Council, *, store: Store, base_url: str) -> Iterator[Wanted]:
    """Yield every paper of a result with what it has to say."""
    queries.ready(council)
    selected = works.selected_works(council)
    listed = tuple(each.work for each in selected)
    refused = tuple(_titles_voted_down(council))
    cites = _citable(council)
    for kind, name in ((PaperKind.SUBMISSION, facts.SUBMISSION), (PaperKind.DECISION, facts.DECISION)):
        yield Wanted(
            name,
            making.made(council, kind, making.facts_of(council, kind), "docx", store=store),
            number=register.entry(council, kind).number,
            works=listed,
            parts=frozenset({"shares", "unit"}),
            absent=refused,
            cites=cites,
        )
    yield from _records(council, store, cites)
    yield from _certificates(council, selected, store, base_url, cites)
    yield from _notices(council, store, cites)


def _records(council: Council, store: Store, cites: frozenset[str]) -> Iterator[Wanted]:
    """Yield minutes and records of counts, each with the votes as they were counted."""
    for number, given in making.minutes_of(council):
        held = councils.session(council.code, number, actor=SYSTEM)
        voted = tuple(
            Work(each.item.initiative.code, each.item.initiative.title, (), "", votes=f"{line.yes}/{line.base}")
            for each in records_of(held)
            if each.vote is not None
            for line in (each.vote[0],)
        )
        yield Wanted(
            f"Biên bản họp, phiên {number}",
            making.made(council, PaperKind.MINUTES, given, "docx", store=store),
            number=given.number,
            works=voted,
            parts=frozenset({"votes"}),
            cites=cites,
        )
        for poll in paper_polls(held):
            entry = register.entry(council, PaperKind.COUNT, f"{number}/{poll.number}")
            counted = tuple(
                Work(line.item.initiative.code, line.item.initiative.title, (), "", votes=f"{line.yes}/{line.base}")
                for line in poll.lines
            )
            yield Wanted(
                f"Biên bản kiểm phiếu, lượt {poll.number}",
                docx(count_record(records.count_of(poll, entry))),
                number=entry.number,
                works=counted,
                parts=frozenset({"votes"}),
                cites=cites,
            )


def _certificates(
    council: Council, selected: list[Decided], store: Store, base_url: str, cites: frozenset[str]
) -> Iterator[Wanted]:
    of = {each.id: each.work for each in selected}
    for initiative_id, given in making.certificates(council, base_url=base_url):
        yield Wanted(
            f"Giấy chứng nhận {of[initiative_id].code}",
            making.made(council, PaperKind.CERTIFICATE, given, "docx", store=store),
            number="" if "chờ số" in given.number else given.number,
            works=(of[initiative_id],),
            parts=frozenset({"authors", "unit"}),
            cites=cites,
        )


def _notices(council: Council, store: Store, cites: frozenset[str]) -> Iterator[Wanted]:
    ids = queries.ids_decided(council)[:MOST_NOTICES]
    decided = works.works_of(council, ids)
    for each, given in zip(decided, facts.notices_of(council, decided, first=0), strict=True):
        yield Wanted(
            f"Thông báo {each.work.code}",
            making.made(council, PaperKind.NOTICE, given, "docx", store=store),
            number=given.self_reference.number,
            works=(each.work,),
            parts=frozenset({"authors", "unit"}),
            cites=cites,
        )


def _titles_voted_down(council: Council) -> list[str]:
    """Return the titles that were voted on and not selected, but for those that a selected work bears as well."""
    rows = db.session.execute(
        select(Initiative.title, Decision.is_selected)
        .join(Decision, Decision.initiative_id == Initiative.id)
        .where(Decision.round_id == council.round_id)
    ).all()
    selected = [title for title, is_selected in rows if is_selected]
    return [title for title, is_selected in rows if not is_selected and not any(title in each for each in selected)]


def _citable(council: Council) -> frozenset[str]:
    """Return the numbers papers may name: of the register, of the council's own decision, of the legal grounds."""
    known = register.all_of(council)
    numbers = {entry.number for entry in known.values() if entry.number}
    grounds = {found for ground in council.round.legal_grounds for found in CITED.findall(ground)}
    return frozenset(numbers | grounds | {council.decision_number})
