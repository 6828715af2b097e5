"""Which server and model to ask, and how much of either may be used."""

from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from environs import Env

_MOST_AT_ONCE: Final = 64


@dataclass(frozen=True)
class LlmSettings:
    """Raises ValueError, naming the variable, when a value cannot be.

    `url` is the address before `/chat/completions`, usually ending in `/v1`. `api_key` may be empty for a
    server that needs none. `budget_tokens` bounds one text, `run_budget_tokens` the life of one `LlmEngine`.
    `timeout_seconds` bounds one request from connecting to the last byte, `text_timeout_seconds` all requests
    for one text with the waits between them; the default stays under the time limit of a worker's task.
    """

    url: str
    model: str
    api_key: str = field(repr=False)
    budget_tokens: int = 100_000
    run_budget_tokens: int = 2_000_000
    timeout_seconds: float = 60
    text_timeout_seconds: float = 180
    concurrency: int = 4

    def __post_init__(self) -> None:
        _check_url(self.url)
        if not self.model.strip():
            raise ValueError("LLM_MODEL is empty: name the model the server should answer with.")
        if not (self.api_key.isascii() and all("!" <= character <= "~" for character in self.api_key)):
            raise ValueError("LLM_API_KEY has a blank, a line end or a character outside ASCII in it.")
        for name, amount in (
            ("LLM_BUDGET_TOKENS", self.budget_tokens),
            ("LLM_RUN_BUDGET_TOKENS", self.run_budget_tokens),
            ("LLM_TIMEOUT_SECONDS", self.timeout_seconds),
            ("LLM_TEXT_TIMEOUT_SECONDS", self.text_timeout_seconds),
        ):
            if not 0 < amount < float("inf"):
                raise ValueError(f"{name} has to be more than 0, not {amount}.")
        if not 1 <= self.concurrency <= _MOST_AT_ONCE:
            raise ValueError(f"LLM_CONCURRENCY has to be 1 to {_MOST_AT_ONCE}, not {self.concurrency}.")

    @property
    def endpoint(self) -> str:
        return f"{self.url.rstrip('/')}/chat/completions"


def read_settings(env: Env) -> LlmSettings:
    """Return the settings the environment gives.

    Raises environs.EnvError for a variable that is missing or malformed, ValueError for one that cannot be.
    `LLM_API_KEY` has to be named, if only as empty: no key is a decision.
    """
    return LlmSettings(
        url=env.str("LLM_URL"),
        model=env.str("LLM_MODEL"),
        api_key=env.str("LLM_API_KEY"),
        budget_tokens=env.int("LLM_BUDGET_TOKENS", LlmSettings.budget_tokens),
        run_budget_tokens=env.int("LLM_RUN_BUDGET_TOKENS", LlmSettings.run_budget_tokens),
        timeout_seconds=env.float("LLM_TIMEOUT_SECONDS", LlmSettings.timeout_seconds),
        text_timeout_seconds=env.float("LLM_TEXT_TIMEOUT_SECONDS", LlmSettings.text_timeout_seconds),
        concurrency=env.int("LLM_CONCURRENCY", LlmSettings.concurrency),
    )


def _check_url(url: str) -> None:
    """Raise ValueError unless `url` is plain http(s); it never shows the URL, which may hold a password."""
    try:
        parts = urlsplit(url)
        reachable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        reachable = False
    if not reachable or not url.isprintable() or " " in url:
        raise ValueError("LLM_URL is not an address like https://llm.example.org/v1.")
    if parts.username is not None or parts.query or parts.fragment:
        raise ValueError(
            "LLM_URL has a name, password, query or fragment in it; the key goes in LLM_API_KEY."
        )
