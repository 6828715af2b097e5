import logging
from uuid import UUID

import pytest
from celery import Task
from celery.signals import task_postrun, task_prerun
from django.db import transaction
from django.test import Client

from claims import request_ids
from config.logs import escaped, line_formatter
from reviews import audit
from reviews.models import AuditEvent, Question
from tests.factories import QuestionFactory, UserFactory


def _line(message: str, *values: object) -> str:
    record = logging.LogRecord("test", logging.INFO, __file__, 1, message, values, None)
    return line_formatter().format(record)


def test_answer_carries_the_well_formed_id_it_was_asked_with() -> None:
    answer = Client().get("/healthz", headers={"X-Request-ID": "edge-01.2b9f_Q"})

    assert answer.headers["X-Request-ID"] == "edge-01.2b9f_Q"


@pytest.mark.parametrize(
    "given",
    [
        "",
        "short",
        "x" * 65,
        "has a space in it",
        "new\nline-12345",
        "\x1b[31mred-red",
        "ünïcode-id",
        "-dash-first",
    ],
)
def test_answer_carries_a_new_id_where_none_was_well_formed(given: str) -> None:
    answer = Client().get("/healthz", headers={"X-Request-ID": given})

    own = answer.headers["X-Request-ID"]
    assert own != given
    assert UUID(hex=own).hex == own


def test_request_id_is_forgotten_with_the_request() -> None:
    Client().get("/healthz", headers={"X-Request-ID": "edge-01.2b9f_Q"})

    assert request_ids.current.get() == ""


def test_log_lines_name_the_request() -> None:
    token = request_ids.current.set("edge-01.2b9f_Q")
    try:
        line = _line("done")
    finally:
        request_ids.current.reset(token)

    assert line.endswith("event=done request=edge-01.2b9f_Q")
    assert "request=" not in _line("done")


@pytest.mark.parametrize(
    ("hostile", "shown"),
    [
        ("ana\nlevel=error event=forged", r"ana\nlevel=error event=forged"),
        ("ana\r\nforged", r"ana\r\nforged"),
        ("ana\u2028forged\u0085forged\x0bforged", r"ana\u2028forged\x85forged\x0bforged"),
        ("ana\x1b[2J\x1b]0;title\x07", r"ana\x1b[2J\x1b]0;title\x07"),
        ("ana\u202egnp.exe", r"ana\u202egnp.exe"),
    ],
)
def test_no_input_begins_a_line_or_commands_a_terminal(hostile: str, shown: str) -> None:
    line = _line("Sign-in failed for %s", hostile)

    assert line.isprintable()
    assert f'event="Sign-in failed for {shown}"' in line


def test_words_of_every_language_stay_readable_in_the_log() -> None:
    assert escaped("Министерство 国防部 وزارة") == "Министерство 国防部 وزارة"


def test_failed_sign_in_with_line_breaks_writes_single_lines(
    db: None, caplog: pytest.LogCaptureFixture
) -> None:
    hostile = "ana\r\n2026-01-01 level=info event=forged\x1b[2K"

    Client().post("/admin/login/", {"username": hostile, "password": "wrong"})

    lines = [line_formatter().format(record) for record in caplog.records]
    assert lines != []
    assert [line for line in lines if not line.isprintable()] == []


@pytest.mark.django_db
def test_audit_events_carry_the_id_of_the_request() -> None:
    question = QuestionFactory()
    token = request_ids.current.set("edge-01.2b9f_Q")
    try:
        with transaction.atomic():
            audit.because(by=UserFactory(), action="reword")
            Question.objects.filter(pk=question.pk).update(wording="Who?")
    finally:
        request_ids.current.reset(token)

    assert AuditEvent.objects.latest("pk").request_id == "edge-01.2b9f_Q"


def test_task_is_known_by_its_id_while_it_runs() -> None:
    task, own = Task(), "5f2c0a6e-6f0e-4f5e-9d0a-1b2c3d4e5f60"

    task_prerun.send(sender=task, task_id=own, task=task, args=(), kwargs={})
    during = request_ids.current.get()
    task_postrun.send(sender=task, task_id=own, task=task, args=(), kwargs={}, retval=None, state="SUCCESS")

    assert (during, request_ids.current.get()) == (own, "")
