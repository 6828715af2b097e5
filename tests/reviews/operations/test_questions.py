"""Questions: proposed, opened, dismissed, worded, united and divided."""

import re
from collections.abc import Iterable

import pytest
from django.contrib.auth.models import User

from reviews import operations
from reviews.errors import Conflict, ReviewError
from reviews.models import AuditEvent, Compatibility, Placement, Position, Question
from reviews.operations import steps
from tests.factories import NOW, ClaimFactory, PlacementFactory, PositionFactory, QuestionFactory
from tests.reviews.rows import actions, all_rows, decide, placed

pytestmark = pytest.mark.django_db
State = Question.State


def test_open_question_makes_positions_in_the_order_given(reviewer: User) -> None:
    question = operations.open_question(
        wording=" Who shot first? ",
        slot="who",
        event="A clash",
        answers=["The army", "The rebels"],
        by=reviewer,
        now=NOW,
    )

    assert question.wording == "Who shot first?"
    assert question.state == Question.State.OPEN
    assert list(question.positions.values_list("number", "answer", "added_by__username")) == [
        (1, "The army", "reviewer"),
        (2, "The rebels", "reviewer"),
    ]
    assert actions(question) == [("reviewer", "open_question", "insert")]


def test_open_question_without_question_mark_is_refused(reviewer: User) -> None:
    with pytest.raises(ReviewError, match="question mark"):
        operations.open_question(wording="Who shot first", slot="who", by=reviewer, now=NOW)

    assert not Question.objects.exists()


def test_propose_question_waits_to_be_opened(reviewer: User) -> None:
    question = operations.propose_question(
        wording="How many died?", slot="how many", answers=["56", "dozens"], by=reviewer, now=NOW
    )
    proposed = question.state

    operations.open_proposed(question_id=question.pk, seen_version=1, by=reviewer, now=NOW)
    again = operations.open_proposed(question_id=question.pk, by=reviewer, now=NOW)

    assert (proposed, again.state, again.version) == (State.PROPOSED, State.OPEN, 2)
    assert list(question.changes.values_list("summary", flat=True)) == [
        "opened the proposed question",
        "proposed the question",
    ]


def test_open_proposed_that_was_dismissed_is_a_conflict(reviewer: User) -> None:
    question = QuestionFactory(state="proposed")
    operations.dismiss_question(question_id=question.pk, reason="No.", by=reviewer, now=NOW)

    with pytest.raises(Conflict, match="does not follow"):
        operations.open_proposed(question_id=question.pk, by=reviewer, now=NOW)


def test_dismiss_question_needs_a_reason_and_keeps_it(reviewer: User, question: Question) -> None:
    with pytest.raises(ReviewError, match="not worth asking"):
        operations.dismiss_question(question_id=question.pk, reason=" ", by=reviewer, now=NOW)
    operations.dismiss_question(question_id=question.pk, reason="Gossip. ", by=reviewer, now=NOW)

    question.refresh_from_db()
    assert (question.state, question.state_reason, question.version) == ("dismissed", "Gossip.", 2)
    with pytest.raises(Conflict, match="dismissed"):
        operations.add_position(question_id=question.pk, answer="Resafa", by=reviewer, now=NOW)


def test_reword_question_keeps_the_question_mark_and_what_stands_there(
    reviewer: User, question: Question
) -> None:
    with pytest.raises(ReviewError, match="question mark"):
        operations.reword_question(question_id=question.pk, wording="Where", event="", by=reviewer, now=NOW)
    operations.reword_question(
        question_id=question.pk, wording=" Where did it fall? ", event=" June 18 ", by=reviewer, now=NOW
    )
    operations.reword_question(
        question_id=question.pk, wording="Where did it fall?", event="June 18", by=reviewer, now=NOW
    )

    question.refresh_from_db()
    assert (question.wording, question.event, question.version) == ("Where did it fall?", "June 18", 2)


def merge(question: Question, into: Question, *, by: User, reason: str = "One point.") -> Question:
    return operations.merge_questions(question_id=question.pk, into_id=into.pk, reason=reason, by=by, now=NOW)


def test_merge_questions_unites_equal_answers_and_adds_the_others(reviewer: User, question: Question) -> None:
    old = QuestionFactory(wording="Where was the jet hit?")
    tabqa, resafa = (PositionFactory(question=old, answer=answer) for answer in ("NEAR  TABQA", "Resafa"))
    confirmed = PlacementFactory(position=tabqa, reason="It says so.")
    suggested = PlacementFactory(
        position=resafa, state="suggested", suggested_by="matcher 1", placed_by=None, score=0.7
    )
    rejected = PlacementFactory(position=resafa, state="rejected", reason="Another jet.")

    stays = merge(old, question, by=reviewer)

    old.refresh_from_db()
    assert stays == question
    assert (old.state, old.merged_into, old.state_reason) == ("merged", question, "One point.")
    assert placed(question) == {
        "Near Raqqa": {},
        "Near Tabqa": {confirmed.claim_id: "confirmed"},
        "Resafa": {suggested.claim_id: "suggested", rejected.claim_id: "rejected"},
    }
    repeated = question.placements.get(claim=suggested.claim)
    assert (repeated.score, repeated.suggested_by, repeated.placed_by) == (0.7, "matcher 1", None)
    assert question.placements.get(claim=confirmed.claim).placed_by == confirmed.placed_by
    assert dict(old.placements.values_list("claim", "state")) == {
        confirmed.claim_id: "carried",
        suggested.claim_id: "carried",
        rejected.claim_id: "rejected",
    }
    assert {position.merged_into.question for position in old.positions.all()} == {question}
    assert (stays.tally.claims, old.tally.claims) == (2, 0)


def test_merge_questions_repeats_what_can_both_be_true(reviewer: User, question: Question) -> None:
    old = QuestionFactory()
    dozens, many = (PositionFactory(question=old, answer=answer) for answer in ("dozens", "many"))
    operations.say_compatible(
        first_id=dozens.pk, second_id=many.pk, reason="Dozens are many.", by=reviewer, now=NOW
    )

    merge(old, question, by=reviewer)

    said = Compatibility.objects.get(first__question=question)
    assert (said.first.answer, said.second.answer, said.reason) == ("dozens", "many", "Dozens are many.")


def test_merge_questions_where_a_claim_stands_confirmed_under_two_answers_is_a_conflict(
    reviewer: User, question: Question
) -> None:
    old = QuestionFactory()
    claim = ClaimFactory()
    PlacementFactory(position=PositionFactory(question=old, answer="Resafa"), claim=claim)
    PlacementFactory(position=question.positions.first(), claim=claim)
    before = all_rows()

    with pytest.raises(
        Conflict, match=f"Claim {claim.pk} is confirmed under “Resafa” here, but under “Near R"
    ):
        merge(old, question, by=reviewer)

    assert all_rows() == before


@pytest.mark.parametrize("is_off_topic", [True, False])
def test_merge_questions_where_a_confirmed_claim_was_rejected_there_is_a_conflict(
    reviewer: User, question: Question, is_off_topic: bool
) -> None:
    old = QuestionFactory()
    claim = ClaimFactory()
    PlacementFactory(position=PositionFactory(question=old, answer="Near Raqqa"), claim=claim)
    PlacementFactory(
        position=question.positions.first(), claim=claim, state="rejected", is_off_topic=is_off_topic
    )

    with pytest.raises(Conflict, match="was rejected in question"):
        merge(old, question, by=reviewer)


def test_merge_questions_lets_what_people_decided_win_over_what_machines_suggest(
    reviewer: User, question: Question
) -> None:
    suggestion = {"state": "suggested", "suggested_by": "matcher 1", "placed_by": None}
    raqqa, tabqa = question.positions.all()
    old = QuestionFactory()
    old_raqqa, old_tabqa = (
        PositionFactory(question=old, answer=answer) for answer in ("Near Raqqa", "Near Tabqa")
    )
    here, elsewhere, off_topic, rejected, kept = (ClaimFactory() for _ in range(5))
    PlacementFactory(position=old_raqqa, claim=here)
    PlacementFactory(position=raqqa, claim=here, **suggestion)
    PlacementFactory(position=old_raqqa, claim=elsewhere)
    PlacementFactory(position=tabqa, claim=elsewhere, **suggestion)
    PlacementFactory(position=old_raqqa, claim=off_topic, state="rejected", is_off_topic=True)
    PlacementFactory(position=tabqa, claim=off_topic, **suggestion)
    PlacementFactory(position=raqqa, claim=rejected, state="rejected", is_off_topic=True)
    PlacementFactory(position=old_tabqa, claim=rejected, **suggestion)
    PlacementFactory(position=raqqa, claim=kept)
    PlacementFactory(position=old_tabqa, claim=kept, **suggestion)

    merge(old, question, by=reviewer)

    assert placed(question) == {
        "Near Raqqa": {
            here.pk: "confirmed",
            elsewhere.pk: "confirmed",
            off_topic.pk: "rejected",
            rejected.pk: "rejected",
            kept.pk: "confirmed",
        },
        "Near Tabqa": {elsewhere.pk: "rejected", off_topic.pk: "rejected"},
    }
    assert set(question.placements.filter(is_off_topic=True).values_list("claim", flat=True)) == {
        off_topic.pk,
        rejected.pk,
    }


def test_merge_into_a_merged_question_leads_on_and_never_round(reviewer: User, question: Question) -> None:
    middle, last = QuestionFactory(), QuestionFactory()
    merge(middle, question, by=reviewer)

    stays = merge(last, middle, by=reviewer)

    assert stays == question
    assert operations.where_now(Question.objects.get(pk=last.pk)) == question
    with pytest.raises(Conflict, match="one question already"):
        merge(question, last, by=reviewer)
    gone = re.escape(f"“{middle}” was merged into “{question}” (question {question.pk}). Take that one.")
    with pytest.raises(Conflict, match=gone):
        merge(middle, QuestionFactory(), by=reviewer)
    with pytest.raises(Conflict, match=gone):
        operations.add_position(question_id=middle.pk, answer="Resafa", by=reviewer, now=NOW)


def test_merge_into_what_is_merged_meanwhile_names_the_question_that_stays(
    reviewer: User, question: Question, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After it was looked up, and before it is locked."""
    into, merged = QuestionFactory(), QuestionFactory()
    lock_all = steps.lock_all

    def merge_first(ids: Iterable[int]) -> dict[int, Question]:
        monkeypatch.setattr(steps, "lock_all", lock_all)
        merge(into, question, by=reviewer)
        return lock_all(ids)

    monkeypatch.setattr(steps, "lock_all", merge_first)

    gone = re.escape(f"“{into}” was merged into “{question}” (question {question.pk}). Take that one.")
    with pytest.raises(Conflict, match=gone):
        merge(merged, into, by=reviewer)


def test_merge_from_a_stale_page_is_a_conflict_and_writes_nothing(reviewer: User, question: Question) -> None:
    into = QuestionFactory()
    operations.add_position(question_id=question.pk, answer="Resafa", by=reviewer, now=NOW)
    before = all_rows()

    with pytest.raises(Conflict, match="changed the question meanwhile"):
        operations.merge_questions(
            question_id=question.pk, into_id=into.pk, reason="One.", seen_version=1, by=reviewer, now=NOW
        )

    assert all_rows() == before


def test_merge_of_an_open_question_opens_the_proposed_one_it_goes_into(reviewer: User) -> None:
    proposed = QuestionFactory(state="proposed")

    merge(QuestionFactory(state="proposed"), proposed, by=reviewer)
    proposed.refresh_from_db()
    still = proposed.state
    merge(QuestionFactory(), proposed, by=reviewer)

    proposed.refresh_from_db()
    assert (still, proposed.state) == (State.PROPOSED, State.OPEN)


def test_merge_into_a_decided_question_is_a_conflict(reviewer: User, question: Question) -> None:
    decide(question, by=reviewer)

    with pytest.raises(Conflict, match="decided"):
        merge(QuestionFactory(), question, by=reviewer)


def split(question: Question, positions: list[Position], *, by: User) -> Question:
    return operations.split_question(
        question_id=question.pk,
        position_ids=[position.pk for position in positions],
        wording="Where was the pilot?",
        slot="where",
        event="The ejection",
        reason="The pilot is not the jet.",
        by=by,
        now=NOW,
    )


def test_split_question_takes_positions_along_and_remembers_the_claims_as_off_topic(
    reviewer: User, question: Question
) -> None:
    raqqa, tabqa = question.positions.all()
    confirmed, both = PlacementFactory(position=tabqa), PlacementFactory(position=raqqa)
    PlacementFactory(
        position=tabqa, claim=both.claim, state="suggested", suggested_by="matcher 1", placed_by=None
    )

    created = split(question, [tabqa], by=reviewer)

    tabqa.refresh_from_db()
    assert (created.split_from, created.state, created.event) == (question, State.OPEN, "The ejection")
    assert placed(created) == {"Near Tabqa": {confirmed.claim_id: "confirmed", both.claim_id: "suggested"}}
    assert placed(question) == {"Near Raqqa": {both.claim_id: "confirmed"}}
    assert tabqa.merged_into == created.positions.get()
    left = tabqa.placements.order_by("pk").values_list("claim", "state", "is_off_topic", "reason")
    why = "It is about “Where was the pilot?”. The pilot is not the jet."
    assert list(left) == [
        (confirmed.claim_id, "rejected", True, why),
        (both.claim_id, "rejected", False, why),
    ]
    assert (created.tally.claims, Question.objects.get(pk=question.pk).tally.claims) == (2, 1)


def test_split_question_leaves_room_for_the_answer_to_be_added_again(
    reviewer: User, question: Question
) -> None:
    split(question, [question.positions.last()], by=reviewer)

    again = operations.add_position(question_id=question.pk, answer="near tabqa", by=reviewer, now=NOW)

    assert again.number == 3


def test_split_question_needs_some_of_its_positions_and_leaves_one(
    reviewer: User, question: Question
) -> None:
    for positions, says in (
        ([], "Choose positions of this question"),
        ([PositionFactory()], "Choose positions of this question"),
        (list(question.positions.all()), "Leave a position"),
    ):
        with pytest.raises(ReviewError, match=says):
            split(question, positions, by=reviewer)

    assert not Question.objects.filter(split_from=question).exists()


def test_every_row_of_a_merger_is_audited_with_its_change(reviewer: User, question: Question) -> None:
    old = QuestionFactory()
    placement = PlacementFactory(position=PositionFactory(question=old, answer="Resafa"))
    written = AuditEvent.objects.count()

    merge(old, question, by=reviewer, reason="The same jet.")

    change = question.changes.get()
    events = AuditEvent.objects.order_by("pk")[written:]
    assert {(event.actor, event.action, event.reason, event.change_id) for event in events} == {
        ("reviewer", "merge_questions", "The same jet.", change.pk)
    }
    assert actions(placement)[-1] == ("reviewer", "merge_questions", "update")
    assert Placement.objects.filter(claim=placement.claim).count() == 2
