import socket

import pytest

from config import listening
from config.listening import PortTaken, listen


@pytest.fixture
def two_ports(monkeypatch: pytest.MonkeyPatch) -> tuple[int, int]:
    """Two neighbouring ports, both free, as the only choices there are."""
    while True:
        with socket.socket() as one, socket.socket() as other:
            one.bind(("127.0.0.1", 0))
            first = one.getsockname()[1]
            try:
                other.bind(("127.0.0.1", first + 1))
            except (OSError, OverflowError):
                continue
        monkeypatch.setattr(listening, "FIRST_CHOICE", first)
        monkeypatch.setattr(listening, "LAST_CHOICE", first + 1)
        return first, first + 1


def test_listen_takes_the_next_free_port_when_none_is_asked_for(two_ports: tuple[int, int]) -> None:
    with listen(None) as first, listen(None) as second:
        assert (first.getsockname(), second.getsockname()) == (
            ("127.0.0.1", two_ports[0]),
            ("127.0.0.1", two_ports[1]),
        )


def test_listen_says_so_when_all_ports_are_taken(two_ports: tuple[int, int]) -> None:
    with listen(None), listen(None), pytest.raises(PortTaken, match="are all taken"):
        listen(None)


def test_listen_insists_on_the_port_it_is_given(two_ports: tuple[int, int]) -> None:
    with listen(two_ports[0]), pytest.raises(PortTaken, match=f"Port {two_ports[0]} is taken"):
        listen(two_ports[0])


def test_listen_accepts_at_once(two_ports: tuple[int, int]) -> None:
    with listen(two_ports[0]), socket.create_connection(("127.0.0.1", two_ports[0]), timeout=5) as client:
        assert client.getpeername() == ("127.0.0.1", two_ports[0])
