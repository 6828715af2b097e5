"""Steps on questions over REST: what each takes, that it was seen, and how it answers."""

from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from reviews.models import Change, OriginClaim, Placement, Position, Question
from tests.factories import (
    ChangeFactory,
    ClaimFactory,
    OriginClaimFactory,
    PlacementFactory,
    PositionFactory,
    QuestionFactory,
)
from tests.reviews.rows import placed

pytestmark = pytest.mark.django_db
Api = Callable[..., APIClient]
SUGGESTION = {"state": "suggested", "suggested_by": "matcher 1", "placed_by": None}


@pytest.fixture
def reviewer(api: Api) -> APIClient:
    return api("reviewer")


@pytest.fixture
def question(db: None) -> Question:
    question = QuestionFactory()
    for answer in ("12", "56"):
        PositionFactory(question=question, answer=answer)
    return question


def post(client: APIClient, address: str, body: dict[str, Any] | None = None, *, seen: str = '"1"') -> Any:
    return client.post(f"/api/v1/{address}/", body or {}, headers={"If-Match": seen})


def taken(client: APIClient, address: str, body: dict[str, Any] | None = None, **kwargs: Any) -> Any:
    """The question after a step that was taken, whose ETag is its version."""
    answer = post(client, address, body, **kwargs)
    assert answer.status_code == 200, answer.content
    assert answer.headers["ETag"] == f'"{answer.json()["version"]}"'
    return answer.json()


def answers_of(row: dict[str, Any]) -> dict[str, list[int]]:
    return {position["answer"]: position["claims"] for position in row["positions"]}


def test_question_is_proposed_and_opened(reviewer: APIClient) -> None:
    body = {"wording": "How many died?", "slot": "how many", "answers": ["56", "dozens"]}

    created = reviewer.post("/api/v1/questions/", body)
    opened = taken(reviewer, f"questions/{created.json()['id']}/open")

    assert (created.status_code, created.json()["state"], created.headers["ETag"]) == (201, "proposed", '"1"')
    assert created.headers["Location"] == f"/api/v1/questions/{opened['id']}/"
    assert (opened["state"], opened["version"], list(answers_of(opened))) == ("open", 2, ["56", "dozens"])


def test_question_is_reworded_and_dismissed(reviewer: APIClient, question: Question) -> None:
    body = {"wording": "How many fell?", "event": "The raid"}

    reworded = taken(reviewer, f"questions/{question.pk}/reword", body)
    dismissed = taken(reviewer, f"questions/{question.pk}/dismiss", {"reason": "Gossip."}, seen='"2"')

    assert (reworded["wording"], reworded["event"]) == ("How many fell?", "The raid")
    assert (dismissed["state"], dismissed["state_reason"]) == ("dismissed", "Gossip.")


def test_merged_question_leads_to_the_one_it_was_merged_into(reviewer: APIClient, question: Question) -> None:
    old = PositionFactory(answer="dozens").question

    stays = taken(reviewer, f"questions/{old.pk}/merge", {"into": question.pk, "reason": "One."})
    leads = reviewer.get(f"/api/v1/questions/{old.pk}/")

    assert (stays["id"], list(answers_of(stays))) == (question.pk, ["12", "56", "dozens"])
    assert (leads.status_code, leads.headers["Location"]) == (307, f"/api/v1/questions/{question.pk}/")
    assert (leads.json()["state"], leads.json()["merged_into"]) == ("merged", question.pk)
    assert leads.json()["state_reason"] == "One."


def test_question_is_split(reviewer: APIClient, question: Question) -> None:
    claim = PlacementFactory(position=question.positions.last()).claim
    body = {
        "positions": [question.positions.last().pk],
        "wording": "How many were hurt?",
        "slot": "how many",
        "reason": "Hurt is not dead.",
    }

    created = post(reviewer, f"questions/{question.pk}/split", body)

    assert created.status_code == 201
    assert (created.json()["split_from"], answers_of(created.json())) == (question.pk, {"56": [claim.pk]})
    assert created.headers["Location"] == f"/api/v1/questions/{created.json()['id']}/"


def test_positions_are_added_worded_united_divided_and_removed(
    reviewer: APIClient, question: Question
) -> None:
    twelve, fifty_six = question.positions.all()
    one, other = (PlacementFactory(position=twelve).claim.pk for _ in range(2))

    added = taken(reviewer, f"questions/{question.pk}/positions", {"answer": "90"})
    third = added["positions"][2]["id"]
    taken(reviewer, f"positions/{third}/reword", {"answer": "ninety"}, seen='"2"')
    divided = taken(reviewer, f"positions/{twelve.pk}/split", {"answer": "13", "claims": [other]}, seen='"3"')
    united = taken(reviewer, f"positions/{twelve.pk}/merge", {"into": fifty_six.pk}, seen='"4"')
    removed = taken(reviewer, f"positions/{third}/remove", seen='"5"')

    assert answers_of(divided) == {"12": [one], "56": [], "ninety": [], "13": [other]}
    assert answers_of(united) == {"56": [one], "ninety": [], "13": [other]}
    assert answers_of(removed) == {"56": [one], "13": [other]}


def test_positions_are_said_to_be_compatible_and_to_compete(reviewer: APIClient, question: Question) -> None:
    first, second = question.positions.all()
    both = {"other": first.pk}

    compatible = taken(reviewer, f"positions/{second.pk}/compatible", both | {"reason": "At other hours."})
    competing = taken(reviewer, f"positions/{second.pk}/competing", both, seen='"2"')

    assert [each["compatible_with"] for each in compatible["positions"]] == [[second.pk], [first.pk]]
    assert [each["compatible_with"] for each in competing["positions"]] == [[], []]


def test_claims_are_placed_confirmed_and_rejected(reviewer: APIClient, question: Question) -> None:
    first, second = question.positions.all()
    suggested = PlacementFactory(position=first, **SUGGESTION)
    claim = ClaimFactory()

    taken(reviewer, "placements", {"claim": claim.pk, "position": second.pk, "reason": "It says so."})
    confirmed = taken(reviewer, f"placements/{suggested.pk}/confirm", seen='"2"')
    rejected = taken(reviewer, f"placements/{suggested.pk}/reject", {"reason": "No."}, seen='"3"')

    assert answers_of(confirmed) == {"12": [suggested.claim_id], "56": [claim.pk]}
    [shown] = confirmed["positions"][0]["placements"]
    assert (shown["state"], shown["placed_by"]) == ("confirmed", reviewer.user.username)
    assert answers_of(rejected) == {"12": [], "56": [claim.pk]}
    assert rejected["positions"][0]["placements"][0]["reason"] == "No."


def test_many_placements_are_confirmed_at_once(reviewer: APIClient, question: Question) -> None:
    suggested = [PlacementFactory(position=question.positions.first(), **SUGGESTION) for _ in range(3)]
    elsewhere = PlacementFactory(**SUGGESTION)
    ids = [placement.pk for placement in suggested]

    refused = post(reviewer, f"questions/{question.pk}/confirm", {"placements": [*ids, elsewhere.pk]})
    also = post(reviewer, f"questions/{question.pk}/confirm", {"placements": [elsewhere.pk]})
    confirmed = taken(reviewer, f"questions/{question.pk}/confirm", {"placements": ids})

    assert (refused.status_code, also.status_code) == (422, 422)
    assert (confirmed["version"], confirmed["suggested_count"]) == (2, 0)


def test_claim_is_said_not_to_be_about_the_question(reviewer: APIClient, question: Question) -> None:
    claim = PlacementFactory(position=question.positions.first()).claim

    row = taken(reviewer, f"questions/{question.pk}/reject-claim", {"claim": claim.pk})

    [shown] = row["positions"][0]["placements"]
    assert (shown["state"], shown["is_off_topic"]) == ("rejected", True)


def test_origin_of_a_claim_is_set_and_given_back(reviewer: APIClient, question: Question) -> None:
    claim = PlacementFactory(position=question.positions.first()).claim
    address = f"/api/v1/claims/{claim.pk}/origin/"

    def take(method: Any, answer: Any, body: dict[str, Any]) -> Any:
        return method(address, body, headers={"If-Match": answer.headers["ETag"]})

    unknown = reviewer.get(address)
    named = take(reviewer.post, unknown, {"name": "River Radio", "reason": "It quotes it."})
    read = reviewer.get(address)
    own = take(reviewer.post, read, {"reason": "It has a reporter there."})
    cleared = take(reviewer.delete, own, {})

    assert (unknown.status_code, unknown.headers["ETag"]) == (204, '"0"')
    assert (named.status_code, named.json()["origin"]["name"]) == (200, "River Radio")
    assert (read.json(), read.headers["ETag"]) == (named.json(), named.headers["ETag"])
    assert (own.json()["origin"], own.json()["set_by"]) == (None, reviewer.user.username)
    assert (cleared.status_code, cleared.headers["ETag"]) == (204, '"0"')
    assert not OriginClaim.objects.exists()
    question.refresh_from_db()
    assert question.version == 4


def test_origin_that_was_not_seen_is_not_overwritten(reviewer: APIClient) -> None:
    member = OriginClaimFactory()
    address = f"/api/v1/claims/{member.claim_id}/origin/"
    seen = reviewer.get(address).headers["ETag"]
    reviewer.post(address, {"reason": "Somebody else knows it."}, headers={"If-Match": "*"})

    answers = [
        reviewer.post(address, {"reason": "It has a reporter."}, headers={"If-Match": seen}),
        reviewer.delete(address, headers={"If-Match": seen}),
        reviewer.post(address, {"reason": "It has a reporter."}),
        reviewer.delete(address),
        reviewer.delete(address, headers={"If-Match": "7"}),
    ]

    assert [answer.status_code for answer in answers] == [409, 409, 428, 428, 400]
    assert OriginClaim.objects.get().reason == "Somebody else knows it."


def test_origin_and_a_name_at_once_are_refused(reviewer: APIClient) -> None:
    member = OriginClaimFactory()

    answer = post(
        reviewer,
        f"claims/{member.claim_id}/origin",
        {"origin": member.origin_id, "name": "River Radio", "reason": "So."},
        seen="*",
    )

    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "origin_or_name")


def test_steps_are_listed_and_undone(reviewer: APIClient, question: Question) -> None:
    before = placed(question)
    taken(reviewer, f"questions/{question.pk}/positions", {"answer": "90"})
    [listed] = reviewer.get(f"/api/v1/questions/{question.pk}/changes/").json()

    row = taken(reviewer, f"questions/{question.pk}/changes/{listed['id']}/undo", seen='"2"')
    [undone] = reviewer.get(f"/api/v1/questions/{question.pk}/changes/").json()

    assert (row["version"], placed(question)) == (3, before)
    assert (listed["action"], listed["summary"], listed["may_be_undone"]) == (
        "add_position",
        "added “90”",
        True,
    )
    assert (undone["undone_by"], undone["may_be_undone"]) == (reviewer.user.username, False)


def test_steps_of_a_question_take_as_many_queries_for_one_as_for_three(
    reviewer: APIClient, question: Question, django_assert_num_queries: Callable
) -> None:
    address = f"/api/v1/questions/{question.pk}/changes/"

    taken(reviewer, f"questions/{question.pk}/positions", {"answer": "a"})
    with django_assert_num_queries(6):
        assert len(reviewer.get(address).json()) == 1
    for answer in ("b", "c"):
        taken(reviewer, f"questions/{question.pk}/positions", {"answer": answer}, seen="*")
    with django_assert_num_queries(6):
        assert len(reviewer.get(address).json()) == 3


def test_undo_of_a_step_on_another_question_is_not_found(reviewer: APIClient, question: Question) -> None:
    answer = post(reviewer, f"questions/{question.pk}/changes/{ChangeFactory().pk}/undo")

    assert answer.status_code == 404


def test_step_on_a_version_that_is_past_is_a_conflict(reviewer: APIClient, question: Question) -> None:
    taken(reviewer, f"questions/{question.pk}/positions", {"answer": "90"})

    stale = post(reviewer, f"questions/{question.pk}/positions", {"answer": "91"})
    whatever = taken(reviewer, f"questions/{question.pk}/positions", {"answer": "91"}, seen="*")

    assert (stale.status_code, stale.json()["code"]) == (409, "conflict")
    assert list(answers_of(whatever)) == ["12", "56", "90", "91"]


def test_step_that_does_not_say_what_was_seen_is_refused(reviewer: APIClient, question: Question) -> None:
    answer = reviewer.post(f"/api/v1/questions/{question.pk}/positions/", {"answer": "90"})

    assert (answer.status_code, answer.json()["code"]) == (428, "precondition_required")
    assert question.positions.count() == 2


@pytest.mark.parametrize("given", ["1", 'W/"1"', '"1", "2"', '"-1"', '""', '"', '"1' + "0" * 20 + '"', '"²"'])
def test_etag_that_is_none_of_ours_is_malformed(reviewer: APIClient, question: Question, given: str) -> None:
    answer = post(reviewer, f"questions/{question.pk}/positions", {"answer": "90"}, seen=given)

    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "If-Match")


STEPS: dict[str, dict[str, Any]] = {
    "questions/{question}/open": {},
    "questions/{question}/dismiss": {"reason": "Idle."},
    "questions/{question}/reword": {"wording": "Who?", "event": ""},
    "questions/{question}/merge": {"into": 1, "reason": "One."},
    "questions/{question}/split": {"positions": [1], "wording": "Who?", "slot": "who", "reason": "Two."},
    "questions/{question}/positions": {"answer": "90"},
    "questions/{question}/confirm": {"placements": [1]},
    "questions/{question}/reject-claim": {"claim": 1},
    "questions/{question}/changes/{change}/undo": {},
    "positions/{position}/reword": {"answer": "90"},
    "positions/{position}/merge": {"into": 1},
    "positions/{position}/split": {"answer": "90", "claims": [1]},
    "positions/{position}/remove": {},
    "positions/{position}/compatible": {"other": 1, "reason": "Both."},
    "positions/{position}/competing": {"other": 1},
    "placements/{placement}/confirm": {},
    "placements/{placement}/reject": {"reason": "No."},
}


def ids() -> dict[str, int]:
    placement = PlacementFactory()
    return {
        "question": placement.question_id,
        "position": placement.position_id,
        "placement": placement.pk,
        "change": ChangeFactory(question=placement.question, action="add_position").pk,
    }


@pytest.mark.parametrize("step", STEPS)
def test_step_of_what_is_not_there_is_not_found(reviewer: APIClient, step: str) -> None:
    answer = post(
        reviewer, step.format(question=10**9, position=10**9, placement=10**9, change=1), STEPS[step]
    )

    assert answer.status_code == 404


@pytest.mark.parametrize("step", STEPS)
def test_step_with_an_unknown_field_is_malformed(reviewer: APIClient, step: str) -> None:
    answer = post(reviewer, step.format(**ids()), STEPS[step] | {"why": "not"})

    assert (answer.status_code, [each["field"] for each in answer.json()["errors"]]) == (400, ["why"])


NOWHERE = dict.fromkeys(("into", "other", "claim"), 10**9) | {
    name: [10**9] for name in ("positions", "placements", "claims")
}


@pytest.mark.parametrize("step", [step for step, body in STEPS.items() if body.keys() & NOWHERE.keys()])
def test_step_with_rows_that_are_not_there_is_refused_and_writes_nothing(
    reviewer: APIClient, step: str
) -> None:
    numbers = ids()
    body = {name: NOWHERE.get(name, value) for name, value in STEPS[step].items()}

    answer = post(reviewer, step.format(**numbers), body)

    assert (answer.status_code, answer.json()["code"]) == (422, "refused")
    assert Change.objects.count() == 1


@pytest.mark.parametrize("step", STEPS)
def test_step_is_not_for_viewers(api: Api, step: str) -> None:
    numbers = ids()
    body = STEPS[step] | {
        name: numbers[row]
        for name, row in (("into", "question"), ("other", "position"))
        if name in STEPS[step]
    }

    answer = post(api("viewer"), step.format(**numbers), body)

    assert answer.status_code == 403
    assert Placement.objects.get().state == "confirmed"


def test_placing_and_proposing_are_not_for_viewers(api: Api) -> None:
    viewer, position = api("viewer"), PositionFactory()
    claim = ClaimFactory()

    answers = [
        post(viewer, "placements", {"claim": claim.pk, "position": position.pk}),
        post(viewer, "questions", {"wording": "Who?", "slot": "who"}),
        post(viewer, f"claims/{claim.pk}/origin", {"reason": "So."}),
        viewer.delete(f"/api/v1/claims/{claim.pk}/origin/", headers={"If-Match": "*"}),
    ]

    assert [answer.status_code for answer in answers] == [403] * 4
    assert (Question.objects.count(), Position.objects.count()) == (1, 1)


def test_placing_what_is_not_there_is_refused(reviewer: APIClient, question: Question) -> None:
    position = question.positions.first()

    for body in ({"claim": 10**9, "position": position.pk}, {"claim": ClaimFactory().pk, "position": 10**9}):
        answer = post(reviewer, "placements", body)
        assert (answer.status_code, answer.json()["code"]) == (422, "refused")


@pytest.mark.parametrize("claim", [True, "7", 0, 2**63, None, 1.5])
def test_id_that_is_none_is_malformed(reviewer: APIClient, claim: object) -> None:
    answer = post(reviewer, "placements", {"claim": claim, "position": 1})

    assert (answer.status_code, [each["field"] for each in answer.json()["errors"]]) == (400, ["claim"])


def test_positions_and_placements_are_read_with_their_question(reviewer: APIClient) -> None:
    numbers = ids()

    answers = [
        reviewer.get(f"/api/v1/{name}/")
        for name in ("placements", f"placements/{numbers['placement']}", f"positions/{numbers['position']}")
    ]

    assert [answer.status_code for answer in answers] == [405, 404, 404]
