"""What reviewers make of it: marks, assessments, verdicts, and what they say to each other."""

import hashlib
from datetime import date, timedelta

import factory
from factory.django import DjangoModelFactory

from reviews.assessing import AssessmentContent
from reviews.models import (
    AdjudicationDraft,
    AssessedPosition,
    Assessment,
    AssessmentDraft,
    Assignment,
    Comment,
    Confidence,
    Evidence,
    EvidenceFile,
    Judgement,
    KeyedRequest,
    Mention,
    Notification,
    NotificationSettings,
    PositionVerdict,
    Question,
    SourcingMark,
    SpeakerReliability,
    Verdict,
)
from tests.factories.accounts import UserFactory
from tests.factories.articles import ClaimFactory, SpeakerFactory
from tests.factories.questions import PositionFactory, QuestionFactory
from tests.factories.writing import NOW, Audited


class SourcingMarkFactory(Audited, DjangoModelFactory[SourcingMark]):
    class Meta:
        model = SourcingMark

    claim = factory.SubFactory(ClaimFactory)
    identification = SourcingMark.Identification.NAMED
    marked_by = factory.SubFactory(UserFactory)
    marked_at = NOW


class AssessmentFactory(Audited, DjangoModelFactory[Assessment]):
    class Meta:
        model = Assessment

    question = factory.SubFactory(QuestionFactory)
    round = factory.SelfAttribute("question.round")
    question_version = factory.SelfAttribute("question.version")
    reviewer = factory.SubFactory(UserFactory)
    basis = "0" * 64
    judgement = Judgement.CONFLICTING_EVIDENCE
    confidence = Confidence.MODERATE
    rationale = "Two officials say so."
    submitted_at = NOW
    salt = "0" * 64
    digest = "0" * 64


class AssessedPositionFactory(Audited, DjangoModelFactory[AssessedPosition]):
    class Meta:
        model = AssessedPosition

    assessment = factory.SubFactory(AssessmentFactory)
    position = factory.SubFactory(PositionFactory, question=factory.SelfAttribute("..assessment.question"))
    judgement = Judgement.CONFLICTING_EVIDENCE
    confidence = Confidence.MODERATE


class AssignmentFactory(Audited, DjangoModelFactory[Assignment]):
    class Meta:
        model = Assignment

    question = factory.SubFactory(QuestionFactory, state="in_review")
    round = factory.SelfAttribute("question.round")
    slot = factory.LazyAttribute(lambda each: each.question.assignments.active().count() + 1)
    reviewer = factory.SubFactory(UserFactory, roles=["reviewer"])
    assigned_by = factory.SelfAttribute("reviewer")
    assigned_at = NOW
    lease_until = NOW + timedelta(days=3)


class AssessmentDraftFactory(DjangoModelFactory[AssessmentDraft]):
    """Not submitted."""

    class Meta:
        model = AssessmentDraft

    assignment = factory.SubFactory(AssignmentFactory)
    content = factory.LazyFunction(lambda: AssessmentContent(rationale="So far, so good.").to_json())
    saved_at = NOW


class AdjudicationDraftFactory(DjangoModelFactory[AdjudicationDraft]):
    """Of nothing chosen yet."""

    class Meta:
        model = AdjudicationDraft

    question = factory.SubFactory(QuestionFactory, state=Question.State.ADJUDICATION)
    round = 1
    written_by = factory.SubFactory(UserFactory)
    content = factory.LazyFunction(lambda: AssessmentContent().to_json())
    saved_at = NOW


class VerdictFactory(Audited, DjangoModelFactory[Verdict]):
    class Meta:
        model = Verdict

    question = factory.SubFactory(QuestionFactory)
    round = factory.SelfAttribute("question.round")
    question_version = factory.SelfAttribute("question.version")
    judgement = Judgement.CONFLICTING_EVIDENCE
    rationale = "Two officials contradict each other."
    as_of = NOW
    decided_by = factory.SubFactory(UserFactory)
    decided_at = NOW


class PositionVerdictFactory(Audited, DjangoModelFactory[PositionVerdict]):
    class Meta:
        model = PositionVerdict

    verdict = factory.SubFactory(VerdictFactory)
    position = factory.SubFactory(PositionFactory, question=factory.SelfAttribute("..verdict.question"))
    judgement = Judgement.CONFLICTING_EVIDENCE


class EvidenceFileFactory(DjangoModelFactory[EvidenceFile]):
    class Meta:
        model = EvidenceFile

    content = factory.Sequence(lambda n: f"A photograph, number {n}.".encode())
    sha256 = factory.LazyAttribute(lambda file: hashlib.sha256(file.content).hexdigest())
    name = "photograph.txt"
    media_type = "text/plain"
    byte_count = factory.LazyAttribute(lambda file: len(file.content))
    uploaded_by = factory.SubFactory(UserFactory)
    uploaded_at = NOW


class EvidenceFactory(Audited, DjangoModelFactory[Evidence]):
    """A link, of a verdict."""

    class Meta:
        model = Evidence

    verdict = factory.SubFactory(VerdictFactory)
    url = "https://archive.example/report"


class SpeakerReliabilityFactory(Audited, DjangoModelFactory[SpeakerReliability]):
    class Meta:
        model = SpeakerReliability

    speaker = factory.SubFactory(SpeakerFactory)
    reliability = "B"
    since = date(2017, 1, 1)
    reason = "What it said before was borne out."
    set_by = factory.SubFactory(UserFactory)
    set_at = NOW


class CommentFactory(DjangoModelFactory[Comment]):
    class Meta:
        model = Comment

    question = factory.SubFactory(QuestionFactory)
    round = factory.SelfAttribute("question.round")
    text = "Which of the two maps is meant?"
    written_by = factory.SubFactory(UserFactory)
    written_at = NOW


class MentionFactory(DjangoModelFactory[Mention]):
    class Meta:
        model = Mention

    comment = factory.SubFactory(CommentFactory)
    person = factory.SubFactory(UserFactory)


class NotificationFactory(DjangoModelFactory[Notification]):
    class Meta:
        model = Notification

    person = factory.SubFactory(UserFactory)
    kind = Notification.Kind.ASSIGNED
    question = factory.SubFactory(QuestionFactory)
    text = "You are asked to assess a question"
    at = NOW


class KeyedRequestFactory(DjangoModelFactory[KeyedRequest]):
    class Meta:
        model = KeyedRequest

    person = factory.SubFactory(UserFactory)
    key = factory.Sequence(lambda n: f"key-{n}")
    request_sha256 = "0" * 64
    made_id = 1
    asked_at = NOW


class NotificationSettingsFactory(DjangoModelFactory[NotificationSettings]):
    class Meta:
        model = NotificationSettings

    person = factory.SubFactory(UserFactory)
