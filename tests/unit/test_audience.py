"""Who may see what of a result: nothing before the release, nobody beyond the audience, never less afterwards."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluator.core.errors import Invalid
from evaluator.rules.audience import USUAL, Audience, Facet, Opening, Openness, Since

RELEASED = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
PUBLISHED = RELEASED + timedelta(days=10)
NOBODY = dict.fromkeys(Facet, Audience.COUNCIL)
SECOND = timedelta(seconds=1)

openings = st.builds(Opening, st.sampled_from(Audience), st.sampled_from(Since))
opennesses = st.builds(Openness, st.fixed_dictionaries(dict.fromkeys(Facet, openings)))


def at(openness: Openness, now: datetime, *, released_at: datetime | None = RELEASED) -> dict[Facet, Audience]:
    return openness.at(now, released_at=released_at, publication_at=PUBLISHED)


def test_a_round_that_says_nothing_has_what_is_usual():
    assert Openness.from_document(None) == Openness(USUAL)
    assert at(Openness(USUAL), RELEASED)[Facet.RESULT] is Audience.UNITS


@given(opennesses)
def test_what_is_kept_is_read_back(openness):
    assert Openness.from_document(openness.as_document()) == openness


@given(opennesses)
def test_nothing_is_open_before_the_release(openness):
    assert at(openness, RELEASED - SECOND) == NOBODY
    assert at(openness, PUBLISHED, released_at=None) == NOBODY


@given(opennesses)
def test_what_is_open_stays_open(openness):
    early, late = at(openness, RELEASED), at(openness, PUBLISHED)
    assert all(late[facet].holds(early[facet]) for facet in Facet)
    assert late == {facet: opening.audience for facet, opening in openness.openings.items()}


def test_a_facet_of_the_day_of_publication_opens_on_that_day():
    openness = Openness({**USUAL, Facet.RANK: Opening(Audience.AUTHORS, Since.PUBLICATION)})
    assert at(openness, PUBLISHED - SECOND)[Facet.RANK] is Audience.COUNCIL
    assert at(openness, PUBLISHED)[Facet.RANK] is Audience.AUTHORS


@pytest.mark.parametrize("facet", [Facet.POINTS, Facet.RANK, Facet.REASONS])
def test_no_facet_is_known_to_more_people_or_earlier_than_the_result(facet):
    for changed, field in (
        ({facet: Opening(Audience.PUBLIC)}, f"{facet}_audience"),
        (
            {each: Opening(Audience.AUTHORS, Since.PUBLICATION) for each in Facet} | {facet: Opening(Audience.AUTHORS)},
            f"{facet}_since",
        ),
    ):
        with pytest.raises(Invalid) as refused:
            Openness({**USUAL, **changed}).check()
        assert list(refused.value.fields) == [field]
    Openness({**USUAL, facet: Opening(Audience.UNITS)}).check()


@given(opennesses, opennesses)
def test_no_narrower_means_that_everybody_keeps_what_they_know_at_every_moment(mine, theirs):
    moments = (RELEASED, PUBLISHED)
    keeps = all(at(mine, now)[facet].holds(at(theirs, now)[facet]) for now in moments for facet in Facet)
    assert mine.is_no_narrower_than(theirs) == keeps
