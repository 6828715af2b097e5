"""Real workers run the engine again: once per text, whole, and also when one of them is killed."""

from datetime import timedelta
from io import StringIO
from pathlib import Path

from django.core.management import call_command
from django.db.models.functions import Now

from claims import operations, tasks
from claims.engine_runs import store_run
from claims.engines import DefaultEngine, Extraction
from claims.models import Claim, ClaimSuccession, EngineRun, Job, Revision
from tests.engines import FakeEngine, found
from tests.factories import TEXT, PlacementFactory, RevisionFactory, UserFactory
from tests.faults.test_worker_killed import LONG_TEXT, wait_until, wait_until_finished
from tests.processes import RealWorker, real_worker

DENIED = found("The ministry denied it", text=TEXT)


def read_before(revision: Revision) -> EngineRun:
    """A run of an engine that found one claim."""
    extraction = Extraction([DENIED], made_by=FakeEngine([DENIED]).identity)
    return store_run(revision, extraction, requested_by=UserFactory(), now=revision.seen_at)


def test_worker_reads_all_texts_again_and_nothing_decided_is_lost(
    celery_worker_process: RealWorker,
) -> None:
    revisions = [RevisionFactory() for _ in range(3)]
    placed = PlacementFactory(claim=read_before(revisions[0]).claims.get())
    said = StringIO()

    call_command("reextract", "--all", "--wait", "--no-progress-bar", stdout=said, stderr=StringIO())
    call_command("reextract", "--all", "--wait", "--no-progress-bar", stdout=said, stderr=StringIO())

    identity = DefaultEngine.identity
    assert said.getvalue().splitlines() == [
        f"3 texts read by default {identity.engine_version}: 3 done.",
        f"0 texts of 0 articles are to be read by default {identity.engine_version}.",
    ]
    current = EngineRun.objects.filter(is_current=True).values_list("revision", "engine", "engine_version")
    assert set(current) == {(one.pk, "default", identity.engine_version) for one in revisions}
    decided = placed.question.placements.filter(state="confirmed").values_list("claim", flat=True)
    assert set(decided) <= set(Claim.objects.standing().values_list("pk", flat=True)) | {placed.claim_id}
    assert len(decided) == 1


def test_job_of_a_killed_worker_is_finished_by_the_next_once(
    worker_environment: dict[str, str], tmp_path: Path
) -> None:
    revision = RevisionFactory(text=f"{TEXT}\n\n{LONG_TEXT}")
    before = read_before(revision)
    job = operations.reextract_article(article_id=revision.article_id, by=UserFactory(roles=["lead"]))
    with real_worker(worker_environment, log=tmp_path / "killed.log") as worker:
        wait_until(job, lambda job: job.stage == Job.Stage.EXTRACTING)
        worker.kill()
    standing = list(Claim.objects.standing())
    Job.objects.filter(pk=job.pk).update(lease_until=Now() - timedelta(hours=1))
    tasks.tick()

    with real_worker(worker_environment, log=tmp_path / "next.log"):
        wait_until_finished(job)

    assert standing == list(before.claims.all())  # until the job was through, what was there stood
    assert (job.state, job.attempts, EngineRun.objects.count()) == (Job.State.DONE, 2, 2)
    run = EngineRun.objects.get(is_current=True)
    assert (run.engine, job.claim_count) == ("default", run.claims.count())
    assert ClaimSuccession.objects.filter(old_claim__engine_run=before).count() == 1
