"""What the pages of a council show, gathered from the queries: one function per page."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import request, url_for
from flask_babel import gettext as _

from evaluator.core.errors import Conflict, NotFound
from evaluator.core.text import N_, Sentence
from evaluator.council import queries, recusals
from evaluator.council.forms import DiscussionForm, FoundForm, OpinionForm, PutForm, RollForm
from evaluator.council.sealed import queries as sealed
from evaluator.council.sealed.words import STAGE_NAMES
from evaluator.initiatives import blind as dossiers
from evaluator.initiatives import unblinding
from evaluator.policy import Action, allows
from evaluator.reviews.results import pictures
from evaluator.rules.tiers import Allotment
from evaluator.rules.vote_rule import MODE_NAMES, Base, Mode, Share, VoteRule
from evaluator.web import charts
from evaluator.web.filters import show_points
from evaluator.web.forms import ConfirmForm
from evaluator.web.request import me

COUNCIL_ROLE_NAMES = {
    "chair": N_("Chair of the council"),
    "vice": N_("Vice-chair"),
    "secretary": N_("Secretary of the council"),
    "critic": N_("Critic"),
    "member": N_("Member"),
}
VOTE_NAMES = {"yes": N_("In favour"), "no": N_("Against"), "abstain": N_("No opinion")}
CHOICE_NAMES = {"yes": N_("Named"), "no": N_("Not named"), "abstain": N_("Blank")}  # where ballots name from a list
ABSTAINING = {
    True: N_("Under this rule no opinion counts like a vote against: the base is %(base)s."),
    False: N_("Under this rule no opinion does not count on either side: the base is %(base)s."),
}


def names() -> dict[str, Any]:
    """Return the words of roles and votes that the templates of a council use."""
    return {
        "role_names": COUNCIL_ROLE_NAMES,
        "vote_names": VOTE_NAMES,
        "choice_names": CHOICE_NAMES,
        "mode_names": MODE_NAMES,
    }


def check_button() -> None:
    """Refuse a press of a button whose page lay open for too long.

    Raises:
        Conflict: the token is missing or too old.
    """
    if not ConfirmForm(request.form).validate():
        raise Conflict(N_("Send the form again: the page was open for too long."))


def named(account: Any) -> str:
    """Return a person as a list of choices shows one."""
    return f"{account.name} – {account.job_title}" if account.job_title else str(account.name)


def show_seats(form: FoundForm, council: Any, *, has_met: bool) -> None:
    """Fill the form with the council as it is; once it has met, a change needs a decision of its own."""
    form.title.data = council.title
    if not has_met:
        form.decision_number.data, form.decision_date.data = council.decision_number, council.decision_date
    for place, member in enumerate(council.members, start=1):
        form[f"person_{place}"].data, form[f"role_{place}"].data = member.account.code, str(member.role)
        form[f"from_{place}"].data, form[f"to_{place}"].data = member.serves_from, member.serves_to


def show_roll(form: RollForm, session: Any) -> None:
    """Fill the form with the roll as it is; at the first call everybody is ticked, which is the usual case."""
    is_first = not queries.movements_of(session)
    for seat in queries.attendances_of(session):
        form[f"present_{seat.member_id}"].data = is_first or seat.whereabouts == "present"
        form[f"reason_{seat.member_id}"].data = seat.reason
        form[f"teller_{seat.member_id}"].data = seat.member_id in session.tellers


# --- the session --------------------------------------------------------------------------------


def session_page(session: Any, form: PutForm) -> dict[str, Any]:
    """Return what the session page shows."""
    rows = queries.agenda(session, actor=me())
    waiting = [row.number for row in rows if row.state == "waiting"]
    leads = allows(me(), Action.COUNCIL_LEAD, session)
    items = queries.items(session, waiting) if waiting and leads else []
    near = recusals.found(session, items)
    room = queries.room(session)
    open_polls = queries.open_polls(session)
    return {
        "session": session,
        "room": room,
        "rows": rows,
        "near": {item.number: near[item.id] for item in items},
        "form": form,
        "leads": leads,
        "waiting": waiting,
        "counted": sum(row.state == "counted" for row in rows),
        "decided": sum(row.state == "decided" for row in rows),
        "selected": sum(bool(row.is_selected) for row in rows),
        "open_polls": [poll for poll in open_polls if not is_sealed(poll)],
        "sealed": [each for each in sealed.of_session(session) if each.stage != "opened" and not each.is_over],
        "sealed_stages": STAGE_NAMES,
        "to_cast": [poll for poll in open_polls if poll.mode is Mode.OPEN and allows(me(), Action.VOTE_CAST, poll)],
        "tied": queries.tied_polls(session),
        "to_break": [row for row in rows if room.rule.chair_casts and _waits_for_chair(row)],
        "prizes": _prizes(session, room.rule, rows) if leads and room.rule.tiers else None,
        "modes": room.rule.modes,
        "seats": queries.attendances_of(session),
        "abstaining": abstaining(room.rule),
    }


def _waits_for_chair(row: queries.AgendaRow) -> bool:
    """Whether a line of the agenda is a tie that the chair may break."""
    is_tied = row.yes == row.no and row.verdict == "failed" and row.casting is None
    return is_tied and row.state == "counted" and row.mode is Mode.OPEN


def _prizes(session: Any, rule: VoteRule, rows: Sequence[queries.AgendaRow]) -> Allotment | None:
    """Return how the prizes would be filled as things stand, once something is counted."""
    numbers = [row.number for row in rows if row.state == "counted"]
    counted = queries.items(session, numbers) if numbers else []
    lines = queries.lines_of(counted) if counted else {}
    return queries.allotment(session, rule, [(item, lines[item.id]) for item in counted]) if counted else None


def where_to_record(polls: Sequence[Any], code: str, number: int) -> str:
    """Return where to go on after putting items: straight to recording when there is one vote."""
    if len(polls) == 1:
        return url_for("polls.record", code=code, number=number, which=polls[0].number)
    return url_for("council.session", code=code, number=number)


def abstaining(rule: VoteRule) -> Sentence | None:
    """Return what having no opinion means under a rule, for the ballot and the room."""
    if rule.share is None:
        return None
    counts = rule.share.of is not Base.YES_NO
    return Sentence(ABSTAINING[counts], {"base": Share.words(rule.share)})


def projector(session: Any) -> dict[str, Any]:
    """Return what everybody in the room may see: never a vote by name, never who is near to what."""
    polls = queries.open_polls(session)
    last = queries.last_counted(session)
    rows = {row.number: row for row in queries.agenda(session, actor=me())}
    return {
        "session": session,
        "room": queries.room(session),
        "at_vote": [(poll, [rows[line.item.number] for line in poll.lines]) for poll in polls],
        "last": [rows[line.item.number] for line in last.lines] if last else [],
        "charts": {line.item.number: chart_of(line) for line in last.lines if allows(me(), Action.ITEM_READ, line.item)}
        if last
        else {},
        "rows": list(rows.values()),
        "selected": [row for row in rows.values() if row.is_selected],
    }


def chart_of(line: Any) -> charts.Vote:
    """Return the picture of one counted line against its threshold."""
    return charts.vote(line.yes, line.no, line.abstain, base=line.base, needed=line.needed)


# --- one item -----------------------------------------------------------------------------------


def item_page(
    item: Any, *, discussion: DiscussionForm | None = None, opinion: OpinionForm | None = None
) -> dict[str, Any]:
    """Return what the page of one item shows."""
    leads = allows(me(), Action.COUNCIL_LEAD, item)
    votes = queries.votes_on(item)
    if discussion is None:
        discussion = DiscussionForm(prefix="discussion-", data={"discussion": item.discussion, "version": item.version})
    rows = {row.number: row for row in queries.agenda(item.session, actor=me())}
    return {
        "item": item,
        "session": item.session,
        "row": rows[item.number],
        "room": queries.room(item.session),
        "leads": leads,
        "votes": votes,
        "charts": {vote.line.id: chart_of(vote.line) for vote in votes if vote.line.verdict},
        "near": recusals.found(item.session, [item])[item.id],
        "reasons": {recusal.id: recusals.reason_of(recusal.kind) for recusal in item.recusals},
        "opinions": queries.opinions_on(item),
        "discussion": discussion,
        "opinion": opinion_form(item, opinion or OpinionForm(prefix="opinion-")),
        "put": PutForm(data={"mode": "open"}),
        "previous": item.number - 1 if item.number - 1 in rows else None,
        "next": item.number + 1 if item.number + 1 in rows else None,
        "chair_asked": [vote.poll for vote in votes if queries.is_chair_asked(vote.poll, vote.line)],
        "presiding": {vote.poll.id: queries.presiding(vote.poll) for vote in votes if vote.line.casting},
        "tells_by_difference": leads and queries.tells_by_difference(item),
        "may_study": allows(me(), Action.ITEM_STUDY, item),
    }


def opinion_form(item: Any, form: OpinionForm) -> OpinionForm:
    """Offer the members for whom the reader may speak: oneself, or everybody for those who lead."""
    members = item.session.members
    if not allows(me(), Action.COUNCIL_LEAD, item):
        members = [member for member in members if item.session.sitting[member.id] == me().id]
    form.member.choices = [(member.id, item.session.name_of(member)) for member in members]
    return form


def member_of(item: Any, member_id: int) -> Any:
    """Return a member of the council of an item. Raises NotFound."""
    found = next((member for member in item.session.everybody if member.id == member_id), None)
    if found is None:
        raise NotFound
    return found


def dossier_page(item: Any, view: Any, near: Sequence[recusals.Found]) -> dict[str, Any]:
    """Return one dossier on one page for a member: blind summary, scores and their spread, remarks, conflicts."""
    explained = pictures.explain(item.session.council.round, view)
    return {
        "item": item,
        "session": item.session,
        "dossier": dossiers.blind(item.initiative),
        "authors": unblinding.authors_for_council(item.initiative),
        "score": queries.hundredths(item.score),
        "explained": explained,
        "dots": _dots(explained),
        "remarks": [sheet for sheet in view.sheets if sheet.remark],
        "near": near,
    }


def _dots(explained: Any) -> charts.Dots | None:
    if explained.maximum is None or not explained.totals:
        return None
    marks = [
        (
            each.total / 100,
            _("Sheet %(number)s: %(points)s", number=number, points=show_points(each.total)),
            not each.used,
        )
        for number, each in explained.totals.items()
    ]
    mean = (explained.score / 100, show_points(explained.score)) if explained.score is not None else None
    line = (
        (explained.pass_at / 100, _("Pass mark %(points)s", points=show_points(explained.pass_at)))
        if explained.pass_at
        else None
    )
    return charts.dots(marks, maximum=explained.maximum / 100, mean=mean, pass_mark=line)


# --- recording ----------------------------------------------------------------------------------


def voters(poll: Any) -> list[tuple[int, str]]:
    """Return the members who may vote in a poll, in the order of their seats."""
    return [(member.id, poll.session.name_of(member)) for member in poll.session.members if member.id in poll.roll]


def aside(poll: Any) -> list[str]:
    """Return the names of those in the council who do not vote in a poll."""
    return [poll.session.name_of(member) for member in poll.session.members if member.id not in poll.roll]


def is_sealed(poll: Any) -> bool:
    """Whether a poll is sealed electronically."""
    return bool(poll.mode is Mode.SEALED)


def is_secret(poll: Any) -> bool:
    """Whether a poll is on paper."""
    return bool(poll.mode is Mode.PAPER)


def recorded(poll: Any) -> Mapping[str, str]:
    """Return the votes recorded so far, as the form names them."""
    return {f"vote-{vote.member_id}": str(vote.vote) for line in poll.lines for vote in line.votes}


def own_vote(poll: Any) -> str:
    """Return how the reader has voted in a poll so far, or nothing."""
    mine = {seat for seat, account in poll.session.sitting.items() if account == me().id}
    return next((str(vote.vote) for line in poll.lines for vote in line.votes if vote.member_id in mine), "")
