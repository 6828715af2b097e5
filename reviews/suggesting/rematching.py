"""Matching again what an earlier version of the matcher had matched, in batches, from where it was left."""

import logging
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from types import TracebackType
from typing import Final

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils import timezone

from claims.models import Article, Claim, EngineRun
from reviews.matching import MATCHER_VERSION
from reviews.models import MatchedClaim, Rematch, RematchedQuestion
from reviews.suggesting.due import offer
from reviews.suggesting.matching_run import match_articles
from reviews.suggesting.writing import Difference

BATCH: Final = 20

logger = logging.getLogger(__name__)


def outdated_articles(*, since: datetime | None = None) -> QuerySet[Article]:
    """The articles with a claim that this version has not matched; `since` narrows to later publications."""
    of_this_version = MatchedClaim.objects.filter(claim=OuterRef("pk"), matcher_version=MATCHER_VERSION)
    standing = Claim.objects.filter(revision=OuterRef("current_revision"), engine_run__is_current=True)
    articles = Article.objects.filter(Exists(standing.filter(~Exists(of_this_version))))
    return articles if since is None else articles.filter(published_at__gte=since)


def begin_rematch(*, by: User, now: datetime) -> Rematch:
    """The pass of this version that was left unfinished, or a new one; two that begin at once share one."""
    rematch, _ = Rematch.objects.get_or_create(
        matcher_version=MATCHER_VERSION,
        finished_at=None,
        defaults={"started_by": by, "started_at": now},
    )
    return rematch


def rematch_all(rematch: Rematch, articles: QuerySet[Article]) -> Iterator[int]:
    """Match the articles batch by batch and write down what that changed; yield how many each batch had.

    A batch that fails is left to the workers, who match each article alone and keep the error of one that
    cannot be matched.
    """
    last = 0
    while article_ids := list(
        articles.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]
    ):
        with _LeftToWorkers(article_ids), transaction.atomic():
            _write_down(rematch, match_articles(article_ids, now=timezone.now()))
            Rematch.objects.filter(pk=rematch.pk).update(articles=F("articles") + len(article_ids))
        last = article_ids[-1]
        yield len(article_ids)
    Rematch.objects.filter(pk=rematch.pk).update(finished_at=max(timezone.now(), rematch.started_at))


class _LeftToWorkers:
    """A `with` block of which any error is logged, and its articles are offered to the workers."""

    def __init__(self, article_ids: Collection[int]) -> None:
        self.article_ids = article_ids

    def __enter__(self) -> None:
        pass

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if not isinstance(error, Exception):
            return False
        logger.error("Left to the workers: articles %s", self.article_ids, exc_info=error)
        revisions = Article.objects.filter(pk__in=self.article_ids).values("current_revision")
        offer(list(EngineRun.objects.filter(revision__in=revisions, is_current=True)))
        return True


def _write_down(rematch: Rematch, differences: Iterable[Difference]) -> None:
    for difference in differences:
        row, _ = RematchedQuestion.objects.get_or_create(rematch=rematch, question=difference.question)
        row.suggested += difference.suggested
        row.withdrawn += difference.withdrawn
        row.is_proposed |= difference.is_proposed
        row.is_taken_back |= difference.is_taken_back
        row.save(update_fields=["suggested", "withdrawn", "is_proposed", "is_taken_back"])
