"""What the page of a speaker tells of how reliable they usually are, and where it is said."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claims.models import Speaker
from reviews.models import SpeakerReliability
from tests.factories import (
    NOW,
    ClaimFactory,
    SourcingMarkFactory,
    SpeakerFactory,
    SpeakerReliabilityFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def reviewer(client: Client) -> Client:
    client.force_login(UserFactory(username="ann", is_staff=True, roles=["reviewer"]))
    return client


def words(response: Any) -> str:
    return " ".join(response.content.decode().split())


def said_of(speaker: Speaker, client: Client, **given: str) -> Any:
    where = reverse("admin:reviews_speaker_set_reliability", args=[speaker.pk])
    return client.post(where, {"reliability": "B", "since": "2017-01-01", "reason": "Borne out."} | given)


def test_speaker_page_has_what_was_ever_said_of_their_reliability(reviewer: Client) -> None:
    speaker = SpeakerFactory()
    SpeakerReliabilityFactory(speaker=speaker, reliability="C", superseded_at=NOW, reason="Too hasty.")
    SpeakerReliabilityFactory(speaker=speaker, reliability="B", reason="Borne out <b>twice</b>.")
    SpeakerReliabilityFactory(speaker=speaker, reliability="D", since=date(2017, 5, 1), reason="Wrong since.")

    page = words(reviewer.get(speaker.get_absolute_url()))

    assert "<strong>D - not usually reliable</strong>" in page
    for said in (
        "<strong>D</strong> since 1 May 2017: “Wrong since.”",
        "<strong>B</strong> since 1 Jan 2017: “Borne out &lt;b&gt;twice&lt;/b&gt;.”",
        '<strong>C</strong> since 1 Jan 2017 <span class="cc-badge">superseded</span>: “Too hasty.”',
    ):
        assert said in page


def test_speaker_page_says_that_nobody_judged_them(reviewer: Client) -> None:
    assert "F: nobody has judged it yet." in words(reviewer.get(SpeakerFactory().get_absolute_url()))


def test_speaker_page_has_the_marks_that_differ(reviewer: Client) -> None:
    usual = SpeakerReliabilityFactory(reliability="B")
    for grade, reason in (("B", ""), ("D", "Not there at the time.")):
        claim = ClaimFactory(speaker=usual.speaker)
        SourcingMarkFactory(claim=claim, reliability=grade, reliability_reason=reason)

    page = reviewer.get(usual.speaker.get_absolute_url())

    assert [mark.reliability for mark in page.context["deviating"]] == ["D"]
    assert "D, usually B" in words(page)
    assert "“Not there at the time.”" in words(page)


def test_speaker_page_takes_as_many_queries_for_three_marks_as_for_one(reviewer: Client) -> None:
    speaker = SpeakerFactory()

    def count() -> int:
        claim = ClaimFactory(speaker=speaker)
        SourcingMarkFactory(claim=claim, reliability="B")
        SpeakerReliabilityFactory(speaker=speaker, since=date(2018, 1, claim.pk % 28 + 1))
        with CaptureQueriesContext(connection) as queries:
            reviewer.get(speaker.get_absolute_url())
        return len(queries)

    with_one = count()
    count()

    assert count() == with_one


def test_reliability_is_said_on_the_page(reviewer: Client) -> None:
    speaker = SpeakerFactory()

    answer = said_of(speaker, reviewer)

    assert (answer.status_code, answer["Location"]) == (302, speaker.get_absolute_url())
    said = SpeakerReliability.objects.get()
    assert (said.speaker, said.reliability, said.since, said.reason, said.set_by.username) == (
        speaker,
        "B",
        date(2017, 1, 1),
        "Borne out.",
        "ann",
    )


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"reason": ""}, "This field is required."),
        ({"since": "2999-01-01"}, "That day has not come"),
        ({"reliability": "G"}, "Select a valid choice."),
    ],
)
def test_reliability_that_is_refused_says_why_and_keeps_what_was_typed(
    reviewer: Client, given: dict[str, str], why: str
) -> None:
    page = said_of(SpeakerFactory(), reviewer, **given)

    assert page.status_code == 422
    assert why in words(page)
    assert '<details class="cc-rate" open>' in words(page)
    assert not SpeakerReliability.objects.exists()


def test_reliability_is_not_said_by_viewers(client: Client) -> None:
    client.force_login(UserFactory(is_staff=True, roles=["viewer"]))
    speaker = SpeakerFactory()

    assert "cc-rate" not in words(client.get(speaker.get_absolute_url()))
    assert said_of(speaker, client).status_code == 403
    assert not SpeakerReliability.objects.exists()


def test_reliability_is_said_by_post_only_and_of_a_speaker_there_is(reviewer: Client) -> None:
    where = reverse("admin:reviews_speaker_set_reliability", args=[SpeakerFactory().pk])

    assert reviewer.get(where).status_code == 405
    assert said_of(Speaker(pk=999_999), reviewer).status_code == 404
