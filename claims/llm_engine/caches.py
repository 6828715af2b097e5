"""Answers kept by the hash of what was asked, so that the same part of a text is paid for once."""

import os
import tempfile
from pathlib import Path
from typing import Protocol


class Cache(Protocol):
    """Keeps a model's answers. `key` is a SHA-256 in hexadecimal, `answer` JSON text of at most 1 MB.

    What comes back is checked as if the server had just said it, so an unreadable entry costs a request.
    Both are called outside any event loop, so they may use the database.
    """

    def get(self, key: str) -> str | None: ...

    def put(self, key: str, answer: str) -> None: ...


class MemoryCache:
    """Forgets with the process."""

    def __init__(self) -> None:
        self._answers: dict[str, str] = {}

    def get(self, key: str) -> str | None:
        return self._answers.get(key)

    def put(self, key: str, answer: str) -> None:
        self._answers[key] = answer


class FolderCache:
    """One file per answer, whole or not there: processes may share the folder. Makes it if need be.

    OSError rises when the folder cannot be read or written.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder

    def get(self, key: str) -> str | None:
        try:
            return self._path(key).read_text(encoding="utf-8")
        except (FileNotFoundError, UnicodeDecodeError):
            return None

    def put(self, key: str, answer: str) -> None:
        path = self._path(key)
        path.parent.mkdir(exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as file:
            file.write(answer.encode())
        os.replace(file.name, path)

    def _path(self, key: str) -> Path:
        # Two characters a folder keep each of them small enough to list.
        return self._folder / key[:2] / f"{key}.json"
