"""manage.py reextract: which texts it queues, how often, and what it says."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from claims import operations
from claims.engines import DefaultEngine
from claims.ingestion import jobs
from claims.management import progress
from claims.management.commands import reextract
from claims.models import EngineRun, Job
from tests.factories import EngineRunFactory, RevisionFactory, UserFactory, acting

pytestmark = pytest.mark.django_db
ENGINE = f"{DefaultEngine.identity.engine} {DefaultEngine.identity.engine_version}"


def run(*arguments: str) -> str:
    said = StringIO()
    call_command("reextract", *arguments, "--no-progress-bar", stdout=said, stderr=StringIO())
    return said.getvalue()


def work_off(*_: object) -> None:
    """Work on all jobs, as workers do while the command waits."""
    for job in Job.objects.filter(state=Job.State.QUEUED):
        lease = jobs.take(job.pk, worker="worker:1")
        assert lease is not None
        operations.reextract(lease)


def test_all_queues_every_text_once_however_often_it_is_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reextract, "BATCH", 2)
    revisions = [RevisionFactory() for _ in range(5)]

    said = [run("--all"), run("--all")]

    expected = f"5 texts are queued to be read by {ENGINE}; the list of jobs shows how far they are.\n"
    assert said == [expected, expected]
    assert sorted(Job.objects.values_list("revision", "queue")) == [(one.pk, "bulk") for one in revisions]
    assert set(Job.objects.values_list("requested_by__username", flat=True)) == {"ingest"}


def test_texts_that_the_engine_has_read_are_left_alone() -> None:
    identity = DefaultEngine.identity
    EngineRunFactory(engine_version=identity.engine_version, settings_sha256=identity.settings_sha256)

    assert run("--all") == f"0 texts of 0 articles are to be read by {ENGINE}.\n"
    assert Job.objects.count() == 0


def test_articles_can_be_named() -> None:
    first, second, _other = (RevisionFactory() for _ in range(3))
    by = UserFactory(roles=["lead"])

    run("--article", str(first.article_id), "--article", str(second.article_id), "--by", by.username)

    assert set(Job.objects.values_list("article", "requested_by")) == {
        (first.article_id, by.pk),
        (second.article_id, by.pk),
    }


def test_dry_run_only_counts() -> None:
    article = RevisionFactory().article
    RevisionFactory(article=article, number=2, text="The jet was shot down.")

    assert run("--all", "--dry-run") == f"2 texts of 1 articles are to be read by {ENGINE}.\n"
    assert Job.objects.count() == 0


def test_wait_follows_the_jobs_to_their_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress.time, "sleep", work_off)
    for _ in range(3):
        RevisionFactory()

    said = run("--all", "--wait")

    assert said == f"3 texts read by {ENGINE}: 3 done.\n"
    assert EngineRun.objects.filter(is_current=True).count() == 3


def test_wait_ends_with_an_error_when_a_job_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    def quarantine(*_: object) -> None:
        with acting():
            Job.objects.update(
                state=Job.State.QUARANTINED,
                stage="finished",
                reason="Tried 3 times.",
                finished_at="2017-06-20T00:00Z",
            )

    monkeypatch.setattr(progress.time, "sleep", quarantine)
    RevisionFactory()

    with pytest.raises(SystemExit) as ended:
        run("--all", "--wait")

    assert ended.value.code == 1


def test_article_there_is_not_is_refused() -> None:
    with pytest.raises(CommandError, match="There is no article 999"):
        run("--article", "999")


@pytest.mark.parametrize("arguments", [[], ["--all", "--article", "1"]])
def test_which_texts_must_be_said(arguments: list[str]) -> None:
    with pytest.raises(CommandError):
        run(*arguments)


def test_person_who_may_not_is_refused() -> None:
    RevisionFactory()
    by = UserFactory(roles=["reviewer"])

    with pytest.raises(CommandError, match="You may not have articles read again"):
        run("--all", "--by", by.username)
