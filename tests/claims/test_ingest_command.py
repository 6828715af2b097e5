"""`manage.py ingest`: what is handed in, in which order, and what it says at the end."""

from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

from claims.ingestion import jobs
from claims.management import progress
from claims.models import Job
from tests.factories import TEXT, RevisionFactory, UserFactory

pytestmark = pytest.mark.django_db

Work = Callable[[Job], None]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three readable files and one of another kind, in two folders."""
    (tmp_path / "first").mkdir()
    (tmp_path / "second").mkdir()
    (tmp_path / "second" / "a.txt").write_text(TEXT)
    (tmp_path / "first" / "b.html").write_text(f"<p>{TEXT} It was Sunday.</p>")
    (tmp_path / "first" / "a.txt").write_text(f"{TEXT} Nobody else spoke.")
    (tmp_path / "first" / "notes.md").write_text("# Not to be handed in")
    return tmp_path


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch) -> Callable[[Work], list[list[str]]]:
    """`worker(work)` does `work` on each queued job whenever the command waits.

    It gives a list that grows by the names of the files queued each time.
    """

    def stand_by(work: Work) -> list[list[str]]:
        rounds: list[list[str]] = []

        def work_off(_seconds: float) -> None:
            queued = list(
                Job.objects.filter(state=Job.State.QUEUED).order_by("pk").select_related("snapshot")
            )
            rounds.append([job.snapshot.file_name for job in queued])
            for job in queued:
                work(job)

        monkeypatch.setattr(progress.time, "sleep", work_off)
        return rounds

    return stand_by


def fail(job: Job) -> None:
    lease = jobs.take(job.pk, worker="worker:1")
    assert lease is not None
    lease.finish(Job.State.FAILED, reason_code="no_text", reason="There is no article in it.")


def finish(job: Job) -> None:
    """End a job as done, with five claims."""
    revision = RevisionFactory()
    lease = jobs.take(job.pk, worker="worker:1")
    assert lease is not None
    lease.finish(Job.State.DONE, article=revision.article, revision=revision, claim_count=5)


def run(*arguments: str | Path, **options: object) -> tuple[int, str, str]:
    out, errors = StringIO(), StringIO()
    code = 0
    try:
        call_command(
            "ingest", *map(str, arguments), stdout=out, stderr=errors, no_progress_bar=True, **options
        )
    except SystemExit as end:
        code = int(end.code or 0)
    return code, out.getvalue(), errors.getvalue()


def test_ingest_hands_in_a_folder_in_the_order_of_names(folder: Path) -> None:
    code, out, _ = run(folder)

    assert (code, out) == (0, "3 of 3 files are handed in; the list of jobs shows how far they are.\n")
    assert list(
        Job.objects.order_by("pk").values_list("snapshot__file_name", "snapshot__media_type", "queue")
    ) == [
        ("a.txt", "text/plain", "bulk"),
        ("b.html", "text/html", "bulk"),
        ("a.txt", "text/plain", "bulk"),
    ]


def test_ingest_twice_hands_in_nothing_again(folder: Path) -> None:
    run(folder)

    code, _, _ = run(folder)

    assert (code, Job.objects.count()) == (0, 3)


def test_ingest_hands_in_a_file_whose_content_changed(folder: Path) -> None:
    run(folder)
    (folder / "second" / "a.txt").write_text(f"{TEXT} That was later taken back.")

    run(folder)

    assert Job.objects.count() == 4


def test_ingest_acts_as_a_user_who_can_only_hand_in(folder: Path) -> None:
    run(folder)
    run(folder)

    user = User.objects.get()
    assert (user.username, user.is_staff, user.has_usable_password()) == ("ingest", False, False)
    assert (user.has_perm("claims.submit_article"), user.has_perm("reviews.assess_question")) == (True, False)
    assert set(Job.objects.values_list("requested_by", flat=True)) == {user.pk}


def test_ingest_by_someone_hands_in_as_they(folder: Path) -> None:
    UserFactory(username="jane", roles=["reviewer"])

    run(folder, by="jane")

    assert set(Job.objects.values_list("requested_by__username", flat=True)) == {"jane"}


def test_ingest_by_someone_without_permission_hands_in_nothing(folder: Path) -> None:
    UserFactory(username="jane", roles=["viewer"])

    code, _, errors = run(folder, by="jane")

    assert (code, Job.objects.count()) == (1, 0)
    assert "first/a.txt: You may not submit articles." in errors


@pytest.mark.parametrize(
    ("name", "says"),
    [("missing", "There is no file or folder"), ("first/notes.md", r"ends in none of \.txt, \.html, \.htm")],
)
def test_ingest_says_what_is_wrong_with_a_path(folder: Path, name: str, says: str) -> None:
    with pytest.raises(CommandError, match=says):
        run(folder / name)


def test_ingest_of_a_folder_without_anything_readable_says_so(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"no \.txt or \.html file"):
        run(tmp_path)


def test_ingest_by_nobody_we_know_says_so(folder: Path) -> None:
    with pytest.raises(CommandError, match="no user 'nobody'"):
        run(folder, by="nobody")


def test_ingest_goes_on_after_a_file_that_is_refused(folder: Path) -> None:
    (folder / "first" / "a.txt").write_bytes(b"\x00\x01\x02" * 50)
    (folder / "second" / "a.txt").write_text("")

    code, out, errors = run(folder)

    assert (code, Job.objects.count()) == (1, 1)
    assert out == "1 of 3 files are handed in; the list of jobs shows how far they are.\n"
    assert "second/a.txt: This document is empty." in errors


def test_ingest_waits_and_counts_what_became_of_the_files(
    folder: Path, worker: Callable[[Work], list[list[str]]]
) -> None:
    def work(job: Job) -> None:
        (fail if job.snapshot.media_type == "text/html" else finish)(job)

    worker(work)

    code, out, errors = run(folder, wait=True)

    assert (code, out) == (1, "3 files: 2 done, 1 failed; 10 claims.\n")
    assert "first/b.html: There is no article in it." in errors


def test_ingest_shows_plain_lines_where_there_is_no_terminal(
    folder: Path, worker: Callable[[Work], list[list[str]]]
) -> None:
    worker(finish)

    _, _, errors = run(folder, wait=True)

    assert errors == "3 of 3 files\n"


@pytest.mark.parametrize("wait", [True, False])
def test_ingest_hands_in_later_revisions_when_earlier_ones_are_stored(
    tmp_path: Path, worker: Callable[[Work], list[list[str]]], wait: bool
) -> None:
    for name in ("b-r10.txt", "b-r2.txt", "b-r1.txt", "a.txt", "c-r2.txt", "r3.txt"):
        (tmp_path / name).write_text(f"{TEXT} The file is called {name}.")
    rounds = worker(finish)

    code, _, _ = run(tmp_path, wait=wait)

    queued_at_the_end = list(
        Job.objects.filter(state=Job.State.QUEUED).values_list("snapshot__file_name", flat=True)
    )
    assert code == 0
    assert [names for names in [*rounds, queued_at_the_end] if names] == [
        ["a.txt", "b-r1.txt", "r3.txt"],
        ["b-r2.txt", "c-r2.txt"],
        ["b-r10.txt"],
    ]


def test_ingest_says_when_nothing_moves(
    folder: Path, worker: Callable[[Work], list[list[str]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "STALLED_SECONDS", 0.0)
    waits = iter(range(10))
    worker(lambda job: finish(job) if next(waits) >= 3 else None)

    _, _, errors = run(folder, wait=True)

    assert "Is a worker running?" in errors
