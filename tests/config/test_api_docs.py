import json
import re
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import get_resolver

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
    routes = get_resolver("config.urls").namespace_dict["api"][1].reverse_dict
    undescribed = {"docs", "schema", "root"}
    assert set(described["paths"]) == {
        re.sub(r"%\((\w+)\)s", r"{\1}", f"/api/v1/{shape}").replace("{pk}", "{id}")
        for name in routes
        if isinstance(name, str) and name not in undescribed
        for shape, _ in routes.getlist(name)[-1][0]
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
    assert len(operations) >= len(described["paths"])


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
