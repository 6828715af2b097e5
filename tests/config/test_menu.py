"""The menu of the admin: what it offers to whom, and that every page is called what the menu calls it."""

import re

import pytest
from axes.models import AccessLog
from django.contrib import admin as site
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse
from knox.models import AuthToken

from tests.factories import ProjectFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client: Client) -> User:
    """A superuser, signed in."""
    user = UserFactory(username="office", is_staff=True, is_superuser=True)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return user


def menu(client: Client) -> dict[str, dict[str, str]]:
    """Part by part, the name of each entry and where it leads."""
    page = client.get("/admin/")
    return {
        app["name"]: {entry["name"]: entry["admin_url"] for entry in app["models"]}
        for app in page.context["available_apps"]
    }


def test_menu_has_every_list_by_the_name_its_users_give_it(admin: User, client: Client) -> None:
    assert {part: list(entries) for part, entries in menu(client).items()} == {
        "Review": [
            "Review queue",
            "Agreement",
            "Audit trail",
            "Inbox",
            "Matcher runs",
            "Projects",
            "Questions",
            "Runs to be matched",
        ],
        "Articles and claims": ["Articles", "Claims", "Jobs", "Outlets", "Speakers"],
        "People": ["Roles", "Users"],
        "API access": ["API tokens"],
        "Sign-in log": ["Attempts that count", "Failed sign-ins", "Sign-ins"],
    }


def test_menu_of_a_viewer_has_what_they_may_see(client: Client) -> None:
    viewer = UserFactory(is_staff=True, roles=["viewer"])
    client.force_login(viewer, backend="django.contrib.auth.backends.ModelBackend")

    parts = menu(client)

    assert list(parts) == ["Review", "Articles and claims", "API access"]
    assert list(parts["Review"])[:2] == ["Review queue", "Agreement"]


def test_every_page_of_the_menu_is_called_what_the_menu_calls_it(admin: User, client: Client) -> None:
    called = {}
    for entries in menu(client).values():
        for name, where in entries.items():
            page = client.get(where).content.decode()
            [heading] = re.findall(r"<h1>(.*?)</h1>", page)
            [here] = re.findall(r'<li aria-current="page">(.*?)</li>', page)
            current = re.findall(r'<a href="[^"]*" aria-current="page">(.*?)</a>', page)
            called[name] = (heading, here, current)

    assert called == {name: (name, name, [name]) for name in called}


def test_forms_lead_back_to_the_dashboard_by_the_names_of_the_menu(admin: User, client: Client) -> None:
    _, _ = AuthToken.objects.create(admin)
    token, entry = AuthToken.objects.get(), AccessLog.objects.create(username="office", path_info="/")
    crumbs = {}
    for route, pk in (
        ("knox_authtoken_add", None),
        ("knox_authtoken_delete", token.pk),
        ("axes_accesslog_change", entry.pk),
        ("auth_group_change", Group.objects.get(name="lead").pk),
        ("auth_user_password_change", admin.pk),
        ("reviews_project_change", ProjectFactory(name="Ferry").pk),
    ):
        page = client.get(reverse(f"admin:{route}", args=[pk] if pk else [])).content.decode()
        [trail] = re.findall(r'<ol class="breadcrumbs">(.*?)</ol>', page, re.DOTALL)
        crumbs[route] = [re.sub(r"<.*?>", "", item) for item in re.findall(r"<li.*?</li>", trail, re.DOTALL)]

    assert crumbs == {
        "knox_authtoken_add": ["Dashboard", "API tokens", "Add API token"],
        "knox_authtoken_delete": ["Dashboard", "API tokens", token.token_key, "Delete"],
        "axes_accesslog_change": ["Dashboard", "Sign-ins", f"office, {entry.attempt_time:%-d %b %Y, %H:%M}"],
        "auth_group_change": ["Dashboard", "Roles", "lead"],
        "auth_user_password_change": ["Dashboard", "Users", "office", "Change password"],
        "reviews_project_change": ["Dashboard", "Projects", "Ferry"],
    }


def test_part_of_the_menu_has_a_page_with_its_lists(admin: User, client: Client) -> None:
    for label, part in (("reviews", "Review"), ("knox", "API access")):
        page = client.get(reverse("admin:app_list", args=[label]))

        shown = re.findall(r'<ul class="cc-list">.*?</ul>', page.content.decode(), re.DOTALL)
        assert page.context["title"] == part
        assert re.findall(r'<a href="(.*?)"', "".join(shown)) == list(menu(client)[part].values())


def test_every_page_says_once_in_which_zone_its_times_are(admin: User, client: Client) -> None:
    for model in site.site._registry:
        where = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        assert client.get(where).content.decode().count("Times are in UTC.") == 1, where
    client.logout()
    assert "Times are in UTC." not in client.get("/admin/login/").content.decode()


def test_tokens_are_deleted_together_by_their_keys(admin: User, client: Client) -> None:
    for _ in range(2):
        AuthToken.objects.create(admin)
    tokens = list(AuthToken.objects.order_by("token_key"))
    where = reverse("admin:knox_authtoken_changelist")
    chosen = {"action": "delete_selected", "_selected_action": [token.pk for token in tokens]}

    asked = client.post(where, chosen).content.decode()
    done = client.post(where, chosen | {"post": "yes"}, follow=True)

    assert sorted(re.findall(r"<li><strong>(.*?)</strong></li>", asked)) == [
        token.token_key for token in tokens
    ]
    assert "auth token" not in asked.lower()
    assert [str(message) for message in done.context["messages"]] == ["Successfully deleted 2 API tokens."]
    assert not AuthToken.objects.exists()
