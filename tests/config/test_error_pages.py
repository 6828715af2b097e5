"""What people see when a page is refused, missing or broken."""

import re
from http import HTTPStatus

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse

from config.problems import server_error
from tests.factories import JobFactory, UserFactory


def signed_in(*roles: str) -> Client:
    client = Client()
    user = UserFactory(is_staff=True, roles=list(roles))
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def heading_and_words(page: bytes) -> tuple[str, str]:
    """The heading and the first paragraph, as they stand in the source."""
    found = re.search(r'<h1>(.+)</h1>\s*<p class="cc-lede">(.+)</p>', page.decode())
    assert found is not None
    return found[1], found[2]


@pytest.mark.django_db
def test_refused_step_shows_the_words_of_the_policy() -> None:
    answer = signed_in("viewer").post(reverse("admin:claims_job_retry", args=[JobFactory().pk]))

    assert answer.status_code == HTTPStatus.FORBIDDEN
    assert heading_and_words(answer.content) == (
        "You may not do that",
        "You may not retry jobs. Ask an admin for the ingest manager role.",
    )


@pytest.mark.django_db
def test_refused_page_without_words_says_whom_to_ask() -> None:
    answer = signed_in().get(reverse("admin:claims_claim_changelist"))

    assert answer.status_code == HTTPStatus.FORBIDDEN
    assert heading_and_words(answer.content) == (
        "You may not do that",
        "You may not see that. Ask an admin for a role that may.",
    )


@pytest.mark.django_db
def test_missing_page_says_so_and_not_which_pattern_failed() -> None:
    answer = Client().get("/nowhere/<b>/")

    assert answer.status_code == HTTPStatus.NOT_FOUND
    assert heading_and_words(answer.content) == (
        "Nothing is here",
        "No page has this address. It may have been mistyped, or what it showed is gone.",
    )


def test_broken_page_needs_no_database_to_say_so(rf: RequestFactory) -> None:
    answer = server_error(rf.get("/admin/"))

    assert answer.status_code == HTTPStatus.INTERNAL_SERVER_ERROR
    assert heading_and_words(answer.content) == (
        "Something went wrong on our side",
        "It is logged. Try again later; what you sent may not have been kept.",
    )


@pytest.mark.parametrize("path", ["/nowhere/", "/admin/nowhere"])
@pytest.mark.django_db
def test_error_page_leads_back_and_has_nothing_the_content_policy_refuses(path: str) -> None:
    page = signed_in("viewer").get(path).content.decode()

    assert '<a class="button" href="/admin/">Back to the dashboard</a>' in page
    assert re.findall(r"<style|\sstyle=|<script>|\son\w+=", page) == []
