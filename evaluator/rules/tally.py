"""Counts one document of ``flask tally``: reads it strictly, counts by its rule, returns a plain result.

The format is fixed by the contracts with secretaries' scripts and auditors. Sentences stay Sentences here; the
command tells them in the reader's language.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from evaluator.core.errors import Invalid
from evaluator.core.text import N_, Sentence
from evaluator.rules import choosing, ranking, rounds_of_voting, voting
from evaluator.rules.choosing import ChoiceBallot
from evaluator.rules.ranking import RankedBallot
from evaluator.rules.vote_rule import Base, Method, VoteRule
from evaluator.rules.voting import Attendance, Counts

REMARKS = frozenset(
    {"id", "title", "note", "council", "session", "date"}
)  # may stand anywhere; nothing is read from them
COMMON = frozenset({"method", "rule", "members", "present", "roles_present"}) | REMARKS
KEYS = {
    Method.THRESHOLD: COMMON | {"items"},
    Method.CHOOSE: COMMON
    | {"items", "ballots", "candidates", "k", "exactly", "tie", "seed", "issued", "returned", "recused"},
    Method.PLURALITY_ROUNDS: COMMON | {"candidates", "ballots", "rounds", "keep"},
    Method.BORDA: COMMON | {"candidates", "ballots", "points"},
    Method.SCHULZE: COMMON | {"candidates", "ballots", "strength"},
    Method.IRV: COMMON | {"candidates", "ballots"},
}
COUNTED = ("yes", "no", "abstain", "blank", "invalid", "recused")
ITEM_KEYS = frozenset({*COUNTED, "issued", "returned", "casting", "present", "roles_present"}) | REMARKS


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong at one key of a document."""

    at: str
    what: Sentence


class Unreadable(Exception):
    """A document cannot be counted; carries every problem found."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(f"{problem.at}: {problem.what}" for problem in problems))
        self.problems = tuple(problems)


def count(document: Any) -> dict[str, Any]:
    """Return the result of one document: the rule in words and numbers, then what the method gives.

    Raises:
        Unreadable: a key is missing, unknown or makes no sense, or numbers contradict each other.
    """
    if not isinstance(document, Mapping):
        raise Unreadable([Problem("-", Sentence(N_("The document must be a JSON object.")))])
    reader = _Reader(document)
    method = reader.method()
    rule = reader.rule(method)
    reader.stop_if_wrong()
    assert rule is not None  # noqa: S101 - otherwise a problem was found
    result = {
        "method": str(method),
        "rule": rule.as_document(),
        "rule_in_words": rule.words() or [Sentence(N_("No threshold."))],
    }
    if method is Method.THRESHOLD:
        return result | _threshold(reader, rule)
    if method is Method.CHOOSE:
        return result | _choose(reader, rule)
    return result | _ranked(reader, rule, method)


# --- by method ----------------------------------------------------------------------------------


def _threshold(reader: "_Reader", rule: VoteRule) -> dict[str, Any]:
    items = reader.items(rule)
    reader.stop_if_wrong()
    return {"items": [outcome_document(voting.decide(rule, counts, attendance)) for counts, attendance in items]}


def outcome_document(outcome: voting.Outcome) -> dict[str, Any]:
    """Return the verdict on one item as the contract names its parts."""
    return {
        "id": outcome.id,
        "verdict": str(outcome.verdict),
        "base": outcome.base,
        "needed": outcome.needed,
        "for": outcome.votes_for,
        "why": list(outcome.why),
    }


def _choose(reader: "_Reader", rule: VoteRule) -> dict[str, Any]:
    causes: dict[choosing.Cause, int] = {}
    attendance = reader.attendance(rule)
    if reader.document.get("ballots") is not None:
        ballots, candidates = reader.choices()
        reader.stop_if_wrong()
        counts, causes = choosing.count_choices(
            rule, candidates, ballots, issued=reader.whole("issued", None), recused=reader.whole("recused", 0) or 0
        )
    else:
        counts = [each for each, _ in reader.items(rule, choosing_from_list=True)]
    reader.stop_if_wrong()
    choice = choosing.choose(rule, counts, attendance, invalid=causes, seed=reader.document.get("seed"))
    return {
        "chosen": list(choice.chosen),
        "tied": list(choice.tied),
        "order": [list(group) for group in choice.order],
        "votes": choice.votes,
        "seats_left": choice.seats_left,
        "invalid": {str(cause): number for cause, number in choice.invalid.items()},
        "items": [outcome_document(outcome) for outcome in choice.outcomes],
        "why": list(choice.why),
    }


def _ranked(reader: "_Reader", rule: VoteRule, method: Method) -> dict[str, Any]:
    keep = reader.whole("keep", None, least=1)
    if method is Method.PLURALITY_ROUNDS and reader.document.get("rounds") is not None:
        polls = reader.polls()
        reader.stop_if_wrong()
        return rounds_of_voting.count(polls, rule, keep=keep)
    candidates, ballots = reader.rankings()
    reader.stop_if_wrong()
    try:
        ranked = {
            Method.BORDA: lambda: ranking.borda(candidates, ballots, rule.points),
            Method.SCHULZE: lambda: ranking.schulze(
                candidates, ballots, margins=reader.document.get("strength") == "margins"
            ),
            Method.IRV: lambda: ranking.irv(candidates, ballots),
            Method.PLURALITY_ROUNDS: lambda: ranking.plurality_rounds(candidates, ballots, keep=keep),
        }[method]()
    except Invalid as error:
        raise Unreadable([Problem("ballots", error.sentence)]) from error
    return {
        "winners": list(ranked.winners),
        "order": [list(group) for group in ranked.order],
        "rounds": list(ranked.rounds),
        "matrix": ranked.matrix,
        "why": list(ranked.why),
    }


# --- reading ------------------------------------------------------------------------------------


class _Reader:
    """Reads one document and collects what is wrong with it."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.document = document
        self.problems: list[Problem] = []

    def wrong(self, at: str, message: str, **values: Any) -> None:
        """Note a problem."""
        problem = Problem(at, Sentence(message, values))
        if problem not in self.problems:  # what every item shares is said once
            self.problems.append(problem)

    def stop_if_wrong(self) -> None:
        """Raise with everything found so far, if anything was."""
        if self.problems:
            raise Unreadable(self.problems)

    def method(self) -> Method:
        """Return the method, whose keys the document must keep to."""
        try:
            method = Method(self.document.get("method", ""))
        except ValueError:
            self.wrong(
                "method",
                N_("“%(value)s” is not known here; use one of: %(known)s."),
                value=str(self.document.get("method", "")),
                known=", ".join(Method),
            )
            self.stop_if_wrong()
            raise
        self.known(self.document, KEYS[method], "")
        return method

    def known(self, where: Mapping[str, Any], keys: frozenset[str], at: str) -> None:
        """Refuse keys that nothing would be read from: a mistyped one could change a verdict."""
        for key in sorted(set(where) - keys):
            self.wrong(f"{at}{key}", N_("This key is not known here; remove it or correct its name."))

    def rule(self, method: Method) -> VoteRule | None:
        """Return the vote rule: what stands under "rule", with the keys that may stand beside it."""
        given = self.document.get("rule") or {}
        if not isinstance(given, Mapping):
            self.wrong("rule", N_("The rule must be a JSON object."))
            return None
        beside = {
            key: self.document[key] for key in ("k", "exactly", "tie", "points") if self.document.get(key) is not None
        }
        try:
            return VoteRule.from_document({**given, **beside, "method": str(method)})
        except Invalid as error:
            for key, messages in error.fields.items():
                at = key if key in beside else f"rule.{key}"
                self.problems += [
                    Problem(at, said if isinstance(said, Sentence) else Sentence(said)) for said in messages
                ]
            return None

    def whole(self, key: str, default: int | None, *, least: int = 0) -> int | None:
        """Return a whole number of the document itself."""
        return self.number(self.document, key, key, default, least=least)

    def number(self, where: Mapping[str, Any], key: str, at: str, default: int | None, *, least: int = 0) -> int | None:
        """Return a whole number, or the default when it is left out."""
        value = where.get(key)
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, int) or value < least:
            self.wrong(at, N_("This must be a whole number from %(least)s."), least=least)
            return default
        return value

    def attendance(self, rule: VoteRule, own: Mapping[str, Any] | None = None, at: str = "") -> Attendance:
        """Return who is there; an item may say its own. What the rule does not ask for may be left out."""
        own = own or {}
        members = self.whole("members", None)
        present = self.number(own, "present", f"{at}present", self.whole("present", None))
        if members is None and _asks_members(rule):
            self.wrong("members", N_("The rule counts the members of the council; say how many there are."))
        if present is None and _asks_present(rule):
            self.wrong("present", N_("The rule counts the members present; say how many there are."))
        roles = own.get("roles_present", self.document.get("roles_present"))
        if roles is not None and not _are_texts(roles):
            where = f"{at}roles_present" if "roles_present" in own else "roles_present"
            self.wrong(where, N_("The roles present are a list of names."))
            roles = None
        crowd = members if members is not None else _CROWD
        return Attendance(crowd, present if present is not None else crowd, None if roles is None else frozenset(roles))

    def items(self, rule: VoteRule, *, choosing_from_list: bool = False) -> list[tuple[Counts, Attendance]]:
        """Return the counts of every item, each with who was there."""
        given = self.list_of("items", self.document.get("items"))
        found = [
            self.item(number, item, rule, choosing_from_list=choosing_from_list) for number, item in enumerate(given)
        ]
        names = [counts.id for counts, _ in found]
        for name in sorted({name for name in names if names.count(name) > 1}):
            self.wrong("items", N_("“%(name)s” stands here twice."), name=name)
        return found

    def item(
        self, number: int, item: Mapping[str, Any], rule: VoteRule, *, choosing_from_list: bool
    ) -> tuple[Counts, Attendance]:
        """Return the counts of one item, checked against who was there."""
        at = f"items[{number}]."
        self.known(item, ITEM_KEYS, at)
        name = item.get("id")
        if not isinstance(name, str) or not name:
            self.wrong(f"{at}id", N_("Each item needs an id, a text of its own."))
        if item.get("casting") not in {None, "yes", "no"}:
            self.wrong(
                f"{at}casting",
                N_("“%(value)s” is not known here; use one of: %(known)s."),
                value=str(item.get("casting")),
                known="yes, no",
            )
        before = len(self.problems)
        counts = Counts(
            str(name),
            **{key: self.number(item, key, at + key, 0) or 0 for key in COUNTED},
            issued=self.number(item, "issued", f"{at}issued", None),
            returned=self.number(item, "returned", f"{at}returned", None),
            casting=item.get("casting"),
        )
        if choosing_from_list:
            counts = self.unnamed_against(counts)
        attendance = self.attendance(rule, item, at)
        if len(self.problems) == before:
            self.problems += [Problem(at.rstrip("."), said) for said in voting.problems_with(rule, counts, attendance)]
        return counts, attendance

    def unnamed_against(self, counts: Counts) -> Counts:
        """Return the counts of one name on a list: a valid paper that does not name it is a vote against."""
        papers = counts.returned if counts.returned is not None else self.whole("returned", None)
        if papers is None:
            return counts
        against = max(counts.no, papers - (counts.cast - counts.no))
        return replace(counts, no=against, returned=papers)

    def choices(self) -> tuple[list[ChoiceBallot], list[str]]:
        """Return the papers and the list chosen from; without a list, everybody named stands on it."""
        ballots = []
        for number, ballot in enumerate(self.list_of("ballots", self.document.get("ballots"))):
            at = f"ballots[{number}]."
            self.known(ballot, frozenset({"count", "choice"}), at)
            choice = ballot.get("choice")
            if not isinstance(choice, list) or not _are_texts(choice):
                self.wrong(f"{at}choice", N_("A choice is a list of ids."))
                continue
            ballots.append(ChoiceBallot(self.number(ballot, "count", f"{at}count", 1) or 0, tuple(choice)))
        named = dict.fromkeys(name for ballot in ballots for name in ballot.choice)
        return ballots, self.candidates() or list(named)

    def candidates(self) -> list[str]:
        """Return the list of candidates, empty when there is none."""
        given = self.document.get("candidates")
        if given is None:
            return []
        if not _are_texts(given) or len(set(given)) < len(given):
            self.wrong("candidates", N_("The candidates are a list of different ids."))
            return []
        return list(given)

    def rankings(self) -> tuple[list[str], list[RankedBallot]]:
        """Return the candidates and the ranked ballots; a choice of one is a ranking of one."""
        ballots = []
        for number, ballot in enumerate(self.list_of("ballots", self.document.get("ballots"))):
            at = f"ballots[{number}]."
            self.known(ballot, frozenset({"count", "ranking", "choice"}), at)
            groups = self.groups(ballot.get("ranking", ballot.get("choice")), at)
            ballots.append(RankedBallot(self.number(ballot, "count", f"{at}count", 1) or 0, groups))
        candidates = self.candidates()
        if self.document.get("candidates") is None:
            self.wrong("candidates", N_("The candidates are a list of different ids."))
        elif not self.problems:
            self.problems += [Problem("ballots", said) for said in ranking.problems_with(ballots, candidates)]
        return candidates, ballots

    def groups(self, value: Any, at: str) -> tuple[tuple[str, ...], ...]:
        """Return a ranking; a place may hold one id or a list of those who share it."""
        if isinstance(value, list):
            places = [[place] if isinstance(place, str) else place for place in value]
            if all(_are_texts(place) for place in places):
                return tuple(tuple(place) for place in places)
        self.wrong(f"{at}ranking", N_("A ranking is a list of places, each a list of ids."))
        return ()

    def polls(self) -> list[dict[str, int]]:
        """Return the votes of each real round, by candidate."""
        polls = []
        for number, poll in enumerate(self.list_of("rounds", self.document.get("rounds"))):
            votes = poll.get("votes")
            if not isinstance(votes, Mapping) or not all(_is_count(count) for count in votes.values()) or not votes:
                self.wrong(f"rounds[{number}].votes", N_("Each round gives its votes by candidate, whole numbers."))
                continue
            polls.append(dict(votes))
        return polls

    def list_of(self, key: str, value: Any) -> list[Mapping[str, Any]]:
        """Return a list of objects."""
        if isinstance(value, list) and value and all(isinstance(each, Mapping) for each in value):
            return value
        self.wrong(key, N_("This must be a list with at least one object."))
        return []


_CROWD = 10**9  # nobody said how many members there are, and the rule does not ask


def _asks_members(rule: VoteRule) -> bool:
    bases = {Base.MEMBERS, Base.MEMBERS_ENTITLED}
    return bool({share.of for share in _shares(rule)} & bases) or any(
        quorum.share.of is Base.RETURNED or quorum.roles for quorum in rule.quorums
    )


def _asks_present(rule: VoteRule) -> bool:
    return bool(rule.quorums) or any(share.of is Base.PRESENT for share in _shares(rule))


def _shares(rule: VoteRule) -> list[Any]:
    listed = [rule.share, rule.min_yes, *(quorum.share for quorum in rule.quorums)]
    return [share for share in listed if share is not None and not isinstance(share, int)]


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) and each for each in value)
