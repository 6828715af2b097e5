"""The words the table is written in: a row is one request, who may make it, and when."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http.response import HttpResponseBase
from django.test import Client

from reviews.workflow import State
from tests.role_matrix.ground import Ground
from tests.role_matrix.people import (
    ANONYMOUS,
    DEACTIVATED,
    EVERYBODY,
    NOBODY,
    STAFF,
)

Body = Mapping[str, Any] | Callable[[Ground], Mapping[str, Any]]
EVERY_STATE = frozenset(State)

# What a number in an address is the number of, by the word before it; some words stand for another row.
_SUBJECTS = {
    "articles": "article",
    "assignments": "assignment",
    "claims": "claim",
    "changes": "change",
    "jobs": "job",
    "outlets": "outlet",
    "placements": "placement",
    "positions": "position",
    "projects": "project",
    "questions": "question",
    "revisions": "revision",
    "speakers": "speaker",
    "auditevent": "event",
    "place": "claim",
    "reading": "claim",
    "move-claim": "claim",
    "reject-claim": "claim",
    "mark-sourcing": "claim",
    "set-origin": "claim",
    "clear-origin": "claim",
    "confirm-placement": "suggested",
    "reject-placement": "placement",
    "confirm-column": "position",
    "reword-position": "position",
    "merge-position": "position",
    "split-position": "position",
    "remove-position": "empty",
    "say-compatible": "position",
    "say-competing": "compatible",
    "undo-change": "change",
    "queue": "assignment",
    "evidence-files": "evidence",
    "verdicts": "verdict",
    "comments": "comment",
    "audit-events": "event",
    "unsubscribe": "signed",
}
_NUMBER = re.compile(r"([\w-]+)/<(?:\w+:)?\w+>")


@dataclass(frozen=True)
class Row:
    """One request: `ok` for those who `may`, where the question is in one of `states`.

    Everybody else is refused with `refused`, by default as pages and the API refuse; in other states it is
    answered with `otherwise`. `others` are told something else: that there is nothing there, or a page on
    which their step is not heard. `subject` is the row that the last number of the address names, where the
    address does not tell; `at` is the whole address, where words do not do.
    """

    route: str
    method: str
    may: frozenset[str]
    ok: int = 200
    body: Body | None = None
    states: frozenset[State] = EVERY_STATE
    otherwise: int = 409
    refused: int | None = None
    others: Mapping[str, int] = field(default_factory=dict)
    subject: str | None = None
    during: State | None = None
    at: Callable[[Ground], str] | None = None
    query: str = ""

    def __str__(self) -> str:
        return f"{self.method} {self.route}{self.query}"

    @property
    def is_api(self) -> bool:
        return self.route.startswith("api/")

    @property
    def is_of_what_moves(self) -> bool:
        """Whether it is about a position, placement or claim, which a merged question leaves to the other."""
        return len(_NUMBER.findall(self.route)) != 1 or "/questions/" not in f"/{self.route}"

    @property
    def state(self) -> State:
        """One in which it may be asked."""
        if self.during is not None:
            return self.during
        return State.OPEN if State.OPEN in self.states else min(self.states)

    def answer_to(self, person: str) -> int:
        """What is expected where the state allows it."""
        if person in self.may:
            return self.ok
        if person in self.others:
            return self.others[person]
        if self.refused is not None and person in STAFF:
            return self.refused
        if self.is_api:
            return 401 if person in (ANONYMOUS, DEACTIVATED) else 403
        return 403 if person in STAFF else 302

    def address(self, ground: Ground) -> str:
        if self.at is not None:
            return f"/{self.at(ground)}{self.query}"
        numbers = list(_NUMBER.finditer(self.route))

        def number(found: re.Match[str]) -> str:
            word = found[1]
            is_last = found.end() == numbers[-1].end()
            named = (self.subject if is_last else None) or _SUBJECTS.get(word, word)
            return f"{word}/{ground.rows[named].pk}"

        return "/" + _NUMBER.sub(number, self.route) + self.query

    def ask(self, client: Client, ground: Ground) -> HttpResponseBase:
        given = self.body(ground) if callable(self.body) else self.body
        where, method = self.address(ground), self.method.lower()
        if self.is_api and "file" not in (given or {}):
            content = {} if given is None else {"data": dict(given), "content_type": "application/json"}
            return getattr(client, method)(where, **content, headers={"If-Match": "*"})
        form = None if given is None else dict(given)
        return getattr(client, method)(where, data=form, headers={"If-Match": "*"})


def told(answer: int, *people: frozenset[str]) -> dict[str, int]:
    """All these people are told the same."""
    return dict.fromkeys(frozenset().union(*people), answer)


def get(route: str, may: frozenset[str], ok: int = 200, **more: Any) -> Row:
    return Row(route, "GET", may, ok, **more)


def post(route: str, may: frozenset[str], body: Body | None, ok: int = 200, **more: Any) -> Row:
    return Row(route, "POST", may, ok, body, **more)


def pages_of(
    model: str,
    look: frozenset[str],
    *,
    add: frozenset[str] = NOBODY,
    change: frozenset[str] | None = None,
    change_ok: int = 200,
    history: frozenset[str] | None = None,
    delete: frozenset[str] = NOBODY,
    missing: int | None = None,
    history_others: Mapping[str, int] | None = None,
) -> Iterator[Row]:
    """The six stock pages of a model in the admin, where hardly anything is ever deleted.

    `change` are those who get the row's own page, by default those who may look at the list; `missing` is the
    answer to who may look at such rows, but not at this one.
    """
    one = f"admin/{model}/<path:object_id>/"
    own = look if change is None else change
    yield get(f"admin/{model}/", look)
    yield get(f"admin/{model}/add/", add)
    yield get(f"{one}change/", own, change_ok, refused=missing)
    looks_back = own if history is None else history
    yield get(f"{one}history/", looks_back, refused=missing, others=history_others or {})
    yield get(f"{one}delete/", delete, refused=missing)
    yield get(one, EVERYBODY, 302)  # to the page, or to sign in
