"""The minutes and the records of counts as frozen values, in Vietnamese: papers are Vietnamese by law."""

from collections.abc import Iterable
from datetime import datetime

from evaluator.core.text import Sentence
from evaluator.council import ledger, recusals
from evaluator.council.models import (
    Attendance,
    Council,
    CouncilRole,
    Item,
    ItemState,
    Member,
    Opinion,
    OpinionKind,
    Poll,
    PollItem,
    Session,
    Whereabouts,
)
from evaluator.council.polls.papers import PaperList, papers_of
from evaluator.council.queries import attendances_of, movements_of, room
from evaluator.council.records import incidents
from evaluator.council.records.queries import Record, closed, paper_polls, records_of, taken_back
from evaluator.council.register.queries import NO_ENTRY, Entry
from evaluator.papers.ballots import AGREEMENT, CHOICE, Ballot
from evaluator.papers.count import CountFacts, CountItem, Teller
from evaluator.papers.letterhead import council_symbol, place_of
from evaluator.papers.minutes import Attendee, MinuteItem, MinutesFacts
from evaluator.papers.paper import Letterhead
from evaluator.papers.roll import RollFacts, Seat
from evaluator.rules.calendar import day_of, local
from evaluator.rules.choosing import CAUSE_NAMES, Cause
from evaluator.rules.sealing import FLAW_NAMES, THE_LIST, Flaw
from evaluator.rules.vietnamese import count
from evaluator.rules.vote_rule import Method, Mode, VoteRule
from evaluator.rules.voting import Verdict
from evaluator.web.language import say_in

OFFICES = {
    CouncilRole.CHAIR: "Chủ tịch Hội đồng",
    CouncilRole.VICE: "Phó Chủ tịch Hội đồng",
    CouncilRole.SECRETARY: "Ủy viên thư ký",
    CouncilRole.CRITIC: "Ủy viên phản biện",
    CouncilRole.MEMBER: "Ủy viên",
}
VOTES = {
    Mode.OPEN: "Biểu quyết công khai",
    Mode.PAPER: "Bỏ phiếu kín",
    Mode.SEALED: "Bỏ phiếu kín bằng phiếu điện tử niêm phong",
}
AGENDA = (
    "Nghe báo cáo kết quả chấm điểm và xếp hạng các hồ sơ",
    "Thảo luận từng hồ sơ",
    "Biểu quyết và công bố kết quả",
)
ORDINALS = {1: "nhất", 2: "hai", 3: "ba", 4: "tư", 5: "năm"}
SEAL_LENGTH = 16
MARK_ONE = (
    "Đánh dấu X vào một ô trên mỗi dòng. Phiếu không do Ban kiểm phiếu phát ra, để trống, ghi thêm, ký tên hoặc "
    "tẩy xóa là phiếu không hợp lệ."
)
HEAD_TELLER, TELLER = "Trưởng ban", "Ủy viên"


def minutes_of(held: Session, entry: Entry = NO_ENTRY) -> MinutesFacts:
    """Return everything in the minutes of a closed session; ``entry`` is what the office's register says of them.

    Raises:
        Conflict: it still runs.
    """
    closed(held)
    council = held.council
    records = records_of(held)
    undone = taken_back(held)
    return MinutesFacts(
        letterhead=letterhead_of(held.council),
        council=council.title,
        session=_session_title(held),
        place=held.place,
        opened_at=held.opened_at,
        closed_at=_end_of(held),
        chair=_holder(held, CouncilRole.CHAIR, CouncilRole.VICE),
        secretary=_holder(held, CouncilRole.SECRETARY),
        attendees=tuple(
            Attendee(
                held.name_of(each.member),
                _office(held, each.member),
                present=each.whereabouts is not Whereabouts.ABSENT,
                reason=each.reason,
            )
            for each in attendances_of(held)
        ),
        quorum=_quorum(held),
        rule=_rule(VoteRule.from_document(council.round.vote_rule)),
        agenda=AGENDA,
        items=tuple(_minute_item(record, undone.get(record.item.number, ())) for record in records),
        conclusion=tuple(_conclusion(held, records)),
        grounds=tuple(council.round.legal_grounds),
        seal=_seal(held),
        movements=tuple(_movements(held)),
        number=entry.number,
        dated=entry.dated,
    )


def count_of(poll: Poll, entry: Entry = NO_ENTRY) -> CountFacts:
    """Return everything on the record of one counted paper ballot."""
    held = poll.session
    papers = papers_of(poll)
    tellers = [member for teller in held.tellers for member in held.everybody if member.id == teller]
    return CountFacts(
        letterhead=letterhead_of(held.council),
        council=held.council.title,
        session=_session_title(held),
        place=held.place,
        opened_at=poll.put_at,
        closed_at=poll.closed_at or _end_of(held),
        tellers=tuple(
            Teller(held.name_of(member), HEAD_TELLER if place == 0 else TELLER) for place, member in enumerate(tellers)
        ),
        members=poll.members,
        present=sum(each.whereabouts is Whereabouts.PRESENT for each in held.attendances),
        voting=len(poll.roll),
        issued=papers.issued,
        collected=papers.returned,
        valid=papers.valid,
        invalid=papers.invalid,
        items=tuple(_count_item(line) for line in poll.lines),
        rule=_rule(VoteRule.from_document(poll.rule)),
        causes=tuple(_causes(papers)),
        number=entry.number,
        dated=entry.dated,
    )


def roll_of(held: Session, entry: Entry = NO_ENTRY) -> RollFacts:
    """Return the roll of a session: with room to sign until it has been called, then as it was called."""
    is_called = bool(movements_of(held))
    return RollFacts(
        letterhead=letterhead_of(held.council),
        session=_session_title(held),
        place=held.place,
        held_on=entry.dated or day_of(held.opened_at),
        seats=tuple(_seat(held, each, is_called=is_called) for each in attendances_of(held)),
        secretary=_holder(held, CouncilRole.SECRETARY),
        chair=_holder(held, CouncilRole.CHAIR, CouncilRole.VICE),
        number=entry.number,
    )


def ballots_of(poll: Poll, *, one_each: bool) -> tuple[Ballot, ...]:
    """Return the ballot of a vote on paper: one list, or one paper for each item."""
    rule = VoteRule.from_document(poll.rule)
    picks = rule.method is Method.CHOOSE
    held = poll.session
    ballot = Ballot(
        parent=held.council.round.unit_name,
        issuer=held.council.title,
        kind="Phiếu bầu" if picks else "Phiếu biểu quyết",
        session=_session_title(held),
        guidance=_picking(rule, len(poll.lines)) if picks else MARK_ONE,
        works=tuple(line.item.title for line in sorted(poll.lines, key=lambda line: line.item.number)),
        boxes=CHOICE if picks else AGREEMENT,
    )
    return ballot.each() if one_each and not picks else (ballot,)


def _picking(rule: VoteRule, works: int) -> str:
    k = min(rule.k or works, works)
    how_many = "đúng" if rule.exactly else "không quá"
    return (
        f"Đánh dấu X vào ô chọn của {how_many} {count(k)} sáng kiến. Phiếu chọn quá số quy định, ghi thêm tên, "
        "ký tên hoặc tẩy xóa là phiếu không hợp lệ."
    )


def counts_of(held: Session) -> list[CountFacts]:
    """Return the records of all counted paper ballots of a session."""
    return [count_of(poll) for poll in paper_polls(held)]


def letterhead_of(council: Council) -> Letterhead:
    """Return the letterhead of a council's papers: its unit above, the council itself below."""
    unit = council.round.unit_name
    return Letterhead(unit, council.title, council_symbol(council.decision_number), place_of(unit))


def _seat(held: Session, attendance: Attendance, *, is_called: bool) -> Seat:
    member = attendance.member
    return Seat(
        held.name_of(member),
        member.job_title,
        OFFICES[held.role_of(member)],
        is_present=attendance.whereabouts is not Whereabouts.ABSENT if is_called else None,
        note=attendance.reason,
    )


def _movements(held: Session) -> Iterable[str]:
    """Yield who came after the roll was called, left, or came back."""
    known: dict[int, Whereabouts] = {}
    moves = movements_of(held)
    first_call = moves[0].at if moves else held.opened_at
    for each in moves:
        if each.at != first_call and known.get(each.member_id) is not each.whereabouts:
            here = local(each.at)
            if each.whereabouts is Whereabouts.PRESENT:
                what = "trở lại" if known.get(each.member_id) is Whereabouts.LEFT else "đến dự"
            else:
                what = "rời phiên họp"
            yield f"{here.hour:02d} giờ {here.minute:02d} phút: {held.name_of(each.member)} {what}"
        known[each.member_id] = each.whereabouts


def _causes(papers: PaperList) -> Iterable[tuple[str, int]]:
    """Yield why papers were not valid, in words, in the order of the regulation."""
    for cause in Cause:
        if papers.causes.get(cause):
            yield say_in("vi", CAUSE_NAMES[cause]), papers.causes[cause]


def _papers(poll: Poll | None, item: int) -> str:
    """Return the papers of a secret ballot as the minutes tell of them; nothing of an open vote."""
    if poll is None or not poll.totals:
        return ""
    if poll.mode is Mode.SEALED:
        return _sealed(poll, item)
    papers = papers_of(poll)
    causes = "; ".join(f"{cause}: {count(number)}" for cause, number in _causes(papers))
    return (
        f"phát ra {count(papers.issued)}, thu về {count(papers.returned)}, hợp lệ {count(papers.valid)}, "
        f"{f'phiếu trắng {count(papers.blank)}, ' if papers.blank else ''}"
        f"không hợp lệ {count(papers.invalid)}{f' ({causes})' if causes else ''}."
        f"{f' Phiếu thừa: {papers.surplus}.' if papers.surplus else ''}"
    )


def _sealed(poll: Poll, item: int) -> str:
    """Return the sealed ballots on an item as the minutes tell of them."""
    totals = next(each for each in poll.totals["parts"] if each["part"] in {item, THE_LIST})
    invalid = sum(totals["invalid"].values())
    causes = "; ".join(
        f"{say_in('vi', FLAW_NAMES[Flaw(flaw)])}: {count(number)}" for flaw, number in totals["invalid"].items()
    )
    return (
        f"có quyền bỏ phiếu {count(totals['entitled'])}, đã bỏ {count(totals['cast'] + totals['paper'])}, "
        f"hợp lệ {count(totals['valid'])}, không hợp lệ {count(invalid)}{f' ({causes})' if causes else ''}."
    )


def _seal(held: Session) -> str:
    """Return the head of the session's ledger, as much of it as fits on paper and is still beyond chance."""
    entries = list(ledger.entries_of(held))
    return entries[-1].hash[:SEAL_LENGTH] if entries else ""


def _session_title(held: Session) -> str:
    return f"Phiên họp thứ {ORDINALS.get(held.number, held.number)}, {held.council.round.title}"


def _end_of(held: Session) -> datetime:
    return held.closed_at or held.opened_at


def _holder(held: Session, *roles: CouncilRole) -> str:
    """Return who held the first of these roles in the room, or holds it at all."""
    there = {each.member_id for each in held.attendances if each.whereabouts is not Whereabouts.ABSENT}
    for role in roles:
        for member in held.everybody:
            if held.role_of(member) is role and member.id in there:
                return held.name_of(member)
    return next((member.name for member in held.everybody if held.role_of(member) in roles), "")


def _office(held: Session, member: Member) -> str:
    office = OFFICES[held.role_of(member)]
    return f"{office}, {member.job_title}" if member.job_title else office


def _quorum(held: Session) -> str:
    seen = room(held)
    if seen.missing:
        return told(seen.missing)
    there = sum(each.whereabouts is not Whereabouts.ABSENT for each in held.attendances)
    return (
        f"Hội đồng có {count(there)}/{count(len(held.members))} thành viên dự họp, "
        "đủ điều kiện tiến hành theo quy định."
    )


def _rule(rule: VoteRule) -> str:
    return told(rule.words())


def told(sentences: Iterable[Sentence]) -> str:
    """Return sentences in Vietnamese, one after the other."""
    return " ".join(say_in("vi", each) for each in sentences)


def _minute_item(record: Record, undone: Iterable[str]) -> MinuteItem:
    item = record.item
    line, poll = record.vote or (None, None)
    return MinuteItem(
        title=item.title,
        code=item.initiative.code,
        discussion=item.discussion,
        yes=line.yes if line else 0,
        no=line.no if line else 0,
        no_opinion=line.abstain if line else 0,
        base=line.base if line else 0,
        needed=line.needed if line else 0,
        passed=line is not None and line.verdict is Verdict.PASSED,
        how=VOTES.get(poll.mode, "Biểu quyết") if poll else "Biểu quyết",
        set_aside=_set_aside(item, line),
        put_as=_put_as(item, poll),
        papers=_papers(poll, item.number),
        taken_back=tuple(undone),
        incidents=tuple(incidents.of(item, record.votes, record.prize)),
        place=line.place if line and not line.needed else None,
        recused=tuple(
            f"{item.session.name_of(each.member)} ({each.note or say_in('vi', recusals.reason_of(each.kind))})"
            for each in item.recusals
        ),
        written=tuple(_opinion(each) for each in record.opinions if each.kind is OpinionKind.WRITTEN),
        reserved=tuple(_opinion(each) for each in record.opinions if each.kind is OpinionKind.RESERVED),
    )


def _put_as(item: Item, poll: Poll | None) -> str:
    """Return the title as the vote froze it: the evidence names the item so."""
    parts = poll.definition.get("parts", ()) if poll is not None else ()
    return next((part["title"] for part in parts if part["part"] == item.number), "")


def _set_aside(item: Item, line: PollItem | None) -> str:
    reason = f" vì {item.reason.rstrip('. ')}" if item.reason else ""
    if item.state is ItemState.POSTPONED:
        return f"chuyển sang phiên họp sau{reason}."
    if item.state is ItemState.WITHDRAWN:
        return f"rút khỏi chương trình{reason}."
    return "" if line else "chưa biểu quyết tại phiên họp này."


def _opinion(opinion: Opinion) -> str:
    return f"{opinion.member.name}: {opinion.text}"


def _count_item(line: PollItem) -> CountItem:
    initiative = line.item.initiative
    return CountItem(
        line.item.title,
        yes=line.yes,
        no=line.no,
        no_opinion=line.abstain,
        base=line.base,
        needed=line.needed,
        passed=line.verdict is Verdict.PASSED,
        code=initiative.code,
    )


def _conclusion(held: Session, records: list[Record]) -> Iterable[str]:
    passed = [each for each in records if each.vote is not None and each.vote[0].verdict is Verdict.PASSED]
    voted = [each for each in records if each.vote is not None]
    yield (
        f"Hội đồng đã biểu quyết {count(len(voted))} hồ sơ: {count(len(passed))} hồ sơ được thông qua, "
        f"{count(len(voted) - len(passed))} hồ sơ không được thông qua."
    )
    if held.conclusion:
        yield held.conclusion
