from collections.abc import Callable, Iterator
from typing import Any

import pytest

from claims.llm_engine import LlmEngine, LlmSettings, MemoryCache
from claims.llm_engine.client import Clock
from tests.claims.llm_engine.server import ModelServer, running

MakeEngine = Callable[..., LlmEngine]


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with running() as server:
        yield server


@pytest.fixture
def waits() -> list[float]:
    """The seconds that engines of `make_engine` wanted to wait, instead of waiting."""
    return []


@pytest.fixture
def make_engine(server: ModelServer, waits: list[float]) -> MakeEngine:
    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    def make(cache: Any = None, **given: Any) -> LlmEngine:
        settings = {"url": server.url, "model": "small-1", "api_key": "sk-very-secret"} | given
        return LlmEngine(LlmSettings(**settings), cache or MemoryCache(), clock=Clock(sleep=sleep))

    return make
