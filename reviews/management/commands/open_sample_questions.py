"""Decide on some of the questions that the matcher finds in the sample articles, as a reviewer would."""

import contextlib
import hashlib
import time
import tomllib
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.contrib.auth.models import Group, User
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from claims.models import Claim, Job, Revision
from reviews import operations, suggesting
from reviews.models import MatchingDue, Placement, Question
from reviews.people import SAMPLES

MATCHED_WITHIN_SECONDS: Final = 120.0
POLL_SECONDS: Final = 0.3


class Command(BaseCommand):
    help = (
        "Opens some of the questions found in the sample articles, and confirms claims there, as"
        " samples/decisions.toml says. Run after `ingest samples --wait`; what is decided is left alone."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "folder",
            nargs="?",
            type=Path,
            default=settings.BASE_DIR / "samples",
            help="where decisions.toml is",
        )

    def handle(self, *, folder: Path, **options: Any) -> None:
        path = folder / "decisions.toml"
        if not path.is_file():
            raise CommandError(f"{path} is not there.")
        decisions = tomllib.loads(path.read_text("utf-8"))["question"]
        _match_what_is_due()
        opened = 0
        for about in decisions:
            opened += self._decide(about, folder=folder)
        found = Question.objects.exclude(proposed_by="").exclude(state=Question.State.DISMISSED).count()
        if not found:
            raise CommandError("No question was found in the samples; run `ingest samples --wait` first.")
        self.stdout.write(f"{found} questions found, {opened} of them opened.")

    @transaction.atomic
    def _decide(self, about: dict[str, Any], *, folder: Path) -> bool:
        """Open the question that is meant and decide on its claims; False where it is open already."""
        claims = {}
        for said in about["claim"]:
            claim = find_claim(folder / said["article"], said["quote"])
            if claim is None:
                self.stderr.write(f"No claim in {said['article']} says “{said['quote']}”.")
            else:
                claims[claim.pk] = said["decision"]
        question = _question_of(claims, slot=about["slot"])
        if question is None:
            self.stderr.write(f"No question of these claims was found: {_quotes(about['claim'])}.")
            return False
        if question.state != Question.State.PROPOSED:
            return False
        by, now = _actor(), timezone.now()
        operations.open_proposed(question_id=question.pk, by=by, now=now)
        suggested = question.placements.filter(claim__in=claims, state=Placement.State.SUGGESTED)
        for placement in suggested.order_by("pk"):
            if claims[placement.claim_id] == "reject":
                operations.reject_placement(placement_id=placement.pk, by=by, now=now)
        confirmed = [pk for pk, decision in claims.items() if decision == "confirm"]
        operations.confirm_placements(
            placement_ids=list(suggested.filter(claim__in=confirmed).values_list("pk", flat=True)),
            by=by,
            now=now,
        )
        return True


def find_claim(page: Path, quote: str) -> Claim | None:
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


def _match_what_is_due() -> None:
    """Match what no worker has matched yet, and wait for what one is at."""
    until = time.monotonic() + MATCHED_WITHIN_SECONDS
    while time.monotonic() < until:
        with contextlib.suppress(suggesting.MatcherBusy):  # a worker is at it, and ours is looked for again
            for engine_run_id in MatchingDue.objects.due().order_by("due_at").values_list("pk", flat=True):
                taken = suggesting.take(engine_run_id)
                if taken is not None:
                    with taken:
                        suggesting.match_run(engine_run_id=engine_run_id, now=timezone.now())
        if not MatchingDue.objects.exclude(pk__in=MatchingDue.objects.standing_still().values("pk")).exists():
            return
        time.sleep(POLL_SECONDS)
    raise CommandError("The articles are still being matched. Run this again when no run is due any more.")


def _question_of(claims: Collection[int], *, slot: str) -> Question | None:
    """The question of that slot under which most of these claims stand, and the fewest others."""
    standing = Placement.objects.filter(
        claim__in=claims,
        question__slot=slot,
        state__in=(Placement.State.SUGGESTED, Placement.State.CONFIRMED),
    )
    live = standing.exclude(question__state__in=(Question.State.DISMISSED, Question.State.MERGED))
    shared = Counter(live.values_list("question_id", flat=True))
    questions = Question.objects.in_bulk(shared)
    return min(
        questions.values(),
        key=lambda question: (-shared[question.pk], question.placements.count(), question.pk),
        default=None,
    )


def _quotes(claims: Iterable[dict[str, str]]) -> str:
    return ", ".join(f"“{claim['quote']}”" for claim in claims)


def _actor() -> User:
    """The user in whose name samples are decided on; it cannot sign in."""
    actor, created = User.objects.get_or_create(username=SAMPLES, defaults={"is_active": True})
    if created:
        actor.set_unusable_password()
        actor.save(update_fields=["password"])
        actor.groups.add(Group.objects.get(name="reviewer"))
    return actor
