from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from pytest_django import DjangoAssertNumQueries

from reviews import audit, history, operations
from reviews.history import ReadEvent
from reviews.history.readable import Line, Said
from reviews.models import AuditEvent, Position, Question
from tests.factories import NOW, ClaimFactory, PlacementFactory, PositionFactory, QuestionFactory, UserFactory


def _reword(question: Question, wording: str, *, by: User) -> AuditEvent:
    with transaction.atomic():
        audit.because(by=by, action="reword_question", reason="Clearer.")
        Question.objects.filter(pk=question.pk).update(wording=wording)
    return AuditEvent.objects.latest("pk")


def _read(event: AuditEvent) -> ReadEvent:
    (step,) = history.read([event])
    (read,) = step.events
    return read


@pytest.mark.django_db
def test_short_values_stand_side_by_side() -> None:
    question = QuestionFactory(wording="Who was it?")

    read = _read(_reword(question, "Who shot it down?", by=UserFactory()))

    assert (read.what, read.verb, read.name.text) == ("Question", "changed", "Who shot it down?")
    assert read.name.url == question.get_absolute_url()
    assert read.lines == [Line("Wording", Said("Who was it?"), Said("Who shot it down?"))]


@pytest.mark.django_db
def test_long_values_are_told_apart_word_by_word() -> None:
    before = "Who, in the view of those who were at the place at that very hour, shot it down?"
    question = QuestionFactory(wording=before)

    read = _read(_reword(question, before.replace("hour", "minute"), by=UserFactory()))

    (line,) = read.lines
    assert [(piece.kind.value, piece.text) for piece in line.pieces] == [
        ("same", "Who, in the view of those who were at the place at that very "),
        ("old", "hour, "),
        ("new", "minute, "),
        ("same", "shot it down?"),
    ]


@pytest.mark.django_db
def test_rows_and_people_are_called_by_their_names() -> None:
    ana = UserFactory(username="ana", roles=["reviewer"])
    question = operations.open_question(wording="Who was it?", slot="who", by=ana, now=NOW)
    operations.add_position(question_id=question.pk, answer="Nobody", seen_version=1, by=ana, now=NOW)

    read = _read(AuditEvent.objects.get(table_name=Position._meta.db_table))

    said = {line.label: line.new for line in read.lines}
    assert (read.what, read.verb, read.name.text) == ("Position", "added", "Nobody")
    assert said["Question"] == Said("Who was it?", question.get_absolute_url())
    assert said["Added by"] == Said("ana", f"/admin/auth/user/{ana.pk}/change/")
    assert said["Added at"] == Said("20 Jun 2017, 12:00:00 UTC")


@pytest.mark.django_db
def test_rows_that_are_gone_keep_the_name_of_their_image() -> None:
    event = AuditEvent(
        at=NOW,
        action="remove_position",
        table_name="reviews_position",
        row_id=10**9,
        operation="delete",
        old={"id": 10**9, "answer": "Nobody", "question_id": 7},
    )

    read = _read(event)

    assert (read.verb, read.name.text) == ("removed", "Nobody")
    assert read.name.url == "/admin/reviews/question/7/compare/"


@pytest.mark.parametrize(
    ("table", "column", "value", "said"),
    [
        ("reviews_question", "state", "in_review", "In review"),
        ("reviews_question", "is_evolving", True, "yes"),
        ("reviews_question", "event", "", "nothing"),
        ("no_such_table", "some_column", 3, "3"),
    ],
)
@pytest.mark.django_db
def test_values_are_in_words(table: str, column: str, value: Any, said: str) -> None:
    old, new = {column: "before"}, {column: value}
    event = AuditEvent(at=NOW, table_name=table, row_id=1, operation="update", old=old, new=new)

    (line,) = _read(event).lines

    assert line.new == Said(said)


@pytest.mark.django_db
def test_json_is_indented() -> None:
    frame = {"agent": "the coalition"}
    event = AuditEvent(at=NOW, table_name="claims_claim", row_id=1, operation="insert", new={"frame": frame})

    assert _read(event).lines == [Line("Frame", new=Said('{\n  "agent": "the coalition"\n}'))]


@pytest.mark.django_db
def test_secrets_are_not_shown() -> None:
    event = AuditEvent(
        at=NOW,
        table_name="auth_user",
        row_id=1,
        operation="update",
        old={"password": "one"},
        new={"password": "two"},
    )

    assert _read(event).lines == [Line("Password", new=Said("set; not shown"))]


@pytest.mark.django_db
@pytest.mark.parametrize(("operation", "verb"), [("bulk", "added"), ("base", "found as it is")])
def test_rows_written_together_are_counted(operation: str, verb: str) -> None:
    new = {"rows": {"7": "ab", "12": "cd"}}
    event = AuditEvent(at=NOW, table_name="claims_claim", row_id=0, operation=operation, new=new)

    read = _read(event)

    assert (read.what, read.verb, read.name.text) == ("Claim", verb, "2 rows")
    assert read.lines == [Line("Rows", new=Said("7, 12"))]


@pytest.mark.django_db
def test_claims_written_together_lead_to_their_article() -> None:
    claim = ClaimFactory(revision__article__title="A jet was downed")
    new = {"rows": {"7": "ab", "12": "cd"}, "revision_id": claim.revision_id}
    event = AuditEvent(at=NOW, table_name="claims_claim", row_id=0, operation="bulk", new=new)

    said = {line.label: line.new for line in _read(event).lines}

    url = claim.revision.article.get_absolute_url()
    assert said["Revision"] == Said("1 of “A jet was downed”", url)


@pytest.mark.django_db
def test_what_one_person_did_in_one_go_stands_together() -> None:
    ana, ben = UserFactory(username="ana"), UserFactory(username="ben")
    one, two = QuestionFactory(), QuestionFactory()
    with transaction.atomic():
        audit.because(by=ana, action="reword_question", reason="Clearer.")
        Question.objects.filter(pk__in=(one.pk, two.pk)).update(wording="Who?")
    _reword(one, "Who now?", by=ben)

    steps = history.read(AuditEvent.objects.filter(action="reword_question").order_by("pk"))

    assert [(step.action, step.first.actor, len(step.events)) for step in steps] == [
        ("Reword question", "ana", 2),
        ("Reword question", "ben", 1),
    ]


@pytest.mark.django_db
def test_reading_takes_as_many_queries_for_three_rows_as_for_one(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    def events(count: int) -> list[AuditEvent]:
        question = QuestionFactory()
        for _ in range(count):
            PlacementFactory(position=PositionFactory(question=question))
        return list(AuditEvent.objects.filter(new__question_id=question.pk))

    tables = ("reviews_placement", "reviews_position", "reviews_question", "auth_user", "claims_claim")
    for count in (1, 3):
        found = events(count)
        with django_assert_num_queries(len(tables)):
            history.read(found)
