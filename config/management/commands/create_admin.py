"""Make the first administrator, or give it a new password."""

from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError, CommandParser

from config import accounts


class Command(BaseCommand):
    help = "Make an administrator and print its password, which is shown this once and not kept."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--username", default=accounts.FIRST_ADMIN)
        parser.add_argument("--reset", action="store_true", help="give a user that exists a new password")

    def handle(self, *, username: str, reset: bool, **_: Any) -> None:
        password = accounts.create_admin(username)
        if password is None and reset:
            password = accounts.give_new_password(User.objects.get(username=username))
        if password is None:
            raise CommandError(f"There is a user {username} already; --reset gives it a new password.")
        self.stdout.write(f"User {username}, password {password}")
