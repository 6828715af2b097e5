"""The promises of the house about which way imports point, and what stays out of where."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
OURS = ("claims", "config", "reviews")


def sources(*suffixes: str) -> list[Path]:
    return [path for app in OURS for path in (ROOT / app).rglob("*") if path.suffix in suffixes]


def test_imports_point_the_way_they_should() -> None:
    # In a process of its own, for it switches off every logger that is there.
    lint_imports = Path(sys.executable).with_name("lint-imports")

    linted = subprocess.run(
        [lint_imports, "--config", "pyproject.toml", "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert linted.returncode == 0, linted.stdout


def test_engine_loads_without_django() -> None:
    loaded = subprocess.run(
        [sys.executable, "-c", "import sys, claims.extraction; print(*sys.modules)"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()

    assert "claims.extraction" in loaded
    assert [name for name in loaded if name.split(".")[0] in {"django", "celery", "psycopg"}] == []


@pytest.mark.parametrize("page", sources(".html"), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_template_has_no_inline_script_or_style(page: Path) -> None:
    text = page.read_text().lower()

    assert " style=" not in text
    assert "<style" not in text
    assert "<script>" not in text
    assert not any(
        f" on{event}=" in text for event in ("click", "change", "submit", "load", "input", "keydown")
    )
    assert "|safe" not in text
    assert "autoescape off" not in text


@pytest.mark.parametrize("module", sources(".py"), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_module_keeps_the_bans(module: Path) -> None:
    text = module.read_text()

    assert "mark_safe(" not in text
    assert "pickle" not in text
    assert not any(f"{primitive}(" in text for primitive in ("chord", "eval", "exec"))
    if module != ROOT / "config" / "env.py":
        assert "os.environ" not in text


@pytest.mark.parametrize("module", sources(".py"), ids=lambda path: path.relative_to(ROOT).as_posix())
def test_row_locks_say_whether_the_row_goes(module: Path) -> None:
    """Without `no_key` a lock holds up everybody who writes a row that refers to the locked one."""
    source = module.read_text()
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    locks = [
        call
        for call in calls
        if isinstance(call.func, ast.Attribute) and call.func.attr == "select_for_update"
    ]

    assert [lock.lineno for lock in locks if "no_key" not in {each.arg for each in lock.keywords}] == []
    assert " FOR UPDATE" not in source
