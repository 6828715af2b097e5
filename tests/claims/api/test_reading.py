"""What lists and rows of articles, claims, jobs, outlets and speakers hold, and how lists are narrowed."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from rest_framework.test import APIClient

from tests.factories import (
    NOW,
    ArticleFactory,
    ClaimFactory,
    JobFactory,
    OutletFactory,
    RevisionFactory,
    SpeakerFactory,
)

Api = Callable[..., APIClient]


def found(client: APIClient, name: str, /, **parameters: object) -> list[int]:
    response = client.get(f"/api/v1/{name}/", parameters)
    assert response.status_code == 200, response.content
    return [row["id"] for row in response.json()["results"]]


def moment(value: datetime) -> str:
    return value.isoformat().replace("+00:00", "Z")


# --- Articles


def test_article_comes_with_its_newest_text_and_its_revisions(api: Api) -> None:
    article = ArticleFactory(title="Jet shot down")
    first = RevisionFactory(article=article, number=1, text="It was shot down at six.")
    second = RevisionFactory(
        article=article,
        number=2,
        text="It was shot down at seven.",
        byline="Foreign desk",
        credit="Harbour Wire",
    )

    row = api("viewer").get(f"/api/v1/articles/{article.pk}/").json()

    revisions = row.pop("revisions")
    assert row == {
        "id": article.pk,
        "url": article.canonical_url,
        "title": "Jet shot down",
        "outlet": {"id": article.outlet.pk, "name": article.outlet.name},
        "published_at": "2017-06-19T18:52:00Z",
        "created_at": moment(article.created_at),
        "current_revision": second.pk,
        "text": "It was shot down at seven.",
    }
    assert [revision["id"] for revision in revisions] == [second.pk, first.pk]
    assert revisions[0] == {
        "id": second.pk,
        "number": 2,
        "title": "Jet shot down",
        "byline": "Foreign desk",
        "credit": "Harbour Wire",
        "language": "",
        "published_at": "2017-06-19T18:52:00Z",
        "published_text": "",
        "published_zone_assumed": False,
        "seen_at": moment(NOW),
        "text_sha256": second.text_sha256,
    }


def test_article_without_outlet_or_address_says_null(api: Api) -> None:
    article = ArticleFactory(outlet=None, canonical_url=None, pasted_sha256="0" * 64, published_at=None)

    [row] = api("viewer").get("/api/v1/articles/").json()["results"]

    assert (row["id"], row["outlet"], row["url"], row["published_at"]) == (article.pk, None, None, None)


def test_single_article_takes_a_fixed_number_of_statements(
    api: Api, django_assert_max_num_queries: Callable
) -> None:
    client, article = api("viewer"), ArticleFactory()
    for number in (1, 2, 3):
        RevisionFactory(article=article, number=number, text=f"It was shot down at {number}.")

    with django_assert_max_num_queries(4):
        row = client.get(f"/api/v1/articles/{article.pk}/").json()

    assert len(row["revisions"]) == 3


@pytest.mark.parametrize(
    ("parameters", "titles"),
    [
        ({"q": "jets"}, ["A jet is shot down"]),
        ({"q": '"shot down" -tank'}, ["A jet is shot down"]),
        ({"q": "jet or pilot"}, ["A pilot is missing", "A jet is shot down"]),
        ({"q": "harbour"}, []),
        ({"published_after": "2017-06-19T00:00:00Z"}, ["A pilot is missing", "A tank is shot down"]),
        ({"published_before": "2017-06-19T00:00:00Z"}, ["A jet is shot down"]),
        ({"published_after": "2017-06-19", "published_before": "2017-06-20"}, ["A tank is shot down"]),
        ({"url": "HTTPS://outlet.example:443/jet?utm_source=feed#top"}, ["A jet is shot down"]),
        ({"url": "https://outlet.example/other"}, []),
    ],
)
def test_articles_are_narrowed(api: Api, parameters: dict[str, str], titles: list[str]) -> None:
    ArticleFactory(
        title="A jet is shot down",
        published_at=datetime(2017, 6, 18, 18, tzinfo=UTC),
        canonical_url="https://outlet.example/jet",
    )
    ArticleFactory(title="A tank is shot down", published_at=datetime(2017, 6, 19, tzinfo=UTC))
    ArticleFactory(title="A pilot is missing", published_at=datetime(2017, 6, 20, tzinfo=UTC))

    rows = api("viewer").get("/api/v1/articles/", parameters).json()["results"]

    assert [row["title"] for row in rows] == titles


def test_articles_are_narrowed_by_outlet(api: Api) -> None:
    article, _other = ArticleFactory(), ArticleFactory()

    assert found(api("viewer"), "articles", outlet=article.outlet.pk) == [article.pk]


@pytest.mark.parametrize(
    "parameters",
    [
        {"outlet": "one"},
        {"outlet": "0"},
        {"outlet": str(2**63)},
        {"outlet": "9" * 5000},
        {"published_after": "soon"},
        {"published_after": "9999-12-31T23:59:60Z"},
        {"url": "not an address"},
        {"q": "a\0b"},
        {"q": "a" * 301},
    ],
)
def test_articles_refuse_malformed_parameters(api: Api, parameters: dict[str, str]) -> None:
    response = api("viewer").get("/api/v1/articles/", parameters)

    assert (response.status_code, response.json()["code"]) == (400, "invalid")
    assert [error["field"] for error in response.json()["errors"]] == list(parameters)


@pytest.mark.parametrize(
    "time", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "2017-06-19T00:00:00"]
)
def test_articles_take_times_at_the_edges(api: Api, time: str) -> None:
    assert found(api("viewer"), "articles", published_after=time, published_before=time) == []


# --- Claims


def test_claim_carries_all_that_leads_back_to_the_words(api: Api) -> None:
    claim = ClaimFactory(
        spans=[[23, 44], [51, 56]],
        sentence_end=54,
        statement="The coalition had shot down a jet.",
        speaker=SpeakerFactory(name="The coalition"),
        speaker_spans=[[0, 13]],
        chain=[{"name": "The coalition", "spans": [[0, 13]]}],
        cue={"text": "said", "span": [14, 18]},
        frame={"predicate": "shoot down", "agent": "the coalition", "negated": False},
        check_worthiness=0.75,
        unresolved=["it"],
    )
    article = claim.revision.article

    row = api("viewer").get(f"/api/v1/claims/{claim.pk}/").json()

    assert row == {
        "id": claim.pk,
        "statement": "The coalition had shot down a jet.",
        "content": claim.content,
        "spans": [[23, 44], [51, 56]],
        "sentence": [0, 54],
        "speaker": {"id": claim.speaker.pk, "name": "The coalition", "spans": [[0, 13]]},
        "chain": [{"name": "The coalition", "spans": [[0, 13]]}],
        "cue": {"text": "said", "span": [14, 18]},
        "kind": "indirect",
        "frame": {"predicate": "shoot down", "agent": "the coalition", "negated": False},
        "check_worthiness": 0.75,
        "unresolved": ["it"],
        "engine": {
            "name": claim.engine_run.engine,
            "version": claim.engine_run.engine_version,
            "run": claim.engine_run.pk,
            "is_current": True,
        },
        "successor": None,
        "article": {
            "id": article.pk,
            "url": article.canonical_url,
            "title": article.title,
            "outlet": {"id": article.outlet.pk, "name": article.outlet.name},
            "published_at": "2017-06-19T18:52:00Z",
        },
        "revision": claim.revision.pk,
        "created_at": moment(claim.created_at),
    }


def test_claim_in_the_outlets_own_voice_has_no_speaker(api: Api) -> None:
    ClaimFactory(speaker=None, kind="own_voice")

    [row] = api("viewer").get("/api/v1/claims/").json()["results"]

    assert (row["speaker"], row["cue"], row["kind"]) == (None, None, "own_voice")


def test_claims_are_narrowed(api: Api) -> None:
    client = api("viewer")
    first = ClaimFactory(
        statement="A jet fell.", check_worthiness=0.9, speaker=SpeakerFactory(name="Čeněk Ω")
    )
    second = ClaimFactory(
        statement="A tank burned.", check_worthiness=0.1, kind="direct", speaker=first.speaker
    )
    third = ClaimFactory(statement="A pilot walked.", speaker=None, kind="own_voice", revision=first.revision)

    narrowed = {
        query: found(client, "claims", **{query.partition("=")[0]: query.partition("=")[2]})
        for query in (
            f"speaker={first.speaker.pk}",
            "speaker_name=  čeněk   ω",
            "speaker_name=Nobody",
            f"outlet={second.revision.article.outlet.pk}",
            f"article={first.revision.article.pk}",
            f"revision={first.revision.pk}",
            "kind=direct",
            "min_check_worthiness=0.5",
            "q=jets fall or tank",
        )
    }

    assert list(narrowed.values()) == [
        [second.pk, first.pk],
        [second.pk, first.pk],
        [],
        [second.pk],
        [third.pk, first.pk],
        [third.pk, first.pk],
        [second.pk],
        [third.pk, first.pk],
        [second.pk],
    ]


@pytest.mark.parametrize("value", ["1.1", "-0.1", "nan", "inf", "1e400", "half"])
def test_claims_refuse_a_check_worthiness_that_is_none(api: Api, value: str) -> None:
    response = api("viewer").get("/api/v1/claims/", {"min_check_worthiness": value})

    assert (response.status_code, response.json()["errors"][0]["field"]) == (400, "min_check_worthiness")


# --- Jobs


def test_duplicate_job_names_its_article(api: Api) -> None:
    job = JobFactory(duplicate=True)

    row = api("viewer").get(f"/api/v1/jobs/{job.pk}/").json()

    assert (row["state"], row["stage"], row["article"]) == ("duplicate", "finished", job.article.pk)
    assert (row["reason_code"], row["reason"]) == ("duplicate", "The same text is already stored.")
    assert row["finished_at"] == moment(NOW)


def test_failed_job_says_why_and_may_be_retried(api: Api) -> None:
    job = JobFactory(failed=True)

    row = api("viewer").get(f"/api/v1/jobs/{job.pk}/").json()

    assert (row["state"], row["reason_code"], row["may_be_retried"]) == ("failed", "no_text", True)


def test_jobs_are_narrowed(api: Api) -> None:
    client = api("viewer")
    mine, other = JobFactory(requested_by=client.user), JobFactory(failed=True)

    assert found(client, "jobs", mine="true") == [mine.pk]
    assert found(client, "jobs", mine="false") == [other.pk]
    assert found(client, "jobs", state="failed") == [other.pk]
    assert found(client, "jobs", state="failed", mine="true") == []


# --- Outlets and speakers


def test_outlet_is_found_by_its_name_in_any_case(api: Api) -> None:
    client = api("viewer")
    outlet, _other = OutletFactory(name="The Meridian Post"), OutletFactory()

    assert found(client, "outlets", name="the  meridian POST") == [outlet.pk]
    assert client.get(f"/api/v1/outlets/{outlet.pk}/").json() == {
        "id": outlet.pk,
        "name": "The Meridian Post",
        "homepage_url": "",
        "created_at": moment(outlet.created_at),
    }


def test_speaker_is_found_by_their_name_in_any_case(api: Api) -> None:
    client = api("viewer")
    speaker, _other = SpeakerFactory(name="Defence Ministry"), SpeakerFactory()

    assert found(client, "speakers", name="defence ministry") == [speaker.pk]
    assert client.get(f"/api/v1/speakers/{speaker.pk}/").json() == {
        "id": speaker.pk,
        "name": "Defence Ministry",
        "created_at": moment(speaker.created_at),
    }
