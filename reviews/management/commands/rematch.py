"""manage.py rematch: match again, with the matcher of today, what an earlier version had matched."""

import sys
from argparse import ArgumentParser
from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.dateparse import parse_date

from claims.management.actor import SYSTEM_USER, person
from claims.management.progress import Progress
from reviews import suggesting
from reviews.doorbell import ring
from reviews.matching import MATCHER_VERSION
from reviews.models import Rematch, RematchedQuestion
from reviews.suggesting.rematching import begin_rematch, outdated_articles, rematch_all


class Command(BaseCommand):
    help = (
        "Match articles again whose claims an earlier version of the matcher had matched, or none."
        " What people decided stays. May be stopped and started again: what is done is not done twice."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--since", metavar="YYYY-MM-DD", help="only articles published from that day on")
        parser.add_argument("--dry-run", action="store_true", help="only say how many there are")
        parser.add_argument(
            "--failed",
            action="store_true",
            help="instead: offer workers again the new claims whose matching failed three times",
        )
        parser.add_argument(
            "--by", metavar="USERNAME", help=f"at whose wish (default: the user {SYSTEM_USER!r})"
        )
        parser.add_argument(
            "--no-progress-bar", action="store_true", help="plain lines, as when the output is no terminal"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["failed"]:
            self._offer_failed()
            return
        articles = outdated_articles(since=_day(options["since"]))
        total = articles.count()
        if options["dry_run"] or not total:
            self.stdout.write(f"{_count(total, 'article')} to be matched by matcher {MATCHER_VERSION}.")
            return
        rematch = begin_rematch(by=person(options["by"]), now=timezone.now())
        is_plain = options["no_progress_bar"] or not sys.stderr.isatty()
        with Progress(total=total, unit="article", out=self.stderr, is_plain=is_plain) as progress:
            for done in rematch_all(rematch, articles):
                progress.step(done)
        self._report(rematch)

    def _offer_failed(self) -> None:
        run_ids = suggesting.offer_standing_still()
        for run_id in run_ids:
            ring(run_id)
        self.stdout.write(f"{_count(len(run_ids), 'engine run')} offered to workers again.")

    def _report(self, rematch: Rematch) -> None:
        rows = RematchedQuestion.objects.filter(rematch=rematch)
        counts = [
            (sum(row.suggested for row in rows), "suggestion", "added"),
            (sum(row.withdrawn for row in rows), "suggestion", "withdrawn"),
            (sum(row.is_proposed for row in rows), "question", "proposed"),
            (sum(row.is_taken_back for row in rows), "question", "taken back"),
        ]
        said = ", ".join(f"{_count(number, what)} {done}" for number, what, done in counts)
        self.stdout.write(f"Matcher {rematch.matcher_version}: {said}.")


def _day(given: str | None) -> datetime | None:
    if given is None:
        return None
    try:
        day = parse_date(given)
    except ValueError as error:
        raise CommandError(f"{given} is no day: {error}.") from error
    if day is None:
        raise CommandError(f"{given!r} is no day; write it as 2017-06-19.")
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
