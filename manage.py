#!/usr/bin/env python
"""Django's command line for Crossclaim."""

import sys


def main() -> None:
    try:
        # Reason for importing here: what is missing is to be said plainly.
        from django.core.management import execute_from_command_line
        from environs import EnvError

        from config.env import choose_settings
    except ImportError as error:
        raise SystemExit(
            f"{error}. Run `make install` first, then use .venv/bin/python manage.py (or `make up`)."
        ) from error
    choose_settings()
    try:
        execute_from_command_line(sys.argv)
    except EnvError as error:
        raise SystemExit(f"{error} (.env.example explains every variable.)") from error


if __name__ == "__main__":
    main()
