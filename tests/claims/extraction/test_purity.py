"""The engine is a library of its own: it brings neither Django nor a network with it."""

import subprocess
import sys


def test_importing_the_engine_loads_no_django() -> None:
    program = (
        "import sys, claims.extraction, claims.extraction.__main__\n"
        "unwanted = {'django', 'celery', 'psycopg', 'socket', 'ssl', 'urllib.request'}\n"
        "print(sorted(unwanted & set(sys.modules)))"
    )

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert done.stdout == "[]\n"
