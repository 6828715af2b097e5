"""What changes claims: handing in, ingesting, retrying, renaming. Nothing is half done."""

import hashlib
import zlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from claims import operations
from claims.errors import Conflict, NotAllowed, Unreadable
from claims.ingestion import jobs
from claims.ingestion.page import Given, ReadablePage
from claims.models import (
    Article,
    Claim,
    EngineRun,
    EngineSwitch,
    Job,
    Outlet,
    Revision,
    Snapshot,
    Speaker,
)
from claims.operations import Document
from claims.signals import claims_extracted
from tests.factories import TEXT, JobFactory, OutletFactory, UserFactory

pytestmark = pytest.mark.django_db

DOCUMENT = Document(raw=TEXT.encode(), media_type="text/plain", charset="utf-8", file_name="report.txt")
PAGE = ReadablePage(
    text=TEXT,
    title="Jet shot down",
    byline="Jane Roe",
    outlet="Harbour Wire",
    canonical_url="https://harbourwire.example/jet",
    published_at=datetime(2017, 6, 19, 18, 52, tzinfo=UTC),
    published_text="19 June 2017 18:52",
)
PASTED = replace(PAGE, canonical_url="")
REWORDED = replace(PAGE, text=TEXT.replace("a jet", "a warplane"), title="Warplane shot down")


class FakeReader:
    """Reads every document as the page it was given, or refuses it; `asked` is what it was asked."""

    def __init__(self, page: ReadablePage | Unreadable) -> None:
        self.page = page
        self.asked: list[dict[str, Any]] = []

    def read(self, raw: bytes, **how: Any) -> ReadablePage:
        self.asked.append({"raw": raw, **how})
        if isinstance(self.page, Unreadable):
            raise self.page
        return self.page


def submit(**changes: Any) -> Job:
    """Hand in a report; whatever is not named is as in any other test."""
    asked: dict[str, Any] = {"document": DOCUMENT, "given": Given(), "now": timezone.now(), **changes}
    asked.setdefault("by", UserFactory(roles=["reviewer"]))
    return operations.submit_article(**asked)


def ingested(page: ReadablePage | Unreadable) -> Job:
    """A job that is through, having read `page`."""
    job = JobFactory()
    lease = jobs.take(job.pk, worker="worker:1")
    assert lease is not None
    operations.ingest(lease, reader=FakeReader(page))
    job.refresh_from_db()
    return job


def stored() -> dict[str, int]:
    models = (Article, Revision, EngineRun, Claim, Speaker, Outlet)
    return {model.__name__: model.objects.count() for model in models}


# --- submit_article -----------------------------------------------------------------------------
def test_submit_article_keeps_the_bytes_and_a_job() -> None:
    by = UserFactory(roles=["reviewer"])
    given = Given(title="Jet shot down", published_at=datetime(2017, 6, 19, 18, 52, tzinfo=UTC))

    job = submit(given=given, url="HTTPS://Harbourwire.example:443/jet?utm_source=x#top", by=by)

    assert job.given == {
        "url": "https://harbourwire.example/jet",
        "title": "Jet shot down",
        "byline": "",
        "outlet": "",
        "published_at": "2017-06-19 18:52:00+00:00",
    }
    assert (job.state, job.queue, job.requested_by) == (Job.State.QUEUED, Job.Queue.INTERACTIVE, by)
    assert zlib.decompress(job.snapshot.content) == DOCUMENT.raw
    assert (job.snapshot.sha256, job.snapshot.byte_count, job.snapshot.file_name) == (
        hashlib.sha256(DOCUMENT.raw).hexdigest(),
        len(DOCUMENT.raw),
        "report.txt",
    )


def test_submit_article_rings_once_and_only_after_the_commit(django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks() as rings:
        submit()

    assert len(rings) == 1


def test_submit_article_twice_with_one_key_makes_one_job() -> None:
    by = UserFactory(roles=["reviewer"])

    first = submit(idempotency_key="once", by=by)
    second = submit(idempotency_key="once", by=by)

    assert first == second
    assert (Job.objects.count(), Snapshot.objects.count()) == (1, 1)


def test_submit_article_with_the_key_of_someone_else_makes_a_job() -> None:
    assert submit(idempotency_key="once") != submit(idempotency_key="once")


@pytest.mark.parametrize(
    "change",
    [
        {"document": replace(DOCUMENT, raw=b"Another report was filed on Monday.")},
        {"given": Given(title="Another title")},
        {"url": "https://harbourwire.example/other"},
    ],
)
def test_submit_article_with_a_used_key_for_something_else_is_a_conflict(change: dict[str, Any]) -> None:
    by = UserFactory(roles=["reviewer"])
    submit(idempotency_key="once", by=by)

    with pytest.raises(Conflict, match="another request"):
        submit(idempotency_key="once", by=by, **change)

    assert Job.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"document": replace(DOCUMENT, raw=b"")}, "empty"),
        ({"document": replace(DOCUMENT, raw=b" \n\t ")}, "empty"),
        ({"document": replace(DOCUMENT, raw=b"word " * 1_100_000)}, "too_large"),
        ({"document": replace(DOCUMENT, raw=bytes(range(256)) * 8, charset="")}, "binary"),
        ({"document": replace(DOCUMENT, raw="Ça va mal à Zürich.".encode("latin-1"))}, "wrong_encoding"),
        ({"document": Document(b"<html><script>let a = 1;</script></html>", "text/html")}, "no_text"),
        ({"document": replace(DOCUMENT, media_type="application/pdf")}, "unknown_type"),
        ({"given": Given(published_at=datetime(9999, 12, 31, tzinfo=UTC))}, "date_out_of_range"),
        ({"url": "ftp://harbourwire.example/jet"}, "bad_address"),
    ],
)
def test_submit_article_that_is_refused_keeps_nothing(change: dict[str, Any], code: str) -> None:
    with pytest.raises(Unreadable) as refused:
        submit(**change)

    assert refused.value.code == code
    assert (Job.objects.count(), Snapshot.objects.count()) == (0, 0)


def test_submit_article_without_permission_keeps_nothing() -> None:
    with pytest.raises(NotAllowed):
        submit(by=UserFactory(roles=["viewer"]))

    assert (Job.objects.count(), Snapshot.objects.count()) == (0, 0)


# --- ingest -------------------------------------------------------------------------------------
def test_ingest_of_a_new_page_stores_article_revision_and_claims() -> None:
    job = ingested(PAGE)

    revision = job.revision
    assert (job.state, job.article, job.claim_count) == (
        Job.State.DONE,
        revision.article,
        revision.claims.count(),
    )
    assert (revision.number, revision.text, revision.byline, revision.snapshot) == (
        1,
        TEXT,
        "Jane Roe",
        job.snapshot,
    )
    assert (revision.article.canonical_url, revision.article.pasted_sha256, revision.article.outlet.name) == (
        PAGE.canonical_url,
        None,
        "Harbour Wire",
    )
    assert job.claim_count > 0


def test_ingest_asks_the_reader_for_what_was_handed_in() -> None:
    published_at = datetime(2017, 6, 19, 18, 52, tzinfo=UTC)
    job = submit(given=Given(title="Jet", published_at=published_at), url="https://harbourwire.example/jet")
    reader = FakeReader(PAGE)
    lease = jobs.take(job.pk, worker="worker:1")
    assert lease is not None

    operations.ingest(lease, reader=reader)

    assert reader.asked == [
        {
            "raw": DOCUMENT.raw,
            "media_type": "text/plain",
            "charset": "utf-8",
            "url": "https://harbourwire.example/jet",
            "given": Given(title="Jet", published_at=published_at),
            "now": job.created_at,
        }
    ]


def test_ingest_of_the_same_page_again_is_a_duplicate_that_names_its_article() -> None:
    first = ingested(PAGE)
    before = stored()

    second = ingested(PAGE)

    assert (second.state, second.reason_code, second.article) == (Job.State.DUPLICATE, "same", first.article)
    assert second.reason == f"We have this text of “Jet shot down” (article {first.article.pk})."
    assert stored() == before


def test_ingest_of_the_same_paste_again_is_a_duplicate() -> None:
    first = ingested(PASTED)

    second = ingested(PASTED)

    assert (second.state, second.reason_code, second.article) == (
        Job.State.DUPLICATE,
        "duplicate",
        first.article,
    )


def test_ingest_of_the_same_words_by_another_outlet_is_an_article_of_its_own() -> None:
    first = ingested(PASTED)

    second = ingested(replace(PASTED, outlet="Northgate Courier"))

    assert (second.state, second.article == first.article) == (Job.State.DONE, False)


def test_ingest_of_changed_words_adds_a_revision_and_leaves_the_first() -> None:
    first = ingested(PAGE)

    second = ingested(REWORDED)

    assert second.article == first.article
    assert list(first.article.revisions.order_by("number").values_list("number", "text", "title")) == [
        (1, TEXT, "Jet shot down"),
        (2, REWORDED.text, "Warplane shot down"),
    ]
    first.article.refresh_from_db()
    assert first.article.title == "Warplane shot down"


def test_ingest_of_words_the_article_had_before_stores_no_third_revision() -> None:
    first = ingested(PAGE)
    ingested(REWORDED)
    before = stored()

    third = ingested(PAGE)

    assert (third.state, third.revision) == (Job.State.DONE, first.revision)
    assert stored() == before
    assert third.article.current_revision == first.revision
    assert ingested(PAGE).state == Job.State.DUPLICATE


def test_ingest_of_words_the_article_had_before_tells_that_their_claims_stand_again() -> None:
    first = ingested(PAGE)
    ingested(REWORDED)
    heard = []

    def listen(run: EngineRun, switch: EngineSwitch | None, **_: object) -> None:
        heard.append((run.revision, switch))

    claims_extracted.connect(listen)
    try:
        ingested(PAGE)
    finally:
        claims_extracted.disconnect(listen)

    assert heard == [(first.revision, None)]


def test_ingest_without_a_headline_is_known_by_its_first_words() -> None:
    job = ingested(replace(PAGE, title=""))

    assert TEXT.startswith(job.article.title.removesuffix(" …"))
    assert job.article.title != ""


def test_ingest_of_what_cannot_be_read_fails_with_the_reason() -> None:
    job = ingested(Unreadable("no_text", "There is no article in this document."))

    assert (job.state, job.reason_code, job.reason) == (
        Job.State.FAILED,
        "no_text",
        "There is no article in this document.",
    )
    assert stored() == dict.fromkeys(stored(), 0)


def test_ingest_that_lost_its_lease_stores_nothing() -> None:
    job = JobFactory()
    late = jobs.take(job.pk, worker="worker:1")
    assert late is not None
    Job.objects.filter(pk=job.pk).update(lease_until=job.created_at - timedelta(hours=1))
    jobs.sweep()

    operations.ingest(late, reader=FakeReader(PAGE))

    assert stored() == dict.fromkeys(stored(), 0)
    job.refresh_from_db()
    assert job.state == Job.State.QUEUED


def test_ingest_stores_claims_as_the_engine_found_them() -> None:
    revision = ingested(PAGE).revision

    for claim in revision.claims.all():
        assert claim.content == " … ".join(revision.text[start:end] for start, end in claim.spans)
        assert claim.engine_run.revision == revision


def test_ingest_keeps_one_speaker_for_spellings_that_differ_in_case() -> None:
    ingested(PAGE)
    ingested(replace(PASTED, text=TEXT.replace("The coalition", "THE COALITION")))

    keys = list(Speaker.objects.values_list("key", flat=True))

    assert len(keys) == len(set(keys))
    assert "coalition" in " ".join(keys)


# --- retry_job ----------------------------------------------------------------------------------
@pytest.mark.parametrize("state", ["failed", "quarantined"])
def test_retry_job_offers_it_again_from_the_beginning(state: str) -> None:
    job = JobFactory(**{state: True})
    # By the web's clock, which may be ahead; whether it is due goes by the database's.
    by, now = UserFactory(roles=["ingest manager"]), timezone.now() + timedelta(hours=2)

    operations.retry_job(job_id=job.pk, by=by, now=now)

    job.refresh_from_db()
    assert (job.state, job.stage, job.attempts, job.reason, job.finished_at) == (
        Job.State.QUEUED,
        Job.Stage.WAITING,
        0,
        "",
        None,
    )
    assert (job.retried_by, job.retried_at) == (by, now)
    assert jobs.take(job.pk, worker="test") is not None


@pytest.mark.parametrize("state", ["queued", "running", "done", "duplicate"])
def test_retry_job_of_one_that_did_not_fail_is_a_conflict(state: str) -> None:
    job = JobFactory(**({} if state == "queued" else {state: True}))

    with pytest.raises(Conflict, match=f"This job is {state}"):
        operations.retry_job(job_id=job.pk, by=UserFactory(roles=["lead"]), now=timezone.now())


def test_retry_job_without_permission_leaves_it() -> None:
    job = JobFactory(failed=True)

    with pytest.raises(NotAllowed):
        operations.retry_job(job_id=job.pk, by=UserFactory(roles=["reviewer"]), now=timezone.now())

    job.refresh_from_db()
    assert job.state == Job.State.FAILED


# --- rename_outlet ------------------------------------------------------------------------------
def test_rename_outlet_changes_name_and_key() -> None:
    outlet = OutletFactory(name="Harbor Wire")

    operations.rename_outlet(
        outlet_id=outlet.pk, name="Harbour Wire", by=UserFactory(roles=["ingest manager"])
    )

    outlet.refresh_from_db()
    assert (outlet.name, outlet.key) == ("Harbour Wire", "harbour wire")


def test_rename_outlet_to_a_name_that_is_taken_is_a_conflict() -> None:
    outlet = OutletFactory(name="Harbor Wire")
    OutletFactory(name="Harbour Wire")

    with pytest.raises(Conflict, match="another outlet"):
        operations.rename_outlet(
            outlet_id=outlet.pk, name="HARBOUR  wire", by=UserFactory(roles=["ingest manager"])
        )

    outlet.refresh_from_db()
    assert outlet.name == "Harbor Wire"


def test_rename_outlet_without_permission_leaves_it() -> None:
    outlet = OutletFactory(name="Harbor Wire")

    with pytest.raises(NotAllowed):
        operations.rename_outlet(outlet_id=outlet.pk, name="Harbour Wire", by=UserFactory(roles=["lead"]))

    outlet.refresh_from_db()
    assert outlet.name == "Harbor Wire"
