"""Marks on the sourcing of claims, and reliabilities of speakers, over REST."""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from reviews.models import SourcingMark, SpeakerReliability
from tests.factories import (
    ClaimFactory,
    PlacementFactory,
    SourcingMarkFactory,
    SpeakerFactory,
    SpeakerReliabilityFactory,
)
from tests.reviews.rows import decide

pytestmark = pytest.mark.django_db
Api = Callable[..., APIClient]
MARK = {
    "identification": "named",
    "access": "eyewitness",
    "directness": "primary",
    "basis": "witnessed",
    "reliability": "B",
    "reliability_reason": "He was there.",
    "credibility": "3",
    "status": "preliminary",
    "note": "Seen from the bridge.",
    "evidence_links": ["https://archive.example/film"],
    "is_withheld": True,
}


def mark(client: APIClient, claim_id: int, body: dict[str, Any], *, seen: object = 0) -> Any:
    return client.post(f"/api/v1/claims/{claim_id}/marks/", body, headers={"If-Match": f'"{seen}"'})


def test_mark_is_made_and_read(api: Api, ann: APIClient) -> None:
    claim = ClaimFactory()

    none = ann.get(f"/api/v1/claims/{claim.pk}/marks/")
    made = mark(ann, claim.pk, MARK)
    read = api("viewer").get(f"/api/v1/claims/{claim.pk}/marks/")

    shown = made.json()
    assert (none.json(), none.headers["ETag"]) == ([], '"0"')
    assert (made.status_code, made.headers["ETag"]) == (201, f'"{shown["id"]}"')
    assert {name: shown[name] for name in MARK} == MARK
    assert (shown["claim"], shown["code"], shown["marked_by"]) == (claim.pk, "B3", ann.user.username)
    assert (read.json(), read.headers["ETag"]) == ([shown], made.headers["ETag"])


def test_mark_that_says_little_is_honest_about_the_rest(ann: APIClient) -> None:
    shown = mark(ann, ClaimFactory().pk, {"identification": "anonymous"}).json()

    assert (shown["code"], shown["access"], shown["status"]) == ("F6", "unknown", "standing")


def test_older_marks_stay_readable(ann: APIClient) -> None:
    old = SourcingMarkFactory()

    new = mark(ann, old.claim_id, {"identification": "anonymous"}, seen=old.pk)

    history = ann.get(f"/api/v1/claims/{old.claim_id}/marks/").json()
    assert [each["id"] for each in history] == [new.json()["id"], old.pk]
    assert [each["superseded_at"] is None for each in history] == [True, False]
    assert [each["marked_by"] for each in history] == [ann.user.username, old.marked_by.username]


def test_mark_that_somebody_made_meanwhile_is_not_overwritten(ann: APIClient) -> None:
    claim = SourcingMarkFactory().claim

    late = mark(ann, claim.pk, MARK)
    without = ann.post(f"/api/v1/claims/{claim.pk}/marks/", MARK)

    assert (late.status_code, without.status_code) == (409, 428)
    assert SourcingMark.objects.count() == 1


def test_mark_that_is_sent_again_changes_nothing(ann: APIClient) -> None:
    claim = ClaimFactory()

    again = [mark(ann, claim.pk, MARK), mark(ann, claim.pk, MARK)]

    assert again[0].json() == again[1].json()
    assert SourcingMark.objects.count() == 1


def test_mark_opens_what_was_decided_on_the_claim(api: Api, ann: APIClient) -> None:
    placement = PlacementFactory()
    decide(placement.question)

    mark(ann, placement.claim_id, MARK)

    question = api("viewer").get(f"/api/v1/questions/{placement.question_id}/").json()
    assert (question["state"], question["round"]) == ("reopened", 2)
    assert "marked anew (B3)" in question["verdict"]["stale_reason"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 400),
        ({"identification": "known"}, 400),
        ({"identification": "named", "reliability": "G"}, 400),
        ({"identification": "named", "truth": 1}, 400),
        ({"identification": "named", "evidence_links": ["https://a.example/"] * 21}, 400),
        ({"identification": "named", "evidence_links": ["javascript:alert(1)"]}, 422),
        ({"identification": "named", "reliability": "A"}, 422),
        ({"identification": "named", "credibility": "1"}, 422),
    ],
)
def test_mark_that_cannot_be_is_refused(ann: APIClient, body: dict[str, Any], status: int) -> None:
    answer = mark(ann, ClaimFactory().pk, body)

    assert (answer.status_code, SourcingMark.objects.count()) == (status, 0)


@pytest.mark.parametrize("role", ["viewer", "ingest manager", "admin"])
def test_marks_are_for_those_who_review(api: Api, role: str) -> None:
    answer = mark(api(role), ClaimFactory().pk, MARK)

    assert (answer.status_code, SourcingMark.objects.count()) == (403, 0)


def test_marks_take_as_many_queries_for_three_as_for_one(
    ann: APIClient, django_assert_num_queries: Any
) -> None:
    claim = ClaimFactory()
    for seen, rounds in ((0, ["named"]), (None, ["anonymous", "described"])):
        for identification in rounds:
            headers = {"If-Match": "*" if seen is None else '"0"'}
            ann.post(f"/api/v1/claims/{claim.pk}/marks/", {"identification": identification}, headers=headers)
        with django_assert_num_queries(4):
            ann.get(f"/api/v1/claims/{claim.pk}/marks/")

    assert SourcingMark.objects.count() == 3


# --- Reliabilities -----------------------------------------------------------------------------


def test_reliability_is_said_from_a_day_on_and_keeps_its_history(api: Api, ann: APIClient) -> None:
    speaker = SpeakerFactory()
    old = SpeakerReliabilityFactory(speaker=speaker)
    address = f"/api/v1/speakers/{speaker.pk}/reliabilities/"
    body = {"reliability": "D", "since": "2017-06-01", "reason": "Three toll figures were wrong."}

    said = [ann.post(address, body) for _ in range(2)]
    anew = ann.post(address, {**body, "since": "2017-01-01"})

    assert [answer.status_code for answer in (*said, anew)] == [201, 201, 201]
    assert said[0].json() == said[1].json()
    history = api("viewer").get(address).json()
    assert [(each["since"], each["reliability"], each["superseded_at"] is None) for each in history] == [
        ("2017-06-01", "D", True),
        ("2017-01-01", "D", True),
        ("2017-01-01", old.reliability, False),
    ]
    assert history[0]["set_by"] == ann.user.username
    assert api("viewer").get(f"/api/v1/speakers/{speaker.pk}/").json()["name"] == speaker.name


@pytest.mark.parametrize(
    ("role", "body", "status"),
    [
        ("viewer", {}, 403),
        ("reviewer", {"reliability": "G"}, 400),
        ("reviewer", {"since": "June"}, 400),
        ("reviewer", {"reason": ""}, 400),
        ("reviewer", {"since": "2999-01-01"}, 422),
    ],
)
def test_reliability_that_cannot_be_is_refused(
    api: Api, role: str, body: dict[str, Any], status: int
) -> None:
    given = {"reliability": "D", "since": "2017-06-01", "reason": "Wrong thrice.", **body}

    answer = api(role).post(f"/api/v1/speakers/{SpeakerFactory().pk}/reliabilities/", given)

    assert (answer.status_code, SpeakerReliability.objects.count()) == (status, 0)
