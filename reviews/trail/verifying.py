"""One pass over everything: the chain, its checkpoints, the rows it tells of, and what guards it."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from reviews.trail import stored
from reviews.trail.chain import End, check_link
from reviews.trail.checkpoints import Checkpoint
from reviews.trail.constraints import check_constraints
from reviews.trail.contents import check_contents, check_seals, content_count
from reviews.trail.findings import Finding, Findings
from reviews.trail.grants import check_grants
from reviews.trail.guards import check_triggers
from reviews.trail.rows import check_rows, protected_tables
from reviews.trail.steps import check_steps

Progress = Callable[[int], Any]  # told how many more links, tables or stored contents have been looked at


@dataclass
class Report:
    """What a pass found, and what it looked at."""

    findings: Findings = field(default_factory=Findings)
    links: int = 0
    end: End = field(default_factory=End)
    tables: Counter[str] = field(default_factory=Counter)
    rows_of: int = 0

    @property
    def is_clean(self) -> bool:
        return not self.findings


def steps_of(since: Checkpoint | None) -> int:
    """How many links, tables and stored contents a pass will tell its progress of."""
    links = stored.link_count(after=since.position if since else 0)
    return links + len(protected_tables()) + (0 if since else content_count())


def verify(
    *,
    checkpoints: Sequence[Checkpoint] = (),
    since: Checkpoint | None = None,
    app_role: str | None = None,
    progress: Progress = lambda _: None,
) -> Report:
    """Look at everything, in one transaction of the caller's; the first finding is the first in the chain.

    `checkpoints` are those whose signatures hold. With `since`, one of them, only what came behind it is
    looked at, and stored contents are not. `app_role` is whom the database is to refuse changes of the trail.
    """
    report = Report()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL TIME ZONE 'UTC'")
    for check in _checks(report, checkpoints, since, app_role, progress):
        for finding in check:
            report.findings.add(finding)
    return report


def _checks(
    report: Report,
    checkpoints: Sequence[Checkpoint],
    since: Checkpoint | None,
    app_role: str | None,
    progress: Progress,
) -> Iterator[Iterator[Finding]]:
    yield _check_chain(report, checkpoints, since, progress)
    yield _check_unlinked()
    for protected in protected_tables():
        yield check_rows(protected, since=since.position if since else None)
        report.rows_of += 1
        progress(1)
    if since is None:
        yield check_contents(progress)
        yield check_seals()
        yield check_steps()
    yield check_triggers()
    yield check_constraints()
    if app_role is not None:
        yield check_grants(app_role)


def _check_chain(
    report: Report, checkpoints: Sequence[Checkpoint], since: Checkpoint | None, progress: Progress
) -> Iterator[Finding]:
    expected: dict[int, list[Checkpoint]] = {}
    for checkpoint in checkpoints:
        expected.setdefault(checkpoint.position, []).append(checkpoint)
    if since is not None:
        report.end, report.tables = End(since.position, since.hash), Counter(since.tables)
        yield from _check_start(since)
        expected = {position: each for position, each in expected.items() if position > since.position}
    else:
        yield from _check_against(expected.pop(0, []), report)
    for link in stored.links(after=report.end.position):
        finding = check_link(link, report.end)
        if finding is not None:
            yield finding
        report.end = End(link.position, link.hash, link.event)
        report.links += 1
        report.tables[link.event.table_name if link.event else "(missing)"] += 1
        yield from _check_against(expected.pop(link.position, []), report)
        progress(1)
    for position in sorted(expected):
        for checkpoint in expected[position]:
            where = f"chain behind {report.end}"
            wanted = f"more links, up to link {position} of the checkpoint of {checkpoint.at}"
            yield Finding("checkpoints", where, wanted, "its end", report.end.position + 1)


def _check_start(since: Checkpoint) -> Iterator[Finding]:
    """That the checkpoint where a pass begins is of this chain."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT hash FROM reviews_auditlink WHERE position = %s", [since.position])
        found = cursor.fetchone()
    if (found[0] if found else None) != since.hash:
        where = f"link {since.position}, of the checkpoint of {since.at}"
        yield Finding("checkpoints", where, f"the hash {since.hash}", str(found and found[0]), since.position)


def _check_against(checkpoints: Sequence[Checkpoint], report: Report) -> Iterator[Finding]:
    end = report.end
    for checkpoint in checkpoints:
        where = f"{end}, of the checkpoint of {checkpoint.at}"
        if end.hash != checkpoint.hash:
            yield Finding("checkpoints", where, f"the hash {checkpoint.hash}", end.hash, end.position)
        elif dict(report.tables) != dict(checkpoint.tables):
            yield Finding("checkpoints", where, "as many events of each table", "others", end.position)


def _check_unlinked() -> Iterator[Finding]:
    for event_id, table in stored.unlinked():
        yield Finding("chain", f"event {event_id} of {table}", "a link to it", "none")
