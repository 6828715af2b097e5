"""What `python -m claims.extraction --engine llm` needs: settings from the environment."""

from pathlib import Path

from environs import EnvError, FileAwareEnv

from claims.llm_engine.caches import Cache, FolderCache, MemoryCache
from claims.llm_engine.engine import LlmEngine
from claims.llm_engine.settings import read_settings


class Unset(Exception):
    """The environment does not say which model to ask; the message names the variable."""


def engine_of_environment() -> LlmEngine:
    """Return the engine that LLM_URL and the others name; answers are kept in LLM_CACHE_DIR if that is set.

    Raises Unset. The environment is read here and not in `config.env`, for `claims` does not know `config`
    and the command runs where no other setting is.
    """
    env = FileAwareEnv()
    try:
        folder = env.str("LLM_CACHE_DIR", "")
        cache: Cache = FolderCache(Path(folder)) if folder else MemoryCache()
        return LlmEngine(read_settings(env), cache)
    except OSError as error:
        raise Unset(f"LLM_CACHE_DIR cannot be written: {error.strerror}") from error
    except (EnvError, ValueError) as error:
        raise Unset(str(error)) from error
