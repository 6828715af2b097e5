"""One sentence -> the things it says, split where each part has a finite verb of its own.

Nothing is split across a condition, nor a shared subject across a negation or a modal, nor out of what
somebody in the sentence thinks: there the parts would say more than the whole.
"""

from dataclasses import dataclass
from typing import Final

from claims.extraction import lexicon, words
from claims.extraction.document import Document, Range
from claims.extraction.noun_phrases import phrase_after, phrase_before
from claims.extraction.types import Proposition, Span

Piece = tuple[Range, ...]

_CONDITIONS: Final = frozenset(
    {"if", "unless", "whether", "lest", "provided", "or", "nor", "either", "neither"}
)
_ADDING: Final = frozenset({"and", "but", "yet"})
_CONTRASTING: Final = frozenset({"while", "whereas", "although", "though"})
_CIRCUMSTANTIAL: Final = frozenset({"when", "where"})
_OUTER_MARKS: Final = frozenset(",;:.!?…-–—")
_SHORTEST: Final = 3


@dataclass(frozen=True, slots=True)
class _Split:
    """The left part ends before `left_end`, the right begins at `right`; `subject` is repeated before it."""

    left_end: int
    right: int
    subject: Range | None = None


def find_propositions(document: Document) -> list[Proposition]:
    """Return the propositions of every sentence, in reading order; a sentence without a verb has none."""
    return [
        Proposition(sentence.span, piece_spans(document, piece))
        for sentence in document.sentences
        if sentence.is_prose
        for piece in split(document, sentence.first, sentence.last)
        if has_clause(document, piece)
    ]


def split(document: Document, first: int, last: int) -> list[Piece]:
    """Return the propositions in tokens [first, last), each as one or two token ranges; [] if only marks."""
    whole = trim(document, first, last)
    if whole is None:
        return []
    first, last = whole
    found: list[Piece] = []
    subject: Range | None = None
    opening = _opening_contrast(document, first, last)
    if opening is not None:
        found += _piece(document, None, first + 1, opening)
        first = opening + 1
    while (point := _next_split(document, first, last, subject)) is not None:
        found += _without_relative(document, subject, first, point.left_end)
        first, subject = point.right, point.subject
    return found + _without_relative(document, subject, first, last)


def split_denied(document: Document, first: int, last: int) -> list[Piece]:
    """Return what somebody denies, split only at "and that": who denies "A and B" may grant one of them."""
    found: list[Piece] = []
    for at in range(first, last):
        if _joins_that_clause(document, at, last):
            found += _piece(document, None, first, at)
            first = at + 1
    return found + _piece(document, None, first, last)


def _joins_that_clause(document: Document, at: int, last: int) -> bool:
    """Whether "and that the bridge ..." starts here."""
    return (
        document.tokens[at].lower in _ADDING
        and at + 2 < last
        and document.classes[at + 1] == words.THAT
        and starts_clause(document, at + 2, last)
    )


def has_clause(document: Document, piece: Piece) -> bool:
    return any(kind in words.CLAUSE_MAKING for first, last in piece for kind in document.classes[first:last])


def piece_spans(document: Document, piece: Piece) -> tuple[Span, ...]:
    return tuple(document.span(*part) for part in piece)


def trim(document: Document, first: int, last: int) -> Range | None:
    """Drop a leading "that" or "and", marks at both ends, and quotation marks whose partner goes too."""
    changed = True
    while changed and first < last:
        changed = False
        head, tail = document.tokens[first].lower, document.tokens[last - 1].lower
        if head in _OUTER_MARKS or (last - first > 2 and _is_linking(document, first)):
            first, changed = first + 1, True
            continue
        ends_linking = document.classes[last - 1] == words.CONJUNCTION
        if ends_linking or (tail in _OUTER_MARKS and not _is_initial(document, last - 1)):
            last, changed = last - 1, True
        elif _is_opening_mark(document, first) and not _closes_before(document, first, last - 1):
            first, changed = first + 1, True
        elif _is_closing_mark(document, last - 1) and not _opens_after(document, first + 1, last - 1):
            last, changed = last - 1, True
    return (first, last) if first < last else None


def _is_linking(document: Document, at: int) -> bool:
    """Whether the word only links: "and", or a "that" which is not the subject itself ("That was wrong")."""
    if document.classes[at] == words.CONJUNCTION:
        return document.tokens[at].lower != "nor"
    return document.classes[at] == words.THAT and document.classes[at + 1] not in {
        words.AUXILIARY,
        words.MODAL,
    }


def _is_initial(document: Document, at: int) -> bool:
    """Whether the full stop belongs to an abbreviation at the end: "at 3 p.m."."""
    return document.tokens[at].lower == "." and at > 0 and len(document.tokens[at - 1].lower) == 1


def _is_opening_mark(document: Document, at: int) -> bool:
    number = document.quotation_at[at]
    return number >= 0 and document.quotations[number].span.start == document.tokens[at].start


def _is_closing_mark(document: Document, at: int) -> bool:
    number = document.quotation_at[at]
    return (
        number >= 0
        and document.quotations[number].closed
        and document.quotations[number].span.end == document.tokens[at].end
        and not document.tokens[at].lower[0].isalnum()
    )


def _closes_before(document: Document, first: int, last: int) -> bool:
    """Whether the quotation opened at `first` closes before the last token: then its marks stay."""
    quotation = document.quotations[document.quotation_at[first]]
    return quotation.closed and quotation.span.end <= document.tokens[last].start


def _opens_after(document: Document, first: int, last: int) -> bool:
    """Whether the quotation closed at `last` opens at or after `first`: then its marks stay."""
    quotation = document.quotations[document.quotation_at[last]]
    return first <= last and quotation.span.start >= document.tokens[first].start


def _piece(document: Document, subject: Range | None, first: int, last: int) -> list[Piece]:
    part = trim(document, first, last)
    if part is None:
        return []
    return [(part,)] if subject is None else [(subject, part)]


def _opening_contrast(document: Document, first: int, last: int) -> int | None:
    """Return the comma in "While the road was open, the bridge was not", or None."""
    if document.tokens[first].lower not in _CONTRASTING or not starts_clause(document, first + 1, last):
        return None
    for at in range(first + 1, last - 1):
        if document.tokens[at].lower == "," and starts_clause(document, at + 1, last):
            return at
    return None


def _next_split(document: Document, first: int, last: int, subject: Range | None) -> _Split | None:
    depth = 0
    has_verb = False
    for at in range(first, last):
        word, kind = document.tokens[at].lower, document.classes[at]
        depth += (word in {"(", "["}) - (word in {")", "]"})
        if word in _CONDITIONS and at > first:
            return None
        if word in {"if", "unless", "whether"}:
            return None
        has_verb = has_verb or kind in words.CLAUSE_MAKING
        if depth or not has_verb or document.quotation_at[at] != document.quotation_at[first]:
            continue
        found = _split_at(document, first, at, last, subject)
        if found is not None and found.left_end - first >= _SHORTEST - 1 and last - found.right >= 2:
            return found
    return None


def _split_at(document: Document, first: int, at: int, last: int, subject: Range | None) -> _Split | None:
    word = document.tokens[at].lower
    left_end = at - 1 if at > first and document.tokens[at - 1].lower in {",", ";"} else at
    if word == ";" and starts_clause(document, at + 1, last):
        return _Split(at, at + 1)
    if word in _CONTRASTING and starts_clause(document, at + 1, last):
        return _Split(left_end, at + 1)
    if word in _CIRCUMSTANTIAL and left_end < at and starts_clause(document, at + 1, last):
        return _Split(left_end, at + 1) if not _is_guarded(document, first, at) else None
    if word not in _ADDING or _is_someones_thought(document, first, at):
        return None
    if starts_clause(document, at + 1, last) or _joins_that_clause(document, at, last):
        return _Split(left_end, at + 1)
    shared = subject or _shared_subject(document, first, at)
    if (
        shared is not None
        and _starts_predicate(document, at + 1, last)
        and not _is_guarded(document, first, at)
    ):
        return _Split(left_end, at + 1, shared)
    return None


def starts_clause(document: Document, at: int, last: int) -> bool:
    """Whether a subject with its own finite verb stands here."""
    while at < last and document.classes[at] == words.ADVERB:
        at += 1
    phrase = phrase_after(document, at, last, within=document.quotation_at[at]) if at < last else None
    if phrase is None:
        return False
    after = phrase.last + 1 if phrase.last > phrase.head_last else phrase.last
    while after < last and document.classes[after] == words.ADVERB:
        after += 1
    return after < last and document.classes[after] in words.CLAUSE_MAKING


def _starts_predicate(document: Document, at: int, last: int) -> bool:
    while at < last and document.classes[at] == words.ADVERB:
        at += 1
    return at < last and document.classes[at] in {words.FINITE, words.AUXILIARY}


def _shared_subject(document: Document, first: int, at: int) -> Range | None:
    """Return the subject the left part opens with, if its verb follows at once."""
    while first < at and document.classes[first] == words.ADVERB:
        first += 1
    phrase = phrase_after(document, first, at, within=document.quotation_at[first])
    if phrase is None:
        return None
    after = phrase.last
    while after < at and document.classes[after] == words.ADVERB:
        after += 1
    if after >= at or document.classes[after] not in words.CLAUSE_MAKING:
        return None
    nested = {words.THAT, words.SUBORDINATOR}
    if any(kind in nested for kind in document.classes[after:at]):
        return None
    return (phrase.first, phrase.last)


def _is_guarded(document: Document, first: int, at: int) -> bool:
    """Whether the left part is negated or only possible."""
    return any(
        document.classes[i] == words.MODAL or document.tokens[i].lower in lexicon.NEGATIONS
        for i in range(first, at)
    )


def _is_someones_thought(document: Document, first: int, at: int) -> bool:
    """Whether the left part holds "says that" or "believes the ...": the right may belong to it."""
    for i in range(first, at - 1):
        if document.classes[i] in {words.FINITE, words.BARE, words.ING, words.PARTICIPLE}:
            base = words.verb_base(document.tokens[i].lower)
            if base in lexicon.SPEECH | lexicon.BELIEF and (
                document.classes[i + 1] in {words.THAT, words.PRONOUN} or starts_clause(document, i + 1, at)
            ):
                return True
    return False


def _without_relative(document: Document, subject: Range | None, first: int, last: int) -> list[Piece]:
    """Split ", who VERB ..." and ", which VERB ..." off when it ends the clause and its noun is plain."""
    for at in range(first + 2, last - 2):
        if (
            document.tokens[at].lower in {"who", "which"}
            and document.tokens[at - 1].lower == ","
            and document.classes[at + 1] in {words.FINITE, words.AUXILIARY}
            and all(document.tokens[i].lower != "," for i in range(at + 1, last))
        ):
            noun = phrase_before(document, first, at - 1, within=document.quotation_at[at])
            main = trim(document, first, at - 1)
            if noun is None or main is None or not has_clause(document, (main,)) or noun.first == first:
                return _piece(document, subject, first, last)
            return [*_piece(document, subject, first, at - 1), ((noun.first, noun.last), (at + 1, last))]
    return _piece(document, subject, first, last)
