"""Makes one paper of the set as a file: by the office's own form where it has one, else by ours."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from evaluator.core.errors import NotFound
from evaluator.core.files import Store
from evaluator.council import queries as councils
from evaluator.council.models import Council
from evaluator.council.papers import facts, queries, works
from evaluator.council.records import facts as records
from evaluator.council.register import queries as register
from evaluator.papers import office_form, placeholders
from evaluator.papers.certificate import HEADING, CertificateFacts, certificates_docx, certificates_pdf
from evaluator.papers.decision import decision
from evaluator.papers.docx import docx
from evaluator.papers.kinds import PaperKind
from evaluator.papers.minutes import minutes
from evaluator.papers.pdf import pdf
from evaluator.papers.result_notice import result_notice
from evaluator.papers.submission import submission


@dataclass(frozen=True, slots=True)
class Recipe:
    """How the facts of a kind become a file of ours, and what they are to an office's own form."""

    docx: Callable[[Any], bytes]
    pdf: Callable[[Any], bytes]
    values: Callable[[Any], office_form.Context]
    title: str


RECIPES: Mapping[PaperKind, Recipe] = {
    PaperKind.SUBMISSION: Recipe(
        lambda given: docx(submission(given)), lambda given: pdf(submission(given)), placeholders.of_submission,
        "Tờ trình",
    ),
    PaperKind.DECISION: Recipe(
        lambda given: docx(decision(given)), lambda given: pdf(decision(given)), placeholders.of_decision,
        "Quyết định",
    ),
    PaperKind.NOTICE: Recipe(
        lambda given: docx(result_notice(given)), lambda given: pdf(result_notice(given)), placeholders.of_notice,
        "Thông báo",
    ),
    PaperKind.CERTIFICATE: Recipe(
        lambda given: certificates_docx((given,)), lambda given: certificates_pdf((given,)),
        placeholders.of_certificate, HEADING,
    ),
    PaperKind.MINUTES: Recipe(
        lambda given: docx(minutes(given)), lambda given: pdf(minutes(given)), placeholders.of_minutes,
        "Biên bản họp",
    ),
}  # fmt: skip


def made(council: Council, kind: PaperKind, given: Any, form: str, *, store: Store) -> bytes:
    """Return one paper as .docx or PDF. An office's own form is a .docx: its PDF is the office's business.

    Raises:
        NotFound: it is made in no such format.
    """
    recipe = RECIPES[kind]
    own = queries.form_for(council.round.unit_id, kind)
    if form == "pdf" and own is None:
        return recipe.pdf(given)
    if form != "docx":
        raise NotFound
    if own is None:
        return recipe.docx(given)
    return office_form.filled(store.get(own.stored_as), recipe.values(given), title=recipe.title, author=council.title)


def facts_of(council: Council, kind: PaperKind) -> Any:
    """Return the facts of a paper about the whole result.

    Raises:
        NotFound: papers of this kind are about one thing each.
        Conflict: nothing has been decided yet.
    """
    if kind is PaperKind.SUBMISSION:
        return facts.submission_of(council)
    if kind is PaperKind.DECISION:
        return facts.decision_of(council)
    raise NotFound


def notice_of(council: Council, initiative_id: int) -> Any:
    """Return the facts of the notice about one initiative.

    Raises:
        NotFound: nothing has been decided on it.
    """
    queries.ready(council)
    ids = queries.ids_decided(council)
    if initiative_id not in ids:
        raise NotFound
    return facts.notices_of(council, works.works_of(council, [initiative_id]), first=ids.index(initiative_id))[0]


def certificate_of(council: Council, initiative_id: int, *, base_url: str) -> CertificateFacts:
    """Return the facts of the certificate of one initiative.

    Raises:
        NotFound: none was issued.
    """
    found = [each for each in certificates(council, base_url=base_url) if each[0] == initiative_id]
    if not found:
        raise NotFound
    return found[0][1]


def certificates(council: Council, *, base_url: str) -> list[tuple[int, CertificateFacts]]:
    """Return every issued certificate with its initiative, in the order of the decision's list."""
    codes = queries.check_codes(council)
    decided = [each for each in works.selected_works(council) if each.id in codes]
    made = facts.certificates_of(council, decided, codes, first=0, base_url=base_url)
    return [(each.id, fact) for each, fact in zip(decided, made, strict=True)]


def minutes_of(council: Council) -> list[tuple[int, Any]]:
    """Return the facts of the minutes of every session, the first session first."""
    return [
        (held.number, records.minutes_of(held, register.entry(council, PaperKind.MINUTES, str(held.number))))
        for held in reversed(councils.sessions_of(council))
    ]
