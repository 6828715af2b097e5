"""How often reviewers judged alike, as the database counts it."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from reviews import operations
from reviews.agreement.counts import Field, Narrowed, Report, find_pair, one_line, report, whole
from reviews.agreement.files import comma_separated, records
from reviews.agreement.measures import Undefined
from reviews.assessing import AssessmentContent
from reviews.errors import NotAllowed
from reviews.models import Project, Question
from tests.factories import (
    NOW,
    AssessedPositionFactory,
    AssessmentFactory,
    PositionFactory,
    ProjectFactory,
    QuestionFactory,
    UserFactory,
    VerdictFactory,
)
from tests.reviews.rows import judged as judged_alike

pytestmark = pytest.mark.django_db
YES, NO, OPEN = "supported", "refuted", "not_enough_evidence"


@pytest.fixture
def viewer(db: None) -> User:
    return UserFactory(roles=["viewer"])


@pytest.fixture
def people(db: None) -> dict[str, User]:
    return {name: UserFactory(username=name, roles=["reviewer"]) for name in ("ann", "ben", "cem")}


Decided = Callable[..., Question]


@pytest.fixture
def decided(people: dict[str, User]) -> Decided:
    """Makes a question that was decided, by who judged it how."""

    def make(
        at: datetime = NOW,
        project: Project | None = None,
        question: Question | None = None,
        manner: str = "agreed",
        **said: str,
    ) -> Question:
        question = question or QuestionFactory(state="decided", project=project)
        for name, judgement in said.items():
            AssessmentFactory(question=question, reviewer=people[name], judgement=judgement)
        VerdictFactory(question=question, manner=manner, decided_at=at, as_of=at)
        return question

    return make


def figures(found: Report, by: str = "all") -> list[tuple[Any, ...]]:
    """Name, items, percent agreement, kappa and alpha of each group, to three places."""

    def said(figure: dict[str, Any]) -> Any:
        return round(figure["value"], 3) if figure["value"] is not None else figure["undefined"]

    return [
        (
            each["name"],
            each["items"],
            *(said(each[name]) for name in ("percent_agreement", "cohen_kappa", "krippendorff_alpha")),
        )
        for each in records(found)
        if each["by"] == by
    ]


NO_KAPPA = "it is of two reviewers"


def test_report_has_all_items_that_two_judged(decided: Decided, viewer: User) -> None:
    decided(ann=YES, ben=YES)
    decided(ann=NO, ben=NO)
    decided(ann=YES, ben=NO, cem=NO)
    decided(ann=OPEN)

    found = report(Narrowed(), by=viewer)

    assert figures(found) == [("All", 3, 0.6, NO_KAPPA, 0.5)]
    assert found.whole.ratings.by_category == {
        "supported": 3,
        "refuted": 4,
        "not_enough_evidence": 0,
        "conflicting_evidence": 0,
    }
    assert found.whole.ratings.rated_once == 1


def test_report_has_each_pair_with_kappa(decided: Decided, viewer: User) -> None:
    for said in ({"ann": YES, "ben": YES}, {"ann": NO, "ben": NO}, {"ann": YES, "ben": NO}):
        decided(**said)
    decided(ben=YES, cem=YES)

    found = report(Narrowed(), by=viewer)

    one_category = Undefined.ONE_CATEGORY.value
    assert figures(found, "pair") == [
        ("ann and ben", 3, 0.667, 0.4, 0.444),
        ("ben and cem", 1, 1.0, one_category, one_category),
    ]
    assert found.pairs[0].judged == {(YES, YES): 1, (NO, NO): 1, (YES, NO): 1}
    assert found.pair_count == 2


def test_report_counts_rounds_of_two_and_more_and_those_adjudicated(decided: Decided, viewer: User) -> None:
    ferry = ProjectFactory(name="Ferry")
    july = datetime(2017, 7, 1, tzinfo=UTC)
    decided(ann=YES, ben=YES)
    decided(ann=YES, ben=NO, cem=NO, manner="adjudicated", project=ferry)
    decided(ann=YES, ben=NO, at=july, manner="adjudicated")
    decided(ann=YES, manner="single")

    found = records(report(Narrowed(), by=viewer))

    assert [(each["name"], each["rounds"], each["adjudicated"]) for each in found] == [
        ("All", 3, 2),
        ("2017-07", 1, 1),
        ("2017-06", 2, 1),
        ("Ferry", 1, 1),
        ("No project", 2, 1),
        ("ann and ben", 3, 2),
        ("ann and cem", 1, 1),
        ("ben and cem", 1, 1),
    ]


def test_whole_has_the_figures_that_the_report_begins_with(
    decided: Decided, people: dict[str, User], viewer: User
) -> None:
    decided(ann=YES, ben=NO, manner="adjudicated")
    decided(ann=YES, cem=YES)

    for pair in (None, (people["ann"], people["ben"]), (people["ben"], people["cem"])):
        narrowed = Narrowed(pair=pair)
        assert whole(narrowed, by=viewer) == report(narrowed, by=viewer).whole


def test_report_names_the_first_of_a_pair_whoever_came_first(decided: Decided, viewer: User) -> None:
    zoe, amy = UserFactory(username="zoe"), UserFactory(username="amy")
    question = decided()
    AssessmentFactory(question=question, reviewer=zoe, judgement=YES)
    AssessmentFactory(question=question, reviewer=amy, judgement=NO)

    [pair] = report(Narrowed(), by=viewer).pairs

    assert (pair.name, pair.judged) == ("amy and zoe", {(NO, YES): 1})


def test_report_by_month_goes_by_the_verdict_in_utc(decided: Decided, viewer: User) -> None:
    decided(at=datetime(2017, 6, 30, 23, 59, tzinfo=UTC), ann=YES, ben=YES)
    decided(at=datetime(2017, 7, 1, 0, 0, tzinfo=UTC), ann=YES, ben=NO)
    decided(at=datetime(2017, 7, 31, 12, 0, tzinfo=UTC), ann=YES, ben=YES)

    with timezone.override("Pacific/Auckland"):
        found = report(Narrowed(), by=viewer)

    assert [each[:3] for each in figures(found, "month")] == [("2017-07", 2, 0.5), ("2017-06", 1, 1.0)]


def test_report_of_a_period_has_both_its_days(decided: Decided, viewer: User) -> None:
    for day in range(1, 6):
        decided(at=datetime(2017, 6, day, 23, 59, 59, tzinfo=UTC), ann=YES, ben=NO)

    found = report(Narrowed(since=date(2017, 6, 2), until=date(2017, 6, 4)), by=viewer)

    assert found.whole.percent.items == 3


def test_report_has_each_project_and_what_has_none(decided: Decided, viewer: User) -> None:
    ferry = ProjectFactory(name="Ferry")
    decided(project=ferry, ann=YES, ben=YES)
    decided(ann=YES, ben=NO)

    found = report(Narrowed(), by=viewer)
    narrowed = report(Narrowed(project=ferry), by=viewer)

    assert [each[:3] for each in figures(found, "project")] == [("Ferry", 1, 1.0), ("No project", 1, 0.0)]
    assert [each[:3] for each in figures(narrowed)] == [("All", 1, 1.0)]


def test_report_of_a_pair_has_what_both_judged(
    decided: Decided, people: dict[str, User], viewer: User
) -> None:
    decided(ann=YES, ben=NO, cem=NO)
    decided(ann=YES, cem=YES)

    found = report(Narrowed(pair=(people["ann"], people["ben"])), by=viewer)

    assert [each[:3] for each in figures(found)] == [("ann and ben", 1, 0.0)]
    assert [each[:3] for each in figures(found, "month")] == [("2017-06", 1, 0.0)]


def test_report_of_positions_has_each_position(
    decided: Decided, people: dict[str, User], viewer: User
) -> None:
    question = decided(ann=YES, ben=YES)
    here, there = PositionFactory(question=question), PositionFactory(question=question)
    for assessment in question.assessments.all():
        AssessedPositionFactory(assessment=assessment, position=here, judgement=YES)
        said = NO if assessment.reviewer == people["ann"] else OPEN
        AssessedPositionFactory(assessment=assessment, position=there, judgement=said)

    found = report(Narrowed(field=Field.POSITION), by=viewer)

    assert [each[:3] for each in figures(found)] == [("All", 2, 0.5)]
    assert found.pairs[0].judged == {(YES, YES): 1, (NO, OPEN): 1}


def test_report_tells_rounds_of_a_question_apart(decided: Decided, viewer: User) -> None:
    question = QuestionFactory(state="decided", round=2)
    decided(question=question, ann=YES, ben=YES)
    for name, judgement in (("cem", NO), ("dee", YES)):
        reviewer = UserFactory(username=f"{name}-2")
        AssessmentFactory(question=question, round=1, reviewer=reviewer, judgement=judgement)
    VerdictFactory(question=question, round=1)

    assert [each[1:3] for each in figures(report(Narrowed(), by=viewer))] == [(2, 0.5)]


def test_report_has_nothing_of_a_round_that_is_not_decided(viewer: User) -> None:
    question = QuestionFactory(assessments_asked=2)
    PositionFactory(question=question)
    people = [UserFactory(roles=["reviewer"]) for _ in range(2)]
    for person in people:
        operations.take_question(question_id=question.pk, by=person, now=NOW)
    before = comma_separated(report(Narrowed(), by=viewer))

    def submit(content: AssessmentContent, by: User) -> None:
        operations.submit_assessment(question_id=question.pk, content=content, by=by, now=NOW)

    submit(judged_alike(question, YES), people[0])
    in_review = comma_separated(report(Narrowed(), by=viewer))
    submit(judged_alike(question, YES), people[1])

    assert in_review == before
    assert report(Narrowed(), by=viewer).whole.percent.items == 1


def test_report_is_not_for_who_may_not_see_verdicts() -> None:
    with pytest.raises(NotAllowed, match="see how far reviewers agree"):
        report(Narrowed(), by=UserFactory())
    with pytest.raises(NotAllowed):
        whole(Narrowed(), by=UserFactory())
    with pytest.raises(NotAllowed):
        one_line(by=UserFactory())


def test_report_takes_as_many_queries_for_three_questions_as_for_one(decided: Decided, viewer: User) -> None:
    def count() -> int:
        by = User.objects.get(pk=viewer.pk)  # without the permissions it remembers
        with CaptureQueriesContext(
            connection,
        ) as queries:
            report(Narrowed(), by=by)
        return len(queries)

    decided(project=ProjectFactory(), ann=YES, ben=NO)
    with_one = count()
    for _ in range(2):
        decided(project=ProjectFactory(), ann=YES, ben=NO, cem=NO)

    assert count() == with_one


def test_comma_separated_agreement_is_a_table(decided: Decided, viewer: User) -> None:
    decided(project=ProjectFactory(name='=cmd|"x"'), ann=YES, ben=YES)

    head, *lines = comma_separated(report(Narrowed(), by=viewer)).splitlines()

    reason = '"only one category was ever chosen, so chance alone would agree as well"'
    chosen = "too few to mean anything,2,0,0,0,1,0"
    assert head == (
        "field,by,name,items,ratings,pairs,rated_once,percent_agreement,cohen_kappa,krippendorff_alpha,"
        "percent_agreement_undefined,cohen_kappa_undefined,krippendorff_alpha_undefined,caution,"
        "chosen_supported,chosen_refuted,chosen_not_enough_evidence,chosen_conflicting_evidence,"
        "rounds,adjudicated"
    )
    assert lines == [
        f"question,all,All,1,2,1,0,1.0,,,,it is of two reviewers,{reason},{chosen}",
        f"question,month,2017-06,1,2,1,0,1.0,,,,it is of two reviewers,{reason},{chosen}",
        f'question,project,"\'=cmd|""x""",1,2,1,0,1.0,,,,it is of two reviewers,{reason},{chosen}',
        f"question,pair,ann and ben,1,2,1,0,1.0,,,,{reason},{reason},{chosen}",
    ]


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (["ben", "ann"], ["ann", "ben"]),
        (["ann", "ann"], None),
        (["ann", "nobody"], None),
        (["ann"], None),
    ],
)
def test_find_pair_finds_two_different_people(
    people: dict[str, User], names: list[str], found: list[str] | None
) -> None:
    pair = find_pair(names)

    assert (None if pair is None else [person.get_username() for person in pair]) == found


# --- The dashboard's line -----------------------------------------------------------------------
def test_one_line_says_what_it_rests_on(decided: Decided, viewer: User) -> None:
    lately = timezone.now()
    for at, said, manner in (
        (lately, (YES, YES), "agreed"),
        (lately, (NO, NO), "agreed"),
        (lately, (NO, YES), "adjudicated"),
        (NOW, (NO, YES), "adjudicated"),  # years ago
    ):
        question = decided(at=at, ann=YES, ben=YES, manner=manner)
        position = PositionFactory(question=question)
        for assessment, judgement in zip(question.assessments.all(), said, strict=True):
            AssessedPositionFactory(assessment=assessment, position=position, judgement=judgement)

    assert one_line(by=viewer) == (
        "67% of judgements agree (Krippendorff's α 0.44), over 3 positions of the last 90 days,"
        " too few to mean anything; 1 of 3 rounds adjudicated."
    )


def test_one_line_is_empty_where_nobody_judged_the_same(decided: Decided, viewer: User) -> None:
    decided(at=timezone.now(), ann=YES)

    assert one_line(by=viewer) == ""
