from http import HTTPStatus

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from reviews.models import AuditEvent, Placement, Question
from tests.factories import (
    NOW,
    ClaimFactory,
    PlacementFactory,
    PositionFactory,
    PositionVerdictFactory,
    QuestionFactory,
    SourcingMarkFactory,
    UserFactory,
    VerdictFactory,
)

pytestmark = pytest.mark.django_db

LOOK = {"viewer", "reviewer", "lead", "ingest manager", "admin"}
REVIEW = {"reviewer", "lead"}


def signed_in(*roles: str, **person: object) -> Client:
    client = Client()
    client.force_login(
        UserFactory(is_staff=True, roles=list(roles), **person),
        backend="django.contrib.auth.backends.ModelBackend",
    )
    return client


def url(name: str, *args: object) -> str:
    return reverse(f"admin:reviews_{name}", args=args)


def step_requests(placement: Placement) -> dict[str, tuple[str, dict[str, object], set[str]]]:
    """Every step of the compare screen: where it is posted, what, and who may."""
    pk, seen = placement.question_id, {"seen_version": placement.question.version}
    marks = {
        "identification": "named",
        "access": "official",
        "directness": "primary",
        "basis": "told",
        "reliability": "B",
        "reliability_reason": "Its maps were right before.",
        "credibility": "3",
        "status": "standing",
    }
    other = ClaimFactory()
    place = {"claim_id": other.pk, "position_id": placement.position_id}
    return {
        "add_position": (url("question_add_position", pk), seen | {"answer": "Elsewhere"}, REVIEW),
        "place_claim": (url("question_place_claim", pk), seen | place, REVIEW),
        "reject": (
            url("question_reject_placement", pk, placement.pk),
            seen | {"reason": "Another jet."},
            REVIEW,
        ),
        "mark": (url("question_mark_sourcing", pk, placement.claim_id), marks, REVIEW),
        "take": (url("question_take_question", pk), seen, REVIEW),
        "take_next": (url("question_take_next"), {}, REVIEW),
        "assign": (url("question_assign_question", pk), seen | {"reviewer": _reviewer()}, {"lead"}),
        "rules": (
            url("question_set_review_rules", pk),
            seen | {"assessments": "3", "reason": "Much is at stake."},
            {"lead"},
        ),
    }


def _reviewer() -> str:
    return UserFactory(roles=["reviewer"]).get_username()


STEPS = ("add_position", "place_claim", "reject", "mark", "take", "take_next", "assign", "rules")


@pytest.mark.parametrize("role", sorted(LOOK))
@pytest.mark.parametrize("step", STEPS)
def test_step_by_post_is_only_for_its_roles(step: str, role: str) -> None:
    placement = PlacementFactory()
    where, what, who = step_requests(placement)[step]
    written = AuditEvent.objects.filter(table_name__startswith="reviews_")
    before = written.count()

    answer = signed_in(role).post(where, what)

    assert answer.status_code == (HTTPStatus.FOUND if role in who else HTTPStatus.FORBIDDEN), answer.content
    assert (written.count() > before) == (role in who)


@pytest.mark.parametrize("step", STEPS)
def test_step_by_get_is_refused(step: str) -> None:
    where, _, _ = step_requests(PlacementFactory())[step]

    assert signed_in("lead").get(where).status_code == HTTPStatus.METHOD_NOT_ALLOWED


@pytest.mark.parametrize("role", sorted(LOOK))
def test_reopening_is_for_leads(role: str) -> None:
    question = QuestionFactory(state=Question.State.DECIDED)
    VerdictFactory(question=question)

    answer = signed_in(role).post(url("question_reopen", question.pk), {"reason": "A new video."})

    assert answer.status_code == (HTTPStatus.FOUND if role == "lead" else HTTPStatus.FORBIDDEN)


@pytest.mark.parametrize("role", sorted(LOOK))
def test_pages_answer_every_role(role: str) -> None:
    placement = PlacementFactory()
    client = signed_in(role)

    codes = {
        name: client.get(where).status_code
        for name, where in {
            "list": url("question_changelist"),
            "compare": url("question_compare", placement.question_id),
            "row": url("question_change", placement.question_id),
            "add": url("question_add"),
            "choose": url("question_choose", placement.claim_id),
            "trail": url("auditevent_changelist"),
            "delete": url("question_delete", placement.question_id),
        }.items()
    }

    may = HTTPStatus.OK if role in REVIEW else HTTPStatus.FORBIDDEN
    assert codes == {
        "list": 200,
        "compare": 200,
        "row": 302,
        "add": may,
        "choose": may,
        "trail": 200,
        "delete": 403,
    }


def test_pages_are_closed_to_staff_without_a_role() -> None:
    placement = PlacementFactory()

    for where in (url("question_changelist"), url("question_compare", placement.question_id)):
        assert signed_in().get(where).status_code == HTTPStatus.FORBIDDEN


def test_question_form_refuses_and_keeps_what_was_typed() -> None:
    answer = signed_in("reviewer").post(
        url("question_add"), {"wording": "Who was it", "slot": "who", "answers": "The army"}
    )

    assert "A question ends in" in answer.content.decode()
    assert "The army" in answer.content.decode()
    assert not Question.objects.exists()


def test_question_opened_with_a_claim_leads_to_placing_it() -> None:
    claim = ClaimFactory()

    answer = signed_in("reviewer").post(
        f"{url('question_add')}?claim={claim.pk}",
        {"wording": "Who was it?", "slot": "who", "answers": "The army"},
    )

    question = Question.objects.get()
    assert answer.headers["Location"] == f"{url('question_compare', question.pk)}?claim={claim.pk}#find"
    page = signed_in("reviewer").get(answer.headers["Location"]).content.decode()
    assert claim.statement in page
    assert f'name="claim_id" value="{claim.pk}"' in page


@pytest.mark.parametrize(
    "query", ["?claim=x", "?mark=99999999999999999999", "?find=%00", "?claim=-1", "?mark=²"]
)
def test_compare_screen_survives_odd_parameters(query: str) -> None:
    placement = PlacementFactory()

    assert (
        signed_in("lead").get(url("question_compare", placement.question_id) + query).status_code
        == HTTPStatus.OK
    )


@pytest.mark.parametrize("pk", ["x", "41/compare/widgets.css", "9" * 30])
def test_row_that_cannot_be_is_not_found(pk: str) -> None:
    answer = signed_in("lead").get(f"{url('question_changelist')}{pk}/change/")

    assert answer.status_code in (HTTPStatus.NOT_FOUND, HTTPStatus.FOUND)


def test_placement_of_another_question_is_not_found_here() -> None:
    placement, other = PlacementFactory(), QuestionFactory()

    answer = signed_in("lead").post(
        url("question_reject_placement", other.pk, placement.pk), {"reason": "No."}
    )

    assert answer.status_code == HTTPStatus.NOT_FOUND


def test_compare_screen_costs_as_many_queries_for_thirty_claims_as_for_one(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    small, large = QuestionFactory(), QuestionFactory()
    PlacementFactory(position=PositionFactory(question=small))
    for _ in range(3):
        position = PositionFactory(question=large)
        for _ in range(10):
            SourcingMarkFactory(claim=PlacementFactory(position=position).claim)
    client = signed_in("lead")
    client.get(url("question_compare", small.pk))

    # session, user, permissions (two), question, verdicts, placements, marks, earlier wordings, positions (of
    # the columns, and to place under), compatible ones, what was taken out, steps, what was split off,
    # whether it waits for this person, who is assigned, the inbox, and the discussion (three)
    for question in (small, large):
        with django_assert_num_queries(21):
            assert client.get(url("question_compare", question.pk)).status_code == HTTPStatus.OK


def test_question_list_costs_as_many_queries_for_three_rows_as_for_one(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    client = signed_in("lead")
    for rows in (1, 3):
        for _ in range(rows):
            PlacementFactory()
        client.get(url("question_changelist"))
        with django_assert_max_num_queries(8):
            client.get(url("question_changelist"))


def test_question_list_says_what_comes_next_when_empty() -> None:
    assert "No questions yet." in signed_in("reviewer").get(url("question_changelist")).content.decode()


def test_question_list_is_searched_by_words() -> None:
    QuestionFactory(wording="Who downed the jet?")
    QuestionFactory(wording="How many missiles were fired?")

    page = signed_in("viewer").get(url("question_changelist") + "?q=missile").content.decode()

    assert "How many missiles were fired?" in page
    assert "Who downed the jet?" not in page


def test_compare_screen_keeps_earlier_verdicts_readable_and_shows_none_as_standing() -> None:
    placement = PlacementFactory()
    first = VerdictFactory(
        question=placement.question, rationale="First thoughts.", stale_at=NOW, stale_reason="A new video."
    )
    PositionVerdictFactory(verdict=first, position=placement.position, judgement="supported")
    VerdictFactory(
        question=placement.question,
        round=2,
        rationale="Second thoughts.",
        stale_at=NOW,
        stale_reason="Again.",
    )

    page = signed_in("viewer").get(url("question_compare", placement.question_id)).content.decode()

    assert (
        page.index("Second thoughts.")
        < page.index("Verdicts of earlier rounds (1)")
        < page.index("First thoughts.")
    )
    assert '<span class="cc-badge">Supported</span>' not in page
    assert page.count("No longer stands") == 2


def test_compare_screen_lists_what_was_taken_out_and_why() -> None:
    placement = PlacementFactory(state=Placement.State.REJECTED, reason="Another jet.")

    page = signed_in("viewer").get(url("question_compare", placement.question_id)).content.decode()

    assert "Taken out of this question (1)" in page
    assert "Another jet." in page


def test_compare_screen_shows_the_marks_before_the_current_one() -> None:
    placement = PlacementFactory()
    SourcingMarkFactory(claim=placement.claim, note="On background.", superseded_at=NOW)
    SourcingMarkFactory(claim=placement.claim)

    page = signed_in("reviewer").get(
        f"{url('question_compare', placement.question_id)}?do=mark_sourcing&on={placement.claim_id}"
    )

    assert "Marks so far (2)" in page.content.decode()
    assert "On background." in page.content.decode()


def test_refused_removal_keeps_the_reason_typed() -> None:
    placement = PlacementFactory()

    answer = signed_in("reviewer").post(
        url("question_reject_placement", placement.question_id, placement.pk),
        {"seen_version": 99, "reason": "It is another jet."},
    )

    assert answer.status_code == HTTPStatus.CONFLICT
    assert "It is another jet.</textarea>" in answer.content.decode()


def test_claim_is_not_placed_under_a_position_of_another_question() -> None:
    placement, other = PlacementFactory(), QuestionFactory()

    answer = signed_in("reviewer").post(
        url("question_place_claim", other.pk),
        {"seen_version": 1, "claim_id": ClaimFactory().pk, "position_id": placement.position_id},
    )

    assert answer.status_code == HTTPStatus.NOT_FOUND
