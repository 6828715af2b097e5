"""The learned scorer of cues, loaded once a process; `training/attribution.py` makes it."""

from functools import cache
from typing import Final

from pycrfsuite import Tagger

from claims.extraction.parse.pipeline import MODEL

CUES: Final = "cues.crfsuite"
SIGNALS: Final = "signals"
IS_NONE: Final = "none"


@cache
def _load() -> Tagger:
    tagger = Tagger()
    tagger.open(str(MODEL / CUES))
    return tagger


def score_cue(features: list[str]) -> float:
    """Return how likely it is, 0..1, that a candidate with these features signals an attribution."""
    tagger = _load()
    tagger.set([features])
    return float(tagger.marginal(SIGNALS, 0))
