import pytest
from django.contrib.auth.models import User
from django.db import transaction

from reviews import audit, operations
from reviews.models import AuditEvent, Question
from tests.factories import NOW, QuestionFactory, UserFactory


@pytest.mark.django_db
def test_event_holds_the_old_and_the_new_row_with_actor_and_reason() -> None:
    reviewer: User = UserFactory(username="ana", roles=["lead"])
    question = QuestionFactory(wording="Who was it?")

    with transaction.atomic():
        audit.because(by=reviewer, action="reword", reason="Clearer.")
        Question.objects.filter(pk=question.pk).update(wording="Who shot it down?")

    event = AuditEvent.objects.first()
    assert (event.actor_id, event.actor, event.action, event.reason) == (
        reviewer.pk,
        "ana",
        "reword",
        "Clearer.",
    )
    assert (event.table_name, event.row_id, event.operation) == ("reviews_question", question.pk, "update")
    assert (event.old["wording"], event.new["wording"]) == ("Who was it?", "Who shot it down?")
    assert {name for name in event.old if event.old[name] != event.new[name]} == {"wording"}


@pytest.mark.django_db(transaction=True)
def test_actor_is_forgotten_with_the_transaction() -> None:
    operations.open_question(wording="Who?", slot="who", by=UserFactory(roles=["reviewer"]), now=NOW)

    with pytest.raises(Exception, match="needs an actor"):
        Question.objects.update(wording="Whom?")


@pytest.mark.django_db(transaction=True)
def test_because_outside_a_transaction_is_refused() -> None:
    with pytest.raises(RuntimeError, match="needs a transaction"):
        audit.because(by=UserFactory(), action="nothing")
