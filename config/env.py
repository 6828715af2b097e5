"""Typed reading of the environment; the only place that touches it.

Values come from, in this order: the process environment, `.env` beside manage.py, and
`.data/run.env`, which `make up` writes while its embedded servers run so that
`manage.py shell` reaches the same ones. `NAME_FILE` names a file that holds the value
(Docker secrets). A missing or malformed variable stops the start and names itself.
"""

import os
from pathlib import Path

from environs import FileAwareEnv

ROOT = Path(__file__).resolve().parent.parent
DATA_DIR = Path(os.environ.get("DATA_DIR") or ROOT / ".data")

env = FileAwareEnv()
for _file in (ROOT / ".env", DATA_DIR / "run.env"):
    if _file.is_file():
        FileAwareEnv.read_env(_file, override=False)


def choose_settings() -> None:
    """Point Django at our settings unless the environment names others."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
