"""The page of an article and that of a claim: the words in place, and what is stored about them."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claims.models import Article, Claim, Revision
from config.roles import PERMISSIONS
from tests.factories import (
    TEXT,
    ArticleFactory,
    ClaimFactory,
    OutletFactory,
    RevisionFactory,
    SnapshotFactory,
    SpeakerFactory,
)

SignIn = Callable[..., Client]
pytestmark = pytest.mark.django_db


def place(words: str, text: str = TEXT) -> list[int]:
    start = text.index(words)
    return [start, start + len(words)]


def marked(page: str) -> list[tuple[list[int], str]]:
    """The highlighted pieces of the text: the claims each belongs to, and its words."""
    pieces = re.findall(r'<mark class="cc-claim" data-claims="([\d ]+)".*?><a [^>]*>(.*?)</a></mark>', page)
    return [([int(pk) for pk in claims.split()], words) for claims, words in pieces]


def queries_of(client: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


def test_article_page_marks_claims_to_the_character(sign_in: SignIn) -> None:
    revision = RevisionFactory()
    outer = ClaimFactory(revision=revision, spans=[place("it had shot down a jet near Resafa")])
    inner = ClaimFactory(revision=revision, spans=[place("a jet"), place("Resafa")])

    page = sign_in("viewer").get(revision.article.get_absolute_url()).text

    assert marked(page) == [
        ([outer.pk], "it had shot down "),
        ([outer.pk, inner.pk], "a jet"),
        ([outer.pk], " near "),
        ([outer.pk, inner.pk], "Resafa"),
    ]
    assert [page.count(f'id="at-{claim.pk}"') for claim in (outer, inner)] == [1, 1]


def test_article_page_says_of_each_claim_who_says_it_and_how(sign_in: SignIn) -> None:
    revision = RevisionFactory()
    claim = ClaimFactory(
        revision=revision,
        spans=[place("it had shot down a jet near Resafa")],
        statement="The coalition shot down a jet near Resafa.",
        speaker=SpeakerFactory(name="The coalition"),
        chain=[{"name": "Harbour Wire", "spans": []}, {"name": "The coalition", "spans": []}],
        cue={"text": "said", "span": place("said")},
        check_worthiness=0.83,
        unresolved=["it"],
    )

    page = sign_in("viewer").get(revision.article.get_absolute_url()).text

    card = page[page.index(f'id="claim-{claim.pk}"') :].split("</article>")[0]
    shown = " ".join(re.sub(r"<[^>]+>", " ", card).split())
    for words in (
        "The coalition shot down a jet near Resafa.",
        "Indirect “said”",
        "Passed on: Harbour Wire quotes → The coalition",
        "it had shot down a jet near Resafa",
        "worth checking 83%",
        "unresolved: it",
    ):
        assert words in shown
    assert f'href="#at-{claim.pk}"' in card
    assert f'href="{claim.get_absolute_url()}"' in card


def test_article_page_shows_the_current_revision_or_the_one_asked_for(sign_in: SignIn) -> None:
    article = ArticleFactory()
    RevisionFactory(article=article, text="The jet was bombed.")
    RevisionFactory(article=article, text="The jet was shot down.", number=2)
    client = sign_in("viewer")
    url = article.get_absolute_url()

    newest, first = client.get(url), client.get(f"{url}?revision=1")

    assert "The jet was shot down." in newest.text
    assert "another revision" not in newest.text
    assert "The jet was bombed." in first.text
    assert "You are reading another revision than the current one." in first.text
    assert [page.text.count('aria-current="page">Revision') for page in (newest, first)] == [1, 1]


@pytest.mark.parametrize("number", ["3", "0", "-1", "x", "1.0", "9" * 30, "%00"])
def test_article_page_of_a_revision_there_is_not_is_not_found(sign_in: SignIn, number: str) -> None:
    revision = RevisionFactory()

    response = sign_in("viewer").get(f"{revision.article.get_absolute_url()}?revision={number}")

    assert response.status_code == 404


@pytest.mark.parametrize("pk", ["999999", "9" * 30, "x"])
@pytest.mark.parametrize("model", ["article", "claim", "job"])
def test_page_of_what_there_is_not_leads_to_the_dashboard(sign_in: SignIn, model: str, pk: str) -> None:
    response = sign_in("viewer").get(reverse(f"admin:claims_{model}_change", args=[pk]))

    assert (response.status_code, response.url) == (302, reverse("admin:index"))


def test_article_page_shows_text_as_it_is(sign_in: SignIn) -> None:
    text = 'A "quoted" <b>line</b> & more.\nA second line.\n\nA next paragraph\u202e turned.'
    revision = RevisionFactory(text=text)

    page = sign_in("viewer").get(revision.article.get_absolute_url()).text

    shown = page[page.index('<section class="cc-text"') :].split("</section>")[0]
    paragraphs = re.findall(r'<p dir="auto">(.*?)</p>', shown, re.DOTALL)
    assert paragraphs == [
        "A &quot;quoted&quot; &lt;b&gt;line&lt;/b&gt; &amp; more.\nA second line.",
        'A next paragraph<bdi class="cc-hidden" data-name="RLO" '
        'title="U+202E right-to-left override">\u202e</bdi> turned.',
    ]


def test_article_page_costs_as_many_queries_for_three_claims_as_for_one(sign_in: SignIn) -> None:
    revision = RevisionFactory()
    client = sign_in("viewer")
    url = revision.article.get_absolute_url()
    ClaimFactory(revision=revision)
    client.get(url)

    one = queries_of(client, url)
    ClaimFactory(revision=revision)
    ClaimFactory(revision=revision, speaker=None, kind=Claim.Kind.OWN_VOICE)

    assert queries_of(client, url) == one <= 15


def test_article_page_without_claims_says_so(sign_in: SignIn) -> None:
    page = sign_in("viewer").get(RevisionFactory().article.get_absolute_url()).text

    assert "No claim was found in this text." in page


def test_article_page_leads_to_its_address_without_telling_where_from(sign_in: SignIn) -> None:
    revision = RevisionFactory()

    page = sign_in("viewer").get(revision.article.get_absolute_url()).text

    assert (
        f'<a href="{revision.article.canonical_url}" rel="noopener noreferrer nofollow ugc" '
        'referrerpolicy="no-referrer">' in page
    )


def test_article_cannot_be_changed_through_its_page(sign_in: SignIn) -> None:
    revision = RevisionFactory()
    before = list(Article.objects.values("title", "published_at", "outlet"))

    response = sign_in("lead").post(
        revision.article.get_absolute_url(), {"title": "Another title", "_save": "1"}
    )

    assert response.status_code == 405
    assert list(Article.objects.values("title", "published_at", "outlet")) == before


# --- The bytes as received ----------------------------------------------------------------------
@pytest.mark.parametrize(("media_type", "ending"), [("text/html", "html"), ("text/plain", "txt")])
def test_raw_bytes_are_downloaded_and_never_opened(sign_in: SignIn, media_type: str, ending: str) -> None:
    raw = b"<html>\xff\x00 as it came"
    revision = RevisionFactory(snapshot=SnapshotFactory(raw=raw, media_type=media_type))

    response = sign_in("viewer").get(reverse("admin:claims_revision_raw", args=[revision.pk]))

    assert response.content == raw
    assert {
        name: response[name] for name in ("Content-Type", "Content-Disposition", "X-Content-Type-Options")
    } == {
        "Content-Type": "application/octet-stream",
        "Content-Disposition": f'attachment; filename="article-{revision.article.pk}-revision-1.{ending}"',
        "X-Content-Type-Options": "nosniff",
    }


def test_raw_bytes_are_closed_to_those_without_a_role(sign_in: SignIn) -> None:
    url = reverse("admin:claims_revision_raw", args=[RevisionFactory().pk])

    assert sign_in().get(url).status_code == 403
    assert Client().get(url).status_code == 302


# --- One claim ----------------------------------------------------------------------------------
def test_claim_page_shows_it_in_its_paragraph_with_all_that_is_stored(sign_in: SignIn) -> None:
    text = f"Before it all.\n\n{TEXT}\n\nAfter it all."
    outlet = OutletFactory(name="Harbour Wire")
    revision = RevisionFactory(text=text, article=ArticleFactory(outlet=outlet, title="Jet shot down"))
    claim = ClaimFactory(
        revision=revision,
        spans=[place("it had shot down a jet", text), place("near Resafa", text)],
        sentence_start=place("The coalition", text)[0],
        sentence_end=place("Resafa.", text)[1],
        speaker=SpeakerFactory(name="The coalition"),
        speaker_spans=[place("The coalition", text)],
        cue={"text": "said", "span": place("said", text)},
        frame={"predicate": "shoot down", "target": "a jet", "negated": False},
    )

    page = sign_in("viewer").get(claim.get_absolute_url()).text

    shown = " ".join(re.sub(r"<[^>]+>", "", page).split())
    assert re.findall(r'<mark class="cc-claim">(.*?)</mark>', page) == [
        "it had shot down a jet",
        "near Resafa",
        "claim",
    ]
    assert '<span class="is-speaker" title="speaker">The coalition</span>' in page
    assert '<span class="is-cue" title="cue">said</span>' in page
    assert "The ministry denied it. …" in shown
    assert "Before it all." not in shown
    spans = " ".join(f"{start}–{end}," for start, end in claim.spans).rstrip(",")
    for words in (
        f"Characters{spans}",
        "Eventshoot down",
        "Targeta jet",
        f"Found by{claim.engine_run.engine}",
    ):
        assert words.replace(" ", "") in shown.replace(" ", "")
    assert f'href="{revision.article.get_absolute_url()}?revision=1#claim-{claim.pk}"' in page


def test_claim_page_costs_few_queries(sign_in: SignIn) -> None:
    claim = ClaimFactory()
    client = sign_in("viewer")
    client.get(claim.get_absolute_url())

    assert queries_of(client, claim.get_absolute_url()) <= 9


@pytest.mark.parametrize("role", sorted(PERMISSIONS))
def test_pages_are_open_to_every_role(sign_in: SignIn, role: str) -> None:
    claim = ClaimFactory()
    client = sign_in(role)

    urls = [claim.get_absolute_url(), claim.revision.article.get_absolute_url()]

    assert [client.get(url).status_code for url in urls] == [200, 200]


def test_pages_are_closed_to_those_without_a_role(sign_in: SignIn) -> None:
    claim = ClaimFactory()
    client = sign_in()

    urls: list[Any] = [claim.get_absolute_url(), claim.revision.article.get_absolute_url()]

    assert [client.get(url).status_code for url in urls] == [403, 403]


def test_text_of_half_a_million_characters_is_shown_whole(sign_in: SignIn) -> None:
    text = ("Rents rose by four per cent in May, the ministry said. " * 10_000)[:500_000]
    revision = Revision.objects.get(pk=RevisionFactory(text=text).pk)

    page = sign_in("viewer").get(revision.article.get_absolute_url())

    assert text in page.text
