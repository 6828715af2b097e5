"""What anybody may learn of assessments: the one door through which screens, API and exports read them.

Until a question is decided an assessment is only its sealed draft. In review nobody but its holder may learn
that there is one; in adjudication who may adjudicate the question sees the sealed ones, as far as its
project showed them when the review began. `Assessment` rows exist only of rounds that were decided.
"""

from collections import ChainMap, defaultdict
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import partial

from django.contrib.auth.models import User
from django.db.models import F, Q, QuerySet

from reviews import policies, workflow
from reviews.assessing import AssessmentContent
from reviews.models import (
    AdjudicationDraft,
    Assessment,
    AssessmentDraft,
    Assignment,
    AuditEvent,
    Evidence,
    EvidenceFile,
    Project,
    Question,
)
from reviews.models.assignments import AssignmentQuerySet

Sees = Project.AdjudicatorSees
Ending = Assignment.Ending


@dataclass(frozen=True)
class SealedAssessment:
    """What an adjudicator is shown of one sealed assessment; what the project does not show is None.

    Neither its receipt nor its time is here, for both would name who wrote it. `files` are those it rests
    on by their hash, as its reviewer uploaded them, their bytes not read.
    """

    content: AssessmentContent | None
    reviewer: User | None
    files: Mapping[str, EvidenceFile] = field(default_factory=dict)


def held_by(question: Question, user: User) -> Assignment | None:
    """The assignment this person holds in the question's round, with its draft and until when."""
    held = Assignment.objects.active().filter(question=question, round=question.round, reviewer=user)
    return held.with_held_until().select_related("draft", "reviewer").first()


def held_before(question: Question, user: User) -> tuple[Assignment, str] | None:
    """What this person held in the question's round and is not offered again, with why it ended."""
    own = Assignment.objects.filter(question=question, round=question.round, reviewer=user)
    ended = (
        own.filter(ending__in=(Ending.RELEASED, Ending.WITHDRAWN, Ending.AUTHOR)).order_by("ended_at").last()
    )
    if ended is None:
        return None
    events = AuditEvent.objects.filter(table_name=Assignment._meta.db_table, row_id=ended.pk)
    return ended, events.values_list("reason", flat=True).order_by("-pk")[0]


def my_own(question: Question, user: User) -> AssessmentDraft | None:
    """What this person has written in the question's round, submitted or not; None without an assignment."""
    own = AssessmentDraft.objects.that_count(question).filter(assignment__reviewer=user)
    return own.select_related("assignment").first()


def my_adjudication(question: Question, user: User) -> AdjudicationDraft | None:
    """What this person has written of a verdict in the question's round, before it is decided."""
    return question.adjudication_drafts.filter(round=question.round, written_by=user).first()


def visible_drafts(question: Question, user: User) -> list[SealedAssessment]:
    """The sealed assessments this person may read because it is for them to adjudicate; else none.

    Their order tells nothing: without names they are ordered by their salted hashes, else by name.
    """
    if question.state != workflow.State.ADJUDICATION:
        return []
    if not policies.allows(partial(policies.check_may_adjudicate, question=question), user):
        return []
    drafts = AssessmentDraft.objects.sealed(question).select_related("assignment__reviewer")
    sees = question.adjudicator_sees  # of the round, whatever its project's rule has become since
    in_order = drafts.order_by("digest" if sees == Sees.UNNAMED else "assignment__reviewer__username")
    if sees == Sees.NAMES_ONLY:
        return [SealedAssessment(None, draft.assignment.reviewer) for draft in in_order]
    written = [(draft.assignment.reviewer, AssessmentContent.from_json(draft.content)) for draft in in_order]
    files = _files_cited(written)
    return [
        SealedAssessment(content, None if sees == Sees.UNNAMED else reviewer, files[reviewer.pk])
        for reviewer, content in written
    ]


def _files_cited(
    written: Iterable[tuple[User, AssessmentContent]],
) -> defaultdict[int, dict[str, EvidenceFile]]:
    """By reviewer the files that each rests on; no others of theirs, nor the same ones of others."""
    hashes = {
        user.pk: {item.file_sha256 for item in content.evidence if item.file_sha256}
        for user, content in written
    }
    uploads = EvidenceFile.objects.filter(uploaded_by__in=hashes, sha256__in=set().union(*hashes.values()))
    files: defaultdict[int, dict[str, EvidenceFile]] = defaultdict(dict)
    for upload in uploads.defer("content"):
        if upload.sha256 in hashes[upload.uploaded_by_id]:
            files[upload.uploaded_by_id][upload.sha256] = upload
    return files


def visible_assessments(user: User) -> QuerySet[Assessment]:
    """The assessments of rounds that were decided, for everybody who may see verdicts."""
    if not user.has_perm("reviews.view_verdict"):
        return Assessment.objects.none()
    is_over = Q(question__state=workflow.State.DECIDED) | Q(round__lt=F("question__round"))
    return Assessment.objects.filter(is_over)


def visible_assignments(user: User) -> AssignmentQuerySet:
    """All of them for who assigns, else one's own; they do not tell whether their holder submitted."""
    if policies.allows(policies.check_may_assign, user):
        return Assignment.objects.all()
    return Assignment.objects.filter(reviewer=user)


def visible_file(question: Question, sha256: str, user: User) -> EvidenceFile | None:
    """A file of evidence by its hash; None as well for one that is not there: see `visible_files`."""
    return visible_files(question, {sha256}, user).get(sha256)


def visible_files(question: Question, hashes: AbstractSet[str], user: User) -> dict[str, EvidenceFile]:
    """Files of evidence by their hashes: to who uploaded them, and to others once what rests on them is open.

    They get them under the name given by who rests on them. One that this person may not see is left out
    like one that is not there: nobody learns from the answer what others uploaded.
    """
    own = EvidenceFile.objects.filter(sha256__in=hashes, uploaded_by=user).defer("content")
    found = {file.sha256: file for file in own}
    for others in (_sealed_files, _opened_files):
        if left := hashes - found.keys():
            found |= others(question, left, user)
    return found


def _sealed_files(question: Question, hashes: AbstractSet[str], user: User) -> dict[str, EvidenceFile]:
    cited = ChainMap(*(dict(each.files) for each in visible_drafts(question, user)))
    return {sha256: file for sha256, file in cited.items() if sha256 in hashes}


def _opened_files(question: Question, hashes: AbstractSet[str], user: User) -> dict[str, EvidenceFile]:
    if not user.has_perm("reviews.view_verdict"):
        return {}
    rests_on = Q(verdict__question=question) | Q(
        assessment__in=visible_assessments(user).filter(question=question)
    )
    found = Evidence.objects.filter(rests_on, file_sha256__in=hashes).select_related("file")
    first_last = found.defer("file__content").order_by("-pk")
    return {each.file_sha256: each.file for each in first_last if each.file is not None}
