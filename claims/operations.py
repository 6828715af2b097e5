"""Every change to claims: submit_article, ingest, reextract_article, retry_job ... All doors call these."""

import hashlib
import json
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import asdict, astuple, dataclass
from datetime import datetime
from textwrap import shorten
from typing import cast

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from claims import policies
from claims.actor import name_actor
from claims.engine_runs import outdated_revisions, store_run
from claims.engines import Engine, Extraction, chosen_engine
from claims.errors import Conflict, Unreadable
from claims.ingestion import doorbell
from claims.ingestion.address import canonical_address
from claims.ingestion.decide import Decision, Known, Outcome, decide, text_sha256
from claims.ingestion.jobs import Lease, LeaseLost
from claims.ingestion.published import check_published_at
from claims.ingestion.readable import Given, ReadablePage, Reader, check_document
from claims.locks import KEY_OF_ANOTHER, lock_identity, lock_key
from claims.models import Article, EngineRun, Job, Outlet, Revision, Snapshot, folded
from claims.signals import claims_extracted


@dataclass(frozen=True)
class Document:
    """What somebody hands in: the bytes, and what they are said to be."""

    raw: bytes
    media_type: str
    charset: str = ""
    file_name: str = ""


def submit_article(
    *,
    document: Document,
    given: Given,
    url: str = "",
    queue: Job.Queue = Job.Queue.INTERACTIVE,
    idempotency_key: str | None = None,
    by: User,
    now: datetime,
) -> Job:
    """Keep the bytes and a job for them, and ring a worker; nothing is kept of what is refused.

    The same `idempotency_key` and request by the same person returns the first job again.
    Raises NotAllowed, Unreadable when the document can be seen to be none, and Conflict when the
    key came with another request before.
    """
    policies.check_may_submit_article(by)
    address = canonical_address(url) if url else ""
    if given.published_at is not None:
        check_published_at(given.published_at, now=now)
    check_document(document.raw, media_type=document.media_type, charset=document.charset or None)
    asked = {"url": address, **{name: str(value or "") for name, value in asdict(given).items()}}
    fingerprint = _request_sha256(document, asked)
    with transaction.atomic():
        if idempotency_key is not None:
            lock_key(idempotency_key, by=by)
            earlier = Job.objects.filter(requested_by=by, idempotency_key=idempotency_key).first()
            if earlier is not None:
                if earlier.request_sha256 != fingerprint:
                    raise Conflict(KEY_OF_ANOTHER)
                return earlier
        name_actor(by=by, action="submit_article")
        snapshot = Snapshot.objects.create(
            sha256=hashlib.sha256(document.raw).hexdigest(),
            content=zlib.compress(document.raw),
            byte_count=len(document.raw),
            media_type=document.media_type,
            charset=document.charset,
            file_name=document.file_name[:255],
            final_url=address,
        )
        job = Job.objects.create(
            snapshot=snapshot,
            queue=queue,
            given=asked,
            requested_by=by,
            idempotency_key=idempotency_key,
            request_sha256=fingerprint,
        )
        doorbell.ring_on_commit(job.pk, queue=job.queue)
    return job


def retry_job(*, job_id: int, by: User, now: datetime) -> Job:
    """Offer a failed or quarantined job to workers again. Raises NotAllowed and Conflict."""
    with transaction.atomic():
        job = Job.objects.select_for_update(no_key=True).get(pk=job_id)
        policies.check_may_retry_job(by)
        if not job.may_be_retried:
            raise Conflict(f"This job is {job.get_state_display().lower()}; only failed jobs can be retried.")
        name_actor(by=by, action="retry_job")
        job.state, job.stage = Job.State.QUEUED, Job.Stage.WAITING
        job.attempts, job.finished_at, job.due_at = 0, None, Now()
        job.reason_code = job.reason = ""
        job.retried_by, job.retried_at = by, now
        changed = "state stage attempts finished_at due_at reason_code reason retried_by retried_at"
        try:
            with transaction.atomic():
                job.save(update_fields=changed.split())
        except IntegrityError as error:
            raise Conflict("Another job to read this text again is waiting already.") from error
        job.refresh_from_db(fields=["due_at"])
        doorbell.ring_on_commit(job.pk, queue=job.queue)
    return job


@transaction.atomic
def rename_outlet(*, outlet_id: int, name: str, by: User) -> Outlet:
    """Correct an outlet's name, not to an empty one; what still comes under the old makes a new outlet.

    Raises NotAllowed, and Conflict when another outlet has the name already.
    """
    outlet = Outlet.objects.select_for_update(no_key=False).get(pk=outlet_id)  # `key` is unique, and changes
    policies.check_may_rename_outlet(by)
    name_actor(by=by, action="rename_outlet")
    outlet.name, outlet.key = name, folded(name)
    try:
        with transaction.atomic():
            outlet.save(update_fields=["name", "key"])
    except IntegrityError as error:
        raise Conflict(f"There is another outlet of the name “{name}”.") from error
    return outlet


def reextract_article(*, article_id: int, by: User) -> Job:
    """Have the engine read all texts of an article again that it has not read yet; a job for each.

    Returns the job of the current text, which there is even if a worker will find nothing to do; one
    that is unfinished serves again. Raises NotAllowed, and Conflict for an article without a text.
    """
    policies.check_may_reextract_article(by)
    article = Article.objects.get(pk=article_id)
    if article.current_revision is None:
        raise Conflict("This article has no text yet that could be read again.")
    outdated = outdated_revisions(chosen_engine().identity).filter(article=article)
    with transaction.atomic():
        _queue_reextraction([*outdated.defer("text"), article.current_revision], by=by)
    return Job.objects.filter(kind=Job.Kind.REEXTRACT, revision=article.current_revision).latest("pk")


@dataclass(frozen=True)
class Queued:
    """A batch of texts with the jobs that wait for them; the next one begins after its last text."""

    last_revision_id: int
    job_ids: list[int]


def reextract_next(
    *, after_revision_id: int, limit: int, article_ids: Sequence[int] | None = None, by: User
) -> Queued | None:
    """Queue a job for each of the next texts that the engine has not read, in the order of their ids.

    None when there is no such text after that id. Asked for twice, a text has one unfinished job all
    the same. `article_ids` narrows it to these articles. Raises NotAllowed.
    """
    policies.check_may_reextract_article(by)
    outdated = outdated_revisions(chosen_engine().identity).filter(pk__gt=after_revision_id)
    if article_ids is not None:
        outdated = outdated.filter(article__in=article_ids)
    with transaction.atomic():
        revisions = list(outdated.defer("text").order_by("pk")[:limit])
        job_ids = _queue_reextraction(revisions, by=by)
    return Queued(revisions[-1].pk, job_ids) if revisions else None


def ingest(lease: Lease, *, reader: Reader, engine: Engine | None = None) -> None:
    """Bring one taken job to its end: read the document, extract its claims, store both.

    Nothing is open in the database while reading and extracting. What stays undone because the
    worker dies or something unexpected rises is offered again by the lease. `engine` is the chosen
    one unless given.
    """
    engine = engine or chosen_engine()
    try:
        with lease:
            try:
                job = Job.objects.select_related("snapshot").get(pk=lease.job_id)
                page = _read(job, reader=reader)
                lease.enter(Job.Stage.EXTRACTING, waits_seconds=engine.waits_seconds)
                extraction = engine.extract_claims(
                    page.text,
                    title=page.title,
                    outlet=page.outlet,
                    published_at=page.published_at.date() if page.published_at else None,
                )
                _store(lease, page=page, extraction=extraction)
            except Unreadable as error:
                lease.finish(Job.State.FAILED, reason_code=error.code, reason=str(error))
    except LeaseLost:
        return  # another worker has it, and will finish it once


def reextract(lease: Lease, *, engine: Engine | None = None) -> None:
    """Bring one taken job to its end: extract the claims of a stored text again, and store the run.

    As with `ingest`, nothing is open in the database meanwhile. A text that the engine has read
    already is a duplicate, so that a job that comes twice changes nothing.
    """
    engine = engine or chosen_engine()
    try:
        with lease:
            job = Job.objects.select_related("revision__article__outlet").get(pk=lease.job_id)
            revision = cast(Revision, job.revision)
            if not outdated_revisions(engine.identity).filter(pk=revision.pk).exists():
                reason = f"The claims of this text are by {' '.join(astuple(engine.identity)[:2])} already."
                lease.finish(Job.State.DUPLICATE, reason_code="same_engine", reason=reason)
                return
            lease.enter(Job.Stage.EXTRACTING, waits_seconds=engine.waits_seconds)
            outlet = revision.article.outlet
            extraction = engine.extract_claims(
                revision.text,
                title=_headline(revision),
                outlet=outlet.name if outlet else "",
                published_at=revision.published_at.date() if revision.published_at else None,
            )
            with transaction.atomic():
                _finish_with_claims(lease, lease.lock(), revision=revision, extraction=extraction)
    except LeaseLost:
        return  # another worker has it, and will finish it once


def _read(job: Job, *, reader: Reader) -> ReadablePage:
    given: dict[str, str] = dict(job.given)
    url = given.pop("url")
    published_at = parse_datetime(given.pop("published_at") or "")
    return reader.read(
        zlib.decompress(job.snapshot.content),
        media_type=job.snapshot.media_type,
        charset=job.snapshot.charset or None,
        url=url,
        given=Given(published_at=published_at, **given),
        now=job.created_at,
    )


def _store(lease: Lease, *, page: ReadablePage, extraction: Extraction) -> None:
    """Write the article, its revision, its claims and the outcome of the job in one transaction."""
    with transaction.atomic():
        job = lease.lock()
        sha256 = text_sha256(page.text)
        # Two jobs with the same article must not both find it missing.
        for identity in sorted({f"url:{page.canonical_url}", f"text:{sha256}"} - {"url:"}):
            lock_identity(identity)
        outlet = _outlet(page.outlet[:200])
        decision = _decide(page, outlet=outlet, sha256=sha256)
        if decision.outcome in (Outcome.SAME, Outcome.DUPLICATE):
            _finish_as_duplicate(lease, decision)
        else:
            article = _article(decision, page=page, outlet=outlet, sha256=sha256)
            revision = _revision(article, job=job, page=page, sha256=sha256)
            article.current_revision = revision
            article.save(update_fields=["current_revision"])
            goes_back = EngineRun.objects.filter(revision=revision, is_current=True).exists()
            run = _finish_with_claims(lease, job, revision=revision, extraction=extraction)
            if goes_back:
                claims_extracted.send(sender=EngineRun, run=run, switch=None)


def _finish_as_duplicate(lease: Lease, decision: Decision) -> None:
    article = _article_of(decision)
    what = (
        "We have this text of" if decision.outcome is Outcome.SAME else "The same text is already stored as"
    )
    lease.finish(
        Job.State.DUPLICATE,
        article=article,
        reason_code=decision.outcome.value,
        reason=f"{what} “{article.title}” (article {article.pk}).",
    )


def _decide(page: ReadablePage, *, outlet: Outlet | None, sha256: str) -> Decision:
    same_url = None
    if page.canonical_url:
        same_url = Article.objects.filter(canonical_url=page.canonical_url).first()
    same_text = (
        Article.objects.filter(outlet=outlet, revisions__text_sha256=sha256).order_by("pk").first()
        if same_url is None
        else None
    )
    return decide(same_url=_known(same_url), same_text=_known(same_text), text_sha256=sha256)


def _known(article: Article | None) -> Known | None:
    if article is None or article.current_revision is None:
        return None
    return Known(article_id=article.pk, text_sha256=article.current_revision.text_sha256)


def _outlet(name: str) -> Outlet | None:
    """The outlet of that name, made when it is new; None for no name."""
    key = folded(name)
    if not key:
        return None
    Outlet.objects.bulk_create([Outlet(name=name, key=key)], ignore_conflicts=True)
    return Outlet.objects.get(key=key)


def _article_of(decision: Decision) -> Article:
    """The article that a decision names, locked; every decision but NEW names one."""
    return Article.objects.select_for_update(no_key=True).get(pk=cast(int, decision.article_id))


def _article(decision: Decision, *, page: ReadablePage, outlet: Outlet | None, sha256: str) -> Article:
    if decision.outcome is Outcome.NEW:
        return Article.objects.create(
            outlet=outlet,
            canonical_url=page.canonical_url or None,
            pasted_sha256=None if page.canonical_url else sha256,
            title=_title(page),
            published_at=page.published_at,
        )
    article = _article_of(decision)
    article.title, article.published_at = _title(page), page.published_at or article.published_at
    article.save(update_fields=["title", "published_at"])
    return article


def _title(page: ReadablePage) -> str:
    """The headline or, where there is none, the first words."""
    return page.title[:500] or _first_words(page.text)


def _headline(revision: Revision) -> str:
    """The headline, "" where the title is but the first words, which would be taken for repeated ones."""
    return "" if revision.title == _first_words(revision.text) else revision.title


def _first_words(text: str) -> str:
    return shorten(text, 80, placeholder=" …") or text[:80]


def _revision(article: Article, *, job: Job, page: ReadablePage, sha256: str) -> Revision:
    """The revision with this text, stored unless the article has had the text before."""
    latest = article.revisions.order_by("-number").first()
    revision, _ = Revision.objects.get_or_create(
        article=article,
        text_sha256=sha256,
        defaults={
            "number": latest.number + 1 if latest else 1,
            "snapshot": job.snapshot,
            "text": page.text,
            "title": _title(page),
            "byline": page.byline[:300],
            "credit": page.credit[:200],
            "language": page.language[:20],
            "published_at": page.published_at,
            "published_text": page.published_text[:100],
            "published_zone_assumed": page.zone_assumed,
            "seen_at": job.created_at,
        },
    )
    return revision


def _finish_with_claims(lease: Lease, job: Job, *, revision: Revision, extraction: Extraction) -> EngineRun:
    """Store what an engine found as the current run of a text, and end the job with it."""
    run = store_run(revision, extraction, requested_by=job.requested_by, now=timezone.now())
    lease.finish(
        Job.State.DONE,
        article_id=revision.article_id,
        revision=revision,
        claim_count=run.claims.count(),
        reason=extraction.note,
    )
    return run


def _queue_reextraction(revisions: Iterable[Revision], *, by: User) -> list[int]:
    """Make a job for each of the texts that has none unfinished, and ring for those that wait; their ids."""
    rows = [
        Job(
            kind=Job.Kind.REEXTRACT,
            snapshot_id=revision.snapshot_id,
            article_id=revision.article_id,
            revision=revision,
            queue=Job.Queue.BULK,
            requested_by=by,
            request_sha256=hashlib.sha256(f"reextract {revision.pk}".encode()).hexdigest(),
        )
        for revision in {revision.pk: revision for revision in revisions}.values()
    ]
    name_actor(by=by, action="reextract_article")
    Job.objects.bulk_create(rows, ignore_conflicts=True)
    of_these = Job.objects.unfinished().filter(
        kind=Job.Kind.REEXTRACT, revision__in=[row.revision_id for row in rows]
    )
    unfinished = dict(of_these.order_by("revision_id").values_list("pk", "state"))
    for job_id, state in unfinished.items():
        if state == Job.State.QUEUED:
            doorbell.ring_on_commit(job_id, queue=Job.Queue.BULK)
    return list(unfinished)


def _request_sha256(document: Document, asked: dict[str, str]) -> str:
    about = [document.media_type, document.charset, document.file_name, asked]
    return hashlib.sha256(json.dumps(about, sort_keys=True).encode() + document.raw).hexdigest()
