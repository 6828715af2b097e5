"""The id of the request or task that is being served: in its answer, its log lines and its audit events."""

import re
import uuid
from contextvars import ContextVar

# As proxies and tracing systems make them; anything else could forge or garble a line of the log.
_WELL_FORMED = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}", re.ASCII)

current: ContextVar[str] = ContextVar("request_id", default="")


def new() -> str:
    """A random id of 32 characters."""
    return uuid.uuid4().hex


def is_well_formed(given: str) -> bool:
    """Whether an id that somebody else made is 8 to 64 plain letters, digits, dots, dashes, underscores."""
    return _WELL_FORMED.fullmatch(given) is not None
