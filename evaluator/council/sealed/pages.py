"""What the pages of a sealed vote show, gathered from the queries: one function per page."""

from typing import Any

from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice

from evaluator.council import queries as councils
from evaluator.council.sealed import papers, queries
from evaluator.council.sealed.forms import FileForm, PaperForm, PrepareForm
from evaluator.council.sealed.standing import parts
from evaluator.council.sealed.words import LOCK_NAMES, STAGE_NAMES
from evaluator.policy import Action, allows
from evaluator.rules import sealing
from evaluator.rules.sealing import FEW, FLAW_NAMES, PUBLICATION_NAMES, THE_LIST
from evaluator.rules.vote_rule import VoteRule
from evaluator.web.request import me


def grouped(hexadecimal: str) -> str:
    """Return the beginning of a hash as people compare it: four groups of four."""
    return " ".join(hexadecimal[place : place + 4] for place in range(0, 16, 4))


def members(held: Any) -> list[tuple[int, str]]:
    """Return the members of a session to choose from."""
    return [(member.id, member.name) for member in held.members]


def member_choices(sealed: Any) -> list[SelectChoice]:
    """Return the members as a list of choices."""
    return [SelectChoice(member, name) for member, name in members(sealed.session)]


def part_choices(sealed: Any) -> list[SelectChoice]:
    """Return the parts of a frozen vote that still stand, as a list of choices."""
    if sealed.poll is None:
        return []
    standing = [part.number for part in parts(sealed) if part.number not in sealed.withdrawn]
    return [SelectChoice(part, _("Item %(number)s", number=part) if part else _("The whole list")) for part in standing]


def to_prepare(held: Any, form: PrepareForm) -> dict[str, Any]:
    """Return what the page that prepares a vote shows."""
    return {
        "session": held,
        "chosen": councils.items(held, form.items.data or []),
        "room": councils.room(held),
        "few": FEW,
    }


def standing(sealed: Any, form: FileForm) -> dict[str, Any]:
    """Return what the page of a sealed vote shows: never who has voted before the box is shut."""
    seat = queries.seat_of(sealed, me())
    lines = queries.roll(sealed) if sealed.poll else []
    own = next((line for line in lines if seat and line.member_id == seat.id), None)
    envelopes = queries.envelopes(sealed) if sealed.poll else []
    voted = {envelope.member_id for envelope in envelopes}
    names = {member.id: member.name for member in sealed.session.everybody}
    locks = [
        {
            "lock": lock,
            "name": LOCK_NAMES[lock.layer],
            "holders": [names[member] for member in lock.holders],
            "fingerprint": sealing.fingerprint(lock.public_key) if lock.public_key else "",
            "mine": allows(me(), Action.KEY_HOLD, lock),
            "destroyed": [names[member] for member in lock.destroyed],
            "may_destroy": sealed.stage == "opened" and sealed.session.state == "closed",
            "handed_in": [names[strip.member_id] for strip in queries.strips(sealed, lock.layer)],
            "is_next": sealed.stage == {"A": "shut", "B": "half-opened"}[lock.layer] and not sealed.is_over,
        }
        for lock in sealed.locks
    ]
    totals = sealed.poll.totals.get("parts", []) if sealed.poll else []
    return {
        "sealed": sealed,
        "session": sealed.session,
        "chosen": queries.items_of(sealed),
        "poll_hash": grouped(sealed.poll_hash),
        "form": form,
        "locks": locks,
        "stage_name": STAGE_NAMES[sealed.stage],
        "publication_name": PUBLICATION_NAMES[sealed.publication],
        "leads": allows(me(), Action.COUNCIL_LEAD, sealed),
        "chairs": allows(me(), Action.BALLOT_LEAD, sealed),
        "may_cast": own is not None and allows(me(), Action.VOTE_CAST, sealed),
        "own": own,
        "inside": len(voted),
        "expected": sum(line.way == "sealed" for line in lines),
        "on_paper": [line.member.name for line in lines if line.way == "paper"],
        "voted": [line.member.name for line in lines if line.member_id in voted],
        "not_voted": [line.member.name for line in lines if line.member_id not in voted and line.way != "paper"],
        "paper": _paper_form(lines, voted),
        "totals": totals,
        "papers_due": bool(paper_names(sealed)) and papers.agreed(sealed.poll) is None,
        "counts_papers": allows(me(), Action.PAPERS_COUNT, sealed),
        "flaw_names": FLAW_NAMES,
        "few": FEW,
        "is_shut": sealed.stage in {"shut", "half-opened", "opened"},
        "shown": _shown(sealed) if sealed.stage == "opened" else [],
    }


def paper_names(sealed: Any) -> dict[int, list[str]]:
    """Return what is entered of the papers, by part; nothing while the box is open."""
    if sealed.stage not in {"shut", "half-opened"}:
        return {}
    found = {part.number: part for part in parts(sealed)}
    return {number: papers.names_of(found[number]) for number in papers.expected(sealed)}


def _shown(sealed: Any) -> list[tuple[int, list[tuple[str, str]]]]:
    """Return, by part, the ballots that the vote publishes, as words beside them and what they say; once declared."""
    if any(line.item.state == "counted" for line in sealed.poll.counted_lines):
        return []
    tracked = sealed.publication == "tracked"
    rows = []
    for each in queries.shown(sealed.poll):
        pairs = (
            [(words, choice) for words, choice in each["ballots"]] if tracked else [("", c) for c in each["ballots"]]
        )
        rows.append((each["part"], [(words, said(choice)) for words, choice in pairs]))
    return rows


def said(choice: Any) -> str:
    """Return what a ballot says, in words: a vote, numbers of items, or a ranking of them."""
    if isinstance(choice, str):
        return {"yes": _("In favour"), "no": _("Against"), "abstain": _("No opinion")}[choice]
    if not choice:
        return _("blank")
    if isinstance(choice[0], list):
        return " > ".join(" = ".join(str(item) for item in group) for group in choice)
    return ", ".join(str(item) for item in choice)


def _paper_form(lines: Any, voted: set[int]) -> PaperForm:
    form = PaperForm()
    waiting = [line.member for line in lines if line.way == "sealed" and line.member_id not in voted]
    form.member.choices = [SelectChoice(member.id, member.name) for member in waiting]
    return form


def ballot(sealed: Any) -> dict[str, Any]:
    """Return what a member's ballot shows: the parts he or she is asked for, without anything that was chosen before."""
    seat = queries.seat_of(sealed, me())
    line = queries.roll_line(sealed, seat.id) if seat else None
    wanted = [part for part in parts(sealed) if line and line.parts.get(str(part.number)) == "entitled"]
    titles = {each.item.number: each.item.title for each in sealed.poll.lines}
    rule = VoteRule.from_document(sealed.poll.rule)
    paper = PaperForm()
    paper.member.choices = member_choices(sealed)
    return {
        "sealed": sealed,
        "session": sealed.session,
        "line": line,
        "seat": seat,
        "parts": [part for part in wanted if part.number not in sealed.withdrawn],
        "titles": titles,
        "the_list": THE_LIST,
        "rule": rule,
        "paper": paper,
        "is_open": sealed.stage == "open" and not sealed.is_over and sealed.session.state == "open",
    }
