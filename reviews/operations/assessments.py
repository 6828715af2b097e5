"""Blind assessments: drafted, sealed, and opened together when the last one that is required is in.

Until a question is decided an assessment is only its sealed draft, which this module and
reviews/blinding.py read. Submitting one that is not the last writes nothing but that draft.
"""

import secrets
from collections.abc import Sequence
from datetime import datetime
from functools import partial

from django.contrib.auth.models import User
from django.db import transaction

from claims.models import Claim
from reviews import audit, blinding, changes, notices, policies, workflow
from reviews.assessing import AssessmentContent, check_complete, check_draft, differing
from reviews.basis import basis_of, positions_to_judge
from reviews.contradictions import check_meant
from reviews.engine_user import engine_user
from reviews.errors import Conflict, ReviewError
from reviews.models import (
    AdjudicationDraft,
    AssessedPosition,
    Assessment,
    AssessmentDraft,
    Assignment,
    Question,
    Verdict,
)
from reviews.operations import steps
from reviews.operations.assignments import close_round
from reviews.operations.verdicts import Decision, decide, keep_evidence
from reviews.reopening import reopen_for_what_came_since

OUTDATED = (
    "The question changed while you were assessing it: its wording, its answers, its claims or their marks."
    " Look at it again, then submit."
)


@transaction.atomic
def save_draft(
    *,
    question_id: int,
    content: AssessmentContent,
    seen_saves: int | None = None,
    by: User,
    now: datetime,
) -> AssessmentDraft:
    """Keep what the holder of an assignment has written so far; nobody else can read it.

    `seen_saves` is the draft's `saves` that was last seen, 0 before there is one; None skips that check.
    Raises Conflict where another tab saved meanwhile, or the assessment is submitted already. What is kept
    already is no conflict and leaves `saves` as it is: a page that was left sends it a second time.
    """
    check_draft(content)
    assignment = lock_held(question_id, by=by)
    draft = AssessmentDraft.objects.select_for_update(no_key=True).filter(pk=assignment.pk).first()
    if draft is None:
        if seen_saves:
            raise Conflict("This draft is of an earlier assignment.")
        return AssessmentDraft.objects.create(assignment=assignment, content=content.to_json(), saved_at=now)
    if draft.submitted_at is not None:
        raise Conflict("You have submitted this assessment already; it is sealed.")
    if draft.content != content.to_json():
        check_saves(draft, seen_saves)
        draft.content, draft.saves = content.to_json(), draft.saves + 1
    draft.saved_at = now
    draft.save(update_fields=["content", "saves", "saved_at"])
    return draft


def check_saves(draft: AssessmentDraft | AdjudicationDraft, seen_saves: int | None) -> None:
    if seen_saves is not None and draft.saves != seen_saves:
        raise Conflict("This draft was saved elsewhere meanwhile, perhaps in another tab.")


@transaction.atomic
def submit_assessment(
    *,
    question_id: int,
    content: AssessmentContent,
    means_contradictions: bool = True,
    seen_basis: str | None = None,
    by: User,
    now: datetime,
) -> AssessmentDraft:
    """Seal one reviewer's own judgement of a question; the last one that is required ends the round.

    Then, if all agree, the question is decided; if they differ, it goes to adjudication. Submitting the same
    again changes nothing. `seen_basis` is that of the page it was written on; see basis.py. Raises NotAllowed
    for who is not assigned, ReviewError where something is missing or answers that cannot both be true are
    supported without being meant so, Conflict where the question changed since or something else was
    submitted before.
    """
    question = steps.lock(question_id)
    ended_round = _sealed_alike(question, content, by=by)
    if ended_round is not None:
        return ended_round
    assignment = lock_held(question_id, by=by)
    policies.check_may_be_assigned(by, question)
    check_evidence(content, question, by=by)
    check_complete(content, list(positions_to_judge(question).values_list("pk", flat=True)))
    if not means_contradictions:
        check_meant(question, content)
    basis = basis_of(question)
    if seen_basis is not None and seen_basis != basis:
        raise Conflict(OUTDATED)
    draft = AssessmentDraft.objects.select_for_update(no_key=True).filter(pk=assignment.pk).first()
    if draft is not None and draft.submitted_at is not None:
        if draft.content == content.to_json() and draft.basis == basis:
            return draft
        raise Conflict("You have submitted your assessment already; it is sealed.")
    draft = draft or AssessmentDraft(assignment=assignment)
    draft.content, draft.saved_at, draft.submitted_at = content.to_json(), now, now
    draft.question_version, draft.basis = question.version, basis
    draft.salt = secrets.token_hex(32)
    draft.digest = content.digest(draft.salt)
    draft.save()
    _end_round_if_complete(question, basis, by=by, now=now)
    return draft


@transaction.atomic
def reconsider_assessment(*, question_id: int, by: User, now: datetime) -> AssessmentDraft:
    """Open one's own sealed assessment again, which one may when what was judged has changed since."""
    question = steps.lock(question_id)
    assignment = lock_held(question_id, by=by)
    draft = AssessmentDraft.objects.select_for_update(no_key=True).filter(pk=assignment.pk).first()
    if draft is None or draft.submitted_at is None:
        raise Conflict("You have not submitted an assessment of this question.")
    if draft.basis == basis_of(question):
        raise Conflict("Nothing it rests on has changed; a submitted assessment stays as it is.")
    draft.submitted_at = draft.question_version = None
    draft.basis = draft.salt = draft.digest = ""
    draft.saved_at, draft.saves = now, draft.saves + 1
    draft.save()
    return draft


def lock_held(question_id: int, *, by: User) -> Assignment:
    """The active assignment of this person for the question's round. Raises NotAllowed if there is none.

    It is locked, so that two tabs do not both begin its draft and nobody ends it meanwhile.
    """
    policies.check_may_assess(by)
    assignment = (
        Assignment.objects.active()
        .select_for_update(no_key=True, of=("self",))
        .select_related("question__project")
        .filter(question=question_id, reviewer=by, question__state=workflow.State.IN_REVIEW)
        .first()
    )
    if assignment is None:
        raise policies.NotAllowed("This question is not assigned to you. Take it first, or ask a lead.")
    return assignment


def sealed(question: Question) -> list[AssessmentDraft]:
    """The submitted drafts of a locked question's round, in an order that tells nothing of who or when."""
    return list(
        AssessmentDraft.objects.sealed(question).select_related("assignment__reviewer").order_by("digest")
    )


def _sealed_alike(question: Question, content: AssessmentContent, *, by: User) -> AssessmentDraft | None:
    """What this person submitted in the round of a locked question, if that round is over and it says this.

    So that whoever clicks twice is not told the second time that they are not assigned.
    """
    if question.state not in (workflow.State.ADJUDICATION, workflow.State.DECIDED):
        return None
    own = AssessmentDraft.objects.sealed(question).filter(assignment__reviewer=by).first()
    return own if own is not None and own.content == content.to_json() else None


def _end_round_if_complete(question: Question, basis: str, *, by: User, now: datetime) -> None:
    drafts = [draft for draft in sealed(question) if draft.basis == basis]
    required = question.assessments_required or 1
    # Asked only where it might be the last one: else the time it takes would tell how many there are.
    if len(drafts) >= required:
        drafts = [draft for draft in drafts if _counts(draft, question)]
    if len(drafts) < required:
        return
    contents = [AssessmentContent.from_json(draft.content) for draft in drafts]
    reviewers = [draft.assignment.reviewer for draft in drafts]
    seals = ", ".join(f"sha256:{draft.digest}" for draft in drafts)
    # In the machine's name: that of the last to submit would tell the adjudicator whose one of them is.
    audit.because(by=engine_user(), action="complete_assessments", reason=f"sealed assessments: {seals}")
    close_round(question, by=engine_user(), now=now)
    if differing(contents):
        question.state = workflow.DIFFER.after
        question.save(update_fields=["state"])
        summary = "all assessments are in, and differ"
        changes.note(question=question, action="differ", summary=summary, by=engine_user(), now=now)
        notices.tell_adjudicators(question, now=now)
        return
    unseal(question, drafts)
    manner = Verdict.Manner.SINGLE if len(drafts) == 1 else Verdict.Manner.AGREED
    # Where several decided, none of them does it alone: their assessments name them.
    actor = engine_user() if manner == Verdict.Manner.AGREED else by
    audit.because(by=actor, action="decide_by_agreement", reason=f"sealed assessments: {seals}")
    verdict = decide(
        question,
        Decision.agreed(contents, reviewers),
        manner=manner,
        basis=basis,
        # What came after the first was sealed is not known to all of them.
        as_of=min(draft.submitted_at for draft in drafts if draft.submitted_at is not None),
        by=by,
        now=now,
    )
    notices.tell_decided(reviewers, verdict, "was decided as you assessed it", now=now)
    reopen_for_what_came_since(verdict, question, now=now)


def _counts(draft: AssessmentDraft, question: Question) -> bool:
    """Whether who submitted a draft may still assess: their role, or who the author is, may have changed."""
    may_be_assigned = partial(policies.check_may_be_assigned, question=question)
    return policies.allows(may_be_assigned, draft.assignment.reviewer)


def unseal(question: Question, drafts: Sequence[AssessmentDraft]) -> None:
    """Make assessments of the sealed drafts of a locked question; each is audited as its reviewer's own."""
    for draft in drafts:
        if draft.submitted_at is None or draft.question_version is None:
            raise ValueError("Only what was submitted is unsealed.")
        content = AssessmentContent.from_json(draft.content)
        reviewer = draft.assignment.reviewer
        audit.because(
            by=reviewer,
            action="submit_assessment",
            reason=f"submitted {draft.submitted_at:%Y-%m-%d %H:%M:%S} UTC, sealed as sha256:{draft.digest}",
        )
        assessment = Assessment.objects.create(
            question=question,
            round=question.round,
            question_version=draft.question_version,
            basis=draft.basis,
            reviewer=reviewer,
            judgement=content.judgement,
            confidence=content.confidence,
            rationale=content.rationale,
            submitted_at=draft.submitted_at,
            salt=draft.salt,
            digest=draft.digest,
        )
        for pk, said in sorted(content.positions.items()):
            AssessedPosition.objects.create(
                assessment=assessment,
                position_id=pk,
                judgement=said.judgement,
                confidence=said.confidence,
                rationale=said.rationale,
            )
        keep_evidence(content.evidence, assessment)


def check_evidence(content: AssessmentContent, question: Question, *, by: User) -> None:
    """Raise ReviewError where the evidence names a claim that is not there, or a file they cannot see."""
    claims = {item.claim_id for item in content.evidence if item.claim_id is not None}
    missing = claims - set(Claim.objects.filter(pk__in=claims).values_list("pk", flat=True))
    if missing:
        raise ReviewError(f"There is no claim {min(missing)}.")
    files = {item.file_sha256 for item in content.evidence if item.file_sha256}
    if files - blinding.visible_files(question, files, by).keys():
        raise ReviewError("A file is missing; upload it again.")
