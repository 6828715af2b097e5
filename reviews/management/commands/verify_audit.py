"""Whether the audit trail, and what it tells of, is as it was written."""

import json
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from claims.management.progress import Progress
from reviews.trail import Report, verify
from reviews.trail.checkpoints import Checkpoint
from reviews.trail.grants import application_role
from reviews.trail.taking import Believed, believed
from reviews.trail.verifying import steps_of


class Command(BaseCommand):
    help = (
        "Walks the chain of audit events, compares every protected row with what was last written down of it,"
        " and looks at checkpoints, contents, steps, triggers, constraints and grants. Prints the first thing"
        " that each of these finds wrong, and exits with 1 if anything is."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", dest="as_json", help="print the report as JSON")
        parser.add_argument(
            "--since-checkpoint",
            action="store_true",
            help="believe the last checkpoint, and look only at what came since",
        )
        parser.add_argument(
            "--public-key",
            action="append",
            default=[],
            dest="public_keys",
            help="a key whose checkpoints are believed, beside those of the settings; may be repeated",
        )

    def handle(
        self, *, as_json: bool, since_checkpoint: bool, public_keys: list[str], no_color: bool, **options: Any
    ) -> None:
        signed = believed(public_keys)
        since = signed.checkpoints[-1] if since_checkpoint and signed.checkpoints else None
        if since_checkpoint and since is None:
            raise CommandError("There is no checkpoint to begin at; leave out --since-checkpoint.")
        is_plain = as_json or no_color or not sys.stderr.isatty() or options["verbosity"] == 0
        report = self._look(signed, since, is_plain=is_plain, quiet=as_json or options["verbosity"] == 0)
        self.stdout.write(_as_json(report, signed) if as_json else _in_words(report, signed))
        if not report.is_clean:
            sys.exit(1)

    def _look(self, signed: Believed, since: Checkpoint | None, *, is_plain: bool, quiet: bool) -> Report:
        """All of it as one moment saw it, though others go on writing."""
        with transaction.atomic(), connection.cursor() as cursor:
            if not connection.savepoint_ids:  # a transaction of our own, and not a test's
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            total = steps_of(since)
            with Progress(total=total, unit="step", out=self.stdout, is_plain=is_plain) as progress:
                report = verify(
                    checkpoints=signed.checkpoints,
                    since=since,
                    app_role=application_role(),
                    progress=(lambda _: None) if quiet else progress.step,
                )
        for finding in signed.findings:
            report.findings.add(finding)
        return report


def _in_words(report: Report, signed: Believed) -> str:
    lines = [
        f"Looked at {_counted(report.links, 'link')} of the chain, {_counted(report.rows_of, 'table')} and"
        f" {_counted(len(signed.checkpoints), 'checkpoint')}."
    ]
    if not signed.by_known_key and signed.checkpoints:
        lines.append(f"Believed the key {signed.checkpoints[0].public_key}, for none was named.")
    if not signed.checkpoints:
        lines.append("There is no checkpoint: that the newest events were taken away would not show.")
    if application_role() is None:
        lines.append("One role does everything in the database: it could change the trail.")
    if report.is_clean:
        return "\n".join([*lines, "Nothing is wrong."])
    of_each = {finding.check: finding for finding in reversed(report.findings.first)}
    lines += [f"WRONG [{check}] {of_each[check]}" for check in report.findings.counts if check in of_each]
    more = len(report.findings) - len(of_each)
    return "\n".join([*lines, f"And {more:,} more." if more else "Nothing else is wrong."])


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"


def _as_json(report: Report, signed: Believed) -> str:
    return json.dumps(
        {
            "clean": report.is_clean,
            "links": report.links,
            "position": report.end.position,
            "hash": report.end.hash,
            "checkpoints": len(signed.checkpoints),
            "findings": len(report.findings),
            "by_check": dict(report.findings.counts),
            "first": [finding.to_json() for finding in report.findings.first],
        },
        indent=2,
    )
