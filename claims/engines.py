"""Which engine reads texts, by the name that the setting ENGINE gives it."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Protocol, cast

from django.conf import settings

from claims.answers import DatabaseCache
from claims.errors import ClaimsError
from claims.extraction import ENGINE_NAME, ENGINE_VERSION, ExtractedClaim, extract
from claims.extraction.parse.pipeline import UnknownPipeline, is_installed, load

if TYPE_CHECKING:
    from claims.llm_engine import LlmSettings

_SPACY = "spacy:"
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
    """`waits_seconds` is how long it may wait for others over one text, beside its own work."""

    waits_seconds: float

    @property
    def identity(self) -> EngineIdentity: ...

    def extract_claims(
        self, text: str, *, title: str, outlet: str, published_at: date | None
    ) -> Extraction: ...


class DefaultEngine:
    """Our own, which needs nothing but the text."""

    # The longest text that is taken keeps an old processor busy for about this long.
    waits_seconds = 60.0
    identity = EngineIdentity(ENGINE_NAME, ENGINE_VERSION, _NO_SETTINGS_SHA256)

    def extract_claims(self, text: str, *, title: str, outlet: str, published_at: date | None) -> Extraction:
        found = extract(text, title=title, outlet=outlet, published_at=published_at)
        return Extraction(found.claims, made_by=self.identity, note=found.note)


class SpacyEngine:
    """Ours, with the words and trees of another spaCy pipeline that is installed here."""

    waits_seconds = 2 * DefaultEngine.waits_seconds

    def __init__(self, pipeline: str) -> None:
        try:
            meta = load(pipeline).meta
        except UnknownPipeline as error:
            raise UnknownEngine(str(error)) from error
        self._pipeline = pipeline
        told = f"{meta['lang']}_{meta['name']} {meta['version']}"
        self.identity = EngineIdentity(
            f"{_SPACY}{pipeline}", ENGINE_VERSION, hashlib.sha256(told.encode()).hexdigest()
        )

    def extract_claims(self, text: str, *, title: str, outlet: str, published_at: date | None) -> Extraction:
        found = extract(text, title=title, outlet=outlet, published_at=published_at, pipeline=self._pipeline)
        return Extraction(found.claims, made_by=self.identity, note=found.note)


class LanguageModelEngine:
    """A language model's claims, each held against the text; our own where its server fails."""

    def __init__(self, model_settings: "LlmSettings") -> None:
        # Reason for importing here: it needs the extra `llm`.
        from claims.llm_engine import LLM_ENGINE_NAME, LLM_ENGINE_VERSION, LlmEngine

        self._engine = LlmEngine(model_settings, DatabaseCache())
        self.waits_seconds = model_settings.text_timeout_seconds
        self.identity = EngineIdentity(LLM_ENGINE_NAME, LLM_ENGINE_VERSION, self._engine.settings_sha256)

    def extract_claims(self, text: str, *, title: str, outlet: str, published_at: date | None) -> Extraction:
        result = self._engine.extract_claims(text, title=title, outlet=outlet, published_at=published_at)
        note = "; ".join(result.notes)
        if result.fallback_reason:
            return Extraction(result.claims, made_by=DefaultEngine.identity, note=note)
        return Extraction(
            result.claims,
            made_by=self.identity,
            note=note,
            prompt_version=result.prompt_version,
            model=result.model,
        )


def engine_for(name: str) -> Engine:
    """The engine of that name, with its models loaded. Raises UnknownEngine."""
    check_engine_name(name)
    if name.startswith(_SPACY):
        return SpacyEngine(name.removeprefix(_SPACY))
    if name == "llm":
        return LanguageModelEngine(cast("LlmSettings", settings.LLM))
    return DefaultEngine()


def check_engine_name(name: str) -> None:
    """Raises UnknownEngine where there is none of that name; loads nothing."""
    if name.startswith(_SPACY):
        pipeline = name.removeprefix(_SPACY)
        if not is_installed(pipeline):
            raise UnknownEngine(str(UnknownPipeline.named(pipeline)))
    elif name != ENGINE_NAME and (name != "llm" or settings.LLM is None):
        raise UnknownEngine(
            f"There is no engine “{name}” here: it is {ENGINE_NAME}, {_SPACY}NAME, or llm with LLM_URL set."
        )


def chosen_engine() -> Engine:
    """The engine that this installation is set to use. Raises UnknownEngine."""
    return engine_for(settings.ENGINE)
