from pathlib import Path
from typing import Any

from django.core.management import call_command


def test_collected_modules_import_each_other_by_hashed_names(settings: Any, tmp_path: Path) -> None:
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "config.static_files.HashedStaticFiles"}
    }

    call_command("collectstatic", interactive=False, verbosity=0)

    (screen,) = tmp_path.glob("reviews/compare/screen.*.js")
    imported = [line.split('"')[1] for line in screen.read_text().splitlines() if line.startswith("import ")]
    assert imported
    assert [name for name in imported if not (screen.parent / name).is_file() or name.count(".") != 3] == []
