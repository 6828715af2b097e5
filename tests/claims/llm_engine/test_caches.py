from pathlib import Path

import pytest

from claims.llm_engine import Cache, FolderCache, MemoryCache
from claims.llm_engine.prompt import cache_key

KEY, OTHER = cache_key("The dam broke.", "small-1"), cache_key("The dam broke.", "large-1")


@pytest.fixture(params=["memory", "folder"])
def cache(request: pytest.FixtureRequest, tmp_path: Path) -> Cache:
    return MemoryCache() if request.param == "memory" else FolderCache(tmp_path / "new" / "answers")


def test_cache_gives_back_what_was_put_in_last(cache: Cache) -> None:
    cache.put(KEY, '{"claims": []}')
    cache.put(KEY, '{"claims": [], "ø": "\u2028"}')

    assert (cache.get(KEY), cache.get(OTHER)) == ('{"claims": [], "ø": "\u2028"}', None)


def test_folder_outlives_the_process(tmp_path: Path) -> None:
    FolderCache(tmp_path).put(KEY, "kept")

    assert FolderCache(tmp_path).get(KEY) == "kept"
    assert [path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.*")] == [
        f"{KEY[:2]}/{KEY}.json"
    ]


def test_folder_with_a_file_that_is_no_text_has_no_answer(tmp_path: Path) -> None:
    cache = FolderCache(tmp_path)
    cache.put(KEY, "kept")
    (tmp_path / KEY[:2] / f"{KEY}.json").write_bytes(b"\xff\xfe")

    assert cache.get(KEY) is None


def test_key_tells_apart_what_was_asked_and_whom() -> None:
    keys = {cache_key(asked, model) for asked in ("a", "b", 'a", "b') for model in ("a", "b", "small-1")}

    assert len(keys) == 9
