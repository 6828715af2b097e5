from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.auth.models import Permission
from django.db import transaction
from rest_framework.test import APIClient

from reviews import audit, tallies
from reviews.basis import basis_of
from reviews.models import Judgement, Origin, Placement, Position, Question
from tests.factories import (
    NOW,
    ClaimFactory,
    CompatibilityFactory,
    OriginClaimFactory,
    OriginFactory,
    PlacementFactory,
    PositionFactory,
    PositionVerdictFactory,
    QuestionFactory,
    QuestionTallyFactory,
    UserFactory,
    VerdictFactory,
)

Api = Callable[..., APIClient]


def found(client: APIClient, name: str, /, **parameters: object) -> list[int]:
    response = client.get(f"/api/v1/{name}/", parameters)
    assert response.status_code == 200, response.content
    return [row["id"] for row in response.json()["results"]]


def counted(question: Question) -> Question:
    """The question, once an operation would have counted what stands under it."""
    with transaction.atomic():
        audit.because(by=UserFactory(), action="count")
        tallies.recount(question)
    return question


@dataclass(frozen=True)
class Asked:
    """A question with all that can stand under one."""

    question: Question
    positions: list[Position]
    placements: list[Placement]
    wire: Origin


def asked() -> Asked:
    question = QuestionFactory(
        wording="Where was the jet?", event="Downing of the jet", opened_by__username="ann"
    )
    near, far = (
        PositionFactory(question=question, answer=answer) for answer in ("Near Tabqa", "Near Resafa")
    )
    PositionFactory(question=question, answer="Close to Tabqa", merged_into=near)
    suggested = {"state": "suggested", "suggested_by": "matcher 1", "score": 0.7, "placed_by": None}
    off_topic = {"state": "rejected", "is_off_topic": True, "placed_by__username": "eve"}
    placements = [
        PlacementFactory(position=near, reason="It says so.", placed_by__username="bob"),
        PlacementFactory(position=near, **suggested),
        PlacementFactory(position=far, **off_topic),
    ]
    PlacementFactory(position=far, state="carried")
    first, second = (placement.claim for placement in placements[:2])
    PlacementFactory(claim=first)  # under another question too
    wire = OriginFactory(name="Harbour Wire", found_by="matcher 1")
    OriginClaimFactory(claim=first, origin=wire)
    said = {"set_by": UserFactory(username="lea"), "set_at": NOW, "reason": "Same words."}
    OriginClaimFactory(claim=second, origin=wire, **said)
    CompatibilityFactory(first=near, second=far)
    return Asked(counted(question), [near, far], placements, wire)


def test_question_comes_with_what_is_known_of_it(api: Api) -> None:
    question = asked().question

    answer = api("viewer").get(f"/api/v1/questions/{question.pk}/")

    assert answer.headers["ETag"] == '"1"'
    shown = answer.json()
    assert [position["answer"] for position in shown.pop("positions")] == ["Near Tabqa", "Near Resafa"]
    assert shown == {
        "id": question.pk,
        "wording": "Where was the jet?",
        "slot": "where",
        "event": "Downing of the jet",
        "state": "open",
        "state_reason": "",
        "resolution": "open",
        "is_evolving": False,
        "round": 1,
        "version": 1,
        "project": None,
        "assessments_asked": None,
        "assessments_required": None,
        "merged_into": None,
        "split_from": None,
        "proposed_by": "",
        "opened_by": "ann",
        "opened_at": "2017-06-20T12:00:00Z",
        "claim_count": 2,
        "suggested_count": 1,
        "outlet_count": 2,
        "origin_count": 1,
        "verdict": None,
        "earlier_verdicts": [],
        "basis": basis_of(question),
    }


def test_question_comes_with_its_positions(api: Api) -> None:
    there = asked()
    near, far = there.positions

    shown = api("viewer").get(f"/api/v1/questions/{there.question.pk}/").json()["positions"]

    assert [len(position.pop("placements")) for position in shown] == [2, 1]
    assert shown == [
        {
            "id": near.pk,
            "number": 1,
            "answer": "Near Tabqa",
            "proposed_by": "",
            "claim_count": 2,
            "outlet_count": 2,
            "origin_count": 1,
            "claims": [placement.claim_id for placement in there.placements[:2]],
            "compatible_with": [far.pk],
        },
        {
            "id": far.pk,
            "number": 2,
            "answer": "Near Resafa",
            "proposed_by": "",
            "claim_count": 0,
            "outlet_count": 0,
            "origin_count": 0,
            "claims": [],
            "compatible_with": [near.pk],
        },
    ]


def test_position_comes_with_the_claims_that_stand_or_stood_there(api: Api) -> None:
    there = asked()

    shown = api("viewer").get(f"/api/v1/questions/{there.question.pk}/").json()["positions"]

    origin = {
        "id": there.wire.pk,
        "name": "Harbour Wire",
        "certainty": "certain",
        "reason": "All carry the same wire credit.",
        "is_circular": False,
        "found_by": "matcher 1",
    }
    alike = {"placed_at": "2017-06-20T12:00:00Z", "is_off_topic": False, "score": None, "suggested_by": ""}
    common = [alike | {"id": each.pk, "claim": each.claim_id} for each in there.placements]
    by_lea = {"set_by": "lea", "set_at": "2017-06-20T12:00:00Z", "reason": "Same words."}
    assert [position["placements"] for position in shown] == [
        [
            common[0]
            | {"state": "confirmed", "reason": "It says so.", "placed_by": "bob"}
            | {"traced": {"origin": origin, "reason": "", "set_by": None, "set_at": None}},
            common[1]
            | {"state": "suggested", "reason": "", "score": 0.7, "suggested_by": "matcher 1"}
            | {"placed_by": None, "traced": {"origin": origin, **by_lea}},
        ],
        [
            common[2]
            | {"state": "rejected", "is_off_topic": True, "reason": ""}
            | {"placed_by": "eve", "traced": None},
        ],
    ]


def test_position_counts_origins_as_the_question_does(api: Api) -> None:
    position = PositionFactory()
    claims = [PlacementFactory(position=position).claim for _ in range(4)]
    PlacementFactory(position=position, claim=ClaimFactory(revision=claims[3].revision))
    wire = OriginFactory()
    for claim in claims[:2]:
        OriginClaimFactory(origin=wire, claim=claim)
    OriginClaimFactory(claim=claims[2], origin=None, set_by=UserFactory(), set_at=NOW, reason="Its own.")
    counted(position.question)

    row = api("viewer").get(f"/api/v1/questions/{position.question_id}/").json()

    [shown] = row["positions"]
    assert (row["claim_count"], row["outlet_count"], row["origin_count"]) == (5, 4, 3)
    assert (shown["claim_count"], shown["outlet_count"], shown["origin_count"]) == (5, 4, 3)


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
        "manner": "single",
        "judgement": "conflicting_evidence",
        "positions": [
            {"position": near.pk, "judgement": "supported"},
            {"position": far.pk, "judgement": "refuted"},
        ],
        "is_contradictory": False,
        "rationale": "Two officials contradict each other.",
        "as_of": "2017-06-20T12:00:00Z",
        "decided_by": ["lea"],
        "decided_at": "2017-06-20T12:00:00Z",
        "stale_at": "2017-06-21T12:00:00Z",
        "stale_reason": "A new claim.",
    }


def make_decided_question() -> Question:
    question = QuestionFactory()
    for position in (PositionFactory(question=question), PositionFactory(question=question)):
        OriginClaimFactory(claim=PlacementFactory(position=position).claim)
    for round_number in (1, 2):
        PositionVerdictFactory(
            verdict=VerdictFactory(question=question, round=round_number), position=position
        )
    return counted(question)


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
    with django_assert_num_queries(5):
        assert len(found(client, "questions", order="contested")) == 3


def test_question_with_one_claim_takes_as_many_statements_as_with_three(
    api: Api, django_assert_num_queries: Callable
) -> None:
    client = api("viewer")
    question = make_decided_question()

    with django_assert_num_queries(9):
        client.get(f"/api/v1/questions/{question.pk}/")
    for _ in range(2):
        OriginClaimFactory(claim=PlacementFactory(position=PositionFactory(question=question)).claim)
    with django_assert_num_queries(9):
        client.get(f"/api/v1/questions/{question.pk}/")


def test_most_contested_questions_come_first_over_all_pages(api: Api) -> None:
    client = api("viewer")
    for origins, outlets in ((1, 1), (3, 3), (1, 2), (0, 0), (3, 3)):
        QuestionTallyFactory(opposed_origins=origins, opposed_outlets=outlets)
    QuestionFactory()  # never counted
    ids = list(Question.objects.order_by("pk").values_list("pk", flat=True))
    expected = [ids[4], ids[1], ids[2], ids[0], ids[3]]

    address, seen = "/api/v1/questions/?order=contested&limit=2", []
    while address:
        page = client.get(address).json()
        seen.append([row["id"] for row in page["results"]])
        address, back = page["next"], page["previous"]

    assert [pk for rows in seen for pk in rows] == expected
    assert [row["id"] for row in client.get(back).json()["results"]] == expected[2:4]


def test_cursor_of_one_order_is_refused_in_the_other(api: Api) -> None:
    client = api("viewer")
    for _ in range(2):
        QuestionTallyFactory()
    cursor = parse_qs(urlsplit(client.get("/api/v1/questions/?limit=1").json()["next"]).query)["cursor"][0]

    answer = client.get("/api/v1/questions/", {"order": "contested", "cursor": cursor})

    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "cursor")


@pytest.mark.parametrize(
    ("parameters", "wordings"),
    [
        ({"state": "proposed"}, ["Who fired the missiles?"]),
        ({"slot": "who"}, ["Who fired the missiles?"]),
        ({"resolution": "contested"}, ["Where was the jet?"]),
        ({"is_evolving": "true"}, ["Who fired the missiles?"]),
        ({"is_evolving": "false"}, ["Where was the jet?"]),
        ({"q": "missile"}, ["Who fired the missiles?"]),
        ({"q": "downing"}, ["Where was the jet?"]),
        ({"q": "jets or missiles"}, ["Who fired the missiles?", "Where was the jet?"]),
        ({"q": "pilot"}, []),
    ],
)
def test_questions_are_narrowed(api: Api, parameters: dict[str, str], wordings: list[str]) -> None:
    QuestionFactory(wording="Where was the jet?", event="Downing of the Su-22", resolution="contested")
    QuestionFactory(wording="Who fired the missiles?", slot="who", state="proposed", is_evolving=True)

    rows = api("viewer").get("/api/v1/questions/", parameters).json()["results"]

    assert [row["wording"] for row in rows] == wordings


def test_claims_are_narrowed_by_the_question_they_are_confirmed_under(api: Api) -> None:
    client = api("viewer")
    placement = PlacementFactory()
    PlacementFactory(position=placement.position, state="rejected")
    PlacementFactory(claim=placement.claim)

    assert found(client, "claims", question=placement.question.pk) == [placement.claim.pk]
    assert found(client, "claims", question=2**62) == []


def test_question_is_changed_by_steps_only(api: Api) -> None:
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
