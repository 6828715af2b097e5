"""Search from the box in the header: every kind, by index, whatever is typed and however hostile the text."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from claims.models import Article, Claim, Speaker, folded
from config import search
from config.search import Marker
from reviews.models import Question
from tests.factories import (
    ArticleFactory,
    ClaimFactory,
    QuestionFactory,
    RevisionFactory,
    SpeakerFactory,
    UserFactory,
    acting,
)

pytestmark = pytest.mark.django_db
Find = Callable[..., HttpResponse]
ROWS = 5000
HOSTILE = '<script>alert("drone")</script> drone & <b onclick=x>drone</b> \u202e drone'


@pytest.fixture
def find() -> Find:
    """`find("drone")` is the page of what a viewer finds, `find("drone", roles=[])` of someone in no role."""

    def found(words: str, roles: tuple[str, ...] = ("viewer",)) -> HttpResponse:
        client = Client()
        user = UserFactory(is_staff=True, roles=list(roles))
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        page = client.get("/admin/search/", {"q": words})
        assert page.status_code == 200
        return page

    return found


def titles(page: HttpResponse) -> dict[str, list[str]]:
    return {
        group.title: ["".join(text for text, _ in hit.pieces) for hit in group.hits]
        for group in page.context["groups"]
    }


def test_search_finds_every_kind_in_groups(find: Find) -> None:
    QuestionFactory(wording="Who flew the drone?")
    ClaimFactory(statement="The drone fell into the harbour.")
    ArticleFactory(title="Drone over the harbour")
    SpeakerFactory(name="Drone Watch")
    ArticleFactory(title="Something else")

    assert titles(find("drones")) == {
        "Questions": ["Who flew the drone?"],
        "Claims": ["The drone fell into the harbour."],
        "Articles": ["Drone over the harbour"],
        "Speakers": ["Drone Watch"],
    }


def test_words_are_marked_as_they_stand_in_the_text(find: Find) -> None:
    ArticleFactory(title="Drones, a drone and its pilot")

    page = find("drone pilots").text

    assert "<mark>Drones</mark>, a <mark>drone</mark> and its <mark>pilot</mark></a>" in page


def test_claim_found_by_its_own_words_shows_them(find: Find) -> None:
    ClaimFactory(statement="It was the coalition.")

    page = find("resafa").text

    assert "It was the coalition.</a>" in page
    assert "<mark>Resafa</mark>" in page


def test_question_is_found_by_its_event_and_says_where_it_stands(find: Find) -> None:
    QuestionFactory(
        wording="Who lit it?",
        event="Harbour fire",
        state=Question.State.PROPOSED,
        resolution=Question.Resolution.CONTESTED,
    )
    QuestionFactory(event="Harbour fire", is_evolving=True)
    into = QuestionFactory()
    QuestionFactory(
        event="Harbour fire", state=Question.State.MERGED, merged_into=into, state_reason="The same."
    )

    page = find("harbour")

    [group] = page.context["groups"]
    assert [hit.badges for hit in group.hits] == [
        [("Open", ""), ("evolving", "is-info")],
        [("Proposed", ""), ("contested", "is-warn")],
    ]
    assert page.text.count('<span class="cc-excerpt"><mark>Harbour</mark> fire</span>') == 2
    assert "0 claims, 0 outlets, 0 origins" in page.text


def test_hostile_text_is_escaped_and_whole(find: Find) -> None:
    QuestionFactory(wording=f"{HOSTILE}?", event=HOSTILE)
    ClaimFactory(statement=HOSTILE, speaker__name=HOSTILE, revision__article__title=HOSTILE)

    page = find("drone")

    assert {title for found in titles(page).values() for title in found} == {HOSTILE, f"{HOSTILE}?"}
    assert "<script>alert" not in page.text
    assert "<b onclick" not in page.text
    assert "&lt;/script&gt; <mark>drone</mark> &amp; &lt;b" in page.text
    assert page.text.count("\u202e") == page.text.count("\u202e</bdi>")


@pytest.mark.parametrize(
    "words",
    [
        "",
        "   ",
        "\x00",
        "drone\x00",
        "'",
        '"',
        '"drone',
        "& | ! <-> :* ( )",
        "drone:*",
        "-",
        "--",
        "-drone",
        "or",
        "or or or",
        "the of and",
        "\\",
        "%00",
        "\u202e",
        "x" * 5000,
        "漢" * 3000,
        "a b " * 2000,
        "'; DROP TABLE claims_claim; --",
        "<script>alert(1)</script>",
        "😀",
    ],
)
def test_search_takes_whatever_is_typed(find: Find, words: str) -> None:
    ArticleFactory(title="Drone over the harbour")

    page = find(words)

    assert "<script>alert" not in page.text


@pytest.mark.parametrize("path", ["?q=%FF%FE", "?q=%ED%A0%80", "?q[]=1", "?p=1", ""])
def test_search_takes_whatever_address_it_is_asked_at(path: str) -> None:
    client = Client()
    user = UserFactory(is_staff=True, roles=["viewer"])
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")

    assert client.get(f"/admin/search/{path}").status_code == 200


def test_search_without_words_says_how(find: Find) -> None:
    page = find("")

    assert page.context["groups"] == []
    assert "Type what you look for" in page.text


def test_search_without_a_hit_says_what_to_try(find: Find) -> None:
    page = find("zeppelin").text

    assert "Nothing found with “zeppelin”" in page
    assert "Try fewer or other words." in page


@pytest.mark.parametrize(("rows", "said"), [(5, None), (6, "All 6 articles"), (25, "All 20+ articles")])
def test_group_shows_the_first_and_leads_to_the_list(find: Find, rows: int, said: str | None) -> None:
    for n in range(rows):
        ArticleFactory(title=f"Drone {n} & more")

    page = find("drone & more")

    [group] = page.context["groups"]
    assert [hit.pieces[0] for hit in group.hits] == [("Drone", True)] * 5
    assert (said in page.text) if said else ("All " not in page.text.split('id="content"')[1])
    link = 'href="/admin/claims/article/?q=drone+%26+more"'
    assert (link in page.text) == (said is not None)


def test_search_leaves_out_what_one_may_not_see(find: Find) -> None:
    QuestionFactory(wording="Who flew the drone?")
    ClaimFactory(statement="The drone fell.")

    assert titles(find("drone", roles=())) == {}


def test_search_is_closed_to_those_who_are_not_of_the_staff() -> None:
    answer = Client().get("/admin/search/?q=drone")

    assert answer.status_code == 302
    assert answer.url.startswith("/admin/login/")


def test_search_costs_as_many_queries_for_many_hits_as_for_one(find: Find) -> None:
    def fill() -> None:
        QuestionFactory(wording="Who flew the drone?")
        ClaimFactory(statement="The drone fell.", revision=RevisionFactory(article__title="Drone"))

    fill()
    find("drone")  # what is read once for a process is read now
    with CaptureQueriesContext(connection) as one:
        find("drone")
    for _ in range(4):
        fill()
    with CaptureQueriesContext(connection) as five:
        find("drone")

    assert len(five) == len(one)


def test_search_reads_its_indexes(find: Find) -> None:
    revision = RevisionFactory()
    claim = ClaimFactory(revision=revision)
    with acting():
        Article.objects.bulk_create(
            Article(
                outlet=revision.article.outlet, canonical_url=f"https://a.example/{n}", title=f"Report {n}"
            )
            for n in range(ROWS)
        )
    with acting():
        Claim.objects.bulk_create(
            Claim(
                revision=revision,
                engine_run=claim.engine_run,
                spans=[[0, 3]],
                content=revision.text[:3],
                sentence_start=0,
                sentence_end=10,
                statement=f"Statement {n}.",
                kind=Claim.Kind.OWN_VOICE,
                check_worthiness=0.5,
            )
            for n in range(ROWS)
        )
    with acting():
        Speaker.objects.bulk_create(
            Speaker(name=f"Officer {n}", key=folded(f"Officer {n}")) for n in range(ROWS)
        )
    with connection.cursor() as cursor:
        for index in ("article_search", "claim_search", "speaker_search"):
            cursor.execute("SELECT gin_clean_pending_list(%s)", [index])
        cursor.execute("ANALYZE claims_article, claims_claim, claims_speaker, claims_revision")

    with CaptureQueriesContext(connection) as captured:
        find("4321")

    plans = {}
    for table in ("article", "claim", "speaker"):
        [sql] = [
            query["sql"]
            for query in captured
            if f'FROM "claims_{table}"' in query["sql"] and "@@" in query["sql"]
        ]
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN {sql}")
            plans[table] = "\n".join(line for (line,) in cursor.fetchall())
    assert {table for table, plan in plans.items() if f"{table}_search" in plan} == set(plans)


def test_marks_of_a_text_cannot_be_forged() -> None:
    marker = Marker("drone")

    assert marker.pieces("a <b>drone</b>") == [("a <b>drone</b>", False)]
    assert Marker("drone")._begin != marker._begin


def test_box_stands_on_every_page_of_the_admin(find: Find) -> None:
    assert 'value="drone &amp; &quot;jet&quot;"' in find('drone & "jet"').text
    assert search.clean(" drone \x00 jet ") == "drone jet"
