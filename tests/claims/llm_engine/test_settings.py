from typing import Any

import pytest
from environs import Env, EnvError

from claims.llm_engine import LlmSettings, read_settings

NAMED = {"LLM_URL": "https://llm.example.org/v1", "LLM_MODEL": "small-1", "LLM_API_KEY": "sk-very-secret"}


def set_all(monkeypatch: pytest.MonkeyPatch, values: dict[str, str]) -> None:
    for name, value in values.items():
        monkeypatch.setenv(name, value)


def make(**given: Any) -> LlmSettings:
    return LlmSettings(**{"url": "https://llm.example.org/v1", "model": "small-1", "api_key": ""} | given)


def test_read_settings_takes_what_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    more = {
        "LLM_BUDGET_TOKENS": "5000",
        "LLM_RUN_BUDGET_TOKENS": "6000",
        "LLM_TIMEOUT_SECONDS": "2.5",
        "LLM_TEXT_TIMEOUT_SECONDS": "9",
        "LLM_CONCURRENCY": "2",
    }
    set_all(monkeypatch, NAMED | more)

    assert read_settings(Env()) == LlmSettings(
        "https://llm.example.org/v1", "small-1", "sk-very-secret", 5000, 6000, 2.5, 9.0, 2
    )


def test_read_settings_needs_no_more_than_server_model_and_key(monkeypatch: pytest.MonkeyPatch) -> None:
    set_all(monkeypatch, NAMED)

    assert read_settings(Env()) == LlmSettings("https://llm.example.org/v1", "small-1", "sk-very-secret")


@pytest.mark.parametrize("missing", NAMED)
def test_read_settings_names_what_is_missing(missing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    set_all(monkeypatch, NAMED)
    monkeypatch.delenv(missing)

    with pytest.raises(EnvError, match=missing):
        read_settings(Env())


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"url": "llm.example.org/v1"}, "LLM_URL"),
        ({"url": "file:///etc/passwd"}, "LLM_URL"),
        ({"url": "https://[::1/v1"}, "LLM_URL"),
        ({"url": "https://llm.example.org:99999/v1"}, "LLM_URL"),
        ({"url": "https://llm.example.org/v1\r\nX: y"}, "LLM_URL"),
        ({"url": "https://name:sk-very-secret@llm.example.org/v1"}, "LLM_URL"),
        ({"url": "https://llm.example.org/v1?key=sk-very-secret"}, "LLM_URL"),
        ({"model": " "}, "LLM_MODEL"),
        ({"api_key": "sk-very-secret\n"}, "LLM_API_KEY"),
        ({"api_key": "sk-very-secret–"}, "LLM_API_KEY"),
        ({"budget_tokens": 0}, "LLM_BUDGET_TOKENS"),
        ({"run_budget_tokens": -1}, "LLM_RUN_BUDGET_TOKENS"),
        ({"timeout_seconds": float("nan")}, "LLM_TIMEOUT_SECONDS"),
        ({"text_timeout_seconds": float("inf")}, "LLM_TEXT_TIMEOUT_SECONDS"),
        ({"concurrency": 0}, "LLM_CONCURRENCY"),
        ({"concurrency": 1000}, "LLM_CONCURRENCY"),
    ],
)
def test_settings_refuse_what_cannot_be_and_show_no_secret(given: dict[str, Any], named: str) -> None:
    with pytest.raises(ValueError, match=named) as refused:
        make(**given)

    assert "very-secret" not in str(refused.value)


def test_settings_do_not_show_the_key() -> None:
    assert "very-secret" not in repr(make(api_key="sk-very-secret"))


@pytest.mark.parametrize("url", ["http://127.0.0.1:8080/v1", "http://127.0.0.1:8080/v1/"])
def test_endpoint_is_below_the_url(url: str) -> None:
    assert make(url=url).endpoint == "http://127.0.0.1:8080/v1/chat/completions"
