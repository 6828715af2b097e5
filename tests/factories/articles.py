"""What was said, where and when we saw it: articles, claims and the work on them."""

import hashlib
import zlib
from datetime import UTC, datetime
from typing import Any

import factory
from factory.django import DjangoModelFactory

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
    Snapshot,
    Speaker,
    folded,
)
from tests.factories.accounts import UserFactory
from tests.factories.writing import NOW, TEXT, Audited, acting


class OutletFactory(Audited, DjangoModelFactory[Outlet]):
    class Meta:
        model = Outlet

    name = factory.Sequence(lambda n: f"Outlet {n}")
    key = factory.LazyAttribute(lambda outlet: folded(outlet.name))


class ArticleFactory(Audited, DjangoModelFactory[Article]):
    """Known by its address; for a pasted one give `canonical_url=None` and a `pasted_sha256`."""

    class Meta:
        model = Article

    outlet = factory.SubFactory(OutletFactory)
    canonical_url = factory.Sequence(lambda n: f"https://outlet.example/articles/{n}")
    title = factory.Sequence(lambda n: f"Article {n}")
    published_at = datetime(2017, 6, 19, 18, 52, tzinfo=UTC)


class SnapshotFactory(Audited, DjangoModelFactory[Snapshot]):
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


class RevisionFactory(Audited, DjangoModelFactory[Revision]):
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


class SpeakerFactory(Audited, DjangoModelFactory[Speaker]):
    class Meta:
        model = Speaker

    name = factory.Sequence(lambda n: f"Speaker {n}")
    key = factory.LazyAttribute(lambda speaker: folded(speaker.name))


class EngineRunFactory(Audited, DjangoModelFactory[EngineRun]):
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


class EngineSwitchFactory(Audited, DjangoModelFactory[EngineSwitch]):
    """From version 0.1.0 to the engine's own; which of them is current is left as it was."""

    class Meta:
        model = EngineSwitch

    old_run = factory.SubFactory(EngineRunFactory, engine_version="0.1.0")
    new_run = factory.SubFactory(EngineRunFactory, revision=factory.SelfAttribute("..old_run.revision"))
    requested_by = factory.SubFactory(UserFactory)
    switched_at = NOW


class ClaimFactory(Audited, DjangoModelFactory[Claim]):
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


class ClaimSuccessionFactory(Audited, DjangoModelFactory[ClaimSuccession]):
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


class HeldClaimFactory(Audited, DjangoModelFactory[HeldClaim]):
    class Meta:
        model = HeldClaim

    claim = factory.SubFactory(ClaimFactory)
    held_at = NOW


class LanguageModelAnswerFactory(DjangoModelFactory[LanguageModelAnswer]):
    class Meta:
        model = LanguageModelAnswer

    key = factory.Sequence(lambda n: f"{n:064x}")
    answer = '{"claims": []}'


class JobFactory(Audited, DjangoModelFactory[Job]):
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
