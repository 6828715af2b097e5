"""Questions decided, by agreement or by an adjudicator, and opened again."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction

from reviews import audit, changes, notices, policies, workflow
from reviews.assessing import AssessmentContent, EvidenceItem
from reviews.models import Assessment, Evidence, EvidenceFile, Judgement, PositionVerdict, Question, Verdict
from reviews.operations import steps
from reviews.reopening import reopen


@dataclass(frozen=True)
class Decision:
    """What is decided of a question, and what it rests on."""

    judgement: str
    positions: Mapping[int, str]
    rationale: str
    evidence: Sequence[EvidenceItem] = ()

    @classmethod
    def agreed(cls, contents: Sequence[AssessmentContent], reviewers: Sequence[User]) -> "Decision":
        """What assessments that agree say together: each one's rationale by name, all their evidence."""
        first = contents[0]
        said = zip(reviewers, contents, strict=True)
        rationale = (
            first.rationale.strip()
            if len(contents) == 1
            else "\n\n".join(
                f"{reviewer.get_username()}: {content.rationale.strip()}" for reviewer, content in said
            )
        )
        evidence = dict.fromkeys(item for content in contents for item in content.evidence)
        judgements = {pk: position.judgement for pk, position in first.positions.items()}
        return cls(first.judgement, judgements, rationale, tuple(evidence))


def decide(
    question: Question,
    decision: Decision,
    *,
    manner: Verdict.Manner,
    basis: str,
    as_of: datetime | None = None,
    by: User,
    now: datetime,
) -> Verdict:
    """Write the verdict of a locked question's round; its assessments are there, the trail has an actor."""
    judgement = Judgement(decision.judgement)
    verdict = Verdict.objects.create(
        question=question,
        round=question.round,
        question_version=question.version,
        basis=basis,
        manner=manner,
        judgement=judgement,
        rationale=decision.rationale,
        as_of=as_of or now,
        decided_by=by,
        decided_at=now,
    )
    for pk, said in sorted(decision.positions.items()):
        PositionVerdict.objects.create(verdict=verdict, position_id=pk, judgement=Judgement(said))
    keep_evidence(decision.evidence, verdict=verdict)
    question.state = workflow.ADJUDICATE.after
    question.resolution = (
        Question.Resolution.RESOLVED
        if judgement in (Judgement.SUPPORTED, Judgement.REFUTED)
        else Question.Resolution.CONTESTED
    )
    question.save(update_fields=["state", "resolution"])
    decided = f"decided: {judgement.label.lower()}"
    changes.note(
        question=question,
        action="decide",
        summary=f"{decided} ({Verdict.Manner(manner).label.lower()})",
        reason=decision.rationale,
        by=by,
        now=now,
    )
    notices.tell_of_opened_comments(question, now=now)
    return verdict


@transaction.atomic
def reopen_question(*, question_id: int, reason: str, by: User, now: datetime) -> Question:
    """Open a decided question for its next round; its verdict becomes stale and stays readable."""
    question = steps.lock(question_id)
    policies.check_may_reopen_question(by)
    steps.check_step(question, workflow.REOPEN)
    reason = steps.check_reason(reason, "Say why the question is opened again.")
    changes.note(
        question=question,
        action="reopen_question",
        summary="opened the question again",
        reason=reason,
        by=by,
        now=now,
    )
    audit.because(by=by, action="reopen_question", reason=reason)
    reopen(question, reason=reason, now=now)
    return question


def keep_evidence(
    evidence: Sequence[EvidenceItem], *, assessment: Assessment | None = None, verdict: Verdict | None = None
) -> None:
    """Write what an assessment, or a verdict, rests on; files are found by their hash."""
    files = _uploads({item.file_sha256 for item in evidence if item.file_sha256}, assessment, verdict)
    for item in evidence:
        Evidence.objects.create(
            assessment=assessment,
            verdict=verdict,
            position_id=item.position_id,
            claim_id=item.claim_id,
            url=item.url,
            file_id=files[item.file_sha256] if item.file_sha256 else None,
            file_sha256=item.file_sha256,
            note=item.note,
        )


def _uploads(
    hashes: Collection[str], assessment: Assessment | None, verdict: Verdict | None
) -> dict[str, UUID]:
    """The files of these hashes as uploaded by who rests on them: another's name would tell of their work.

    A verdict rests on those of its round's assessments, which are open by then, and of who decides.
    """
    uploads = EvidenceFile.objects.filter(sha256__in=hashes)
    if assessment is not None:
        return dict(uploads.filter(uploaded_by=assessment.reviewer_id).values_list("sha256", "pk"))
    if verdict is None:
        return {}
    assessed = Evidence.objects.filter(
        assessment__question=verdict.question_id, assessment__round=verdict.round, file_sha256__in=hashes
    )
    own = uploads.filter(uploaded_by=verdict.decided_by_id).values_list("sha256", "pk")
    return dict(own) | dict(assessed.order_by("-pk").values_list("file_sha256", "file_id"))
