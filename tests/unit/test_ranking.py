"""Ranked counts on cases worked out by hand, and on real votes with published outcomes."""

import json
import math
from fractions import Fraction
from pathlib import Path

import pytest

from evaluator.core.errors import Invalid
from evaluator.rules import ranking, rounds_of_voting
from evaluator.rules.ranking import (
    RankedBallot,
    borda,
    exact,
    irv,
    next_round,
    plurality_rounds,
    problems_with,
    schulze,
)
from evaluator.rules.vote_rule import Base, Compare, Share, VoteRule
from evaluator.rules.voting import Attendance, Counts, Verdict, decide

DEBIAN = sorted((Path(__file__).parent.parent / "golden" / "debian-votes").glob("*.json"))


def ballots(**counted: int) -> list[RankedBallot]:
    """``abc=5`` is five ballots that rank a, b, c; an underscore makes those beside it equal: ``a_bc``."""
    found = []
    for text, count in counted.items():
        groups: list[tuple[str, ...]] = []
        for position, letter in enumerate(text):
            if letter == "_":
                continue
            if position and text[position - 1] == "_":
                groups[-1] += (letter,)
            else:
                groups.append((letter,))
        found.append(RankedBallot(count, tuple(groups)))
    return found


# The example of Schulze's own paper: 45 voters, order E A C B D.
SCHULZE_45 = ballots(acbed=5, adecb=5, bedac=8, cabed=3, caebd=7, cbade=2, dceba=7, ebadc=8)


def test_schulze_orders_his_own_example():
    found = schulze("abcde", SCHULZE_45)
    assert found.order == (("e",), ("a",), ("c",), ("b",), ("d",))
    assert found.matrix["a"] == {"b": 20, "c": 26, "d": 30, "e": 22}
    assert found.rounds[0]["chains"]["a"] == {"b": 28, "c": 28, "d": 30, "e": 24}


def test_a_cycle_of_equal_strength_is_a_tie_of_all():
    assert schulze("abc", ballots(abc=1, bca=1, cab=1)).winners == ("a", "b", "c")


def test_margins_and_winning_votes_may_part():
    profile = ballots(a_bc=6, abc=5, bca=8, cab=7, c_ab=2)
    assert schulze("abc", profile).rounds[0]["strength"] == "winning votes"
    assert schulze("abc", profile, margins=True).rounds[0]["strength"] == "margins"


@pytest.mark.parametrize("path", DEBIAN, ids=lambda path: path.stem)
def test_a_real_vote_gives_its_published_matrix_majorities_and_winner(path):
    vote = json.loads(path.read_text(encoding="utf-8"))
    names = [str(number) for number in range(1, len(vote["options"]) + 1)]
    default = str(vote["default_option"])
    given = [RankedBallot(count, read_debian(text)) for count, text in vote["ballots"]]
    matrix = ranking.pairwise(given, names)
    assert [[matrix[a][b] if a != b else None for b in names] for a in names] == vote["official"]["matrix"]

    quorum = math.ceil(Fraction(vote["official"]["quorum_required"]))
    standing = [default]
    for option, line in vote["official"]["majority"].items():
        ratio = int(line["required"])
        strict = line["operator_printed"] in {">", "<="}
        rule = VoteRule(
            share=Share(Fraction(ratio, ratio + 1), Base.YES_NO, Compare.MORE_THAN if strict else Compare.AT_LEAST),
            min_yes=quorum,
        )
        counts = Counts(option, yes=matrix[option][default], no=matrix[default][option])
        crowd = Attendance(vote["n_ballots"], vote["n_ballots"])
        verdict = decide(rule, counts, crowd).verdict
        assert (counts.yes, counts.no) == (line["for_"], line["against"])
        assert verdict is (Verdict.PASSED if line["passes"] else Verdict.FAILED)
        standing += [option] if verdict is Verdict.PASSED else []
    kept = [RankedBallot(each.count, keep(each.ranking, standing)) for each in given]
    assert [int(name) for name in schulze(sorted(standing, key=int), kept).winners] == vote["official"]["winners"]


def read_debian(text: str) -> tuple[tuple[str, ...], ...]:
    ranks = sorted({rank for rank in text if rank != "-"})
    return tuple(tuple(str(i) for i, given in enumerate(text, start=1) if given == rank) for rank in ranks)


def keep(groups: tuple[tuple[str, ...], ...], standing: list[str]) -> tuple[tuple[str, ...], ...]:
    return tuple(filter(None, (tuple(name for name in group if name in standing) for group in groups)))


def test_borda_gives_places_their_points_and_shares_them_among_equals():
    found = borda("abc", ballots(abc=2, c_ab=1, b=1))
    # abc twice: a 4, b 2 · c=a then b: a 1.5, c 1.5 · b alone: b 2, a and c 0.5 each
    assert found.rounds[0]["points"] == {"a": "6", "b": "4", "c": "2"}
    assert found.order == (("a",), ("b",), ("c",))


def test_borda_takes_a_scale_of_its_own_with_nothing_after_it():
    found = borda("abcd", ballots(abcd=1, bacd=1), [5, 3, 1])
    assert found.rounds[0] == {"points": {"a": "8", "b": "8", "c": "2", "d": "0"}, "scale": [5, 3, 1, 0]}
    assert found.winners == ("a", "b")


def test_instant_run_off_moves_ballots_on_and_shows_every_round():
    found = irv("abc", ballots(abc=4, bca=3, cba=2))
    assert found.winners == ("b",)
    assert found.order == (("b",), ("a",), ("c",))
    assert [each["votes"] for each in found.rounds] == [{"a": "4", "b": "3", "c": "2"}, {"a": "4", "b": "5"}]
    assert found.rounds[0]["eliminated"] == ["c"]


def test_a_ballot_that_ranks_nobody_left_is_exhausted_and_leaves_the_majority():
    found = irv("abc", ballots(a=4, b=3, c=2))
    assert (found.winners, found.rounds[-1]["exhausted"], found.rounds[-1]["majority"]) == (("a",), 2, "3.5")


def test_a_tie_for_the_last_place_is_followed_both_ways():
    found = irv("abc", ballots(abc=4, bac=3, cba=3))
    assert found.winners == ("a", "b")
    assert found.rounds[-1]["tied"] == ["b", "c"]
    assert found.rounds[-1]["branches"] == [
        {"eliminated": "b", "winners": ["a"]},
        {"eliminated": "c", "winners": ["b"]},
    ]


def test_a_tie_for_the_last_place_that_changes_nothing_has_one_winner():
    found = irv("abc", ballots(abc=4, bac=3, cab=3))
    assert (found.winners, found.order) == (("a",), (("a",), ("b", "c")))


def test_those_who_together_cannot_reach_the_next_leave_together():
    found = irv("abcd", ballots(ab=5, ba=4, c=1, d=1))
    assert found.rounds[0]["eliminated"] == ["c", "d"]
    assert found.order == (("a",), ("b",), ("c", "d"))


def test_ties_too_deep_to_follow_are_refused_and_not_guessed(monkeypatch):
    monkeypatch.setattr(ranking, "MAX_BRANCHES", 5)
    with pytest.raises(Invalid):
        irv("abcd", ballots(abcd=1, bcda=1, cdab=1, dabc=1))


def test_a_run_off_of_two_can_overturn_the_first_round():
    found = plurality_rounds("abc", ballots(abc=4, bca=3, cba=2), keep=2)
    assert (found.winners, len(found.rounds)) == (("b",), 2)


def test_more_than_half_at_once_needs_no_second_round():
    assert len(plurality_rounds("abc", ballots(abc=5, bca=2, cba=2), keep=2).rounds) == 1


def test_a_tie_for_the_last_place_of_a_run_off_stops_the_count():
    found = plurality_rounds("abc", ballots(abc=4, bca=3, cba=3), keep=2)
    assert (found.winners, found.rounds[0]["tied"]) == (("a", "b", "c"), ["b", "c"])


def test_without_a_limit_rounds_of_one_choice_are_an_instant_run_off():
    profile = ballots(abc=4, bca=3, cba=2)
    assert plurality_rounds("abc", profile) == irv("abc", profile)


@pytest.mark.parametrize("rule", [borda, schulze, irv, lambda c, b: plurality_rounds(c, b, keep=2)])
def test_nobody_voting_elects_nobody(rule):
    found = rule("ab", ballots(ab=0))
    assert (found.winners, found.order) == ((), (("a", "b"),))


def test_ballots_that_name_a_stranger_or_one_twice_are_named():
    bad = [RankedBallot(1, (("a",), ("a",))), RankedBallot(-1, (("z",),))]
    assert [str(each) for each in problems_with(bad, "aa")] == [
        "The list of candidates names one twice.",
        "Ballot 1 ranks one candidate twice.",
        "Ballot 2: its count is below zero.",
        "Ballot 2 ranks “z”, who is not a candidate.",
    ]


@pytest.mark.parametrize(
    ("number", "text"),
    [(Fraction(3), "3"), (Fraction(15, 2), "7.5"), (Fraction(-1, 8), "-0.125"), (Fraction(22, 3), "22/3"), (7, "7")],
)
def test_a_number_is_written_without_loss(number, text):
    assert exact(number) == text


@pytest.mark.parametrize(
    ("votes", "keep", "found"),
    [
        ({"a": 4, "b": 3, "c": 2}, None, (("a", "b"), ())),
        ({"a": 4, "b": 2, "c": 2}, None, (("a",), ("b", "c"))),
        ({"a": 4, "b": 3, "c": 2}, 2, (("a", "b"), ())),
        ({"a": 4, "b": 2, "c": 2}, 2, (("a",), ("b", "c"))),
        ({"a": 4, "b": 2}, 5, (("a", "b"), ())),
    ],
)
def test_who_goes_on_to_the_next_real_round(votes, keep, found):
    assert next_round(votes, keep=keep) == found


def test_real_rounds_go_on_until_somebody_has_more_than_half():
    first = {"a": 4, "b": 3, "c": 2}
    waiting = rounds_of_voting.count([first], VoteRule())
    assert (waiting["winners"], waiting["next"]) == ([], {"goes_on": ["a", "b"], "tied": []})
    done = rounds_of_voting.count([first, {"a": 4, "b": 5}], VoteRule())
    assert (done["winners"], done["order"]) == (["b"], [["b"], ["a"], ["c"]])
    strange = rounds_of_voting.count([first, {"a": 4, "c": 5}], VoteRule())
    assert (len(strange["rounds"]), str(strange["why"][0])) == (1, "Round 2 should not have been held among these: c.")


def test_real_rounds_can_ask_for_more_than_half():
    two_thirds = VoteRule(share=Share(Fraction(2, 3), Base.VALID))
    assert rounds_of_voting.count([{"a": 5, "b": 4}], two_thirds)["winners"] == []
    assert rounds_of_voting.count([{"a": 6, "b": 3}], two_thirds)["winners"] == ["a"]


def test_a_run_off_keeps_no_more_than_there_are():
    assert plurality_rounds("ab", ballots(ab=2, ba=2), keep=5).winners == ("a", "b")


def test_all_who_are_left_win_when_no_ballot_ranks_any_of_them():
    found = irv("abcd", ballots(a=3, b=3))
    assert found.winners == ("a", "b")
    deep = irv("abcd", [*ballots(a=2, b=2), RankedBallot(1, (("c", "d"),))])
    assert set(deep.winners) == {"a", "b"}
