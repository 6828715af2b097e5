"""Addresses -> the one form that an article is known by.

courlan drops trackers, default ports and fragments; what it leaves alone is done here: dots in
paths, and the refusal of what is no plain web address.
"""

from __future__ import annotations

import posixpath
from urllib.parse import urljoin, urlsplit, urlunsplit

import courlan

from claims.errors import Unreadable

MAX_URL_CHARACTERS = 2000


def canonical_address(url: str) -> str:
    """Return the canonical form of an absolute http(s) address. Raises Unreadable (bad_address).

    >>> canonical_address("HTTPS://Example.org:443/a/../b/?utm_source=feed#top")
    'https://example.org/b/'
    """
    address = find_address(url)
    if not address:
        raise Unreadable(
            "bad_address",
            f"This is not the address of a web page: {url[:100]!r}. Give it whole, with http:// or https://,"
            f" without a user name, and with at most {MAX_URL_CHARACTERS:,} characters.",
        )
    return address


def find_address(url: str) -> str:
    """As `canonical_address`, but "" for what is no such address."""
    url = url.strip()
    if not url or len(url) > MAX_URL_CHARACTERS or any(c.isspace() or not c.isprintable() for c in url):
        return ""
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - looks at the port, and raises when it is none
    except ValueError:
        return ""
    if parts.scheme.lower() not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
        return ""
    path = parts.path
    if "/." in path:
        path = posixpath.normpath("/" + path.lstrip("/")) + ("/" if path.endswith(("/", "/.", "/..")) else "")
        path = "/" + path.lstrip("/")
    cleaned = courlan.normalize_url(urlunsplit((parts.scheme, parts.netloc, path or "/", parts.query, "")))
    return cleaned if len(cleaned) <= MAX_URL_CHARACTERS else ""


def choose_address(declared: str, *, url: str) -> str:
    """Return what to know a page by: the address it declares, unless it was read at another host.

    A page may say of itself that it is another one on its own site, and no more: else one site
    could pass its words off as the article of another.
    """
    own = find_address(url)
    if not own:
        return find_address(declared)
    absolute = find_address(_joined(own, declared))
    return absolute if absolute and _site(absolute) == _site(own) else own


def _joined(base: str, reference: str) -> str:
    try:
        return urljoin(base, reference.strip())
    except ValueError:
        return ""


def _site(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.").removeprefix("m.").removeprefix("amp.")
