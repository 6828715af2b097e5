"""The steps of a review as a test takes them over REST."""

from collections.abc import Callable
from typing import Any

from rest_framework.test import APIClient

from reviews.models import AssessmentDraft, Assignment, Question, Verdict

Api = Callable[..., APIClient]
Body = dict[str, Any]


def at(question: Question, path: str = "") -> str:
    return f"/api/v1/questions/{question.pk}/{path}"


def content(question: Question, judgement: str = "supported", **words: Any) -> Body:
    """An assessment that judges the question and each of its positions alike."""
    said = {"judgement": judgement, "confidence": "moderate"}
    positions = [{"position": each.pk, **said, "rationale": ""} for each in question.positions.standing()]
    return {**said, "rationale": "Two say so.", "positions": positions, "evidence": [], **words}


def seen(value: object) -> dict[str, str]:
    return {"If-Match": f'"{value}"'}


def basis(client: APIClient, question: Question) -> dict[str, str]:
    return seen(client.get(at(question)).json()["basis"])


def submit(client: APIClient, question: Question, judgement: str = "supported", **words: Any) -> Any:
    """Take a question and submit an assessment of it."""
    assert client.post(at(question, "take/")).status_code == 201
    body = content(question, judgement, **words)
    return client.post(at(question, "assessments/"), body, headers=basis(client, question))


def differ(question: Question, *clients: APIClient) -> None:
    for client, judgement in zip(clients, ("supported", "refuted"), strict=True):
        assert submit(client, question, judgement).status_code == 201


def written() -> tuple[int, int, int]:
    """How many assignments, submitted assessments and verdicts there are."""
    return (
        Assignment.objects.count(),
        AssessmentDraft.objects.filter(submitted_at__isnull=False).count(),
        Verdict.objects.count(),
    )
