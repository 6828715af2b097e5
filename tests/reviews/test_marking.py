"""The dialog of a mark, what it tells of earlier ones, and screens of projects without marks."""

from datetime import date
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from reviews.marking import marks_in_time
from reviews.models import Placement, SourcingMark
from tests.factories import (
    NOW,
    PlacementFactory,
    ProjectFactory,
    QuestionFactory,
    SourcingMarkFactory,
    SpeakerReliabilityFactory,
    UserFactory,
)
from tests.reviews.rows import decide

pytestmark = pytest.mark.django_db


@pytest.fixture
def reviewer(client: Client) -> Client:
    client.force_login(UserFactory(username="ann", is_staff=True, roles=["reviewer"]))
    return client


def screen_of(placement: Placement, query: str = "") -> str:
    return reverse("admin:reviews_question_compare", args=[placement.question_id]) + query


def dialog(client: Client, placement: Placement) -> Any:
    """The page with the dialog of a mark open."""
    page = client.get(screen_of(placement, f"?do=mark_sourcing&on={placement.claim_id}"))
    assert page.status_code == 200
    return page


def post(client: Client, placement: Placement, **given: Any) -> Any:
    """Post what the dialog holds, with what is given instead."""
    form = dialog(client, placement).context["doing"]["form"]
    typed = {name: form[name].value() for name in form.fields}
    typed = {name: value for name, value in typed.items() if value not in (None, False)}
    where = reverse("admin:reviews_question_mark_sourcing", args=[placement.question_id, placement.claim_id])
    return client.post(where, typed | {"seen_version": placement.question.version} | given)


def words(response: Any) -> str:
    return " ".join(response.content.decode().split())


# --- The dialog ---------------------------------------------------------------------------------
def test_dialog_starts_from_what_is_usual_of_the_speaker(reviewer: Client) -> None:
    placement = PlacementFactory()
    SpeakerReliabilityFactory(
        speaker=placement.claim.speaker, reliability="C", since=date(2017, 2, 3), reason="Half was borne out."
    )

    page = dialog(reviewer, placement)

    form = page.context["doing"]["form"]
    assert (form["reliability"].value(), form["credibility"].value()) == ("C", "6")
    assert form["reliability_reason"].label == "Why not C, if it is another"
    assert "Usually <strong>C</strong> since 3 Feb 2017: “Half was borne out.”" in words(page)


def test_dialog_starts_from_f_of_a_speaker_nobody_judged(reviewer: Client) -> None:
    page = dialog(reviewer, PlacementFactory())

    assert page.context["doing"]["form"]["reliability"].value() == "F"
    assert "Nobody has said how reliable" in words(page)


def test_dialog_starts_from_the_mark_there_is(reviewer: Client) -> None:
    placement = PlacementFactory()
    SpeakerReliabilityFactory(speaker=placement.claim.speaker, reliability="C")
    links = ["https://archive.example/1", "https://archive.example/2"]
    SourcingMarkFactory(
        claim=placement.claim, reliability="A", evidence_links=links, is_withheld=True, note="Filmed it."
    )

    form = dialog(reviewer, placement).context["doing"]["form"]

    said = {name: form[name].value() for name in ("reliability", "links", "is_withheld", "note")}
    assert said == {"reliability": "A", "links": "\n".join(links), "is_withheld": True, "note": "Filmed it."}


def test_dialog_says_what_withholding_does_and_what_not(reviewer: Client) -> None:
    page = words(dialog(reviewer, PlacementFactory()))

    assert "Files of exported claims leave it out; pages and lists go on showing it." in page


def test_dialog_explains_the_codes(reviewer: Client) -> None:
    page = words(dialog(reviewer, PlacementFactory()))

    assert "<dt>F</dt><dd>not enough is known to judge</dd>" in page
    assert "<dt>1</dt><dd>confirmed by independent reports: two origins</dd>" in page


def test_mark_by_post_keeps_all_fields(reviewer: Client) -> None:
    placement = PlacementFactory()

    answer = post(
        reviewer,
        placement,
        identification="named",
        reliability="B",
        reliability_reason="Was on the bridge.",
        links="https://archive.example/1\r\n\r\nhttps://archive.example/2",
        is_withheld="on",
        status="corrected",
    )

    assert answer.status_code == 302
    mark = SourcingMark.objects.get()
    assert (mark.code, mark.reliability_reason, mark.evidence_links, mark.is_withheld, mark.status) == (
        "B6",
        "Was on the bridge.",
        ["https://archive.example/1", "https://archive.example/2"],
        True,
        "corrected",
    )


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"reliability": "B"}, "Say why it is B here."),
        ({"links": "javascript:alert(1)"}, "is no link that begins with"),
        ({"credibility": "1"}, "Credibility 1 needs two independent origins"),
    ],
)
def test_mark_by_post_that_is_refused_says_why_and_keeps_what_was_typed(
    reviewer: Client, given: dict[str, str], why: str
) -> None:
    page = post(reviewer, PlacementFactory(), identification="named", note="On the record.", **given)

    assert page.status_code == 422
    assert why in words(page).replace("&#x27;", "'")
    assert page.context["doing"]["form"]["note"].value() == "On the record."
    assert not SourcingMark.objects.exists()


# --- Marks in the course of time ----------------------------------------------------------------
def test_mark_that_brings_a_verdict_down_warns_before_and_says_so_after(reviewer: Client) -> None:
    placement = PlacementFactory()
    decide(placement.question)
    placement.question.refresh_from_db()
    warned = dialog(reviewer, placement).content.decode()

    post(reviewer, placement, identification="named")

    said = [str(message) for message in get_messages(reviewer.get(screen_of(placement)).wsgi_request)]
    assert "the verdict becomes stale and round 2 begins" in warned
    assert [each for each in said if "Its verdict is stale now, and round 2 begins." in each]


def test_marks_in_time_tell_what_each_changed() -> None:
    first = SourcingMarkFactory(
        note="On background.", evidence_links=["https://archive.example/1"], superseded_at=NOW
    )
    second = SourcingMarkFactory(
        claim=first.claim,
        identification="anonymous",
        reliability="B",
        reliability_reason="Was there.",
        note="On the record.",
        evidence_links=["https://archive.example/2"],
        is_withheld=True,
        superseded_at=NOW,
    )
    third = SourcingMarkFactory(claim=first.claim, identification="anonymous", reliability="B")

    told = marks_in_time(first.claim)

    assert [each.mark for each in told] == [third, second, first]
    assert [each.is_current for each in told] == [True, False, False]
    assert [each.changed for each in told] == [
        [
            "Reason for the reliability taken out: “Was there.”",
            "Note taken out: “On the record.”",
            "Link taken out: https://archive.example/2",
            "No longer withheld from exports",
        ],
        [
            "Identification: Named → Anonymous",
            "Reliability: F - cannot be judged → B - usually reliable",
            "Reason for the reliability added: “Was there.”",
            "Note: “On background.” → “On the record.”",
            "Link added: https://archive.example/2",
            "Link taken out: https://archive.example/1",
            "Withheld from exports",
        ],
        [],
    ]


def test_marks_in_time_of_an_unmarked_claim_are_none() -> None:
    assert marks_in_time(PlacementFactory().claim) == []


# --- The cards ----------------------------------------------------------------------------------
def test_card_says_why_a_mark_is_unusual_and_what_it_rests_on(reviewer: Client) -> None:
    placement = PlacementFactory()
    SourcingMarkFactory(
        claim=placement.claim,
        reliability="B",
        reliability_reason="<i>Was there.</i>",
        evidence_links=["https://archive.example/?a=1&b=2"],
        is_withheld=True,
    )

    page = words(reviewer.get(screen_of(placement)))

    assert "· B because “&lt;i&gt;Was there.&lt;/i&gt;”" in page
    assert '<a href="https://archive.example/?a=1&amp;b=2" rel="noopener noreferrer nofollow"' in page
    assert ">withheld</span>" in page


# --- Projects without marks ---------------------------------------------------------------------
@pytest.fixture
def unmarked() -> Placement:
    """Under a question whose project does without marks, though its claim is marked."""
    project = ProjectFactory(name="Counts only", uses_marks=False)
    placement = PlacementFactory(position__question=QuestionFactory(project=project))
    SourcingMarkFactory(claim=placement.claim, reliability="B", credibility="2")
    return placement


def test_screen_of_a_project_without_marks_shows_none(reviewer: Client, unmarked: Placement) -> None:
    page = words(reviewer.get(screen_of(unmarked)))

    assert "mark_sourcing" not in page
    assert 'data-filter="mark"' not in page
    assert ">B2</span>" not in page


def test_dialog_in_a_project_without_marks_says_so(reviewer: Client, unmarked: Placement) -> None:
    page = reviewer.get(screen_of(unmarked, f"?do=mark_sourcing&on={unmarked.claim_id}"))

    assert "The project “Counts only” does without marks" in words(page)


def test_mark_by_post_in_a_project_without_marks_is_refused(reviewer: Client, unmarked: Placement) -> None:
    where = reverse("admin:reviews_question_mark_sourcing", args=[unmarked.question_id, unmarked.claim_id])

    page = reviewer.post(where, {"identification": "named", "seen_version": 1}, follow=True)

    assert "The project “Counts only” does without marks" in words(page)
    assert SourcingMark.objects.count() == 1
