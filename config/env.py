"""Typed reading of the environment; the only place that touches it.

Values come from the process environment, then from `.env` beside manage.py. The settings add
what neither names from `.data/run.env`, which `make up` writes while its embedded servers run,
so that `manage.py shell` in another terminal reaches the same ones. `NAME_FILE` names a file
that holds the value (Docker secrets). A missing or malformed variable stops the start and
names itself.
"""

import os
from pathlib import Path

from environs import FileAwareEnv

ROOT = Path(__file__).resolve().parent.parent
_DOT_ENV = ROOT / ".env"

env = FileAwareEnv()
if _DOT_ENV.is_file():
    env.read_env(_DOT_ENV, recurse=False, override=False)
DATA_DIR = Path(env.str("DATA_DIR", "") or ROOT / ".data").absolute()
RUN_ENV = DATA_DIR / "run.env"


def join_running_servers() -> None:
    """Take from `run.env`, if embedded servers run, what the environment does not name."""
    if RUN_ENV.is_file():
        env.read_env(RUN_ENV, recurse=False, override=False)


def choose_settings() -> None:
    """Point Django at our settings unless the environment names others."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")


def environment_with(values: dict[str, str]) -> dict[str, str]:
    """This process's environment for a child, with `values` over it."""
    return {**os.environ, **values}
