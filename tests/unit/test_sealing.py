"""The sealed ballot as data: one way to write each ballot, read strictly; hashes that stay what they are."""

import pytest

from evaluator.rules import sealing
from evaluator.rules.sealing import Flaw, Flawed, Kind, Part
from evaluator.rules.vote_rule import VoteRule

POLL = "ab" * 32
ITEM = Part(7, Kind.YES_NO, (7,))
LIST = Part(0, Kind.CHOOSE, (1, 2, 3), 2)
EXACT = Part(0, Kind.CHOOSE, (1, 2, 3), 2, exactly=True)
RANKS = Part(0, Kind.RANK, (1, 2, 3))


def test_a_ballot_is_written_in_one_form_of_one_length():
    plain = sealing.written(POLL, 7, "yes", pad=256)

    filled = b'{"choice":"yes","part":7,"poll":"' + POLL.encode() + b'","v":1}'
    assert plain == filled.ljust(256, b"\0")
    assert {len(sealing.written(POLL, 7, each, pad=256)) for each in ("yes", "no", "abstain")} == {256}
    with pytest.raises(ValueError, match="does not fit"):
        sealing.written(POLL, 7, "yes" * 200, pad=256)


def test_hashes_are_the_ones_the_browser_and_the_verifier_know():
    assert sealing.commitment("00" * 16, ["bb", "aa"]) == (
        "d4986e385fddcc7365912ddcc3146334a642af318c9e6110ae8c39c4697fa394"
    )
    assert sealing.list_hash(["bb", "aa"]) == sealing.list_hash(["aa", "bb"]) != sealing.list_hash(["aa", "bb"], "salt")


@pytest.mark.parametrize(
    ("part", "choice"),
    [
        (ITEM, "yes"), (ITEM, "no"), (ITEM, "abstain"),
        (LIST, []), (LIST, [1]), (LIST, [1, 3]), (EXACT, []), (EXACT, [2, 3]),
        (RANKS, []), (RANKS, [[2], [1, 3]]), (RANKS, [[3]]),
    ],
)  # fmt: skip
def test_a_ballot_that_was_written_is_read(part, choice):
    plain = sealing.written(POLL, part.number, choice, pad=256)

    assert sealing.read(plain, poll_hash=POLL, part=part, pad=256) == (choice, "")


@pytest.mark.parametrize(
    ("part", "choice", "flaw"),
    [
        (ITEM, "maybe", Flaw.CHOICE), (ITEM, ["yes"], Flaw.CHOICE), (ITEM, None, Flaw.CHOICE), (ITEM, True, Flaw.CHOICE),
        (LIST, [4], Flaw.CHOICE), (LIST, [1, 1], Flaw.CHOICE), (LIST, [2, 1], Flaw.FORM), (LIST, [True], Flaw.CHOICE),
        (LIST, [1, 2, 3], Flaw.TOO_MANY), (EXACT, [1], Flaw.TOO_FEW), (LIST, "1", Flaw.CHOICE), (LIST, ["1"], Flaw.CHOICE),
        (RANKS, [[1], [1]], Flaw.CHOICE), (RANKS, [1, 2], Flaw.CHOICE), (RANKS, [[]], Flaw.CHOICE), (RANKS, [[2, 1]], Flaw.FORM),
        (RANKS, [["1"]], Flaw.CHOICE), (RANKS, {"1": 1}, Flaw.CHOICE),
    ],
)  # fmt: skip
def test_what_is_no_choice_is_a_flaw_with_its_reason(part, choice, flaw):
    plain = sealing.written(POLL, part.number, choice, pad=256)
    with pytest.raises(Flawed) as flawed:
        sealing.read(plain, poll_hash=POLL, part=part, pad=256)
    assert flawed.value.flaw is flaw


@pytest.mark.parametrize(
    ("plain", "flaw"),
    [
        (sealing.written(POLL, 7, "yes", pad=512), Flaw.LENGTH),
        (sealing.written("cd" * 32, 7, "yes", pad=256), Flaw.OTHER_VOTE),
        (sealing.written(POLL, 8, "yes", pad=256), Flaw.OTHER_VOTE),
        (sealing.written(POLL, 7, "yes", pad=256, tracker="na mít"), Flaw.FORM),
        (f'{{"choice": "yes","part":7,"poll":"{POLL}","v":1}}'.encode().ljust(256, b"\0"), Flaw.FORM),
        (f'{{"choice":"yes","part":7,"poll":"{POLL}","v":true}}'.encode().ljust(256, b"\0"), Flaw.FORM),
        (f'{{"choice":"no","choice":"yes","part":7,"poll":"{POLL}","v":1}}'.encode().ljust(256, b"\0"), Flaw.FORM),
        (sealing.written(POLL, 7, "yes", pad=256)[:-1] + b"\1", Flaw.FORM),
        (b"\xff" * 256, Flaw.FORM),
        (bytes(256), Flaw.FORM),
        (b"[" * 256, Flaw.FORM),
        (b"1e999".ljust(256, b"\0"), Flaw.FORM),
    ],
)
def test_a_ballot_of_another_form_or_vote_is_a_flaw_with_its_reason(plain, flaw):
    with pytest.raises(Flawed) as flawed:
        sealing.read(plain, poll_hash=POLL, part=ITEM, pad=256)
    assert flawed.value.flaw is flaw


def test_words_beside_a_ballot_are_demanded_where_they_are_shown():
    plain = sealing.written(POLL, 7, "no", pad=256, tracker="na mít khế sen")

    assert sealing.read(plain, poll_hash=POLL, part=ITEM, pad=256, tracked=True) == ("no", "na mít khế sen")
    for tracker in (None, "", "x" * 65):
        with pytest.raises(Flawed):
            sealing.read(
                sealing.written(POLL, 7, "no", pad=256, tracker=tracker),
                poll_hash=POLL,
                part=ITEM,
                pad=256,
                tracked=True,
            )


def test_each_item_is_a_part_of_its_own_and_a_list_is_one():
    yes_no = VoteRule.from_document({"threshold": [1, 2]})
    choose = VoteRule.from_document({"method": "choose", "k": 2, "exactly": True})
    rounds = VoteRule.from_document({"method": "plurality-rounds"})
    ranked = VoteRule.from_document({"method": "borda"})

    assert sealing.parts_of(yes_no, [3, 5]) == [Part(3, Kind.YES_NO, (3,)), Part(5, Kind.YES_NO, (5,))]
    assert sealing.parts_of(choose, [3, 5]) == [Part(0, Kind.CHOOSE, (3, 5), 2, exactly=True)]
    assert sealing.parts_of(rounds, [3, 5]) == [Part(0, Kind.CHOOSE, (3, 5), 1)]
    assert sealing.parts_of(ranked, [3, 5]) == [Part(0, Kind.RANK, (3, 5))]
    assert all(Part.from_document(part.as_document()) == part for part in (ITEM, LIST, EXACT, RANKS))


def test_the_padding_holds_the_longest_ballot_and_grows_by_steps():
    assert sealing.pad_for([ITEM], tracked=False) == 256
    many = Part(0, Kind.RANK, tuple(range(1, 101)))
    longest = [[option] for option in many.options]

    assert sealing.pad_for([many], tracked=True) == 768
    assert len(sealing.written(POLL, 0, longest, pad=768, tracker="w" * 64)) == 768
    assert sealing.sealed_length(256, 2) == 256 + 2 * 81


def test_only_rules_that_count_ballot_by_ballot_need_them():
    needing = [
        sealing.needs_ballots(VoteRule.from_document(each))
        for each in (
            {"method": "irv"},
            {"method": "borda", "points": [3, 1]},
            {"method": "borda"},
            {"method": "schulze"},
        )
    ]
    assert needing == [True, True, False, False]
