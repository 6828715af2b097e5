"""One factory per model, with boring defaults; a test names only what it is about.

Rows of claims and reviews need an actor: the factories name the user "factory" for the one insert and
forget it again, so that an operation under test still has to name its own.
"""

import hashlib
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

import factory
from django.contrib.auth.models import Group, User
from django.db import connection, transaction
from django.db.models import Model
from factory.django import DjangoModelFactory
from knox.models import AuthToken

from claims.extraction import ENGINE_NAME, ENGINE_VERSION
from claims.ingestion.decide import text_sha256
from claims.models import (
    Article,
    Claim,
    ClaimSuccession,
    EngineRun,
    EngineSwitch,
    HeldClaim,
    Job,
    LanguageModelAnswer,
    Outlet,
    Revision,
    Scope,
    Snapshot,
    Speaker,
    TokenScopes,
    folded,
)
from reviews import audit, workflow
from reviews.assessing import AssessmentContent
from reviews.matching import MATCHER_VERSION
from reviews.models import (
    AdjudicationDraft,
    AssessedPosition,
    Assessment,
    AssessmentDraft,
    Assignment,
    Change,
    Comment,
    Compatibility,
    Confidence,
    Evidence,
    EvidenceFile,
    Judgement,
    KeyedRequest,
    MatchedClaim,
    MatchingDue,
    Mention,
    Notification,
    NotificationSettings,
    Origin,
    OriginClaim,
    Placement,
    Position,
    PositionVerdict,
    Project,
    Question,
    QuestionTally,
    Rematch,
    RematchedQuestion,
    SourcingMark,
    SpeakerReliability,
    SuggestedQuestion,
    Verdict,
)

NOW = datetime(2017, 6, 20, 12, 0, tzinfo=UTC)
TEXT = "The coalition said it had shot down a jet near Resafa. The ministry denied it."


class UserFactory(DjangoModelFactory[User]):
    """`UserFactory(roles=["reviewer"])` is in that group; all can sign in, with no password."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"user-{n}")
    password = "of no hash"  # which counts as one, and none there is opens it

    @factory.post_generation
    def roles(self: User, create: bool, extracted: list[str] | None, **_: Any) -> None:
        if extracted:
            groups = Group.objects.filter(name__in=extracted)
            assert {group.name for group in groups} == set(extracted), "no such role"
            self.groups.set(groups)


@contextmanager
def acting() -> Iterator[None]:
    """What is written meanwhile is written by the user "factory", who is forgotten after it."""
    actor, _ = User.objects.get_or_create(username="factory", defaults={"is_active": False})
    with transaction.atomic():
        audit.because(by=actor, action="factory")
        yield
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('crossclaim.actor_id', '', true)")


@contextmanager
def without_triggers() -> Iterator[None]:
    """Write what no operation would, as a superuser can; foreign keys are not looked at either."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield
        cursor.execute("SET LOCAL session_replication_role = origin")


def written_down(row: Model) -> None:
    """Write down a new row as the trigger would have."""
    with acting(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO reviews_auditevent (at, actor_id, actor, action, reason, request_id,"
            "                                table_name, row_id, operation, new)"
            " SELECT clock_timestamp(), current_setting('crossclaim.actor_id')::bigint,"
            "        current_setting('crossclaim.actor'), 'factory', '', '', %s, t.id, 'insert', to_jsonb(t)"
            f"  FROM {row._meta.db_table} t WHERE t.id = %s",
            [row._meta.db_table, row.pk],
        )


class _Audited:
    """For factories of audited models: names an actor for the insert, and forgets it."""

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **kwargs: Any) -> Any:
        with acting():
            return super()._create(model_class, *args, **kwargs)  # type: ignore[misc]


class OutletFactory(_Audited, DjangoModelFactory[Outlet]):
    class Meta:
        model = Outlet

    name = factory.Sequence(lambda n: f"Outlet {n}")
    key = factory.LazyAttribute(lambda outlet: folded(outlet.name))


class ArticleFactory(_Audited, DjangoModelFactory[Article]):
    """Known by its address; for a pasted one give `canonical_url=None` and a `pasted_sha256`."""

    class Meta:
        model = Article

    outlet = factory.SubFactory(OutletFactory)
    canonical_url = factory.Sequence(lambda n: f"https://outlet.example/articles/{n}")
    title = factory.Sequence(lambda n: f"Article {n}")
    published_at = datetime(2017, 6, 19, 18, 52, tzinfo=UTC)


class SnapshotFactory(_Audited, DjangoModelFactory[Snapshot]):
    """Give `raw` for other bytes than those of `TEXT`."""

    class Meta:
        model = Snapshot

    class Params:
        raw = TEXT.encode()

    sha256 = factory.LazyAttribute(lambda snapshot: hashlib.sha256(snapshot.raw).hexdigest())
    content = factory.LazyAttribute(lambda snapshot: zlib.compress(snapshot.raw))
    byte_count = factory.LazyAttribute(lambda snapshot: len(snapshot.raw))
    media_type = "text/plain"
    charset = "utf-8"


class RevisionFactory(_Audited, DjangoModelFactory[Revision]):
    class Meta:
        model = Revision
        skip_postgeneration_save = True

    article = factory.SubFactory(ArticleFactory)
    number = 1
    text = TEXT
    text_sha256 = factory.LazyAttribute(lambda revision: text_sha256(revision.text))
    snapshot = factory.SubFactory(
        SnapshotFactory, raw=factory.LazyAttribute(lambda snapshot: snapshot.factory_parent.text.encode())
    )
    title = factory.SelfAttribute("article.title")
    published_at = factory.SelfAttribute("article.published_at")
    seen_at = NOW

    @factory.post_generation
    def current(self: Revision, create: bool, extracted: bool | None, **_: Any) -> None:
        """The last one made is the article's current one."""
        self.article.current_revision = self
        with acting():
            self.article.save(update_fields=["current_revision"])


class SpeakerFactory(_Audited, DjangoModelFactory[Speaker]):
    class Meta:
        model = Speaker

    name = factory.Sequence(lambda n: f"Speaker {n}")
    key = factory.LazyAttribute(lambda speaker: folded(speaker.name))


class EngineRunFactory(_Audited, DjangoModelFactory[EngineRun]):
    """The same run again for the same revision, engine and version; the first of a revision is current."""

    class Meta:
        model = EngineRun
        django_get_or_create = ("revision", "engine", "engine_version", "settings_sha256")

    revision = factory.SubFactory(RevisionFactory)
    engine = ENGINE_NAME
    engine_version = ENGINE_VERSION
    settings_sha256 = "0" * 64
    is_current = factory.LazyAttribute(
        lambda run: not EngineRun.objects.filter(revision=run.revision, is_current=True).exists()
    )
    ran_at = NOW


class EngineSwitchFactory(_Audited, DjangoModelFactory[EngineSwitch]):
    """From version 0.1.0 to the engine's own; which of them is current is left as it was."""

    class Meta:
        model = EngineSwitch

    old_run = factory.SubFactory(EngineRunFactory, engine_version="0.1.0")
    new_run = factory.SubFactory(EngineRunFactory, revision=factory.SelfAttribute("..old_run.revision"))
    requested_by = factory.SubFactory(UserFactory)
    switched_at = NOW


class ClaimFactory(_Audited, DjangoModelFactory[Claim]):
    """By default all of the first sentence of its revision; `content` follows `spans`."""

    class Meta:
        model = Claim

    revision = factory.SubFactory(RevisionFactory)
    engine_run = factory.SubFactory(EngineRunFactory, revision=factory.SelfAttribute("..revision"))
    sentence_start = 0
    sentence_end = factory.LazyAttribute(lambda claim: claim.revision.text.find(".") + 1)
    spans = factory.LazyAttribute(lambda claim: [[claim.sentence_start, claim.sentence_end]])
    content = factory.LazyAttribute(
        lambda claim: " … ".join(claim.revision.text[start:end] for start, end in claim.spans)
    )
    statement = factory.Sequence(lambda n: f"Statement {n}.")
    speaker = factory.SubFactory(SpeakerFactory)
    kind = Claim.Kind.INDIRECT
    check_worthiness = 0.5


class ClaimSuccessionFactory(_Audited, DjangoModelFactory[ClaimSuccession]):
    """A claim of the older run that was dropped."""

    class Meta:
        model = ClaimSuccession

    switch = factory.SubFactory(EngineSwitchFactory)
    kind = ClaimSuccession.Kind.DROPPED
    old_claim = factory.SubFactory(
        ClaimFactory,
        revision=factory.SelfAttribute("..switch.old_run.revision"),
        engine_run=factory.SelfAttribute("..switch.old_run"),
    )


class HeldClaimFactory(_Audited, DjangoModelFactory[HeldClaim]):
    class Meta:
        model = HeldClaim

    claim = factory.SubFactory(ClaimFactory)
    held_at = NOW


class TokenScopesFactory(DjangoModelFactory[TokenScopes]):
    """Of a new token of a new user."""

    class Meta:
        model = TokenScopes

    token = factory.LazyFunction(lambda: AuthToken.objects.create(UserFactory())[0])
    names = factory.LazyFunction(lambda: [Scope.READ])


class LanguageModelAnswerFactory(DjangoModelFactory[LanguageModelAnswer]):
    class Meta:
        model = LanguageModelAnswer

    key = factory.Sequence(lambda n: f"{n:064x}")
    answer = '{"claims": []}'


class JobFactory(_Audited, DjangoModelFactory[Job]):
    """A queued job; its other states are traits: running, done, duplicate, failed, quarantined.

    With `reextract=True` it is one that runs the engine again over a stored revision.
    """

    class Meta:
        model = Job

    class Params:
        reextract = factory.Trait(
            kind=Job.Kind.REEXTRACT,
            queue=Job.Queue.BULK,
            revision=factory.SubFactory(RevisionFactory),
            article=factory.SelfAttribute("revision.article"),
            snapshot=factory.SelfAttribute("revision.snapshot"),
        )
        running = factory.Trait(
            state=Job.State.RUNNING,
            stage=Job.Stage.READING,
            token=1,
            attempts=1,
            started_at=NOW,
            lease_until=NOW,
        )
        ended = factory.Trait(stage=Job.Stage.FINISHED, token=1, attempts=1, started_at=NOW, finished_at=NOW)
        done = factory.Trait(
            ended=True,
            state=Job.State.DONE,
            revision=factory.SubFactory(RevisionFactory),
            article=factory.SelfAttribute("revision.article"),
            claim_count=0,
        )
        duplicate = factory.Trait(
            ended=True,
            state=Job.State.DUPLICATE,
            article=factory.SubFactory(ArticleFactory),
            reason_code="duplicate",
            reason="The same text is already stored.",
        )
        failed = factory.Trait(
            ended=True, state=Job.State.FAILED, reason_code="no_text", reason="There is no article in it."
        )
        quarantined = factory.Trait(
            ended=True, state=Job.State.QUARANTINED, reason_code="quarantined", reason="Tried 3 times."
        )

    snapshot = factory.SubFactory(SnapshotFactory)
    given = factory.LazyFunction(
        lambda: {"url": "", "title": "", "byline": "", "outlet": "", "published_at": ""}
    )
    requested_by = factory.SubFactory(UserFactory)
    request_sha256 = "0" * 64


class ProjectFactory(_Audited, DjangoModelFactory[Project]):
    class Meta:
        model = Project

    name = factory.Sequence(lambda n: f"Project {n}")
    created_by = factory.SubFactory(UserFactory)
    created_at = NOW


class QuestionFactory(_Audited, DjangoModelFactory[Question]):
    """In any state at once, without the steps that lead there."""

    class Meta:
        model = Question

    @classmethod
    def _create(cls, model_class: type[Question], *args: Any, **kwargs: Any) -> Question:
        if kwargs.get("state") in ("in_review", "adjudication"):
            kwargs.setdefault("assessments_required", 2)
        if kwargs.get("state", Question.State.OPEN) in workflow.FIRST and kwargs.get("round", 1) == 1:
            return super()._create(model_class, *args, **kwargs)
        with acting(), without_triggers():
            question = super()._create(model_class, *args, **kwargs)
        written_down(question)
        return question

    wording = factory.Sequence(lambda n: f"Where was jet {n}?")
    slot = Question.Slot.WHERE
    opened_by = factory.SubFactory(UserFactory)
    opened_at = NOW


class PositionFactory(_Audited, DjangoModelFactory[Position]):
    class Meta:
        model = Position

    question = factory.SubFactory(QuestionFactory)
    number = factory.LazyAttribute(lambda position: position.question.positions.count() + 1)
    answer = factory.LazyAttribute(lambda position: f"Answer {position.number}")
    added_by = factory.SubFactory(UserFactory)
    added_at = NOW


class CompatibilityFactory(_Audited, DjangoModelFactory[Compatibility]):
    """Two positions of one new question; of given ones the older must be the first."""

    class Meta:
        model = Compatibility

    first = factory.SubFactory(PositionFactory)
    second = factory.SubFactory(PositionFactory, question=factory.SelfAttribute("..first.question"))
    reason = "The one holds the other."
    said_by = factory.SubFactory(UserFactory)
    said_at = NOW


class QuestionTallyFactory(DjangoModelFactory[QuestionTally]):
    class Meta:
        model = QuestionTally

    question = factory.SubFactory(QuestionFactory)


class ChangeFactory(DjangoModelFactory[Change]):
    """A step that wrote nothing."""

    class Meta:
        model = Change

    question = factory.SubFactory(QuestionFactory)
    action = "place_claim"
    summary = "placed claim 12 under “56”"
    made_by = factory.SubFactory(UserFactory)
    made_at = NOW


class PlacementFactory(_Audited, DjangoModelFactory[Placement]):
    """Confirmed; for a suggestion give `state="suggested", suggested_by="engine 1", placed_by=None`."""

    class Meta:
        model = Placement

    position = factory.SubFactory(PositionFactory)
    question = factory.SelfAttribute("position.question")
    claim = factory.SubFactory(ClaimFactory)
    state = Placement.State.CONFIRMED
    placed_by = factory.SubFactory(UserFactory)
    placed_at = NOW


class OriginFactory(_Audited, DjangoModelFactory[Origin]):
    class Meta:
        model = Origin

    name = "Harbour Wire"
    certainty = Origin.Certainty.CERTAIN
    reason = "All carry the same wire credit."


class OriginClaimFactory(_Audited, DjangoModelFactory[OriginClaim]):
    class Meta:
        model = OriginClaim

    origin = factory.SubFactory(OriginFactory)
    claim = factory.SubFactory(ClaimFactory)


class MatchedClaimFactory(DjangoModelFactory[MatchedClaim]):
    """A claim that is a story of its own."""

    class Meta:
        model = MatchedClaim

    claim = factory.SubFactory(ClaimFactory)
    keys = factory.Sequence(lambda n: [n])
    story = factory.SelfAttribute("claim.pk")
    matcher_version = MATCHER_VERSION


class MatchingDueFactory(DjangoModelFactory[MatchingDue]):
    class Meta:
        model = MatchingDue

    engine_run = factory.SubFactory(EngineRunFactory)


class SuggestedQuestionFactory(DjangoModelFactory[SuggestedQuestion]):
    class Meta:
        model = SuggestedQuestion

    question = factory.SubFactory(QuestionFactory)
    topic = "jet where"


class RematchFactory(DjangoModelFactory[Rematch]):
    class Meta:
        model = Rematch

    matcher_version = factory.Sequence(lambda n: f"0.{n}")  # one pass of a version at a time
    started_by = factory.SubFactory(UserFactory)
    started_at = NOW


class RematchedQuestionFactory(DjangoModelFactory[RematchedQuestion]):
    class Meta:
        model = RematchedQuestion

    rematch = factory.SubFactory(RematchFactory)
    question = factory.SubFactory(QuestionFactory)


class SourcingMarkFactory(_Audited, DjangoModelFactory[SourcingMark]):
    class Meta:
        model = SourcingMark

    claim = factory.SubFactory(ClaimFactory)
    identification = SourcingMark.Identification.NAMED
    marked_by = factory.SubFactory(UserFactory)
    marked_at = NOW


class AssessmentFactory(_Audited, DjangoModelFactory[Assessment]):
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


class AssessedPositionFactory(_Audited, DjangoModelFactory[AssessedPosition]):
    class Meta:
        model = AssessedPosition

    assessment = factory.SubFactory(AssessmentFactory)
    position = factory.SubFactory(PositionFactory, question=factory.SelfAttribute("..assessment.question"))
    judgement = Judgement.CONFLICTING_EVIDENCE
    confidence = Confidence.MODERATE


class AssignmentFactory(_Audited, DjangoModelFactory[Assignment]):
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


class VerdictFactory(_Audited, DjangoModelFactory[Verdict]):
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


class PositionVerdictFactory(_Audited, DjangoModelFactory[PositionVerdict]):
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


class EvidenceFactory(_Audited, DjangoModelFactory[Evidence]):
    """A link, of a verdict."""

    class Meta:
        model = Evidence

    verdict = factory.SubFactory(VerdictFactory)
    url = "https://archive.example/report"


class SpeakerReliabilityFactory(_Audited, DjangoModelFactory[SpeakerReliability]):
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
