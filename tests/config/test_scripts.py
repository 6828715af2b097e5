"""What the shell scripts behind the Makefile say on a machine where something is missing."""

import subprocess
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A folder to stand in, with `bin` as the PATH: only what sh and the tests put there exists."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("sh", "cat", "tail"):
        (folder / name).symlink_to(f"/bin/{name}" if Path(f"/bin/{name}").exists() else f"/usr/bin/{name}")
    return tmp_path


def _put(machine: Path, name: str, script: str) -> None:
    program = machine / "bin" / name
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)


def _run(machine: Path, name: str, *arguments: str, **environment: str) -> tuple[int, str, str]:
    done = subprocess.run(
        [SCRIPTS / name, *arguments],
        cwd=machine,
        env={"PATH": str(machine / "bin"), "HOME": str(machine), **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout, done.stderr


def test_make_venv_without_python_says_which_to_install(machine: Path) -> None:
    code, _, said = _run(machine, "make-venv", "requirements/app.txt")

    assert code == 1
    assert said.startswith("Crossclaim needs Python 3.11 or newer, and there is none on the PATH.\n")


def test_make_venv_passes_over_a_python_that_is_too_old(machine: Path) -> None:
    _put(machine, "python3", "exit 1")

    assert _run(machine, "make-venv", "requirements/app.txt")[2].startswith("Crossclaim needs Python 3.11")


def test_make_venv_without_ensurepip_names_the_package(machine: Path) -> None:
    _put(machine, "python3", 'case "$2" in *ensurepip*) exit 1 ;; esac')

    code, _, said = _run(machine, "make-venv", "requirements/app.txt")

    assert code == 1
    assert said.endswith("  apt install python3-venv\n")


def test_make_venv_that_cannot_install_says_why_that_may_be(machine: Path) -> None:
    (machine / ".venv" / "bin").mkdir(parents=True)
    _put(machine, "../.venv/bin/python", 'case "$*" in *" pip "*) echo "no network" >&2; exit 1 ;; esac')

    code, _, said = _run(machine, "make-venv", "requirements/app.txt")

    assert code == 1
    assert said.startswith("no network\n")
    assert "docker compose up" in said
    assert "make up LOCK=requirements/image.txt" in said


def test_find_chromium_prints_the_one_that_is_named(machine: Path) -> None:
    _put(machine, "my-chrome", "exit 0")

    code, found, _ = _run(machine, "find-chromium", CHROMIUM=str(machine / "bin" / "my-chrome"))

    assert (code, found) == (0, f"{machine / 'bin' / 'my-chrome'}\n")


def test_find_chromium_tells_an_ordinary_user_how_to_install_one(machine: Path) -> None:
    _put(machine, "id", "echo 1000")

    code, found, said = _run(machine, "find-chromium")

    assert (code, found) == (1, "")
    assert "sudo apt install chromium" in said


def test_find_chromium_installs_one_for_root_on_debian(machine: Path) -> None:
    _put(machine, "id", "echo 0")
    chromium = machine / "bin" / "chromium"
    _put(
        machine,
        "apt-get",
        f'case "$*" in *install*) printf "#!/bin/sh\\n" > {chromium}; chmod +x {chromium} ;; esac',
    )
    (machine / "bin" / "chmod").symlink_to("/bin/chmod")

    code, found, said = _run(machine, "find-chromium")

    assert (code, found) == (0, f"{chromium}\n")
    assert said == "Installing Chromium for the browser tests\n"


def test_lock_without_uv_says_how_to_get_it(machine: Path) -> None:
    assert _run(machine, "lock") == (1, "", "Locking needs uv: pip install uv\n")
