"""How a vote is given on a page: the form for its kind of ballot, and the command that takes what was filled in.

Boxes are given ``sent or None``: to WTForms an empty form that was sent means that nothing is ticked.
"""

from datetime import datetime
from typing import Any

from werkzeug.datastructures import MultiDict

from evaluator.council import pages
from evaluator.council.ballots.forms import (
    NOBODY,
    ChoiceForm,
    ChoicesForm,
    RankedPapersForm,
    RankForm,
    RanksForm,
    text_of,
)
from evaluator.council.forms import BallotForm, PapersForm, VotesForm
from evaluator.council.polls import lists
from evaluator.council.polls import service as polls
from evaluator.council.polls.papers import PaperList
from evaluator.policy import Actor
from evaluator.rules.vote_rule import VoteRule
from evaluator.web.request import me

Sent = MultiDict[str, str]


def items_of(poll: Any) -> list[tuple[int, str]]:
    """Return the items of a ballot, number and title."""
    return [(line.item.number, line.item.title) for line in poll.counted_lines]


# --- by name, for all ---------------------------------------------------------------------------


def names_form(poll: Any, sent: Sent) -> Any:
    """Return the form in which the votes of all are recorded by name, with what is recorded so far."""
    rule, voters = VoteRule.from_document(poll.rule), pages.voters(poll)
    data: dict[str, Any] = {"version": poll.version}
    if rule.is_ranked:
        data |= {f"vote-{each.member_id}": text_of(each.ranking) for each in poll.rankings}
        return RanksForm.for_members(voters, sent, data=data)
    if rule.is_listed:
        return ChoicesForm.for_members(voters, items_of(poll), sent or None, data=data | _chosen(poll))
    return VotesForm.for_members(voters, sent, data=data | dict(pages.recorded(poll)))


def record_names(poll: Any, form: Any, *, by: Actor, now: datetime) -> None:
    """Record what the form of all votes says."""
    rule = VoteRule.from_document(poll.rule)
    if rule.is_ranked:
        lists.rank_by_name(poll, form.rankings(), read_version=form.read_version, by=by, now=now)
    elif rule.is_listed:
        lists.choose_by_name(poll, form.choices(), read_version=form.read_version, by=by, now=now)
    else:
        polls.cast_by_name(poll, form.votes(), read_version=form.read_version, by=by, now=now)


def _chosen(poll: Any) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for line in poll.lines:
        for vote in line.votes:
            named = found.setdefault(f"vote-{vote.member_id}", [])
            named += [line.item.number] if vote.vote == "yes" else []
    return {name: named or [NOBODY] for name, named in found.items()}


# --- one's own ----------------------------------------------------------------------------------


def own_form(poll: Any, sent: Sent) -> Any:
    """Return the form of the reader's own ballot, with what the reader gave so far."""
    rule = VoteRule.from_document(poll.rule)
    seats = {seat for seat, account in poll.session.sitting.items() if account == me().id}
    if rule.is_ranked:
        own: list[Any] = next((each.ranking for each in poll.rankings if each.member_id in seats), [])
        places = {f"place-{number}": str(place) for place, group in enumerate(own, start=1) for number in group}
        return RankForm.for_items(items_of(poll), sent, data=places)
    if rule.is_listed:
        given = next((each for name, each in _chosen(poll).items() if int(name.removeprefix("vote-")) in seats), [])
        one = rule.picks[1] == 1
        data = {"choice": (given[0] if given else None) if one else given}
        return ChoiceForm.for_items(items_of(poll), sent or None, data=data, one=one)
    return BallotForm(sent, data={"vote": pages.own_vote(poll)})


def has_own(poll: Any) -> bool:
    """Whether the reader has voted already and would change the vote."""
    seats = {seat for seat, account in poll.session.sitting.items() if account == me().id}
    ranked = any(each.member_id in seats for each in poll.rankings)
    return ranked or bool(pages.own_vote(poll))


def cast(poll: Any, form: Any, *, by: Actor, now: datetime) -> None:
    """Give the reader's own vote."""
    rule = VoteRule.from_document(poll.rule)
    if rule.is_ranked:
        lists.rank(poll, form.ranking(), by=by, now=now)
    elif rule.is_listed:
        lists.choose(poll, form.named(), by=by, now=now)
    else:
        polls.cast(poll, form.vote.data, by=by, now=now)


# --- papers -------------------------------------------------------------------------------------


def papers_form(poll: Any, sent: Sent) -> Any:
    """Return the form in which the totals of the papers are entered."""
    rule = VoteRule.from_document(poll.rule)
    if rule.is_ranked:
        return RankedPapersForm.for_papers(len(poll.roll), sent)
    return PapersForm.for_items([number for number, _ in items_of(poll)], sent, picks_only=rule.is_listed)


def papers_in(poll: Any, form: Any) -> PaperList:
    """Return the totals a form holds."""
    ranked = VoteRule.from_document(poll.rule).is_ranked
    return PaperList(
        form.issued.data,
        form.returned.data,
        form.valid.data,
        form.invalid.data,
        {} if ranked else form.lines([number for number, _ in items_of(poll)]),
        form.causes(),
        blank=form.blank.data or 0,
        rankings=form.rankings() if ranked else (),
        surplus=(form.surplus.data or "").strip(),
    )
