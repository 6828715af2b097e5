"""The lists of the admin: cheap however long, closed to those without permission, and safe to show."""

from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claims.admin import lists
from claims.admin.names import OutletForm
from claims.models import Article, Claim, Job
from config.roles import PERMISSIONS
from tests.factories import (
    ArticleFactory,
    ClaimFactory,
    JobFactory,
    OutletFactory,
    RevisionFactory,
    SpeakerFactory,
    UserFactory,
    acting,
)

SignIn = Callable[..., Client]
pytestmark = pytest.mark.django_db

LISTS = {
    "article": lambda: RevisionFactory(),
    "claim": lambda: ClaimFactory(),
    "job": lambda: JobFactory(failed=True),
    "outlet": lambda: OutletFactory(),
    "speaker": lambda: SpeakerFactory(),
}
HOSTILE = 'x" onmouseover="alert(1)<script>alert(2)</script>\u202e'


def url_of_list(model: str) -> str:
    return reverse(f"admin:claims_{model}_changelist")


def queries_of(client: Client, url: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


def plan_of_slowest(queries: CaptureQueriesContext, table: str) -> str:
    """How PostgreSQL reads the rows of the list: the plan of the query that selects them."""
    sql = next(
        query["sql"]
        for query in queries.captured_queries
        if query["sql"].startswith("SELECT")
        and f'FROM "{table}"' in query["sql"]
        and "ORDER BY" in query["sql"]
    )
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN " + sql)
        return "\n".join(line for (line,) in cursor.fetchall())


@pytest.mark.parametrize("model", LISTS)
@pytest.mark.parametrize("query", ["", "?q=jet"])
def test_list_costs_as_many_queries_for_three_rows_as_for_one(
    sign_in: SignIn, model: str, query: str
) -> None:
    client = sign_in("lead")
    url = url_of_list(model) + query
    LISTS[model]()
    client.get(url)  # what is read once for a process is read now

    one = queries_of(client, url)
    LISTS[model]()
    LISTS[model]()
    three = queries_of(client, url)

    assert one == three
    assert three <= 10


@pytest.mark.parametrize("model", LISTS)
def test_list_shows_its_rows(sign_in: SignIn, model: str) -> None:
    for _ in range(3):
        LISTS[model]()

    changelist = sign_in("viewer").get(url_of_list(model)).context["cl"]

    assert len(changelist.result_list) == 3


@pytest.mark.parametrize("model", LISTS)
def test_empty_list_says_so(sign_in: SignIn, model: str) -> None:
    page = sign_in("viewer").get(url_of_list(model)).text

    assert 'class="cc-empty"' in page
    assert "Add the first" not in page


def test_empty_list_of_articles_invites_those_who_may_to_add_one(sign_in: SignIn) -> None:
    page = sign_in("reviewer").get(url_of_list("article")).text

    assert f'href="{reverse("admin:claims_article_add")}">Add the first article</a>' in page


@pytest.mark.parametrize("model", ["article", "claim", "outlet", "speaker"])
def test_search_without_a_hit_shows_the_way_back(sign_in: SignIn, model: str) -> None:
    LISTS[model]()

    page = sign_in("viewer").get(url_of_list(model) + "?q=zeppelin").text

    assert "Nothing matches “zeppelin”." in page


@pytest.mark.parametrize("model", LISTS)
@pytest.mark.parametrize("role", sorted(PERMISSIONS))
def test_list_is_open_to_every_role(sign_in: SignIn, model: str, role: str) -> None:
    assert sign_in(role).get(url_of_list(model)).status_code == 200


@pytest.mark.parametrize("model", LISTS)
def test_list_is_closed_to_those_without_a_role(sign_in: SignIn, model: str) -> None:
    assert sign_in().get(url_of_list(model)).status_code == 403


@pytest.mark.parametrize("model", LISTS)
def test_list_is_closed_to_those_who_are_not_of_the_staff(sign_in: SignIn, model: str) -> None:
    answers = [client.get(url_of_list(model)) for client in (sign_in("lead", is_staff=False), Client())]

    assert [answer.url.split("?")[0] for answer in answers] == [reverse("admin:login")] * 2


@pytest.mark.parametrize("model", LISTS)
def test_nothing_can_be_deleted_even_by_a_superuser(model: str) -> None:
    client = Client()
    root = UserFactory(is_staff=True, is_superuser=True)
    client.force_login(root, backend="django.contrib.auth.backends.ModelBackend")
    LISTS[model]()
    url = url_of_list(model)
    row = client.get(url).context["cl"].result_list[0]

    by_page = client.post(reverse(f"admin:claims_{model}_delete", args=[row.pk]), {"post": "yes"})
    client.post(url, {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"})

    assert by_page.status_code == 403
    assert type(row)._base_manager.filter(pk=row.pk).exists()


def test_no_role_may_delete_anything_of_ours() -> None:
    deleting = Permission.objects.filter(
        content_type__app_label__in=["claims", "reviews"], codename__startswith="delete_", group__isnull=False
    )

    assert list(deleting) == []


def test_count_is_capped(sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lists, "COUNT_LIMIT", 2)
    for _ in range(3):
        ArticleFactory()

    page = sign_in("viewer").get(url_of_list("article"))

    assert page.context["cl"].result_count == 2
    assert "more than 2 articles" in " ".join(page.text.split())


@pytest.mark.parametrize("model", ["article", "claim", "job"])
def test_count_never_reads_more_than_its_limit(sign_in: SignIn, model: str) -> None:
    LISTS[model]()
    client = sign_in("viewer")

    with CaptureQueriesContext(connection) as queries:
        client.get(url_of_list(model))

    counts = [query["sql"] for query in queries if "COUNT(" in query["sql"] and "LIMIT" not in query["sql"]]
    assert [sql for sql in counts if "GROUP BY" not in sql] == []


@pytest.fixture
def many_rows() -> None:
    """Enough rows for PostgreSQL to prefer an index, with what the planner knows of them."""
    revision, outlet = RevisionFactory(), OutletFactory()
    run = ClaimFactory(revision=revision).engine_run
    user, snapshot = UserFactory(), revision.snapshot
    with acting():
        Article.objects.bulk_create(
            Article(outlet=outlet, canonical_url=f"https://a.example/{n}", title=f"Report {n} of many")
            for n in range(5000)
        )
    with acting():
        Claim.objects.bulk_create(
            Claim(
                revision=revision,
                engine_run=run,
                spans=[[0, 3]],
                content=revision.text[:3],
                sentence_start=0,
                sentence_end=10,
                statement=f"Statement {n} of many.",
                kind=Claim.Kind.OWN_VOICE,
                check_worthiness=0.5,
            )
            for n in range(5000)
        )
    with acting():
        Job.objects.bulk_create(
            Job(snapshot=snapshot, requested_by=user, request_sha256="0" * 64, given={}) for _ in range(5000)
        )
    with connection.cursor() as cursor:
        for index in ("article_search", "claim_search"):
            cursor.execute("SELECT gin_clean_pending_list(%s)", [index])  # as the next vacuum does
        cursor.execute("ANALYZE claims_article, claims_claim, claims_job, claims_revision, claims_outlet")


@pytest.mark.parametrize(
    ("model", "query", "index"),
    [
        ("article", "", "article_newest_first"),
        ("article", "?p=20", "article_newest_first"),
        ("article", "?q=4321", "article_search"),
        ("claim", "", "claim_newest_first"),
        ("claim", "?q=4321", "claim_search"),
        ("job", "", "job_newest_first"),
        ("job", "?state__exact=failed", "job_by_state"),
    ],
)
def test_list_is_read_by_its_index(
    sign_in: SignIn, many_rows: None, model: str, query: str, index: str
) -> None:
    client = sign_in("viewer")

    with CaptureQueriesContext(connection) as queries:
        client.get(url_of_list(model) + query)

    assert index in plan_of_slowest(queries, f"claims_{model}")


@pytest.mark.parametrize(
    ("model", "query"),
    [
        ("article", "?outlet=harbour"),
        ("claim", "?outlet=Harbour+Wi"),
        ("claim", "?speaker=JANE"),
        ("claim", "?kind__exact=direct"),
    ],
)
def test_filter_keeps_what_begins_with_the_name(sign_in: SignIn, model: str, query: str) -> None:
    wire = RevisionFactory(article=ArticleFactory(outlet=OutletFactory(name="Harbour Wire")))
    kept = ClaimFactory(revision=wire, speaker=SpeakerFactory(name="Jane Roe"), kind=Claim.Kind.DIRECT)
    ClaimFactory(speaker=SpeakerFactory(name="Not Jane"))

    changelist = sign_in("viewer").get(url_of_list(model) + query).context["cl"]

    assert list(changelist.result_list) == [{"article": wire.article, "claim": kept}[model]]
    assert changelist.has_active_filters


def test_filter_keeps_the_other_parameters_in_its_form(sign_in: SignIn) -> None:
    ClaimFactory()

    page = sign_in("viewer").get(url_of_list("claim") + "?kind__exact=direct&q=jet&speaker=Jane").text

    form = page[page.index('<form method="get" class="cc-typed-filter">') :].split("</form>")[0]
    assert '<input type="hidden" name="kind__exact" value="direct">' in form
    assert '<input type="hidden" name="q" value="jet">' in form
    assert 'name="speaker" value="Jane"' in form


@pytest.mark.parametrize("value", ["%00", "%00harbour", "%FF", "%27%20OR%201=1"])
def test_filter_survives_odd_values(sign_in: SignIn, value: str) -> None:
    assert sign_in("viewer").get(url_of_list("article") + f"?outlet={value}").status_code == 200


@pytest.mark.parametrize("model", ["article", "claim", "outlet", "speaker"])
def test_search_of_a_list_takes_a_word_without_end(sign_in: SignIn, model: str) -> None:
    assert sign_in("viewer").get(url_of_list(model), {"q": "x" * 6000}).status_code == 200


def test_names_are_searched_however_they_are_spelled(sign_in: SignIn) -> None:
    OutletFactory(name="Harbour Wire")
    OutletFactory(name="Orontes Daily")

    changelist = sign_in("viewer").get(url_of_list("outlet") + "?q=WIRE+harbour").context["cl"]

    assert [outlet.name for outlet in changelist.result_list] == ["Harbour Wire"]


def test_outlet_is_renamed_by_an_ingest_manager(sign_in: SignIn) -> None:
    outlet = OutletFactory(name="Harbor Wire")
    url = reverse("admin:claims_outlet_change", args=[outlet.pk])

    response = sign_in("ingest manager").post(url, {"name": " Harbour  Wire "})

    outlet.refresh_from_db()
    assert (response.status_code, outlet.name, outlet.key) == (302, "Harbour Wire", "harbour wire")


def test_outlet_keeps_its_name_when_another_has_it(sign_in: SignIn) -> None:
    outlet = OutletFactory(name="Harbor Wire")
    OutletFactory(name="Harbour Wire")

    page = sign_in("ingest manager").post(
        reverse("admin:claims_outlet_change", args=[outlet.pk]), {"name": "harbour wire"}
    )

    outlet.refresh_from_db()
    assert outlet.name == "Harbor Wire"
    assert "There is another outlet of the name “harbour wire”." in page.text


def test_outlet_whose_name_is_taken_after_the_form_had_looked_says_so(
    sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    outlet = OutletFactory(name="Harbor Wire")
    OutletFactory(name="Harbour Wire")
    monkeypatch.setattr(OutletForm, "clean_name", lambda form: form.cleaned_data["name"])
    url = reverse("admin:claims_outlet_change", args=[outlet.pk])

    page = sign_in("ingest manager").post(url, {"name": "harbour wire"}, follow=True)

    outlet.refresh_from_db()
    assert (page.redirect_chain, outlet.name) == ([(url, 302)], "Harbor Wire")
    assert "There is another outlet of the name “harbour wire”." in page.text


@pytest.mark.parametrize("role", ["viewer", "reviewer", "lead", "admin"])
def test_outlet_cannot_be_renamed_by_others(sign_in: SignIn, role: str) -> None:
    outlet = OutletFactory(name="Harbor Wire")

    answer = sign_in(role).post(reverse("admin:claims_outlet_change", args=[outlet.pk]), {"name": "Mine"})

    outlet.refresh_from_db()
    assert (answer.status_code, outlet.name) == (403, "Harbor Wire")


class Inline(HTMLParser):
    """What a strict content security policy would block in a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = dict(attrs)
        self.found += [f"{tag} {name}" for name in names if name.startswith("on") or name == "style"]
        if tag == "style" or (
            tag == "script" and "src" not in names and names.get("type") != "application/json"
        ):
            self.found.append(tag)
        if (names.get("href") or "").lower().startswith("javascript:"):
            self.found.append(f"{tag} javascript:")


def hostile_pages() -> dict[str, Any]:
    revision = RevisionFactory(
        text=f"{HOSTILE} said it.",
        byline=HOSTILE,
        credit=HOSTILE,
        article=ArticleFactory(title=HOSTILE, outlet=OutletFactory(name=HOSTILE)),
    )
    claim = ClaimFactory(
        revision=revision,
        spans=[[0, 20]],
        statement=HOSTILE,
        speaker=SpeakerFactory(name=HOSTILE),
        chain=[{"name": HOSTILE, "spans": []}] * 2,
        cue={"text": HOSTILE, "span": [20, 30]},
        unresolved=[HOSTILE],
        frame={"predicate": HOSTILE, "hedges": [HOSTILE]},
    )
    failed = JobFactory(failed=True, reason=HOSTILE, given={"title": HOSTILE, "url": ""})
    done = JobFactory(done=True, revision=revision)
    pages = {f"list of {model}": url_of_list(model) for model in LISTS}
    return pages | {
        "article": revision.article.get_absolute_url(),
        "claim": claim.get_absolute_url(),
        "failed job": failed.get_absolute_url(),
        "done job": done.get_absolute_url(),
        "queued job": JobFactory(given={"title": HOSTILE, "url": HOSTILE}).get_absolute_url(),
        "submit": reverse("admin:claims_article_add"),
        "outlet": reverse("admin:claims_outlet_change", args=[revision.article.outlet.pk]),
        "speaker": reverse("admin:claims_speaker_change", args=[claim.speaker.pk]),
        "search": url_of_list("claim") + "?q=%3Cscript%3E&outlet=%22%20onclick=x",
    }


def test_pages_hold_nothing_inline_whatever_they_show(sign_in: SignIn) -> None:
    client = sign_in("ingest manager")
    found = {}

    for name, url in hostile_pages().items():
        page = client.get(url)
        assert page.status_code == 200, name
        inline = Inline()
        inline.feed(page.text)
        found[name] = inline.found

    assert {name: inline for name, inline in found.items() if inline} == {}


class Bare(HTMLParser):
    """Text that turns the direction of what stands around it, since no `bdi` keeps it apart."""

    def __init__(self) -> None:
        super().__init__()
        self.tag = ""
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tag = tag

    def handle_data(self, data: str) -> None:
        if "\u202e" in data and self.tag not in ("bdi", "title"):
            self.found.append(data)


def test_pages_let_no_hidden_character_turn_the_text_around_it(sign_in: SignIn) -> None:
    client = sign_in("viewer")
    found = {}

    for name, url in hostile_pages().items():
        bare = Bare()
        bare.feed(client.get(url).text)
        found[name] = bare.found

    assert {name: bare for name, bare in found.items() if bare} == {}
