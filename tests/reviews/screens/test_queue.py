"""The queue of review, and the assignments that are made and ended from it."""

from datetime import timedelta
from http import HTTPStatus

import pytest
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from reviews import audit, operations, queue
from reviews.models import Assignment, Question
from tests.factories import NOW, PlacementFactory, PositionFactory, ProjectFactory, QuestionFactory
from tests.reviews.screens.acting import QUEUE, browser, compare_page, person, submit, take, url

pytestmark = pytest.mark.django_db


# --- The queue --------------------------------------------------------------------------------------


def test_queue_says_what_comes_next_when_empty(lea: User, ana: User) -> None:
    assert "You hold no question." in browser(ana).get(url(QUEUE)).content.decode()
    page = browser(lea).get(url(QUEUE)).content.decode()
    assert "Nothing is under way." in page
    assert "None: wherever all assessments are in, they agree" in page


def test_take_next_leads_to_the_panel_and_tells_when_none_is_left(question: Question, ana: User) -> None:
    client = browser(ana)

    first, second = (client.post(url("question_take_next")) for _ in range(2))

    assert first.headers["Location"] == f"{question.get_absolute_url()}#assessing"
    assert second.headers["Location"] == url(QUEUE)
    assert Assignment.objects.count() == 1


def test_queue_shows_own_assignments_with_their_lease(question: Question, ana: User, ben: User) -> None:
    take(question, ana)

    page = browser(ana).get(url(QUEUE)).content.decode()

    assert "not begun" in page
    assert "2\xa0days, 23\xa0hours left" in page or "3\xa0days left" in page
    others = browser(ben).get(url(QUEUE)).content.decode()
    assert "not begun" not in others
    assert "ana" not in others


def test_queue_says_when_what_was_submitted_changed(question: Question, ana: User) -> None:
    submit(question, ana)
    assert "submitted, sealed" in browser(ana).get(url(QUEUE)).content.decode()

    PlacementFactory(position=question.positions.first())

    assert "changed: look again" in browser(ana).get(url(QUEUE)).content.decode()


def test_queue_costs_as_many_queries_for_three_rows_as_for_one(
    django_assert_num_queries: DjangoAssertNumQueries, lea: User
) -> None:
    client = browser(lea)
    client.get(url(QUEUE))

    for rows in (1, 2):
        for _ in range(rows):
            submit(PlacementFactory().question, lea)
        with django_assert_num_queries(16):
            client.get(url(QUEUE))


def test_queue_is_read_by_the_index_of_what_is_under_way() -> None:
    asker = person("viewer")
    with transaction.atomic():
        audit.because(by=asker, action="open_question")
        known = {"wording": "Who?", "slot": "who", "opened_by": asker, "opened_at": NOW}
        Question.objects.bulk_create([Question(**known, state="proposed") for _ in range(2000)])
    QuestionFactory()

    with CaptureQueriesContext(connection) as captured:
        queue.page(queue.Asked(), asker, now=NOW)

    [sql] = [one["sql"] for one in captured if "LIMIT" in one["sql"]]
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE reviews_question")
        cursor.execute(f"EXPLAIN {sql}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "questions_under_way" in plan


def test_lead_sees_who_is_assigned_and_a_reviewer_only_their_own(
    question: Question, ana: User, ben: User, lea: User
) -> None:
    take(question, ana)

    assert '<td data-label="Assigned">ana' in browser(lea).get(url(QUEUE)).content.decode()
    assert "ana" not in browser(ben).get(url(QUEUE)).content.decode()


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", {"Old?", "New jet?", "Taken?"}),
        ("state=in_review", {"Taken?"}),
        ("words=jet", {"New jet?"}),
        ("older_days=7", {"Old?"}),
        ("reviewer=ana", {"Taken?"}),
        ("project={project}", {"Old?"}),
        ("waits=mine", {"Old?", "New jet?"}),
        ("older_days=x", set()),
    ],
)
def test_queue_is_narrowed_by_person_state_project_topic_and_age(
    query: str, shown: set[str], ana: User, lea: User
) -> None:
    now, project = timezone.now(), ProjectFactory()
    long_ago = now - timedelta(days=8)
    PositionFactory(question=QuestionFactory(wording="Old?", opened_at=long_ago, project=project))
    PositionFactory(question=QuestionFactory(wording="New jet?", opened_at=now))
    taken = QuestionFactory(wording="Taken?", opened_at=now, assessments_asked=1)
    PositionFactory(question=taken)
    take(taken, ana)

    page = browser(lea).get(f"{url(QUEUE)}?{query.format(project=project.pk)}").content.decode()

    rows = page[page.index('<h2 id="all-title"') :]
    assert {wording for wording in ("Old?", "New jet?", "Taken?") if f">{wording}</a>" in rows} == shown


def test_queue_goes_on_where_its_first_page_ends(lea: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reviews.queue.ROWS", 2)
    for number in range(5):
        QuestionFactory(wording=f"Number {number}?", opened_at=NOW)  # as of one moment
    client, pages, query = browser(lea), [], ""

    for _ in range(3):
        answer = client.get(f"{url(QUEUE)}?{query}")
        pages.append([row.question.wording for row in answer.context["page"].rows])
        query = answer.context["next_page"]

    assert pages == [["Number 0?", "Number 1?"], ["Number 2?", "Number 3?"], ["Number 4?"]]
    assert query == ""


def test_lead_assigns_many_questions_each_by_itself(ana: User, lea: User) -> None:
    open_one, written = PositionFactory().question, PositionFactory(added_by=ana).question
    chosen = [f"{open_one.pk}:{open_one.version}", f"{written.pk}:{written.version}"]

    answer = browser(lea).post(
        url("question_assign_many"), {"question": chosen, "to": "ana", "do": "assign"}, follow=True
    )

    assert list(Assignment.objects.values_list("question", "reviewer")) == [(open_one.pk, ana.pk)]
    said = [str(message) for message in answer.context["messages"]]
    assert said[0] == "Done for 1 question."
    assert "Nobody assesses what they wrote" in said[1]


def test_question_that_changed_since_the_queue_was_shown_is_not_assigned(ana: User, lea: User) -> None:
    question = PositionFactory().question

    browser(lea).post(
        url("question_assign_many"),
        {"question": f"{question.pk}:{question.version + 1}", "to": "ana", "do": "assign"},
    )

    assert not Assignment.objects.exists()


def test_lead_gives_assignments_to_somebody_else_with_a_reason(
    question: Question, ana: User, ben: User, lea: User
) -> None:
    take(question, ana)
    question.refresh_from_db()
    form = {"question": f"{question.pk}:{question.version}", "of": "ana", "to": "ben", "do": "assign"}
    client = browser(lea)

    client.post(url("question_assign_many"), form)
    assert [each.reviewer for each in Assignment.objects.active()] == [ana]
    client.post(url("question_assign_many"), form | {"reason": "On leave."})

    assert [each.reviewer for each in Assignment.objects.active()] == [ben]
    assert Assignment.objects.get(reviewer=ana).ending == Assignment.Ending.WITHDRAWN


def test_lead_withdraws_many_assignments(question: Question, ana: User, lea: User) -> None:
    take(question, ana)

    browser(lea).post(
        url("question_assign_many"),
        {"question": f"{question.pk}:1", "of": "ana", "reason": "On leave.", "do": "withdraw"},
    )

    assert not Assignment.objects.active().exists()


def test_assignments_of_many_are_for_leads(question: Question, ana: User) -> None:
    answer = browser(ana).post(
        url("question_assign_many"), {"question": f"{question.pk}:1", "to": "ana", "do": "assign"}
    )

    assert answer.status_code == HTTPStatus.FORBIDDEN
    assert not Assignment.objects.exists()


def test_own_assignment_is_given_back(question: Question, ana: User) -> None:
    take(question, ana)

    browser(ana).post(url("question_release_assignment", question.pk), {"seen_version": 1})

    assert Assignment.objects.get().ending == Assignment.Ending.RELEASED


def test_giving_back_is_asked_about_first_and_said_afterwards(question: Question, ana: User) -> None:
    take(question, ana)
    client, page = browser(ana), url("question_compare", question.pk)

    asked = client.get(page, {"do": "release_assignment"}).content.decode()
    client.post(url("question_release_assignment", question.pk), {"seen_version": 1})

    assert "you cannot take the question again in this round" in asked
    assert "You gave this question back." in compare_page(question, ana)
    assert "You gave this question back." not in compare_page(question, person("reviewer"))


def test_who_lost_their_assignment_is_told_why_on_the_question(
    question: Question, ana: User, lea: User
) -> None:
    take(question, ana)
    operations.withdraw_assignment(
        assignment_id=Assignment.objects.get().pk, reason="She knows the pilot.", by=lea, now=NOW
    )

    hers, theirs = compare_page(question, ana), compare_page(question, person("reviewer"))

    assert "Your assignment was withdrawn: She knows the pilot." in hers
    assert "withdrawn" not in theirs


def test_only_leads_read_that_nobody_holds_a_question_in_review(
    question: Question, ana: User, ben: User, lea: User
) -> None:
    take(question, ana)
    held = compare_page(question, lea)
    operations.release_assignment(assignment_id=Assignment.objects.get().pk, by=ana, now=NOW)

    nobody = "nobody holds it now: it waits for reviewers"
    assert nobody not in held
    assert nobody in compare_page(question, lea)
    assert nobody not in compare_page(question, ben)


def test_lead_assigns_and_withdraws_on_the_compare_screen(question: Question, ana: User, lea: User) -> None:
    client = browser(lea)

    client.post(
        url("question_assign_question", question.pk), {"seen_version": question.version, "reviewer": "ana"}
    )
    assert "assigned: ana" in compare_page(question, lea)
    assert "waits for 1 more reviewer<" in compare_page(question, lea)
    assignment = Assignment.objects.get()
    client.post(
        url("question_withdraw_assignment", question.pk),
        {"seen_version": 1, "assignment": assignment.pk, "reason": "On leave."},
    )

    assert not Assignment.objects.active().exists()
    assert "waits for 2 reviewers<" in compare_page(question, lea)
    assert "waits for 2 reviewers<" not in compare_page(question, ana)
