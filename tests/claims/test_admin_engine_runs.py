"""The screens of engine runs: what changed in an article, and the way to have it read again."""

import html
import re
from collections.abc import Callable

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from claims.engine_runs import hold_claims, store_run
from claims.engines import Extraction
from claims.extraction import ExtractedClaim
from claims.models import EngineRun, EngineSwitch, Job, Revision
from tests.engines import FakeEngine, found
from tests.factories import NOW, TEXT, ArticleFactory, JobFactory, RevisionFactory, UserFactory

SignIn = Callable[..., Client]
pytestmark = pytest.mark.django_db
SHOT = found("it had shot down a jet near Resafa", text=TEXT, speaker="The coalition")
REWORDED = found(
    "it had shot down a jet near Resafa", text=TEXT, says="It had shot a jet near Resafa.", speaker="The army"
)
DENIED = found("The ministry denied it", text=TEXT)
NEAR = found("near Resafa", text=TEXT)


def read_by(version: str, revision: Revision, *claims: ExtractedClaim, note: str = "") -> EngineRun:
    extraction = Extraction(claims, made_by=FakeEngine(claims, version).identity, note=note)
    return store_run(revision, extraction, requested_by=UserFactory(username=f"by-{version}"), now=NOW)


def runs_page(revision: Revision) -> str:
    return reverse("admin:claims_article_engine_runs", args=[revision.article_id])


def words(page: str) -> str:
    """What a reader sees of a page, in one line."""
    apart = re.sub(r"</?(?:p|div|dt|dd|li|h\d)\b[^>]*>", " ", page)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", apart)).split())


# --- What changed -------------------------------------------------------------------------------
def test_page_says_in_one_sentence_what_an_engine_changed(sign_in: SignIn) -> None:
    revision = RevisionFactory()
    read_by("1", revision, SHOT, DENIED)
    read_by("2", revision, SHOT, NEAR)

    page = words(sign_in("viewer").get(runs_page(revision)).text)

    assert "Engine fake 1 → 2: 1 kept, 0 reworded, 1 dropped, 1 added" in page
    assert "asked for by by-2" in page


def test_page_marks_the_words_and_speakers_that_differ(sign_in: SignIn) -> None:
    revision = RevisionFactory()
    read_by("1", revision, SHOT)
    read_by("2", revision, REWORDED)

    page = sign_in("viewer").get(runs_page(revision)).text

    assert re.findall(r"<(del|ins)>(.*?)</\1>", page) == [
        ("del", "The coalition"),
        ("del", " down"),
        ("ins", "The army"),
    ]


def test_page_shows_the_latest_change_or_the_one_asked_for(sign_in: SignIn) -> None:
    revision, client = RevisionFactory(), sign_in("viewer")
    for version in ("1", "2", "3"):
        read_by(version, revision, SHOT)
    first = EngineSwitch.objects.earliest("pk")

    latest = client.get(runs_page(revision)).text
    earlier = client.get(f"{runs_page(revision)}?switch={first.pk}").text

    assert "Engine fake 2 → 3: 1 kept" in words(latest)
    assert "Engine fake 1 → 2: 1 kept" in words(earlier)


@pytest.mark.parametrize("asked", ["999999", "x", "-1"])
def test_page_of_a_change_there_is_not_is_not_found(sign_in: SignIn, asked: str) -> None:
    revision = RevisionFactory()
    read_by("1", revision, SHOT)

    assert sign_in("viewer").get(f"{runs_page(revision)}?switch={asked}").status_code == 404


def test_page_of_an_article_without_a_change_says_so(sign_in: SignIn) -> None:
    revision = RevisionFactory()
    read_by("1", revision, SHOT)

    page = words(sign_in("viewer").get(runs_page(revision)).text)

    assert "No other engine has read this article yet" in page
    assert "fake 1 current" in page


def test_page_is_refused_without_a_role(sign_in: SignIn) -> None:
    assert sign_in().get(runs_page(RevisionFactory())).status_code == 403


# --- The article --------------------------------------------------------------------------------
def test_article_page_shows_the_current_run_and_links_to_what_it_changed(sign_in: SignIn) -> None:
    revision = RevisionFactory()
    read_by("1", revision, SHOT, DENIED)
    read_by("2", revision, REWORDED, note="The model did not answer.")

    page = sign_in("viewer").get(revision.article.get_absolute_url()).text

    assert words(page).count(SHOT.statement) == 0
    assert REWORDED.statement in page
    for said in (
        "1 claim",
        "Claims by fake 2",
        "The model did not answer.",
        "Engine fake 1 → 2: 0 kept, 1 reworded, 1 dropped, 0 added",
    ):
        assert said in words(page)
    assert f'href="{runs_page(revision)}?switch={EngineSwitch.objects.get().pk}"' in page


def test_article_page_and_list_show_a_held_claim_as_an_earlier_engines(sign_in: SignIn) -> None:
    revision, client = RevisionFactory(), sign_in("viewer")
    held = read_by("1", revision, DENIED).claims.get()
    read_by("2", revision, SHOT)
    hold_claims([held.pk], now=NOW)

    article = words(client.get(revision.article.get_absolute_url()).text)
    listed = words(client.get(reverse("admin:claims_claim_changelist")).text)

    for page in (article, listed):
        assert "The ministry denied it." in page
        assert "earlier engine, fake 1" in page


# --- One claim ----------------------------------------------------------------------------------
def test_page_of_an_earlier_claim_says_which_took_its_place(sign_in: SignIn) -> None:
    revision, client = RevisionFactory(), sign_in("viewer")
    old = read_by("1", revision, SHOT).claims.get()
    new = read_by("2", revision, REWORDED).claims.get()

    pages = [client.get(claim.get_absolute_url()).text for claim in (old, new)]

    assert (
        f"This claim was found by an earlier engine, fake 1. Claim {new.pk} of fake 2 took its place:"
        f" “{REWORDED.statement}” by The army"
    ) in words(pages[0])
    assert f'href="{new.get_absolute_url()}"' in pages[0]
    assert f"Took the place of claim {old.pk} of fake 1, “{SHOT.statement}” by The coalition" in words(
        pages[1]
    )


def test_page_of_a_dropped_claim_says_that_it_is_not_found_any_more(sign_in: SignIn) -> None:
    revision = RevisionFactory()
    old = read_by("1", revision, DENIED).claims.get()
    read_by("2", revision, SHOT)

    page = words(sign_in("viewer").get(old.get_absolute_url()).text)

    assert "The newer one, fake 2, does not find it." in page


# --- Reading again ------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("role", "offered"),
    [("viewer", False), ("reviewer", False), ("lead", True), ("ingest manager", True), ("admin", False)],
)
def test_button_is_offered_to_who_may(sign_in: SignIn, role: str, offered: bool) -> None:
    revision = RevisionFactory()

    page = sign_in(role).get(revision.article.get_absolute_url()).text

    assert ("Run the engine again" in page) is offered


def test_button_makes_a_job_and_leads_to_it(sign_in: SignIn) -> None:
    article = RevisionFactory().article

    response = sign_in("lead").post(reverse("admin:claims_article_reextract", args=[article.pk]))

    assert (response.status_code, response.url) == (302, Job.objects.get().get_absolute_url())


def test_button_gives_way_to_the_job_while_there_is_one(sign_in: SignIn) -> None:
    job = JobFactory(reextract=True)

    page = sign_in("lead").get(job.article.get_absolute_url()).text

    assert "Run the engine again" not in page
    assert f'<a href="{job.get_absolute_url()}">The engine is to run again: waiting for a worker</a>' in page


def test_reading_again_is_refused_to_who_may_not(sign_in: SignIn) -> None:
    article = RevisionFactory().article

    response = sign_in("reviewer").post(reverse("admin:claims_article_reextract", args=[article.pk]))

    assert (response.status_code, Job.objects.count()) == (403, 0)


def test_reading_again_needs_a_post_and_a_text(sign_in: SignIn) -> None:
    client, article = sign_in("lead"), ArticleFactory()
    url = reverse("admin:claims_article_reextract", args=[article.pk])

    asked, posted = client.get(url), client.post(url)

    assert (asked.status_code, posted.status_code, Job.objects.count()) == (405, 302, 0)
    [message] = [message.message for message in get_messages(posted.wsgi_request)]
    assert message == "This article has no text yet that could be read again."


def test_job_page_leads_to_what_the_engine_changed(sign_in: SignIn) -> None:
    revision = RevisionFactory()
    job = JobFactory(
        kind=Job.Kind.REEXTRACT,
        done=True,
        revision=revision,
        claim_count=2,
        reason="The model did not answer.",
    )

    page = sign_in("viewer").get(job.get_absolute_url()).text

    assert f'href="{runs_page(revision)}"' in page
    assert "Reading the document" not in page
    assert "The model did not answer." in page
