"""Stories: which claims are linked, by keys that depend on one claim alone."""

from collections import defaultdict
from datetime import date
from itertools import combinations, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.extraction.types import Frame, Moment, Span
from reviews.matching import MatchClaim, is_same_story, keys_of, match, match_story
from reviews.matching.stories import day_of, stories_of
from tests.reviews.matching.tellings import STORIES, claim

EVERY_CLAIM = [
    MatchClaim(f"{name}-{each.id}", f"{name}-{each.article}", each.outlet, each.published_at, each.claim)
    for name, story in STORIES.items()
    for each in story
]


def ids(stories: list[list[MatchClaim]]) -> set[frozenset[str]]:
    return {frozenset(each.id for each in story) for story in stories}


def test_stories_of_mixed_claims_are_the_stories_they_were_told_in():
    found = ids(stories_of(EVERY_CLAIM))

    assert found == {
        frozenset(each.id for each in EVERY_CLAIM if each.id.startswith(name)) for name in STORIES
    }


def test_keys_are_few_signed_numbers_of_64_bits():
    for each in EVERY_CLAIM:
        keys = keys_of(each)
        assert len(keys) <= 40
        assert all(-(2**63) <= key < 2**63 for key in keys)


def test_keys_do_not_change_from_one_process_to_the_next():
    assert sorted(keys_of(claim("The barge Wellaby sank off Skarholm.")))[0] == -8072542321508871684


def test_linked_claims_share_a_key():
    linked = [pair for pair in combinations(EVERY_CLAIM, 2) if is_same_story(*pair)]

    assert linked
    assert all(keys_of(one) & keys_of(other) for one, other in linked)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (
            claim("The barge Wellaby sank off Skarholm."),
            claim("Divers found the Wellaby near Skarholm.", article="b"),
            True,
        ),
        (
            claim("The barge Wellaby sank off Skarholm."),
            claim("The Wellaby left Skarholm.", article="b", on="2024-06-20"),
            False,
        ),
        (
            claim("Police arrested two people at a protest."),
            claim("Police arrested nine people at a protest.", article="b"),
            False,
        ),
        (claim("Skarholm has a harbour."), claim("Skarholm has a school.", article="b"), False),
        (
            claim("Since the war began, Karsan and Velmora have been shelled."),
            claim("Since the war began, Karsan and Velmora have been shelled.", article="b"),
            False,
        ),
        (claim("A fire broke out in Dorrimore."), claim("The fire was put out.", at=3000), True),
        (claim("A fire broke out in Dorrimore."), claim("Rain is expected.", at=3000), False),
    ],
)
def test_is_same_story_needs_rare_terms_within_days_or_one_passage(one, other, expected):
    assert (is_same_story(one, other), is_same_story(other, one)) == (expected, expected)


def test_day_of_is_the_day_told_of_unless_it_is_long_past():
    told = Moment("3 May 2024", Span(0, 1), date(2024, 5, 3), date(2024, 5, 3))
    past = Moment("2011", Span(0, 1), date(2011, 1, 1), date(2011, 12, 31))

    days = [day_of(claim("It sank.", on="2024-05-06", frame=Frame(time=time))) for time in (told, past, None)]

    assert days == [date(2024, 5, 3), date(2024, 5, 6), date(2024, 5, 6)]


@settings(max_examples=25, deadline=None)
@given(order=st.permutations(EVERY_CLAIM), cuts=st.lists(st.integers(0, len(EVERY_CLAIM)), max_size=6))
def test_claims_in_any_order_and_any_batches_give_the_same_questions(order, cuts):
    """As a database does it: it keeps keys and each claim's story, and matches anew what new claims touch."""
    story_of: dict[str, int] = {}
    members: dict[int, list[MatchClaim]] = {}
    index: dict[int, set[str]] = defaultdict(set)
    known = {each.id: each for each in order}
    questions: dict[int, list[dict[str, object]]] = {}
    edges = sorted({0, len(order), *cuts})

    for first, last in pairwise(edges):
        touched = set()
        for number, new in enumerate(order[first:last], start=first):
            candidates = {other for key in keys_of(new) for other in index[key]}
            joined = {story_of[other] for other in candidates if is_same_story(new, known[other])}
            members[number] = [new, *(each for story in sorted(joined) for each in members.pop(story))]
            story_of |= dict.fromkeys([each.id for each in members[number]], number)
            for key in keys_of(new):
                index[key].add(new.id)
            touched = (touched - joined) | {number}
        questions = {story: found for story, found in questions.items() if story in members}
        questions |= {story: [each.as_json() for each in match_story(members[story])] for story in touched}

    expected = [question.as_json() for question in match(EVERY_CLAIM)]
    assert sorted(map(str, (each for found in questions.values() for each in found))) == sorted(
        map(str, expected)
    )
