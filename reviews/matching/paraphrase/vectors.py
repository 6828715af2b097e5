"""What is known of single words: a vector for likeness, and how rare they are. Shipped, and never updated.

`model/words.npz` holds them by stem; `training.py` makes it.
"""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Final, Self

import numpy
from numpy.typing import NDArray

from reviews.matching.paraphrase.words import stem

MODEL: Final = Path(__file__).parents[1] / "model"
WORD_FILE: Final = MODEL / "words.npz"

# A word's rank among all words by frequency stands for its rarity, as Zipf found: the first few hundred
# words are of one kind, and then it grows with the logarithm.
_FREQUENT: Final = 300
UNKNOWN_RANK: Final = 15_000

Floats = NDArray[numpy.float32]


class WordTable:
    """Vectors of unit length and ranks, by stem."""

    def __init__(
        self, stems: Sequence[str], ranks: NDArray[numpy.uint16], vectors: NDArray[numpy.int8]
    ) -> None:
        self._row = {word: row for row, word in enumerate(stems)}
        self._ranks = ranks
        floats = vectors.astype("float32")
        lengths = numpy.linalg.norm(floats, axis=1, keepdims=True)
        self._vectors: Floats = floats / numpy.maximum(lengths, 1e-6)
        self._nothing: Floats = numpy.zeros(vectors.shape[1], dtype="float32")

    @classmethod
    def read(cls, path: Path) -> Self:
        with numpy.load(path) as table:
            return cls(table["stems"].tobytes().decode("utf-8").split("\n"), table["ranks"], table["vectors"])

    @property
    def dimensions(self) -> int:
        return len(self._nothing)

    def vector(self, word_stem: str) -> Floats:
        """Return the vector of a stem, of length 1, or 0 for one that is not known."""
        row = self._row.get(word_stem)
        return self._nothing if row is None else self._vectors[row]

    def rarity(self, word_stem: str) -> float:
        """Return 1 for the most frequent words up to about 5 for those that are not known."""
        row = self._row.get(word_stem)
        rank = UNKNOWN_RANK if row is None else float(self._ranks[row])
        return float(numpy.log1p(rank / _FREQUENT)) + 1.0


@cache
def word_table() -> WordTable:
    """Return the shipped table, read once a process."""
    return WordTable.read(WORD_FILE)


def write_word_table(path: Path, words: Sequence[str], vectors: Floats, *, dimensions: int) -> None:
    """Write a table out of words in the order of their frequency, forms of one stem as their mean."""
    rows: dict[str, list[int]] = {}
    for row, word in enumerate(words):
        if word.isalpha():
            rows.setdefault(stem(word), []).append(row)
    cut = vectors[:, :dimensions]
    cut = cut / numpy.linalg.norm(cut, axis=1, keepdims=True)
    means = numpy.stack([cut[forms].mean(axis=0) for forms in rows.values()])
    means = means / numpy.maximum(numpy.linalg.norm(means, axis=1, keepdims=True), 1e-6)
    stems = numpy.frombuffer("\n".join(rows).encode("utf-8"), dtype=numpy.uint8)
    numpy.savez_compressed(
        path,
        stems=stems,
        ranks=numpy.array([forms[0] for forms in rows.values()], dtype=numpy.uint16),
        vectors=numpy.round(means / numpy.abs(means).max() * 127).astype(numpy.int8),
    )
