#!/usr/bin/env python
"""Django's command line for Crossclaim."""

import sys

from config.env import choose_settings


def main() -> None:
    choose_settings()
    try:
        from django.core.management import execute_from_command_line  # noqa: PLC0415  Django may not be installed yet
    except ImportError as error:
        raise SystemExit(
            f"{error}. Run `make install` first, then use .venv/bin/python manage.py (or `make up`)."
        ) from error
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
