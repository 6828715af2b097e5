"""How reliable speakers usually are, said from a day on."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User

from claims.models import Speaker
from reviews import operations
from reviews.errors import NotAllowed, ReviewError
from reviews.models import Question, SpeakerReliability, Verdict
from reviews.reliability import deviating_marks, history_of
from tests.factories import (
    NOW,
    ClaimFactory,
    PlacementFactory,
    SourcingMarkFactory,
    SpeakerFactory,
    SpeakerReliabilityFactory,
    UserFactory,
)
from tests.reviews.rows import actions, at_once, decide

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


def set_to(speaker: Speaker, reliability: str, *, by: User, **said: Any) -> SpeakerReliability:
    said = {"since": date(2017, 1, 1), "reason": "Borne out three times.", "now": NOW} | said
    return operations.set_speaker_reliability(speaker_id=speaker.pk, reliability=reliability, by=by, **said)


def test_set_speaker_reliability_keeps_what_held_before_that_day(reviewer: User) -> None:
    speaker = SpeakerFactory()

    first = set_to(speaker, "B", by=reviewer)
    second = set_to(speaker, "D", by=reviewer, since=date(2017, 5, 1), reason="Wrong twice.")

    assert history_of(speaker) == [second, first]
    assert list(SpeakerReliability.objects.current()) == [second, first]
    assert (second.set_by, second.set_at, second.reason) == (reviewer, NOW, "Wrong twice.")
    assert actions(first) == [("reviewer", "set_speaker_reliability", "insert")]


def test_set_speaker_reliability_of_the_same_day_supersedes_and_keeps_the_older(reviewer: User) -> None:
    speaker = SpeakerFactory()
    first = set_to(speaker, "B", by=reviewer)

    second = set_to(speaker, "C", by=reviewer, now=LATER)

    first.refresh_from_db()
    assert (first.reliability, first.superseded_at) == ("B", LATER)
    assert list(SpeakerReliability.objects.current()) == [second]
    assert history_of(speaker) == [second, first]


def test_set_speaker_reliability_the_same_again_changes_nothing(reviewer: User) -> None:
    speaker = SpeakerFactory()
    first = set_to(speaker, "B", by=reviewer)

    assert set_to(speaker, "B", by=reviewer, reason=" Borne out three times. ", now=LATER) == first

    assert history_of(speaker) == [first]


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"reason": "  "}, "Say what this reliability rests on."),
        ({"since": NOW.date() + timedelta(days=1)}, "That day has not come"),
        ({"reliability": "G"}, "“G” is no reliability; use A to F."),
    ],
)
def test_set_speaker_reliability_that_says_too_little_is_refused(
    reviewer: User, said: dict[str, Any], why: str
) -> None:
    with pytest.raises(ReviewError, match=why):
        set_to(SpeakerFactory(), **({"reliability": "B", "by": reviewer} | said))

    assert not SpeakerReliability.objects.exists()


def test_set_speaker_reliability_of_nobody_is_refused(reviewer: User) -> None:
    with pytest.raises(ReviewError, match="There is no speaker 999"):
        set_to(Speaker(pk=999), "B", by=reviewer)


def test_set_speaker_reliability_is_not_for_viewers() -> None:
    with pytest.raises(NotAllowed, match="say how reliable speakers are"):
        set_to(SpeakerFactory(), "B", by=UserFactory(roles=["viewer"]))


def test_set_speaker_reliability_leaves_marks_and_verdicts_as_they_are(
    reviewer: User, question: Question
) -> None:
    placement = PlacementFactory(position=question.positions.first())
    mark = SourcingMarkFactory(claim=placement.claim, reliability="B")
    verdict = decide(question)

    set_to(placement.claim.speaker, "D", by=reviewer)

    mark.refresh_from_db()
    assert (mark.reliability, mark.superseded_at) == ("B", None)
    assert list(Verdict.objects.current()) == [verdict]


@pytest.mark.django_db(transaction=True)
def test_set_speaker_reliability_by_many_at_once_leaves_one_of_that_day(reviewer: User) -> None:
    speaker = SpeakerFactory()

    at_once(*[lambda grade=grade: set_to(speaker, grade, by=reviewer) for grade in "ABCDEF"])

    assert SpeakerReliability.objects.count() == 6
    assert SpeakerReliability.objects.current().count() == 1


def test_deviating_marks_are_those_unlike_what_was_usual_on_the_day_of_the_claim() -> None:
    speaker = SpeakerFactory()
    SpeakerReliabilityFactory(speaker=speaker, reliability="B", since=date(2017, 1, 1))
    SpeakerReliabilityFactory(speaker=speaker, reliability="D", since=date(2017, 12, 1))
    claim, other = ClaimFactory(speaker=speaker), ClaimFactory(speaker=speaker)
    SourcingMarkFactory(claim=claim, reliability="B")
    SourcingMarkFactory(claim=other, reliability="A", superseded_at=NOW)
    deviating = SourcingMarkFactory(claim=other, reliability="D")
    SourcingMarkFactory(reliability="A")  # of another speaker

    assert [(mark, mark.usual) for mark in deviating_marks(speaker)] == [(deviating, "B")]


def test_deviating_marks_of_a_speaker_nobody_judged_are_those_that_are_not_f() -> None:
    claim = ClaimFactory()
    SourcingMarkFactory(claim=claim, reliability="C")

    assert [mark.usual for mark in deviating_marks(claim.speaker)] == ["F"]
