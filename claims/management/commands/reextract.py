"""manage.py reextract: have the engine read stored texts again, as bulk jobs; on request wait for them."""

import sys
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError
from django.db.models import Count

from claims import operations
from claims.engine_runs import outdated_revisions
from claims.engines import EngineIdentity, chosen_engine
from claims.errors import NotAllowed
from claims.management.actor import SYSTEM_USER, person
from claims.management.progress import Progress, finished_jobs
from claims.models import Article, Job

BATCH = 500


class Command(BaseCommand):
    help = (
        "Have the engine read stored texts again whose claims are by another engine or an earlier version. "
        "Each text is a job for workers on the queue `bulk`; what people decided on claims is carried over. "
        "May be stopped and started again: texts that are done or waiting are not queued twice."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument("--all", action="store_true", help="the texts of all articles")
        which.add_argument(
            "--article",
            action="append",
            type=int,
            metavar="ID",
            help="those of this article; may be repeated",
        )
        parser.add_argument("--dry-run", action="store_true", help="only say how many there are")
        parser.add_argument(
            "--wait", action="store_true", help="wait until all are finished; exit with 1 if any failed"
        )
        parser.add_argument(
            "--by", metavar="USERNAME", help=f"at whose wish (default: the user {SYSTEM_USER!r})"
        )
        parser.add_argument(
            "--no-progress-bar", action="store_true", help="plain lines, as when the output is no terminal"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        article_ids: list[int] | None = options["article"]
        _check_articles(article_ids or [])
        engine = chosen_engine().identity
        name = f"{engine.engine} {engine.engine_version}"
        texts, articles = _count_outdated(engine, article_ids)
        if options["dry_run"] or not texts:
            self.stdout.write(f"{texts} texts of {articles} articles are to be read by {name}.")
            return
        by, is_plain = person(options["by"]), options["no_progress_bar"] or not sys.stderr.isatty()
        with Progress(total=texts, unit="text", out=self.stderr, is_plain=is_plain) as progress:
            try:
                job_ids = list(_queue(article_ids, by=by, progress=None if options["wait"] else progress))
            except NotAllowed as error:
                raise CommandError(str(error)) from error
            if not options["wait"]:
                self.stdout.write(
                    f"{len(job_ids)} texts are queued to be read by {name};"
                    " the list of jobs shows how far they are."
                )
                return
            finished = []
            for jobs in finished_jobs(job_ids, say=progress.say):
                finished += [(job.state, job.pk, job.reason) for job in jobs]
                progress.step(len(jobs))
        self._report(finished, name=name)

    def _report(self, finished: list[tuple[str, int, str]], *, name: str) -> None:
        failed = [(pk, reason) for state, pk, reason in finished if state in Job.RETRYABLE]
        for pk, reason in failed:
            self.stderr.write(f"Job {pk}: {reason}")
        counted = Counter(state for state, _, _ in finished)
        counts = ", ".join(f"{count} {state}" for state, count in sorted(counted.items()))
        self.stdout.write(f"{len(finished)} texts read by {name}: {counts}.")
        if failed:
            sys.exit(1)


def _check_articles(article_ids: list[int]) -> None:
    known = Article.objects.filter(pk__in=article_ids).values_list("pk", flat=True)
    missing = sorted(set(article_ids) - set(known))
    if missing:
        raise CommandError(f"There is no article {', '.join(map(str, missing))}.")


def _count_outdated(engine: EngineIdentity, article_ids: list[int] | None) -> tuple[int, int]:
    """How many texts the engine has still to read, and of how many articles."""
    outdated = outdated_revisions(engine)
    if article_ids is not None:
        outdated = outdated.filter(article__in=article_ids)
    counts = outdated.aggregate(texts=Count("pk"), articles=Count("article", distinct=True))
    return counts["texts"], counts["articles"]


def _queue(article_ids: list[int] | None, *, by: User, progress: Progress | None) -> Iterator[int]:
    """Queue the texts batch by batch; yield the id of each one's job."""
    after = 0
    while batch := operations.reextract_next(
        after_revision_id=after, limit=BATCH, article_ids=article_ids, by=by
    ):
        after = batch.last_revision_id
        if progress is not None:
            progress.step(len(batch.job_ids))
        yield from batch.job_ids
