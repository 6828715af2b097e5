"""Origins that a reviewer gave back to the machine."""

import pytest
from django.contrib.auth.models import User

from reviews import operations, suggesting
from reviews.models import MatchingDue, Question, QuestionTally
from tests.factories import NOW, UserFactory
from tests.reviews.suggesting.conftest import Press


@pytest.fixture
def ann() -> User:
    return UserFactory(roles=["lead"])


def test_origin_given_back_is_found_again(press: Press, ann: User) -> None:
    press.publish("Courier", "killed in Alder: 12/wire")
    press.publish("Ledger", "killed in Alder: 12/wire")
    press.publish("Post", "killed in Alder: 20")
    claim = press.claim("Ledger", "killed in Alder: 12/wire")
    MatchingDue.objects.all().delete()

    def origins() -> int:
        return QuestionTally.objects.get(question=Question.objects.get()).origins

    counted = [origins()]
    operations.set_origin(claim_ids=[claim.pk], reason="Its own reporters.", by=ann, now=NOW)
    counted.append(origins())
    operations.clear_origin(claim_ids=[claim.pk], by=ann, now=NOW)
    suggesting.match_run(engine_run_id=claim.engine_run_id, now=NOW)
    counted.append(origins())

    assert counted == [2, 3, 2]
    assert not MatchingDue.objects.exists()
