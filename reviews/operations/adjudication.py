"""Where assessments differ, somebody who wrote none of them decides."""

from datetime import datetime
from typing import Final

from django.contrib.auth.models import User
from django.db import transaction

from reviews import audit, blinding, notices, policies, workflow
from reviews.assessing import AssessmentContent, check_complete, check_draft
from reviews.basis import basis_of, positions_to_judge
from reviews.contradictions import check_meant
from reviews.errors import Conflict, ReviewError
from reviews.models import AdjudicationDraft, Verdict
from reviews.operations import steps
from reviews.operations.assessments import OUTDATED, check_evidence, check_saves, sealed, unseal
from reviews.operations.verdicts import Decision, decide
from reviews.reopening import reopen_for_what_came_since

AS_OF_CHARACTERS: Final = 40


@transaction.atomic
def save_adjudication(
    *,
    question_id: int,
    content: AssessmentContent,
    as_of: str = "",
    seen_saves: int | None = None,
    by: User,
    now: datetime,
) -> AdjudicationDraft:
    """Keep what somebody who adjudicates has written so far; nobody else can read it, as with `save_draft`.

    `as_of` is the time of the evidence as it was typed. Raises NotAllowed for who may not adjudicate the
    question, Conflict where it does not wait for that or another tab saved meanwhile.
    """
    check_draft(content)
    question = steps.lock(question_id)
    policies.check_may_adjudicate(by, question)
    steps.check_step(question, workflow.ADJUDICATE)
    said, as_of = content.to_json(), as_of[:AS_OF_CHARACTERS]
    draft = blinding.my_adjudication(question, by)
    if draft is None:
        if seen_saves:
            raise Conflict("This draft is of an earlier round.")
        return AdjudicationDraft.objects.create(
            question=question, round=question.round, written_by=by, content=said, as_of=as_of, saved_at=now
        )
    if (draft.content, draft.as_of) != (said, as_of):
        check_saves(draft, seen_saves)
        draft.content, draft.as_of, draft.saves = said, as_of, draft.saves + 1
    draft.saved_at = now
    draft.save(update_fields=["content", "as_of", "saves", "saved_at"])
    return draft


@transaction.atomic
def adjudicate_question(
    *,
    question_id: int,
    content: AssessmentContent,
    as_of: datetime | None = None,
    means_contradictions: bool = True,
    seen_basis: str | None = None,
    by: User,
    now: datetime,
) -> Verdict:
    """Decide a question whose assessments differ; they are opened with the verdict, and stay as they are.

    `as_of` is the time of the evidence that was judged, now without it. Raises NotAllowed for who assessed it
    in this round or wrote it, ReviewError where a judgement or the rationale is missing, or answers that
    cannot both be true are supported without being meant so.
    """
    question = steps.lock(question_id)
    policies.check_may_adjudicate(by, question)
    steps.check_step(question, workflow.ADJUDICATE)
    check_evidence(content, question, by=by)
    to_judge = list(positions_to_judge(question).values_list("pk", flat=True))
    check_complete(content, to_judge, asks_confidence=False)
    if not means_contradictions:
        check_meant(question, content)
    basis = basis_of(question)
    if seen_basis is not None and seen_basis != basis:
        raise Conflict(OUTDATED)
    if as_of is not None and as_of > now:
        raise ReviewError("Evidence cannot be of a time to come.")
    drafts = sealed(question)
    unseal(question, drafts)
    audit.because(by=by, action="adjudicate_question", reason=content.rationale)
    positions = {pk: said.judgement for pk, said in content.positions.items()}
    verdict = decide(
        question,
        Decision(content.judgement, positions, content.rationale.strip(), content.evidence),
        manner=Verdict.Manner.ADJUDICATED,
        basis=basis,
        as_of=as_of,
        by=by,
        now=now,
    )
    question.adjudication_drafts.all().delete()
    notices.end_adjudication(question, now=now)
    assessors = [draft.assignment.reviewer for draft in drafts]
    notices.tell_decided(assessors, verdict, "was adjudicated", now=now)
    reopen_for_what_came_since(verdict, question, now=now)
    return verdict
