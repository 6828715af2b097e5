"""People, and what they sign in with."""

from typing import Any

import factory
from django.contrib.auth.models import Group, User
from factory.django import DjangoModelFactory
from knox.models import AuthToken

from claims.models import Scope, TokenScopes


class UserFactory(DjangoModelFactory[User]):
    """`UserFactory(roles=["reviewer"])` is in that group; all can sign in, with no password."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"user-{n}")
    password = "of no hash"  # which counts as one, and none there is opens it

    @factory.post_generation
    def roles(self: User, create: bool, extracted: list[str] | None, **_: Any) -> None:
        if extracted:
            groups = Group.objects.filter(name__in=extracted)
            assert {group.name for group in groups} == set(extracted), "no such role"
            self.groups.set(groups)


class TokenScopesFactory(DjangoModelFactory[TokenScopes]):
    """Of a new token of a new user."""

    class Meta:
        model = TokenScopes

    token = factory.LazyFunction(lambda: AuthToken.objects.create(UserFactory())[0])
    names = factory.LazyFunction(lambda: [Scope.READ])
