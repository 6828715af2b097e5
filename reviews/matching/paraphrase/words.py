"""A wording as its words: folded, without those that only join others, with numbers in figures, and stems."""

import re
from functools import lru_cache
from typing import Final

_WORD: Final = re.compile(r"\d+(?:[.,]\d+)*(?:st|nd|rd|th|s|m|bn|k)?\b|[^\W\d_][^\W_]*(?:['’][^\W\d_]+)?")
_DOTTED: Final = re.compile(r"\b(?:[A-Z]\.){2,}")
# Written in capitals only: in small letters they are other words.
_SHORT_NAMES: Final = {"US": "america", "USA": "america", "UK": "britain"}
_POSSESSIVE: Final = re.compile(r"'s?$")
_ORDINAL: Final = re.compile(r"(?<=\d)(?:st|nd|rd|th)$")

_FUNCTION_WORDS_LIST: Final = """
a an the this that these those some any each every either neither such same own other another
i you he she it we they me him her us them my your his its our their mine yours hers ours theirs
myself yourself himself herself itself ourselves themselves who whom whose which what
am is are was were be been being do does did doing done have has had having will would shall should can could
may might must ought let get gets got
of in on at by for with about against between into through during before after above below to from up down
out off over under again further then once here there when where why how as than so too very just also only
and but or nor if because while until since although though unless whether
s t re ve ll d m said says say
"""
FUNCTION_WORDS: Final = frozenset(_FUNCTION_WORDS_LIST.split())

_NUMBERS_LIST: Final = """
zero one two three four five six seven eight nine ten eleven twelve
thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty
"""
_FIGURES: Final = {word: str(value) for value, word in enumerate(_NUMBERS_LIST.split())} | {
    "thirty": "30",
    "forty": "40",
    "fifty": "50",
    "sixty": "60",
    "seventy": "70",
    "eighty": "80",
    "ninety": "90",
}
_TENS_AND_ONES: Final = re.compile(
    r"\b(twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)"
    r"[- ](one|two|three|four|five|six|seven|eight|nine)\b",
    re.IGNORECASE,
)


def all_words(text: str) -> list[str]:
    """Return every word in order, in lower case; number words and ordinals as figures ("three", "3rd": "3").

    >>> all_words("The mayor’s 1,200 men came on 3rd May")
    ['the', 'mayor', '1200', 'men', 'came', 'on', '3', 'may']
    """
    plain = _DOTTED.sub(lambda found: found.group().replace(".", "") + " ", text)
    plain = _TENS_AND_ONES.sub(_in_figures, plain)
    return [_folded(found.group()) for found in _WORD.finditer(plain)]


def content_words(text: str) -> list[str]:
    """Return the words that carry the meaning, in order.

    "may" and "will" go too: as a month or a name they seldom stand without other words.
    """
    return [word for word in all_words(text) if word not in FUNCTION_WORDS]


def _in_figures(found: re.Match[str]) -> str:
    return str(int(_FIGURES[found[1].lower()]) + int(_FIGURES[found[2].lower()]))


def _folded(word: str) -> str:
    word = _POSSESSIVE.sub("", word.replace("’", "'"))
    word = _SHORT_NAMES.get(word, word.lower())
    if word[:1].isdigit():
        return _ORDINAL.sub("", word.replace(",", ""))
    return _FIGURES.get(word, word)


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """Return the word without its endings, so that its forms meet: smuggle, smuggled, smuggling, smugglers.

    No word of the language, and not made to be: unlike words may meet too.
    """
    if len(word) <= 3 or not word.isalpha():
        return word
    for ending, least, put in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= least:
            word = word[: -len(ending)] + put
            break
    if len(word) > 4 and word[-1] == word[-2] and word[-1] not in "sl":
        word = word[:-1]
    return word[:-1] if len(word) > 3 and word[-1] in "ey" else word


# The longest that fits is taken: ending, letters that must stay before it, what is put instead.
_ENDINGS: Final = (
    ("ations", 3, "at"),
    ("ation", 3, "at"),
    ("ements", 3, ""),
    ("ement", 3, ""),
    ("ments", 4, ""),
    ("ment", 4, ""),
    ("ities", 3, ""),
    ("ity", 4, ""),
    ("ions", 4, ""),
    ("ion", 4, ""),
    ("ings", 3, ""),
    ("ing", 3, ""),
    ("iers", 3, "y"),
    ("ies", 2, "y"),
    ("ied", 2, "y"),
    ("ers", 4, ""),
    ("ness", 4, ""),
    ("sses", 2, "ss"),
    ("ches", 2, "ch"),
    ("shes", 2, "sh"),
    ("ally", 4, ""),
    ("ly", 4, ""),
    ("ed", 3, ""),
    ("er", 4, ""),
    ("ors", 4, ""),
    ("or", 4, ""),
    ("ss", 2, "ss"),
    ("us", 2, "us"),
    ("is", 2, "is"),
    ("s", 3, ""),
)
