"""The panel of who adjudicates, and the rounds and verdicts that everybody sees."""

from dataclasses import replace
from http import HTTPStatus

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from reviews import operations
from reviews.assessing import EvidenceItem
from reviews.engine_user import engine_user
from reviews.models import AuditEvent, Question, Verdict
from tests.factories import (
    NOW,
    ClaimFactory,
    EvidenceFactory,
    EvidenceFileFactory,
    PlacementFactory,
    PositionFactory,
    ProjectFactory,
    QuestionFactory,
    SourcingMarkFactory,
)
from tests.reviews.rows import decide, judged
from tests.reviews.screens.acting import browser, compare_page, evidence, person, submit, take, typed, url

pytestmark = pytest.mark.django_db


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
    again = client.post(where, unfinished, headers={"Accept": "application/json"})
    other = unfinished | {"as_of": "2017-07"}
    stale = client.post(where, other, headers={"Accept": "application/json"})

    assert (plain.status_code, again.status_code, again.json()["saves"]) == (
        HTTPStatus.FOUND,
        HTTPStatus.OK,
        1,
    )
    assert (stale.status_code, stale.json()["saves"]) == (HTTPStatus.CONFLICT, 1)
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
    assert "This question is in review." not in page
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
