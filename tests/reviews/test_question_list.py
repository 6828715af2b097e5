"""The list of questions: ordered and narrowed by what is counted, read from indexes."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib import admin
from django.db import connection
from django.template.response import TemplateResponse
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from reviews.admin.question_list import QuestionList
from reviews.models import Question, QuestionTally
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
from tests.tallied import many_questions, recounted

pytestmark = pytest.mark.django_db
Show = Callable[[str], TemplateResponse]


@pytest.fixture
def show() -> Show:
    """`show("?by=contested")` is the list as a viewer sees it."""
    viewer = UserFactory(is_staff=True, roles=["viewer"])

    def shown(query: str) -> TemplateResponse:
        request = RequestFactory().get(f"/admin/reviews/question/{query}")
        request.user = viewer
        page = QuestionList(Question, admin.site).changelist_view(request)
        assert page.status_code == 200, query
        return page.render()

    return shown


def tallied(**counts: Any) -> Question:
    state = {name: counts.pop(name) for name in ("state", "resolution", "is_evolving") if name in counts}
    question = QuestionFactory(**state)
    QuestionTally.objects.create(question=question, **counts)
    return question


def listed(page: TemplateResponse) -> list[Question]:
    return list(page.context_data["cl"].result_list)


def test_row_says_what_is_counted(show: Show) -> None:
    question = QuestionFactory(wording="Where was it?", event="Downing of the jet")
    for number in range(2):
        PlacementFactory(position=PositionFactory(question=question, answer=f"There {number}"))
    suggested = {"state": "suggested", "suggested_by": "matcher 1", "placed_by": None}
    PlacementFactory(position=question.positions.first(), claim=ClaimFactory(), **suggested)
    recounted(question)

    page = show("")

    [row] = listed(page)
    assert row == question
    assert "3 claims, 3 outlets, 3 origins" in page.text
    assert "2 answers" in page.text
    assert "contested" in page.text
    assert "1+ origins a side" in page.text
    assert "1 to confirm</span>" in page.text


def test_row_of_a_decided_question_names_the_answers_its_verdict_supports(show: Show) -> None:
    question = tallied(state=Question.State.DECIDED)
    decided(question, "56 people", "by the count of the harbour office on the evening of that very day")
    stale = tallied(state=Question.State.REOPENED)
    decided(stale, "85 people")

    shown = show("").text

    whole = "Supported: 56 people; by the count of the harbour office on the evening of that very day"
    short = "Supported: 56 people; by the count of the harbour office on the evening of that v…"
    assert f'<span class="cc-quiet" title="{whole}">{short}</span>' in shown
    assert "85 people" not in shown


def decided(question: Question, *answers: str) -> None:
    """With a verdict that supports these answers and refutes another."""
    verdict = VerdictFactory(question=question, judgement="supported")
    for answer in answers:
        position = PositionFactory(question=question, answer=answer)
        PositionVerdictFactory(verdict=verdict, position=position, judgement="supported")
    position = PositionFactory(question=question, answer="none")
    PositionVerdictFactory(verdict=verdict, position=position, judgement="refuted")


def test_evolving_question_is_not_called_contested(show: Show) -> None:
    tallied(is_evolving=True, answered=2)

    shown = show("").text

    assert "evolving</span>" in shown
    assert "contested</span>" not in shown


def test_question_without_a_tally_is_listed_with_nothing(show: Show) -> None:
    question = QuestionFactory()

    page = show("")

    assert listed(page) == [question]
    assert "0 claims, 0 outlets, 0 origins" in page.text


def test_most_contested_come_first_when_asked_for(show: Show) -> None:
    some = tallied(opposed_origins=1, opposed_outlets=4)
    most = tallied(opposed_origins=2, opposed_outlets=2)
    least = tallied(origins=3)

    assert listed(show("?by=contested")) == [most, some, least]


def test_newest_claims_come_first_when_asked_for(show: Show) -> None:
    newest = tallied(newest_at=NOW.replace(year=2018))
    older = tallied(newest_at=NOW)
    undated = tallied()

    assert listed(show("?by=claims")) == [newest, older]
    assert listed(show("")) == [undated, older, newest]


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ("", ["proposed", "waiting", "evolving", "quiet"]),
        ("?review=needed", ["proposed", "waiting"]),
        ("?review=none", ["evolving", "quiet"]),
        ("?state__exact=proposed", ["proposed"]),
        ("?state__exact=dismissed", ["gone"]),
        ("?resolution__exact=contested", ["waiting"]),
        ("?is_evolving__exact=1", ["evolving"]),
        ("?slot__exact=who", []),
        ("?review=nonsense", ["proposed", "waiting", "evolving", "quiet"]),
        ("?by=nonsense", ["proposed", "waiting", "evolving", "quiet"]),
    ],
)
def test_filters_keep_what_they_say(show: Show, query: str, kept: list[str]) -> None:
    questions = {
        "proposed": tallied(state=Question.State.PROPOSED),
        "waiting": tallied(suggested=2, resolution=Question.Resolution.CONTESTED),
        "evolving": tallied(is_evolving=True),
        "quiet": QuestionFactory(),
        "gone": QuestionFactory(state=Question.State.DISMISSED, state_reason="Not a question of fact."),
    }

    assert set(listed(show(query))) == {questions[name] for name in kept}


def test_list_costs_as_many_queries_for_three_questions_as_for_one(show: Show) -> None:
    decided(tallied(claims=1, state=Question.State.DECIDED), "56 people")
    show("?by=contested")  # what is read once for a process is read now
    with CaptureQueriesContext(connection) as one:
        show("?by=contested")
    for claims in (2, 3):
        decided(tallied(claims=claims, state=Question.State.DECIDED), "56 people", "60 people")
    with CaptureQueriesContext(connection) as three:
        show("?by=contested")

    assert len(three) == len(one)


@pytest.mark.parametrize(
    ("query", "index"),
    [
        ("", "question_newest_first"),
        ("?by=contested", "most_contested_first"),
        ("?by=claims", "newest_claims_first"),
        ("?by=contested&review=needed", "most_contested_first"),
    ],
)
def test_list_is_read_by_the_index_of_its_order(show: Show, query: str, index: str) -> None:
    many_questions(3000)

    with CaptureQueriesContext(connection) as captured:
        show(query)

    [sql] = [one["sql"] for one in captured if "ORDER BY" in one["sql"] and "wording" in one["sql"]]
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {sql}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert index in plan
    assert "Sort" not in plan
    assert [one["sql"] for one in captured if "COUNT(" in one["sql"] and "LIMIT" not in one["sql"]] == []
