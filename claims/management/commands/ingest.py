"""manage.py ingest PATH...: hand in files as bulk jobs, and on request wait for what becomes of them."""

import hashlib
import re
import sys
from argparse import ArgumentParser
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from claims import operations
from claims.errors import ClaimsError
from claims.forms import MEDIA_TYPES
from claims.ingestion.page import Given
from claims.management.actor import SYSTEM_USER, person
from claims.management.progress import Progress, finished_jobs
from claims.models import Job

_REVISION = re.compile(r"-r(\d+)$")


@dataclass(frozen=True, order=True)
class Source:
    """A file to hand in; `name` is its path from the folder that was named, the same on any machine."""

    name: str
    path: Path

    @property
    def revision(self) -> int:
        """2 for `report-r2.html`, and 1 for names that do not say."""
        found = _REVISION.search(self.path.stem)
        return int(found[1]) if found else 1


@dataclass
class Tally:
    """What became of the files: how many of each outcome, and why the failed ones failed."""

    outcomes: Counter[str] = field(default_factory=Counter)
    claims: int = 0
    failures: list[tuple[str, str]] = field(default_factory=list)

    def fail(self, name: str, reason: str) -> None:
        self.outcomes[Job.State.FAILED] += 1
        self.failures.append((name, reason))

    def finish(self, name: str, job: Job) -> None:
        if job.state in Job.RETRYABLE:
            self.fail(name, job.reason)
        else:
            self.outcomes[job.state] += 1
            self.claims += job.claim_count or 0


class Command(BaseCommand):
    help = (
        "Hand in .txt and .html files; folders are walked in the order of names. A file that was handed in "
        "before, under the same name and unchanged, is not handed in again. Files whose names end in -r2 or "
        "-r3 are later revisions: they wait until all files of lower numbers are finished."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="a file or a folder")
        parser.add_argument(
            "--wait", action="store_true", help="wait until all are finished; exit with 1 if any failed"
        )
        parser.add_argument(
            "--by", metavar="USERNAME", help=f"who hands them in (default: the user {SYSTEM_USER!r})"
        )
        parser.add_argument(
            "--no-progress-bar", action="store_true", help="plain lines, as when the output is no terminal"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        by = person(options["by"])
        sources = [source for path in options["paths"] for source in _sources(path)]
        if not sources:
            raise CommandError("There is no .txt or .html file to hand in.")
        progress = Progress(
            total=len(sources),
            unit="file",
            out=self.stderr,
            is_plain=options["no_progress_bar"] or not sys.stderr.isatty(),
        )
        with progress:
            tally = Submission(by=by, progress=progress).run(sources, wait=options["wait"])
        self._report(tally, files=len(sources), waited=options["wait"])

    def _report(self, tally: Tally, *, files: int, waited: bool) -> None:
        for name, reason in tally.failures:
            self.stderr.write(f"{name}: {reason}")
        counts = ", ".join(f"{count} {outcome}" for outcome, count in sorted(tally.outcomes.items()))
        if waited:
            self.stdout.write(f"{files} files: {counts}; {tally.claims} claims.")
        else:
            handed_in = files - tally.outcomes[Job.State.FAILED]
            self.stdout.write(
                f"{handed_in} of {files} files are handed in; the list of jobs shows how far they are."
            )
        if tally.failures:
            sys.exit(1)


class Submission:
    """Hands in files, earlier revisions before later ones, and follows their jobs."""

    def __init__(self, *, by: User, progress: Progress) -> None:
        self._by, self._progress = by, progress
        self._tally = Tally()
        self._unfinished: dict[int, str] = {}  # job -> name of its file

    def run(self, sources: Iterable[Source], *, wait: bool) -> Tally:
        waves: dict[int, list[Source]] = defaultdict(list)
        for source in sources:
            waves[source.revision].append(source)
        last = max(waves)
        for revision, wave in sorted(waves.items()):
            for source in wave:
                self._submit(source, counts_at_once=not wait)
            if wait or revision != last:
                self._wait(counts=wait)
        return self._tally

    def _submit(self, source: Source, *, counts_at_once: bool) -> None:
        try:
            job = _submit(source, by=self._by)
        except (ClaimsError, OSError) as error:
            self._tally.fail(source.name, str(error))
            self._progress.step(1)
            return
        self._unfinished[job.pk] = source.name
        if counts_at_once:
            self._progress.step(1)

    def _wait(self, *, counts: bool) -> None:
        """Return when every job that was made so far is finished."""
        for jobs in finished_jobs(list(self._unfinished), say=self._progress.say):
            for job in jobs:
                self._tally.finish(self._unfinished.pop(job.pk), job)
            if counts:
                self._progress.step(len(jobs))


def _sources(given: Path) -> Iterator[Source]:
    """The files to hand in under a path, in the order of names. Raises CommandError if there is nothing."""
    if given.is_dir():
        found = sorted(
            path for path in given.rglob("*") if path.suffix.lower() in MEDIA_TYPES and path.is_file()
        )
        yield from (Source(path.relative_to(given).as_posix(), path) for path in found)
    elif not given.is_file():
        raise CommandError(f"There is no file or folder {given}.")
    elif given.suffix.lower() not in MEDIA_TYPES:
        raise CommandError(f"{given} ends in none of {', '.join(MEDIA_TYPES)}.")
    else:
        yield Source(given.name, given)


def _submit(source: Source, *, by: User) -> Job:
    raw = source.path.read_bytes()
    return operations.submit_article(
        document=operations.Document(
            raw=raw, media_type=MEDIA_TYPES[source.path.suffix.lower()], file_name=source.path.name
        ),
        given=Given(),
        queue=Job.Queue.BULK,
        idempotency_key="file " + hashlib.sha256(source.name.encode() + b"\0" + raw).hexdigest(),
        by=by,
        now=timezone.now(),
    )
