"""How much a sentence is worth checking: 0..1, a sum of plain signs, so that a reviewer can see why.

Facts that can be looked up raise it (numbers, dates, names, things that happened), questions, wishes,
thanks and opinion lower it. 0.5 is "states something verifiable". The weights were set by hand.
"""

from typing import Final

from claims.extraction import lexicon, words
from claims.extraction.document import Document
from claims.extraction.types import Sentence

_START: Final = 0.5
_WITHOUT_CLAUSE: Final = -0.35
_QUESTION: Final = -0.35
_ADDRESS: Final = -0.25
_OPINION: Final = -0.15
_FIRST_PERSON_FUTURE: Final = -0.25
_NUMBER: Final = 0.2
_DATE: Final = 0.1
_NAME: Final = 0.1
_HAPPENED: Final = 0.1

_OPINION_WORDS: Final = lexicon.word_set(
    "should must ought need let hope believe think feel wish want great terrible wonderful proud "
    "beautiful best worst amazing disgraceful together dream future pray faith courage"
)
_ADDRESS_WORDS: Final = frozenset(
    {"thank", "thanks", "please", "let", "welcome", "congratulations", "imagine"}
)
_FIRST_PERSONS: Final = frozenset({"i", "we", "you"})
_FUTURE: Final = frozenset({"will", "'ll", "shall", "would", "can", "could"})


def score(document: Document, first: int, last: int) -> float:
    """Return the check-worthiness of the tokens [first, last), rounded to two places."""
    tokens, classes = document.tokens[first:last], document.classes[first:last]
    kinds = set(classes)
    spoken = {token.lower for token in tokens}
    total = _START
    if not kinds & words.CLAUSE_MAKING:
        total += _WITHOUT_CLAUSE
    if "?" in spoken:
        total += _QUESTION
    if tokens[0].lower in _ADDRESS_WORDS or (classes[0] == words.BARE and not kinds & {words.PRONOUN}):
        total += _ADDRESS
    total += _OPINION * min(2, len(spoken & _OPINION_WORDS))
    if spoken & _FIRST_PERSONS and spoken & _FUTURE:
        total += _FIRST_PERSON_FUTURE
    if words.NUMBER in kinds:
        total += _NUMBER
    if spoken & lexicon.TIME_WORDS or spoken & frozenset(lexicon.MONTHS):
        total += _DATE
    if words.NAME in kinds:
        total += _NAME
    if _happened(document, first, last):
        total += _HAPPENED
    return round(min(1.0, max(0.0, total)), 2)


def _happened(document: Document, first: int, last: int) -> bool:
    """Whether a verb stands in the past or the perfect."""
    for at in range(first, last):
        word = document.tokens[at].lower
        if word in {"was", "were", "has", "have", "had", "did"}:
            return True
        readings = lexicon.VERB_FORMS.get(word, ("", frozenset()))[1]
        if document.classes[at] == words.FINITE and ("past" in readings or word.endswith("ed")):
            return True
    return False


def score_sentences(document: Document) -> list[Sentence]:
    """Return the sentences of a text with their scores, in reading order."""
    return [
        Sentence(sentence.span, score(document, sentence.first, sentence.last))
        for sentence in document.sentences
    ]
