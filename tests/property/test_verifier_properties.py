"""Two countings, written twice and sharing no code, agree on whatever vote there is."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from evaluator import verifier
from evaluator.rules.choosing import choose
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
    valid = returned - invalid
    lines = {}
    for part in range(1, draw(st.integers(1, 5)) + 1):
        yes = draw(st.integers(0, valid))
        no = draw(st.integers(0, valid - yes))
        lines[part] = (yes, no, valid - yes - no)
    papers = {"issued": entitled, "returned": returned, "valid": valid, "invalid": invalid}
    poll = a_poll(rule, statuses, roles, papers, lines)
    there = Attendance(len(statuses), entitled, frozenset(roles))
    counts = [
        Counts(str(part), *line, invalid=invalid, issued=entitled, returned=returned, recused=statuses.count("recused"))
        for part, line in lines.items()
    ]
    return rule, poll, there, counts


THRESHOLDS = st.builds(
    VoteRule, share=SHARES, quorums=QUORUMS, chair_casts=st.booleans(), min_yes=st.none() | st.integers(0, 6) | SHARES
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
