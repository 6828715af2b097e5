"""Who is offered as a reviewer, to who assigns."""

import re

import pytest
from django.contrib.auth.models import User

from reviews import operations
from reviews.models import Question
from tests.factories import NOW, PositionFactory
from tests.reviews.screens.acting import browser, person

pytestmark = pytest.mark.django_db


def offered(question: Question, *, to: User) -> list[str]:
    """The user names that the form to assign has, in its order."""
    dialog = browser(to).get(f"{question.get_absolute_url()}?do=assign_question").text
    return re.findall(r'<option value="(\w+)">', dialog.partition('name="reviewer"')[2])


def test_superusers_are_offered_for_their_role_alone_and_last(
    question: Question, ana: User, ben: User, lea: User
) -> None:
    person("viewer", username="aaron", is_superuser=True)
    person("reviewer", username="admin", is_superuser=True)

    names = offered(question, to=lea)

    assert [name for name in names if name in ("aaron", "admin", "ana", "ben")] == ["ana", "ben", "admin"]


def test_authors_are_not_offered(question: Question, ana: User, ben: User, lea: User) -> None:
    PositionFactory(question=question, added_by=ana)
    reworded = question.positions.order_by("number")[0]
    operations.reword_position(position_id=reworded.pk, answer="In the desert", by=ben, now=NOW)

    names = offered(question, to=lea)

    assert [name for name in names if name in ("ana", "ben", "lea")] == ["lea"]
