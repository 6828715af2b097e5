from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from rest_framework.test import APIClient

from reviews.models import Judgement
from tests.factories import (
    NOW,
    ClaimFactory,
    PlacementFactory,
    PositionFactory,
    PositionVerdictFactory,
    QuestionFactory,
    UserFactory,
    VerdictFactory,
)

Api = Callable[..., APIClient]


def found(client: APIClient, name: str, /, **parameters: object) -> list[int]:
    response = client.get(f"/api/v1/{name}/", parameters)
    assert response.status_code == 200, response.content
    return [row["id"] for row in response.json()["results"]]


def test_question_comes_with_its_positions_and_the_claims_confirmed_under_them(api: Api) -> None:
    question = QuestionFactory(
        wording="Where was the jet?", event="Downing of the jet", opened_by__username="ann"
    )
    near, far = (
        PositionFactory(question=question, answer=answer) for answer in ("Near Tabqa", "Near Resafa")
    )
    claims = [ClaimFactory() for _ in range(4)]
    PlacementFactory(position=near, claim=claims[1])
    PlacementFactory(position=near, claim=claims[0])
    PlacementFactory(position=far, claim=claims[2], state="rejected")
    PlacementFactory(
        position=far, claim=claims[3], state="suggested", suggested_by="engine 1", placed_by=None
    )
    PlacementFactory(claim=claims[0])  # under another question too

    row = api("viewer").get(f"/api/v1/questions/{question.pk}/").json()

    assert row == {
        "id": question.pk,
        "wording": "Where was the jet?",
        "slot": "where",
        "event": "Downing of the jet",
        "state": "open",
        "resolution": "open",
        "round": 1,
        "version": 1,
        "merged_into": None,
        "opened_by": "ann",
        "opened_at": "2017-06-20T12:00:00Z",
        "claim_count": 2,
        "outlet_count": 2,
        "positions": [
            {
                "id": near.pk,
                "number": 1,
                "answer": "Near Tabqa",
                "claim_count": 2,
                "claims": [claims[0].pk, claims[1].pk],
            },
            {"id": far.pk, "number": 2, "answer": "Near Resafa", "claim_count": 0, "claims": []},
        ],
        "verdict": None,
        "earlier_verdicts": [],
    }


def test_question_shows_the_verdict_of_its_last_round_and_the_earlier_ones(api: Api) -> None:
    question = QuestionFactory()
    near, far = (PositionFactory(question=question) for _ in range(2))
    VerdictFactory(question=question, round=1, judgement=Judgement.SUPPORTED)
    verdict = VerdictFactory(
        question=question,
        round=2,
        question_version=7,
        decided_by__username="lea",
        stale_at=NOW + timedelta(days=1),
        stale_reason="A new claim.",
    )
    PositionVerdictFactory(verdict=verdict, position=far, judgement=Judgement.REFUTED)
    PositionVerdictFactory(verdict=verdict, position=near, judgement=Judgement.SUPPORTED)
    VerdictFactory()  # of another question

    row = api("viewer").get(f"/api/v1/questions/{question.pk}/").json()

    assert [earlier["judgement"] for earlier in row["earlier_verdicts"]] == ["supported"]
    assert row["verdict"] == {
        "id": verdict.pk,
        "round": 2,
        "question_version": 7,
        "judgement": "conflicting_evidence",
        "positions": [
            {"position": near.pk, "judgement": "supported"},
            {"position": far.pk, "judgement": "refuted"},
        ],
        "rationale": "Two officials contradict each other.",
        "as_of": "2017-06-20T12:00:00Z",
        "decided_by": "lea",
        "decided_at": "2017-06-20T12:00:00Z",
        "stale_at": "2017-06-21T12:00:00Z",
        "stale_reason": "A new claim.",
    }


def make_decided_question() -> None:
    question = QuestionFactory()
    for position in (PositionFactory(question=question), PositionFactory(question=question)):
        PlacementFactory(position=position)
    for round_number in (1, 2):
        PositionVerdictFactory(
            verdict=VerdictFactory(question=question, round=round_number), position=position
        )


def test_questions_with_all_they_carry_take_five_statements(
    api: Api, django_assert_num_queries: Callable
) -> None:
    client = api("viewer")
    make_decided_question()

    with django_assert_num_queries(5):
        assert len(found(client, "questions")) == 1
    make_decided_question()
    make_decided_question()
    with django_assert_num_queries(5):
        assert len(found(client, "questions")) == 3


@pytest.mark.parametrize(
    ("parameters", "wordings"),
    [
        ({"state": "proposed"}, ["Who fired the missiles?"]),
        ({"slot": "who"}, ["Who fired the missiles?"]),
        ({"resolution": "contested"}, ["Where was the jet?"]),
        ({"q": "missile"}, ["Who fired the missiles?"]),
        ({"q": "downing"}, ["Where was the jet?"]),
        ({"q": "jets or missiles"}, ["Who fired the missiles?", "Where was the jet?"]),
        ({"q": "pilot"}, []),
    ],
)
def test_questions_are_narrowed(api: Api, parameters: dict[str, str], wordings: list[str]) -> None:
    QuestionFactory(wording="Where was the jet?", event="Downing of the Su-22", resolution="contested")
    QuestionFactory(wording="Who fired the missiles?", slot="who", state="proposed")

    rows = api("viewer").get("/api/v1/questions/", parameters).json()["results"]

    assert [row["wording"] for row in rows] == wordings


def test_claims_are_narrowed_by_the_question_they_are_confirmed_under(api: Api) -> None:
    client = api("viewer")
    placement = PlacementFactory()
    PlacementFactory(position=placement.position, state="rejected")
    PlacementFactory(claim=placement.claim)

    assert found(client, "claims", question=placement.question.pk) == [placement.claim.pk]
    assert found(client, "claims", question=2**62) == []


def test_question_cannot_be_changed_over_rest_yet(api: Api) -> None:
    question, client = QuestionFactory(), api("lead")

    answers = [
        client.generic(method, f"/api/v1/questions/{question.pk}/", b'{"state": "decided"}')
        for method in ("POST", "PUT", "PATCH", "DELETE")
    ]

    assert [answer.status_code for answer in answers] == [405] * 4


def test_who_may_see_questions_only_does_not_see_claims(api: Api) -> None:
    client = api()
    client.user.user_permissions.add(Permission.objects.get(codename="view_question"))

    assert client.get("/api/v1/questions/").status_code == 200
    assert client.get("/api/v1/claims/").status_code == 403


def test_superuser_who_was_deactivated_sees_nothing(api: Api) -> None:
    client = api()
    client.force_authenticate(UserFactory(is_superuser=True, is_active=False))

    assert client.get("/api/v1/questions/").status_code == 403
