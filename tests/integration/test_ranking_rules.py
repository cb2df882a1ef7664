"""What a rubric may say about the whole round: places compared, caps on successes, leniency taken off."""

import pytest
from sqlalchemy import select

from evaluator.core.db import db, transaction
from evaluator.policy import SYSTEM
from evaluator.reviews.explanations import queries as explanations
from evaluator.reviews.locking import queries as locking
from evaluator.reviews.models import LockedOutcome, ScoreResult, Scoring, Standing
from evaluator.reviews.results import service as results
from evaluator.rounds.models import Round
from evaluator.rounds.service import digest
from evaluator.rules.calendar import Phase
from evaluator.rules.procedure import Calibrate, Cap, Class, Combine, LeastSheets, Per, Ranking
from evaluator.rules.roles import Role
from evaluator.rules.rubric_document import as_document
from tests.factories import START, a_round, actor_of, an_account
from tests.factories_reviews import a_dossier_for, reviewers_of, sign
from tests.rubric_builder import a_rubric, numeric

CLASSES = (
    Class(key="first", label="Giải nhất", at_least=8000),
    Class(key="second", label="Giải nhì", at_least=5000),
    Class(key="none", label="Không xếp giải", at_least=0, passes=False),
)


@pytest.fixture
def secretary(app):
    return an_account(Role.SECRETARY)


def a_round_of(**rubric):
    """A round in review whose reviewers mark one criterion of a hundred points."""
    document = as_document(a_rubric(numeric(maximum=100), **rubric))
    in_round = a_round(phase=Phase.REVIEW)
    in_round.rubric = document
    in_round.digest = digest(in_round)
    db.session.commit()
    return in_round


def marked(in_round, reviewers, *totals, field="Y tế"):
    """A dossier with a signed sheet of each reviewer."""
    initiative = a_dossier_for(*reviewers, in_round=in_round)
    initiative.field = field
    db.session.commit()
    for reviewer, total in zip(reviewers, totals, strict=True):
        sign(initiative, reviewer, {"a": str(total)})
    return initiative


def rank(in_round):
    with transaction():
        results.rank(db.session.get_one(Round, in_round.id), by=SYSTEM, now=START)
    db.session.expire_all()


def close(in_round):
    with transaction():
        results.close(db.session.get_one(Round, in_round.id), by=SYSTEM, now=START)
    db.session.expire_all()


def row_of(initiative):
    return db.session.scalar(select(ScoreResult).where(ScoreResult.initiative_id == initiative.id))


def told(initiative, in_round, actor, *parts):
    explained = explanations.for_council(initiative.code, in_round, actor=actor_of(actor))
    return [str(line.text) for line in explained.part(*parts)]


def test_a_cap_full_of_its_field_turns_a_dossier_away_in_list_explanation_and_lock(secretary):
    in_round = a_round_of(classes=CLASSES, caps=(Cap(most=1, per=Per.FIELD),))
    reviewers = reviewers_of(in_round, 1)
    best, second, other = (
        marked(in_round, reviewers, points, field=field)
        for points, field in ((90, "Y tế"), (85, "Y tế"), (60, "Giáo dục"))
    )
    close(in_round)

    assert [row_of(each).standing for each in (best, second, other)] == [
        Standing.PASSED,
        Standing.FAILED,
        Standing.PASSED,
    ]
    assert [row_of(each).rank for each in (best, second, other)] == [1, 2, 3]
    assert told(second, in_round, secretary, "result") == [
        "Result: “Không xếp giải”.",
        "At most 1 of a field can succeed, and those ranked before it have.",
        "The conditions are met, but no place was left.",
    ]
    kept = {row.initiative_id: (row.class_key, row.passed) for row in db.session.scalars(select(LockedOutcome))}
    assert kept == {best.id: ("first", True), second.id: ("none", False), other.id: ("second", True)}
    assert locking.not_as_locked() == []


def test_a_lock_seals_what_the_caps_left(secretary):
    sealed = []
    for most in (1, 2):
        in_round = a_round_of(classes=CLASSES, caps=(Cap(most=most),))
        reviewers = reviewers_of(in_round, 1)
        marked(in_round, reviewers, 90)
        marked(in_round, reviewers, 85)
        close(in_round)
        (lock,) = locking.locks(in_round, actor=actor_of(secretary))
        sealed.append(lock.digest)

    assert len(set(sealed)) == 2


def test_places_decide_the_rank_and_are_told_and_a_missing_sheet_leaves_a_dossier_without(secretary):
    in_round = a_round_of(ranking=Ranking.PLACEMENT)
    reviewers = reviewers_of(in_round, 3)
    favourite = marked(in_round, reviewers, 60, 60, 10)
    mean = marked(in_round, reviewers, 50, 50, 95)
    lacking = marked(in_round, reviewers[:2], 99, 99)
    rank(in_round)

    assert [row_of(each).rank for each in (favourite, mean, lacking)] == [1, 2, None]
    assert told(favourite, in_round, secretary, "rank") == [
        "Rank 1.",
        "2 of 3 reviewers placed it 1 or better; these places add up to 2.",
    ]
    assert told(lacking, in_round, secretary, "rank") == [
        "It has no rank: ranking by places needs a sheet of each of the 3 reviewers."
    ]


def test_leniency_is_measured_first_kept_with_the_round_and_taken_off_every_sheet(secretary):
    in_round = a_round_of(steps=(LeastSheets(count=1), Calibrate(fewest=4)), combine=Combine())
    mild, strict, third = reviewers_of(in_round, 3)
    dossiers = [marked(in_round, (mild, strict, third), base + 10, base - 10, base) for base in (40, 50, 60, 70)]
    # One that only the mild one read: on its own total it would look better than it is.
    alone = marked(in_round, (mild,), 80)
    rank(in_round)

    summary = db.session.scalar(select(Scoring.summary).where(Scoring.round_id == in_round.id))
    taken_off = summary["leniencies"]
    assert summary["leniency_doubt"] is None
    assert (taken_off[str(mild.id)], taken_off[str(strict.id)]) == (1000, -1000)
    assert [row_of(each).score for each in dossiers] == ["40", "50", "60", "70"]
    assert row_of(alone).score == "70"
    assert "Sheet of" in told(alone, in_round, secretary, "sheet")[0]
    assert told(alone, in_round, secretary, "sheet")[0].endswith(
        "80 points — 80 as given; corrected by the reviewer's leniency to 70."
    )


def test_where_leniency_may_be_chance_the_totals_stay_as_given(secretary):
    in_round = a_round_of(steps=(Calibrate(fewest=4),))
    one, other = reviewers_of(in_round, 2)
    alone = marked(in_round, (one, other), 80, 70)
    rank(in_round)

    assert row_of(alone).score == "75"
    assert told(alone, in_round, secretary, "step")[0] == (
        "The totals stay as they were given. A reviewer has only 1 sheets; at least 4 each are needed."
    )
