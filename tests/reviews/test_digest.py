"""Digests: due when a person likes, with what is unread and visible then, once, whatever dies meanwhile."""

import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage as Parsed
from pathlib import Path
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected
from threading import Barrier
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection
from django.test import Client
from django.utils import timezone

from config.celery import app
from reviews import operations
from reviews.models import Notification, NotificationSettings
from reviews.tasks import send_digests
from reviews.telling import digest
from tests.factories import (
    NOW,
    CommentFactory,
    NotificationFactory,
    NotificationSettingsFactory,
    PositionFactory,
    QuestionFactory,
    UserFactory,
)
from tests.processes import RealWorker, real_worker
from tests.reviews.rows import judged

Digest = NotificationSettings.Digest
DAY = timedelta(days=1)


@pytest.fixture
def mailing(settings: Any) -> None:
    settings.SENDS_EMAIL = True
    settings.BASE_URL = "https://claims.example.org"
    settings.DEFAULT_FROM_EMAIL = "Crossclaim <crossclaim@example.org>"


@pytest.fixture
def ann(db: None, mailing: None) -> User:
    return UserFactory(username="ann", email="ann@example.org", roles=["reviewer"])


def letters() -> list[tuple[list[str], str]]:
    return [(letter.to, letter.subject) for letter in mail.outbox]


def test_digest_says_what_is_unread_and_where_to_look(ann: User) -> None:
    question = QuestionFactory(wording="How many died?")
    NotificationFactory(person=ann, question=question, text="“How many died?” was decided", at=NOW)
    comment = CommentFactory(question=question, text="@ann see\nthe map\u202e")
    NotificationFactory(
        person=ann,
        question=question,
        comment=comment,
        text="bob mentioned you",
        at=NOW + timedelta(minutes=1),
    )

    assert digest.send_due(now=NOW + DAY) == 1

    (letter,) = mail.outbox
    assert letter.subject == "Crossclaim: 2 things concern you"
    assert (letter.to, letter.from_email) == (["ann@example.org"], "Crossclaim <crossclaim@example.org>")
    lines = re.sub(r"/unsubscribe/\S+", "/unsubscribe/…", letter.body).splitlines()
    base = "https://claims.example.org"
    assert lines == [
        "* 2017-06-20 12:01 UTC: bob mentioned you",
        "  “@ann see the map[RLO]”",
        f"  {base}/admin/reviews/question/{question.pk}/compare/#comment-{comment.pk}",
        "",
        "* 2017-06-20 12:00 UTC: “How many died?” was decided",
        f"  {base}/admin/reviews/question/{question.pk}/compare/",
        "",
        f"Your inbox: {base}/admin/reviews/notification/",
        f"What you are told, and how often: {base}/admin/reviews/notification/settings/",
        f"No more of these e-mails: {base}/unsubscribe/…",
    ]


def test_digest_is_sent_once(ann: User) -> None:
    NotificationFactory(person=ann)

    assert digest.send_due(now=NOW) == 1
    assert digest.send_due(now=NOW + 10 * DAY) == 0

    assert letters() == [(["ann@example.org"], "Crossclaim: 1 thing concerns you")]
    assert list(Notification.objects.values_list("emailed_at", "read_at")) == [(NOW, None)]


@pytest.mark.parametrize(
    ("digest_chosen", "hours", "is_due"),
    [
        (Digest.HOURLY, 0, False),
        (Digest.HOURLY, 1, True),
        (Digest.DAILY, 23, False),
        (Digest.DAILY, 24, True),
        (Digest.WEEKLY, 24 * 6, False),
        (Digest.WEEKLY, 24 * 7, True),
        (Digest.NEVER, 24 * 365, False),
    ],
)
def test_digest_is_due_as_often_as_a_person_likes(
    digest_chosen: Digest, hours: int, is_due: bool, ann: User
) -> None:
    NotificationSettingsFactory(person=ann, digest=digest_chosen, digested_at=NOW)
    NotificationFactory(person=ann)

    assert digest.send_due(now=NOW + timedelta(hours=hours)) == is_due


def test_nobody_is_written_to_who_cannot_or_should_not_be(mailing: None, db: None) -> None:
    for without in (
        UserFactory(email="", roles=["reviewer"]),
        UserFactory(email="gone@example.org", is_active=False, roles=["reviewer"]),
        UserFactory(email="outsider@example.org"),
    ):
        NotificationFactory(person=without)
    NotificationFactory(person=UserFactory(email="read@example.org", roles=["reviewer"]), read_at=NOW)

    assert digest.send_due(now=NOW) == 0

    assert letters() == []
    assert not Notification.objects.filter(emailed_at__isnull=False).exists()


def test_without_a_mail_server_nothing_is_sent_and_nothing_marked(ann: User, settings: Any) -> None:
    settings.SENDS_EMAIL = False
    NotificationFactory(person=ann)

    assert digest.send_due(now=NOW) == 0

    assert (letters(), Notification.objects.get().emailed_at) == ([], None)


def test_what_is_hidden_or_withdrawn_at_sending_is_not_sent(ann: User) -> None:
    """Told of when it could be seen; meanwhile a review began, on a clock that was behind."""
    bob, question = UserFactory(roles=["reviewer"]), QuestionFactory(assessments_asked=1)
    PositionFactory(question=question)
    operations.take_question(question_id=question.pk, by=bob, now=NOW - DAY)
    hidden = CommentFactory(question=question, text="I would say the first")
    waiting = NotificationFactory(person=ann, comment=hidden, question=question)
    withdrawn = CommentFactory(withdrawn_at=NOW)
    NotificationFactory(person=ann, comment=withdrawn, question=withdrawn.question)

    assert digest.send_due(now=NOW) == 0
    assert letters() == []

    operations.submit_assessment(question_id=question.pk, content=judged(question), by=bob, now=NOW)
    assert digest.send_due(now=NOW) == 1
    waiting.refresh_from_db()
    assert (letters(), waiting.emailed_at) == (
        [(["ann@example.org"], "Crossclaim: 1 thing concerns you")],
        NOW,
    )


def test_long_digest_lists_fifty_and_counts_the_others(ann: User) -> None:
    NotificationFactory.create_batch(53, person=ann, question=QuestionFactory())

    digest.send_due(now=NOW)

    (letter,) = mail.outbox
    assert letter.subject == "Crossclaim: 53 things concern you"
    assert letter.body.count("\n* ") + letter.body.startswith("* ") == 50
    assert "And 3 more in your inbox." in letter.body


def test_one_click_on_the_header_ends_the_digests(ann: User) -> None:
    NotificationFactory(person=ann)
    digest.send_due(now=NOW)
    headers = mail.outbox[0].extra_headers
    link = headers["List-Unsubscribe"].strip("<>").removeprefix("https://claims.example.org")

    answer = Client(enforce_csrf_checks=True).post(link, {"List-Unsubscribe": "One-Click"})

    NotificationFactory(person=ann)
    assert (answer.status_code, headers["List-Unsubscribe-Post"]) == (200, "List-Unsubscribe=One-Click")
    assert digest.send_due(now=NOW + 10 * DAY) == 0


# --- Trouble ---------------------------------------------------------------------------------------------


def test_server_that_fails_loses_nothing(ann: User, monkeypatch: pytest.MonkeyPatch) -> None:
    NotificationFactory(person=ann)

    def fail(*_: Any) -> int:
        raise SMTPServerDisconnected

    with monkeypatch.context() as patched:
        patched.setattr(EmailBackend, "send_messages", fail)
        with pytest.raises(SMTPServerDisconnected):
            digest.send_due(now=NOW)
    assert Notification.objects.get().emailed_at is None
    assert not NotificationSettings.objects.filter(digested_at__isnull=False).exists()

    assert digest.send_due(now=NOW) == 1


def test_crash_after_sending_sends_one_duplicate_under_the_same_id(
    ann: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The letter went out and the transaction that says so did not: the worst that can happen."""
    NotificationFactory(person=ann)
    send = EmailBackend.send_messages

    class Crash(BaseException):
        pass

    def send_and_die(*args: Any) -> int:
        send(*args)
        raise Crash

    with monkeypatch.context() as patched:
        patched.setattr(EmailBackend, "send_messages", send_and_die)
        with pytest.raises(Crash):
            digest.send_due(now=NOW)
    assert digest.send_due(now=NOW) == 1
    assert digest.send_due(now=NOW + 10 * DAY) == 0

    first, second = mail.outbox
    assert first.extra_headers["Message-ID"] == second.extra_headers["Message-ID"]
    assert first.body == second.body


def test_refused_address_holds_up_nobody_and_is_tried_the_next_time(
    ann: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    bob = UserFactory(email="bob@example.org", roles=["reviewer"])
    for person in (ann, bob):
        NotificationFactory(person=person)
    send = EmailBackend.send_messages

    def refuse_ann(self: EmailBackend, messages: Any) -> int:
        if messages[0].to == ["ann@example.org"]:
            raise SMTPRecipientsRefused({"ann@example.org": (550, b"No such user")})
        return send(self, messages)

    with monkeypatch.context() as patched:
        patched.setattr(EmailBackend, "send_messages", refuse_ann)
        assert digest.send_due(now=NOW) == 1
        assert digest.send_due(now=NOW) == 0

    assert digest.send_due(now=NOW + DAY) == 1
    assert [to for to, _ in letters()] == [["bob@example.org"], ["ann@example.org"]]


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_one_letter(mailing: None) -> None:
    ann = UserFactory(email="ann@example.org", roles=["reviewer"])
    NotificationFactory.create_batch(3, person=ann, question=QuestionFactory())
    together = Barrier(4)

    def work(_: int) -> bool:
        together.wait()
        try:
            return digest.send_digest(ann.pk, now=NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as workers:
        sent = list(workers.map(work, range(4)))

    assert sorted(sent) == [False, False, False, True]
    assert letters() == [(["ann@example.org"], "Crossclaim: 3 things concern you")]


def test_who_is_due_is_asked_once_however_many_there_are(ann: User, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        assert digest.send_due(now=NOW) == 0


def test_beat_asks_for_digests() -> None:
    assert app.conf.beat_schedule["digests"]["task"] == send_digests.name


# --- A real worker ---------------------------------------------------------------------------------------


@pytest.fixture
def mailing_worker(worker_environment: dict[str, str], tmp_path: Path) -> Iterator[RealWorker]:
    """Two processes that write each letter into a file."""
    environment = worker_environment | {
        "EMAIL_URL": f"file:///{tmp_path / 'mail'}",
        "EMAIL_FROM": "crossclaim@example.org",
        "BASE_URL": "https://claims.example.org",
    }
    with real_worker(environment, log=tmp_path / "worker.log", concurrency=2) as worker:
        yield worker


@pytest.mark.django_db(transaction=True)
def test_real_worker_sends_each_digest_once(mailing_worker: RealWorker, tmp_path: Path) -> None:
    question = QuestionFactory(wording="How many died?")
    people = [UserFactory(email=f"{name}@example.org", roles=["reviewer"]) for name in ("ann", "bob")]
    for person in people:
        operations.change_notification_settings(muted=[], digest=Digest.HOURLY, by=person)
        NotificationFactory(person=person, question=question, at=timezone.now())

    for _ in range(4):
        send_digests.delay()

    deadline = time.monotonic() + 60
    while Notification.objects.filter(emailed_at__isnull=True).exists():
        assert time.monotonic() < deadline, mailing_worker.printed()
        time.sleep(0.1)
    assert mailing_worker.stop() == 0  # when all four messages are worked off
    sent = _letters_in(tmp_path / "mail")
    assert sorted(letter["To"] for letter in sent) == ["ann@example.org", "bob@example.org"]
    assert {letter["Subject"] for letter in sent} == {"Crossclaim: 1 thing concerns you"}


def _letters_in(folder: Path) -> list[Parsed]:
    """The letters Django's backend wrote there; it ends each with a line of dashes."""
    written = [part for path in folder.iterdir() for part in path.read_bytes().split(b"-" * 79)]
    return [message_from_bytes(part.strip(), policy=policy.default) for part in written if part.strip()]
