"""The compare screen as its script sees it: steps, news and parts of the page as JSON."""

from http import HTTPStatus

import pytest
from django.test import Client
from django.urls import reverse

from reviews import operations
from reviews.admin.steps import STEPS
from reviews.models import Placement
from tests.factories import NOW, PlacementFactory, PositionFactory, QuestionFactory, UserFactory

pytestmark = pytest.mark.django_db


def signed_in(*roles: str) -> Client:
    client = Client()
    user = UserFactory(is_staff=True, roles=list(roles))
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def url(name: str, *args: object) -> str:
    return reverse(f"admin:reviews_{name}", args=args)


def as_script(client: Client, method: str, where: str, data: object = None) -> tuple[int, dict[str, object]]:
    answer = getattr(client, method)(where, data, headers={"Accept": "application/json"})
    return answer.status_code, answer.json() if answer.content else {}


def test_step_of_a_script_answers_with_what_changed() -> None:
    placement = PlacementFactory(state="suggested", suggested_by="matcher 1", placed_by=None)
    where = url("question_confirm_placement", placement.question_id, placement.pk)

    code, answer = as_script(signed_in("reviewer"), "post", where, {"seen_version": 1})

    assert code == HTTPStatus.OK
    assert {name: answer[name] for name in ("version", "state", "message")} == {
        "version": 2,
        "state": "open",
        "message": "Confirmed under 1: Answer 1. Undo: u",
    }
    html = str(answer["html"])
    assert "✓ confirmed" in html
    assert 'id="live-head"' in html
    assert "<html" not in html


def test_stale_step_of_a_script_is_told_who_did_what_and_what_is_now() -> None:
    placement = PlacementFactory(state="suggested", suggested_by="matcher 1", placed_by=None)
    layla = UserFactory(username="layla", roles=["reviewer"])
    operations.reword_position(position_id=placement.position_id, answer="56", by=layla, now=NOW)
    where = url("question_confirm_placement", placement.question_id, placement.pk)

    code, answer = as_script(signed_in("reviewer"), "post", where, {"seen_version": 1})

    assert code == HTTPStatus.CONFLICT
    assert (answer["is_stale"], answer["news"], answer["version"]) == (
        True,
        ["layla reworded “Answer 1” to “56”"],
        2,
    )
    assert "56" in str(answer["html"])
    placement.refresh_from_db()
    assert placement.state == Placement.State.SUGGESTED


def test_refused_step_of_a_script_brings_its_form_back_as_it_was_typed() -> None:
    placement = PlacementFactory()
    where = url("question_reject_placement", placement.question_id, placement.pk)

    code, answer = as_script(signed_in("reviewer"), "post", where, {"seen_version": 1, "reason": ""})

    assert code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert answer["is_stale"] is False
    assert "This field is required." in str(answer["dialog"])


def test_step_of_a_script_without_the_role_says_so() -> None:
    placement = PlacementFactory(state="suggested", suggested_by="matcher 1", placed_by=None)
    where = url("question_confirm_placement", placement.question_id, placement.pk)

    code, answer = as_script(signed_in("viewer"), "post", where, {"seen_version": 1})

    assert code == HTTPStatus.FORBIDDEN
    assert str(answer["message"]).startswith("You may not place claims")


def test_script_hears_nothing_while_nothing_changes_and_then_all_of_it() -> None:
    placement = PlacementFactory()
    client = signed_in("viewer")
    where = url("question_compare", placement.question_id)
    layla = UserFactory(username="layla", roles=["reviewer"])

    quiet = as_script(client, "get", where, {"since": 1, "state": "open"})
    operations.reword_position(position_id=placement.position_id, answer="56", by=layla, now=NOW)
    code, answer = as_script(client, "get", where, {"since": 1, "state": "open"})

    assert quiet == (HTTPStatus.NO_CONTENT, {})
    assert (code, answer["news"]) == (HTTPStatus.OK, ["layla reworded “Answer 1” to “56”"])


def test_script_asks_for_forms_found_claims_the_timeline_and_the_text() -> None:
    placement = PlacementFactory()
    client = signed_in("reviewer")
    where = url("question_compare", placement.question_id)

    _, dialog = as_script(client, "get", where, {"do": "mark_sourcing", "on": placement.claim_id})
    _, found = as_script(client, "get", where, {"find": "nothing at all"})
    _, timeline = as_script(client, "get", where, {"timeline": 1})
    reading = client.get(url("question_reading", placement.question_id, placement.claim_id))

    assert "Mark the sourcing" in str(dialog["dialog"])
    assert "No claim with" in str(found["found"])
    assert "By publication" in str(timeline["timeline"])
    assert '<mark class="cc-claim is-current"' in reading.content.decode()


@pytest.mark.parametrize(
    "query", ["?do=mark_sourcing&on=x", "?do=mark_sourcing", "?do=reword_position&on=999999999"]
)
def test_form_of_a_step_on_nothing_is_not_found(query: str) -> None:
    placement = PlacementFactory()

    answer = signed_in("lead").get(url("question_compare", placement.question_id) + query)

    assert answer.status_code == HTTPStatus.NOT_FOUND


def test_viewer_is_shown_no_form_of_a_step() -> None:
    placement = PlacementFactory()
    where = url("question_compare", placement.question_id)

    page = signed_in("viewer").get(where, {"do": "mark_sourcing", "on": placement.claim_id})
    code = (
        signed_in("viewer")
        .get(
            where,
            {"do": "mark_sourcing", "on": placement.claim_id},
            headers={"Accept": "application/json"},
        )
        .status_code
    )

    assert 'id="doing"' not in page.content.decode()
    assert code == HTTPStatus.NOT_FOUND


def test_merged_question_leads_to_the_one_that_stays() -> None:
    stays = QuestionFactory()
    merged = QuestionFactory(state="merged", merged_into=stays, state_reason="The same.")
    client = signed_in("viewer")

    answer = client.get(url("question_compare", merged.pk))
    told = as_script(client, "get", url("question_compare", merged.pk), {"since": 1})

    assert answer.headers["Location"] == stays.get_absolute_url()
    assert "was merged into this question: The same." in client.get(stays.get_absolute_url()).content.decode()
    assert told == (HTTPStatus.OK, {"location": stays.get_absolute_url()})


def test_step_on_a_position_that_was_merged_away_says_so() -> None:
    placement = PlacementFactory()
    gone = PositionFactory(question=placement.question, merged_into=placement.position)

    code, answer = as_script(
        signed_in("reviewer"),
        "post",
        url("question_reword_position", placement.question_id, gone.pk),
        {"seen_version": 1, "answer": "56"},
    )

    plainly = signed_in("reviewer").get(
        url("question_compare", placement.question_id), {"do": "reword_position", "on": gone.pk}
    )

    assert code == HTTPStatus.CONFLICT
    assert "was merged into another one" in str(answer["message"])
    assert 'id="live-columns"' in str(answer["html"])
    assert "was merged into another one" in plainly.content.decode()


@pytest.mark.parametrize("name", sorted(STEPS))
def test_every_step_is_closed_to_staff_without_a_role_and_to_a_get(name: str) -> None:
    step = STEPS[name]
    placement = PlacementFactory()
    args = [placement.question_id, placement.position_id] if step.on else [placement.question_id]
    where = url(f"question_{name}", *args)

    assert signed_in().post(where).status_code == HTTPStatus.FORBIDDEN
    assert signed_in("lead").get(where).status_code == HTTPStatus.METHOD_NOT_ALLOWED
