"""Whether a text is English at all, and what of it was not read: the engine says so instead of guessing."""

from typing import Final

from claims.extraction.lexicon import word_set
from claims.extraction.parse.document import Document

_COMMON: Final = word_set(
    "the of and to in a an is was are were be been that for it on with as at by from this which or "
    "have has had not but they he she his her their its we i you who will would can could there after before "
    "about said no if than more"
)
# Two words in five of English prose are common ones; in a list of names or another language hardly any.
_FEWEST_COMMON: Final = 0.1
_ENOUGH_WORDS: Final = 20


def looks_english(document: Document) -> bool:
    """Whether the words are those of English; True for texts too short to tell."""
    words = [token.lower for token in document.tokens if token.lower[0].isalpha()]
    if len(words) < _ENOUGH_WORDS:
        return True
    return sum(word in _COMMON for word in words) >= _FEWEST_COMMON * len(words)


def unread(document: Document) -> str:
    """Say in one sentence, fit to show, what of the text was not read for claims; "" when all was."""
    if not looks_english(document):
        return "The text does not look English, so no claims were looked for: the engine reads English only."
    count = sum(not sentence.is_prose for sentence in document.sentences)
    if count == 0:
        return ""
    if count == 1:
        return "One passage cannot be read as a sentence, so no claims were looked for there."
    return f"{count} passages cannot be read as sentences, so no claims were looked for there."
