"""The engine runs again over stored texts: one run is current, and each claim's fate is known."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, connection
from django.utils import timezone

from claims import operations
from claims.engine_runs import hold_claims, outdated_revisions, store_run
from claims.engines import DefaultEngine, Extraction
from claims.errors import Conflict, NotAllowed
from claims.extraction import ExtractedClaim
from claims.ingestion import jobs
from claims.lineage import earlier_wordings, last_succession, precessions
from claims.models import Claim, ClaimSuccession, EngineRun, EngineSwitch, Job, Revision
from claims.signals import claims_extracted
from tests.engines import FakeEngine, found
from tests.factories import (
    NOW,
    TEXT,
    ArticleFactory,
    EngineRunFactory,
    JobFactory,
    OutletFactory,
    RevisionFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db

SHOT = found("it had shot down a jet near Resafa", text=TEXT, speaker="The coalition")
SHOT_OTHERWISE = found(
    "shot down a jet near Resafa", text=TEXT, says="The coalition shot down a jet.", speaker="The coalition"
)
DENIED = found("The ministry denied it", text=TEXT)
NEAR = found("near Resafa", text=TEXT)


@pytest.fixture
def manager() -> User:
    return UserFactory(roles=["ingest manager"])


def run_over(revision: Revision, claims: Sequence[ExtractedClaim], version: str) -> EngineRun:
    """Let an engine of that version find these claims."""
    extraction = Extraction(claims, made_by=FakeEngine(claims, version).identity)
    return store_run(revision, extraction, requested_by=UserFactory(), now=NOW)


def worked_on(job: Job, engine: FakeEngine | None = None) -> Job:
    """The job after a worker has been at it."""
    lease = jobs.take(job.pk, worker="worker:1")
    assert lease is not None
    operations.reextract(lease, engine=engine)
    job.refresh_from_db()
    return job


def statements(claims: Sequence[Claim]) -> list[str]:
    return [claim.statement for claim in claims]


def fates(switch: EngineSwitch) -> list[tuple[str, str | None, str | None]]:
    """What became of each claim, by what it says."""
    rows = ClaimSuccession.objects.filter(switch=switch)
    return list(rows.values_list("kind", "old_claim__statement", "new_claim__statement"))


# --- store_run ----------------------------------------------------------------------------------
def test_first_run_over_a_text_is_current_and_switches_nothing() -> None:
    revision = RevisionFactory()

    run = run_over(revision, [SHOT, DENIED], "1")

    assert (run.is_current, run.claims.count(), EngineSwitch.objects.count()) == (True, 2, 0)
    connection.check_constraints()


def test_next_run_takes_the_place_of_the_current_and_says_what_became_of_each_claim() -> None:
    revision = RevisionFactory()
    before = run_over(revision, [SHOT, DENIED], "1")

    run = run_over(revision, [SHOT_OTHERWISE, NEAR], "2")

    switch = EngineSwitch.objects.get()
    assert (switch.old_run, switch.new_run) == (before, run)
    assert list(revision.engine_runs.order_by("pk").values_list("is_current", flat=True)) == [False, True]
    assert fates(switch) == [
        ("reworded", SHOT.statement, SHOT_OTHERWISE.statement),
        ("dropped", DENIED.statement, None),
        ("added", None, NEAR.statement),
    ]
    assert set(Claim.objects.standing()) == set(run.claims.all())
    connection.check_constraints()


def test_same_run_again_stores_nothing() -> None:
    revision = RevisionFactory()
    first = run_over(revision, [SHOT], "1")

    again = run_over(revision, [SHOT, DENIED], "1")

    assert (again, EngineRun.objects.count(), Claim.objects.count()) == (first, 1, 1)


def test_run_that_was_current_before_becomes_so_again_without_new_claims() -> None:
    revision = RevisionFactory()
    first = run_over(revision, [SHOT, DENIED], "1")
    run_over(revision, [SHOT], "2")

    again = run_over(revision, [SHOT, DENIED], "1")

    assert (again, again.is_current, Claim.objects.count()) == (first, True, 3)
    assert fates(EngineSwitch.objects.latest("pk")) == [
        ("kept", SHOT.statement, SHOT.statement),
        ("added", None, DENIED.statement),
    ]
    assert set(Claim.objects.standing()) == set(first.claims.all())


def test_runs_over_other_texts_are_left_alone() -> None:
    other = run_over(RevisionFactory(), [SHOT], "1")
    revision = RevisionFactory()
    run_over(revision, [SHOT], "1")

    run_over(revision, [SHOT], "2")

    other.refresh_from_db()
    assert other.is_current


def test_store_run_tells_listeners_what_gave_way() -> None:
    revision, heard = RevisionFactory(), []

    def listen(run: EngineRun, switch: EngineSwitch | None, **_: object) -> None:
        heard.append((run.engine_version, switch and switch.old_run.engine_version))

    claims_extracted.connect(listen)
    try:
        for version in ("1", "1", "2"):
            run_over(revision, [SHOT], version)
    finally:
        claims_extracted.disconnect(listen)

    assert heard == [("1", None), ("2", "1")]


def test_held_claim_stays_until_an_engine_finds_it_again() -> None:
    revision = RevisionFactory()
    denied = run_over(revision, [SHOT, DENIED], "1").claims.get(statement=DENIED.statement)
    run_over(revision, [SHOT], "2")
    hold_claims([denied.pk], now=NOW)

    run_over(revision, [], "3")
    still_standing = list(Claim.objects.standing())
    run = run_over(revision, [DENIED], "4")

    assert still_standing == [denied]
    assert list(Claim.objects.standing()) == [run.claims.get()]
    kinds = ClaimSuccession.objects.filter(old_claim=denied).order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["dropped", "kept"]


def test_held_claim_is_no_longer_held_when_its_own_run_is_current_again() -> None:
    revision = RevisionFactory()
    denied = run_over(revision, [DENIED], "1").claims.get()
    run_over(revision, [], "2")
    hold_claims([denied.pk], now=NOW)

    run_over(revision, [DENIED], "1")
    run_over(revision, [SHOT], "3")

    assert statements(Claim.objects.standing()) == [SHOT.statement]


# --- lineage ------------------------------------------------------------------------------------
def test_last_succession_leads_over_all_switches_to_the_claim_that_stands() -> None:
    revision = RevisionFactory()
    first = run_over(revision, [SHOT], "1").claims.get()
    second = run_over(revision, [SHOT_OTHERWISE], "2").claims.get()
    third = run_over(revision, [SHOT], "3").claims.get()

    ends = [last_succession(Claim.objects.get(pk=claim.pk)) for claim in (first, second, third)]

    assert [end and end.new_claim for end in ends] == [third, third, None]


def test_last_succession_of_a_dropped_claim_leads_nowhere() -> None:
    revision = RevisionFactory()
    claim = run_over(revision, [DENIED], "1").claims.get()
    run_over(revision, [SHOT], "2")

    end = last_succession(Claim.objects.get(pk=claim.pk))

    assert end is not None
    assert (end.kind, end.new_claim) == ("dropped", None)


def test_last_succession_goes_back_with_a_run_that_is_current_again() -> None:
    revision = RevisionFactory()
    first = run_over(revision, [SHOT], "1").claims.get()
    second = run_over(revision, [SHOT_OTHERWISE], "2").claims.get()
    run_over(revision, [SHOT], "1")

    ends = [last_succession(Claim.objects.get(pk=claim.pk)) for claim in (first, second)]

    assert [end and end.new_claim for end in ends] == [None, first]


def test_earlier_wordings_end_where_the_way_leads_back() -> None:
    revision = RevisionFactory()
    first = run_over(revision, [SHOT], "1").claims.get()
    second = run_over(revision, [SHOT_OTHERWISE], "2").claims.get()
    run_over(revision, [SHOT], "1")

    found = earlier_wordings([first.pk, second.pk])

    assert found == {first.pk: [second.pk], second.pk: [first.pk]}


def test_earlier_wordings_are_those_that_said_something_else() -> None:
    revision = RevisionFactory()
    first = run_over(revision, [SHOT], "1").claims.get()
    run_over(revision, [SHOT_OTHERWISE], "2")
    third = run_over(revision, [SHOT_OTHERWISE], "3").claims.get()

    assert earlier_wordings([third.pk]) == {third.pk: [first.pk]}
    assert earlier_wordings([first.pk, third.pk]) == {third.pk: [first.pk]}
    assert [step.kind for step in precessions(third)] == ["kept"]


# --- reextract ----------------------------------------------------------------------------------
def test_reextract_reads_the_stored_text_and_says_what_it_knew_of_it() -> None:
    published_at = datetime(2017, 6, 19, 23, 30, tzinfo=UTC)
    article = ArticleFactory(outlet=OutletFactory(name="Harbour Wire"))
    revision = RevisionFactory(article=article, title="Jet shot down", published_at=published_at)
    engine = FakeEngine([SHOT, DENIED])

    job = worked_on(JobFactory(reextract=True, revision=revision), engine)

    assert engine.asked == [
        {
            "text": TEXT,
            "title": "Jet shot down",
            "outlet": "Harbour Wire",
            "published_at": date(2017, 6, 19),
        }
    ]
    assert (job.state, job.claim_count, job.article, job.revision) == (Job.State.DONE, 2, article, revision)


def test_reextract_does_not_take_first_words_for_a_headline() -> None:
    text = "The talks ended on Monday."
    revision = RevisionFactory(text=text, title=text, article=ArticleFactory(outlet=None, published_at=None))
    engine = FakeEngine([])

    worked_on(JobFactory(reextract=True, revision=revision), engine)

    assert engine.asked == [{"text": text, "title": "", "outlet": "", "published_at": None}]


def test_reextract_by_the_engine_that_read_it_already_is_a_duplicate() -> None:
    revision = RevisionFactory()
    run_over(revision, [SHOT], "9.0.0")
    engine = FakeEngine([SHOT, DENIED])

    job = worked_on(JobFactory(reextract=True, revision=revision), engine)

    assert (job.state, job.reason_code, job.reason) == (
        Job.State.DUPLICATE,
        "same_engine",
        "The claims of this text are by fake 9.0.0 already.",
    )
    assert (engine.asked, Claim.objects.count()) == ([], 1)


def test_reextract_notes_what_a_reader_must_know() -> None:
    engine = FakeEngine([SHOT], note="The model did not answer; the default engine's claims stand.")

    job = worked_on(JobFactory(reextract=True), engine)

    assert (job.reason, EngineRun.objects.get().note) == (engine.note, engine.note)


def test_reextract_that_lost_its_lease_stores_nothing() -> None:
    job = JobFactory(reextract=True)
    late = jobs.take(job.pk, worker="worker:1")
    assert late is not None
    Job.objects.filter(pk=job.pk).update(token=late.token + 1)

    operations.reextract(late, engine=FakeEngine([SHOT]))

    assert EngineRun.objects.count() == 0


def test_reextract_that_breaks_is_offered_again_and_leaves_the_claims_that_were() -> None:
    revision = RevisionFactory()
    run = run_over(revision, [SHOT], "1")
    job = JobFactory(reextract=True, revision=revision)
    lease = jobs.take(job.pk, worker="worker:1")
    assert lease is not None
    misplaced = found("Resafa", text="Elsewhere " * 50 + "Resafa")

    with pytest.raises(IntegrityError, match="content is not the text"):
        operations.reextract(lease, engine=FakeEngine([misplaced]))

    job.refresh_from_db()
    assert job.state == Job.State.QUEUED
    assert list(Claim.objects.standing()) == list(run.claims.all())


# --- reextract_article --------------------------------------------------------------------------
def test_reextract_article_makes_a_bulk_job_for_each_text_the_engine_has_not_read(manager: User) -> None:
    article = ArticleFactory()
    old = RevisionFactory(article=article)
    read = RevisionFactory(article=article, number=2, text="The jet fell.")
    EngineRunFactory(
        revision=read,
        engine_version=DefaultEngine.identity.engine_version,
        settings_sha256=DefaultEngine.identity.settings_sha256,
    )
    current = RevisionFactory(article=article, number=3, text="The jet was shot down.")

    job = operations.reextract_article(article_id=article.pk, by=manager)

    assert (job.revision, job.requested_by) == (current, manager)
    made = Job.objects.order_by("revision__number").values_list("kind", "queue", "state", "revision")
    assert list(made) == [
        ("reextract", "bulk", "queued", old.pk),
        ("reextract", "bulk", "queued", current.pk),
    ]


def test_reextract_article_twice_makes_one_job(manager: User) -> None:
    article = RevisionFactory().article

    first = operations.reextract_article(article_id=article.pk, by=manager)
    second = operations.reextract_article(article_id=article.pk, by=manager)

    assert (first, Job.objects.count()) == (second, 1)


def test_reextract_article_rings_after_the_commit(
    manager: User, django_capture_on_commit_callbacks: object
) -> None:
    article = RevisionFactory().article

    with django_capture_on_commit_callbacks() as rings:  # type: ignore[operator]
        operations.reextract_article(article_id=article.pk, by=manager)

    assert len(rings) == 1


def test_reextract_article_without_a_text_is_a_conflict(manager: User) -> None:
    with pytest.raises(Conflict, match="no text"):
        operations.reextract_article(article_id=ArticleFactory().pk, by=manager)


def test_reextract_article_without_permission_makes_no_job() -> None:
    article = RevisionFactory().article

    with pytest.raises(NotAllowed):
        operations.reextract_article(article_id=article.pk, by=UserFactory(roles=["reviewer"]))

    assert Job.objects.count() == 0


def test_retry_of_a_job_while_another_waits_for_the_same_text_is_a_conflict() -> None:
    revision, lead = RevisionFactory(), UserFactory(roles=["lead"])
    failed = JobFactory(reextract=True, failed=True, revision=revision)
    JobFactory(reextract=True, revision=revision)

    with pytest.raises(Conflict, match="waiting already"):
        operations.retry_job(job_id=failed.pk, by=lead, now=timezone.now())

    failed.refresh_from_db()
    assert failed.state == Job.State.FAILED


# --- reextract_next -----------------------------------------------------------------------------
def test_reextract_next_goes_through_all_texts_in_batches(manager: User) -> None:
    revisions = [RevisionFactory() for _ in range(5)]

    batches, after = [], 0
    while batch := operations.reextract_next(after_revision_id=after, limit=2, by=manager):
        batches.append(Job.objects.filter(pk__in=batch.job_ids).order_by("revision_id"))
        after = batch.last_revision_id

    assert [[job.revision for job in batch] for batch in batches] == [
        revisions[:2],
        revisions[2:4],
        revisions[4:],
    ]
    assert Job.objects.count() == 5


def test_reextract_next_again_makes_no_second_job(manager: User) -> None:
    RevisionFactory()

    for _ in range(2):
        operations.reextract_next(after_revision_id=0, limit=10, by=manager)

    assert Job.objects.count() == 1


def test_reextract_next_is_narrowed_to_articles(manager: User) -> None:
    wanted, _other = RevisionFactory(), RevisionFactory()

    batch = operations.reextract_next(
        after_revision_id=0, limit=10, article_ids=[wanted.article_id], by=manager
    )

    assert batch is not None
    assert batch.last_revision_id == wanted.pk
    assert list(Job.objects.values_list("pk", "revision")) == [(batch.job_ids[0], wanted.pk)]


def test_outdated_revisions_are_those_whose_current_run_is_another_engines() -> None:
    fresh, stale, unread = (RevisionFactory() for _ in range(3))
    run_over(fresh, [SHOT], "1")
    run_over(fresh, [SHOT], "2")
    run_over(stale, [SHOT], "2")
    run_over(stale, [SHOT], "1")

    assert set(outdated_revisions(FakeEngine([], "2").identity)) == {stale, unread}
