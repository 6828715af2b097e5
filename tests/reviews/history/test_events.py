import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.db import connection, transaction
from django.db.models import QuerySet

from reviews import audit, history, operations
from reviews.history import Narrowing, pages
from reviews.models import AuditEvent, Compatibility, Question
from tests.factories import (
    NOW,
    ArticleFactory,
    AssignmentFactory,
    ClaimFactory,
    PlacementFactory,
    PositionFactory,
    QuestionFactory,
    SourcingMarkFactory,
    SpeakerFactory,
    SpeakerReliabilityFactory,
    UserFactory,
)
from tests.reviews.rows import decide, judged

BEGAN = datetime(2026, 3, 1, tzinfo=UTC)


def tables_of(row: Any) -> set[str]:
    return set(AuditEvent.objects.filter(history.of_object(row)).values_list("table_name", flat=True))


# --- Of one object --------------------------------------------------------------------------------
@pytest.mark.django_db
def test_question_has_the_history_of_all_that_is_its() -> None:
    question = QuestionFactory()
    placed = PlacementFactory(position=PositionFactory(question=question))
    other = PlacementFactory()
    decide(question)

    assert tables_of(question) == {
        "reviews_assessedposition",
        "reviews_assessment",
        "reviews_assignment",
        "reviews_placement",
        "reviews_position",
        "reviews_positionverdict",
        "reviews_question",
        "reviews_verdict",
    }
    events = AuditEvent.objects.filter(history.of_object(question))
    placements = events.filter(table_name="reviews_placement").values_list("row_id", flat=True)
    assert set(placements) == {placed.pk}
    assert other.question_id not in events.filter(table_name="reviews_question").values_list(
        "row_id", flat=True
    )


@pytest.mark.django_db
def test_question_keeps_the_history_of_what_is_gone() -> None:
    lead = UserFactory(roles=["lead"])
    question = QuestionFactory()
    first, second = (PositionFactory(question=question) for _ in range(2))
    pair = {"first_id": first.pk, "second_id": second.pk}
    operations.say_compatible(**pair, reason="Both can be.", by=lead, now=NOW)
    compatible = Compatibility.objects.get()
    operations.say_competing(**pair, by=lead, now=NOW)

    events = AuditEvent.objects.filter(history.of_object(question), row_id=compatible.pk)

    told = events.filter(table_name="reviews_compatibility").order_by("pk")
    assert not Compatibility.objects.exists()
    assert list(told.values_list("action", "operation")) == [
        ("say_compatible", "insert"),
        ("say_competing", "delete"),
    ]


@pytest.mark.django_db
def test_claim_has_the_history_of_its_marks_and_placements() -> None:
    claim = ClaimFactory()
    SourcingMarkFactory(claim=claim)
    PlacementFactory(claim=claim)
    SourcingMarkFactory()

    assert tables_of(claim) == {"claims_claim", "reviews_placement", "reviews_sourcingmark"}
    assert AuditEvent.objects.filter(history.of_object(claim), table_name="reviews_sourcingmark").count() == 1


@pytest.mark.django_db
def test_speaker_has_the_history_of_how_reliable_it_is() -> None:
    speaker = SpeakerFactory()
    SpeakerReliabilityFactory(speaker=speaker)

    assert tables_of(speaker) == {"claims_speaker", "reviews_speakerreliability"}


@pytest.mark.django_db
def test_article_has_the_history_of_its_revisions_and_their_claims() -> None:
    claim = ClaimFactory()
    ClaimFactory()

    events = AuditEvent.objects.filter(history.of_object(claim.revision.article)).exclude(
        table_name="claims_article"
    )

    assert {"claims_revision", "claims_enginerun", "claims_claim"} <= tables_of(claim.revision.article)
    about = {(event.new or {}).get("article_id") or event.new.get("revision_id") for event in events}
    assert about <= {claim.revision.article_id, claim.revision_id}


@pytest.mark.django_db
def test_person_has_the_history_of_roles_that_were_taken_away() -> None:
    person = UserFactory(roles=["lead"])
    person.groups.remove(Group.objects.get(name="lead"))

    events = AuditEvent.objects.filter(history.of_object(person), table_name="auth_user_groups")

    assert list(events.order_by("pk").values_list("operation", flat=True)) == ["insert", "delete"]


# --- Who sees what --------------------------------------------------------------------------------
def seen_by(user: User) -> set[str]:
    return set(history.visible_events(user).values_list("table_name", flat=True))


@pytest.mark.django_db
def test_nobody_without_a_role_sees_any_event() -> None:
    QuestionFactory()

    assert seen_by(UserFactory()) == set()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "hidden"),
    [
        ("viewer", {"reviews_assignment"}),
        ("reviewer", {"reviews_assignment"}),
        ("lead", set()),
        ("admin", {"reviews_assignment"}),
    ],
)
def test_assignments_of_others_are_for_who_assigns(role: str, hidden: set[str]) -> None:
    AssignmentFactory()

    assert {"reviews_assignment", "reviews_question"} - seen_by(UserFactory(roles=[role])) == hidden


@pytest.mark.django_db
def test_reviewer_sees_the_own_assignment() -> None:
    AssignmentFactory()
    own = AssignmentFactory(reviewer=UserFactory(roles=["reviewer"]))

    events = history.visible_events(own.reviewer).filter(table_name="reviews_assignment")

    assert list(events.values_list("row_id", flat=True)) == [own.pk]


@pytest.mark.django_db
def test_accounts_of_others_are_for_who_manages_people() -> None:
    viewer, admin = UserFactory(roles=["viewer"]), UserFactory(roles=["admin"])

    def people(user: User) -> set[int]:
        events = history.visible_events(user).filter(table_name="auth_user", row_id__in=(viewer.pk, admin.pk))
        return set(events.values_list("row_id", flat=True))

    assert people(viewer) == {viewer.pk}
    assert people(admin) == {viewer.pk, admin.pk}


@pytest.mark.django_db
def test_submitting_before_the_others_writes_no_event() -> None:
    question = QuestionFactory()
    PositionFactory(question=question)
    reviewers = [UserFactory(roles=["reviewer"]) for _ in range(2)]
    for reviewer in reviewers:
        operations.take_question(question_id=question.pk, by=reviewer, now=NOW)
    before = list(AuditEvent.objects.values_list("pk", flat=True))

    content = judged(question)
    operations.submit_assessment(question_id=question.pk, content=content, by=reviewers[0], now=NOW)

    assert list(AuditEvent.objects.values_list("pk", flat=True)) == before


# --- Narrowed -------------------------------------------------------------------------------------
def written(question: Question, *, by: User, action: str, reason: str = "") -> AuditEvent:
    with transaction.atomic():
        audit.because(by=by, action=action, reason=reason)
        Question.objects.filter(pk=question.pk).update(event=f"{action} {AuditEvent.objects.count()}")
    return AuditEvent.objects.latest("pk")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "narrowing",
    [
        lambda event: Narrowing(actor=event.actor),
        lambda event: Narrowing(action="reword_question"),
        lambda event: Narrowing(table="reviews_question", row=event.row_id),
        lambda event: Narrowing(question=event.row_id, action="reword_question"),
        lambda event: Narrowing(table="reviews_question", since=event.at),
        lambda event: Narrowing(since=event.at, until=event.at + timedelta(microseconds=1)),
    ],
    ids=["actor", "action", "row", "question", "since", "period"],
)
def test_each_narrowing_finds_the_event_it_is_of(narrowing: Callable[[AuditEvent], Narrowing]) -> None:
    PositionFactory()
    question = QuestionFactory()
    event = written(question, by=UserFactory(username="ana"), action="reword_question")

    found = list(history.narrowed(AuditEvent.objects.all(), narrowing(event)))

    assert event in found
    assert {(one.table_name, one.row_id) for one in found} == {("reviews_question", question.pk)}


@pytest.mark.django_db
def test_narrowing_to_somebody_there_is_not_finds_nothing() -> None:
    QuestionFactory()

    assert not history.narrowed(AuditEvent.objects.all(), Narrowing(actor="nobody of that name")).exists()


# --- Pages ----------------------------------------------------------------------------------------
@pytest.mark.django_db
@pytest.mark.parametrize("order", [history.BY_NUMBER, history.BY_TIME, pages.OLDEST_FIRST])
def test_pages_hold_every_event_once_also_those_of_one_instant(order: tuple[str, ...]) -> None:
    for _ in range(4):
        PlacementFactory()
    expected = list(AuditEvent.objects.order_by(*order).values_list("pk", flat=True))

    paged, after = [], None
    for _ in expected:
        found = pages.page(AuditEvent.objects.all(), order=order, after=after, limit=3)
        paged += [event.pk for event in found.events]
        after = found.next
        if after is None:
            break

    assert paged == expected


@pytest.mark.django_db
def test_known_values_are_those_of_the_trail() -> None:
    question = QuestionFactory()
    for action in ("b", "a", "b"):
        written(question, by=UserFactory(), action=action)

    actions = pages.known_values("action")

    assert actions == sorted(set(AuditEvent.objects.values_list("action", flat=True)))
    assert {"a", "b"} <= set(actions)


# --- Plans at 100,000 events ------------------------------------------------------------------------
FILLER = """
    INSERT INTO reviews_auditevent (at, actor_id, actor, action, reason, request_id, table_name, row_id,
        operation, old, new)
    SELECT timestamptz '2026-03-01' + number * interval '1 minute', 1000000 + number % 200,
        'person ' || number % 200, 'action ' || number % 40, '', 'request-' || number / 3,
        (ARRAY['reviews_placement', 'reviews_position', 'claims_claim', 'auth_user'])[1 + number % 4],
        1000000 + number / 2, 'update', NULL, CASE number % 4
            WHEN 2 THEN jsonb_build_object('revision_id', 1000000 + number / 20)
            WHEN 3 THEN jsonb_build_object('user_id', 1000000 + number % 200)
            ELSE jsonb_build_object('question_id', 1000000 + number / 50, 'claim_id', number / 5) END
    FROM generate_series(1, 100000) AS number
"""


@pytest.fixture
def long_trail(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # without links, which take a minute
        cursor.execute(FILLER)
        cursor.execute("SET LOCAL session_replication_role = origin")
        cursor.execute("ANALYZE reviews_auditevent")


NARROWINGS = {
    "everything": Narrowing(),
    "actor": Narrowing(actor="ana"),
    "action": Narrowing(action="action 7"),
    "rare action": Narrowing(action="reword_question"),
    "table": Narrowing(table="claims_claim"),
    "row": Narrowing(table="claims_claim", row=1_020_000),
    "question": Narrowing(question=1_001_000),
    "request": Narrowing(request="request-20000"),
    "early period": Narrowing(since=BEGAN, until=BEGAN + timedelta(days=2)),
    "actor in a period": Narrowing(actor="ana", since=BEGAN, until=BEGAN + timedelta(days=30)),
}


def rows_looked_at(events: QuerySet[AuditEvent]) -> int:
    """How many rows the scans behind a page read, those that were filtered out included."""
    (plan,) = json.loads(events[: pages.PAGE + 1].explain(format="json", analyze=True))
    return _rows_read(plan["Plan"])


def _rows_read(node: dict[str, Any]) -> int:
    below = node.get("Plans", [])
    removed = node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Index Recheck", 0)
    own = 0 if below else node["Actual Rows"]
    return int((own + removed) * node["Actual Loops"]) + sum(map(_rows_read, below))


def test_narrowings_and_histories_are_served_by_indexes(long_trail: None) -> None:
    viewer = UserFactory(username="ana", roles=["viewer"])
    written(QuestionFactory(), by=viewer, action="reword_question")
    seen = history.visible_events(viewer)

    looked_at = {
        name: rows_looked_at(history.narrowed(seen, narrowing).order_by(*narrowing.order))
        for name, narrowing in NARROWINGS.items()
    }
    for row in (QuestionFactory(), ClaimFactory(), SpeakerFactory(), UserFactory(), ArticleFactory()):
        of_row = seen.filter(history.of_object(row))
        looked_at[f"history of {type(row).__name__}"] = rows_looked_at(of_row.order_by("-pk"))

    assert {name: rows for name, rows in looked_at.items() if rows > 3000} == {}
