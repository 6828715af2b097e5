"""Make an API token for a user and print it, this once: only its hash is kept."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from knox.models import AuthToken
from knox.settings import knox_settings

from claims.models import Scope, TokenScopes

MAX_DAYS = 3650


class Command(BaseCommand):
    help = "Make an API token for a user. It is printed this once; only its hash is kept."

    def add_arguments(self, parser: ArgumentParser) -> None:
        default = knox_settings.TOKEN_TTL.days
        parser.add_argument("username")
        parser.add_argument(
            "--scope",
            action="append",
            choices=Scope.values,
            help="what it is for; repeat it for several (default: all that the user may do)",
        )
        parser.add_argument(
            "--days", type=int, default=default, help=f"how long it is good for (default {default})"
        )

    @transaction.atomic
    def handle(self, *, username: str, days: int, scope: list[str] | None, **_: Any) -> None:
        if not 1 <= days <= MAX_DAYS:
            raise CommandError(f"Give from 1 to {MAX_DAYS} days.")
        user = User.objects.filter(username=username).first()
        if user is None:
            raise CommandError(f"There is no user “{username}”.")
        if not user.is_active:
            raise CommandError(f"“{username}” is deactivated; a token of theirs would be refused.")
        stored, token = AuthToken.objects.create(user, expiry=timedelta(days=days))
        TokenScopes.objects.create(token=stored, names=sorted(set(scope or Scope.values)))
        self.stderr.write(f"Good until {stored.expiry:%Y-%m-%d %H:%M} UTC; it is not shown again:")
        self.stdout.write(token)
