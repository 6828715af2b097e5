"""Who may do what with articles, jobs and outlets, role by role."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User

from claims import policies
from claims.errors import NotAllowed
from config.roles import PERMISSIONS
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

MAY = {
    policies.check_may_submit_article: {"reviewer", "lead", "ingest manager"},
    policies.check_may_retry_job: {"lead", "ingest manager"},
    policies.check_may_reextract_article: {"lead", "ingest manager"},
    policies.check_may_rename_outlet: {"ingest manager"},
}


@pytest.mark.parametrize("role", sorted(PERMISSIONS))
@pytest.mark.parametrize("check", MAY)
def test_policies_allow_each_role_what_the_table_says(check: Callable[[User], None], role: str) -> None:
    by = UserFactory(roles=[role])

    assert policies.allows(check, by) is (role in MAY[check])


@pytest.mark.parametrize("check", MAY)
def test_policies_refuse_whoever_is_deactivated(check: Callable[[User], None]) -> None:
    by = UserFactory(roles=["ingest manager"], is_active=False)

    with pytest.raises(NotAllowed, match=r"^You may not .*\. Ask an admin for the .* role\.$"):
        check(by)
