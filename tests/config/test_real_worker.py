"""The fixtures that other tests build on: a real worker, killed and started again."""

import os
from pathlib import Path

import pytest

from tests.processes import RealWorker, real_worker


def _alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state not in "ZX"


def test_killing_a_worker_kills_its_children(worker_environment: dict[str, str], tmp_path: Path) -> None:
    with real_worker(worker_environment, log=tmp_path / "worker.log", concurrency=2) as worker:
        family = [worker.process.pid, *worker.children()]

        worker.kill()

        assert len(family) == 3
        assert [pid for pid in family if _alive(pid)] == []


def test_worker_shares_the_database_and_queues_of_the_test(celery_worker_process: RealWorker) -> None:
    from config.celery import app

    (answer,) = app.control.ping(timeout=10, limit=1)

    assert list(answer.values()) == [{"ok": "pong"}]


@pytest.mark.django_db
def test_database_of_the_tests_is_not_the_one_people_use() -> None:
    from django.db import connection

    assert connection.settings_dict["NAME"].startswith("test_")
    assert os.environ["REDIS_KEY_PREFIX"].startswith("test-")
