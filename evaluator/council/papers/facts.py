"""The papers of a result as frozen values, in Vietnamese: papers are Vietnamese by law."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlalchemy import func, select

from evaluator.core.db import db
from evaluator.council.models import Council, CouncilRole, Decision, Session
from evaluator.council.papers.queries import SELECTED, ready
from evaluator.council.papers.works import Decided, selected_works
from evaluator.council.records.facts import letterhead_of, told
from evaluator.council.register import queries as register
from evaluator.council.register.models import RegisteredPaper
from evaluator.council.register.queries import Key
from evaluator.initiatives.models import Initiative
from evaluator.papers.certificate import CertificateFacts
from evaluator.papers.decision import DecisionFacts
from evaluator.papers.kinds import ABBREVIATIONS, PaperKind
from evaluator.papers.layout import NUMBER_TO_COME
from evaluator.papers.letterhead import symbol_of
from evaluator.papers.paper import Letterhead
from evaluator.papers.references import DAY_TO_COME, Reference
from evaluator.papers.result_notice import NoticeFacts
from evaluator.papers.submission import Season, SubmissionFacts
from evaluator.papers.works import Work
from evaluator.reviews.models import ScoreResult
from evaluator.reviews.remarking.service import ask_until
from evaluator.rounds.models import Round
from evaluator.rules.audience import Audience, Facet, Since
from evaluator.rules.calendar import day_of
from evaluator.rules.lifecycle import InitiativeState as State
from evaluator.rules.vietnamese import long_date
from evaluator.rules.vote_rule import VoteRule

BOARD = "Ban Thường trực"
OF_COUNCIL = ("TM. Hội đồng", "Chủ tịch")
OF_BOARD = (f"TM. {BOARD}", "Chủ tịch")
DECISION, SUBMISSION = "Quyết định", "Tờ trình"
ACCEPTED = (State.ACCEPTED, State.IN_REVIEW, State.REVIEWED, State.NOT_SELECTED, *SELECTED)

Register = Mapping[Key, RegisteredPaper]


def submission_of(council: Council) -> SubmissionFacts:
    """Return everything in the submission letter."""
    sessions, known = ready(council), register.all_of(council)
    works = _works(selected_works(council))
    entry = known.get(Key(PaperKind.SUBMISSION))
    return SubmissionFacts(
        letterhead=letterhead_of(council),
        to=_authority(council.round),
        round_title=council.round.title,
        council=council.title,
        grounds=_grounds(council, known, sessions),
        sessions=tuple(day_of(each.opened_at) for each in sessions),
        season=_season(council, works),
        rule=told(VoteRule.from_document(council.round.vote_rule).words()),
        works=works,
        self_reference=_reference(SUBMISSION, entry),
        capacity=_capacity(entry, OF_COUNCIL),
        signer=_signer(entry, _chair(council)),
    )


def decision_of(council: Council) -> DecisionFacts:
    """Return everything in the decision of recognition."""
    sessions, known = ready(council), register.all_of(council)
    entry = known.get(Key(PaperKind.DECISION))
    return DecisionFacts(
        letterhead=_board(council),
        authority=_authority(council.round),
        round_title=council.round.title,
        council=council.title,
        grounds=_grounds(council, known, sessions),
        submission=_reference(SUBMISSION, known.get(Key(PaperKind.SUBMISSION))),
        works=_works(selected_works(council)),
        self_reference=_reference(DECISION, entry),
        capacity=_capacity(entry, OF_BOARD),
        signer=_signer(entry, ""),
    )


def notices_of(council: Council, decided: Sequence[Decided], *, first: int) -> list[NoticeFacts]:
    """Return notices; ``first`` is the place of the first one among all, from 0: numbers follow each other."""
    known = register.all_of(council)
    entry = known.get(Key(PaperKind.NOTICE))
    open_facets = facets_for_authors(council.round)
    decision = _reference(DECISION, known.get(Key(PaperKind.DECISION)))
    until = f"ngày {day_of(ask_until(council.round)):%d/%m/%Y}" if council.round.remarking_days else ""
    return [
        NoticeFacts(
            letterhead=letterhead_of(council),
            round_title=council.round.title,
            council=council.title,
            work=_as_told(each.work, open_facets),
            is_selected=each.is_selected,
            decision=decision,
            asks_until=until,
            self_reference=_nth("Thông báo", entry, first + place),
            capacity=_capacity(entry, OF_COUNCIL),
            signer=_signer(entry, _chair(council)),
        )
        for place, each in enumerate(decided)
    ]


def certificates_of(
    council: Council, decided: Sequence[Decided], codes: Mapping[int, str], *, first: int, base_url: str
) -> tuple[CertificateFacts, ...]:
    """Return certificates of selected works that have their check code; ``first`` as for notices."""
    known = register.all_of(council)
    entry = known.get(Key(PaperKind.CERTIFICATE))
    letterhead = letterhead_of(council)
    decision = _reference(DECISION, known.get(Key(PaperKind.DECISION)))
    awaited = f"{NUMBER_TO_COME}/{ABBREVIATIONS[PaperKind.CERTIFICATE]}-{letterhead.symbol}"
    day = long_date(entry.dated) if entry is not None and entry.dated else DAY_TO_COME
    return tuple(
        CertificateFacts(
            parent=letterhead.parent,
            issuer=letterhead.issuer,
            round_title=council.round.title,
            number=_nth("", entry, first + place).number or awaited,
            place_and_date=f"{letterhead.place or '............'}, {day}",
            work=each.work,
            decision=decision.cited,
            capacity=_capacity(entry, OF_COUNCIL),
            signer=_signer(entry, _chair(council)),
            check_code=codes[each.id],
            check_url=f"{base_url}/certificates/{codes[each.id]}",
        )
        for place, each in enumerate(decided)
        if each.id in codes
    )


def facets_for_authors(a_round: Round) -> frozenset[Facet]:
    """Return what a notice may tell its authors: what is open to them from the release on."""
    return frozenset(
        facet
        for facet, opening in a_round.openness.openings.items()
        if opening.audience.holds(Audience.AUTHORS) and opening.since is Since.RELEASE
    )


def nth_number(number: str, place: int) -> str:
    """Return the number of the paper at a place in a batch whose first one has ``number`` (125/TB-HĐSK)."""
    first, _, symbol = number.partition("/")
    return f"{int(first) + place:0{len(first)}d}/{symbol}"


def _as_told(work: Work, facets: frozenset[Facet]) -> Work:
    """Leave out what authors may not know."""
    if Facet.POINTS not in facets:
        work = replace(work, points="", votes="", grade="")
    if Facet.RANK not in facets:
        work = replace(work, rank="")
    return work if Facet.REASONS in facets else replace(work, reasons=())


def _nth(kind: str, entry: RegisteredPaper | None, place: int) -> Reference:
    if entry is None or not entry.number:
        return Reference(kind, dated=entry.dated if entry is not None else None)
    return Reference(kind, nth_number(entry.number, place), entry.dated)


def _reference(kind: str, entry: RegisteredPaper | None) -> Reference:
    return Reference(kind, entry.number, entry.dated) if entry is not None else Reference(kind)


def _capacity(entry: RegisteredPaper | None, usual: tuple[str, ...]) -> tuple[str, ...]:
    if entry is None:
        return usual
    return (entry.signed_for or usual[0], entry.signer_office or usual[1])


def _signer(entry: RegisteredPaper | None, usual: str) -> str:
    return (entry.signer if entry is not None else "") or usual


def _chair(council: Council) -> str:
    return next((member.name for member in council.members if member.role is CouncilRole.CHAIR), "")


def _authority(a_round: Round) -> str:
    return f"{BOARD} {a_round.unit_name}"


def _board(council: Council) -> Letterhead:
    """Return the letterhead of who decides: the standing board, with the symbol of the decision that set up the council."""
    return replace(letterhead_of(council), issuer=BOARD, symbol=symbol_of(council.decision_number))


def _works(decided: Sequence[Decided]) -> tuple[Work, ...]:
    return tuple(each.work for each in decided)


def _grounds(council: Council, known: Register, sessions: Sequence[Session]) -> tuple[str, ...]:
    """Return the grounds of the round, the decision on the council and the minutes of its sessions."""
    founded = (
        f"Căn cứ Quyết định số {council.decision_number} {long_date(council.decision_date)} về việc thành lập Hội đồng"
    )
    minutes = (
        Reference("Biên bản họp", entry.number, entry.dated).cited
        if (entry := known.get(Key(PaperKind.MINUTES, str(each.number)))) is not None and entry.number
        else Reference("Biên bản họp", dated=day_of(each.closed_at or each.opened_at)).cited
        for each in sessions
    )
    return (*council.round.legal_grounds, founded, f"Căn cứ {'; '.join(minutes)} của Hội đồng")


def _season(council: Council, works: tuple[Work, ...]) -> Season:
    of_round = Initiative.round_id == council.round_id
    submitted, accepted = db.session.execute(
        select(func.count(Initiative.submitted_at), func.count().filter(Initiative.state.in_(ACCEPTED))).where(of_round)
    ).one()
    scored = select(func.count()).where(ScoreResult.round_id == council.round_id, ScoreResult.score != "")
    voted = select(func.count()).where(Decision.round_id == council.round_id, Decision.poll_item_id.is_not(None))
    return Season(
        submitted=submitted,
        accepted=accepted,
        reviewed=db.session.scalar(scored) or 0,
        voted=db.session.scalar(voted) or 0,
        selected=len(works),
    )
