"""Open the questions of the sample articles, with the claims that answer them placed."""

import hashlib
import tomllib
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group, User
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from claims.models import Claim, Job, Revision
from reviews import operations
from reviews.models import Placement, Question

ACTOR = "samples"


class Command(BaseCommand):
    help = (
        "Opens the questions in samples/questions.toml and places the claims they name."
        " Run after `ingest samples --wait`; questions that are open already are left alone."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "folder",
            nargs="?",
            type=Path,
            default=settings.BASE_DIR / "samples",
            help="where questions.toml is",
        )

    @transaction.atomic
    def handle(self, *, folder: Path, **options: Any) -> None:
        path = folder / "questions.toml"
        if not path.is_file():
            raise CommandError(f"{path} is not there.")
        asked = tomllib.loads(path.read_text("utf-8"))["question"]
        actor = _actor()
        opened = missed = 0
        for about in asked:
            if Question.objects.filter(wording=about["wording"], opened_by=actor).exists():
                continue
            opened += 1
            missed += self._open(about, folder=folder, actor=actor)
        if opened and not Placement.objects.filter(placed_by=actor).exists():
            raise CommandError("None of the claims was found; run `ingest samples --wait` first.")
        already = len(asked) - opened
        self.stdout.write(
            f"{opened} sample questions opened" + (f", {already} were open already." if already else ".")
        )
        if missed:
            self.stderr.write(f"{missed} of their claims were not found.")

    def _open(self, about: dict[str, Any], *, folder: Path, actor: User) -> int:
        """Open one question; return how many of its claims were not found."""
        now = timezone.now()
        question = operations.open_question(
            wording=about["wording"],
            slot=about["slot"],
            event=about["event"],
            answers=[position["answer"] for position in about["position"]],
            by=actor,
            now=now,
        )
        missed = 0
        for position, described in zip(question.positions.all(), about["position"], strict=True):
            for placed in described["placement"]:
                claim = _find_claim(folder / placed["article"], placed["quote"])
                if claim is None:
                    self.stderr.write(f"No claim in {placed['article']} says “{placed['quote']}”.")
                    missed += 1
                    continue
                operations.place_claim(claim_id=claim.pk, position_id=position.pk, by=actor, now=now)
        return missed


def _actor() -> User:
    """The user in whose name samples are placed; it cannot sign in."""
    actor, created = User.objects.get_or_create(username=ACTOR, defaults={"is_active": True})
    if created:
        actor.set_unusable_password()
        actor.save(update_fields=["password"])
        actor.groups.add(Group.objects.get(name="reviewer"))
    return actor


def _find_claim(page: Path, quote: str) -> Claim | None:
    """The claim that shares most words with the quote, in the revision read from that page."""
    sha256 = hashlib.sha256(page.read_bytes()).hexdigest()
    done = Revision.objects.filter(jobs__snapshot__sha256=sha256, jobs__state=Job.State.DONE)
    revision = done.order_by("pk").first()
    start = revision.text.find(quote) if revision else -1
    if revision is None or start < 0:
        return None
    end = start + len(quote)
    shared = {
        claim: sum(
            max(0, min(end, span_end) - max(start, span_start)) for span_start, span_end in claim.spans
        )
        for claim in revision.claims.filter(sentence_start__lte=start, sentence_end__gt=start)
    }
    best = max(shared, key=lambda claim: (shared[claim], -claim.pk), default=None)
    return best if best is not None and shared[best] else None
