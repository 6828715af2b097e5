"""Matching again what an earlier version of the matcher had matched, in batches, from where it was left."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet

from claims.models import Article, Claim
from reviews.matching import MATCHER_VERSION
from reviews.models import MatchedClaim, Rematch, RematchedQuestion
from reviews.suggesting.matching_run import match_articles
from reviews.suggesting.writing import Difference

BATCH: Final = 20


def outdated_articles(*, since: datetime | None = None) -> QuerySet[Article]:
    """The articles with a claim that this version has not matched; `since` narrows to later publications."""
    of_this_version = MatchedClaim.objects.filter(claim=OuterRef("pk"), matcher_version=MATCHER_VERSION)
    standing = Claim.objects.filter(revision=OuterRef("current_revision"), engine_run__is_current=True)
    articles = Article.objects.filter(Exists(standing.filter(~Exists(of_this_version))))
    return articles if since is None else articles.filter(published_at__gte=since)


def begin_rematch(*, by: User, now: datetime) -> Rematch:
    """The pass of this version that was left unfinished, or a new one."""
    left = Rematch.objects.filter(matcher_version=MATCHER_VERSION, finished_at__isnull=True).first()
    return left or Rematch.objects.create(matcher_version=MATCHER_VERSION, started_by=by, started_at=now)


@transaction.atomic
def rematch_next(rematch: Rematch, articles: QuerySet[Article], *, now: datetime) -> int:
    """Match the next articles and write down what that changed; return how many, 0 at the end."""
    article_ids = list(articles.order_by("pk").values_list("pk", flat=True)[:BATCH])
    if article_ids:
        _write_down(rematch, match_articles(article_ids, now=now))
        Rematch.objects.filter(pk=rematch.pk).update(articles=F("articles") + len(article_ids))
    else:
        Rematch.objects.filter(pk=rematch.pk).update(finished_at=max(now, rematch.started_at))
    return len(article_ids)


def _write_down(rematch: Rematch, differences: Iterable[Difference]) -> None:
    for difference in differences:
        row, _ = RematchedQuestion.objects.get_or_create(rematch=rematch, question=difference.question)
        row.suggested += difference.suggested
        row.withdrawn += difference.withdrawn
        row.is_proposed |= difference.is_proposed
        row.is_taken_back |= difference.is_taken_back
        row.save(update_fields=["suggested", "withdrawn", "is_proposed", "is_taken_back"])
