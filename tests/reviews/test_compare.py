"""What the compare screen is made of: cards in columns, differences, the timeline, the news."""

from datetime import UTC, datetime
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from claims.models import Claim
from reviews import compare, operations
from reviews.compare.differences import Fact, Piece, differing_answers, facts, pieces, telling
from reviews.models import Placement, Question
from tests.factories import (
    NOW,
    ArticleFactory,
    ChangeFactory,
    ClaimFactory,
    CompatibilityFactory,
    EngineRunFactory,
    OriginClaimFactory,
    OriginFactory,
    OutletFactory,
    PlacementFactory,
    PositionFactory,
    QuestionFactory,
    RevisionFactory,
    SourcingMarkFactory,
    UserFactory,
)

SUGGESTED = {"state": "suggested", "suggested_by": "matcher 1.0.0", "placed_by": None}


def a_frame(**said: Any) -> dict[str, Any]:
    return {"quantities": [], "time": None, "place": "", "negated": False} | said


def a_quantity(value: str, start: int, end: int, upper: str | None = None) -> dict[str, Any]:
    return {"value": value, "upper": upper, "unit": "people", "approximator": "", "span": [start, end]}


# --- Differences ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("answers", "slot", "marked"),
    [
        (["56 people", "at least 85 people"], "how many", [["56"], ["least", "85"]]),
        (["dozens of people", "56 people"], "how many", [["dozens"], ["56"]]),
        (["near Tabqa", "near Resafa"], "where", [["Tabqa"], ["Resafa"]]),
        (["the army", "Russian jets"], "who", [[], []]),
        (["on 3 May", "on 4 May 2024"], "when", [["3"], ["4", "2024"]]),
        (["in 2017", "in 2018"], "what", [["2017"], ["2018"]]),
        (["Harbour office", "harbour OFFICE"], "who", [[], []]),
        (["alone"], "who", [[]]),
        ([], "who", []),
    ],
)
def test_differing_answers_marks_what_is_not_in_all_others(
    answers: list[str], slot: str, marked: list[list[str]]
) -> None:
    cut = differing_answers(answers, slot=slot)

    assert [[text for text, kind in pieces if kind] for pieces in cut] == marked
    assert ["".join(text for text, _ in pieces) for pieces in cut] == answers


def test_differing_answers_tells_numbers_dates_and_places_apart() -> None:
    toll = differing_answers(["about 56 in May", "about 85 in June"], slot="how many")[0]
    place = differing_answers(["near Tabqa", "near Resafa"], slot="where")[0]

    assert [kind for _, kind in toll if kind] == ["number", "date"]
    assert [kind for _, kind in place if kind] == ["place"]


def test_facts_are_known_by_their_values_not_by_their_writing() -> None:
    sentence = "About 1,000 marched near Tabqa on Sunday."
    moment = {"text": "Sunday", "earliest": "2024-05-05", "latest": "2024-05-05", "span": [134, 140]}
    frame = a_frame(quantities=[a_quantity("1000.0", 106, 111)], time=moment, place="Tabqa")

    assert facts(frame, sentence, 100) == [
        Fact(("number", facts(a_frame(quantities=[a_quantity("1000", 0, 4)]), "", 0)[0].key[1]), 106, 111),
        Fact(("date", ("2024-05-05", "2024-05-05")), 134, 140),
        Fact(("place", "tabqa"), 125, 130),
    ]


def test_telling_is_what_no_other_position_states_of_a_kind_that_others_state() -> None:
    def number(value: int) -> Fact:
        return Fact(("number", value), 0, 1)

    place = Fact(("place", "tabqa"), 0, 1)

    assert telling({1: [number(56), number(3), place], 2: [number(85), number(3)], 3: []}) == {
        1: {("number", 56)},
        2: {("number", 85)},
        3: set(),
    }


def test_pieces_join_back_to_the_sentence_and_mark_only_the_claims_own_words() -> None:
    sentence = "It said 56 died and 9 swam."
    told = [Fact(("number", 56), 108, 110), Fact(("number", 9), 120, 121)]

    cut = pieces(sentence, 100, [(108, 115)], told)

    assert cut == [
        Piece("It said ", False),
        Piece("56", True, "number"),
        Piece(" died", True),
        Piece(" and 9 swam.", False),
    ]
    assert pieces(sentence, 100, [(90, 102), (120, 400)]) == [
        Piece("It", True),
        Piece(" said 56 died and ", False),
        Piece("9 swam.", True),
    ]


# --- Columns ----------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_card_says_who_asserts_a_claim_as_the_claim_does() -> None:
    question = QuestionFactory()
    position = PositionFactory(question=question)
    nameless = RevisionFactory(article=ArticleFactory(outlet=None))
    for claim in (
        ClaimFactory(speaker__name="A minister"),
        ClaimFactory(speaker=None),
        ClaimFactory(speaker=None, kind=Claim.Kind.OWN_VOICE),
        ClaimFactory(speaker=None, kind=Claim.Kind.OWN_VOICE, revision=nameless),
    ):
        PlacementFactory(position=position, claim=claim)

    cards = compare.columns(question, verdict=None)[0].cards

    said = {card.claim_id: card.asserted_by for card in cards}
    assert said == {claim.pk: claim.asserted_by for claim in Claim.objects.all()}


@pytest.mark.django_db
def test_columns_count_claims_outlets_and_origins_and_tie_cards_of_one_origin() -> None:
    question = QuestionFactory()
    first, second = PositionFactory(question=question), PositionFactory(question=question)
    outlet = OutletFactory()
    days = iter(range(1, 9))

    def claim(**article: Any) -> Claim:
        published = datetime(2024, 5, next(days), tzinfo=UTC)
        return ClaimFactory(revision__article=ArticleFactory(published_at=published, **article))

    wire, alone, copy = claim(outlet=outlet), claim(outlet=outlet), claim()
    elsewhere = claim()
    for one in (wire, alone, copy):
        PlacementFactory(position=first, claim=one)
    PlacementFactory(position=second, claim=elsewhere, **SUGGESTED)
    origin = OriginFactory()
    for one in (wire, copy, elsewhere):
        OriginClaimFactory(origin=origin, claim=one)

    board = compare.board(question, verdict=None)

    assert board.counts == "4 claims, 3 outlets, 2 origins"
    assert [column.counts for column in board.columns] == [
        "3 claims, 2 outlets, 2 origins",
        "1 claim, 1 outlet, 1 origin",
    ]
    assert [(card.claim_id, card.ties, card.others) for card in board.columns[0].cards] == [
        (wire.pk, "first", 2),
        (copy.pk, "last", 2),
        (alone.pk, "", 0),
    ]
    assert board.suggested == 1


@pytest.mark.django_db
def test_columns_leave_out_merged_positions_rejected_claims_and_suggestions_of_older_engines() -> None:
    question = QuestionFactory()
    stays = PositionFactory(question=question)
    PositionFactory(question=question, merged_into=stays)
    shown = PlacementFactory(position=stays)
    PlacementFactory(position=stays, state=Placement.State.REJECTED)
    current = EngineRunFactory()
    older = ClaimFactory(
        revision=current.revision,
        engine_run=EngineRunFactory(revision=current.revision, engine_version="0.1.0"),
    )
    PlacementFactory(position=stays, claim=older, **SUGGESTED)

    columns = compare.columns(question, verdict=None)

    assert [[card.claim_id for card in column.cards] for column in columns] == [[shown.claim_id]]


@pytest.mark.django_db
def test_claim_suggested_twice_has_two_places_on_the_page() -> None:
    question = QuestionFactory()
    claim = ClaimFactory()
    positions = [PositionFactory(question=question) for _ in range(2)]
    for position in positions:
        PlacementFactory(position=position, claim=claim, **SUGGESTED)

    anchors = [card.anchor for card in compare.board(question, verdict=None).cards]

    assert anchors == [f"claim-{claim.pk}", f"claim-{claim.pk}-{positions[1].pk}"]


@pytest.mark.django_db
def test_column_says_with_which_it_can_be_true_and_whether_it_denies() -> None:
    question = QuestionFactory()
    dozens, number = (PositionFactory(question=question, answer=answer) for answer in ("dozens", "56"))
    CompatibilityFactory(first=dozens, second=number, reason="56 is dozens.")
    PlacementFactory(position=number, claim=ClaimFactory(frame=a_frame(negated=True)))

    columns = compare.columns(question, verdict=None)

    assert [column.compatible_with for column in columns] == [
        [(number, "56 is dozens.")],
        [(dozens, "56 is dozens.")],
    ]
    assert [column.is_denial for column in columns] == [False, True]


@pytest.mark.django_db
def test_columns_cost_as_many_queries_for_thirty_claims_as_for_three(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    questions = []
    for rows in (1, 10):
        question = QuestionFactory()
        questions.append(question)
        for _ in range(3):
            position = PositionFactory(question=question)
            for _ in range(rows):
                claim = PlacementFactory(position=position).claim
                SourcingMarkFactory(claim=claim)
                OriginClaimFactory(claim=claim)

    # placements, marks, earlier wordings, marks of those, positions, compatible ones
    for question in questions:
        with django_assert_num_queries(5):
            assert len(compare.columns(question, verdict=None)) == 3


# --- Timeline ---------------------------------------------------------------------------------------
def placed_at(position: Any, published: datetime | None, day: str | None = None) -> Placement:
    moment = {"text": "then", "earliest": day, "latest": day, "span": [0, 1]} if day else None
    article = ArticleFactory(published_at=published)
    claim = ClaimFactory(revision=RevisionFactory(article=article), frame=a_frame(time=moment))
    placement: Placement = PlacementFactory(position=position, claim=claim)
    return placement


@pytest.mark.django_db
def test_timeline_lays_claims_out_by_publication_and_by_event() -> None:
    question = QuestionFactory()
    position = PositionFactory(question=question)
    placed_at(position, datetime(2024, 5, 3, tzinfo=UTC), day="2024-05-01")
    placed_at(position, datetime(2024, 5, 5, tzinfo=UTC))
    placed_at(position, None, day="2024-05-02")

    published, event = compare.timeline(compare.columns(question, verdict=None)).lines

    assert [mark.when for mark in published.rows[0].marks] == ["3 May 2024, 00:00", "5 May 2024, 00:00"]
    assert [mark.when for mark in event.rows[0].marks] == ["1 May 2024", "2 May 2024"]
    assert (published.undated, event.undated) == (1, 1)
    assert all(mark.width == 0 for mark in published.rows[0].marks)
    first, second = event.rows[0].marks
    assert 0 < first.x < first.end <= second.x < second.end < 100
    assert [tick.label for tick in published.ticks] == [
        "3 May, 00:00",
        "3 May, 12:00",
        "4 May, 00:00",
        "4 May, 12:00",
        "5 May, 00:00",
    ]


@pytest.mark.django_db
def test_timeline_of_claims_at_one_moment_puts_them_above_each_other() -> None:
    question = QuestionFactory()
    position = PositionFactory(question=question)
    for _ in range(3):
        placed_at(position, datetime(2024, 5, 3, tzinfo=UTC))

    row = compare.timeline(compare.columns(question, verdict=None)).lines[0].rows[0]

    assert len({mark.x for mark in row.marks}) == 1
    assert len({mark.y for mark in row.marks}) == 3
    assert row.height > max(mark.y for mark in row.marks)


@pytest.mark.django_db
def test_timeline_without_dates_is_empty() -> None:
    question = QuestionFactory()
    placed_at(PositionFactory(question=question), None)

    assert compare.timeline(compare.columns(question, verdict=None)).is_empty
    assert compare.timeline([]).is_empty


# --- News, history, reading -------------------------------------------------------------------------
@pytest.mark.django_db
def test_news_tells_who_did_what_since_a_version() -> None:
    question = QuestionFactory()
    position = PositionFactory(question=question)
    ana, layla = (UserFactory(username=name, roles=["reviewer"]) for name in ("ana", "layla"))
    first, second = ClaimFactory(), ClaimFactory()
    operations.place_claim(claim_id=first.pk, position_id=position.pk, by=ana, now=NOW)
    seen = Question.objects.get(pk=question.pk).version
    operations.place_claim(claim_id=second.pk, position_id=position.pk, by=layla, now=NOW)
    placed = operations.reword_position(position_id=position.pk, answer="56", by=ana, now=NOW)
    operations.undo_change(change_id=question.changes.latest("pk").pk, by=ana, now=NOW)

    told = [str(one) for one in compare.news(question, since=seen, told=ana)]

    assert told == [
        f"layla placed claim {second.pk} under “Answer 1”",
        f"you reworded “Answer 1” to “{placed}”",
        "you took a step back",
    ]
    now = Question.objects.get(pk=question.pk).version
    assert compare.news(question, since=now, told=ana) == []


@pytest.mark.django_db
def test_history_offers_own_steps_and_a_lead_all_that_can_be_taken_back() -> None:
    question = QuestionFactory()
    position = PositionFactory(question=question)
    ana, layla = (UserFactory(username=name, roles=["reviewer"]) for name in ("ana", "layla"))
    operations.place_claim(claim_id=ClaimFactory().pk, position_id=position.pk, by=ana, now=NOW)
    operations.place_claim(claim_id=ClaimFactory().pk, position_id=position.pk, by=layla, now=NOW)

    def offered(*, may_undo_all: bool) -> list[tuple[str, bool, bool]]:
        steps = compare.history(question, user=ana, may_undo_all=may_undo_all)
        return [(step.change.made_by.username, step.is_own, step.may_undo) for step in steps]

    assert offered(may_undo_all=False) == [("layla", False, False), ("ana", True, True)]
    assert offered(may_undo_all=True) == [("layla", False, True), ("ana", True, True)]


@pytest.mark.django_db
def test_question_says_why_it_was_proposed() -> None:
    proposed = QuestionFactory(proposed_by="matcher 1.0.0")
    ChangeFactory(question=proposed, action="propose_question", reason="Two outlets give two numbers.")

    assert compare.why_proposed(proposed) == "Two outlets give two numbers."
    assert compare.why_proposed(QuestionFactory()) == ""


@pytest.mark.django_db
def test_reading_marks_the_claims_of_the_question_in_the_text() -> None:
    revision = RevisionFactory()
    text = revision.text
    question = QuestionFactory()
    position = PositionFactory(question=question)
    first, second, other = (
        ClaimFactory(revision=revision, spans=[[start, start + 8]]) for start in (4, 40, 20)
    )
    for claim in (first, second):
        PlacementFactory(position=position, claim=claim)

    shown = compare.reading(question, second)

    marked = {id for paragraph in shown.paragraphs for piece in paragraph for id in piece.claims}
    assert marked == {first.pk, second.pk}
    assert other.pk not in marked
    assert "".join(piece.text for paragraph in shown.paragraphs for piece in paragraph) == text
    assert shown.here == 2


@pytest.mark.django_db
def test_questions_to_merge_with_are_of_the_same_event_first() -> None:
    question = QuestionFactory(event="Fall of a bridge", slot="who")
    alike = QuestionFactory(event="Another event", slot="who")
    same_event = QuestionFactory(event="Fall of a bridge", slot="when")
    QuestionFactory(event="Fall of a bridge", state="dismissed", state_reason="No.")
    QuestionFactory(event="Another event", slot="why")

    assert compare.to_be_merged_with(question) == [same_event, alike]
