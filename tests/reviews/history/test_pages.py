"""The pages of the trail in the admin, by their answers; tests/browser looks at them."""

import csv
import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.db import transaction
from django.test import Client
from django.urls import resolve
from pytest_django import DjangoAssertNumQueries as Queries

from reviews import audit
from reviews.models import AuditEvent, Question
from tests.factories import (
    AssignmentFactory,
    ClaimFactory,
    MatchingDueFactory,
    PlacementFactory,
    QuestionFactory,
    UserFactory,
)

TRAIL = "/admin/reviews/auditevent/"
Browser = Callable[..., Client]


@pytest.fixture
def sign_in(db: None) -> Browser:
    def browser(*roles: str, **of_user: Any) -> Client:
        client = Client()
        client.force_login(
            UserFactory(is_staff=True, roles=list(roles), **of_user),
            backend="django.contrib.auth.backends.ModelBackend",
        )
        return client

    return browser


def reworded(question: Question, *, by: User, wording: str = "Who now?", reason: str = "") -> AuditEvent:
    with transaction.atomic():
        audit.because(by=by, action="reword_question", reason=reason)
        Question.objects.filter(pk=question.pk).update(wording=wording)
    return AuditEvent.objects.latest("pk")


def test_trail_shows_who_did_what_and_why(sign_in: Browser) -> None:
    reworded(QuestionFactory(wording="Who?"), by=UserFactory(username="ana"), reason="It was <unclear>.")

    page = sign_in("viewer").get(TRAIL, {"action": "reword_question"}).content.decode()

    for shown in ("Reword question", "ana", "It was &lt;unclear&gt;.", "Who now?", "Wording"):
        assert shown in page


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({}, 200),
        ({"since": "2017-06-20", "until": "2026-01-01"}, 200),
        ({"after": "5"}, 200),
        ({"after": "x"}, 200),
        ({"actor": "\x00"}, 400),
        ({"row": "9" * 30}, 400),
        ({"question": "-1"}, 400),
        ({"since": "yesterday"}, 400),
        ({"action": "no such action"}, 400),
    ],
)
def test_trail_takes_what_can_be_typed(sign_in: Browser, given: dict[str, str], status: int) -> None:
    QuestionFactory()

    answer = sign_in("viewer").get(TRAIL, given)

    assert answer.status_code == status


def test_trail_takes_as_many_queries_for_three_steps_as_for_one(
    sign_in: Browser, django_assert_max_num_queries: Queries
) -> None:
    browser, by = sign_in("viewer"), UserFactory()
    counted = []
    for _ in range(2):
        for _ in range(2):
            reworded(QuestionFactory(), by=by)
        with django_assert_max_num_queries(25) as captured:
            browser.get(TRAIL, {"action": "reword_question"})
        counted.append(len(captured))

    assert counted[0] == counted[1]


def test_next_page_follows_where_the_first_ended(sign_in: Browser) -> None:
    question, by = QuestionFactory(), UserFactory()
    for number in range(102):
        reworded(question, by=by, wording=f"Who was number {number}?")
    browser = sign_in("viewer")

    first = browser.get(TRAIL, {"table": "reviews_question"})
    second = browser.get(TRAIL, {"table": "reviews_question", "after": first.context["next"]})

    def events(page: Any) -> list[int]:
        return [read.event.pk for step in page.context["steps"] for read in step.events]

    everything = AuditEvent.objects.filter(table_name="reviews_question").order_by("-pk")
    assert events(first) + events(second) == list(everything.values_list("pk", flat=True))
    assert len(events(first)) == 100
    assert second.context["next"] is None


def test_event_has_a_page_with_its_place_in_the_chain(sign_in: Browser) -> None:
    event = reworded(QuestionFactory(), by=UserFactory(username="ana"))

    answer = sign_in("viewer").get(f"{TRAIL}{event.pk}/change/")

    assert answer.status_code == 200
    assert f"number {event.row_id}" in answer.content.decode()


def test_hidden_event_answers_as_a_missing_one_does(sign_in: Browser) -> None:
    AssignmentFactory()
    hidden = AuditEvent.objects.get(table_name="reviews_assignment")
    browser = sign_in("reviewer")

    answers = [browser.get(f"{TRAIL}{pk}/change/") for pk in (hidden.pk, hidden.pk + 10_000)]

    assert [answer.status_code for answer in answers] == [404, 404]
    assert sign_in("lead").get(f"{TRAIL}{hidden.pk}/change/").status_code == 200


def test_nothing_is_written_through_the_trail(sign_in: Browser) -> None:
    event = reworded(QuestionFactory(), by=UserFactory())
    browser = sign_in("lead", is_superuser=True)

    for where in (f"{TRAIL}{event.pk}/change/", f"{TRAIL}{event.pk}/delete/", f"{TRAIL}add/"):
        assert browser.post(where, {"actor": "somebody"}).status_code in (200, 403, 405)
    assert AuditEvent.objects.get(pk=event.pk).actor == event.actor


# --- Files ------------------------------------------------------------------------------------------
def exported(browser: Client, **given: str) -> str:
    answer = browser.get(f"{TRAIL}export/", given)
    assert answer.status_code == 200
    return b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]


def test_lines_of_json_hold_the_events_that_match(sign_in: Browser) -> None:
    question = QuestionFactory(wording="Who?")
    event = reworded(question, by=UserFactory(username="ana"), reason="Clearer.\nMuch.")

    asked = {"format": "ndjson", "action": "reword_question", "table": "reviews_question"}
    lines = exported(sign_in("viewer"), **asked).splitlines()

    (told,) = map(json.loads, lines)
    assert (told["id"], told["actor"], told["reason"], told["row"]) == (
        event.pk,
        "ana",
        "Clearer.\nMuch.",
        question.pk,
    )
    assert (told["old"]["wording"], told["new"]["wording"]) == ("Who?", "Who now?")


def test_table_holds_no_formula_and_no_secret(sign_in: Browser) -> None:
    person = UserFactory(username="ana")
    person.set_password("a long enough phrase")
    person.save()
    event = reworded(QuestionFactory(), by=person, reason='=HYPERLINK("https://example.com")')

    text = exported(sign_in("lead", "admin"), format="csv")

    rows = {int(row["id"]): row for row in csv.DictReader(io.StringIO(text))}
    assert set(rows) == set(AuditEvent.objects.values_list("pk", flat=True))
    assert rows[event.pk]["reason"] == '\'=HYPERLINK("https://example.com")'
    of_people = AuditEvent.objects.filter(table_name="auth_user", new__password__gt="")
    hashes = [event.new["password"] for event in of_people]
    assert hashes != []
    assert [value for value in hashes if value in text] == []


def test_file_leaves_out_what_one_may_not_see(sign_in: Browser) -> None:
    AssignmentFactory()

    tables = {json.loads(line)["table"] for line in exported(sign_in("viewer"), format="ndjson").splitlines()}

    assert "reviews_question" in tables
    assert "reviews_assignment" not in tables


@pytest.mark.parametrize("given", [{}, {"format": "xls"}, {"format": "csv", "row": "x"}])
def test_file_of_nothing_known_is_refused(sign_in: Browser, given: dict[str, str]) -> None:
    assert sign_in("viewer").get(f"{TRAIL}export/", given).status_code == 400


def test_trail_is_closed_to_who_has_no_role(sign_in: Browser) -> None:
    question = QuestionFactory()
    browser = sign_in()

    for where in (TRAIL, f"{TRAIL}export/?format=csv", history_of(question)):
        assert browser.get(where).status_code == 403


# --- Histories --------------------------------------------------------------------------------------
def history_of(row: Any) -> str:
    return f"/admin/{row._meta.app_label}/{row._meta.model_name}/{row.pk}/history/"


def test_history_tells_of_all_that_belongs_to_a_question(sign_in: Browser) -> None:
    placement = PlacementFactory(claim__statement="The coalition shot it down.")

    page = sign_in("viewer").get(history_of(placement.question)).content.decode()

    for shown in ("Placement", "The coalition shot it down.", "Position", "Question"):
        assert shown in page


def test_history_is_narrowed_to_an_action_and_turned_round(sign_in: Browser) -> None:
    question = QuestionFactory()
    first, second = (reworded(question, by=UserFactory(), wording=text) for text in ("One?", "Two?"))

    given = {"action": "reword_question", "order": "oldest"}
    page = sign_in("viewer").get(history_of(question), given)

    assert [step.first.pk for step in page.context["steps"]] == [first.pk, second.pk]


@pytest.mark.parametrize("row", [QuestionFactory, ClaimFactory, UserFactory, MatchingDueFactory])
def test_every_kind_of_object_has_our_history(sign_in: Browser, row: Any) -> None:
    answer = sign_in("lead", "admin").get(history_of(row()))

    assert answer.status_code == 200
    assert "reviews/trail/history.html" in [template.name for template in answer.templates]


def test_no_list_keeps_the_history_of_the_stock_admin() -> None:
    for model in admin.site._registry:
        where = f"/admin/{model._meta.app_label}/{model._meta.model_name}/1/history/"
        assert resolve(where).url_name == "history"


@pytest.mark.parametrize(
    "where",
    ["/admin/reviews/question/0/history/", "/admin/reviews/nothing/1/history/", "/admin/a/b/c/history/"],
)
def test_history_of_nothing_is_missing(sign_in: Browser, where: str) -> None:
    assert sign_in("viewer").get(where).status_code == 404


def test_history_hides_assignments_of_others(sign_in: Browser) -> None:
    assignment = AssignmentFactory(reviewer__username="somebody-else")

    reviewer, lead = (sign_in(role).get(history_of(assignment.question)) for role in ("reviewer", "lead"))

    assert "somebody-else" not in reviewer.content.decode()
    assert "somebody-else" in lead.content.decode()
