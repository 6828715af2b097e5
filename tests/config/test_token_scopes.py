"""What an API token may be used for: no more than its user may do, and no more than its scopes say."""

from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from knox.models import AuthToken
from rest_framework.test import APIClient

from claims.models import Job, Scope, TokenScopes
from config.urls import router
from tests.factories import QuestionFactory, TokenScopesFactory, UserFactory

pytestmark = pytest.mark.django_db
Api = Callable[..., APIClient]
UNSAFE = {"post", "put", "patch", "delete"}
STEPS = {Scope.INGEST, Scope.REVIEW}


@pytest.fixture
def scoped(api: Api) -> Callable[..., APIClient]:
    """`scoped("read")` gives a lead's client with a token of that scope."""

    def client(*names: str) -> APIClient:
        lead = api("lead")
        TokenScopes.objects.create(token=AuthToken.objects.get(user=lead.user), names=list(names))
        return lead

    return client


def statuses(client: APIClient) -> dict[str, int]:
    """How a token is answered that reads, submits an article, and takes a step of the review."""
    question = QuestionFactory(state="proposed")
    answers: dict[str, Any] = {
        "read": client.get("/api/v1/claims/"),
        "ingest": client.post("/api/v1/articles/", {"text": "The ministry denied it."}),
        "review": client.post(f"/api/v1/questions/{question.pk}/open/", headers={"If-Match": '"1"'}),
    }
    return {scope: answer.status_code for scope, answer in answers.items()}


@pytest.mark.parametrize(
    ("scopes", "expected"),
    [
        (["read"], {"read": 200, "ingest": 403, "review": 403}),
        (["ingest"], {"read": 403, "ingest": 202, "review": 403}),
        (["review"], {"read": 403, "ingest": 403, "review": 200}),
        (["ingest", "read", "review"], {"read": 200, "ingest": 202, "review": 200}),
    ],
)
def test_token_is_for_its_scopes_only(
    scoped: Callable[..., APIClient], scopes: list[str], expected: dict[str, int]
) -> None:
    assert statuses(scoped(*scopes)) == expected


def test_token_that_is_refused_is_told_which_scope_it_lacks(scoped: Callable[..., APIClient]) -> None:
    answer = scoped("read").post("/api/v1/articles/", {"text": "The ministry denied it."})

    assert answer.json()["code"] == "permission_denied"
    assert answer.json()["detail"] == "This token is for: read. That needs one for: ingest."
    assert not Job.objects.exists()


def test_token_from_before_there_were_scopes_may_do_what_its_user_may(api: Api) -> None:
    assert statuses(api("lead")) == {"read": 200, "ingest": 202, "review": 200}


def test_scopes_give_no_more_than_the_role(api: Api) -> None:
    viewer = api("viewer")
    TokenScopes.objects.create(token=AuthToken.objects.get(user=viewer.user), names=sorted(Scope.values))

    assert statuses(viewer) == {"read": 200, "ingest": 403, "review": 403}


def test_session_has_no_scopes() -> None:
    client = APIClient()
    client.force_login(UserFactory(roles=["lead"]))

    assert statuses(client) == {"read": 200, "ingest": 202, "review": 200}


def test_scopes_are_read_with_the_token(
    scoped: Callable[..., APIClient], django_assert_num_queries: Any
) -> None:
    client = scoped("read")

    with django_assert_num_queries(3):  # the token, the permission, the rows
        client.get("/api/v1/outlets/")


@pytest.mark.parametrize(
    "viewset", [viewset for _, viewset, _ in router.registry], ids=lambda viewset: viewset.__name__
)
def test_every_step_of_the_api_names_its_scope(viewset: Any) -> None:
    steps = {method for step in viewset.get_extra_actions() for method in step.mapping} & UNSAFE
    has_steps = steps or any(hasattr(viewset, name) for name in ("create", "update", "destroy"))

    assert getattr(viewset, "write_scope", None) in (STEPS if has_steps else {None, *STEPS})


@pytest.mark.parametrize("names", [[], ["read", "write"]])
def test_a_token_has_scopes_that_there_are(names: list[str]) -> None:
    with pytest.raises(IntegrityError, match="a_token_has_scopes_that_there_are"), transaction.atomic():
        TokenScopesFactory(names=names)


def test_deleted_token_takes_its_scopes_along() -> None:
    TokenScopesFactory().token.delete()

    assert not TokenScopes.objects.exists()


@pytest.mark.parametrize(
    ("options", "names"),
    [
        ([], ["ingest", "read", "review"]),
        (["--scope", "read"], ["read"]),
        (["--scope=review", "--scope=read", "--scope=read"], ["read", "review"]),
    ],
)
def test_create_token_makes_one_of_these_scopes(options: list[str], names: list[str]) -> None:
    call_command("create_token", UserFactory().username, *options, stdout=StringIO(), stderr=StringIO())

    assert AuthToken.objects.get().scopes.names == names


def test_create_token_refuses_scopes_that_are_none() -> None:
    with pytest.raises(CommandError, match="invalid choice: 'write'"):
        call_command("create_token", UserFactory().username, "--scope", "write")


def test_token_page_lets_one_choose_and_shows_the_scopes() -> None:
    client = Client()
    client.force_login(UserFactory(is_staff=True, roles=["viewer"]))
    page = reverse("admin:knox_authtoken_add")
    form = {"expiry": f"{timezone.now():2099-%m-%dT%H:%M}"}

    none = client.post(page, form)
    made = client.post(page, {**form, "scopes": ["review", "read"]}, follow=True)

    assert none.context["adminform"].form.errors == {"scopes": ["This field is required."]}
    assert AuthToken.objects.get().scopes.names == ["read", "review"]
    assert "read, review" in made.content.decode()
