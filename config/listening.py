"""The port that `make up` serves on."""

import errno
import socket

FIRST_CHOICE = 8000
LAST_CHOICE = 8099


class PortTaken(Exception):
    """No port to listen on; the message says what to do."""


def listen(port: int | None) -> socket.socket:
    """Return a socket that listens on this machine: on `port`, or on the first free one from 8000 up.

    It listens at once, so that two consoles that start together cannot both find the same port
    free. Raises PortTaken.
    """
    choices = [port] if port is not None else range(FIRST_CHOICE, LAST_CHOICE + 1)
    for choice in choices:
        listening = socket.socket()
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind(("127.0.0.1", choice))
            listening.listen(128)
        except OSError as error:
            listening.close()
            if error.errno == errno.EADDRINUSE:
                continue
            raise PortTaken(f"Cannot listen on port {choice}: {error.strerror}.") from error
        return listening
    if port is not None:
        raise PortTaken(f"Port {port} is taken. Give another (PORT=8080 make up), or none to have one found.")
    raise PortTaken(f"The ports {FIRST_CHOICE} to {LAST_CHOICE} are all taken. Give one: PORT=9000 make up")
