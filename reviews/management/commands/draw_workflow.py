"""Draw the states of a question into the document about reviews."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from reviews.workflow_diagram import redrawn


class Command(BaseCommand):
    help = "Draws the table of states of a question anew, as a diagram and a table, in docs/review.md."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "document",
            nargs="?",
            type=Path,
            default=settings.BASE_DIR / "docs" / "review.md",
            help="a Markdown file with the marks between which it is drawn",
        )

    def handle(self, *, document: Path, **options: Any) -> None:
        try:
            document.write_text(redrawn(document.read_text("utf-8")), "utf-8")
        except (OSError, ValueError) as error:
            raise CommandError(f"{document}: {error}") from error
        if options["verbosity"]:
            self.stdout.write(f"Drawn in {document}.")
