"""The words that may signal an attribution in one sentence, with who stands at them and what they govern."""

from typing import Final

from claims.extraction.attribution import cue_words
from claims.extraction.attribution.contents import is_finite, trim
from claims.extraction.attribution.labels import read_announcement, read_label
from claims.extraction.attribution.readings import Reading, read_cue
from claims.extraction.attribution.sources import owner_of, source_of
from claims.extraction.attribution.verb_cues import read_verb
from claims.extraction.parse.document import Document, ReadSentence
from claims.extraction.parse.trees import Phrase, SentenceTree

__all__ = ["Reading", "read_candidates"]

_VERBAL: Final = frozenset({"VERB", "AUX"})
_NO_PREDICATE: Final = frozenset({"aux", "aux:pass", "cop", "case", "mark"})
_OF_ADJECTIVES: Final = frozenset({"of", "about", "with", "at", "over", "to", "on", "by"})


def read_candidates(document: Document, sentence: ReadSentence) -> list[Reading]:
    """Return everything in a sentence that may be an attribution, in the order of the cues."""
    tree = SentenceTree(document, sentence)
    found = []
    for at in range(sentence.first, sentence.last):
        reading = _read_at(tree, at)
        if reading is not None and reading.content:
            found.append(reading)
    if all(document.quotation_at[reading.cue[0]] >= 0 for reading in found):
        found += [reading for read in (read_label, read_announcement) if (reading := read(tree)) is not None][
            :1
        ]
    return found


def _read_at(tree: SentenceTree, at: int) -> Reading | None:
    token = tree.document.tokens[at]
    if token.lower == "according" and at + 2 < tree.last:
        return _according(tree, at)
    if token.pos in _VERBAL and token.relation not in _NO_PREDICATE:
        return read_verb(tree, at)
    if token.pos == "NOUN" and token.lemma in cue_words.NOUNS:
        return _noun(tree, at)
    if token.pos == "ADJ" and token.lemma in cue_words.ADJECTIVES:
        return _adjective(tree, at)
    return None


def _is_denied(document: Document, above: int) -> bool:
    """Whether the noun is what somebody denies or doubts: who "denied a report that" reports nothing."""
    if above < 0:
        return False
    word = document.tokens[above]
    return cue_words.base_of(word.lower, word.lemma) in cue_words.DENIAL | cue_words.DOUBT


def _noun(tree: SentenceTree, at: int) -> Reading | None:
    """Read "the mayor's claim that ...", "plans to close the road"."""
    document = tree.document
    clause = tree.child(at, "acl", "acl:relcl", "ccomp")
    if clause is None or clause < at or tree.extent(clause)[0] != at + 1:
        return None
    opens = document.tokens[at + 1].lower
    if opens not in {"that", "to"} or (opens == "that" and document.tokens[at + 1].relation not in {"mark"}):
        return None
    content = [trim(tree, *tree.extent(clause))]
    if _is_denied(document, document.tokens[at].head):
        return None
    base = document.tokens[at].lemma
    return read_cue(tree, at, base, "noun", owner_of(tree, at), content)


def _adjective(tree: SentenceTree, at: int) -> Reading | None:
    """Read "is sure that ...", "was critical of the deal"."""
    document = tree.document
    if tree.child(at, "cop") is None:
        return None
    base = document.tokens[at].lemma
    source = source_of(tree, at)
    clause = tree.child(at, "ccomp", "xcomp", "csubj", "advcl")
    if clause is not None and clause > at and tree.extent(clause)[0] == at + 1:
        return read_cue(tree, at, base, "adjective", source, [trim(tree, *tree.extent(clause))])
    for child in tree.children(at, "obl", "advcl"):
        case = tree.child(child, "case", "mark")
        if case == at + 1 and document.tokens[case].lower in _OF_ADJECTIVES:
            last = tree.extent(child)[1]
            return read_cue(tree, at, base, "adjective", source, [trim(tree, case + 1, last)], case + 1)
    return None


def _according(tree: SentenceTree, at: int) -> Reading | None:
    """Read "according to the mayor"."""
    document = tree.document
    if document.tokens[at + 1].lower != "to":
        return None
    own = document.tokens[at]
    if own.relation == "case" and own.head > at:
        head = own.head
    else:
        head = next((c for c in tree.children(at, "obl", "pobj", "obj", "nmod") if c > at), -1)
    if head < 0:
        return None
    phrase = tree.phrase(head)
    phrase = Phrase(max(at + 2, phrase.first), phrase.last, phrase.head_last)
    if phrase.first >= phrase.last:
        return None
    before, after = at, phrase.last
    if phrase.last < tree.last and document.tokens[phrase.last].lower == ",":
        after += 1
    if at - tree.first <= 1:
        content = [trim(tree, after, tree.last)]
    elif not is_finite(tree, after, tree.last):
        content = [trim(tree, _clause_start(tree, at), before)]
    else:
        content = [trim(tree, _clause_start(tree, at), before), trim(tree, after, tree.last)]
    content = [part for part in content if part[0] < part[1]]
    return Reading(
        (at, at + 2),
        phrase,
        content,
        at,
        "according",
        encloses=bool(content) and content[0][0] < at,
        form="according",
        at=at,
        subject=head,
    )


def _clause_start(tree: SentenceTree, at: int) -> int:
    """Return where the clause that ends with "according to" begins: the sentence's, or one after "and"."""
    tokens = tree.document.tokens
    if at > tree.first and tokens[at - 1].lower == ",":
        return tree.first
    above = tokens[at].head
    while above >= 0 and tokens[above].relation not in {"root", "ROOT", "acl:relcl", "parataxis", "ccomp"}:
        if (
            tokens[above].relation == "conj"
            and tree.subject(above) is not None
            and tokens[above].head < above
        ):
            break
        above = tokens[above].head
    if above < 0 or tokens[above].head < 0 or above > at:
        return tree.first
    first = tree.extent(above)[0]
    return first + 1 if tokens[first].relation == "cc" else first
