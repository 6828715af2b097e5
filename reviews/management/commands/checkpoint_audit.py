"""Sign what the audit trail is now, for a file that is to be kept elsewhere."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from reviews.errors import ReviewError
from reviews.trail import checkpoints, taking


class Command(BaseCommand):
    help = "Adds a signed checkpoint of the audit trail to AUDIT_CHECKPOINT_FILE; beat does so every hour."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--new-key", action="store_true", help="print a new AUDIT_SIGNING_KEY, and no more"
        )

    def handle(self, *, new_key: bool, **_: Any) -> None:
        if new_key:
            key = checkpoints.new_key()
            self.stdout.write(f"AUDIT_SIGNING_KEY={key}")
            self.stdout.write(f"# to verify with: {checkpoints.public_key_of(checkpoints.read_key(key))}")
            return
        try:
            taken = taking.take(now=timezone.now())
        except ReviewError as error:
            raise CommandError(str(error)) from error
        if taken is None:
            self.stdout.write("Nothing was written to the trail since the last checkpoint.")
        else:
            self.stdout.write(f"Signed link {taken.position}, {taken.hash}.")
