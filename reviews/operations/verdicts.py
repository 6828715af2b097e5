"""Questions decided, by agreement or by an adjudicator, and opened again."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q, prefetch_related_objects

from reviews import audit, changes, notices, policies, workflow
from reviews.assessing import AssessmentContent, EvidenceItem
from reviews.engine_user import engine_user
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
    keep_evidence(decision.evidence, verdict)
    prefetch_related_objects([verdict], "positions__position")
    question.state = workflow.ADJUDICATE.after
    question.resolution = (
        Question.Resolution.RESOLVED
        if judgement in (Judgement.SUPPORTED, Judgement.REFUTED)
        else Question.Resolution.CONTESTED
    )
    question.save(update_fields=["state", "resolution"])
    changes.note(
        question=question,
        action="decide",
        summary=f"decided the question ({Verdict.Manner(manner).label.lower()}). {verdict.short_headline}",
        reason=decision.rationale,
        # Several decided it, and their assessments name them.
        by=engine_user() if manner == Verdict.Manner.AGREED else by,
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


def keep_evidence(evidence: Sequence[EvidenceItem], of: Assessment | Verdict) -> None:
    """Write what an assessment, or a verdict, rests on; files are found by their hash."""
    files = _files({item.file_sha256 for item in evidence if item.file_sha256}, of)
    for item in evidence:
        Evidence.objects.create(
            assessment=of if isinstance(of, Assessment) else None,
            verdict=of if isinstance(of, Verdict) else None,
            position_id=item.position_id,
            claim_id=item.claim_id,
            url=item.url,
            file_id=files[item.file_sha256] if item.file_sha256 else None,
            file_sha256=item.file_sha256,
            note=item.note,
        )


def _files(hashes: Collection[str], of: Assessment | Verdict) -> Mapping[str, UUID | None]:
    """The files of these hashes under the names of who rests on them: another's would tell of their work.

    An assessment rests on its reviewer's own, else on what was opened of the question before. A verdict rests
    on what its assessments cite, which are open by then, else on the own of who decides.
    """
    by = of.reviewer_id if isinstance(of, Assessment) else of.decided_by_id
    own = dict(EvidenceFile.objects.filter(sha256__in=hashes, uploaded_by=by).values_list("sha256", "pk"))
    of_question = Q(assessment__question=of.question_id) | Q(verdict__question=of.question_id)
    cited = Evidence.objects.filter(of_question, file_sha256__in=hashes).order_by("-pk")
    opened = dict(cited.values_list("file_sha256", "file_id"))
    return opened | own if isinstance(of, Assessment) else own | opened
