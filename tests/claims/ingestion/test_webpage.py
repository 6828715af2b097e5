"""HTML pages. All of them are written for these tests."""

import json
from datetime import UTC, datetime

import pytest

from claims.ingestion.page import Given, ReadablePage
from claims.ingestion.webpage import read_webpage

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
SENTENCES = [
    "The bridge over the Lede was closed on Monday after the river rose by two metres, the mayor said.",
    "“Nobody was hurt, and nobody was on it,” Ann Bell told reporters at the town hall.",
    "It will be open again by May, when the new pier is to be finished, according to the county.",
]
REPORT = "\n\n".join(SENTENCES)
BODY = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)
NEWS_ARTICLE = {
    "@context": "https://schema.org",
    "@type": "NewsArticle",
    "headline": "Bridge closed after flood",
    "datePublished": "2020-02-03T10:00:00+02:00",
    "dateModified": "2020-02-05T10:00:00+02:00",
    "author": [{"@type": "Person", "name": "Jan Reed"}, {"@type": "Person", "name": "Mia Cole"}],
    "publisher": {"@type": "Organization", "name": "River Post"},
    "inLanguage": "en-GB",
    "url": "https://riverpost.example/bridge",
}
EXPECTED = ReadablePage(
    text=REPORT,
    title="Bridge closed after flood",
    byline="Jan Reed, Mia Cole",
    outlet="River Post",
    canonical_url="https://riverpost.example/bridge",
    published_at=datetime(2020, 2, 3, 8, 0, tzinfo=UTC),
    published_text="2020-02-03T10:00:00+02:00",
    zone_assumed=False,
    language="en-GB",
)


def page(head="", body=BODY, *, language=""):
    return f"<!doctype html><html lang='{language}'><head>{head}</head><body>{body}</body></html>"


def json_ld(value, before="", after=""):
    source = value if isinstance(value, str) else json.dumps(value)
    return f'<script type="application/ld+json">{before}{source}{after}</script>'


@pytest.mark.parametrize(
    "head",
    [
        json_ld(NEWS_ARTICLE),
        json_ld([{"@type": "BreadcrumbList"}, NEWS_ARTICLE]),
        json_ld(
            {"@context": "https://schema.org", "@graph": [{"@type": "WebSite", "name": "X"}, NEWS_ARTICLE]}
        ),
        json_ld({key: value for key, value in NEWS_ARTICLE.items() if key != "@context"}),
        json_ld(NEWS_ARTICLE | {"@type": ["Article", "ReportageNewsArticle"]}),
        json_ld(NEWS_ARTICLE, before="\n<!--\n", after="\n-->\n"),
        json_ld(NEWS_ARTICLE, before="//<![CDATA[\n", after="\n//]]>"),
        json_ld(json.dumps(NEWS_ARTICLE).replace("after flood", "after\tflood")),
        json_ld("{not json") + json_ld(NEWS_ARTICLE),
        json_ld("[" * 100_000) + json_ld(NEWS_ARTICLE),
        json_ld(NEWS_ARTICLE | {"author": "Jan Reed, Mia Cole", "publisher": "River Post"}),
    ],
    ids=[
        "plain",
        "in_a_list",
        "in_a_graph",
        "without_context",
        "two_types",
        "in_a_comment",
        "in_cdata",
        "raw_tab",
        "after_broken",
        "after_a_bomb",
        "names_as_text",
    ],
)
def test_metadata_is_read_from_json_ld_as_it_is_found_in_pages(head):
    assert read_webpage(page(head), now=NOW) == EXPECTED


def test_metadata_is_read_from_metas_where_there_is_no_json_ld():
    head = """
        <title>Bridge closed after flood | River Post</title>
        <meta property="og:site_name" content="River Post"><meta property="og:locale" content="en_GB">
        <meta name="author" content="By Jan Reed, Mia Cole">
        <meta property="article:published_time" content="2020-02-03T10:00:00+02:00">
        <link rel="canonical" href="https://riverpost.example/bridge?utm_source=x">
    """

    assert read_webpage(page(head), now=NOW) == EXPECTED


def test_json_ld_goes_before_metas():
    head = (
        json_ld(NEWS_ARTICLE)
        + """
        <meta property="og:title" content="You will not believe this bridge">
        <meta name="author" content="Desk"><meta name="date" content="2020-02-09">
    """
    )

    assert read_webpage(page(head), now=NOW) == EXPECTED


def test_headline_date_and_buttons_in_the_page_are_not_left_in_the_text():
    body = f"""
        <nav><a href="/">Home</a> <a href="/world">World</a></nav>
        <article><h1>Bridge closed after flood</h1><p>3 February 2020 10:15 GMT</p><p>Share</p>{BODY}
        <p>Read more: Ten bridges that fell</p></article>
        <footer>© 2020 River Post</footer>
    """

    assert read_webpage(page(body=body), now=NOW) == ReadablePage(
        text=REPORT,
        title="Bridge closed after flood",
        published_at=datetime(2020, 2, 3, 10, 15, tzinfo=UTC),
        published_text="3 February 2020 10:15 GMT",
    )


@pytest.mark.parametrize(
    ("mark", "published_at", "text", "zone_assumed"),
    [
        (
            "<time datetime='2020-02-03T10:15:00Z'>Monday</time>",
            datetime(2020, 2, 3, 10, 15, tzinfo=UTC),
            "2020-02-03T10:15:00Z",
            False,
        ),
        ("<time>3 February 2020</time>", datetime(2020, 2, 3, tzinfo=UTC), "3 February 2020", True),
        ("<time datetime=2020-02-03></time><time datetime=2019-01-01></time>", None, "", False),
        (
            "<time datetime=2019-01-01></time><article><time datetime=2020-02-03></time></article>",
            datetime(2020, 2, 3, tzinfo=UTC),
            "2020-02-03",
            True,
        ),
        (
            "<div class=date>Published 3 February 2020</div>",
            datetime(2020, 2, 3, tzinfo=UTC),
            "2020-02-03T00:00:00",
            True,
        ),
        (
            "<span itemprop=datePublished content=2020-02-03>x</span><time datetime=2019-01-01></time>",
            datetime(2020, 2, 3, tzinfo=UTC),
            "2020-02-03",
            True,
        ),
        ("<meta name=date content='1 January 9999'>", None, "1 January 9999", False),
        ("<meta name=date content='0000-00-00'>", None, "0000-00-00", False),
        ("<meta name=date content='&#0;\x01nonsense'>", None, "\ufffdnonsense", False),
        ("", None, "", False),
    ],
    ids=[
        "time",
        "time_as_text",
        "several",
        "first_in_the_article",
        "shown_only",
        "marked",
        "year_9999",
        "year_0",
        "nonsense",
        "none",
    ],
)
def test_date_is_taken_from_what_the_page_marks_as_one(mark, published_at, text, zone_assumed):
    read = read_webpage(page(body=f"<div>{mark}</div><article>{BODY}</article>"), now=NOW)

    assert (read.published_at, read.published_text, read.zone_assumed) == (published_at, text, zone_assumed)


def test_a_date_in_running_text_is_that_of_an_event():
    body = (
        BODY
        + "<p>The first bridge there was opened on 19 June 1907, and closed on 3 May 2011 for repairs.</p>"
    )

    assert read_webpage(page(body=body), now=NOW).published_at is None


@pytest.mark.parametrize(
    ("head", "body", "credit"),
    [
        ("", "<p>LEDE, Feb 3 (Northline Wire) - " + BODY.removeprefix("<p>"), "Northline Wire"),
        ("<meta name=author content='Associated Press'>", BODY, "AP"),
        (json_ld(NEWS_ARTICLE | {"sourceOrganization": {"name": "Reuters"}}), BODY, "Reuters"),
        (json_ld(NEWS_ARTICLE | {"creditText": "Northline Wire"}), BODY, "Northline Wire"),
        (json_ld(NEWS_ARTICLE | {"sourceOrganization": {"name": "River Post"}}), BODY, ""),
    ],
    ids=["dateline", "byline", "source_organisation", "credit_text", "the_outlet_itself"],
)
def test_wire_credit_is_read_from_words_and_metadata(head, body, credit):
    assert read_webpage(page(head, body), now=NOW).credit == credit


@pytest.mark.parametrize(
    "body",
    [
        "<p>The dam broke.</p>",
        "<p>The dam broke.",
        "The dam broke.",
        "<div>The dam broke.</div>",
        "<nav><a href=/>Home</a></nav><article><h1>Dam</h1><p>The dam broke.</p></article>",
    ],
)
def test_dispatch_of_one_sentence_is_read(body):
    assert read_webpage(page(body=body), now=NOW).text == "The dam broke."


@pytest.mark.parametrize(
    "html",
    [
        "<html><body><div id=app></div><script>start('The dam broke at noon.')</script></body></html>",
        "<script>document.write('The dam broke at noon, officials said on Monday.')</script>",
        "<noscript>Enable JavaScript to run this app.</noscript><div id=root></div><script>x()</script>",
        "<style>p { color: red }</style>",
        "<!-- The dam broke at noon. -->",
        "<",
        "<html></html>",
        "<nav><a href=/>Home</a><a href=/world>World</a></nav>",
    ],
)
def test_page_without_prose_has_no_text(html):
    assert read_webpage(html, now=NOW).text == ""


def test_what_the_submitter_gave_wins():
    given = Given(title="Lede bridge shut", byline="Ida Moss", outlet="Ford Echo", published_at=NOW)

    read = read_webpage(page(json_ld(NEWS_ARTICLE)), now=NOW, given=given)

    assert (read.title, read.byline, read.outlet, read.published_at, read.text) == (
        "Lede bridge shut",
        "Ida Moss",
        "Ford Echo",
        NOW,
        REPORT,
    )


def test_same_page_can_be_read_any_number_of_times():
    html = page(json_ld(NEWS_ARTICLE))

    assert [read_webpage(html, now=NOW) for _ in range(6)] == [EXPECTED] * 6


def test_a_page_of_another_host_cannot_pass_for_this_one():
    read = read_webpage(page(json_ld(NEWS_ARTICLE)), now=NOW, url="https://other.example/copy?utm_source=x")

    assert read.canonical_url == "https://other.example/copy"
