"""Commands of an open vote on a list: whom each member names, or how each ranks; by name, until the count."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from evaluator import policy
from evaluator.audit import service as audit
from evaluator.core.db import db
from evaluator.core.errors import Conflict, Invalid, Message
from evaluator.core.text import N_, Sentence
from evaluator.council import ledger
from evaluator.council.models import OpenRanking, OpenVote, Poll, PollState, SessionState, Vote
from evaluator.council.polls.freezing import own_seat
from evaluator.council.polls.service import PAUSED
from evaluator.policy import Action, Actor
from evaluator.rules import ranking
from evaluator.rules.ranking import RankedBallot
from evaluator.rules.vote_rule import Mode, VoteRule

Ranking = Sequence[Sequence[int]]  # groups of item numbers, best first


def choose_by_name(
    poll: Poll, choices: Mapping[int, Collection[int]], *, read_version: int | None = None, by: Actor, now: datetime
) -> Poll:
    """Record, by member id, which items each member names; nobody named is a blank vote. Replaces what was recorded.

    Raises:
        Conflict: the vote is not an open choice from a list, is over, or somebody recorded since ``read_version``.
        Invalid: somebody may not vote in it, or a choice has too few names, too many, or one outside the list.
    """
    policy.require(by, Action.COUNCIL_LEAD, poll)
    _must_be_list(poll, ranked=False)
    _check(poll, {member: _choice_problem(poll, choice) for member, choice in choices.items()}, read_version)
    for line in poll.lines:
        for vote in [each for each in line.votes if each.member_id not in choices]:
            line.votes.remove(vote)
    for member, choice in choices.items():
        _name(poll, member, choice, now)
    return _recorded(poll, len(choices), by=by, now=now)


def choose(poll: Poll, choice: Collection[int], *, by: Actor, now: datetime) -> Poll:
    """Record whom the actor names in an open choice from a list; a later one replaces it until the count.

    Raises:
        Forbidden: not in the room, or stepped aside.
        Conflict, Invalid: as for ``choose_by_name``.
    """
    policy.require(by, Action.VOTE_CAST, poll)
    db.session.refresh(poll, with_for_update=True)
    _must_be_list(poll, ranked=False)
    problem = _choice_problem(poll, choice)
    if problem is not None:
        raise Invalid.on("choice", problem.message, **problem.values)
    for line in poll.lines:
        db.session.expire(line, ["votes"])  # others may have voted while we waited
    _name(poll, own_seat(poll, by), choice, now)
    return _cast(poll, by=by, now=now)


def rank_by_name(
    poll: Poll, rankings: Mapping[int, Ranking], *, read_version: int | None = None, by: Actor, now: datetime
) -> Poll:
    """Record, by member id, how each member ranks the items; who is left out stands last. Replaces what was recorded.

    Raises:
        Conflict: the vote is not an open ranking, is over, or somebody recorded since ``read_version``.
        Invalid: somebody may not vote in it, or a ranking names an item twice or one outside the list.
    """
    policy.require(by, Action.COUNCIL_LEAD, poll)
    _must_be_list(poll, ranked=True)
    _check(poll, {member: _ranking_problem(poll, given) for member, given in rankings.items()}, read_version)
    for old in [each for each in poll.rankings if each.member_id not in rankings]:
        poll.rankings.remove(old)
    for member, given in rankings.items():
        _rank(poll, member, given, now)
    return _recorded(poll, len(rankings), by=by, now=now)


def rank(poll: Poll, given: Ranking, *, by: Actor, now: datetime) -> Poll:
    """Record how the actor ranks the items of an open vote; a later ranking replaces it until the count.

    Raises:
        Forbidden: not in the room, or stepped aside.
        Conflict, Invalid: as for ``rank_by_name``.
    """
    policy.require(by, Action.VOTE_CAST, poll)
    db.session.refresh(poll, with_for_update=True)
    db.session.expire(poll, ["rankings"])  # others may have voted while we waited
    _must_be_list(poll, ranked=True)
    problem = _ranking_problem(poll, given)
    if problem is not None:
        raise Invalid.on("ranking", problem.message, **problem.values)
    _rank(poll, own_seat(poll, by), given, now)
    return _cast(poll, by=by, now=now)


def _must_be_list(poll: Poll, *, ranked: bool) -> None:
    if poll.state is not PollState.OPEN:
        raise Conflict(N_("This vote is over. Look at it as it is now."))
    if poll.session.state is not SessionState.OPEN:
        raise Conflict(PAUSED)
    rule = VoteRule.from_document(poll.rule)
    if poll.mode is not Mode.OPEN:
        raise Conflict(N_("This vote is secret: nobody's vote is recorded by name."))
    if not rule.is_listed or rule.is_ranked is not ranked:
        raise Conflict(N_("Votes on this ballot are given in another way. Look at it as it is now."))


def _check(poll: Poll, problems: Mapping[int, Sentence | None], read_version: int | None) -> None:
    if read_version is not None and read_version != poll.version:
        raise Conflict
    fields: dict[str, list[Message]] = {}
    for member, problem in problems.items():
        if member not in poll.roll:
            fields[f"vote-{member}"] = [N_("This member is not in the room or has stepped aside.")]
        elif problem is not None:
            fields[f"vote-{member}"] = [problem]
    if fields:
        raise Invalid(fields=fields)


def _choice_problem(poll: Poll, choice: Collection[int]) -> Sentence | None:
    """Return what is wrong with the names on one ballot; an empty one is blank and always allowed."""
    known = {line.item.number for line in poll.lines}
    if not set(choice) <= known or len(set(choice)) < len(choice):
        return Sentence(N_("Name only items of this list, each once."))
    fewest, most = VoteRule.from_document(poll.rule).picks
    fewest = min(fewest, len(known))
    if choice and (len(choice) < fewest or (most is not None and len(choice) > most)):
        if fewest == most:
            return Sentence(N_("Name exactly %(count)s."), {"count": most})
        return Sentence(N_("Name at most %(count)s."), {"count": most})
    return None


def _ranking_problem(poll: Poll, given: Ranking) -> Sentence | None:
    ballot = RankedBallot(1, tuple(tuple(map(str, group)) for group in given))
    if ranking.problems_with([ballot], [str(line.item.number) for line in poll.lines]) or not any(given):
        return Sentence(N_("Rank only items of this list, each once."))
    return None


def _name(poll: Poll, member: int, choice: Collection[int], now: datetime) -> None:
    for line in poll.lines:
        vote = Vote.YES if line.item.number in choice else Vote.NO if choice else Vote.ABSTAIN
        own = next((each for each in line.votes if each.member_id == member), None)
        if own is None:
            line.votes.append(OpenVote(member_id=member, vote=vote, recorded_at=now))
        else:
            own.vote, own.recorded_at = vote, now


def _rank(poll: Poll, member: int, given: Ranking, now: datetime) -> None:
    groups = [sorted(group) for group in given if group]
    own = next((each for each in poll.rankings if each.member_id == member), None)
    if own is None:
        poll.rankings.append(OpenRanking(member_id=member, ranking=groups, recorded_at=now))
    else:
        own.ranking, own.recorded_at = groups, now


def _recorded(poll: Poll, votes: int, *, by: Actor, now: datetime) -> Poll:
    poll.recorded_at = now  # raises the version: two people who record at once must not overwrite each other
    ledger.add(poll.session, ledger.recorded(poll), now=now)
    audit.record("poll.votes-recorded", about=poll, by=by, now=now, votes=votes)
    return poll


def _cast(poll: Poll, *, by: Actor, now: datetime) -> Poll:
    poll.recorded_at = now
    ledger.add(poll.session, ledger.recorded(poll), now=now)
    audit.record("poll.vote-cast", about=poll, by=by, now=now)
    return poll
