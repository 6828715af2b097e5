"""Whether a wording says yes or no, and which of two opposite ways it points."""

from collections.abc import Mapping, Sequence
from typing import Final

from reviews.matching.paraphrase.words import stem

_YES: Final = frozenset({"yes", "yeah", "yep", "definitely", "certainly", "absolutely", "true", "correct"})
_NO: Final = frozenset({"no", "nope", "false", "incorrect", "untrue"})
_NEGATIONS_LIST: Final = """
not no never none nor neither nobody nothing without cannot hardly rather unlikely
deny denies denied refuse refuses refused fail fails failed lack lacks lacked
"""
_NEGATIONS: Final = frozenset(_NEGATIONS_LIST.split())
# On each line two ways that cannot both be meant of one thing, by any form of these words.
_OPPOSITES: Final = """
rise increase grow climb higher surge soar raise | fall decrease drop decline lower sink reduce cut shrink
support favour favor approve endorse accept agree | oppose reject against disapprove disagree
win victory succeed success | lose loss defeat failure
alive survive survivor | dead die kill death
true confirm | false deny untrue
start begin open launch join enter | stop end close halt finish leave quit exit
allow permit legal legalise legalize | ban forbid prohibit illegal
good benefit positive improve better help beneficial | bad harm negative worsen worse hurt damage harmful
safe safer | dangerous unsafe risky danger
guilty convict | innocent acquit
strong strengthen stronger | weak weaken weaker
before | after
buy | sell
easy easier | difficult hard harder
majority | minority
largest biggest | smallest
"""
_WAY: Final[Mapping[str, tuple[int, int]]] = {
    stem(word): (axis, sign)
    for axis, line in enumerate(_OPPOSITES.strip().splitlines())
    for side, sign in zip(line.split("|"), (1, -1), strict=True)
    for word in side.split()
}


# Stems that only say which way; what else two wordings share tells whether they speak of one thing.
TURNING: Final = frozenset(map(stem, _NEGATIONS)) | frozenset(_WAY)


def answers_yes_or_no(words: Sequence[str]) -> int:
    """Return 1 for an answer that opens with yes, -1 for one that opens with no, else 0."""
    first = words[0] if words else ""
    return (first in _YES) - (first in _NO)


def is_negated(words: Sequence[str]) -> bool:
    """Whether the words hold an odd number of negations, after a yes or no they open with.

    "No, he did not" does not deny that he did not.
    """
    said = words[1:] if answers_yes_or_no(words) else words
    return sum(word in _NEGATIONS or word.endswith("n't") for word in said) % 2 == 1


def ways(words: Sequence[str]) -> frozenset[tuple[int, int]]:
    """Return which way the words point on each pair of opposites they touch, turned around by a negation."""
    turned = -1 if is_negated(words) else 1
    touched = {_WAY[word] for word in map(stem, words) if word in _WAY}
    return frozenset((axis, sign * turned) for axis, sign in touched)


def are_opposed(one: frozenset[tuple[int, int]], other: frozenset[tuple[int, int]]) -> bool:
    """Whether two wordings point opposite ways and on nothing the same way."""
    turned = {(axis, -sign) for axis, sign in other}
    return bool(one & turned) and not one & other
