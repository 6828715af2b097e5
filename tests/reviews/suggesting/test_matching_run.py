"""What is suggested when articles come, go and are read anew, and what people's decisions do to that."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User

from claims.models import Claim
from reviews import operations
from reviews.claim_words import in_words
from reviews.models import (
    AuditEvent,
    Change,
    Compatibility,
    MatchedClaim,
    Placement,
    Position,
    Question,
    QuestionTally,
)
from tests.factories import NOW, RevisionFactory, UserFactory
from tests.reviews.rows import decide
from tests.reviews.suggesting.conftest import Press, Shown

KILLED = "How many were killed in Alder?"
HURT = "How many were hurt in Alder?"


@pytest.fixture
def ann() -> User:
    return UserFactory(username="ann", roles=["lead"])


def position(answer: str, wording: str = KILLED) -> Position:
    live = Question.objects.exclude(state__in=("dismissed", "merged"))
    return Position.objects.standing().get(question__in=live.filter(wording=wording), answer=answer)


def placement(press: Press, outlet: str, saying: str, answer: str) -> Placement:
    return Placement.objects.get(claim=press.claim(outlet, saying), position__answer=answer)


# --- Proposing ----------------------------------------------------------------------------------
def test_two_answers_become_a_proposed_question(press: Press, shown: Callable[[], Shown]) -> None:
    press.publish("Courier", "killed in Alder: 12")
    press.publish("Ledger", "killed in Alder: 15")

    assert shown() == {KILLED: {"12": ["Courier suggested"], "15": ["Ledger suggested"]}}
    question = Question.objects.get()
    assert (question.state, question.resolution, question.event, question.slot) == (
        "proposed",
        "contested",
        "Alder",
        "how many",
    )
    assert (question.proposed_by, question.opened_by.username) == ("matcher 1.0.0", "engine")


def test_one_answer_of_two_outlets_is_proposed_and_one_report_alone_is_not(
    press: Press, shown: Callable[[], Shown]
) -> None:
    press.publish("Courier", "killed in Alder: 12", "hurt in Alder: 3")

    assert shown() == {}

    press.publish("Ledger", "killed in Alder: 12")

    assert shown() == {KILLED: {"12": ["Courier suggested", "Ledger suggested"]}}


def test_proposing_is_one_audited_step_of_the_engine_with_its_reasons(press: Press) -> None:
    press.publish("Courier", "killed in Alder: 12")
    press.publish("Ledger", "killed in Alder: 15")

    [change] = Change.objects.all()
    assert (change.action, change.summary, change.made_by.username) == (
        "propose_question",
        "proposed the question",
        "engine",
    )
    assert change.reason == "matcher 1.0.0: counts of killed in Alder"
    of_step = AuditEvent.objects.filter(change_id=change.pk).order_by("pk")
    assert list(of_step.values_list("actor", "table_name", "operation")) == [
        ("engine", "reviews_position", "insert"),
        ("engine", "reviews_position", "insert"),
        ("engine", "reviews_placement", "insert"),
        ("engine", "reviews_placement", "insert"),
    ]
    assert list(Placement.objects.order_by("pk").values_list("reason", "suggested_by")) == [
        ("says 12", "matcher 1.0.0"),
        ("says 15", "matcher 1.0.0"),
    ]


def test_matching_again_writes_nothing(press: Press) -> None:
    articles = [
        press.publish("Courier", "killed in Alder: 12"),
        press.publish("Ledger", "killed in Alder: 15"),
    ]
    events = AuditEvent.objects.count()

    assert press.match(*articles) == []

    assert AuditEvent.objects.count() == events


def test_answers_that_can_both_be_true_are_said_to_be_so(press: Press) -> None:
    press.publish("Courier", "killed in Alder: dozens")
    press.publish("Ledger", "killed in Alder: 56")

    [pair] = Compatibility.objects.all()
    assert (pair.first.answer, pair.second.answer) == ("56", "dozens")
    assert pair.reason == "“56” and “dozens” can both be true."
    assert Question.objects.get().resolution == "open"


def test_counts_follow_what_is_suggested(press: Press) -> None:
    press.publish("Courier", "killed in Alder: 12/wire")
    press.publish("Ledger", "killed in Alder: 12/wire")
    press.publish("Herald", "killed in Alder: 15")

    tally = QuestionTally.objects.get()
    assert (tally.claims, tally.suggested, tally.outlets, tally.origins, tally.opposed_outlets) == (
        3,
        3,
        3,
        2,
        1,
    )


def test_claims_of_other_stories_stay_apart(press: Press, shown: Callable[[], Shown]) -> None:
    press.publish("Courier", "killed in Alder: 12", "killed in Brook: 1")
    press.publish("Ledger", "killed in Alder: 15", "killed in Brook: 1")

    assert list(shown()) == [KILLED, "How many were killed in Brook?"]
    assert MatchedClaim.objects.values("story").distinct().count() == 2


# --- Changes of what is claimed -----------------------------------------------------------------
def test_question_nobody_touched_follows_the_claims(press: Press, shown: Callable[[], Shown]) -> None:
    press.publish("Courier", "killed in Alder: 15")
    press.publish("Ledger", "killed in Alder: 15")

    press.publish("Herald", "killed in Alder: 12")

    assert shown() == {KILLED: {"12": ["Herald suggested"], "15": ["Courier suggested", "Ledger suggested"]}}
    assert list(Position.objects.order_by("number").values_list("number", "answer")) == [(1, "12"), (2, "15")]
    assert Question.objects.get().version == 2


def test_claims_of_an_outdated_engine_run_lose_their_suggestions(
    press: Press, shown: Callable[[], Shown]
) -> None:
    press.publish("Courier", "killed in Alder: 12")
    press.publish("Ledger", "killed in Alder: 15")
    press.publish("Herald", "killed in Alder: 15")

    press.publish("Courier", "killed in Alder: 15", version="10")

    everyone = ["Courier suggested", "Herald suggested", "Ledger suggested"]
    assert shown() == {KILLED: {"15": everyone}}
    assert Placement.objects.exclude(state="suggested").count() == 0


def test_proposed_question_whose_claims_are_gone_is_taken_back_with_the_reason(press: Press) -> None:
    press.publish("Courier", "killed in Alder: 12", "killed in Alder: 15")

    press.publish("Courier", version="10")

    question = Question.objects.get()
    assert (question.state, question.state_reason) == ("dismissed", "None of its claims stands any more.")
    assert not Placement.objects.exists()
    assert Change.objects.latest("pk").action == "dismiss_question"


def test_question_taken_back_is_proposed_anew_when_its_claims_come_again(
    press: Press, shown: Callable[[], Shown]
) -> None:
    press.publish("Courier", "killed in Alder: 12", "killed in Alder: 15")
    press.publish("Courier", version="10")

    press.publish("Courier", "killed in Alder: 12", "killed in Alder: 15", version="11")

    assert shown() == {KILLED: {"12": ["Courier suggested"], "15": ["Courier suggested"]}}


def test_only_the_current_text_of_an_article_is_matched(press: Press, shown: Callable[[], Shown]) -> None:
    article = press.publish("Courier", "killed in Alder: 12")
    press.publish("Ledger", "killed in Alder: 15")
    RevisionFactory(article=article, number=2, text="It is corrected. " + "00000 00001")

    press.publish("Courier", "killed in Alder: 15")

    assert shown() == {KILLED: {"15": ["Courier suggested", "Ledger suggested"]}}


# --- What people decided ------------------------------------------------------------------------
def test_suggestions_never_touch_what_a_person_confirmed(
    press: Press, shown: Callable[[], Shown], ann: User
) -> None:
    press.publish("Courier", "killed in Alder: 12")
    press.publish("Ledger", "killed in Alder: 15")
    claim = press.claim("Courier", "killed in Alder: 12")
    operations.place_claim(claim_id=claim.pk, position_id=position("15").pk, by=ann, now=NOW)

    press.publish("Herald", "killed in Alder: 12")

    assert shown() == {KILLED: {"12": ["Herald suggested"], "15": ["Courier confirmed", "Ledger suggested"]}}
    assert Question.objects.get().state == "open"


def test_rejected_claim_does_not_come_back_to_the_answer(
    press: Press, shown: Callable[[], Shown], ann: User
) -> None:
    press.publish("Courier", "killed in Alder: 12")
    press.publish("Ledger", "killed in Alder: 15")
    taken_out = placement(press, "Courier", "killed in Alder: 12", "12")
    operations.reject_placement(placement_id=taken_out.pk, by=ann, now=NOW)

    press.publish("Herald", "killed in Alder: 12")

    assert shown() == {KILLED: {"12": ["Herald suggested"], "15": ["Ledger suggested"]}}


def test_claim_said_to_be_off_topic_does_not_come_back_to_the_question(
    press: Press, shown: Callable[[], Shown], ann: User
) -> None:
    press.publish("Courier", "killed in Alder: 12")
    press.publish("Ledger", "killed in Alder: 15")
    claim = press.claim("Courier", "killed in Alder: 12")
    operations.reject_claim(question_id=Question.objects.get().pk, claim_id=claim.pk, by=ann, now=NOW)

    press.publish("Herald", "killed in Alder: 12")

    assert shown() == {KILLED: {"12": ["Herald suggested"], "15": ["Ledger suggested"]}}


def test_dismissed_question_stays_dismissed_and_swallows_what_it_was_made_of(
    press: Press, shown: Callable[[], Shown], ann: User
) -> None:
    press.publish("Courier", "killed in Alder: 12", "hurt in Alder: 3")
    press.publish("Ledger", "killed in Alder: 15", "hurt in Alder: 4")
    dismissed = Question.objects.get(wording=KILLED)
    operations.dismiss_question(question_id=dismissed.pk, reason="Settled long ago.", by=ann, now=NOW)

    press.publish("Herald", "killed in Alder: 12", "hurt in Alder: 4")
    press.publish("Courier", "hurt in Alder: 3", version="10")
    press.publish("Mirror", "killed in Alder: 15")

    assert shown() == {
        HURT: {"3": ["Courier suggested"], "4": ["Herald suggested", "Ledger suggested"]},
    }
    dismissed.refresh_from_db()
    assert (dismissed.state, dismissed.state_reason) == ("dismissed", "Settled long ago.")


def test_merged_question_gives_what_would_have_come_to_it_to_the_other(
    press: Press, shown: Callable[[], Shown], ann: User
) -> None:
    press.publish("Courier", "killed in Alder: 12", "slain in Alder: 12")
    press.publish("Ledger", "killed in Alder: 15", "slain in Alder: 16")
    killed = Question.objects.get(wording=KILLED)
    slain = Question.objects.get(wording="How many were slain in Alder?")
    operations.merge_questions(question_id=slain.pk, into_id=killed.pk, reason="The same.", by=ann, now=NOW)

    press.publish("Herald", "slain in Alder: 16", "killed in Alder: 15", "slain in Alder: 19")

    assert shown() == {
        KILLED: {
            "12": ["Courier suggested", "Courier suggested"],
            "15": ["Herald suggested", "Ledger suggested"],
            "16": ["Herald suggested", "Ledger suggested"],
            "19": ["Herald suggested"],
        }
    }


def test_claims_go_to_the_question_their_answer_was_split_off_to(
    press: Press, shown: Callable[[], Shown], ann: User
) -> None:
    press.publish("Courier", "killed in Alder: 12")
    press.publish("Ledger", "killed in Alder: 15")
    question = Question.objects.get()
    operations.split_question(
        question_id=question.pk,
        position_ids=[position("15").pk],
        wording="How many were killed on the bridge?",
        slot="how many",
        event="Alder",
        reason="Another place.",
        by=ann,
        now=NOW,
    )

    press.publish("Herald", "killed in Alder: 15")
    press.publish("Mirror", "killed in Alder: 12")

    assert shown() == {
        KILLED: {"12": ["Courier suggested", "Mirror suggested"]},
        "How many were killed on the bridge?": {"15": ["Herald suggested", "Ledger suggested"]},
    }


def test_claims_go_to_the_position_theirs_was_merged_into(
    press: Press, shown: Callable[[], Shown], ann: User
) -> None:
    press.publish("Courier", "killed in Alder: 12")
    press.publish("Ledger", "killed in Alder: twelve")
    operations.merge_positions(position_id=position("twelve").pk, into_id=position("12").pk, by=ann, now=NOW)

    press.publish("Herald", "killed in Alder: twelve")

    assert shown() == {KILLED: {"12": ["Courier suggested", "Herald suggested", "Ledger suggested"]}}


def test_what_people_worded_keeps_its_words_and_still_gets_its_claims(
    press: Press, shown: Callable[[], Shown], ann: User
) -> None:
    press.publish("Courier", "killed in Alder: 12")
    press.publish("Ledger", "killed in Alder: 15")
    operations.reword_position(position_id=position("12").pk, answer="A dozen", by=ann, now=NOW)
    question = Question.objects.get()
    operations.reword_question(
        question_id=question.pk, wording="How many died?", event="Fire in Alder", by=ann, now=NOW
    )

    press.publish("Herald", "killed in Alder: 12")
    press.publish("Mirror", "killed in Alder: 20")

    assert shown() == {
        "How many died?": {
            "A dozen": ["Courier suggested", "Herald suggested"],
            "15": ["Ledger suggested"],
            "20": ["Mirror suggested"],
        }
    }


def test_question_a_person_opened_gets_the_claims_that_belong_to_it(
    press: Press, shown: Callable[[], Shown], ann: User
) -> None:
    press.publish("Courier", "killed in Alder: 12")
    claim = press.claim("Courier", "killed in Alder: 12")
    question = operations.open_question(
        wording="How many died?", slot="how many", answers=["12", "None"], by=ann, now=NOW
    )
    operations.place_claim(
        claim_id=claim.pk, position_id=question.positions.get(answer="12").pk, by=ann, now=NOW
    )

    press.publish("Ledger", "killed in Alder: 12")
    press.publish("Herald", "killed in Alder: 15")

    assert shown() == {
        "How many died?": {
            "12": ["Courier confirmed", "Ledger suggested"],
            "None": [],
            "15": ["Herald suggested"],
        }
    }


def test_claims_that_stand_under_two_questions_keep_them_apart(
    press: Press, shown: Callable[[], Shown], ann: User
) -> None:
    press.publish("Courier", "killed in Alder: 12")
    press.publish("Ledger", "killed in Alder: 15")
    operations.open_proposed(question_id=Question.objects.get().pk, by=ann, now=NOW)

    press.publish("Courier", "killed in Alder: 12", "hurt in Alder: 3", version="10")
    press.publish("Ledger", "killed in Alder: 15", "hurt in Alder: 4", version="10")

    assert shown() == {
        HURT: {"3": ["Courier suggested"], "4": ["Ledger suggested"]},
        KILLED: {"12": ["Courier suggested"], "15": ["Ledger suggested"]},
    }


@pytest.mark.parametrize("answer", ["12", "20"])
def test_new_claim_opens_a_decided_question_again(
    press: Press, shown: Callable[[], Shown], ann: User, answer: str
) -> None:
    press.publish("Courier", "killed in Alder: 12")
    press.publish("Ledger", "killed in Alder: 15")
    question = Question.objects.get()
    operations.open_proposed(question_id=question.pk, by=ann, now=NOW)
    verdict = decide(question)

    press.publish("Herald", f"killed in Alder: {answer}")

    found = {"12": ["Courier suggested"], "15": ["Ledger suggested"]}
    found[answer] = [*found.get(answer, []), "Herald suggested"]
    assert shown() == {KILLED: found}
    question.refresh_from_db()
    verdict.refresh_from_db()
    claim = Claim.objects.order_by("pk").last()
    assert (question.state, question.round, question.resolution) == ("reopened", 2, "contested")
    assert verdict.stale_reason == f"A machine found what the verdict does not know: {in_words(claim)}."


def test_the_same_words_in_a_new_text_of_their_article_are_no_news(press: Press, ann: User) -> None:
    press.publish("Courier", "killed in Alder: 12")
    press.publish("Ledger", "killed in Alder: 15")
    question = Question.objects.get()
    operations.open_proposed(question_id=question.pk, by=ann, now=NOW)
    decide(question)

    press.publish("Courier", "killed in Alder: 12", version="10")

    question.refresh_from_db()
    assert (question.state, question.round) == ("decided", 1)


def test_undone_dismissal_is_a_question_nobody_touched(
    press: Press, shown: Callable[[], Shown], ann: User
) -> None:
    press.publish("Courier", "killed in Alder: 12")
    press.publish("Ledger", "killed in Alder: 15")
    question = Question.objects.get()
    operations.dismiss_question(question_id=question.pk, reason="Old.", by=ann, now=NOW)
    step = Change.objects.get(action="dismiss_question")
    operations.undo_change(change_id=step.pk, by=ann, now=NOW)

    press.publish("Herald", "killed in Alder: 11")

    assert shown() == {
        KILLED: {"11": ["Herald suggested"], "12": ["Courier suggested"], "15": ["Ledger suggested"]}
    }


def test_same_new_answer_from_two_merged_questions_is_one_position(
    press: Press, shown: Callable[[], Shown], ann: User
) -> None:
    press.publish("Courier", "killed in Alder: 12", "slain in Alder: 12")
    press.publish("Ledger", "killed in Alder: 15", "slain in Alder: 16")
    killed = Question.objects.get(wording=KILLED)
    slain = Question.objects.get(wording="How many were slain in Alder?")
    operations.merge_questions(question_id=slain.pk, into_id=killed.pk, reason="The same.", by=ann, now=NOW)

    press.publish("Herald", "slain in Alder: 19", "killed in Alder: 19")

    assert shown()[KILLED]["19"] == ["Herald suggested", "Herald suggested"]
