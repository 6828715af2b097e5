from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from claims.models import Job
from config import dashboard
from config.dashboard import COUNT_UP_TO, Capped
from reviews.models import MatchingDue, Placement, Question
from reviews.models.matching import MATCHING_ATTEMPTS
from tests.factories import (
    NOW,
    ArticleFactory,
    AssignmentFactory,
    ClaimFactory,
    JobFactory,
    OriginClaimFactory,
    OriginFactory,
    PlacementFactory,
    PositionFactory,
    PositionVerdictFactory,
    QuestionFactory,
    RevisionFactory,
    UserFactory,
    VerdictFactory,
)
from tests.tallied import many_questions, recounted

pytestmark = pytest.mark.django_db
SUGGESTED = {"state": "suggested", "suggested_by": "matcher 1.0.0", "placed_by": None}


@pytest.fixture
def page() -> "Page":
    return Page()


class Page:
    def answer(self, user: User) -> HttpResponse:
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client.get("/admin/")

    def of(self, user: User) -> str:
        return self.answer(user).content.decode()

    def of_viewer(self) -> str:
        return self.of(UserFactory(is_staff=True, roles=["viewer"]))


def question(*answers: int, **given: object) -> Question:
    """With one claim of an outlet and article of its own for each count under each answer."""
    made = QuestionFactory(**given)
    for count in answers:
        position = PositionFactory(question=made)
        for _ in range(count):
            PlacementFactory(position=position)
    return recounted(made)


def test_dashboard_shows_the_most_contested_first(page: Page) -> None:
    question(1, 1, wording="Who lit it?")
    question(2, 2, wording="Who downed it?")

    shown = page.of_viewer()

    assert shown.index("Most contested") < shown.index("Who downed it?") < shown.index("Who lit it?")


def test_tile_shows_its_answers_side_by_side_with_what_stands_behind_each(page: Page) -> None:
    asked = QuestionFactory(wording="How many were hurt?", event="Fire at the port, 3 May 2021")
    few, many = PositionFactory(question=asked, answer="56"), PositionFactory(question=asked, answer="85")
    copies = [ClaimFactory() for _ in range(3)]
    for claim in copies:
        OriginClaimFactory(
            origin=OriginFactory() if claim == copies[0] else copies[0].origin_member.origin, claim=claim
        )
        PlacementFactory(position=few, claim=claim)
    for _ in range(2):
        PlacementFactory(position=many, **SUGGESTED)
    PlacementFactory(position=many, state=Placement.State.REJECTED)
    recounted(asked)

    response = page.answer(UserFactory(is_staff=True, roles=["viewer"]))

    [tile] = response.context["contested"]
    assert [(each.answer, each.backing) for each in tile.shown] == [
        ("85", "2 outlets, 2 origins"),
        ("56", "3 outlets, 1 origin"),
    ]
    assert [(each.origin_share, each.outlet_share) for each in tile.shown] == [(67, 67), (33, 100)]
    shown = response.content.decode()
    assert "5 claims, 5 outlets, 3 origins · 2 to confirm" in shown
    assert "Fire at the port, 3 May 2021" in shown
    assert '<rect class="is-origins" width="33" height="5"/>' in shown


def test_tile_shows_the_best_backed_answers_and_how_many_more_there_are(page: Page) -> None:
    question(1, 2, 1, 3, 1)

    shown = page.of_viewer()

    assert shown.index("Answer 4") < shown.index("Answer 2") < shown.index("Answer 1")
    assert "2 more answers" in shown
    assert "Answer 5" not in shown


def test_question_is_shown_once_and_where_it_matters_most(page: Page) -> None:
    question(1, 1, wording="Who is contested?")
    question(1, wording="Who is proposed?", state=Question.State.PROPOSED)
    question(1, wording="Who is new?")
    question(wording="Who waits for claims?")
    VerdictFactory(question=question(1, wording="Who is decided?", state=Question.State.DECIDED))
    question(1, 1, wording="Who is gone?", state=Question.State.DISMISSED, state_reason="No fact.")

    shown = page.of_viewer()

    in_order = [
        "Most contested",
        "Who is contested?",
        "To open or confirm",
        "Who is proposed?",
        "Other questions with new claims",
        "Who is new?",
        "Waiting for claims",
        "Who waits for claims?",
        "Decided lately",
        "Who is decided?",
    ]
    places = [shown.index(words) for words in in_order]
    assert places == sorted(places)
    assert [shown.count(words) for words in in_order if words.endswith("?")] == [1] * 5
    assert "Who is gone?" not in shown


def test_dashboard_says_where_to_look_when_nothing_is_to_open_or_confirm(page: Page) -> None:
    question(1, wording="Who is new?")

    shown = page.of_viewer()

    assert "No other question is proposed, and no suggested claim is left to confirm." in shown


def test_evolving_question_is_marked_and_not_among_the_contested(page: Page) -> None:
    question(1, 1, wording="How many were hurt?", is_evolving=True)

    shown = page.of_viewer()

    assert "No answers compete yet." in shown
    assert shown.index("Other questions with new claims") < shown.index("evolving</span>")


def test_dashboard_says_what_comes_next_when_all_is_empty(page: Page) -> None:
    shown = page.of(UserFactory(is_staff=True, roles=["reviewer"]))

    assert "No answers compete yet." in shown
    assert "Add articles on the same event" in shown
    assert "No article yet." in shown
    assert "Add the first one" in shown


def test_dashboard_counts_jobs(page: Page) -> None:
    JobFactory(failed=True)

    shown = page.of_viewer()

    assert f"?state__exact={Job.State.FAILED}" in shown
    assert "<strong>1</strong> failed" in shown


def test_dashboard_tells_what_the_matcher_gave_up(page: Page) -> None:
    claims = [ClaimFactory(), ClaimFactory()]
    for claim, attempts in zip(claims, (0, MATCHING_ATTEMPTS), strict=True):
        MatchingDue.objects.update_or_create(
            engine_run=claim.engine_run, defaults={"attempts": attempts, "due_at": NOW}
        )

    shown = page.of(UserFactory(is_staff=True, is_superuser=True))

    assert "<strong>2</strong> to be matched" in shown
    assert "The matcher failed on the claims of 1 article and gave up" in shown
    assert "gave up" not in page.of(UserFactory(is_staff=True))


def test_dashboard_leaves_out_what_one_may_not_see(page: Page) -> None:
    ArticleFactory(title="A secret article")
    question(1, 1, wording="Who is secret?")

    shown = page.of(UserFactory(is_staff=True))

    assert "A secret article" not in shown
    assert "Who is secret?" not in shown
    assert "Ingestion" not in shown


def test_dashboard_lets_no_hidden_character_turn_the_text_around_it(page: Page) -> None:
    asked = question(1, 1, wording="Who \u202e said it?", event="\u202e")
    RevisionFactory(article__title="\u202e title")

    shown = page.of_viewer()

    assert asked.get_absolute_url() in shown
    assert shown.count("\u202e") == shown.count('title="U+202E right-to-left override">\u202e</bdi>') > 2


def decided(*answers: str) -> None:
    """A question with a verdict that supports these answers."""
    verdict = VerdictFactory(question=QuestionFactory(state="decided"), judgement="supported")
    for answer in answers:
        position = PositionFactory(question=verdict.question, answer=answer)
        PositionVerdictFactory(verdict=verdict, position=position, judgement="supported")


def test_dashboard_names_the_answers_that_were_decided(page: Page) -> None:
    decided("56 people", "60 people", "61 people", "many")

    shown = page.of_viewer()

    whole = "Supported: 56 people; 60 people; 61 people; many"
    assert f'title="{whole}">Supported: 56 people; 60 people; 61 people; and 1 more</span>' in shown


def test_dashboard_says_until_when_a_question_is_held(page: Page) -> None:
    reviewer = UserFactory(is_staff=True, roles=["reviewer"])
    AssignmentFactory(reviewer=reviewer, lease_until=NOW + timedelta(days=3))

    assert "until 23 Jun 2017, 12:00 UTC" in page.of(reviewer)


def test_dashboard_costs_as_many_queries_for_three_questions_as_for_one(page: Page) -> None:
    def fill() -> None:
        question(1, 1)
        question(1, state=Question.State.PROPOSED)
        question(2)
        question()
        decided("56 people", "60 people")

    fill()
    page.of_viewer()  # what is read once for a process is read now
    with CaptureQueriesContext(connection) as one:
        page.of_viewer()
    fill()
    fill()
    with CaptureQueriesContext(connection) as three:
        page.of_viewer()

    assert len(three) == len(one)


@pytest.mark.parametrize(
    ("rows", "order", "index"),
    [
        (dashboard.TILES, '"opposed_origins"', "most_contested_first"),
        (dashboard.ROWS, '"opposed_origins"', "most_contested_first"),
        (dashboard.ROWS, '"newest_at"', "newest_claims_first"),
        (dashboard.LOOKED_THROUGH, '"opened_at"', "question_newest_first"),
    ],
)
def test_dashboard_reads_its_questions_in_the_order_of_an_index(
    page: Page, rows: int, order: str, index: str
) -> None:
    many_questions(3000)

    with CaptureQueriesContext(connection) as captured:
        page.of_viewer()

    statements = [query["sql"] for query in captured]
    found = [
        sql
        for sql in statements
        if "wording" in sql and f"{order} DESC" in sql.split("ORDER BY")[-1] and sql.endswith(f"LIMIT {rows}")
    ]
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {found[0]}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert index in plan
    assert "Sort" not in plan
    assert [sql for sql in statements if "COUNT(*)" in sql and "LIMIT" not in sql] == []


def test_count_stops_where_nobody_reads_on() -> None:
    assert [str(Capped(count)) for count in (0, 999, COUNT_UP_TO)] == ["0", "999", "1,000+"]
