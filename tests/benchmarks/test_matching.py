"""How long a new article takes to match into bases of growing size, and the page of a large question.

The floor of matching is the bare look-up in the index of as many keys as the article has, that of the page
its columns without a template, each measured in the same run. The process is warm: stories and pages of the
kind were read before.
A million claims take some minutes to make: ask for them with MILLION=1 in front. Run by `make bench`; nothing
fails by time.
"""

import os
import random
import resource
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from datetime import time as hour
from functools import partial
from http import HTTPStatus
from itertools import count

import pytest
from django.db import connection, reset_queries, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claims.engine_runs import store_run
from claims.engines import Extraction
from claims.models import Article, Outlet
from reviews import audit, compare, suggesting
from reviews.models import MatchedClaim, Placement, Position, Question
from reviews.suggesting.story_index import find_candidates
from tests.benchmarks.generated_stories import OUTLETS, Story, article, stories
from tests.benchmarks.stored_stories import Base
from tests.engines import FakeEngine
from tests.factories import NOW, ArticleFactory, RevisionFactory, UserFactory

SIZES = (10_000, 100_000, *((1_000_000,) if os.environ.get("MILLION") else ()))
GENERATED = 100_000  # what goes beyond repeats these
NEW_ARTICLES = 24


@pytest.mark.django_db(transaction=True)
@pytest.mark.timeout(3600)
def test_new_article_into_bases_of_growing_size(capsys: pytest.CaptureFixture[str]) -> None:
    base, numbers = Base(), count(1)
    say = partial(_say, capsys)
    say("", "one new article of 25 claims matched, milliseconds, and megabytes grown meanwhile")
    say("    claims    median       p95      most     floor    memory  claims in its stories")
    told = stories(GENERATED, seed=20191231)
    for size in SIZES:
        if size > GENERATED:
            base.multiply(size // GENERATED)
        else:
            recent = base.add(_until(told, base, size))
        taken, floors, touched, asked = [], [], [], set[int]()
        articles = [_publish(story, base, next(numbers), asked) for story in _to_be_told(recent)]
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # as the database does by itself after a minute
        _match(articles[0])
        before = _megabytes()
        for new in articles[1:]:
            taken.append(_milliseconds(lambda new=new: _match(new)))
            of_new = MatchedClaim.objects.filter(claim__revision__article=new)
            keys = {key for held in of_new.values_list("keys", flat=True) for key in held}
            floors.append(_milliseconds(lambda keys=keys: _look_up(keys)))
            in_stories = MatchedClaim.objects.filter(story__in=of_new.values("story"))
            touched.append(in_stories.count())
        say(
            f"{base.claims:10d}{statistics.median(taken):10.0f}{_p95(taken):10.0f}{max(taken):10.0f}"
            f"{statistics.median(floors):10.1f}{_megabytes() - before:10.0f}"
            f"  median {statistics.median(touched):.0f}, most {max(touched)}"
        )
    say("the plan of the look-up", *(f"  {line}" for line in _plan(keys)))


@pytest.mark.django_db
def test_compare_screen_of_a_large_question(capsys: pytest.CaptureFixture[str]) -> None:
    base = Base()
    base.add(stories(3_000, seed=7))
    lead = Client()
    lead.force_login(
        UserFactory(is_staff=True, roles=["lead"]), backend="django.contrib.auth.backends.ModelBackend"
    )
    _say(capsys, "", "the compare screen, 8 positions, as a lead gets it; milliseconds of 20, queries")
    _say(capsys, "    claims      best    median      most   queries  its columns alone, best of 20")
    for claims in (30, 300):
        question = _question(claims, base)
        page = partial(lead.get, reverse("admin:reviews_question_compare", args=[question.pk]))
        assert page().status_code == HTTPStatus.OK
        with CaptureQueriesContext(connection) as queries:
            page()
        asked = len(queries)
        taken = [_milliseconds(page) for _ in range(20)]
        floor = min(_milliseconds(partial(compare.columns, question, verdict=None)) for _ in range(20))
        _say(
            capsys,
            f"{claims:10d}{min(taken):10.0f}{statistics.median(taken):10.0f}{max(taken):10.0f}{asked:10d}"
            f"{floor:10.0f}",
        )


def _say(capsys: pytest.CaptureFixture[str], *lines: str) -> None:
    with capsys.disabled():
        sys.stdout.write("".join(f"{line}\n" for line in lines))
        sys.stdout.flush()


def _until(told: Iterator[Story], base: Base, size: int) -> Iterator[Story]:
    """The next stories until the base has so many claims."""
    while base.claims < size:
        yield next(told)


def _to_be_told(recent: list[Story]) -> list[Story]:
    """Three of four new articles tell of a story that is there, a large one likelier than a small one."""
    chance = random.Random(1)
    known = chance.choices(recent, weights=[story.articles for story in recent], k=NEW_ARTICLES * 3 // 4)
    fresh = chance.sample(list(stories(20_000, seed=chance.randrange(10**6))), NEW_ARTICLES - len(known))
    return [*known, *(replace(story, number=-story.number - 1) for story in fresh)]


def _publish(story: Story, base: Base, number: int, asked: set[int]) -> Article:
    """Store an article on a story, not matched yet; where the story is there, its questions are first."""
    text, claims = article(story, seed=10**9 + number)
    outlet = Outlet.objects.get(name=OUTLETS[number % len(OUTLETS)])
    published_at = datetime.combine(story.day, hour(12), UTC) + timedelta(minutes=number)
    new = ArticleFactory(
        outlet=outlet, canonical_url=f"https://bench.example/new/{number}", published_at=published_at
    )
    revision = RevisionFactory(article=new, text=text)
    store_run(
        revision, Extraction(claims, made_by=FakeEngine(claims).identity), requested_by=base.by, now=NOW
    )
    if story.number in base.first_article and story.number not in asked:
        suggesting.match_articles([base.first_article[story.number]], now=NOW)
        asked.add(story.number)
    return new


def _match(new: Article) -> None:
    suggesting.match_articles([new.pk], now=NOW)


def _look_up(keys: set[int]) -> None:
    with transaction.atomic():
        find_candidates(keys)


def _plan(keys: set[int]) -> list[str]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(
            "EXPLAIN SELECT claim_id FROM reviews_matchedclaim WHERE keys && %s::bigint[]", [sorted(keys)]
        )
        return [line[:100] for (line,) in cursor.fetchall()]


def _question(claims: int, base: Base) -> Question:
    """A question with eight positions, and so many claims suggested under them."""
    ids = list(MatchedClaim.objects.order_by("pk").values_list("pk", flat=True)[:claims])
    with transaction.atomic():
        audit.because(by=base.by, action="bench")
        question = Question.objects.create(
            wording="How many?", slot="how many", opened_by=base.by, opened_at=NOW
        )
        positions = [
            Position.objects.create(
                question=question, answer=str(number), number=number, added_by=base.by, added_at=NOW
            )
            for number in range(1, 9)
        ]
        Placement.objects.bulk_create(
            Placement(
                question=question,
                position=positions[number % 8],
                claim_id=pk,
                state="suggested",
                suggested_by="matcher",
                reason="the same toll",
                placed_at=NOW,
            )
            for number, pk in enumerate(ids)
        )
    return question


def _milliseconds(work: Callable[[], object]) -> float:
    reset_queries()
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def _p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
