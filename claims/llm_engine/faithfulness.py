"""Whether a model's sentence says what the quoted words say, and nothing else.

It does when it is the words of the quote in their order, with other words of the article put in as the
article has them, one after the other; never with a "not" or a "may" more or less. What is worded anew
may well be right, but nobody can see that from the words, so the quote stands in for it.
"""

import re
from typing import Final

from claims.extraction import lexicon
from claims.extraction.attribution import cue_words
from claims.extraction.lexicon import verb_base

_WORD: Final = re.compile(r"\w+(?:[.,:]\d+)*(?:'\w+)?")
# May be put in anywhere, and "that" left out: without them no statement could be a sentence.
_GLUE: Final = lexicon.word_set(
    "a an the that of to and 's is are was were be been being has have had do does did"
)
# A name may stand in for these.
_POINTING: Final = lexicon.word_set(
    "he she it they him her them his hers its their theirs i we me us my our you your "
    "this these those here there"
)
_MAY_GO: Final = _POINTING | {"a", "an", "the", "that"}
_CONDITIONS: Final = lexicon.word_set("if unless whether lest provided or than only")
# Change what is said by being there.
_TURNING: Final = lexicon.NEGATIONS | lexicon.HEDGES | lexicon.MODALS | _CONDITIONS


def words_of(text: str) -> list[str]:
    """Return the words and numbers of `text` as they are compared.

    >>> words_of("Roe’s 1,200 men didn't.")
    ['roe', '1,200', 'men', 'did', 'not']
    """
    found: list[str] = []
    for word in _WORD.findall(text.casefold().replace("’", "'")):
        if word.endswith("n't"):
            found += [word.removesuffix("n't") or word, "not"]
        else:
            found.append(word.removesuffix("'s"))
    return found


class Faithfulness:
    """Holds statements against one article: its text, its title and its outlet's name."""

    def __init__(self, text: str, *, title: str, outlet: str) -> None:
        self._sources = [f" {' '.join(words_of(source))} " for source in (text, title, outlet)]

    def allows(self, statement: str, quote: str, *, cue: str = "") -> bool:
        """Whether `statement` keeps to `quote`; words of denial and doubt come in only with the `cue`."""
        quoted = words_of(quote)
        wanted = [word for word in quoted if word not in _MAY_GO]
        pointing = _POINTING.intersection(quoted)
        said = words_of(cue)
        at = 0
        added: list[str] = []
        for word in words_of(statement):
            is_wanted = at < len(wanted) and word == wanted[at]
            if not is_wanted and word not in pointing:
                added.append(word)
                continue
            at += is_wanted
            if not self._may_add(added, said):
                return False
            added = []
        return at == len(wanted) > 0 and self._may_add(added, said)

    def _may_add(self, added: list[str], said: list[str]) -> bool:
        """Whether the words stand in the article one after the other, and turn nothing."""
        if any(word in _TURNING or (_is_denial(word) and word not in said) for word in added):
            return False
        while added and added[0] in _GLUE:
            added = added[1:]
        while added and added[-1] in _GLUE:
            added = added[:-1]
        phrase = f" {' '.join(added)} "
        return not added or any(phrase in source for source in self._sources)


def _is_denial(word: str) -> bool:
    return verb_base(word) in cue_words.DENIAL | cue_words.DOUBT
