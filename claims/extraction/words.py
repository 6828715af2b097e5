"""Text -> tokens, and a coarse class for each of them, from closed lists and the words beside it.

This is no parser: it knows enough to tell where a clause has its finite verb, which is what
attribution and splitting need. The classes err towards noun: a verb that is missed costs a
claim its split, a noun taken for a verb tears a claim apart.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from claims.extraction import lexicon

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
_TOKEN: Final = re.compile(
    r"[$£€]?\d+(?:[.,:]\d+)*%?"
    r"|(?:[^\W\d_]\.){2,}(?:-[^\W_]+)*"
    r"|['’](?:s|re|m|ve|ll|d)\b"
    r"|[^\W_]+(?:(?:['’](?!(?:s|re|m|ve|ll|d)\b)|[-&/])[^\W_]+)*"
    r"|''|``|\S",
    re.IGNORECASE,
)
_CLITIC_CLASSES: Final = {"re": AUXILIARY, "m": AUXILIARY, "ve": AUXILIARY, "ll": MODAL, "d": MODAL}
_CLOSED: Final[dict[str, str]] = {
    **dict.fromkeys(lexicon.PREPOSITIONS, PREPOSITION),
    **dict.fromkeys(lexicon.ADVERBS, ADVERB),
    **dict.fromkeys(lexicon.SUBORDINATORS, SUBORDINATOR),
    **dict.fromkeys(lexicon.CONJUNCTIONS, CONJUNCTION),
    **dict.fromkeys(lexicon.DETERMINERS, DETERMINER),
    **dict.fromkeys(lexicon.POSSESSIVES, POSSESSIVE),
    **dict.fromkeys(lexicon.SUBJECT_PRONOUNS, PRONOUN),
    **dict.fromkeys(lexicon.OBJECT_PRONOUNS, OBJECT),
    **dict.fromkeys(lexicon.FINITE_AUXILIARIES, AUXILIARY),
    **dict.fromkeys(lexicon.MODALS, MODAL),
    "been": PARTICIPLE,
    "being": ING,
    "having": ING,
    "be": BARE,
    "have": AUXILIARY,
    "that": THAT,
    "to": TO,
}
_ARTICLES: Final = frozenset({"the", "a", "an"})
_BEFORE_NUMBERS: Final = frozenset({"about", "around", "over", "under", "between"})
_AFTER_THESE_A_NOUN: Final = frozenset({DETERMINER, POSSESSIVE, PREPOSITION, NUMBER, GENITIVE})
_LONGEST_FORM: Final = 24
_LONGEST_APPOSITION: Final = 40


@dataclass(frozen=True, slots=True)
class Token:
    """A word, number or mark; `lower` is the word in lower case."""

    start: int
    end: int
    lower: str
    capital: bool
    acronym: bool


def find_tokens(text: str, start: int, end: int) -> list[Token]:
    """Return the tokens of `text[start:end]`; "Roe's" gives "Roe" and "'s", "40km" gives "40" and "km"."""
    return [_token(found.group(), found.start(), found.end()) for found in _TOKEN.finditer(text, start, end)]


def _token(word: str, start: int, end: int) -> Token:
    return Token(
        start, end, word.lower().replace("’", "'"), word[0].isupper(), len(word) > 1 and word.isupper()
    )


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


def classify(tokens: Sequence[Token], *, headline: bool = False) -> list[str]:
    """Return the class of each token of one sentence; `headline` lets a capitalised word be a verb."""
    classes: list[str] = []
    opening = True
    for at, token in enumerate(tokens):
        after = tokens[at + 1].lower if at + 1 < len(tokens) else ""
        name_like = token.capital and not opening and not headline
        found = _class_of(token, classes, after, name_like=name_like, headline=headline, tokens=tokens)
        classes.append(found)
        if token.lower[0].isalnum():
            opening = False
        elif token.lower in {":", '"', "“", "‘", "``", "''"}:
            opening = True
    return classes


def _class_of(
    token: Token, before: list[str], after: str, *, name_like: bool, headline: bool, tokens: Sequence[Token]
) -> str:
    word = token.lower
    if not word[0].isalnum() and word[0] not in "'$£€":
        return PUNCTUATION
    if word[0] == "'" and len(word) > 1 and word[1:] in {"s", *_CLITIC_CLASSES}:
        return _clitic(word, before, tokens)
    if word[0].isdigit() or word[0] in "$£€":
        return NUMBER
    if token.acronym and not headline and word in {"us", "is", "it", "un", "who", "am"}:
        return NAME
    if word == "may" and token.capital and before:
        return NAME
    if (
        word in lexicon.NAME_PARTICLES
        and before
        and before[-1] == NAME
        and _next_is_name(tokens, len(before))
    ):
        return NAME
    closed = _CLOSED.get(word)
    if closed is not None and not (
        name_like and closed not in {MODAL, AUXILIARY, DETERMINER, PREPOSITION, PRONOUN}
    ):
        return _closed_class(word, closed, before, after)
    if word[0] == "'":
        return PUNCTUATION
    if name_like:
        return NAME
    return _open_class(token, before, after, tokens)


def _next_is_name(tokens: Sequence[Token], at: int) -> bool:
    return at + 1 < len(tokens) and tokens[at + 1].capital


def _closed_class(word: str, closed: str, before: list[str], after: str) -> str:
    previous = before[-1] if before else PUNCTUATION
    if word in lexicon.HAVE and previous in {MODAL, TO}:
        return BARE
    if word in {"do", "does", "did"} and previous in {MODAL, TO}:
        return BARE
    if word in {"before", "after", "until", "since", "as"} and _begins_noun_phrase_only(after):
        return PREPOSITION
    if (word == "at" and after in {"least", "most"}) or (word in _BEFORE_NUMBERS and after[:1].isdigit()):
        return DETERMINER
    if word == "her" and previous in {FINITE, BARE, PREPOSITION} and not after[:1].isalpha():
        return OBJECT
    return closed


def _begins_noun_phrase_only(after: str) -> bool:
    return after in lexicon.DETERMINERS or after in lexicon.POSSESSIVES or after[:1].isdigit()


def _clitic(word: str, before: list[str], tokens: Sequence[Token]) -> str:
    rest = word[1:]
    if rest != "s":
        return _CLITIC_CLASSES[rest]
    previous = before[-1] if before else PUNCTUATION
    holder = tokens[len(before) - 1].lower if before else ""
    return AUXILIARY if previous in {PRONOUN, THAT} or holder in {"here", "what", "how"} else GENITIVE


def _open_class(token: Token, before: list[str], after: str, tokens: Sequence[Token]) -> str:
    word = token.lower
    previous = _last_but_adverbs(before)
    known = lexicon.VERB_FORMS.get(word) or _hyphenated_past(word)
    if known is None:
        return _unlisted(token, previous, before)
    base, readings = known
    direct = before[-1] if before else PUNCTUATION
    if previous in {MODAL, TO} and "base" in readings:
        return BARE
    if previous == AUXILIARY or (previous == PARTICIPLE and "participle" in readings):
        if "participle" in readings:
            return PARTICIPLE
        if "base" in readings and direct != AUXILIARY:
            return BARE
    if readings == {"ing"}:
        return NOUN if word in lexicon.NOUNS_IN_ING or direct in {DETERMINER, POSSESSIVE, GENITIVE} else ING
    if direct in _AFTER_THESE_A_NOUN or (direct == NUMBER and "past" not in readings):
        return NOUN
    if "past" in readings:
        if direct == CONJUNCTION and base not in {"say", "tell"} and _is_bare_noun(after, readings):
            return NOUN
        return _past(tokens, len(before), readings, previous, after)
    if readings == {"participle"}:
        return PARTICIPLE
    if (
        previous == THAT
        and len(before) > 1
        and before[-2] == CONJUNCTION
        and _CLOSED.get(after) == PREPOSITION
    ):
        # "said the road was open and that talks on ..." begins a clause: "talks" is its subject.
        previous = PUNCTUATION
    return _present(token, base, readings, previous, after)


def _past(tokens: Sequence[Token], at: int, readings: frozenset[str], previous: str, after: str) -> str:
    word = tokens[at].lower
    if "participle" in readings and after == "by":
        return PARTICIPLE
    if previous in {FINITE, BARE, ING} or (
        "participle" in readings and _opens_participial(tokens, at, after)
    ):
        return PARTICIPLE
    resumes = at > 0 and tokens[at - 1].lower == "," and after in _ARTICLES
    if (
        word in lexicon.NOUN_LIKE
        and "base" in readings
        and previous not in {NAME, PRONOUN, NOUN}
        and not resumes
    ):
        return NOUN
    return FINITE


def _is_bare_noun(after: str, readings: frozenset[str]) -> bool:
    """Whether "the news and added tensions" goes on here: a participle, then a noun without article."""
    if "participle" not in readings or not after[:1].isalpha() or after in _CLOSED:
        return False
    return after.endswith("s") and after not in lexicon.VERB_FORMS


def _opens_participial(tokens: Sequence[Token], at: int, after: str) -> bool:
    """Whether "..., based on" or "Asked about" starts here: no subject, and a preposition next.

    After an even comma of a sentence the verb is taken for the main one: "The mayor, 41, lived in".
    """
    if _CLOSED.get(after) not in {PREPOSITION, TO} or verb_base(tokens[at].lower) in lexicon.SPEECH - {"ask"}:
        return False
    if at == 0:
        return True
    commas = sum(token.lower == "," for token in tokens[max(0, at - _LONGEST_APPOSITION) : at])
    return tokens[at - 1].lower == "," and commas % 2 == 1


def _present(token: Token, base: str, readings: frozenset[str], previous: str, after: str) -> str:
    noun_like = base in lexicon.NOUN_LIKE or token.lower in lexicon.NOUN_LIKE
    if "s" in readings:
        if previous not in {NAME, NOUN, PRONOUN, THAT, CONJUNCTION, PUNCTUATION, NUMBER}:
            return NOUN if noun_like else FINITE
        if noun_like and (previous in {CONJUNCTION, PUNCTUATION} or not _begins_complement(after, previous)):
            return NOUN
        return FINITE
    if previous == PRONOUN:
        return FINITE
    if noun_like:
        return NOUN
    return FINITE if previous in {NOUN, NAME, CONJUNCTION} else BARE


def _begins_complement(after: str, previous: str) -> bool:
    """Whether the next word can follow "claims" as a verb; after a name or pronoun nearly any can."""
    if previous in {PRONOUN, THAT}:
        return True
    closed = _CLOSED.get(after)
    if closed == SUBORDINATOR:
        return after != "as"
    return closed in {DETERMINER, POSSESSIVE, PRONOUN, THAT, TO, OBJECT} or after in {
        "“",
        '"',
        "''",
        "``",
        "‘",
    }


def _hyphenated_past(word: str) -> tuple[str, frozenset[str]] | None:
    """Read "shot-down" as a form of "shoot"; other hyphenated words are nouns and adjectives."""
    head, dash, rest = word.partition("-")
    if dash and rest in {"down", "up", "out", "off"} and head in lexicon.VERB_FORMS:
        return lexicon.VERB_FORMS[head]
    return None


def _unlisted(token: Token, previous: str, before: list[str]) -> str:
    word = token.lower
    direct = before[-1] if before else PUNCTUATION
    if token.capital and len(before) > 0:
        return NAME
    if word.endswith("ly") and len(word) > 4:
        return ADVERB
    if len(word) > _LONGEST_FORM or word in lexicon.ADJECTIVES_IN_ED:
        return NOUN
    if word.endswith("ed") and len(word) > 4 and "-" not in word:
        if previous == AUXILIARY:
            return PARTICIPLE
        return FINITE if direct in {NOUN, NAME, PRONOUN, THAT} else NOUN
    if word.endswith("s") and not word.endswith("ss") and direct == PRONOUN:
        return FINITE
    if (
        word.endswith("ing")
        and len(word) > 5
        and word not in lexicon.NOUNS_IN_ING
        and direct in {NOUN, NAME, PUNCTUATION, AUXILIARY, ADVERB}
    ):
        return ING
    return NAME if token.capital else NOUN


def _last_but_adverbs(before: list[str]) -> str:
    at = len(before) - 1
    while at >= 0 and before[at] == ADVERB:
        at -= 1
    return before[at] if at >= 0 else PUNCTUATION
