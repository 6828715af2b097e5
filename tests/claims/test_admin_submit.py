"""Handing in an article in the admin: what is taken, what is refused, and what stays in the form."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from claims.ingestion.readable import MAX_DOCUMENT_BYTES
from claims.models import Job, Snapshot
from tests.factories import TEXT

ADD = "admin:claims_article_add"
SignIn = Callable[..., Client]
pytestmark = pytest.mark.django_db


def send(client: Client, **fields: Any) -> Any:
    return client.post(reverse(ADD), fields)


def upload(raw: bytes, name: str = "report.txt") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, raw)


def kept() -> tuple[int, int]:
    return Job.objects.count(), Snapshot.objects.count()


def test_pasted_text_becomes_a_job_and_leads_to_its_page(sign_in: SignIn) -> None:
    client = sign_in("reviewer")

    response = send(
        client, text=TEXT, title="Jet shot down", outlet="Harbour Wire", published_at="2017-06-19T18:52"
    )

    job = Job.objects.get()
    assert (response.status_code, response.url) == (302, reverse("admin:claims_job_change", args=[job.pk]))
    assert job.given == {
        "url": "",
        "title": "Jet shot down",
        "byline": "",
        "outlet": "Harbour Wire",
        "published_at": "2017-06-19 18:52:00+00:00",
    }
    assert (job.requested_by, job.queue, job.snapshot.media_type) == (
        client.user,
        Job.Queue.INTERACTIVE,
        "text/plain",
    )


@pytest.mark.parametrize(
    ("name", "media_type"),
    [("report.txt", "text/plain"), ("Page.HTML", "text/html"), ("old.htm", "text/html")],
)
def test_uploaded_file_becomes_a_job_with_its_bytes(sign_in: SignIn, name: str, media_type: str) -> None:
    response = send(sign_in("reviewer"), file=upload(TEXT.encode(), name))

    snapshot = Job.objects.get().snapshot
    assert response.status_code == 302
    assert (snapshot.file_name, snapshot.media_type, snapshot.byte_count) == (name, media_type, len(TEXT))


def test_form_sent_twice_makes_one_job(sign_in: SignIn) -> None:
    client = sign_in("reviewer")
    token = client.get(reverse(ADD)).context["form"]["token"].value()

    answers = [send(client, text=TEXT, token=token) for _ in range(3)]

    assert len({answer.url for answer in answers}) == 1
    assert kept() == (1, 1)


def test_form_sent_again_with_another_text_makes_another_job(sign_in: SignIn) -> None:
    client = sign_in("reviewer")
    token = client.get(reverse(ADD)).context["form"]["token"].value()

    for text in (TEXT, TEXT + " A third body kept silent."):
        send(client, text=text, token=token)

    assert kept() == (2, 2)


REFUSED = {
    "nothing": ({}, "text", "Paste the text of the article, or choose a file."),
    "only white space": ({"text": " \n\t "}, "text", "Paste the text of the article, or choose a file."),
    "both": ({"text": TEXT, "file": upload(b"x")}, None, "Give either a text or a file"),
    "empty file": ({"file": upload(b"")}, "file", "This document is empty."),
    "white file": ({"file": upload(b" \n ")}, "file", "there is only white space in it"),
    "no sentence": ({"text": "..."}, "text", "There is no article in this document"),
    "binary file": ({"file": upload(bytes(range(256)) * 8)}, "file", "another kind of file"),
    "wrong encoding": (
        {"file": upload('<meta charset="utf-8"><p>Ça va mal à Zürich.'.encode("latin-1"), "a.html")},
        "file",
        "saved or declared in another encoding",
    ),
    "only script": (
        {
            "file": upload(
                b"<html><script>let jet = 'was shot down near Resafa';</script></html>", "page.html"
            )
        },
        "file",
        "copy the text from your browser and paste it",
    ),
    "other kind of file": (
        {"file": upload(b"%PDF-1.7", "report.pdf")},
        "file",
        "Only .txt, .html and .htm files",
    ),
    "no file name ending": (
        {"file": upload(TEXT.encode(), "report")},
        "file",
        "Only .txt, .html and .htm files",
    ),
    "year 9999": ({"text": TEXT, "published_at": "9999-12-31T00:00"}, "published_at", "31 December 9999"),
    "year 1": ({"text": TEXT, "published_at": "0001-01-01T00:00"}, "published_at", "1 cannot be when"),
    "no date": ({"text": TEXT, "published_at": "last Monday"}, "published_at", "This is no date and time."),
    "bad address": ({"text": TEXT, "url": "javascript:alert(1)"}, "url", "not the address of a web page"),
    "address without host": ({"text": TEXT, "url": "https:///path"}, "url", "not the address of a web page"),
    "endless address": (
        {"text": TEXT, "url": f"https://a.example/{'a' * 2000}"},
        "url",
        "at most 2000 characters",
    ),
    "endless title": ({"text": TEXT, "title": "a" * 501}, "title", "at most 500 characters"),
    "NUL": ({"text": TEXT + "\x00"}, "text", "Null characters are not allowed."),
}


@pytest.mark.parametrize(("fields", "field", "says"), REFUSED.values(), ids=REFUSED)
def test_bad_input_is_refused_beside_its_field_and_keeps_nothing(
    sign_in: SignIn, fields: dict[str, Any], field: str | None, says: str
) -> None:
    for value in fields.values():
        if isinstance(value, SimpleUploadedFile):
            value.seek(0)

    response = send(sign_in("reviewer"), **fields)

    assert response.status_code == 422
    errors = response.context["form"].errors
    assert list(errors) == [field or "__all__"]
    assert says in errors[field or "__all__"][0]
    assert "Nothing was stored." in response.text
    assert kept() == (0, 0)


def test_refused_form_comes_back_as_it_was_filled_in(sign_in: SignIn) -> None:
    typed = {
        "text": TEXT,
        "url": "nonsense",
        "title": 'A "title" <b>',
        "outlet": "Harbour Wire",
        "byline": "Jane Roe",
        "published_at": "2017-06-19T18:52",
    }

    form = send(sign_in("reviewer"), **typed).context["form"]

    assert {name: form[name].value() for name in typed} == typed


def test_file_of_20_megabytes_is_refused_and_the_rest_of_the_form_stays(sign_in: SignIn) -> None:
    large = upload(b"word " * 4_000_000)

    response = send(sign_in("reviewer"), file=large, title="Jet shot down")

    assert response.status_code == 422
    assert response.context["form"].errors == {
        "file": ["The file has more than 5 MB. Give the article alone, or paste its text."]
    }
    assert response.context["form"]["title"].value() == "Jet shot down"
    assert kept() == (0, 0)


def test_paste_of_20_megabytes_is_answered_with_what_to_do(sign_in: SignIn) -> None:
    response = send(sign_in("reviewer"), text="word " * 4_000_000)

    assert response.status_code == 413
    assert "Nothing was stored: what you sent is larger than 5 MB." in response.text
    assert "Back button brings back what you typed" in response.text
    assert kept() == (0, 0)


def test_paste_just_over_the_limit_is_refused_by_the_form(sign_in: SignIn) -> None:
    text = "word " * (MAX_DOCUMENT_BYTES // 5 + 1)

    response = send(sign_in("reviewer"), text=text)

    assert response.status_code == 422
    assert "5.0 MB; 5 MB are allowed" in response.context["form"].errors["text"][0]
    assert response.context["form"]["text"].value() == text


def test_form_without_the_csrf_token_is_refused(sign_in: SignIn) -> None:
    client = sign_in("reviewer")
    client.handler.enforce_csrf_checks = True

    response = send(client, text=TEXT)

    assert response.status_code == 403
    assert kept() == (0, 0)


@pytest.mark.parametrize(
    ("role", "status"),
    [("viewer", 403), ("reviewer", 200), ("lead", 200), ("ingest manager", 200), ("admin", 403)],
)
def test_form_is_for_those_who_may_submit(sign_in: SignIn, role: str, status: int) -> None:
    client = sign_in(role)

    assert client.get(reverse(ADD)).status_code == status
    assert send(client, text=TEXT).status_code == (302 if status == 200 else 403)


def test_form_says_what_may_be_sent(sign_in: SignIn) -> None:
    page = sign_in("reviewer").get(reverse(ADD)).text

    assert page.count("at most 5 MB") + page.count("At most 5 MB") == 2
    assert 'accept=".txt,.html,.htm"' in page
