"""That the pages of lists come out of indexes in their order, however deep and narrowed."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from factory.django import DjangoModelFactory
from rest_framework.test import APIClient

from tests.factories import (
    ArticleFactory,
    ClaimFactory,
    JobFactory,
    OutletFactory,
    QuestionFactory,
    SpeakerFactory,
)

Api = Callable[..., APIClient]
ROWS = 20_000


def copy_rows(table: str, **columns: str) -> None:
    """Copy the one row of `table` until there are ROWS more, with these SQL expressions over `n` from 1."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name FROM information_schema.columns"
            " WHERE table_name = %s AND is_generated = 'NEVER' AND column_name <> 'id'",
            [table],
        )
        names = [name for (name,) in cursor.fetchall()]
        values = [columns.get(name, f'"{name}"') for name in names]
        cursor.execute(
            "SELECT set_config('crossclaim.' || name, '1', true)"
            " FROM unnest(ARRAY['actor_id', 'actor', 'action', 'reason']) AS name"
        )
        cursor.execute(
            f"INSERT INTO {table} ({', '.join(names)})"
            f" SELECT {', '.join(values)} FROM {table}, generate_series(1, {ROWS}) AS n"
        )
        cursor.execute(f"ANALYZE {table}")


def settle_search(index: str) -> None:
    """Bring waiting entries of a search index into it, as autovacuum would."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT gin_clean_pending_list(%s)", [index])


def plan_of(client: APIClient, address: str, *, table: str, ordered_by: str = "") -> list[str]:
    """The steps by which PostgreSQL finds the page's rows: "Index Scan claim_newest_first", "Sort".

    A deep page is found "from a place": its cursor is what the index is entered with, not a filter.
    `ordered_by` is the table whose steps are told, where another one gives the order.
    """
    with CaptureQueriesContext(connection) as captured:
        response = client.get(address)
    assert response.status_code == 200, response.content
    statements = [query["sql"] for query in captured]
    [sql] = [sql for sql in statements if f' FROM "{table}" ' in sql and " LIMIT " in sql]
    assert "COUNT(*)" not in "".join(statements)
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}")
        [(explained,)] = cursor.fetchall()
    return list(steps(explained[0]["Plan"], table=ordered_by or table))


def steps(node: dict[str, Any], *, table: str) -> Iterator[str]:
    if node.get("Parent Relationship") in ("SubPlan", "InitPlan"):
        return  # what is counted for a row that has been found
    kind = node["Node Type"]
    if "Sort" in kind or node.get("Relation Name") == table or kind == "Bitmap Index Scan":
        begins = " from a place" if re.search(" [<>] ", node.get("Index Cond", "")) else ""
        yield f"{kind} {node.get('Index Name', '')}{begins}".strip()
    for child in node.get("Plans", []):
        yield from steps(child, table=table)


def deep_page(client: APIClient, address: str) -> str:
    """The address of the page that is 20 pages in."""
    for _ in range(20):
        page = client.get(address).json()
        address = page["next"]
    return address


def test_pages_of_claims_come_out_of_indexes(api: Api) -> None:
    client, claim = api("viewer"), ClaimFactory(statement="A first statement.")
    speakers = [SpeakerFactory() for _ in range(20)]
    copy_rows(
        "claims_claim",
        statement="'A statement about ' || (CASE WHEN n % 500 = 0 THEN 'harbours' ELSE 'jets' END) || n",
        speaker_id=f"{speakers[0].pk} + n % 20",
        created_at="created_at - n / 3 * interval '1 second'",
    )
    settle_search("claim_search")
    deep = deep_page(client, "/api/v1/claims/?limit=100")

    plans = {
        address: plan_of(client, address, table="claims_claim")
        for address in (
            "/api/v1/claims/",
            deep,
            client.get(deep).json()["previous"],
            f"/api/v1/claims/?speaker={speakers[3].pk}",
            f"/api/v1/claims/?speaker_name={speakers[3].name}",
            deep_page(client, f"/api/v1/claims/?limit=20&speaker={speakers[3].pk}"),
            "/api/v1/claims/?kind=indirect",
            "/api/v1/claims/?q=harbours",
            f"/api/v1/claims/{claim.pk}/",
        )
    }

    assert list(plans.values()) == [
        ["Index Scan claim_newest_first"],
        ["Index Scan claim_newest_first from a place"],
        ["Index Scan claim_newest_first from a place"],
        ["Index Scan claim_by_speaker"],
        ["Index Scan claim_by_speaker"],
        ["Index Scan claim_by_speaker from a place"],
        ["Index Scan claim_newest_first"],
        ["Sort", "Bitmap Heap Scan", "Bitmap Index Scan claim_search"],
        ["Index Scan claims_claim_pkey"],
    ]


def test_pages_of_articles_come_out_of_indexes(api: Api) -> None:
    client, article = api("viewer"), ArticleFactory(title="A first title")
    copy_rows(
        "claims_article",
        title="'A title about ' || (CASE WHEN n % 500 = 0 THEN 'harbours' ELSE 'jets' END) || n",
        canonical_url="canonical_url || n",
        created_at="created_at - n / 3 * interval '1 second'",
    )
    settle_search("article_search")

    plans = [
        plan_of(client, address, table="claims_article")
        for address in (
            "/api/v1/articles/",
            deep_page(client, "/api/v1/articles/?limit=100"),
            "/api/v1/articles/?q=harbours",
            f"/api/v1/articles/?url={article.canonical_url}",
        )
    ]

    assert plans == [
        ["Index Scan article_newest_first"],
        ["Index Scan article_newest_first from a place"],
        ["Sort", "Bitmap Heap Scan", "Bitmap Index Scan article_search"],
        ["Sort", "Index Scan one_article_per_canonical_url"],
    ]


def test_pages_of_jobs_come_out_of_indexes(api: Api) -> None:
    client = api("viewer")
    JobFactory(failed=True)
    copy_rows(
        "claims_job",
        # One in a thousand failed, so that finding those by walking through all would be slow.
        state="CASE WHEN n % 1000 = 0 THEN 'failed' ELSE 'quarantined' END",
        created_at="created_at - n / 3 * interval '1 second'",
    )

    plans = [
        plan_of(client, address, table="claims_job")
        for address in (
            "/api/v1/jobs/",
            deep_page(client, "/api/v1/jobs/?limit=100"),
            "/api/v1/jobs/?state=failed",
            deep_page(client, "/api/v1/jobs/?state=failed&limit=1"),
        )
    ]

    assert plans == [
        ["Index Scan job_newest_first"],
        ["Index Scan job_newest_first from a place"],
        ["Index Scan job_by_state"],
        ["Index Scan job_by_state from a place"],
    ]


def test_pages_of_questions_come_out_of_indexes(api: Api) -> None:
    client = api("viewer")
    QuestionFactory()
    copy_rows(
        "reviews_question",
        wording="'Where were the ' || (CASE WHEN n % 500 = 0 THEN 'harbours' ELSE 'jets' END) || n || '?'",
        state="CASE WHEN n % 1000 = 0 THEN 'proposed' ELSE 'open' END",
        opened_at="opened_at - n / 3 * interval '1 second'",
    )
    settle_search("question_search")

    plans = [
        plan_of(client, address, table="reviews_question")
        for address in (
            "/api/v1/questions/",
            deep_page(client, "/api/v1/questions/?limit=100"),
            "/api/v1/questions/?state=proposed",
            "/api/v1/questions/?q=harbours",
        )
    ]

    assert plans == [
        ["Index Scan question_newest_first"],
        ["Index Scan question_newest_first from a place"],
        ["Index Scan question_by_state"],
        ["Sort", "Bitmap Heap Scan", "Bitmap Index Scan question_search"],
    ]


def test_pages_of_the_most_contested_questions_come_out_of_the_index_of_tallies(api: Api) -> None:
    client = api("viewer")
    QuestionFactory()
    copy_rows("reviews_question")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO reviews_questiontally"
            " (question_id, claims, suggested, outlets, origins, answered, opposed_outlets, opposed_origins)"
            " SELECT id, 9, 0, 9, id % 7, 2, id % 5, id % 3 FROM reviews_question"
        )
        cursor.execute("ANALYZE reviews_questiontally")

    plans = [
        plan_of(client, address, table="reviews_question", ordered_by="reviews_questiontally")
        for address in (
            "/api/v1/questions/?order=contested",
            deep_page(client, "/api/v1/questions/?order=contested&limit=100"),
        )
    ]

    assert plans == [
        ["Index Only Scan most_contested_first"],
        ["Index Only Scan most_contested_first from a place"],
    ]


@pytest.mark.parametrize(("name", "make"), [("outlets", OutletFactory), ("speakers", SpeakerFactory)])
def test_pages_of_names_come_out_of_the_primary_key(
    api: Api, name: str, make: type[DjangoModelFactory]
) -> None:
    client, row = api("viewer"), make()
    table = row._meta.db_table
    copy_rows(table, name="name || n", key="key || n")

    plans = [
        plan_of(client, address, table=table)
        for address in (f"/api/v1/{name}/", deep_page(client, f"/api/v1/{name}/?limit=100"))
    ]

    assert plans == [[f"Index Scan {table}_pkey"], [f"Index Scan {table}_pkey from a place"]]
