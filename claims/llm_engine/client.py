"""Questions to an OpenAI-compatible server, bounded in time, bytes, tokens and tries."""

import asyncio
import json
import ssl
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Final

import httpx

from claims.llm_engine.answers import Completion, read_answer, read_completion
from claims.llm_engine.budget import Budget, estimate_tokens
from claims.llm_engine.errors import LlmError, PassingFailure, ServerFailed
from claims.llm_engine.prompt import ANSWER_SCHEMA, INSTRUCTIONS, MOST_ANSWER_TOKENS, request
from claims.llm_engine.settings import LlmSettings

MOST_BYTES: Final = 1_000_000
TRIES: Final = 3
LONGEST_WAIT_SECONDS: Final = 30.0
_FIRST_WAIT_SECONDS: Final = 1.0
_PASSING: Final = frozenset({408, 425, 429, 500, 502, 503, 504})
_FIXED_TOKENS: Final = estimate_tokens(INSTRUCTIONS) + estimate_tokens(json.dumps(ANSWER_SCHEMA))


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Clock:
    """The time of day, for a Retry-After that names one, and how to wait."""

    now: Callable[[], datetime] = _now
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep


@dataclass(slots=True)
class Replies:
    """The answers that came, by the number of their question; `failure` says why others did not, or is ""."""

    contents: dict[int, str] = field(default_factory=dict)
    failure: str = ""


def prompt_tokens(asked: str) -> int:
    """Return about how many tokens asking takes, without the answer."""
    return _FIXED_TOKENS + estimate_tokens(asked)


async def ask_all(questions: Sequence[str], settings: LlmSettings, budget: Budget, clock: Clock) -> Replies:
    """Ask all questions, so many at once as the settings allow; the first that fails ends the rest.

    Every answer that comes back has been seen to be of the right form.
    """
    replies = Replies()
    turn = asyncio.Semaphore(settings.concurrency)

    async def ask(number: int, asked: str) -> None:
        async with turn:
            replies.contents[number] = await conversation.ask(asked)

    try:
        async with asyncio.timeout(settings.text_timeout_seconds), _http(settings) as http:
            conversation = _Conversation(http, settings, budget, clock)
            async with asyncio.TaskGroup() as group:
                for number, asked in enumerate(questions):
                    group.create_task(ask(number, asked))
    except* LlmError as failures:
        replies.failure = str(failures.exceptions[0])
    except* TimeoutError:
        replies.failure = (
            f"the server did not answer everything within {settings.text_timeout_seconds:g} seconds"
        )
    return replies


def _http(settings: LlmSettings) -> httpx.AsyncClient:
    headers = {
        "Content-Type": "application/json",
        "Accept": "application/json",
        "Accept-Encoding": "identity",
    }
    if settings.api_key:
        headers["Authorization"] = f"Bearer {settings.api_key}"
    return httpx.AsyncClient(
        headers=headers,
        # The system's certificates, and SSL_CERT_FILE: such servers often stand in a house of their own.
        verify=ssl.create_default_context(),
        # No proxy and no .netrc from the environment: the key goes to the server that was named, only.
        trust_env=False,
        follow_redirects=False,
        # Bounds only the time between bytes; asyncio.timeout bounds the whole.
        timeout=settings.timeout_seconds,
        limits=httpx.Limits(max_connections=settings.concurrency),
    )


@dataclass(frozen=True, slots=True)
class _Conversation:
    http: httpx.AsyncClient
    settings: LlmSettings
    budget: Budget
    clock: Clock

    async def ask(self, asked: str) -> str:
        """Return the model's answer. Raises LlmError after the last try."""
        body = json.dumps(request(asked, self.settings.model)).encode()
        for tried in range(1, TRIES + 1):
            try:
                return await self._try(body, prompt_tokens(asked))
            except PassingFailure as failure:
                if tried == TRIES:
                    raise ServerFailed(f"{failure} (asked {TRIES} times)") from failure
                await self.clock.sleep(_wait(failure, tried))
        raise AssertionError("the last try returns or raises")

    async def _try(self, body: bytes, asking: int) -> str:
        reserved = asking + MOST_ANSWER_TOKENS
        self.budget.reserve(reserved)
        used = asking
        try:
            completion = await self._complete(body, asking)
            used = completion.tokens
            read_answer(completion.content)
            return completion.content
        except ServerFailed as failure:
            used = used if failure.did_work else 0
            raise
        finally:
            self.budget.settle(reserved, used)

    async def _complete(self, body: bytes, asking: int) -> Completion:
        seconds = self.settings.timeout_seconds
        try:
            async with asyncio.timeout(seconds):
                async with self.http.stream("POST", self.settings.endpoint, content=body) as response:
                    _check_head(response, self.clock.now())
                    return read_completion(await _read_body(response), prompt_tokens=asking)
        except TimeoutError as error:
            raise ServerFailed(f"the server did not answer within {seconds:g} seconds") from error
        except httpx.ConnectError as error:
            raise PassingFailure(
                "the server cannot be reached, or its certificate is not trusted", did_work=False
            ) from error
        except httpx.RequestError as error:
            raise PassingFailure("the server broke the connection off, or speaks no HTTP") from error
        except httpx.InvalidURL as error:
            raise ServerFailed("LLM_URL is no address", did_work=False) from error


def _wait(failure: PassingFailure, tried: int) -> float:
    """Return the seconds to wait: what the server asked for, else twice as long each time; never too long."""
    wanted = failure.wait_seconds
    return min(_FIRST_WAIT_SECONDS * 2 ** (tried - 1) if wanted is None else wanted, LONGEST_WAIT_SECONDS)


def _check_head(response: httpx.Response, now: datetime) -> None:
    """Raise ServerFailed unless a JSON answer of bearable size follows."""
    status = response.status_code
    if status in _PASSING:
        wait_seconds = _retry_after(response.headers.get("Retry-After", ""), now)
        raise PassingFailure(_answered(status), did_work=False, wait_seconds=wait_seconds)
    if response.is_redirect:
        raise ServerFailed(f"{_answered(status)}: a redirect, and those are not followed", did_work=False)
    if status != HTTPStatus.OK:
        raise ServerFailed(_answered(status), did_work=False)
    kind = response.headers.get("Content-Type", "").split(";")[0].strip().lower()
    if kind != "application/json" or response.headers.get("Content-Encoding", "identity") != "identity":
        raise ServerFailed("the server answered with something else than plain JSON")


def _answered(status: int) -> str:
    """Return the status in our words; a server's own phrase may hold anything, the key for one."""
    phrase = ""
    with suppress(ValueError):
        phrase = f" ({HTTPStatus(status).phrase})"
    return f"the server answered {status}{phrase}"


async def _read_body(response: httpx.Response) -> bytes:
    body = bytearray()
    async for chunk in response.aiter_raw():
        body += chunk
        if len(body) > MOST_BYTES:
            raise ServerFailed(f"the server's answer has more than {MOST_BYTES:,} bytes")
    return bytes(body)


def _retry_after(value: str, now: datetime) -> float | None:
    """Return the seconds a Retry-After asks for, given as such or as a date; None when it is neither.

    >>> _retry_after("7", datetime(2021, 3, 2, tzinfo=UTC))
    7.0
    >>> _retry_after("Tue, 02 Mar 2021 00:00:09 GMT", datetime(2021, 3, 2, tzinfo=UTC))
    9.0
    """
    if value.isascii() and value.isdecimal():
        return float(value[:12])
    try:
        until = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    return max(0.0, (until - now).total_seconds())
