"""Decided questions opened again: by a lead, or because there is more than their verdict rests on.

New evidence is a claim that comes in, is placed or taken away, a new mark on one, a retraction among
them, or a new text of an article whose claims stand there. It opens the question for the next round, in
the name of who brought it; the verdict becomes stale, says why, and stays readable.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.contrib.auth.models import User
from django.db.models import Q

from claims.models import Claim
from reviews import audit, changes, notices, tallies, workflow
from reviews.claim_words import first_in_words
from reviews.engine_user import engine_user
from reviews.models import Notification, Placement, Question, Verdict


def reopen(question: Question, *, reason: str, now: datetime) -> None:
    """Begin the next round of a locked, decided question; the audit trail has an actor.

    Who assessed the last round, and who adjudicated it, is told.
    """
    fallen = question.verdicts.filter(round=question.round)
    fallen.update(stale_at=now, stale_reason=reason)
    people = User.objects.filter(
        Q(assessments__question=question, assessments__round=question.round)
        | Q(pk__in=fallen.values("decided_by"))
    )
    text = f"“{question}” was opened again, and its verdict is stale: {reason}"
    notices.tell(people.distinct(), Notification.Kind.REOPENED, question, text, now=now)
    question.state = workflow.REOPEN.after
    question.round += 1
    question.assessments_required, question.adjudicator_sees = None, ""
    question.version += 1
    question.save(update_fields=["state", "round", "assessments_required", "adjudicator_sees", "version"])
    tallies.recount(question)


def reopen_for(evidence: str, question: Question, *, by: User, now: datetime) -> bool:
    """Open a locked question again if it is decided, `evidence` saying in a sentence what is new.

    Returns whether it was. It is a step of its own, so that what brought the evidence can be taken back.
    """
    if question.state not in workflow.REOPEN.before:
        return False
    changes.note(
        question=question,
        action="reopen_question",
        summary="opened the question again, for there is new evidence",
        reason=evidence,
        by=by,
        now=now,
    )
    audit.because(by=by, action="reopen_question", reason=evidence)
    reopen(question, reason=evidence, now=now)
    return True


def of_new_origins(question: Question, added: Collection[int]) -> list[int]:
    """Those of these claims, standing under a question, that bring what the others there do not.

    One of an origin that stands under the same position already is no news: a wire copy adds no evidence,
    nor does the same sentence in a later text of its article.
    """
    there = Placement.objects.standing().filter(question=question, position__merged_into__isnull=True)
    known = set(there.exclude(claim__in=added).by_origin())
    new = there.filter(claim__in=added).order_by("pk")
    rows = zip(new.values_list("claim_id", flat=True), new.by_origin(), strict=True)
    return [claim for claim, origin in rows if origin not in known]


def reopen_for_found(question: Question, claims: Sequence[int], *, by: User, now: datetime) -> None:
    """Open a locked, decided question again for claims that a machine suggests; for none it stays decided."""
    if claims:
        found = Claim.objects.filter(pk__in=claims).order_by("pk")
        named = found.select_related("speaker", "revision__article__outlet").defer("revision__text", "search")
        evidence = f"A machine found what the verdict does not know: {first_in_words(list(named))}."
        reopen_for(evidence, question, by=by, now=now)


def reopen_for_what_came_since(verdict: Verdict, question: Question, *, now: datetime) -> None:
    """Open a question that was just decided again for what a machine suggested while it was being judged."""
    since = Placement.objects.filter(
        question=question, state=Placement.State.SUGGESTED, placed_at__gt=verdict.as_of
    )
    found = of_new_origins(question, list(since.values_list("claim_id", flat=True)))
    reopen_for_found(question, found, by=engine_user(), now=now)
