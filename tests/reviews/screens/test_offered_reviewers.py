"""Who is offered as a reviewer, to who assigns."""

import re

import pytest
from django.contrib.auth.models import User

from reviews.models import Question
from tests.reviews.screens.acting import browser, person

pytestmark = pytest.mark.django_db


def test_superusers_are_offered_for_their_role_alone_and_last(
    question: Question, ana: User, ben: User, lea: User
) -> None:
    person("viewer", username="aaron", is_superuser=True)
    person("reviewer", username="admin", is_superuser=True)

    dialog = browser(lea).get(f"{question.get_absolute_url()}?do=assign_question").text

    offered = re.findall(r'<option value="(\w+)">', dialog.partition('name="reviewer"')[2])
    assert [name for name in offered if name in ("aaron", "admin", "ana", "ben")] == ["ana", "ben", "admin"]
