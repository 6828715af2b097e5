"""Speakers set apart by a mark: "Mayor: bridge is safe", "Bridge safe – mayor's office", "She said:"."""

from typing import Final

from claims.extraction import lexicon
from claims.extraction.attribution import cue_words
from claims.extraction.attribution.contents import is_finite, is_quoted, trim
from claims.extraction.attribution.readings import Reading, read_cue
from claims.extraction.attribution.sources import source_of
from claims.extraction.parse.trees import Phrase, SentenceTree

_LONGEST_LABEL: Final = 8
_NAMING: Final = frozenset({"PROPN", "NOUN", "PART", "DET", "ADP", "ADJ"})
_SPEAKERS: Final = lexicon.ROLES | lexicon.COLLECTIVE_HEADS | lexicon.BODY_WORDS | cue_words.SPEAKING
_MARKS: Final = frozenset({"–", "—", "―", "-"})
_FEWEST_WORDS: Final = 2


def read_announcement(tree: SentenceTree) -> Reading | None:
    """Read "The mayor continued:" at the end of a paragraph: what is said comes in the next."""
    tokens = tree.document.tokens
    if tokens[tree.last - 1].lower != ":":
        return None
    for at in range(tree.last - 2, tree.first, -1):
        base = cue_words.base_of(tokens[at].lower, tokens[at].lemma)
        if tokens[at].pos == "VERB" and base in cue_words.SPEECH:
            source = source_of(tree, at)
            if source.phrase is not None:
                return read_cue(tree, at, base, "announcement", source, [])
    return None


def read_label(tree: SentenceTree) -> Reading | None:
    """Read "Mayor: bridge is safe" and "Bridge is safe – mayor's office"."""
    return _label_before(tree) or _label_behind(tree) or _quoted_label(tree)


def _label_before(tree: SentenceTree) -> Reading | None:
    tokens = tree.document.tokens
    for at in range(tree.first + 1, min(tree.last - 2, tree.first + _LONGEST_LABEL)):
        if tokens[at].lower == ":" and tokens[at + 1].start > tokens[at].end:
            if not _names_only(tree, tree.first, at) or not _says_something(tree, at + 1, tree.last):
                return None
            source, content = Phrase(tree.first, at, at), trim(tree, at + 1, tree.last)
            return Reading((at, at + 1), source, [content], tree.first, "label", form="label", at=at)
    return None


def _label_behind(tree: SentenceTree) -> Reading | None:
    tokens, high = tree.document.tokens, tree.last
    if tokens[high - 1].lower in {".", "!", "?"}:
        return None
    for at in range(high - 2, max(tree.first + 3, high - _LONGEST_LABEL), -1):
        if tokens[at].lower in _MARKS and tokens[at - 1].end < tokens[at].start:
            if not _names_only(tree, at + 1, high):
                continue
            if not (_says_something(tree, tree.first, at) or _ends_in_speaker(tree, at + 1, high)):
                return None
            source, content = Phrase(at + 1, high, high), trim(tree, tree.first, at)
            return Reading(
                (at, at + 1), source, [content], tree.first, "label", encloses=True, form="label", at=at
            )
    return None


def _quoted_label(tree: SentenceTree) -> Reading | None:
    """Read "“Bridge is safe”: mayor on the storm", where all before the colon is quoted."""
    tokens, quoted = tree.document.tokens, tree.document.quotation_at
    at = tree.first
    while at < tree.last and quoted[at] >= 0 and quoted[at] == quoted[tree.first]:
        at += 1
    if not tree.first + _FEWEST_WORDS < at < tree.last - 1 or tokens[at].lower not in _MARKS | {":"}:
        return None
    last = next((i for i in range(at + 1, tree.last) if tokens[i].tag == "IN"), tree.last)
    if last == at + 1 or not (_names_only(tree, at + 1, last)):
        return None
    source = Phrase(at + 1, last, last)
    content = [(tree.first, at)]
    return Reading((at, at + 1), source, content, tree.first, "label", encloses=True, form="label", at=at)


def _names_only(tree: SentenceTree, first: int, last: int) -> bool:
    kinds = {tree.document.tokens[at].pos for at in range(first, last)}
    return ("PROPN" in kinds or _ends_in_speaker(tree, first, last)) and kinds <= _NAMING


def _ends_in_speaker(tree: SentenceTree, first: int, last: int) -> bool:
    word = tree.document.tokens[last - 1]
    return word.lemma in _SPEAKERS or word.lower in _SPEAKERS


def _says_something(tree: SentenceTree, first: int, last: int) -> bool:
    return last - first >= _FEWEST_WORDS and (is_quoted(tree.document, first) or is_finite(tree, first, last))
