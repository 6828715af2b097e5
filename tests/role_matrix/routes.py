"""Every address there is, from the URL resolver, and every method that answers there."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
# The last one of each set answers whatever nothing else does: what it says is a 404, to everybody alike.
CATCH_ALL = frozenset({"^api/", "admin/(?P<url>.*)$"})


@dataclass(frozen=True)
class Route:
    """One address as the resolver has it, such as `api/v1/questions/<int:pk>/open/`.

    `methods` is None where only asking tells which ones answer: that is so for all but the API's viewsets.
    """

    pattern: str
    name: str | None
    methods: frozenset[str] | None

    @property
    def is_api(self) -> bool:
        return self.pattern.startswith("api/")


@cache
def routes() -> dict[str, Route]:
    """By their patterns."""
    found = list(_walk(get_resolver("config.urls")))
    return {route.pattern: route for route in found if route.pattern not in CATCH_ALL}


def _walk(resolver: URLResolver, before: str = "") -> Iterator[Route]:
    for entry in resolver.url_patterns:
        pattern = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _walk(entry, pattern)
        elif isinstance(entry, URLPattern):
            # Its pattern lists the apps that have pages.
            named = "admin/<app>/" if entry.name == "app_list" else pattern
            yield Route(named, entry.name, _methods(entry.callback))


def _methods(view: Any) -> frozenset[str] | None:
    actions = getattr(view, "actions", None)  # of a viewset, by method
    return None if actions is None else frozenset(method.upper() for method in actions) & frozenset(METHODS)
