"""The engine is a library of its own: it brings no Django with it, and asks nobody over a network."""

import subprocess
import sys

WITHOUT_NETWORK = """
import sys

def refuse(event, arguments):
    if event in {"socket.connect", "socket.getaddrinfo", "socket.bind", "socket.sendto"}:
        raise PermissionError(event)

sys.addaudithook(refuse)

from claims.extraction import extract_claims
from claims.extraction.__main__ import main

print([claim.statement for claim in extract_claims("Roe said the bridge was closed.")])
unwanted = {"django", "celery", "psycopg"}
print(sorted(unwanted & set(sys.modules)))
"""


def test_engine_reads_without_django_and_without_a_network() -> None:
    done = subprocess.run([sys.executable, "-c", WITHOUT_NETWORK], capture_output=True, text=True, check=True)

    assert done.stdout == "['The bridge was closed.']\n[]\n"


def test_importing_the_engine_loads_no_model() -> None:
    program = "import sys, claims.extraction; print(sorted({'spacy', 'thinc'} & set(sys.modules)))"

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert done.stdout == "[]\n"
