"""Two countings, written twice and sharing no code, agree on whatever vote there is."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from evaluator import verifier
from evaluator.rules import ranked_choice, rounds_of_voting
from evaluator.rules.choosing import choose, draw_lots
from evaluator.rules.ranking import RankedBallot
from evaluator.rules.vote_rule import Base, Compare, Method, Quorum, Share, Tie, VoteRule
from evaluator.rules.voting import Attendance, Counts, Verdict, decide

ROLES = ["chair", "vice", "secretary", "critic"]
SHARES = st.builds(
    lambda a, b, of, compare: Share(Fraction(min(a, b), max(a, b)), of, compare),
    st.integers(1, 9), st.integers(1, 9), st.sampled_from(Base), st.sampled_from(Compare),
)  # fmt: skip
QUORUMS = st.lists(
    st.builds(
        Quorum,
        SHARES.filter(lambda share: share.of not in {Base.VALID, Base.YES_NO}),
        st.lists(st.lists(st.sampled_from(ROLES), min_size=1, max_size=2).map(tuple), max_size=2).map(tuple),
    ),
    max_size=2,
).map(tuple)
STATUSES = st.lists(st.sampled_from(["entitled", "entitled", "entitled", "recused", "absent"]), min_size=1, max_size=12)


def a_poll(rule: VoteRule, statuses, roles, papers, lines) -> dict:
    """A counted paper ballot in the form of the evidence; its result is what our counting says."""
    roll = [{"seat": seat, "name": "", "status": status} for seat, status in enumerate(statuses, start=1)]
    definition = {
        "poll": 1, "mode": "paper", "rule": rule.as_document(), "roles": roles, "roll": roll,
        "parts": [{"part": part} for part in lines],
    }  # fmt: skip
    totals = {**papers, "causes": {}, "lines": {str(part): list(line) for part, line in lines.items()}}
    return {
        "definition": definition,
        "papers": totals,
        "votes": [],
        "result": [{"part": p, "casting": None} for p in lines],
    }


@st.composite
def paper_votes(draw, rules):
    rule, statuses = draw(rules), draw(STATUSES)
    roles = draw(st.lists(st.sampled_from(ROLES), unique=True))
    entitled = statuses.count("entitled")
    returned = draw(st.integers(0, entitled))
    invalid = draw(st.integers(0, returned))
    blank = draw(st.integers(0, returned - invalid))
    valid = returned - invalid - blank
    issued = draw(st.sampled_from([entitled, max(0, returned - 1), max(0, returned - 2)]))  # sometimes a surplus
    lines = {}
    for part in range(1, draw(st.integers(1, 5)) + 1):
        yes = draw(st.integers(0, valid))
        no = draw(st.integers(0, valid - yes))
        lines[part] = (yes, no, valid - yes - no)
    papers = {"issued": issued, "returned": returned, "valid": valid, "blank": blank, "invalid": invalid}
    poll = a_poll(rule, statuses, roles, papers, lines)
    there = Attendance(len(statuses), entitled, frozenset(roles))
    counts = [
        Counts(
            str(part),
            *line,
            blank=blank,
            invalid=invalid,
            issued=issued,
            returned=returned,
            recused=statuses.count("recused"),
        )
        for part, line in lines.items()
    ]
    return rule, poll, there, counts


THRESHOLDS = st.builds(
    VoteRule,
    share=SHARES,
    quorums=QUORUMS,
    chair_casts=st.booleans(),
    min_yes=st.none() | st.integers(0, 6) | SHARES,
    blank_is_valid=st.booleans(),
)
LISTS = st.builds(
    VoteRule,
    method=st.just(Method.CHOOSE),
    share=st.none() | SHARES,
    quorums=QUORUMS,
    k=st.integers(1, 4),
    tie=st.sampled_from([Tie.RUNOFF, Tie.TAKE_ALL, Tie.TAKE_NONE]),
)


@given(paper_votes(THRESHOLDS))
def test_the_verifier_decides_items_as_the_service_does(case):
    rule, poll, there, counts = case
    ours = [(o.base, o.needed, str(o.verdict)) for o in (decide(rule, each, there) for each in counts)]
    theirs = [(line["base"], line["needed"], line["verdict"]) for line in verifier.counted(poll)]
    assert theirs == ours


@given(paper_votes(LISTS))
def test_the_verifier_chooses_from_lists_as_the_service_does(case):
    rule, poll, there, counts = case
    choice = choose(rule, counts, there)
    theirs = verifier.counted(poll)
    assert {str(line["part"]) for line in theirs if line["verdict"] == "passed"} == set(choice.chosen)
    assert {str(line["part"]) for line in theirs if line["tied"]} == set(choice.tied)
    filtered = {outcome.id: str(outcome.verdict) for outcome in choice.outcomes}
    if not choice.chosen and not choice.tied and str(Verdict.NO_DECISION) in filtered.values():
        assert {line["verdict"] for line in theirs} == {"no-decision"}


# --- rounds and rankings ------------------------------------------------------------------------

ROUNDS = st.builds(
    VoteRule,
    method=st.just(Method.PLURALITY_ROUNDS),
    share=SHARES.filter(lambda share: share.of is not Base.YES_NO),
    quorums=QUORUMS,
    keep=st.none() | st.integers(2, 3),
    blank_is_valid=st.booleans(),
)
RANKINGS = st.builds(
    VoteRule,
    method=st.sampled_from([Method.BORDA, Method.SCHULZE, Method.IRV]),
    quorums=QUORUMS,
    k=st.none() | st.integers(1, 3),
    tie=st.sampled_from([Tie.RUNOFF, Tie.TAKE_ALL, Tie.TAKE_NONE, Tie.LOT]),
    points=st.none() | st.just((5, 3, 1)),
)


@given(ROUNDS, STATUSES, st.lists(st.integers(0, 3), min_size=2, max_size=4), st.integers(0, 2), st.integers(0, 2))
def test_the_verifier_holds_rounds_as_the_service_does(rule, statuses, picked, blank, invalid):
    valid = sum(picked)
    papers = {"issued": 9, "returned": valid + blank + invalid, "valid": valid, "invalid": invalid, "blank": blank}
    lines = {part: (yes, valid - yes, 0) for part, yes in enumerate(picked, start=1)}
    poll = a_poll(rule, statuses, ["chair"], papers, lines)
    there = Attendance(len(statuses), statuses.count("entitled"), frozenset(["chair"]))
    numbers = Counts("", blank=blank, invalid=invalid, recused=statuses.count("recused"))
    held = rounds_of_voting.hold({str(part): line[0] for part, line in lines.items()}, rule, there, numbers)
    theirs = verifier.counted(poll)
    assert {line["base"] for line in theirs} == {held.base}
    assert {str(line["part"]) for line in theirs if line["verdict"] == "passed"} == set(filter(None, [held.winner]))
    assert {str(line["part"]) for line in theirs if line["tied"]} == set(held.goes_on)


@given(RANKINGS, STATUSES, st.lists(st.lists(st.integers(0, 4), min_size=4, max_size=4), max_size=9), st.booleans())
def test_the_verifier_ranks_as_the_service_does(rule, statuses, levels, drawn):
    ranked = [
        [[part for part, at in enumerate(each, start=1) if at == level] for level in sorted(set(each) - {4})]
        for each in levels
    ]
    poll = a_poll(rule, statuses, [], {"issued": 9, "returned": len(ranked), "valid": len(ranked), "invalid": 0}, {})
    poll["definition"]["parts"] = [{"part": part} for part in range(1, 5)]
    poll["result"] = [{"part": part, "casting": None} for part in range(1, 5)]
    poll["papers"]["rankings"] = [[1, each] for each in ranked]
    poll["settled"] = {"lot": {"seed": "42"}} if drawn else {}
    there = Attendance(len(statuses), statuses.count("entitled"), frozenset())
    choice = ranked_choice.choose(
        rule,
        ["1", "2", "3", "4"],
        [RankedBallot(1, tuple(tuple(map(str, group)) for group in each)) for each in ranked],
        there,
        recused=statuses.count("recused"),
        seed="42" if drawn else None,
    )
    theirs = verifier.counted(poll)
    assert {str(line["part"]) for line in theirs if line["verdict"] == "passed"} == set(choice.chosen)
    assert {str(line["part"]) for line in theirs if line["tied"]} == set(choice.tied)
    assert [line.get("place") for line in theirs] == [choice.place_of(str(line["part"])) for line in theirs]


@given(st.sets(st.integers(1, 9), min_size=2), st.integers(1, 3), st.text(max_size=8))
def test_the_verifier_draws_the_same_lots(tied, left, seed):
    ours = set(draw_lots(map(str, tied), seed)[:left])
    theirs, still = verifier._settled({"settled": {"lot": {"seed": seed}}}, {"tie": "lot"}, set(), tied, left)
    assert ({str(part) for part in theirs}, still) == (ours, set())
