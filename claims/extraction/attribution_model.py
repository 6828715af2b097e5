"""The two small learned models of the attribution stage, loaded once a process; `training/attribution.py` makes them."""

from functools import cache
from pathlib import Path
from typing import Final

from pycrfsuite import Tagger

from claims.extraction.pipeline import MODEL

FOLDER: Final = MODEL / "attribution"
CUES: Final = "cues.crfsuite"
CONTENTS: Final = "contents.crfsuite"
SIGNALS: Final = "signals"
IS_NONE: Final = "none"


@cache
def load_tagger(path: Path) -> Tagger:
    """Return the model in a file; raises FileNotFoundError when there is none."""
    if not path.is_file():
        raise FileNotFoundError(path)
    tagger = Tagger()
    tagger.open(str(path))
    return tagger


def score_cue(features: list[str]) -> float:
    """Return how likely it is, 0..1, that a candidate with these features signals an attribution."""
    tagger = load_tagger(FOLDER / CUES)
    tagger.set([features])
    return float(tagger.marginal(SIGNALS, 0))


def label_tokens(features: list[list[str]]) -> list[str]:
    """Return the role of each token of a sentence, see `content_features`."""
    return list(load_tagger(FOLDER / CONTENTS).tag(features))
