"""Access ends at once: of who was deactivated, lost a role, or changed the password."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Group, User
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from knox.models import AuthToken

from config import accounts
from reviews.models import Assignment, AuditEvent
from tests.factories import AssignmentFactory, QuestionFactory, UserFactory

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
PASSWORD = "nine-green-bottles"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def with_token(user: User) -> Client:
    _, token = AuthToken.objects.create(user)
    return Client(headers={"Authorization": f"Token {token}"})


@pytest.fixture
def admin() -> Client:
    return signed_in(UserFactory(username="office", is_staff=True, roles=["admin"]))


@pytest.fixture
def reviewer() -> User:
    return UserFactory(username="vera", is_staff=True, roles=["reviewer"])


def change(admin: Client, user: User, **fields: object) -> None:
    """Change an account on its page, where ticks that are not sent are taken away."""
    form = {
        "username": user.username,
        "is_active": "on",
        "is_staff": "on",
        "groups": list(user.groups.values_list("pk", flat=True)),
        "date_joined_0": "2026-01-01",
        "date_joined_1": "00:00",
    }
    given = {name: value for name, value in (form | fields).items() if value is not None}
    answer = admin.post(reverse("admin:auth_user_change", args=[user.pk]), given)
    assert answer.status_code == 302, answer.context["errors"]


def by_page(admin: Client, user: User) -> None:
    change(admin, user, is_active=None)


def by_hand(admin: Client, user: User) -> None:
    user.is_active = False
    user.save()


def by_update(admin: Client, user: User) -> None:
    User.objects.filter(pk=user.pk).update(is_active=False)


@pytest.mark.parametrize("deactivate", [by_page, by_hand, by_update])
def test_deactivated_person_is_out_with_the_next_request(
    deactivate: Callable[[Client, User], None], admin: Client, reviewer: User
) -> None:
    browser, program = signed_in(reviewer), with_token(reviewer)
    before = [client.get("/api/v1/claims/").status_code for client in (browser, program)]

    deactivate(admin, reviewer)

    assert before == [200, 200]
    assert [client.get("/api/v1/claims/").status_code for client in (browser, program)] == [401, 401]
    assert browser.get(reverse("admin:index")).status_code == 302


def test_deactivating_on_the_page_deletes_tokens_and_sessions_and_gives_assignments_back(
    admin: Client, reviewer: User
) -> None:
    signed_in(reviewer)
    with_token(reviewer)
    with_token(UserFactory())
    assignment = AssignmentFactory(reviewer=reviewer)

    change(admin, reviewer, is_active=None)

    assignment.refresh_from_db()
    assert assignment.ending == Assignment.Ending.NO_ACCOUNT
    assert not AuthToken.objects.filter(user=reviewer).exists()
    assert AuthToken.objects.count() == 1
    assert [row.get_decoded()["_auth_user_id"] for row in Session.objects.all()] != []
    assert str(reviewer.pk) not in [row.get_decoded()["_auth_user_id"] for row in Session.objects.all()]
    events = AuditEvent.objects.filter(table_name="reviews_assignment", row_id=assignment.pk)
    assert events.latest("pk").actor == "office"


def test_tokens_of_who_was_deactivated_otherwise_are_deleted_by_the_beat(reviewer: User) -> None:
    program, others = with_token(reviewer), with_token(UserFactory(roles=["viewer"]))
    User.objects.filter(pk=reviewer.pk).update(is_active=False)

    deleted = accounts.end_access_of_the_deactivated()

    User.objects.filter(pk=reviewer.pk).update(is_active=True)
    assert deleted == 1
    assert [client.get("/api/v1/claims/").status_code for client in (program, others)] == [401, 200]


def test_role_that_is_taken_away_is_gone_with_the_next_request(admin: Client, reviewer: User) -> None:
    """Also for a form that was open before: what it sends is asked for anew."""
    browser, program = signed_in(reviewer), with_token(reviewer)
    question = QuestionFactory()
    assignment = AssignmentFactory(reviewer=reviewer)
    step = reverse("admin:reviews_question_add_position", args=[question.pk])
    form = {"seen_version": question.version, "answer": "Near Resafa"}
    assert browser.get(question.get_absolute_url()).status_code == 200

    change(admin, reviewer, groups=[Group.objects.get(name="viewer").pk])

    assert browser.post(step, form).status_code == 403
    take = f"/api/v1/questions/{question.pk}/take/"
    assert program.post(take, {}, content_type="application/json").status_code == 403
    assert browser.get(question.get_absolute_url()).status_code == 200
    assert not question.positions.exists()
    assignment.refresh_from_db()
    assert assignment.ending == Assignment.Ending.NO_ROLE


def test_account_that_keeps_its_role_keeps_its_assignments(admin: Client, reviewer: User) -> None:
    assignment = AssignmentFactory(reviewer=reviewer)

    change(admin, reviewer, first_name="Vera")

    assignment.refresh_from_db()
    assert assignment.ending == ""


def test_changed_password_ends_the_other_sessions(reviewer: User) -> None:
    reviewer.set_password(PASSWORD)
    reviewer.save()
    here, elsewhere = signed_in(reviewer), signed_in(reviewer)

    answer = here.post(
        reverse("admin:password_change"),
        {
            "old_password": PASSWORD,
            "new_password1": "ten-green-bottles",
            "new_password2": "ten-green-bottles",
        },
    )

    assert answer.status_code == 302
    assert here.get(reverse("admin:index")).status_code == 200
    assert elsewhere.get(reverse("admin:index")).status_code == 302


@pytest.mark.parametrize("is_superuser", [False, True])
def test_nobody_changes_their_own_rights(is_superuser: bool) -> None:
    person = UserFactory(username="office", is_staff=True, is_superuser=is_superuser, roles=["admin"])
    lead = Group.objects.get(name="lead").pk

    change(signed_in(person), person, groups=[lead], is_superuser=None, is_staff=None, first_name="Changed")

    person.refresh_from_db()
    assert (person.first_name, person.is_staff, person.is_superuser) == ("Changed", True, is_superuser)
    assert [group.name for group in person.groups.all()] == ["admin"]


def test_changes_of_accounts_are_audited_by_who_made_them(admin: Client, reviewer: User) -> None:
    lead = Group.objects.get(name="lead").pk
    before = AuditEvent.objects.latest("pk").pk

    change(admin, reviewer, groups=[lead])

    events = AuditEvent.objects.filter(table_name="auth_user_groups", pk__gt=before)
    assert set(events.values_list("actor", "action")) == {("office", "change_account")}
