"""Claims by a language model on any OpenAI-compatible server, each held against the text before it counts.

What the server says is never taken on trust: a claim is a pointer to words of the text, and one that points
at nothing is refused and counted. When the server fails, the default engine's claims stand, and the
result says so. Needs the extra `llm`.
"""

from claims.llm_engine.caches import Cache, FolderCache, MemoryCache
from claims.llm_engine.engine import LLM_ENGINE_NAME, LLM_ENGINE_VERSION, LlmEngine, LlmResult
from claims.llm_engine.prompt import PROMPT_VERSION
from claims.llm_engine.settings import LlmSettings, read_settings

__all__ = [
    "LLM_ENGINE_NAME",
    "LLM_ENGINE_VERSION",
    "PROMPT_VERSION",
    "Cache",
    "FolderCache",
    "LlmEngine",
    "LlmResult",
    "LlmSettings",
    "MemoryCache",
    "read_settings",
]
