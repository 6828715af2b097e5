import pytest
from django.contrib.auth.models import User
from django.test import Client

from claims.models import Job
from config.dashboard import COUNT_UP_TO, Capped
from tests.factories import (
    ArticleFactory,
    JobFactory,
    PlacementFactory,
    PositionFactory,
    QuestionFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def page() -> "Page":
    return Page()


class Page:
    def of(self, user: User) -> str:
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client.get("/admin/").content.decode()


def test_dashboard_shows_contested_questions_first(page: Page) -> None:
    contested, gathering = QuestionFactory(wording="Who downed it?"), QuestionFactory(wording="When was it?")
    for _ in range(2):
        PlacementFactory(position=PositionFactory(question=contested))
    PlacementFactory(position=PositionFactory(question=gathering))

    shown = page.of(UserFactory(is_staff=True, roles=["viewer"]))

    assert (
        shown.index("Contested questions") < shown.index("Who downed it?") < shown.index("Waiting for claims")
    )
    assert shown.index("Waiting for claims") < shown.index("When was it?")
    assert "2 answers" in shown


def test_dashboard_says_what_comes_next_when_all_is_empty(page: Page) -> None:
    shown = page.of(UserFactory(is_staff=True, roles=["reviewer"]))

    assert "No open question has claims under two answers yet." in shown
    assert "No article yet." in shown
    assert "Add the first one" in shown


def test_dashboard_counts_jobs(page: Page) -> None:
    JobFactory(failed=True)

    shown = page.of(UserFactory(is_staff=True, roles=["viewer"]))

    assert f"?state__exact={Job.State.FAILED}" in shown
    assert "<strong>1</strong> failed" in shown


def test_dashboard_leaves_out_what_one_may_not_see(page: Page) -> None:
    ArticleFactory(title="A secret article")

    shown = page.of(UserFactory(is_staff=True))

    assert "A secret article" not in shown
    assert "Ingestion" not in shown


def test_count_stops_where_nobody_reads_on() -> None:
    assert [str(Capped(count)) for count in (0, 999, COUNT_UP_TO)] == ["0", "999", "1,000+"]
