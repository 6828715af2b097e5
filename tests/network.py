"""A fence around the tests: Python's sockets reach this machine and nothing else."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from typing import Any

import pytest


class NetworkForbidden(RuntimeError):
    """A test tried to leave this machine. Not an OSError, so that no code under test takes it for one."""


@contextmanager
def only_this_machine(*also: str | None) -> Iterator[None]:
    """Refuse to look up or connect to any host but this one and those named in `also`."""
    look_up, connect = socket.getaddrinfo, socket.socket.connect
    allowed = {"", "localhost", *filter(None, also)}

    def guarded_look_up(host: str | bytes | None, *arguments: Any, **options: Any) -> list[Any]:
        name = host.decode() if isinstance(host, bytes) else host or ""
        if name not in allowed and not _is_address(name):
            raise NetworkForbidden(f"A test tried to look up {name}.")
        answers = look_up(host, *arguments, **options)
        if name in allowed:
            allowed.update(answer[4][0] for answer in answers)
        return answers

    def guarded_connect(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6):
            host = address[0]
            if host not in allowed and not (_is_address(host) and ip_address(host).is_loopback):
                raise NetworkForbidden(f"A test tried to connect to {host}.")
        connect(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket, "getaddrinfo", guarded_look_up)
        patch.setattr(socket.socket, "connect", guarded_connect)
        yield


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
