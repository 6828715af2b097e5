"""A text -> claims by a language model, or by the default engine when that fails, visibly."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from claims.extraction import ENGINE_VERSION, extract_claims
from claims.extraction.parse.document import read_document
from claims.extraction.types import ExtractedClaim
from claims.llm_engine.answers import GivenClaim, read_answer
from claims.llm_engine.budget import Budget
from claims.llm_engine.caches import Cache
from claims.llm_engine.client import Clock, ask_all, prompt_tokens
from claims.llm_engine.errors import LlmError, PassingFailure
from claims.llm_engine.parts import split_into_parts
from claims.llm_engine.prompt import PROMPT_VERSION, cache_key, question
from claims.llm_engine.reading import Reader
from claims.llm_engine.settings import LlmSettings

LLM_ENGINE_NAME: Final = "llm"
# How answers are asked for and judged; frames and check-worthiness come from the default engine.
LLM_ENGINE_VERSION: Final = f"0.1.0+{ENGINE_VERSION}"


@dataclass(frozen=True, slots=True)
class LlmResult:
    """The claims in reading order, and how they came about.

    `refused` counts the model's claims that point at nothing in the text, or at words torn out of a negation
    or a condition; `verbatim_statements` the claims whose statement is the quote, because the model's own
    sentence added or dropped something. `fallback_reason` says in plain words why the claims are the default
    engine's; it is "" when they are the model's. `tokens` were used for this text, answers of the cache none.
    """

    claims: list[ExtractedClaim]
    refused: int
    verbatim_statements: int
    fallback_reason: str
    prompt_version: str
    model: str
    tokens: int

    @property
    def notes(self) -> list[str]:
        """What a person should know about how the claims came about, in words fit to show."""
        notes = []
        if self.fallback_reason:
            notes.append(f"by the default engine, not the language model: {self.fallback_reason}")
        if self.refused:
            notes.append(f"claims of the model left out, for the text does not say them: {self.refused}")
        return notes


class LlmEngine:
    """Asks one model for the claims of many texts; one object is one run, with one budget.

    It cannot be called where an event loop is running.
    """

    def __init__(self, settings: LlmSettings, cache: Cache, *, clock: Clock | None = None) -> None:
        self._settings = settings
        self._cache = cache
        self._clock = clock or Clock()
        self._run_budget = Budget(settings.run_budget_tokens, of="this run")

    @property
    def settings_sha256(self) -> str:
        """What the claims depend on beside the text and `LLM_ENGINE_VERSION`: the prompt and the model."""
        return cache_key("", self._settings.model)

    def extract_claims(
        self, text: str, *, title: str = "", outlet: str = "", published_at: date | None = None
    ) -> LlmResult:
        """Return the claims of an article; the arguments are those of `claims.extraction.extract_claims`."""
        document = read_document(text)
        parts = split_into_parts(document, title)
        asked = [
            question(
                part.numbered(document),
                before=part.before(document),
                title=title,
                outlet=outlet,
                published_at=published_at,
            )
            for part in parts
        ]
        budget = Budget(self._settings.budget_tokens, of="one text", within=self._run_budget)
        reason, claims = "", list[ExtractedClaim]()
        reader = Reader(document, title=title, outlet=outlet, published_at=published_at)
        try:
            for part, given in zip(parts, self._answers(asked, budget), strict=True):
                reader.read(part, given)
            claims = reader.claims()
            if reader.refused and not claims:
                reason = f"none of the {reader.refused} claims of the model stands in the text"
        except LlmError as error:
            reason = str(error)
        if reason:
            claims = extract_claims(text, title=title, outlet=outlet, published_at=published_at)
        return LlmResult(
            claims=claims,
            refused=reader.refused,
            verbatim_statements=0 if reason else reader.verbatim_statements,
            fallback_reason=reason,
            prompt_version=PROMPT_VERSION,
            model=self._settings.model,
            tokens=budget.used,
        )

    def _answers(self, asked: Sequence[str], budget: Budget) -> list[list[GivenClaim]]:
        """Return the claims given for each question, kept or asked for now. Raises LlmError."""
        keys = [cache_key(each, self._settings.model) for each in asked]
        contents = {number: kept for number, key in enumerate(keys) if (kept := self._kept(key)) is not None}
        missing = [number for number in range(len(asked)) if number not in contents]
        if missing:
            budget.check(sum(prompt_tokens(asked[number]) for number in missing))
            replies = asyncio.run(
                ask_all([asked[number] for number in missing], self._settings, budget, self._clock)
            )
            for at, content in replies.contents.items():
                self._cache.put(keys[missing[at]], content)
                contents[missing[at]] = content
            if replies.failure:
                raise LlmError(replies.failure)
        return [read_answer(contents[number]) for number in range(len(asked))]

    def _kept(self, key: str) -> str | None:
        content = self._cache.get(key)
        if content is None:
            return None
        try:
            read_answer(content)
        except PassingFailure:
            return None
        return content
