"""The pages of jobs: how far one is, what became of it, and trying it again."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from claims.models import Job
from config.roles import PERMISSIONS
from tests.factories import ArticleFactory, JobFactory, RevisionFactory

SignIn = Callable[..., Client]
pytestmark = pytest.mark.django_db

LIST = "admin:claims_job_changelist"
RETRY = "admin:claims_job_retry"
BUTTON = "Try it again"


def state_of(job: Job) -> str:
    return Job.objects.values_list("state", flat=True).get(pk=job.pk)


def test_queued_job_shows_its_stage_and_asks_on(sign_in: SignIn) -> None:
    job = JobFactory(given={"title": "Jet shot down", "url": ""})

    page = sign_in("viewer").get(job.get_absolute_url()).text

    assert "<h1>Jet shot down</h1>" in page
    assert f'data-progress="{reverse("admin:claims_job_progress", args=[job.pk])}"' in page
    assert '<noscript><meta http-equiv="refresh" content="5"></noscript>' in page
    assert 'aria-current="step">Waiting for a worker</li>' in page


def test_done_job_leads_to_its_article(sign_in: SignIn) -> None:
    revision = RevisionFactory(number=2, article=ArticleFactory(title="Jet shot down"))
    job = JobFactory(done=True, revision=revision, claim_count=3)

    page = sign_in("viewer").get(job.get_absolute_url()).text

    assert (
        f'<a href="{revision.article.get_absolute_url()}?revision=2#claims">3 claims</a> were found in'
        in page
    )
    assert "now in its revision 2" in page
    assert "data-progress" not in page
    assert "refresh" not in page


def test_duplicate_job_names_and_links_the_article_it_repeats(sign_in: SignIn) -> None:
    job = JobFactory(duplicate=True, reason="We have this text of “Jet shot down” (article 7).")

    page = sign_in("viewer").get(job.get_absolute_url()).text

    assert "We have this text of “Jet shot down” (article 7). Nothing was stored twice." in page
    assert f'<a href="{job.article.get_absolute_url()}">Go to {job.article.title}</a>' in page


@pytest.mark.parametrize("state", ["failed", "quarantined"])
def test_failed_job_says_why(sign_in: SignIn, state: str) -> None:
    job = JobFactory(**{state: True}, reason="There is no article in this document.")

    page = sign_in("viewer").get(job.get_absolute_url()).text

    assert "There is no article in this document." in page
    assert f">{state.capitalize()}</span>" in page


@pytest.mark.parametrize("role", sorted(PERMISSIONS))
def test_failed_job_has_a_button_for_those_who_may_retry(sign_in: SignIn, role: str) -> None:
    job = JobFactory(failed=True)
    client = sign_in(role)

    has_button = BUTTON in client.get(job.get_absolute_url()).text
    answer = client.post(reverse(RETRY, args=[job.pk]))

    may_retry = role in ("lead", "ingest manager")
    assert (has_button, answer.status_code) == (may_retry, 302 if may_retry else 403)
    assert state_of(job) == ("queued" if may_retry else "failed")


@pytest.mark.parametrize("state", ["running", "done", "duplicate"])
def test_job_that_did_not_fail_has_no_button_and_stays_as_it_is(sign_in: SignIn, state: str) -> None:
    job = JobFactory(**{state: True})
    client = sign_in("lead")

    has_button = BUTTON in client.get(job.get_absolute_url()).text
    answer = client.post(reverse(RETRY, args=[job.pk]), follow=True)

    assert (has_button, state_of(job)) == (False, state)
    assert f"This job is {state}; only failed jobs can be retried." in answer.text


def test_retry_is_asked_for_by_post_with_the_token(sign_in: SignIn) -> None:
    job = JobFactory(failed=True)
    client = sign_in("lead")
    client.handler.enforce_csrf_checks = True
    url = reverse(RETRY, args=[job.pk])

    assert [client.get(url).status_code, client.post(url).status_code] == [405, 403]
    assert state_of(job) == "failed"


def test_retry_of_an_unknown_job_is_not_found(sign_in: SignIn) -> None:
    assert sign_in("lead").post(reverse(RETRY, args=[999_999])).status_code == 404


def test_progress_tells_how_far_a_job_is(sign_in: SignIn) -> None:
    running, done = JobFactory(running=True), JobFactory(done=True)
    client = sign_in("viewer")

    answers = [
        client.get(reverse("admin:claims_job_progress", args=[job.pk])).json() for job in (running, done)
    ]

    assert answers == [
        {
            "state": "running",
            "stage": "reading",
            "is_finished": False,
            "attempts": 1,
            "said": "Reading the document",
        },
        {"state": "done", "stage": "finished", "is_finished": True, "attempts": 1, "said": "Done"},
    ]


def test_progress_is_closed_to_those_without_a_role(sign_in: SignIn) -> None:
    url = reverse("admin:claims_job_progress", args=[JobFactory().pk])

    assert sign_in().get(url).status_code == 403


def test_list_of_jobs_counts_what_is_unfinished(sign_in: SignIn) -> None:
    for state in ("running", "done", "failed"):
        JobFactory(**{state: True})
    JobFactory()
    JobFactory()

    response = sign_in("viewer").get(reverse(LIST))

    assert response.context["unfinished"] == {"queued": 2, "running": 1}
    shown = " ".join(re.sub(r"<[^>]+>", " ", response.text).split())
    assert "2 waiting 1 running Refresh" in shown
    assert response.text.count("<progress ") == 3


def test_list_of_jobs_filters_by_state(sign_in: SignIn) -> None:
    failed = JobFactory(failed=True)
    JobFactory(done=True)

    changelist = sign_in("viewer").get(reverse(LIST) + "?state__exact=failed").context["cl"]

    assert list(changelist.result_list) == [failed]


def test_retry_selected_tries_each_by_itself(sign_in: SignIn) -> None:
    failed, done, quarantined = JobFactory(failed=True), JobFactory(done=True), JobFactory(quarantined=True)
    chosen = [job.pk for job in (failed, done, quarantined)]

    page = sign_in("lead").post(
        reverse(LIST), {"action": "retry_selected", "_selected_action": chosen}, follow=True
    )

    assert [state_of(job) for job in (failed, done, quarantined)] == ["queued", "done", "queued"]
    assert [str(message) for message in page.context["messages"]] == [
        "2 jobs are offered to workers again.",
        f"Job {done.pk}: This job is done; only failed jobs can be retried.",
    ]


def test_retry_selected_is_not_offered_to_those_who_may_not(sign_in: SignIn) -> None:
    failed = JobFactory(failed=True)
    client = sign_in("reviewer")

    page = client.get(reverse(LIST)).text
    client.post(reverse(LIST), {"action": "retry_selected", "_selected_action": [failed.pk]})

    assert "retry_selected" not in page
    assert state_of(failed) == "failed"
