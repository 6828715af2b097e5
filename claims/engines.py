"""Which engine reads texts, by the name that the setting ENGINE gives it."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from django.conf import settings

from claims.errors import ClaimsError
from claims.extraction import ENGINE_NAME, ENGINE_VERSION, ExtractedClaim, extract_claims

_NO_SETTINGS_SHA256 = hashlib.sha256(b"").hexdigest()


class UnknownEngine(ClaimsError):
    """There is no engine of that name here; the message says which there are."""


@dataclass(frozen=True)
class EngineIdentity:
    """All that an engine's result depends on beside the text, in the columns of EngineRun."""

    engine: str
    engine_version: str
    settings_sha256: str


@dataclass(frozen=True)
class Extraction:
    """The claims of a text in reading order, and which engine really found them.

    An engine that fell back to another names that other in `made_by` and says why in `note`, which
    is fit to show; so a later run of the engine that was wanted is still another run.
    """

    claims: Sequence[ExtractedClaim]
    made_by: EngineIdentity
    note: str = ""
    prompt_version: str = ""
    model: str = ""


class Engine(Protocol):
    @property
    def identity(self) -> EngineIdentity: ...

    def extract_claims(
        self, text: str, *, title: str, outlet: str, published_at: date | None
    ) -> Extraction: ...


class DefaultEngine:
    """Our own, which needs nothing but the text."""

    identity = EngineIdentity(ENGINE_NAME, ENGINE_VERSION, _NO_SETTINGS_SHA256)

    def extract_claims(self, text: str, *, title: str, outlet: str, published_at: date | None) -> Extraction:
        found = extract_claims(text, title=title, outlet=outlet, published_at=published_at)
        return Extraction(found, made_by=self.identity)


def engine_for(name: str) -> Engine:
    """The engine of that name. Raises UnknownEngine."""
    if name == ENGINE_NAME:
        return DefaultEngine()
    raise UnknownEngine(f"There is no engine “{name}”; ENGINE may be {ENGINE_NAME}.")


def chosen_engine() -> Engine:
    """The engine that this installation is set to use. Raises UnknownEngine."""
    return engine_for(settings.ENGINE)
