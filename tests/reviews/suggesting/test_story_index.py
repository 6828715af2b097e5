"""Claims are found by index, and stories stay together or fall apart as their claims say."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, connections

from reviews import suggesting
from reviews.models import MatchedClaim, MatchingDue, Question
from reviews.suggesting import story_index
from tests.factories import NOW
from tests.reviews.suggesting.conftest import Press

MANY = 20_000


@contextmanager
def plans_of_queries() -> Iterator[list[str]]:
    """The plans of the SELECTs that are run meanwhile, under the settings they are run with."""
    plans: list[str] = []

    def explain(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith("SELECT"):
            execute(f"EXPLAIN {sql}", params, many, context)
            plans.append("\n".join(line for (line,) in context["cursor"].fetchall()))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(explain):
        yield plans


def stories() -> list[list[int]]:
    found: dict[int, list[int]] = {}
    for pk, story in MatchedClaim.objects.order_by("pk").values_list("pk", "story"):
        found.setdefault(story, []).append(pk)
    return sorted(found.values())


@pytest.mark.django_db
def test_look_up_by_keys_uses_the_index_at_size() -> None:
    with connection.cursor() as cursor:
        # Rows of the index alone: whose claims they are does not matter to the plan.
        cursor.execute("ALTER TABLE reviews_matchedclaim DISABLE TRIGGER ALL")
        cursor.execute(
            "INSERT INTO reviews_matchedclaim (claim_id, keys, story, credits, matcher_version)"
            " SELECT n, ARRAY(SELECT (hashint8(n * 31 + k)::bigint << 16) + k FROM generate_series(1, 20) k),"
            " n, '{}', '1.0.0' FROM generate_series(1, %s) n",
            [MANY],
        )
        cursor.execute("ANALYZE reviews_matchedclaim")
    keys = MatchedClaim.objects.filter(pk__lte=40).values_list("keys", flat=True)
    asked = [key for held in keys for key in held]

    with plans_of_queries() as plans:
        found = story_index.find_candidates(asked)

    assert sorted(found) == list(range(1, 41))
    [plan] = plans
    assert "Bitmap Index Scan on matched_claim_keys" in plan


@pytest.mark.django_db
def test_article_that_tells_of_two_stories_unites_nothing(press: Press) -> None:
    press.publish("Courier", "killed in Alder: 12")
    press.publish("Ledger", "killed in Brook: 3")
    press.publish("Herald", "killed in Alder: 12", "killed in Brook: 3")

    assert [len(claims) for claims in stories()] == [2, 2]


@pytest.mark.django_db
def test_story_falls_apart_when_the_claim_that_held_it_together_goes(
    press: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Links are given here by the numbers two claims share, so that one can bridge two others."""

    def numbers(claim: object) -> frozenset[int]:
        return frozenset(map(int, story_index_text(claim).split("-")))

    def story_index_text(claim: object) -> str:
        return claim.claim.statement.removesuffix(".").split(": ")[1]  # type: ignore[attr-defined]

    def linked(one: object, other: object) -> bool:
        return bool(numbers(one) & numbers(other))

    monkeypatch.undo()
    monkeypatch.setattr(story_index, "keys_of", numbers)
    monkeypatch.setattr(story_index, "is_same_story", linked)
    monkeypatch.setattr(story_index, "stories_of", components(linked))
    monkeypatch.setattr("reviews.suggesting.matching_run.match_story", lambda claims: [])
    press.publish("Courier", "killed in Alder: 1")
    press.publish("Ledger", "killed in Alder: 2")
    press.publish("Bridge", "killed in Alder: 1-2")

    assert [len(claims) for claims in stories()] == [3]

    press.publish("Bridge", version="10")

    assert [len(claims) for claims in stories()] == [1, 1]
    assert all(story in claims for claims in stories() for story in claims[:1])


def components(linked):  # type: ignore[no-untyped-def]
    def of(claims):  # type: ignore[no-untyped-def]
        left, found = sorted(claims, key=lambda claim: claim.id), []
        while left:
            story = [left.pop(0)]
            for claim in story:
                near = [other for other in left if linked(claim, other)]
                story += near
                left = [other for other in left if other not in near]
            found.append(story)
        return found

    return of


@pytest.mark.django_db(transaction=True)
def test_articles_matched_at_once_see_each_other(press: Press) -> None:
    articles = [press.publish(name, f"killed in Alder: {number}") for number, name in enumerate("ABCD", 11)]
    MatchedClaim.objects.all().delete()
    starting = Barrier(len(articles))

    def match(pk: int) -> None:
        try:
            starting.wait()
            suggesting.match_articles([pk], now=NOW)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(articles)) as threads:
        list(threads.map(match, [article.pk for article in articles]))

    assert [len(claims) for claims in stories()] == [4]
    [question] = Question.objects.exclude(state="dismissed")
    assert [position.answer for position in question.positions.all()] == ["11", "12", "13", "14"]
    assert MatchingDue.objects.count() == 4, "to be deleted by match_run, with which they are taken"
