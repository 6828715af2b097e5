"""The panel of a reviewer: drafts, submissions, files of evidence, and nothing of what others do."""

import re
from http import HTTPStatus

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile

from reviews.assessing import AssessmentContent, EvidenceItem
from reviews.models import AssessmentDraft, EvidenceFile, Question
from tests.factories import EvidenceFactory, EvidenceFileFactory, PlacementFactory, VerdictFactory
from tests.reviews.screens.acting import QUEUE, browser, compare_page, evidence, submit, take, typed, url

pytestmark = pytest.mark.django_db


# --- Assessing --------------------------------------------------------------------------------------


def test_draft_is_saved_and_shown_again(question: Question, ana: User) -> None:
    take(question, ana)
    claim = question.placements.first().claim
    more = evidence(claim=str(claim.pk), note="The list itself.")

    answer = browser(ana).post(url("question_draft", question.pk), typed(question, seen_saves=0) | more)

    assert answer.headers["Location"] == f"{question.get_absolute_url()}#assessing"
    content = AssessmentContent.from_json(AssessmentDraft.objects.get().content)
    assert content.evidence == (EvidenceItem(claim_id=claim.pk, note="The list itself."),)
    page = compare_page(question, ana)
    assert "Two offices counted.</textarea>" in page
    assert page.count("checked>") == 6
    assert 'value="The list itself."' in page


def test_who_assesses_is_offered_no_step_that_would_be_refused_them(
    question: Question, ana: User, ben: User
) -> None:
    take(question, ana)

    mine, theirs = compare_page(question, ana), compare_page(question, ben)

    offered = ("?do=reword_question", "?do=dismiss_question", "?do=reword_position", "add-position/")
    assert [step in mine for step in offered] == [False] * 4
    assert [step in theirs for step in offered] == [True] * 4
    assert "You are assessing this question, so its wording and answers are for others" in mine


def test_draft_by_script_is_answered_with_how_often_it_was_saved(question: Question, ana: User) -> None:
    take(question, ana)
    client, where = browser(ana), url("question_draft", question.pk)

    def save(**more: object) -> tuple[int, int]:
        answer = client.post(
            where, typed(question, seen_saves=0) | more, headers={"Accept": "application/json"}
        )
        return answer.status_code, answer.json()["saves"]

    assert save() == (HTTPStatus.OK, 1)
    assert save() == (HTTPStatus.OK, 1)  # a late copy of it is no conflict
    assert save(rationale="Another tab.") == (HTTPStatus.CONFLICT, 1)


def test_submitted_assessment_is_sealed_with_its_receipt(question: Question, ana: User) -> None:
    take(question, ana)

    browser(ana).post(url("question_submit", question.pk), typed(question))

    draft = AssessmentDraft.objects.get()
    assert draft.submitted_at is not None
    page = compare_page(question, ana)
    assert "Your assessment is sealed" in page
    assert f"sha256:{draft.digest}" in page
    assert 'id="assess"' not in page


def test_assessment_with_a_gap_is_refused_with_what_was_typed(question: Question, ana: User) -> None:
    take(question, ana)

    answer = browser(ana).post(url("question_submit", question.pk), typed(question, confidence=""))

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    page = answer.content.decode()
    assert "Judge the question as a whole, and say how sure you are of it." in page
    assert "Two offices counted.</textarea>" in page
    assert AssessmentDraft.objects.count() == 0


@pytest.mark.parametrize("piece", [{"claim": "the first"}, {"url": "javascript:alert(1)"}])
def test_evidence_that_cannot_be_read_is_named_and_loses_nothing_else(
    question: Question, ana: User, piece: dict[str, str]
) -> None:
    take(question, ana)

    answer = browser(ana).post(url("question_submit", question.pk), typed(question) | evidence(**piece))

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "Two offices counted.</textarea>" in answer.content.decode()
    assert not AssessmentDraft.objects.exists()


def test_assessment_of_what_changed_meanwhile_is_to_be_looked_at_again(question: Question, ana: User) -> None:
    take(question, ana)
    filled_in = typed(question)
    PlacementFactory(position=question.positions.first())

    answer = browser(ana).post(url("question_submit", question.pk), filled_in)

    assert answer.status_code == HTTPStatus.CONFLICT
    page = answer.content.decode()
    assert '<div class="cc-notice is-warn" role="alert" data-outdated>' in page
    assert "Two offices counted.</textarea>" in page


def test_sealed_assessment_is_opened_again_when_what_it_judged_changed(question: Question, ana: User) -> None:
    submit(question, ana)
    PlacementFactory(position=question.positions.first())

    assert "Look again" in compare_page(question, ana)
    browser(ana).post(url("question_reconsider_assessment", question.pk), {"seen_version": question.version})

    assert AssessmentDraft.objects.get().submitted_at is None
    assert "They differ.</textarea>" in compare_page(question, ana)


def test_page_of_a_reviewer_does_not_change_when_another_one_writes(
    question: Question, ana: User, ben: User
) -> None:
    take(question, ana)
    take(question, ben)
    before = [masked(page) for page in pages_of(ben, question)]

    submit(question, ana)
    after = [masked(page) for page in pages_of(ben, question)]

    assert after == before


def test_page_of_a_lead_does_not_change_when_an_assigned_reviewer_writes(
    question: Question, ana: User, lea: User
) -> None:
    take(question, ana)
    before = [masked(page) for page in pages_of(lea, question)]

    submit(question, ana)
    after = [masked(page) for page in pages_of(lea, question)]

    assert after == before


def pages_of(by: User, question: Question) -> list[str]:
    client = browser(by)
    news = client.get(
        f"{url('question_compare', question.pk)}?since=0", headers={"Accept": "application/json"}
    )
    panel = client.get(
        f"{url('question_compare', question.pk)}?panel=1", headers={"Accept": "application/json"}
    )
    pages = [client.get(where) for where in (url("question_compare", question.pk), url(QUEUE), "/admin/")]
    return [answer.content.decode() for answer in (news, panel, *pages)]


def masked(page: str) -> str:
    """Without the token that each answer makes anew."""
    return re.sub(r"csrfmiddlewaretoken\W{1,3}\s?value=\W{1,2}[\w]+", "", page)


@pytest.mark.parametrize("name", ["draft", "submit", "adjudication_draft", "adjudicate"])
def test_assessment_by_somebody_who_was_not_assigned_is_refused(
    question: Question, ana: User, name: str
) -> None:
    answer = browser(ana).post(url(f"question_{name}", question.pk), typed(question))

    assert answer.status_code == HTTPStatus.FORBIDDEN
    assert not AssessmentDraft.objects.exists()


@pytest.mark.parametrize("name", ["draft", "submit", "adjudication_draft", "adjudicate", "upload"])
def test_assessments_are_written_by_post_only(question: Question, lea: User, name: str) -> None:
    assert browser(lea).get(url(f"question_{name}", question.pk)).status_code == 405


# --- Files ------------------------------------------------------------------------------------------


def test_file_is_kept_and_given_back_as_an_attachment(question: Question, ana: User) -> None:
    take(question, ana)
    given = SimpleUploadedFile("liste – 1.html", b"<script>alert(1)</script>", "text/html")

    kept = browser(ana).post(url("question_upload", question.pk), {"file": given}).json()

    file = EvidenceFile.objects.get()
    assert kept == {"sha256": file.sha256, "name": "liste – 1.html"}
    answer = browser(ana).get(url("question_evidence", question.pk, file.sha256))
    assert answer.content == b"<script>alert(1)</script>"
    assert {name: answer.headers[name] for name in ("Content-Type", "X-Content-Type-Options")} == {
        "Content-Type": "application/octet-stream",
        "X-Content-Type-Options": "nosniff",
    }
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_file_of_a_plain_form_becomes_evidence(question: Question, ana: User) -> None:
    take(question, ana)
    given = SimpleUploadedFile("list.txt", b"A list.", "text/plain")

    browser(ana).post(url("question_draft", question.pk), typed(question, file=given))

    content = AssessmentContent.from_json(AssessmentDraft.objects.get().content)
    assert content.evidence == (EvidenceItem(file_sha256=EvidenceFile.objects.get().sha256),)


def test_file_that_is_too_large_is_refused(
    question: Question, ana: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reviews.admin.assessing.MAX_FILE_BYTES", 10)
    take(question, ana)

    answer = browser(ana).post(
        url("question_upload", question.pk), {"file": SimpleUploadedFile("list.txt", b"A longer list.")}
    )

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert not EvidenceFile.objects.exists()


def test_file_of_somebody_else_answers_as_one_that_is_not_there_until_the_round_is_over(
    question: Question, ana: User, ben: User
) -> None:
    file = EvidenceFileFactory(uploaded_by=ana)
    where = url("question_evidence", question.pk, file.sha256)
    missing = url("question_evidence", question.pk, "0" * 64)

    hidden, none = browser(ben).get(where), browser(ben).get(missing)

    assert hidden.status_code == none.status_code == HTTPStatus.NOT_FOUND
    assert hidden.content == none.content
    verdict = VerdictFactory(question=question)
    EvidenceFactory(verdict=verdict, url="", file=file, file_sha256=file.sha256)
    assert browser(ben).get(where).content == bytes(file.content)
