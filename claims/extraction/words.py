"""The coarse class of each token, from its tags: what the rules that look along a sentence need."""

from collections.abc import Sequence
from typing import Final

from claims.extraction import lexicon
from claims.extraction.tokens import Token

# The classes. FINITE, AUXILIARY and MODAL make a clause; the rest do not.
ADVERB: Final = "adverb"
AUXILIARY: Final = "auxiliary"
BARE: Final = "bare verb"
CONJUNCTION: Final = "conjunction"
DETERMINER: Final = "determiner"
FINITE: Final = "finite verb"
GENITIVE: Final = "genitive"
ING: Final = "verb in -ing"
MODAL: Final = "modal"
NAME: Final = "name"
NOUN: Final = "noun"
NUMBER: Final = "number"
OBJECT: Final = "object pronoun"
PARTICIPLE: Final = "past participle"
POSSESSIVE: Final = "possessive"
PREPOSITION: Final = "preposition"
PRONOUN: Final = "subject pronoun"
PUNCTUATION: Final = "punctuation"
SUBORDINATOR: Final = "subordinator"
THAT: Final = "that"
TO: Final = "to"

CLAUSE_MAKING: Final = frozenset({FINITE, AUXILIARY, MODAL})
_BY_TAG: Final = {
    "CC": CONJUNCTION, "CD": NUMBER,
    "DT": DETERMINER, "PDT": DETERMINER, "EX": PRONOUN, "MD": MODAL, "TO": TO,
    "NNP": NAME, "NNPS": NAME, "POS": GENITIVE, "PRP$": POSSESSIVE, "WP$": POSSESSIVE, "WP": PRONOUN,
    "WDT": PRONOUN,
    "RB": ADVERB, "RBR": ADVERB, "RBS": ADVERB, "RP": ADVERB, "UH": ADVERB,
    "WRB": SUBORDINATOR, "$": NUMBER,
    "VB": BARE, "VBD": FINITE, "VBZ": FINITE, "VBP": FINITE, "VBG": ING, "VBN": PARTICIPLE,
}  # fmt: skip
_FINITE_TAGS: Final = frozenset({"VBD", "VBZ", "VBP"})


def is_headline(tokens: Sequence[Token]) -> bool:
    """Whether most words of a line are capitalised, as in English headlines."""
    words = [token for token in tokens if token.lower[0].isalpha() and len(token.lower) > 3]
    return len(words) >= 3 and sum(token.capital for token in words) * 4 >= len(words) * 3


def verb_base(form: str) -> str:
    """Return the base of a verb form ("underlined" -> "underline"); an unknown form is its own base.

    >>> verb_base("branded")
    'brand'
    """
    known = lexicon.VERB_FORMS.get(form.split("-")[0])
    return known[0] if known else form


def classify(tokens: Sequence[Token]) -> list[str]:
    """Return the class of each token of one sentence."""
    return [_class_of(token) for token in tokens]


def _class_of(token: Token) -> str:
    if token.pos in {"PUNCT", "SYM"} and token.tag != "$":
        return PUNCTUATION
    if token.lower == "that" and token.tag in {"IN", "WDT"}:
        return THAT
    if token.pos == "AUX" and token.tag in _FINITE_TAGS:
        return AUXILIARY
    if token.tag == "IN":
        return SUBORDINATOR if token.pos == "SCONJ" else PREPOSITION
    if token.tag == "PRP":
        return OBJECT if token.lower in lexicon.OBJECT_PRONOUNS or token.lower == "her" else PRONOUN
    return _BY_TAG.get(token.tag, NOUN if token.lower[0].isalnum() else PUNCTUATION)
