"""The questions claims fell under, as the pages of articles, claims and speakers show them."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from claims.models import Claim
from reviews import standing
from reviews.models import Judgement, Placement, Question
from tests.factories import (
    NOW,
    ClaimFactory,
    PlacementFactory,
    PositionFactory,
    PositionVerdictFactory,
    QuestionFactory,
    RevisionFactory,
    SourcingMarkFactory,
    UserFactory,
    VerdictFactory,
)

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]
SUGGESTED = {"state": "suggested", "suggested_by": "matcher 1.0.0", "placed_by": None}


@pytest.fixture
def sign_in() -> SignIn:
    def browser(*roles: str) -> Client:
        client, user = Client(), UserFactory(is_staff=True, roles=list(roles))
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return browser


def decided(claim: Claim, judgement: Judgement, **verdict: object) -> Placement:
    """The claim under a position of a decided question, judged so."""
    question = QuestionFactory(state=Question.State.DECIDED)
    placement = PlacementFactory(position=PositionFactory(question=question), claim=claim)
    given = VerdictFactory(question=question, **verdict)
    PositionVerdictFactory(verdict=given, position=placement.position, judgement=judgement)
    return placement


def given(claim: Claim) -> list[tuple[Placement, Judgement | None]]:
    standing.give([claim])
    return [(each.placement, each.judgement) for each in claim.standing]


def test_confirmed_come_first_and_rejected_last() -> None:
    claim = ClaimFactory()
    rejected = PlacementFactory(claim=claim, state=Placement.State.REJECTED)
    suggested = PlacementFactory(claim=claim, **SUGGESTED)
    confirmed = PlacementFactory(claim=claim)
    PlacementFactory(claim=claim, state=Placement.State.CARRIED)
    PlacementFactory()

    assert given(claim) == [(confirmed, None), (suggested, None), (rejected, None)]


def test_verdict_says_how_the_position_was_judged() -> None:
    claim = ClaimFactory()
    placement = decided(claim, Judgement.REFUTED)

    assert given(claim) == [(placement, Judgement.REFUTED)]


@pytest.mark.parametrize(
    "verdict",
    [{"stale_at": NOW, "stale_reason": "A newer claim."}, {"round": 2}],
    ids=["stale", "of a round"],
)
def test_verdict_that_does_not_stand_says_nothing(verdict: dict[str, object]) -> None:
    claim = ClaimFactory()
    placement = decided(claim, Judgement.REFUTED, **verdict)

    assert given(claim) == [(placement, None)]


def test_current_mark_is_given() -> None:
    claim = ClaimFactory()
    SourcingMarkFactory(claim=claim, superseded_at=NOW)
    mark = SourcingMarkFactory(claim=claim)

    standing.give([claim])

    assert claim.mark == mark


def test_standing_of_many_claims_takes_three_queries() -> None:
    claims = [ClaimFactory() for _ in range(5)]
    for claim in claims:
        decided(claim, Judgement.SUPPORTED)

    with CaptureQueriesContext(connection) as queries:
        standing.give(claims)

    assert len(queries) == 3


def test_article_shows_the_questions_its_claims_fell_under(sign_in: SignIn) -> None:
    revision = RevisionFactory()
    claim = ClaimFactory(revision=revision)
    question = QuestionFactory(wording="Who downed it?")
    PlacementFactory(position=PositionFactory(question=question, answer="A jet"), claim=claim, **SUGGESTED)
    decided(claim, Judgement.CONFLICTING_EVIDENCE)
    SourcingMarkFactory(claim=claim, reliability="B", credibility="2")

    page = sign_in("viewer").get(revision.article.get_absolute_url()).text

    assert "1 of them under 2 questions" in page
    assert f'<a href="{question.get_absolute_url()}#claim-{claim.pk}">Who downed it?</a>' in page
    assert '<span class="cc-answer">A jet</span>' in page
    assert "suggested</span>" in page
    assert "Conflicting evidence</span>" in page
    assert ">B2</span>" in page


def test_article_costs_as_many_queries_for_three_placed_claims_as_for_one(sign_in: SignIn) -> None:
    client, revision = sign_in("viewer"), RevisionFactory()
    decided(ClaimFactory(revision=revision), Judgement.SUPPORTED)
    url = revision.article.get_absolute_url()
    client.get(url)  # what is read once for a process is read now

    with CaptureQueriesContext(connection) as one:
        client.get(url)
    for _ in range(2):
        decided(ClaimFactory(revision=revision), Judgement.SUPPORTED)
    with CaptureQueriesContext(connection) as three:
        client.get(url)

    assert len(three) == len(one)


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ("", ["contested", "decided", "rejected", "alone"]),
        ("?under=contested", ["contested"]),
        ("?under=open", ["contested"]),
        ("?under=decided", ["decided"]),
        ("?under=none", ["rejected", "alone"]),
        ("?under=nonsense", ["contested", "decided", "rejected", "alone"]),
    ],
)
def test_speaker_page_keeps_claims_by_their_questions(sign_in: SignIn, query: str, kept: list[str]) -> None:
    revision = RevisionFactory()
    claims = {"contested": ClaimFactory(revision=revision)}
    speaker = claims["contested"].speaker
    claims |= {
        name: ClaimFactory(revision=revision, speaker=speaker) for name in ("decided", "rejected", "alone")
    }
    contested = QuestionFactory(resolution=Question.Resolution.CONTESTED)
    PlacementFactory(position=PositionFactory(question=contested), claim=claims["contested"], **SUGGESTED)
    decided(claims["decided"], Judgement.SUPPORTED)
    PlacementFactory(claim=claims["rejected"], state=Placement.State.REJECTED)

    page = sign_in("viewer").get(speaker.get_absolute_url() + query)

    assert set(page.context["claims"]) == {claims[name] for name in kept}


def test_speaker_page_says_how_it_was_decided(sign_in: SignIn) -> None:
    claim = ClaimFactory()
    placement = decided(claim, Judgement.REFUTED)

    page = sign_in("viewer").get(claim.speaker.get_absolute_url()).text

    assert placement.question.wording in page
    assert "Refuted</span>" in page


def test_speaker_page_without_a_claim_under_such_a_question_shows_the_way_back(sign_in: SignIn) -> None:
    claim = ClaimFactory()

    page = sign_in("viewer").get(f"{claim.speaker.get_absolute_url()}?under=decided").text

    assert "None of their claims stands under such a question." in page
    assert "Show all their claims</a>" in page


def test_speaker_page_costs_as_many_queries_for_three_decided_claims_as_for_one(sign_in: SignIn) -> None:
    client, claim = sign_in("viewer"), ClaimFactory()
    decided(claim, Judgement.SUPPORTED)
    url = claim.speaker.get_absolute_url()
    client.get(url)  # what is read once for a process is read now

    with CaptureQueriesContext(connection) as one:
        client.get(url)
    for _ in range(2):
        decided(ClaimFactory(revision=claim.revision, speaker=claim.speaker), Judgement.SUPPORTED)
    with CaptureQueriesContext(connection) as three:
        client.get(url)

    assert len(three) == len(one)
