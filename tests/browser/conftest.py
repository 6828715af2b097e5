"""A real Chromium on a live server. Every page fails its test that breaks the CSP or throws an error."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, ConsoleMessage, Error, Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from claims import operations
from claims.ingestion import jobs
from claims.ingestion.readable import Given, Reader
from claims.models import Job
from tests.factories import UserFactory

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "samples"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

SignIn = Callable[..., Page]

PATIENCE = 30_000  # ms: as long as a machine under load may take to answer
expect.set_options(timeout=PATIENCE)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.django_db(transaction=True))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium as the system has it; CHROMIUM names another. None is a failure, not a skip."""
    # Playwright's synchronous door runs an event loop, in which Django would refuse the database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    chromium = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if chromium is None:
        pytest.fail("The browser tests need Chromium: `make test` installs it, or CHROMIUM names one.")
    with sync_playwright() as playwright:
        options = ["--no-sandbox", "--disable-background-networking", "--disable-component-update"]
        browser = playwright.chromium.launch(executable_path=chromium, args=options)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def sign_in(browser: Browser, live_server: LiveServer) -> Iterator[SignIn]:
    """`sign_in(user, width=1400, scheme="dark")` -> a page of theirs; what it complains of fails the test."""
    complaints: list[str] = []
    contexts = []

    def listen(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and "status of 4" not in message.text:
            complaints.append(message.text)

    def open_page(user: User, *, width: int = 1400, scheme: str = "light", script: bool = True) -> Page:
        context = browser.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
            java_script_enabled=script,
            timezone_id="UTC",
            locale="en-GB",
        )
        contexts.append(context)
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}]
        )
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("console", listen)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def admin() -> User:
    """May do everything, as who types `make up` may."""
    return UserFactory(
        username="admin", is_staff=True, is_superuser=True, roles=["reviewer", "lead", "admin"]
    )


@pytest.fixture
def samples(admin: User) -> None:
    """The sample articles, read and split as a worker does it, and their questions."""
    with Reader() as reader:
        for page in sorted(SAMPLES.rglob("*.html")):
            job = operations.submit_article(
                document=operations.Document(page.read_bytes(), "text/html", file_name=page.name),
                given=Given(),
                by=admin,
                now=timezone.now(),
            )
            lease = jobs.take(job.pk, worker="test")
            assert lease is not None
            operations.ingest(lease, reader=reader)
    assert set(Job.objects.values_list("state", flat=True)) == {Job.State.DONE}
    call_command("open_sample_questions", verbosity=0)


def serious(page: Page) -> list[str]:
    """What axe finds of serious or critical impact: rule and first place."""
    # Without preload, for axe would fetch the imports of style sheets from where they are not.
    violations = Axe().run(page, options={"preload": False}).response["violations"]
    return [
        f"{found['id']}: {found['nodes'][0]['html'][:200]}"
        for found in violations
        if found["impact"] in ("serious", "critical")
    ]


def overflows(page: Page) -> bool:
    """Whether the page as a whole can be scrolled sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


def focused(page: Page) -> str:
    """The id of what has the focus."""
    return str(page.evaluate("document.activeElement.id"))


__all__ = ["Error", "focused", "overflows", "serious"]
