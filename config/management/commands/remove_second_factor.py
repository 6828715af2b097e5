"""Take the second factor from somebody who has lost telephone and recovery codes."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "Take the second factor from somebody who has lost telephone and recovery codes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")

    def handle(self, *, username: str, **_: Any) -> None:
        if settings.TWO_FACTOR == "off":
            raise CommandError("TWO_FACTOR is off: nobody is asked for a second factor.")
        # Reason for importing here: where it is off, there are no such models.
        from allauth.mfa.models import Authenticator

        removed, _models = Authenticator.objects.filter(user__username=username).delete()
        if not removed:
            raise CommandError(f"“{username}” has no second factor.")
        self.stdout.write(f"“{username}” signs in with the password alone, until there is a new one.")
