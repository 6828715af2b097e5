"""Who asks: one person for every role, and for every relation to a question that decides what they may."""

from dataclasses import dataclass, field
from http.cookies import SimpleCookie

from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client
from knox.crypto import hash_token
from knox.models import AuthToken
from knox.settings import CONSTANTS

from tests.factories import UserFactory

ANONYMOUS, DEACTIVATED = "anonymous", "deactivated"
NO_ROLE, NO_STAFF = "no role", "no staff"
ROOT = "superuser"
VIEWER, REVIEWER, LEAD, INGEST, ADMIN = "viewer", "reviewer", "lead", "ingest manager", "admin"
# Two of those who assess the question in review; a lead who assessed what is to be adjudicated.
ASSIGNED, OTHER_ASSIGNED, ASSESSOR = "assigned", "other assigned", "assessor"
# A lead who asked every question.
AUTHOR = "author"

_ROLES: dict[str, tuple[str, ...]] = {
    NO_ROLE: (),
    NO_STAFF: (REVIEWER,),
    VIEWER: (VIEWER,),
    REVIEWER: (REVIEWER,),
    LEAD: (LEAD,),
    INGEST: (INGEST,),
    ADMIN: (ADMIN,),
    ROOT: (),
    ASSIGNED: (REVIEWER,),
    OTHER_ASSIGNED: (REVIEWER,),
    ASSESSOR: (LEAD,),
    AUTHOR: (LEAD,),
    DEACTIVATED: (LEAD,),
}
# Whoever stands in such a relation is otherwise just somebody of that role.
RELATIONS = {ASSIGNED: REVIEWER, OTHER_ASSIGNED: REVIEWER, ASSESSOR: LEAD, AUTHOR: LEAD}
EVERYBODY = frozenset({ANONYMOUS, *_ROLES})
MEMBERS = EVERYBODY - {ANONYMOUS, DEACTIVATED}
STAFF = MEMBERS - {NO_STAFF}
LEADS = frozenset({LEAD, ASSESSOR, AUTHOR, ROOT})
REVIEWERS = LEADS | {REVIEWER, NO_STAFF, ASSIGNED, OTHER_ASSIGNED}
READERS = REVIEWERS | {VIEWER, INGEST, ADMIN}
NOBODY: frozenset[str] = frozenset()


@dataclass
class People:
    """Their accounts, each with a session and a token that worked when they were made."""

    users: dict[str, User] = field(default_factory=dict)
    _cookies: dict[str, dict[str, str]] = field(default_factory=dict)
    _tokens: dict[str, str] = field(default_factory=dict)
    _client: Client = field(default_factory=Client)  # one, for each new one loads all middleware anew

    @classmethod
    def made(cls) -> "People":
        people = cls()
        for name, roles in _ROLES.items():
            people._add(name, roles)
        deactivated = people.users[DEACTIVATED]
        deactivated.is_active = False
        deactivated.save(update_fields=["is_active"])
        return people

    def _add(self, name: str, roles: tuple[str, ...]) -> None:
        user = UserFactory(
            username=name.replace(" ", "-"), is_staff=name != NO_STAFF, is_superuser=name == ROOT, roles=roles
        )
        self._client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        self.users[name] = user
        self._cookies[name] = {key: cookie.value for key, cookie in self._client.cookies.items()}
        self._tokens[name] = token_of(user)
        self._client.cookies.clear()

    def in_browser(self, name: str) -> Client:
        """A client with the session of somebody, as it was at first; throttles have forgotten them."""
        return self._as(self._cookies.get(name, {}), {})

    def with_token(self, name: str) -> Client:
        """A client with the token of somebody."""
        return self._as({}, {"HTTP_AUTHORIZATION": f"Token {self._tokens[name]}"})

    def _as(self, cookies: dict[str, str], headers: dict[str, str]) -> Client:
        cache.clear()
        self._client.cookies = SimpleCookie(cookies)
        self._client.defaults = headers
        return self._client


def token_of(user: User) -> str:
    """A token that is the same each time it is made for somebody of that name."""
    token = f"cct_{user.username:_<60}"
    AuthToken(
        digest=hash_token(token), token_key=token[: CONSTANTS.TOKEN_KEY_LENGTH], user=user, expiry=None
    ).save()
    return token
