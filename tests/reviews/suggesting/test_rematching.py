"""A new version of the matcher goes over all claims; what it changed is listed, what people decided stays."""

from collections.abc import Callable
from datetime import datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from reviews import operations
from reviews.models import MatchedClaim, MatchingDue, Placement, Question, Rematch, RematchedQuestion
from reviews.suggesting import Difference, rematching
from tests.factories import NOW, UserFactory
from tests.reviews.suggesting.conftest import Press, Shown, match_story

pytestmark = pytest.mark.django_db

KILLED = "How many were killed in Alder?"


@pytest.fixture
def new_version(monkeypatch: pytest.MonkeyPatch) -> None:
    """Matcher 2.0.0 asks no longer about the hurt, and 99 is no answer."""

    def match(claims):  # type: ignore[no-untyped-def]
        told = [claim for claim in claims if ": 99" not in claim.claim.statement]
        return [question for question in match_story(told) if "hurt" not in question.question]

    for module in ("suggesting.story_index", "suggesting.rematching"):
        monkeypatch.setattr(f"reviews.{module}.MATCHER_VERSION", "2.0.0")
    monkeypatch.setattr("reviews.suggesting.matching_run.match_story", match)


def rematch(*arguments: str) -> str:
    out = StringIO()
    call_command("rematch", "--no-progress-bar", *arguments, stdout=out, stderr=StringIO())
    return out.getvalue()


def test_new_version_goes_over_all_and_says_what_it_changed(
    press: Press, shown: Callable[[], Shown], new_version: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as earlier:
        for module in ("suggesting.story_index", "suggesting.rematching"):
            earlier.setattr(f"reviews.{module}.MATCHER_VERSION", "1.0.0")
        earlier.setattr("reviews.suggesting.matching_run.match_story", match_story)
        press.publish("Courier", "killed in Alder: 12", "hurt in Alder: 3")
        press.publish("Ledger", "killed in Alder: 15", "hurt in Alder: 4")
        press.publish("Herald", "killed in Alder: 99")
        ann = UserFactory(roles=["lead"])
        question = Question.objects.get(wording=KILLED)
        operations.open_proposed(question_id=question.pk, by=ann, now=NOW)
        confirmed = Placement.objects.get(position__answer="15")
        operations.confirm_placements(placement_ids=[confirmed.pk], by=ann, now=NOW)

    assert rematch("--dry-run") == "3 articles to be matched by matcher 1.0.0.\n"
    said = rematch()

    assert said == (
        "Matcher 2.0.0: 0 suggestions added, 3 suggestions withdrawn,"
        " 0 questions proposed, 1 question taken back.\n"
    )
    assert shown() == {KILLED: {"12": ["Courier suggested"], "15": ["Ledger confirmed"], "99": []}}
    assert set(MatchedClaim.objects.values_list("matcher_version", flat=True)) == {"2.0.0"}
    [made] = Rematch.objects.all()
    assert (made.articles, made.finished_at is not None) == (3, True)
    assert sorted(
        RematchedQuestion.objects.values_list("question__wording", "withdrawn", "is_taken_back")
    ) == [("How many were hurt in Alder?", 2, True), (KILLED, 1, False)]


def test_stopped_pass_goes_on_where_it_was(press: Press, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in "ABC":
        press.publish(name, "killed in Alder: 12")
    MatchedClaim.objects.update(matcher_version="0.9.0")
    monkeypatch.setattr("reviews.suggesting.rematching.BATCH", 2)
    seen: list[int] = []

    def stop_after_one(article_ids, *, now):  # type: ignore[no-untyped-def]
        if seen:
            raise KeyboardInterrupt
        seen.extend(article_ids)
        return []

    with monkeypatch.context() as stopping:
        stopping.setattr("reviews.suggesting.rematching.match_articles", stop_after_one)
        with pytest.raises(KeyboardInterrupt):
            rematch()
    rematch()

    assert Rematch.objects.count() == 1
    assert set(MatchedClaim.objects.values_list("matcher_version", flat=True)) == {"1.0.0"}


def test_pass_asks_for_each_article_once(press: Press, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in "ABCDE":
        press.publish(name, "killed in Alder: 12")
    MatchedClaim.objects.update(matcher_version="0.9.0")
    monkeypatch.setattr("reviews.suggesting.rematching.BATCH", 2)
    seen: list[int] = []
    # Nothing is matched here, so that all stay outdated.
    monkeypatch.setattr(
        "reviews.suggesting.rematching.match_articles",
        lambda article_ids, now: seen.extend(article_ids) or [],
    )

    rematch()

    assert seen == sorted(article.pk for article in press.articles.values())


def test_articles_that_fail_are_left_to_the_workers_and_the_pass_goes_on(
    press: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    articles = [press.publish(name, "killed in Alder: 12") for name in "ABC"]
    MatchedClaim.objects.update(matcher_version="0.9.0")
    MatchingDue.objects.all().delete()
    monkeypatch.setattr("reviews.suggesting.rematching.BATCH", 1)
    real = rematching.match_articles

    def fail_at_the_first(article_ids: list[int], *, now: datetime) -> list[Difference]:
        if article_ids == [articles[0].pk]:
            raise ArithmeticError("no day has 25 hours")
        return real(article_ids, now=now)

    monkeypatch.setattr("reviews.suggesting.rematching.match_articles", fail_at_the_first)
    rematch()

    [due] = MatchingDue.objects.all()
    assert due.engine_run.revision == articles[0].current_revision
    assert Rematch.objects.get().articles == 2
    assert MatchedClaim.objects.filter(matcher_version="1.0.0").count() == 2


def test_two_passes_begun_at_once_are_one(press: Press) -> None:
    by = UserFactory()

    first = rematching.begin_rematch(by=by, now=NOW)

    assert rematching.begin_rematch(by=by, now=NOW) == first


def test_day_that_is_none_is_refused() -> None:
    with pytest.raises(CommandError, match="is no day"):
        rematch("--since", "yesterday")


def test_since_leaves_earlier_articles_alone(press: Press) -> None:
    press.publish("Courier", "killed in Alder: 12")
    MatchedClaim.objects.update(matcher_version="0.9.0")

    assert rematch("--since", "2017-06-21") == "0 articles to be matched by matcher 1.0.0.\n"


def test_failed_runs_are_offered_again(press: Press) -> None:
    press.publish("Courier", "killed in Alder: 12")
    MatchingDue.objects.update(attempts=3)

    assert rematch("--failed") == "1 engine run offered to workers again.\n"

    assert MatchingDue.objects.get().attempts == 0


# --- The admin ------------------------------------------------------------------------------------
def test_page_lists_what_a_version_changed(press: Press, client: Client) -> None:
    press.publish("Courier", "killed in Alder: 12")
    press.publish("Ledger", "killed in Alder: 15")
    made = Rematch.objects.create(
        matcher_version="2.0.0", started_by=UserFactory(), started_at=NOW, articles=2
    )
    question = Question.objects.get()
    RematchedQuestion.objects.create(rematch=made, question=question, suggested=7, is_proposed=True)
    client.force_login(UserFactory(roles=["viewer"], is_staff=True))

    page = client.get(f"/admin/reviews/rematch/{made.pk}/change/").content.decode()
    listed = client.get("/admin/reviews/rematch/").content.decode()

    assert "7 added, 0 withdrawn" in page
    assert "1 proposed, 0 taken back, 1 changed in all" in page
    assert f'<a href="{question.get_absolute_url()}">{KILLED}</a>' in page
    assert "Unfinished" in listed


def test_runs_that_stand_still_are_shown_and_offered_again(press: Press, client: Client) -> None:
    press.publish("Courier", "killed in Alder: 12")
    MatchingDue.objects.update(attempts=3, last_error="ArithmeticError: no day has 25 hours")
    client.force_login(UserFactory(roles=["lead"], is_staff=True))

    page = client.get("/admin/reviews/matchingdue/").content.decode()
    chosen = {"action": "offer_again", "_selected_action": [MatchingDue.objects.get().pk]}
    client.post("/admin/reviews/matchingdue/", chosen)

    assert "Stands still" in page
    assert "no day has 25 hours" in page
    assert MatchingDue.objects.get().attempts == 0
