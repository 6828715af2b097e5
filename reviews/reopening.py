"""Decided questions opened again: by a lead, or because there is more than their verdict rests on.

New evidence is a claim that comes in, is placed or taken away, a new mark on one, a retraction among
them, or a new text of an article whose claims stand there. It opens the question for the next round, in
the name of who brought it; the verdict becomes stale, says why, and stays readable.
"""

from datetime import datetime

from django.contrib.auth.models import User
from django.db.models import Q

from reviews import audit, changes, notices, tallies, workflow
from reviews.models import Notification, Question


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
    question.assessments_required = None
    question.version += 1
    question.save(update_fields=["state", "round", "assessments_required", "version"])
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
