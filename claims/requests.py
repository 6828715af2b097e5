"""Requests that are refused before they are read: the answer comes after the last byte, or nobody sees it."""

from django.http import HttpRequest
from django.http.request import UnreadablePostError

READ_ON_BYTES = 64 * 1024**2
_CHUNK_BYTES = 64 * 1024


def read_to_the_end(request: HttpRequest) -> None:
    """Read and drop what is left of a request, up to READ_ON_BYTES: few clients listen while they send."""
    try:
        for _ in range(READ_ON_BYTES // _CHUNK_BYTES):
            if not request.read(_CHUNK_BYTES):
                return
    except UnreadablePostError:
        return  # they have gone, and wait for no answer
