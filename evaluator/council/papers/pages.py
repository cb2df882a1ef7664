"""What the pages of the papers of a result show, gathered from the queries."""

from dataclasses import dataclass
from typing import Any

from flask import url_for

from evaluator.core.errors import Conflict, NotFound
from evaluator.core.text import N_, Sentence
from evaluator.council import queries as councils
from evaluator.council import told
from evaluator.council.papers import checking, making, queries, works
from evaluator.council.papers.examples import example
from evaluator.council.records.queries import paper_polls
from evaluator.council.register import queries as register
from evaluator.council.register.models import RegisteredPaper
from evaluator.council.register.queries import Key
from evaluator.papers.kinds import PaperKind
from evaluator.work import queries as long_work

__all__ = ["example"]

KIND_NAMES = {
    PaperKind.ROLL: N_("Roll of attendance"),
    PaperKind.COUNT: N_("Record of the count"),
    PaperKind.MINUTES: N_("Minutes"),
    PaperKind.SUBMISSION: N_("Submission letter"),
    PaperKind.DECISION: N_("Decision of recognition"),
    PaperKind.NOTICE: N_("Notice of result"),
    PaperKind.CERTIFICATE: N_("Certificate"),
}
FILES = {
    PaperKind.SUBMISSION: "to-trinh",
    PaperKind.DECISION: "quyet-dinh",
    PaperKind.NOTICE: "thong-bao",
    PaperKind.CERTIFICATE: "giay-chung-nhan",
}
SHOWN_WORKS = 25


@dataclass(frozen=True, slots=True)
class Line:
    """One paper of the set as the page lists it."""

    kind: PaperKind
    about: str
    number: str
    dated: Any
    is_signed: bool
    links: tuple[tuple[str, str], ...]  # format, address
    own_form: bool


def names() -> dict[str, Any]:
    """Return the words of the kinds that the templates use."""
    return {"kind_names": KIND_NAMES, "name_of": name_of}


def name_of(key: Any) -> Sentence:
    """Return what a paper of the set is called."""
    if not key.about:
        return Sentence(KIND_NAMES[key.kind])
    if "/" in key.about:
        number, which = key.about.split("/")
        return Sentence(
            N_("Record of the count, vote %(which)s of session %(number)s"), {"which": which, "number": number}
        )
    words = N_("Minutes of session %(number)s") if key.kind is PaperKind.MINUTES else N_("Roll of session %(number)s")
    return Sentence(words, {"number": key.about})


def file_name(kind: PaperKind, code: str) -> str:
    """Return what the file of a paper is called, without its ending."""
    return f"{FILES[kind]}-{code}"


def the_set(council: Any) -> dict[str, Any]:
    """Return what the page of the set shows."""
    sessions = list(reversed(councils.sessions_of(council)))
    problem = _not_ready(council)
    selected = [] if problem else works.selected_works(council, most=SHOWN_WORKS)
    return {
        "council": council,
        "problem": problem,
        "session_papers": [line for held in sessions for line in _of_session(council, held)],
        "result_papers": [] if problem else _of_result(council),
        "works": selected,
        "selected": councils.tally_of(council.round).selected,
        "decided": 0 if problem else queries.count_decided(council),
        "codes": queries.check_codes(council),
        "to_issue": 0 if problem else len(queries.without_certificate(council)),
        "entries": register.all_of(council),
        "batches": {kind: found for (kind, _), found in queries.batches_of(council).items()},
        "own_forms": queries.forms_of(council.round.unit_id),
        "compared": compared(council),
    }


def _not_ready(council: Any) -> Sentence | None:
    try:
        queries.ready(council)
    except Conflict as error:
        return error.sentence
    return None


def _of_session(council: Any, held: Any) -> list[Line]:
    here = {"code": council.code, "number": held.number}
    own = queries.forms_of(council.round.unit_id)
    lines = [_line(council, PaperKind.ROLL, str(held.number), _links("records.attendance", here))]
    if held.state == "closed":
        has_own = PaperKind.MINUTES in own
        links = (("docx", url_for("papers.minutes", **here)),) if has_own else _links("records.session_minutes", here)
        lines.append(_line(council, PaperKind.MINUTES, str(held.number), links, own_form=has_own))
        lines += [
            _line(
                council,
                PaperKind.COUNT,
                f"{held.number}/{poll.number}",
                _links("records.count", here | {"which": poll.number}),
            )
            for poll in paper_polls(held)
        ]
    return lines


def _of_result(council: Any) -> list[Line]:
    own = queries.forms_of(council.round.unit_id)
    return [
        _line(
            council,
            kind,
            "",
            tuple(
                (form, url_for("papers.paper", code=council.code, kind=str(kind), form=form))
                for form in ("docx", "pdf")
                if form == "docx" or kind not in own
            ),
            own_form=kind in own,
        )
        for kind in (PaperKind.SUBMISSION, PaperKind.DECISION)
    ]


def _line(council: Any, kind: PaperKind, about: str, links: Any, *, own_form: bool = False) -> Line:
    entry = register.maybe(council, Key(kind, about))
    return Line(
        kind=kind,
        about=about,
        number=entry.number if entry else "",
        dated=entry.dated if entry else None,
        is_signed=bool(entry and entry.scan_stored_as),
        links=links,
        own_form=own_form,
    )


def _links(endpoint: str, values: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple((form, url_for(endpoint, kind=form, **values)) for form in ("docx", "pdf"))


def check_about(council: Any, key: Key) -> None:
    """Refuse a paper that the council does not have.

    Raises:
        NotFound: there is no such session or vote.
    """
    session, _, poll = key.about.partition("/")
    if key.kind in {PaperKind.ROLL, PaperKind.MINUTES, PaperKind.COUNT}:
        held = next((each for each in councils.sessions_of(council) if str(each.number) == session), None)
        polls = {str(each.number) for each in paper_polls(held)} if held is not None else set()
        if held is None or (poll not in polls if key.kind is PaperKind.COUNT else poll):
            raise NotFound
    elif key.about:
        raise NotFound


def compared(council: Any) -> dict[str, Any]:
    """Return what the last comparison of the set found; nothing before the first."""
    last = long_work.maybe_latest(checking.CHECKING, council.code)
    if last is None or not last.result:
        return {"last": last, "found": [], "read": 0, "differing": 0}
    found = [(name, told.from_document([what])[0]) for name, what in last.result["deviations"]]
    return {"last": last, "found": found, "read": last.result["papers"], "differing": last.result["differing"]}


def some_facts(council: Any, kind: PaperKind, *, base_url: str) -> Any:
    """Return real facts to look at a form with: of the first paper of its kind.

    Raises:
        NotFound: there is no paper of this kind yet.
    """
    if kind in {PaperKind.SUBMISSION, PaperKind.DECISION}:
        return making.facts_of(council, kind)
    queries.ready(council)
    if kind is PaperKind.MINUTES:
        return making.minutes_of(council)[0][1]
    if kind is PaperKind.NOTICE:
        return making.notice_of(council, queries.ids_decided(council)[0])
    found = making.certificates(council, base_url=base_url)
    if not found:
        raise NotFound
    return found[0][1]


def media_type(paper: RegisteredPaper) -> str:
    """Return the media type of a scan by its name."""
    return {"pdf": "application/pdf", "png": "image/png"}.get(paper.scan_name.rpartition(".")[2].lower(), "image/jpeg")


def scan_name(paper: RegisteredPaper) -> str:
    """Return the name under which a scan is handed out: its number, in letters every system knows."""
    ending = paper.scan_name.rpartition(".")[2].lower()
    return f"ban-ky-{paper.kind}-{paper.number.partition('/')[0]}.{ending if ending in {'pdf', 'png'} else 'jpg'}"
