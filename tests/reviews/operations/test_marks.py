"""The sourcing of claims, marked."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.contrib.auth.models import User

from claims.models import Claim
from reviews import operations
from reviews.claim_words import in_words
from reviews.errors import Conflict, ReviewError
from reviews.models import Placement, Question, SourcingMark
from reviews.operations import Marks
from tests.factories import (
    NOW,
    ClaimFactory,
    OriginClaimFactory,
    OriginFactory,
    PlacementFactory,
    PositionFactory,
    ProjectFactory,
    QuestionFactory,
    RevisionFactory,
    SpeakerReliabilityFactory,
)
from tests.reviews.rows import actions, at_once, decide

pytestmark = pytest.mark.django_db
CONFIRMED = Marks(identification="named", credibility="1")


def test_mark_sourcing_again_supersedes_and_keeps_the_older(reviewer: User) -> None:
    placement = PlacementFactory()
    claim = placement.claim

    first = operations.mark_sourcing(
        claim_id=claim.pk,
        marks=Marks(identification="named", reliability="B", reliability_reason="Was there."),
        by=reviewer,
        now=NOW,
    )
    second = operations.mark_sourcing(
        claim_id=claim.pk,
        marks=Marks(identification="anonymous", note="On background."),
        by=reviewer,
        now=NOW,
    )

    first.refresh_from_db()
    placement.question.refresh_from_db()
    assert list(SourcingMark.objects.current().filter(claim=claim)) == [second]
    assert (first.code, first.superseded_at) == ("B6", NOW)
    assert placement.question.version == 3


def test_mark_sourcing_the_same_again_changes_nothing(reviewer: User) -> None:
    claim = ClaimFactory()
    first = operations.mark_sourcing(
        claim_id=claim.pk, marks=Marks(identification="named"), by=reviewer, now=NOW
    )

    again = operations.mark_sourcing(
        claim_id=claim.pk, marks=Marks(identification="named"), by=reviewer, now=NOW
    )

    assert again == first
    assert actions(first) == [("reviewer", "mark_sourcing", "insert")]


def test_mark_on_a_claim_of_a_decided_question_makes_its_verdict_stale_and_reopens_it(
    reviewer: User, question: Question
) -> None:
    placement = PlacementFactory(position=question.positions.first())
    verdict = decide(question, by=reviewer)

    operations.mark_sourcing(
        claim_id=placement.claim_id,
        marks=Marks(identification="named", status=SourcingMark.Status.RETRACTED),
        by=reviewer,
        now=NOW,
    )

    question.refresh_from_db()
    verdict.refresh_from_db()
    assert (question.state, question.round) == (Question.State.REOPENED, 2)
    assert verdict.stale_at == NOW
    assert (
        verdict.stale_reason
        == f"The sourcing of {in_words(placement.claim)} was marked anew (F6): retracted."
    )


@pytest.mark.django_db(transaction=True)
def test_mark_sourcing_by_many_at_once_leaves_one_current(reviewer: User) -> None:
    claim = ClaimFactory()

    def mark(number: int) -> Callable[[], object]:
        marks = Marks(identification="named", note=f"Note {number}")
        return lambda: operations.mark_sourcing(claim_id=claim.pk, marks=marks, by=reviewer, now=NOW)

    ended = at_once(*[mark(number) for number in range(8)])

    assert ended == ["taken"] * 8
    assert SourcingMark.objects.filter(claim=claim).count() == 8
    assert SourcingMark.objects.current().filter(claim=claim).count() == 1


def two_reports() -> list[Placement]:
    """Two claims of different articles, confirmed under one position."""
    position = PositionFactory()
    return [PlacementFactory(position=position) for _ in range(2)]


def mark_as_confirmed(placement: Placement, *, by: User) -> SourcingMark:
    return operations.mark_sourcing(claim_id=placement.claim_id, marks=CONFIRMED, by=by, now=NOW)


def test_mark_sourcing_as_confirmed_rests_on_two_independent_origins(reviewer: User) -> None:
    first, _ = two_reports()

    assert mark_as_confirmed(first, by=reviewer).code == "F1"


def test_mark_sourcing_as_confirmed_by_copies_of_one_report_is_refused(reviewer: User) -> None:
    first, second = two_reports()
    wire = OriginFactory()
    for placement in (first, second):
        OriginClaimFactory(origin=wire, claim=placement.claim)

    with pytest.raises(ReviewError, match="only 1 stands confirmed behind its answer"):
        mark_as_confirmed(first, by=reviewer)

    assert not SourcingMark.objects.exists()


@pytest.mark.parametrize("state", ["suggested", "rejected"])
def test_mark_sourcing_as_confirmed_by_what_nobody_confirmed_is_refused(reviewer: User, state: str) -> None:
    first = PlacementFactory()
    PlacementFactory(position=first.position, state=state, suggested_by="matcher 1")
    PlacementFactory(position=PositionFactory(question=first.question))  # another answer

    with pytest.raises(ReviewError, match="only 1 stands confirmed"):
        mark_as_confirmed(first, by=reviewer)


def test_mark_sourcing_as_confirmed_of_a_claim_that_stands_nowhere_is_refused(reviewer: User) -> None:
    with pytest.raises(ReviewError, match="stands confirmed nowhere yet"):
        operations.mark_sourcing(claim_id=ClaimFactory().pk, marks=CONFIRMED, by=reviewer, now=NOW)


def test_mark_sourcing_from_a_page_that_is_stale_is_a_conflict(reviewer: User, question: Question) -> None:
    placement = PlacementFactory(position=question.positions.first())
    operations.add_position(question_id=question.pk, answer="Resafa", by=reviewer, now=NOW)

    with pytest.raises(Conflict, match="changed the question meanwhile"):
        operations.mark_sourcing(
            claim_id=placement.claim_id,
            marks=Marks(identification="named"),
            question_id=question.pk,
            seen_version=1,
            by=reviewer,
            now=NOW,
        )

    assert not SourcingMark.objects.exists()


def test_mark_sourcing_is_listed_with_each_question_the_claim_stands_under(reviewer: User) -> None:
    placement = PlacementFactory()
    PlacementFactory(claim=placement.claim)

    mark = operations.mark_sourcing(
        claim_id=placement.claim_id, marks=Marks(identification="named"), by=reviewer, now=NOW
    )

    told = [change.summary for question in Question.objects.all() for change in question.changes.all()]
    assert told == [f"marked claim {mark.claim_id} F6"] * 2


# --- The speaker's usual reliability ------------------------------------------------------------
def mark(claim: Claim, *, by: User, **marks: Any) -> SourcingMark:
    return operations.mark_sourcing(
        claim_id=claim.pk, marks=Marks(identification="named", **marks), by=by, now=NOW
    )


def test_mark_sourcing_without_a_reliability_takes_the_speakers_usual_one(reviewer: User) -> None:
    usual = SpeakerReliabilityFactory(reliability="C")

    assert mark(ClaimFactory(speaker=usual.speaker), by=reviewer).code == "C6"


@pytest.mark.parametrize(
    ("published_at", "grade"),
    [
        (datetime(2016, 12, 31, 23, 59, tzinfo=UTC), "F"),
        (datetime(2017, 1, 1, 0, 0, tzinfo=UTC), "B"),
        (datetime(2017, 5, 31, 23, 59, tzinfo=UTC), "B"),
        (datetime(2017, 6, 1, 0, 0, tzinfo=UTC), "D"),
        (None, "D"),
    ],
)
def test_mark_sourcing_starts_from_what_was_usual_when_the_claim_was_published(
    reviewer: User, published_at: datetime | None, grade: str
) -> None:
    first = SpeakerReliabilityFactory(reliability="B", since=date(2017, 1, 1))
    SpeakerReliabilityFactory(speaker=first.speaker, reliability="D", since=date(2017, 6, 1))
    SpeakerReliabilityFactory(
        speaker=first.speaker, reliability="A", since=date(2017, 6, 1), superseded_at=NOW
    )
    revision = RevisionFactory(published_at=published_at, seen_at=NOW)

    made = mark(ClaimFactory(revision=revision, speaker=first.speaker), by=reviewer)

    assert made.reliability == grade


def test_mark_sourcing_unlike_what_is_usual_says_why(reviewer: User) -> None:
    usual = SpeakerReliabilityFactory(reliability="B")
    claim = ClaimFactory(speaker=usual.speaker)

    with pytest.raises(ReviewError, match=r"reliability is B \(since 1 Jan 2017\). Say why it is D here"):
        mark(claim, by=reviewer, reliability="D", reliability_reason="  ")

    assert not SourcingMark.objects.exists()
    made = mark(claim, by=reviewer, reliability="D", reliability_reason=" Not there at the time. ")
    assert (made.reliability, made.reliability_reason) == ("D", "Not there at the time.")


@pytest.mark.parametrize("has_speaker", [True, False])
def test_mark_sourcing_of_a_speaker_nobody_judged_says_why_it_is_not_f(
    reviewer: User, has_speaker: bool
) -> None:
    claim = ClaimFactory() if has_speaker else ClaimFactory(speaker=None, kind=Claim.Kind.OWN_VOICE)

    with pytest.raises(ReviewError, match=r"is F \(nobody has judged it yet\). Say why it is A here"):
        mark(claim, by=reviewer, reliability="A")


# --- All fields ---------------------------------------------------------------------------------
def test_mark_sourcing_keeps_every_field(reviewer: User) -> None:
    said = {
        "identification": "organisation",
        "access": "official",
        "directness": "primary",
        "basis": "witnessed",
        "reliability": "B",
        "reliability_reason": "Its figures were borne out twice.",
        "credibility": "3",
        "status": "corrected",
        "note": "On the record.",
        "evidence_links": ["https://archive.example/1", "http://photos.example/2?a=b"],
        "is_withheld": True,
    }

    made = operations.mark_sourcing(claim_id=ClaimFactory().pk, marks=Marks(**said), by=reviewer, now=NOW)

    made.refresh_from_db()
    assert {name: getattr(made, name) for name in said} == said
    assert (made.marked_by, made.marked_at, made.superseded_at) == (reviewer, NOW, None)


def test_mark_sourcing_keeps_each_link_once_without_blanks(reviewer: User) -> None:
    links = (" https://archive.example/1 ", "", "https://archive.example/1")

    assert mark(ClaimFactory(), by=reviewer, evidence_links=links).evidence_links == [
        "https://archive.example/1"
    ]


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "ftp://files.example/1",
        "data:text/html,hello",
        "//archive.example/1",
        "archive.example",
        "https://",
        "https://archive.example/a b",
    ],
)
def test_mark_sourcing_with_what_is_no_link_to_the_web_is_refused(reviewer: User, link: str) -> None:
    with pytest.raises(ReviewError, match="is no link that begins with"):
        mark(ClaimFactory(), by=reviewer, evidence_links=[link])


def test_mark_sourcing_with_more_than_twenty_links_is_refused(reviewer: User) -> None:
    links = [f"https://archive.example/{number}" for number in range(21)]

    with pytest.raises(ReviewError, match="more than 20 links"):
        mark(ClaimFactory(), by=reviewer, evidence_links=links)

    assert len(mark(ClaimFactory(), by=reviewer, evidence_links=links[1:]).evidence_links) == 20


@pytest.mark.parametrize(
    "name", ["identification", "access", "directness", "basis", "reliability", "credibility", "status"]
)
def test_mark_sourcing_with_a_word_that_is_not_on_the_list_is_refused(reviewer: User, name: str) -> None:
    marks = Marks(**{"identification": "named", name: "excellent"})

    with pytest.raises(ReviewError, match=f"“excellent” is no {name}; use "):
        operations.mark_sourcing(claim_id=ClaimFactory().pk, marks=marks, by=reviewer, now=NOW)


# --- Marked by somebody else meanwhile ----------------------------------------------------------
def test_mark_sourcing_over_a_mark_that_was_not_seen_is_a_conflict(reviewer: User) -> None:
    claim = ClaimFactory()
    first = operations.mark_sourcing(
        claim_id=claim.pk, marks=Marks(identification="named"), seen_mark=0, by=reviewer, now=NOW
    )
    second = Marks(identification="anonymous")

    with pytest.raises(Conflict, match="Somebody marked the claim meanwhile"):
        operations.mark_sourcing(claim_id=claim.pk, marks=second, seen_mark=0, by=reviewer, now=NOW)

    made = operations.mark_sourcing(claim_id=claim.pk, marks=second, seen_mark=first.pk, by=reviewer, now=NOW)
    again = operations.mark_sourcing(
        claim_id=claim.pk, marks=second, seen_mark=first.pk, by=reviewer, now=NOW
    )
    assert again == made


# --- Projects without marks ---------------------------------------------------------------------
def test_mark_sourcing_through_a_question_of_a_project_without_marks_is_refused(reviewer: User) -> None:
    project = ProjectFactory(name="Counts only", uses_marks=False)
    placement = PlacementFactory(position__question=QuestionFactory(project=project))

    with pytest.raises(ReviewError, match="The project “Counts only” does without marks"):
        operations.mark_sourcing(
            claim_id=placement.claim_id,
            marks=Marks(identification="named"),
            question_id=placement.question_id,
            by=reviewer,
            now=NOW,
        )

    assert not SourcingMark.objects.exists()
