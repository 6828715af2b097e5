import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client

from config.problems import PROBLEMS

OPENAPI_FILE = Path(__file__).resolve().parent.parent.parent / "docs" / "openapi.yaml"


def test_openapi_file_is_valid_and_current() -> None:
    generated = StringIO()

    call_command("spectacular", "--validate", "--fail-on-warn", stdout=generated)

    assert OPENAPI_FILE.read_text() == generated.getvalue(), (
        "The API has changed: manage.py spectacular --validate --fail-on-warn --file docs/openapi.yaml"
    )


def test_schema_is_served_without_a_token(client: Client) -> None:
    response = client.get("/api/v1/schema/")

    described = json.loads(response.content)
    assert (response.status_code, described["openapi"]) == (200, "3.1.1")
    assert response["Content-Type"] == "application/vnd.oai.openapi+json"
    assert set(described["paths"]) == {
        "/api/v1/articles/",
        "/api/v1/articles/{id}/",
        "/api/v1/articles/{id}/engine-runs/",
        "/api/v1/articles/{id}/reextract/",
        "/api/v1/claims/",
        "/api/v1/claims/{id}/",
        "/api/v1/claims/{id}/origin/",
        "/api/v1/jobs/",
        "/api/v1/jobs/{id}/",
        "/api/v1/jobs/{id}/retry/",
        "/api/v1/outlets/",
        "/api/v1/outlets/{id}/",
        "/api/v1/placements/",
        "/api/v1/placements/{id}/confirm/",
        "/api/v1/placements/{id}/reject/",
        "/api/v1/positions/{id}/compatible/",
        "/api/v1/positions/{id}/competing/",
        "/api/v1/positions/{id}/merge/",
        "/api/v1/positions/{id}/remove/",
        "/api/v1/positions/{id}/reword/",
        "/api/v1/positions/{id}/split/",
        "/api/v1/questions/",
        "/api/v1/questions/{id}/",
        "/api/v1/questions/{id}/changes/",
        "/api/v1/questions/{id}/changes/{change_id}/undo/",
        "/api/v1/questions/{id}/confirm/",
        "/api/v1/questions/{id}/dismiss/",
        "/api/v1/questions/{id}/merge/",
        "/api/v1/questions/{id}/open/",
        "/api/v1/questions/{id}/positions/",
        "/api/v1/questions/{id}/reject-claim/",
        "/api/v1/questions/{id}/reword/",
        "/api/v1/questions/{id}/split/",
        "/api/v1/speakers/",
        "/api/v1/speakers/{id}/",
    }


def test_every_operation_says_what_its_problems_look_like(client: Client) -> None:
    described = json.loads(client.get("/api/v1/schema/").content)

    problems = {
        json.dumps(operation["responses"]["default"]["content"])
        for item in described["paths"].values()
        for operation in item.values()
    }
    assert problems == {'{"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}'}


@pytest.mark.django_db
def test_docs_page_shows_every_operation_shape_and_problem(client: Client) -> None:
    described = json.loads(client.get("/api/v1/schema/").content)

    page = client.get("/api/v1/docs/").content.decode()

    operations = [operation for item in described["paths"].values() for operation in item.values()]
    anchors = {
        *(operation["operationId"] for operation in operations),
        *(
            f"shape-{name}"
            for name, shape in described["components"]["schemas"].items()
            if "properties" in shape
        ),
        *(f"problem-{code}" for code in PROBLEMS),
    }
    assert {anchor for anchor in anchors if f'id="{anchor}"' not in page} == set()
    assert len(operations) == 39


@pytest.mark.django_db
def test_docs_page_links_only_to_what_is_on_it(client: Client) -> None:
    page = client.get("/api/v1/docs/").content.decode()

    targets = set(page.split('href="#')[1:])
    assert {
        name for name in (target.partition('"')[0] for target in targets) if f'id="{name}"' not in page
    } == set()


@pytest.mark.django_db
def test_api_root_leads_to_the_docs(client: Client) -> None:
    response = client.get("/api/v1/")

    assert (response.status_code, response["Location"]) == (302, "/api/v1/docs/")
