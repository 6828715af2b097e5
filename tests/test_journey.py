"""The whole way through the API: article in, claims, question, blind assessments, verdict, new evidence.

The workers' part is done here by calling what their tasks call; everything else is a request with a token.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from rest_framework.test import APIClient

from claims import operations
from claims.ingestion import jobs
from claims.ingestion.readable import Reader
from claims.models import EngineRun, Revision
from reviews import suggesting

pytestmark = pytest.mark.django_db(transaction=True)
Body = dict[str, Any]
TOLLS = {
    "The Meridian Post": "The health ministry said on Monday that 56 people were killed in an air strike on"
    " the market in Idlib. Rescuers worked through the night.",
    "Harbour Gazette": "Police said on Monday that 12 people were killed in an air strike on the market in"
    " Idlib. Shops in the town stayed closed.",
}
ASKED = "How many people were killed in the air strikes in Idlib?"


@dataclass(frozen=True)
class Person:
    """Somebody with a token; every answer that is not the expected one ends the journey."""

    client: APIClient

    @property
    def name(self) -> str:
        return str(self.client.user.username)

    def get(self, path: str, **query: object) -> Any:
        answer = self.client.get(f"/api/v1/{path}", query)
        assert answer.status_code == 200, answer.content
        return answer.json()

    def post(self, path: str, body: Body | None = None, *, seen: object = None, status: int = 200) -> Any:
        headers = {} if seen is None else {"If-Match": f'"{seen}"'}
        answer = self.client.post(f"/api/v1/{path}", body or {}, headers=headers)
        assert answer.status_code == status, answer.content
        return answer.json() if answer.content else None

    def judge(self, question: int, judgements: dict[str, str], whole: str, **words: Any) -> Body:
        """What this person says of each answer, by its wording, and of the question."""
        positions = self.get(f"questions/{question}/")["positions"]
        return {
            "judgement": whole,
            "confidence": "moderate",
            "rationale": f"{self.name} compared both reports.",
            "positions": [
                {
                    "position": position["id"],
                    "judgement": judgements[position["answer"]],
                    "confidence": "moderate",
                }
                for position in positions
            ],
            **words,
        }

    def submit(self, question: int, judgements: dict[str, str], whole: str, **words: Any) -> Any:
        body = self.judge(question, judgements, whole, **words)
        basis = self.get(f"questions/{question}/")["basis"]
        return self.post(f"questions/{question}/assessments/", body, seen=basis, status=201)


@pytest.fixture
def person(api: Callable[..., APIClient]) -> Callable[[str], Person]:
    return lambda role: Person(api(role))


def take_in(editor: Person, *, outlet: str, text: str) -> Any:
    """Submit an article, have it read, extracted and matched, and return its job."""
    body = {"text": text, "outlet": outlet, "published_at": "2017-06-20T08:00:00Z"}
    job = editor.post("articles/", body, status=202)
    lease = jobs.take(job["id"], worker="journey:1")
    assert lease is not None
    with Reader() as reader:
        operations.ingest(lease, reader=reader)
    done = editor.get(f"jobs/{job['id']}/")
    assert done["state"] == "done", done
    run = EngineRun.objects.get(revision=done["revision"], is_current=True)
    suggesting.match_run(engine_run_id=run.pk, now=Revision.objects.get(pk=done["revision"]).seen_at)
    return done


@pytest.fixture
def question(person: Callable[[str], Person]) -> int:
    """Two articles in, and the question they disagree on opened and its claims confirmed by an editor."""
    editor = person("reviewer")
    for outlet, text in TOLLS.items():
        take_in(editor, outlet=outlet, text=text)
    (found,) = [row for row in editor.get("questions/", q="killed")["results"] if row["wording"] == ASKED]
    opened = editor.post(f"questions/{found['id']}/open/", seen=found["version"])
    suggested = [placement["id"] for position in opened["positions"] for placement in position["placements"]]
    confirmed = editor.post(
        f"questions/{found['id']}/confirm/", {"placements": suggested}, seen=opened["version"]
    )
    assert (confirmed["state"], confirmed["suggested_count"]) == ("open", 0)
    return int(found["id"])


def test_two_reviewers_agree_without_knowing_of_each_other(
    person: Callable[[str], Person], question: int
) -> None:
    ann, ben, viewer = person("reviewer"), person("reviewer"), person("viewer")

    asked = viewer.get(f"questions/{question}/")
    assert [(each["answer"], each["claim_count"]) for each in asked["positions"]] == [("12", 1), ("56", 1)]
    claim = viewer.get(f"claims/{asked['positions'][1]['claims'][0]}/")
    assert (claim["speaker"]["name"], claim["article"]["outlet"]["name"]) == (
        "health ministry",
        "The Meridian Post",
    )

    for reviewer in (ann, ben):
        taken = reviewer.post("queue/next/", status=201)
        assert (taken["question"], taken["wording"]) == (question, ASKED)
    judgements = {"12": "refuted", "56": "supported"}
    receipt = ann.submit(question, judgements, "supported", evidence=[{"claim": claim["id"]}])
    assert ben.get(f"questions/{question}/assessments/") == []
    assert viewer.get(f"questions/{question}/")["state"] == "in_review"
    ben.submit(question, judgements, "supported")

    decided = viewer.get(f"questions/{question}/")
    assert (decided["state"], decided["resolution"], decided["verdict"]["manner"]) == (
        "decided",
        "resolved",
        "agreed",
    )
    (verdict,) = viewer.get("verdicts/", question=question)["results"]
    assert {each["judgement"] for each in verdict["positions"]} == {"refuted", "supported"}
    assert [each["claim"] for each in verdict["evidence"]] == [claim["id"]]
    opened = viewer.get(f"questions/{question}/assessments/")
    assert [each["reviewer"] for each in opened] == sorted([ann.name, ben.name])
    assert receipt in opened
    assert ann.get("queue/")["results"] == []


def test_reviewers_differ_a_lead_adjudicates_and_a_new_mark_opens_it_again(
    person: Callable[[str], Person], question: int
) -> None:
    ann, ben, lead, viewer = (person(role) for role in ("reviewer", "reviewer", "lead", "viewer"))
    address = f"questions/{question}/"
    version = lead.get(address)["version"]
    for reviewer in (ann, ben):
        lead.post(f"{address}assignments/", {"reviewer": reviewer.name}, seen=version, status=201)

    ann.submit(question, {"12": "refuted", "56": "supported"}, "supported")
    ben.submit(question, {"12": "supported", "56": "refuted"}, "refuted")

    differing = lead.get(address)
    assert (differing["state"], differing["verdict"]) == ("adjudication", None)
    sealed = lead.get(f"{address}assessments/")
    assert {each["reviewer"] for each in sealed} == {None}
    assert {each["content"]["judgement"] for each in sealed} == {"supported", "refuted"}
    body = lead.judge(question, {"12": "refuted", "56": "supported"}, "supported")
    ann.post(f"{address}adjudication/", body, seen=differing["basis"], status=403)
    lead.post(f"{address}adjudication/", body, seen=differing["basis"], status=201)
    assert viewer.get(address)["verdict"]["decided_by"] == [lead.name]

    claim = viewer.get(address)["positions"][1]["claims"][0]
    mark = {"identification": "organisation", "access": "official", "status": "retracted"}
    ann.post(f"claims/{claim}/marks/", mark, seen=0, status=201)

    reopened = viewer.get(address)
    assert (reopened["state"], reopened["round"]) == ("reopened", 2)
    assert f"claim {claim}" in reopened["verdict"]["stale_reason"]
    ben.post(f"{address}adjudication/", body, seen=reopened["basis"], status=403)

    cid = person("reviewer")
    for reviewer in (ann, cid):
        reviewer.post(f"{address}take/", status=201)
        reviewer.submit(
            question, {"12": "not_enough_evidence", "56": "not_enough_evidence"}, "not_enough_evidence"
        )
    verdicts = viewer.get(f"{address}verdicts/")
    assert [(each["round"], each["manner"], each["stale_at"] is None) for each in verdicts] == [
        (2, "agreed", True),
        (1, "adjudicated", False),
    ]
    rounds = [(each["round"], each["reviewer"]) for each in viewer.get(f"{address}assessments/")]
    assert rounds == [
        *((2, name) for name in sorted([ann.name, cid.name])),
        *((1, name) for name in sorted([ann.name, ben.name])),
    ]
    assert viewer.get(address)["resolution"] == "contested"
