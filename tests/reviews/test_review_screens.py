"""The screens of review: the queue, the panel in which one assesses, adjudication, verdicts, projects."""

import re
from dataclasses import replace
from datetime import timedelta
from http import HTTPStatus
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from reviews import audit, operations, queue
from reviews.assessing import AssessmentContent, EvidenceItem
from reviews.basis import basis_of
from reviews.engine_user import engine_user
from reviews.models import (
    AssessmentDraft,
    Assignment,
    AuditEvent,
    Change,
    EvidenceFile,
    Project,
    Question,
    Verdict,
)
from tests.factories import (
    NOW,
    AssignmentFactory,
    ClaimFactory,
    EvidenceFactory,
    EvidenceFileFactory,
    PlacementFactory,
    PositionFactory,
    ProjectFactory,
    QuestionFactory,
    SourcingMarkFactory,
    UserFactory,
    VerdictFactory,
)
from tests.reviews.rows import decide, judged

pytestmark = pytest.mark.django_db

QUEUE = "question_queue"


def url(name: str, *args: object) -> str:
    return reverse(f"admin:reviews_{name}", args=args)


def browser(person: User) -> Client:
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def person(role: str, **known: Any) -> User:
    return UserFactory(is_staff=True, roles=[role], **known)


@pytest.fixture
def question() -> Question:
    question = QuestionFactory()
    for answer in ("56", "85"):
        PlacementFactory(position=PositionFactory(question=question, answer=answer))
    return question


@pytest.fixture
def ana() -> User:
    return person("reviewer", username="ana")


@pytest.fixture
def ben() -> User:
    return person("reviewer", username="ben")


@pytest.fixture
def lea() -> User:
    return person("lead", username="lea")


def typed(question: Question, judgement: str = "supported", **more: Any) -> dict[str, Any]:
    """The form of an assessment, filled in by who saw the question as it is."""
    positions = list(question.positions.standing())
    each = {f"judgement_{position.pk}": judgement for position in positions}
    sure = {f"confidence_{position.pk}": "high" for position in positions}
    whole = {"judgement": judgement, "confidence": "high", "rationale": "Two offices counted."}
    seen = {"seen_basis": basis_of(question), "position": [position.pk for position in positions]}
    return seen | each | sure | whole | more


def evidence(**row: str) -> dict[str, list[str]]:
    names = ("claim", "url", "file", "note", "for")
    return {f"evidence_{name}": [row.get(name, "")] for name in names}


def take(question: Question, by: User) -> Assignment:
    return operations.take_question(question_id=question.pk, by=by, now=timezone.now())


def submit(question: Question, by: User, judgement: str = "supported") -> AssessmentDraft:
    take(question, by)
    content = judged(question, judgement)
    return operations.submit_assessment(question_id=question.pk, content=content, by=by, now=timezone.now())


def compare_page(question: Question, by: User) -> str:
    return browser(by).get(url("question_compare", question.pk)).content.decode()


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


def test_draft_by_script_is_answered_with_how_often_it_was_saved(question: Question, ana: User) -> None:
    take(question, ana)
    client, where = browser(ana), url("question_draft", question.pk)

    first = client.post(where, typed(question, seen_saves=0), headers={"Accept": "application/json"})
    second = client.post(where, typed(question, seen_saves=0), headers={"Accept": "application/json"})

    assert (first.status_code, first.json()["saves"]) == (HTTPStatus.OK, 1)
    assert (second.status_code, second.json()["saves"]) == (HTTPStatus.CONFLICT, 1)


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


# --- Adjudication and verdicts ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sees", "shows_names", "shows_words"),
    [("unnamed", False, True), ("named", True, True), ("names_only", True, False)],
)
def test_adjudicator_sees_what_the_project_shows(
    question: Question, ana: User, ben: User, lea: User, sees: str, shows_names: bool, shows_words: bool
) -> None:
    project = ProjectFactory(adjudicator_sees=sees)
    operations.set_review_rules(
        question_id=question.pk, project=project, assessments=2, reason="Ours.", by=lea, now=NOW
    )
    submit(question, ana, "supported")
    submit(question, ben, "refuted")

    page = compare_page(question, lea)

    panel = page[page.index('id="assessing"') : page.index('id="timeline"')]
    assert ("ana" in panel, "They differ." in panel) == (shows_names, shows_words)
    assert ("is-differing" in panel) == shows_words


@pytest.mark.parametrize("role", ["viewer", "reviewer", "admin"])
def test_sealed_assessments_are_not_shown_to_who_does_not_adjudicate(
    question: Question, ana: User, ben: User, role: str
) -> None:
    submit(question, ana, "supported")
    submit(question, ben, "refuted")

    assert "They differ." not in compare_page(question, person(role))


def test_adjudication_decides_and_opens_all_assessments(
    question: Question, ana: User, ben: User, lea: User
) -> None:
    submit(question, ana, "supported")
    submit(question, ben, "refuted")
    question.refresh_from_db()

    answer = browser(lea).post(
        url("question_adjudicate", question.pk),
        typed(question, "conflicting_evidence", as_of="2017-06-20 11:00", rationale="Both lists are good."),
    )

    assert answer.status_code == HTTPStatus.FOUND
    verdict = Verdict.objects.get()
    assert (verdict.decided_by, f"{verdict.as_of:%H:%M}") == (lea, "11:00")
    page = compare_page(question, ana)
    assert page.index("Both lists are good.") < page.index('<h3>ana <span class="cc-badge is-info">you')
    assert "<h3>ben</h3>" in page


def test_adjudication_is_kept_as_a_draft_for_who_writes_it(
    question: Question, ana: User, ben: User, lea: User
) -> None:
    submit(question, ana, "supported")
    submit(question, ben, "refuted")
    client, where = browser(lea), url("question_adjudication_draft", question.pk)
    unfinished = typed(question, "refuted", as_of="2017-06", rationale="The later", seen_saves=0)

    plain = client.post(where, unfinished)
    again = client.post(where, unfinished | {"seen_saves": 1}, headers={"Accept": "application/json"})
    stale = client.post(where, unfinished, headers={"Accept": "application/json"})

    assert (plain.status_code, again.json()["saves"]) == (HTTPStatus.FOUND, 2)
    assert (stale.status_code, stale.json()["saves"]) == (HTTPStatus.CONFLICT, 2)
    mine, theirs = compare_page(question, lea), compare_page(question, person("lead"))
    assert ('value="2017-06"' in mine, ">The later<" in mine, mine.count("checked>")) == (True, True, 3)
    assert ("The later" in theirs, "checked>" in theirs) == (False, False)


def test_adjudicator_is_offered_the_files_of_the_assessments_to_cite(
    question: Question, ana: User, ben: User, lea: User
) -> None:
    file = EvidenceFileFactory(uploaded_by=ana, name="the-map.txt")
    take(question, ana)
    content = replace(judged(question, "supported"), evidence=[EvidenceItem(file_sha256=file.sha256)])
    operations.submit_assessment(question_id=question.pk, content=content, by=ana, now=timezone.now())
    submit(question, ben, "refuted")
    client = browser(lea)
    cited = typed(question, "refuted") | evidence(file=file.sha256)

    page = compare_page(question, lea)
    client.post(url("question_adjudication_draft", question.pk), cited)
    kept = compare_page(question, lea)
    client.post(url("question_adjudicate", question.pk), cited)

    assert f'data-cite-file="{file.sha256}"' in page
    assert kept.count("the-map.txt</a>") == page.count("the-map.txt</a>") + 1
    assert Verdict.objects.get().evidence.get().file == file


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"rationale": " "}, "A judgement needs a rationale"),
        ({"as_of": "yesterday"}, "Give the time of the evidence as"),
        ({"as_of": "2999-01-01 10:00"}, "a time to come"),
    ],
)
def test_adjudication_that_cannot_be_is_refused_with_what_was_typed(
    question: Question, ana: User, ben: User, lea: User, given: dict[str, str], why: str
) -> None:
    submit(question, ana, "supported")
    submit(question, ben, "refuted")
    question.refresh_from_db()

    answer = browser(lea).post(url("question_adjudicate", question.pk), typed(question, "supported", **given))

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    page = answer.content.decode()
    assert why in page
    assert page.count("checked>") == 3
    assert not Verdict.objects.exists()


def test_verdict_by_agreement_names_all_who_agreed(question: Question, ana: User, ben: User) -> None:
    for reviewer in (ana, ben):
        submit(question, reviewer)

    page = compare_page(question, person("viewer"))
    verdict = browser(ana).get(f"/api/v1/questions/{question.pk}/").json()["verdict"]

    assert "Independent assessments that agree, by ana and ben," in page
    assert verdict["decided_by"] == ["ana", "ben"]
    assert "the engine decided the question" in page
    said = AuditEvent.objects.filter(table_name="reviews_verdict").latest("pk")
    assert (said.actor, said.action) == ("engine", "decide_by_agreement")


def test_question_that_the_engine_opened_says_so(ana: User) -> None:
    question = QuestionFactory(opened_by=engine_user())

    assert "opened by the engine, " in compare_page(question, ana)


def test_rounds_are_all_shown_with_their_assessments(question: Question, lea: User) -> None:
    first = decide(question)
    operations.reopen_question(question_id=question.pk, reason="A new video.", by=lea, now=timezone.now())
    question.refresh_from_db()
    second = decide(question)

    page = compare_page(question, person("viewer"))

    assert page.count('class="cc-said-by"') == 2
    assert page.index("round 2</span>") < page.index("Verdicts of earlier rounds (1)")
    assert page.index("Verdicts of earlier rounds (1)") < page.index("A new video.")
    assert first.decided_by.username in page
    assert second.decided_by.username in page


def test_earlier_verdicts_are_closed_while_the_question_is_judged_again(
    question: Question, ana: User, lea: User
) -> None:
    decide(question, content=judged(question, "supported"))
    decided = compare_page(question, lea)
    operations.reopen_question(question_id=question.pk, reason="A new video.", by=lea, now=timezone.now())
    take(question, ana)

    page = compare_page(question, ana)

    assert "Supported: 56; 85</span>" in decided  # which answers, in the head
    assert decided.count('class="cc-badge is-supported">Supported</span></p>') == 2  # over their columns
    closed = page.index(
        '<details class="cc-earlier" data-keep-open id="earlier-rounds"><summary>What was decided'
    )
    assert closed < page.index('<div class="cc-round is-stale">')


def test_adjudication_asks_for_no_confidence(question: Question, ana: User, ben: User, lea: User) -> None:
    submit(question, ana, "supported")
    submit(question, ben, "refuted")
    question.refresh_from_db()
    given = {name: value for name, value in typed(question).items() if not name.startswith("confidence")}

    page = compare_page(question, lea)
    browser(lea).post(url("question_adjudicate", question.pk), given)

    assert 'name="confidence' not in page
    assert "The assessments differ, and wait for a decision." in page
    assert "judged blind" not in page
    assert question.verdicts.get().judgement == "supported"


def test_compare_screen_costs_as_many_queries_for_three_rounds_and_reviewers_as_for_one(
    django_assert_num_queries: DjangoAssertNumQueries, lea: User
) -> None:
    small, large = QuestionFactory(), QuestionFactory()
    for question, times in ((small, 1), (large, 3)):
        for _ in range(times):
            SourcingMarkFactory(claim=PlacementFactory(position=PositionFactory(question=question)).claim)
        for turn in range(times):
            if turn:
                operations.reopen_question(question_id=question.pk, reason="New.", by=lea, now=NOW)
                question.refresh_from_db()
            EvidenceFactory(verdict=decide(question), claim=ClaimFactory(), url="")
    client = browser(lea)
    client.get(url("question_compare", small.pk))

    for question in (small, large):
        with django_assert_num_queries(27):
            client.get(url("question_compare", question.pk))


# --- The queue --------------------------------------------------------------------------------------


def test_queue_says_what_comes_next_when_empty(lea: User, ana: User) -> None:
    assert "You hold no question." in browser(ana).get(url(QUEUE)).content.decode()
    page = browser(lea).get(url(QUEUE)).content.decode()
    assert "Nothing is under way." in page
    assert "None: wherever all assessments are in, they agree" in page


def test_take_next_leads_to_the_panel_and_tells_when_none_is_left(question: Question, ana: User) -> None:
    client = browser(ana)

    first, second = (client.post(url("question_take_next")) for _ in range(2))

    assert first.headers["Location"] == f"{question.get_absolute_url()}#assessing"
    assert second.headers["Location"] == url(QUEUE)
    assert Assignment.objects.count() == 1


def test_queue_shows_own_assignments_with_their_lease(question: Question, ana: User, ben: User) -> None:
    take(question, ana)

    page = browser(ana).get(url(QUEUE)).content.decode()

    assert "not begun" in page
    assert "2\xa0days, 23\xa0hours left" in page or "3\xa0days left" in page
    others = browser(ben).get(url(QUEUE)).content.decode()
    assert "not begun" not in others
    assert "ana" not in others


def test_queue_says_when_what_was_submitted_changed(question: Question, ana: User) -> None:
    submit(question, ana)
    assert "submitted, sealed" in browser(ana).get(url(QUEUE)).content.decode()

    PlacementFactory(position=question.positions.first())

    assert "changed: look again" in browser(ana).get(url(QUEUE)).content.decode()


def test_queue_costs_as_many_queries_for_three_rows_as_for_one(
    django_assert_num_queries: DjangoAssertNumQueries, lea: User
) -> None:
    client = browser(lea)
    client.get(url(QUEUE))

    for rows in (1, 2):
        for _ in range(rows):
            submit(PlacementFactory().question, lea)
        with django_assert_num_queries(16):
            client.get(url(QUEUE))


def test_queue_is_read_by_the_index_of_what_is_under_way() -> None:
    asker = person("viewer")
    with transaction.atomic():
        audit.because(by=asker, action="open_question")
        known = {"wording": "Who?", "slot": "who", "opened_by": asker, "opened_at": NOW}
        Question.objects.bulk_create([Question(**known, state="proposed") for _ in range(2000)])
    QuestionFactory()

    with CaptureQueriesContext(connection) as captured:
        queue.page(queue.Asked(), asker, now=NOW)

    [sql] = [one["sql"] for one in captured if "LIMIT" in one["sql"]]
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE reviews_question")
        cursor.execute(f"EXPLAIN {sql}")
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "questions_under_way" in plan


def test_lead_sees_who_is_assigned_and_a_reviewer_only_their_own(
    question: Question, ana: User, ben: User, lea: User
) -> None:
    take(question, ana)

    assert "<td>ana" in browser(lea).get(url(QUEUE)).content.decode()
    assert "ana" not in browser(ben).get(url(QUEUE)).content.decode()


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", {"Old?", "New jet?", "Taken?"}),
        ("state=in_review", {"Taken?"}),
        ("words=jet", {"New jet?"}),
        ("older_days=7", {"Old?"}),
        ("reviewer=ana", {"Taken?"}),
        ("project={project}", {"Old?"}),
        ("waits=mine", {"Old?", "New jet?"}),
        ("older_days=x", set()),
    ],
)
def test_queue_is_narrowed_by_person_state_project_topic_and_age(
    query: str, shown: set[str], ana: User, lea: User
) -> None:
    now, project = timezone.now(), ProjectFactory()
    long_ago = now - timedelta(days=8)
    PositionFactory(question=QuestionFactory(wording="Old?", opened_at=long_ago, project=project))
    PositionFactory(question=QuestionFactory(wording="New jet?", opened_at=now))
    taken = QuestionFactory(wording="Taken?", opened_at=now, assessments_asked=1)
    PositionFactory(question=taken)
    take(taken, ana)

    page = browser(lea).get(f"{url(QUEUE)}?{query.format(project=project.pk)}").content.decode()

    rows = page[page.index('<h2 id="all-title"') :]
    assert {wording for wording in ("Old?", "New jet?", "Taken?") if f">{wording}</a>" in rows} == shown


def test_queue_goes_on_where_its_first_page_ends(lea: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reviews.queue.ROWS", 2)
    for number in range(5):
        QuestionFactory(wording=f"Number {number}?", opened_at=NOW)  # as of one moment
    client, pages, query = browser(lea), [], ""

    for _ in range(3):
        answer = client.get(f"{url(QUEUE)}?{query}")
        pages.append([row.question.wording for row in answer.context["page"].rows])
        query = answer.context["next_page"]

    assert pages == [["Number 0?", "Number 1?"], ["Number 2?", "Number 3?"], ["Number 4?"]]
    assert query == ""


def test_lead_assigns_many_questions_each_by_itself(ana: User, lea: User) -> None:
    open_one, written = PositionFactory().question, PositionFactory(added_by=ana).question
    chosen = [f"{open_one.pk}:{open_one.version}", f"{written.pk}:{written.version}"]

    answer = browser(lea).post(
        url("question_assign_many"), {"question": chosen, "to": "ana", "do": "assign"}, follow=True
    )

    assert list(Assignment.objects.values_list("question", "reviewer")) == [(open_one.pk, ana.pk)]
    said = [str(message) for message in answer.context["messages"]]
    assert said[0] == "Done for 1 question."
    assert "Nobody assesses what they wrote" in said[1]


def test_question_that_changed_since_the_queue_was_shown_is_not_assigned(ana: User, lea: User) -> None:
    question = PositionFactory().question

    browser(lea).post(
        url("question_assign_many"),
        {"question": f"{question.pk}:{question.version + 1}", "to": "ana", "do": "assign"},
    )

    assert not Assignment.objects.exists()


def test_lead_gives_assignments_to_somebody_else_with_a_reason(
    question: Question, ana: User, ben: User, lea: User
) -> None:
    take(question, ana)
    question.refresh_from_db()
    form = {"question": f"{question.pk}:{question.version}", "of": "ana", "to": "ben", "do": "assign"}
    client = browser(lea)

    client.post(url("question_assign_many"), form)
    assert [each.reviewer for each in Assignment.objects.active()] == [ana]
    client.post(url("question_assign_many"), form | {"reason": "On leave."})

    assert [each.reviewer for each in Assignment.objects.active()] == [ben]
    assert Assignment.objects.get(reviewer=ana).ending == Assignment.Ending.WITHDRAWN


def test_lead_withdraws_many_assignments(question: Question, ana: User, lea: User) -> None:
    take(question, ana)

    browser(lea).post(
        url("question_assign_many"),
        {"question": f"{question.pk}:1", "of": "ana", "reason": "On leave.", "do": "withdraw"},
    )

    assert not Assignment.objects.active().exists()


def test_assignments_of_many_are_for_leads(question: Question, ana: User) -> None:
    answer = browser(ana).post(
        url("question_assign_many"), {"question": f"{question.pk}:1", "to": "ana", "do": "assign"}
    )

    assert answer.status_code == HTTPStatus.FORBIDDEN
    assert not Assignment.objects.exists()


def test_own_assignment_is_given_back(question: Question, ana: User) -> None:
    take(question, ana)

    browser(ana).post(url("question_release_assignment", question.pk), {"seen_version": 1})

    assert Assignment.objects.get().ending == Assignment.Ending.RELEASED


def test_giving_back_is_asked_about_first_and_said_afterwards(question: Question, ana: User) -> None:
    take(question, ana)
    client, page = browser(ana), url("question_compare", question.pk)

    asked = client.get(page, {"do": "release_assignment"}).content.decode()
    client.post(url("question_release_assignment", question.pk), {"seen_version": 1})

    assert "you cannot take the question again in this round" in asked
    assert "You gave this question back." in compare_page(question, ana)
    assert "You gave this question back." not in compare_page(question, person("reviewer"))


def test_lead_assigns_and_withdraws_on_the_compare_screen(question: Question, ana: User, lea: User) -> None:
    client = browser(lea)

    client.post(
        url("question_assign_question", question.pk), {"seen_version": question.version, "reviewer": "ana"}
    )
    assert "assigned: ana" in compare_page(question, lea)
    assert "waits for 1 more reviewer<" in compare_page(question, lea)
    assignment = Assignment.objects.get()
    client.post(
        url("question_withdraw_assignment", question.pk),
        {"seen_version": 1, "assignment": assignment.pk, "reason": "On leave."},
    )

    assert not Assignment.objects.active().exists()
    assert "waits for 2 reviewers<" in compare_page(question, lea)
    assert "waits for 2 reviewers<" not in compare_page(question, ana)


def test_author_is_not_offered_as_a_reviewer(lea: User, ana: User) -> None:
    question = PositionFactory(added_by=ana).question

    page = browser(lea).get(f"{question.get_absolute_url()}?do=assign_question").content.decode()

    assert '<option value="lea">' in page
    assert '<option value="ana">' not in page


# --- Projects and rules -----------------------------------------------------------------------------


def rules(**changed: object) -> dict[str, object]:
    given = {
        "name": "Elections",
        "assessments_required": 3,
        "adjudicator_sees": "named",
        "lease_hours": 24,
        "reason": "Agreed on Monday.",
    }
    return given | changed


def test_lead_makes_and_changes_a_project_with_a_reason(lea: User) -> None:
    client = browser(lea)

    client.post(url("project_add"), rules())
    project = Project.objects.get()
    client.post(url("project_change", project.pk), rules(lease_hours=48, reason="Too short."))

    project.refresh_from_db()
    assert (project.name, project.lease_hours, project.uses_marks, project.created_by) == (
        "Elections",
        48,
        False,
        lea,
    )
    events = AuditEvent.objects.filter(table_name="reviews_project").order_by("pk")
    assert list(events.values_list("actor", "action", "reason")) == [
        ("lea", "create_project", "Agreed on Monday."),
        ("lea", "change_project", "Too short."),
    ]


@pytest.mark.parametrize(
    "given", [{"reason": ""}, {"assessments_required": 4}, {"name": "ELECTIONS 2"}, {"lease_hours": 0}]
)
def test_project_that_cannot_be_is_refused(lea: User, given: dict[str, object]) -> None:
    ProjectFactory(name="Elections 2")

    answer = browser(lea).post(url("project_add"), rules(**given))

    assert answer.status_code == HTTPStatus.OK
    assert "Constraint" not in answer.content.decode()
    assert Project.objects.count() == 1


@pytest.mark.parametrize("role", ["viewer", "reviewer", "ingest manager", "admin"])
def test_projects_are_looked_at_by_all_and_changed_by_leads(role: str) -> None:
    project = ProjectFactory()
    client = browser(person(role))

    assert client.get(url("project_changelist")).status_code == HTTPStatus.OK
    assert client.get(url("project_change", project.pk)).status_code == HTTPStatus.OK
    assert client.post(url("project_change", project.pk), rules()).status_code == HTTPStatus.FORBIDDEN
    assert client.post(url("project_add"), rules()).status_code == HTTPStatus.FORBIDDEN


def test_lead_sets_by_whose_rules_a_question_is_reviewed(question: Question, lea: User) -> None:
    project = ProjectFactory()

    browser(lea).post(
        url("question_set_review_rules", question.pk),
        {"seen_version": question.version, "project": project.pk, "assessments": "3", "reason": "At stake."},
    )

    question.refresh_from_db()
    assert (question.project, question.assessments_asked) == (project, 3)
    assert Change.objects.get().summary == f"set the rules of review: {project}, 3 asked for here"


# --- The dashboard ----------------------------------------------------------------------------------


def test_dashboard_shows_own_queue_and_what_waits_for_adjudication(
    question: Question, ana: User, ben: User, lea: User
) -> None:
    mine = PositionFactory().question
    take(mine, ana)
    submit(question, ana, "supported")
    submit(question, ben, "refuted")

    page = browser(lea).get("/admin/").content.decode()
    hers = browser(ana).get("/admin/").content.decode()

    assert "You hold no question now." in page
    assert page.index("Waiting for your adjudication") < page.index(f">{question.wording}</a>")
    assert "Waiting for your adjudication" not in hers
    assert hers.index("Your queue") < hers.index(f">{mine.wording}</a>") < hers.index("not begun")


def test_dashboard_shows_what_was_decided_lately(question: Question, lea: User) -> None:
    decide(question)

    page = browser(lea).get("/admin/").content.decode()

    assert page.index("Decided lately") < page.index("Conflicting evidence")


def test_assignment_without_a_lease_left_says_so(ana: User) -> None:
    AssignmentFactory(reviewer=ana)  # of some years ago

    assert "its time is over" in browser(ana).get(url(QUEUE)).content.decode()
