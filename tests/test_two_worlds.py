"""Blindness over every route: what one reviewer does, nobody else can tell before the round is decided.

Worlds are built that differ in nothing but what one reviewer, A, has done with a question that is in review.
Everybody else asks for every row of the role matrix in each of them, and gets the same bytes: status, headers
and body, with the same number of database queries. Ids, randomness and time are fixed; nothing is masked.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from factory import Factory

from reviews import blinding, operations
from reviews.assessing import AssessmentContent, EvidenceItem
from reviews.blinding import SealedAssessment
from reviews.models import AssessmentDraft, Judgement, Question
from reviews.workflow import State
from tests import factories
from tests.reviews.rows import decide, judged
from tests.role_matrix import ground as grounds
from tests.role_matrix.ground import Ground
from tests.role_matrix.people import (
    ADMIN,
    ANONYMOUS,
    ASSIGNED,
    LEAD,
    OTHER_ASSIGNED,
    READERS,
    REVIEWER,
    ROOT,
    VIEWER,
    People,
)
from tests.role_matrix.rows import Row, get, post
from tests.role_matrix.table import TABLE
from tests.standstill import CHANCE, NOW, python_stands_still, stand_still_in_the_database

pytestmark = pytest.mark.django_db

SECRET = "Zirconium"  # stands in everything that A writes
# By whom every row is asked: the other reviewer, a lead, a reviewer who could take a slot, and the rest.
WATCHERS = (OTHER_ASSIGNED, LEAD, REVIEWER, VIEWER, ADMIN, ROOT, ANONYMOUS)
FACTORIES = [
    each for each in vars(factories).values() if isinstance(each, type) and issubclass(each, Factory)
]


# --- What A does in each world


def _nothing(ground: Ground) -> None:
    """Holds the assignment, and has not begun."""


def _drafted(ground: Ground) -> None:
    a = ground.user(ASSIGNED)
    file = operations.upload_evidence(
        name=f"{SECRET}.txt", media_type="text/plain", content=SECRET.encode(), by=a, now=NOW
    )
    evidence = (EvidenceItem(file_sha256=file.sha256, note=SECRET), EvidenceItem(claim_id=ground.claim.pk))
    content = replace(_content(ground, Judgement.SUPPORTED), evidence=evidence)
    operations.save_draft(question_id=ground.question.pk, content=content, by=a, now=NOW)
    operations.write_comment(
        question_id=ground.question.pk, text=f"{SECRET} @other-assigned @lead", by=a, now=NOW
    )


def _submitted(judgement: str) -> Callable[[Ground], None]:
    def act(ground: Ground) -> None:
        _drafted(ground)
        operations.submit_assessment(
            question_id=ground.question.pk,
            content=_content(ground, judgement),
            by=ground.user(ASSIGNED),
            now=NOW,
        )

    return act


def _then_another_is_decided(act: Callable[[Ground], None]) -> Callable[[Ground], None]:
    """After A, B has a question of their own decided, resting on the same bytes that A uploads."""

    def both(ground: Ground) -> None:
        act(ground)
        CHANCE.begin("B")
        b, question = ground.user(OTHER_ASSIGNED), ground.rows["other question"]
        file = operations.upload_evidence(
            name="ours.txt", media_type="text/plain", content=SECRET.encode(), by=b, now=NOW
        )
        evidence = (EvidenceItem(file_sha256=file.sha256, note="Ours."),)
        decide(question, by=b, content=replace(judged(question), evidence=evidence))
        CHANCE.begin("after B")

    return both


def _content(ground: Ground, judgement: str) -> AssessmentContent:
    return replace(judged(ground.question, judgement), rationale=SECRET)


@pytest.fixture(scope="module", autouse=True)
def _standstill() -> Iterator[None]:
    with python_stands_still():
        yield


# --- The worlds


@dataclass(frozen=True)
class Answer:
    """All that somebody can see of an answer, and how often the database was asked for it."""

    status: int
    headers: tuple[tuple[str, str], ...]
    cookies: str
    body: bytes
    queries: int

    def differs_from(self, other: "Answer") -> str:
        """In what, and around where."""
        for name in ("status", "cookies", "queries"):
            mine, theirs = getattr(self, name), getattr(other, name)
            if mine != theirs:
                return f"{name}: {mine} / {theirs}"
        if self.body == other.body:
            differing = set(self.headers) ^ set(other.headers)
            return f"headers: {sorted(differing)}" if differing else ""
        at = next(
            (n for n, (one, two) in enumerate(zip(self.body, other.body, strict=False)) if one != two),
            min(len(self.body), len(other.body)),
        )
        around = slice(max(0, at - 60), at + 60)
        return f"body at {at}: {self.body[around]!r} / {other.body[around]!r}"


@contextmanager
def world(act: Callable[[Ground], None]) -> Iterator[Ground]:
    """The question in review, after A has acted; all of it is taken back."""
    with transaction.atomic():
        CHANCE.begin("people")
        stand_still_in_the_database()
        for each in FACTORIES:
            each.reset_sequence(0, force=True)
        people = People.made()
        ground = grounds.in_review(people)
        CHANCE.begin("A")
        act(ground)
        CHANCE.begin("after A")
        yield ground
        transaction.set_rollback(True)


class Count:
    """How many queries were sent."""

    number = 0

    def __call__(self, execute: Callable[..., Any], *query: Any) -> Any:
        self.number += 1
        return execute(*query)


def answer_to(row: Row, client: Client, ground: Ground) -> Answer:
    """What one request is answered, whose effects are taken back."""
    CHANCE.begin(str(row))
    ContentType.objects.clear_cache()  # or the first world would pay the queries for all
    client.defaults |= {"HTTP_X_REQUEST_ID": hashlib.sha256(str(row).encode()).hexdigest()[:32]}
    queries = Count()
    with transaction.atomic(), connection.execute_wrapper(queries):
        response = row.ask(client, ground)
        body = b"".join(response) if response.streaming else response.content
        transaction.set_rollback(True)
    return Answer(
        response.status_code,
        tuple(sorted(response.headers.items())),
        response.cookies.output(),
        body,
        queries.number,
    )


def asked(ground: Ground, rows: Iterable[Row], *, thoroughly: bool) -> dict[str, Answer]:
    """Every answer that a watcher gets, by what was asked and by whom."""
    found = {}
    for row in rows:
        for name in WATCHERS if thoroughly else watchers(row):
            found[f"{row} by {name}"] = answer_to(row, ground.people.in_browser(name), ground)
            if row.is_api and (name == OTHER_ASSIGNED or (thoroughly and name != ANONYMOUS)):
                client = ground.people.with_token(name)
                found[f"{row} by {name} with a token"] = answer_to(row, client, ground)
    return found


def watchers(row: Row) -> tuple[str, ...]:
    """Those from whom most would have to be hidden, and of the rest for what can be read."""
    return (OTHER_ASSIGNED, LEAD, VIEWER, ROOT) if row.method == "GET" else (OTHER_ASSIGNED, LEAD)


def differences(one: dict[str, Answer], other: dict[str, Answer]) -> list[str]:
    assert one.keys() == other.keys()
    found = {what: answer.differs_from(other[what]) for what, answer in one.items()}
    return [f"{what}: {why}" for what, why in found.items() if why]


# --- What is asked

ROWS: tuple[Row, ...] = tuple(
    replace(row, during=State.IN_REVIEW) for row in TABLE if "logout" not in row.route
)


def _part(row: Row) -> str:
    if "/questions/" in row.route or "/question/" in row.route:
        return "questions by API" if row.is_api else "questions by page"
    return "the rest by API" if row.is_api else "the rest by page"


_COMPARE = "admin/reviews/question/<int:pk>/compare/"
_UPLOADED = hashlib.sha256(SECRET.encode()).hexdigest()
# What somebody would ask for who suspects something: A's words, name, file and reviews.
PROBES: list[Row] = [
    *(
        get(route, READERS, query=query, during=State.IN_REVIEW)
        for route, query in (
            ("admin/search/", f"?q={SECRET}"),
            ("admin/reviews/question/", f"?q={SECRET}"),
            ("admin/reviews/question/queue/", "?reviewer=assigned"),
            ("admin/reviews/question/queue/", "?state=in_review&waits=mine"),
            ("admin/reviews/question/agreement/", "?format=csv"),
            ("admin/reviews/auditevent/", "?actor=assigned"),
            ("admin/reviews/auditevent/", "?table=reviews_assignment"),
            ("admin/reviews/auditevent/export/", "?format=ndjson"),
            ("admin/reviews/notification/", "?show=unread"),
            (_COMPARE, "?timeline=1"),
            (_COMPARE, f"?find={SECRET}"),
            ("api/v1/questions/", f"?q={SECRET}"),
            ("api/v1/questions/", "?state=in_review"),
            ("api/v1/claims/", f"?q={SECRET}"),
            ("api/v1/claims/export/", "?format=csv"),
            ("api/v1/assignments/", "?reviewer=assigned"),
            ("api/v1/audit-events/", "?actor=assigned"),
            ("api/v1/audit-events/", "?table=reviews_assignment"),
        )
    ),
    get(
        "admin/reviews/question/<int:pk>/evidence/<str:sha256>/",
        READERS,
        at=lambda on: f"admin/reviews/question/{on.question.pk}/evidence/{_UPLOADED}/",
        during=State.IN_REVIEW,
    ),
    post(
        "admin/reviews/question/<int:pk>/evidence/",
        READERS,
        lambda _: {"file": SimpleUploadedFile("same.txt", SECRET.encode())},
        during=State.IN_REVIEW,
    ),
    post(
        "api/v1/questions/<int:pk>/assignments/",
        READERS,
        {"reviewer": "assigned"},
        during=State.IN_REVIEW,
    ),
]


def _of_the_decided(route: str, query: str = "", **more: Any) -> Row:
    """Of the question that was decided meanwhile."""

    def at(on: Ground) -> str:
        known = {"<int:pk>": str(on.rows["other question"].pk), "<str:sha256>": _UPLOADED}
        return re.sub("<[^>]+>", lambda part: known[part[0]], route)

    return get(route, READERS, at=at, query=query, **more)


# Where the evidence of what is decided is shown, and what was written down of it.
DECIDED: list[Row] = [
    _of_the_decided(_COMPARE),
    _of_the_decided(_COMPARE, "?timeline=1"),
    _of_the_decided("admin/reviews/question/<int:pk>/evidence/<str:sha256>/"),
    _of_the_decided("api/v1/questions/<int:pk>/assessments/"),
    _of_the_decided("api/v1/questions/<int:pk>/verdicts/"),
    _of_the_decided("api/v1/questions/<int:pk>/evidence-files/<str:sha256>/"),
    get("admin/reviews/auditevent/", READERS, query="?table=reviews_evidence"),
    get("admin/reviews/auditevent/export/", READERS, query="?format=ndjson"),
    get("api/v1/audit-events/", READERS, query="?table=reviews_evidence"),
    get("api/v1/claims/export/", READERS),
]
PARTS: dict[str, list[Row]] = {"what one would look for": PROBES}
for each in ROWS:
    PARTS.setdefault(_part(each), []).append(each)


def compared(
    *worlds: Callable[[Ground], None],
    rows: Iterable[Row] = ROWS,
    thoroughly: bool = False,
    without: Callable[[Ground], None] = _nothing,
) -> tuple[int, list[str]]:
    """How many answers were compared with those of a world `without` what A did, and which differ."""
    with world(without) as ground:
        blank = asked(ground, rows, thoroughly=thoroughly)
    found: list[str] = []
    for act in worlds:
        with world(act) as ground:
            found += differences(blank, asked(ground, rows, thoroughly=thoroughly))
    return len(blank) * len(worlds), found


@pytest.mark.parametrize("part", PARTS)
def test_nobody_can_tell_what_a_reviewer_did_before_all_are_in(part: str) -> None:
    count, found = compared(_submitted(Judgement.REFUTED), rows=PARTS[part])

    assert count >= 2 * len(PARTS[part]) >= 40
    assert found == []


def test_what_is_decided_meanwhile_does_not_tell_what_a_reviewer_did() -> None:
    count, found = compared(
        _then_another_is_decided(_submitted(Judgement.REFUTED)),
        without=_then_another_is_decided(_nothing),
        rows=DECIDED,
    )

    assert count >= 4 * len(DECIDED)
    assert found == []


@pytest.mark.soak
def test_nobody_can_tell_what_a_reviewer_did_whoever_asks_and_whatever_it_was() -> None:
    worlds = (_drafted, _submitted(Judgement.SUPPORTED), _submitted(Judgement.REFUTED))

    count, found = compared(*worlds, rows=[*ROWS, *PROBES], thoroughly=True)

    assert count > 5000
    assert found == []


def test_comparison_finds_a_door_that_was_left_open(monkeypatch: pytest.MonkeyPatch) -> None:
    def left_open(question: Question, user: User) -> list[SealedAssessment]:
        drafts = AssessmentDraft.objects.filter(assignment__question=question, submitted_at__isnull=False)
        return [SealedAssessment(AssessmentContent.from_json(draft.content), None) for draft in drafts]

    monkeypatch.setattr(blinding, "visible_drafts", left_open)
    rows = [row for row in ROWS if str(row) == "GET api/v1/questions/<int:pk>/assessments/"]

    _, found = compared(_submitted(Judgement.REFUTED), rows=rows)

    told = {each.partition(": ")[0].rpartition(" by ")[2] for each in found}
    assert told == {OTHER_ASSIGNED, f"{OTHER_ASSIGNED} with a token", LEAD, VIEWER, ROOT}


def test_comparison_finds_a_query_that_is_asked_of_one_world_only(monkeypatch: pytest.MonkeyPatch) -> None:
    def asked_in_vain(question: Question, user: User) -> list[SealedAssessment]:
        drafts = AssessmentDraft.objects.filter(assignment__question=question, submitted_at__isnull=False)
        for draft in drafts:
            draft.refresh_from_db()
        return []

    monkeypatch.setattr(blinding, "visible_drafts", asked_in_vain)
    rows = [row for row in ROWS if str(row) == "GET api/v1/questions/<int:pk>/assessments/"]

    _, found = compared(_submitted(Judgement.REFUTED), rows=rows)

    assert found != []
    assert all(": queries: " in each for each in found)
