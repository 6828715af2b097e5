"""How much a sentence is worth checking: the share, 0..1, of such sentences that state something verifiable.

A logistic regression over signs that a reader of the sentence sees too (numbers, names, tenses, who speaks
of whom, questions, wishes) and over its words, each of which pulls a little to one side. It was learned from
sentences labelled for this project; `training/check_worthiness.py` has the guidelines and the figures. A
score orders what people look at and decides nothing.
"""

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from claims.extraction.lexicon import word_set
from claims.extraction.parse.document import Document
from claims.extraction.parse.pipeline import MODEL
from claims.extraction.parse.tokens import Token
from claims.extraction.types import Sentence

WEIGHTS: Final = MODEL / "check_worthiness.json"

_FIRST_PERSONS: Final = word_set("i we me us my our mine ours myself ourselves")
_SECOND_PERSONS: Final = word_set("you your yours yourself yourselves")
_SUBJECTS: Final = word_set("i we you it this that these those which who there what")
_OTHERS: Final = frozenset({"he", "she", "they"})
_UNITS: Final = word_set(
    "% $ £ € percent per million billion trillion hundred thousand hundreds thousands dozens"
)
_STOPS: Final = frozenset(".?!\"”')")
_FINITE: Final = frozenset({"VBD", "VBZ", "VBP", "MD"})
_CONTENT: Final = frozenset({"NOUN", "VERB", "ADJ", "PROPN", "ADV"})
_MARKS: Final = frozenset({"PUNCT", "SYM"})
_SUBORDINATE: Final = frozenset({"ccomp", "parataxis", "csubj"})
_FURTHER: Final = frozenset({"advcl", "acl:relcl", "xcomp"})
_PREDICATES: Final = frozenset({"VERB", "AUX", "ADJ", "NOUN"})

_LENGTHS: Final = (2, 4, 6, 8, 12, 16, 22, 30)
_NAMES: Final = (1, 2, 3, 5)
_NOMINAL_PERCENT: Final = (15, 25, 35, 45, 60)
_COUNTED_TAGS: Final = word_set("VBD VBN VBG VBZ VBP MD VB RB JJ JJR JJS RBR RBS UH WP WRB EX POS")
_COUNTED_RELATIONS: Final = word_set(
    "nmod obl obj appos nsubj:pass acl:relcl discourse vocative iobj compound amod nummod obl:tmod "
    "obl:unmarked nmod:unmarked"
)


@dataclass(frozen=True, slots=True)
class Weights:
    """What the regression learned; a sign or word that is not named weighs nothing."""

    intercept: float
    signs: dict[str, float]
    words: dict[str, float]

    def chance(self, signs: set[str], words: list[str]) -> float:
        """Return the probability, 0..1, that a sentence with these signs and words is a claim.

        Words count by their sum over the root of their number, so that many weak hints say more than one
        and a long sentence does not decide itself by its length.
        """
        total = self.intercept + math.fsum(self.signs.get(sign, 0.0) for sign in signs)
        if words:
            total += math.fsum(self.words.get(word, 0.0) for word in words) / math.sqrt(len(words))
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


@cache
def load_weights(path: Path = WEIGHTS) -> Weights:
    """Return the weights in the file; it holds thousandths, to be short."""
    stored = json.loads(path.read_text(encoding="utf-8"))
    return Weights(
        stored["intercept"] / 1000,
        {sign: weight / 1000 for sign, weight in stored["signs"].items()},
        {word: weight / 1000 for word, weight in stored["words"].items()},
    )


def score(document: Document, first: int, last: int) -> float:
    """Return the check-worthiness of the tokens [first, last), rounded to three places; 0 for no tokens."""
    if first >= last:
        return 0.0
    chance = load_weights().chance(find_signs(document, first, last), content_words(document, first, last))
    return round(chance, 3)


def score_sentences(document: Document) -> list[Sentence]:
    """Return the sentences of a text with their scores, in reading order."""
    return [
        Sentence(sentence.span, score(document, sentence.first, sentence.last))
        for sentence in document.sentences
    ]


def content_words(document: Document, first: int, last: int) -> list[str]:
    """Return the nouns, verbs, adjectives and adverbs of the tokens [first, last), in lower case."""
    return [token.lower for token in document.tokens[first:last] if token.pos in _CONTENT]


def find_signs(document: Document, first: int, last: int) -> set[str]:
    """Return the names of the signs that the tokens [first, last), at least one, show."""
    tokens = document.tokens[first:last]
    signs = _surface_signs(tokens)
    signs |= _counted_signs(tokens)
    main = next((at for at in range(first, last) if not first <= document.tokens[at].head < last), first)
    signs.update(_clause_signs(document, main, first, last, "main"))
    for at in range(first, last):
        if at != main and (kind := _kind_of_clause(document.tokens[at])):
            signs.add(f"has {document.tokens[at].relation}")
            signs.update(_clause_signs(document, at, first, last, kind))
    return signs


def _surface_signs(tokens: list[Token]) -> set[str]:
    spoken = {token.lower for token in tokens}
    found = {
        "question mark": "?" in spoken,
        "exclamation mark": "!" in spoken,
        "quotation": not spoken.isdisjoint('"“”'),
        "no full stop": tokens[-1].lower not in _STOPS,
        "first person": not spoken.isdisjoint(_FIRST_PERSONS),
        "second person": not spoken.isdisjoint(_SECOND_PERSONS),
        "unit": not spoken.isdisjoint(_UNITS),
        "year": any(len(word) == 4 and word.isdigit() and "1500" <= word < "2100" for word in spoken),
    }
    return {sign for sign, present in found.items() if present}


def _counted_signs(tokens: list[Token]) -> set[str]:
    words = [token for token in tokens if token.pos not in _MARKS]
    nominal = sum(token.pos in {"NOUN", "PROPN", "NUM"} for token in words)
    finite = sum(token.tag in _FINITE for token in tokens)
    numbers = sum(token.tag == "CD" and token.lower != "one" for token in tokens)
    figures = sum(any(character.isdigit() for character in token.lower) for token in tokens)
    signs = set() if finite else {"no finite verb"}
    signs |= _reached("words", len(words), _LENGTHS)
    signs |= _reached("finite verbs", finite, (2, 3, 4))
    signs |= _reached("numbers", numbers, (1, 2, 3))
    signs |= _reached("figures", figures, (1, 2, 3))
    signs |= _reached("names", _count_names(tokens), _NAMES)
    signs |= _reached("nominal percent", 100 * nominal // max(1, len(words)), _NOMINAL_PERCENT)
    for token in tokens:
        for value, counted in ((token.tag, _COUNTED_TAGS), (token.relation, _COUNTED_RELATIONS)):
            if value in counted:
                signs.add(f"several {value}" if value in signs else value)
    return signs


def _reached(what: str, number: int, steps: tuple[int, ...]) -> set[str]:
    return {f"{what} >= {step}" for step in steps if number >= step}


def _count_names(tokens: list[Token]) -> int:
    """Count the runs of proper nouns."""
    named = [token.tag.startswith("NNP") for token in tokens]
    return sum(now and not before for before, now in zip([False, *named], named, strict=False))


def _kind_of_clause(token: Token) -> str:
    """Return "told" for a clause that another tells of, "side" for any other below the main one, or ""."""
    if token.relation == "conj":
        return "side" if token.pos in {"VERB", "AUX"} else ""
    if token.pos not in _PREDICATES:
        return ""
    if token.relation in _SUBORDINATE:
        return "told"
    return "side" if token.relation in _FURTHER else ""


def _clause_signs(document: Document, at: int, first: int, last: int, kind: str) -> Iterator[str]:
    """Give what the clause around the predicate `at` says of subject, tense, mood and voice."""
    predicate = document.tokens[at]
    below = [document.tokens[child] for child in document.children[at] if first <= child < last]
    helpers = [token for token in below if token.relation.startswith("aux") or token.relation == "cop"]
    subject = _subject(below)
    tense = _tense(predicate, helpers, subject)
    yield f"{kind} subject {subject}"
    yield f"{kind} {tense}"
    yield f"{kind} {subject} {tense}"
    yield f"{kind} {predicate.pos}"
    if any(token.lower in {"not", "n't", "never"} for token in below):
        yield f"{kind} negated"
    if any(token.relation == "cop" for token in below):
        yield f"{kind} copula {predicate.pos}"
    if predicate.tag == "VBG" and any(token.lemma == "be" for token in helpers):
        yield f"{kind} progressive"
    if any(token.relation == "aux:pass" for token in helpers):
        yield f"{kind} passive"


def _subject(below: list[Token]) -> str:
    for token in below:
        if token.relation.partition(":")[0] not in {"nsubj", "csubj", "expl"}:
            continue
        if token.lower in _SUBJECTS:
            return token.lower
        if token.lower in _OTHERS:
            return "he she they"
        return "name" if token.tag.startswith("NNP") else token.pos
    return "none"


def _tense(predicate: Token, helpers: list[Token], subject: str) -> str:
    """Return tense and mood of a clause; a modal verb stands for itself."""
    finite = next((token for token in helpers if token.tag in _FINITE), predicate)
    if finite.tag == "MD":
        return finite.lemma
    if finite.tag == "VBD":
        return "past"
    if finite.tag in _FINITE:
        return "perfect" if finite.lemma == "have" and finite is not predicate else "present"
    if predicate.tag == "VB":
        return "imperative" if subject == "none" else "infinitive"
    return {"VBN": "participle", "VBG": "gerund"}.get(predicate.tag, "no verb")
