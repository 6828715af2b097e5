"""One sentence -> the things it says, read off its tree.

Two products come from one analysis. `find_propositions` takes a sentence apart as far as it goes: every
coordination, every qualifier, and the facts inside noun phrases. `split` gives what a reader
is shown as claims: parts that are sentences of their own and keep all their qualifiers.
"""

from dataclasses import replace
from typing import Final

from claims.extraction.parse.document import Document, Range
from claims.extraction.propositions.asides import find_asides
from claims.extraction.propositions.clauses import Asserted, Start, read_clauses
from claims.extraction.propositions.harm import end_of_harm, find_harms, is_parted, parted, subject_of
from claims.extraction.propositions.set_off import find_set_off
from claims.extraction.propositions.trimming import trim
from claims.extraction.propositions.view import (
    AUXILIARIES,
    CLOSING_BRACKETS,
    FINITE_TAGS,
    MARKS,
    OPENING_BRACKETS,
    RELATIVE_TAGS,
    SUBJECTS,
    YEAR,
    View,
    is_clause,
    is_finite,
)
from claims.extraction.types import Proposition, Span

__all__ = [
    "Piece",
    "find_propositions",
    "has_clause",
    "has_subject",
    "piece_spans",
    "split",
    "split_denied",
    "starts_clause",
    "supplied_verb",
    "trim",
]

# Token ranges in the order of the text; the words between them belong to other pieces.
Piece = tuple[Range, ...]

_FEWEST_WORDS: Final = 2
# A sentence whose propositions would fill it more often than this is a list, and its last ones are dropped.
_OVERGROWN: Final = 12
_MAKING_PARTS: Final = frozenset({"conj", "appos", "acl", "acl:relcl", "advcl", "parataxis"})


def find_propositions(document: Document) -> list[Proposition]:
    """Return the propositions of every sentence, in the order of the text; none in what is no prose."""
    return [
        Proposition(sentence.span, piece_spans(document, piece))
        for sentence in document.sentences
        if sentence.is_prose
        for piece in _pieces(document, sentence.first, sentence.last, fine=True)
    ]


def split(document: Document, first: int, last: int) -> list[Piece]:
    """Return the claims in the tokens [first, last) of one sentence, in the order of the text.

    [] when there are only marks.
    """
    whole = trim(document, first, last)
    if whole is None:
        return []
    while whole[1] - whole[0] > 1 and document.tokens[whole[1] - 1].tag == "WRB":
        # "She went to the station where | they said ..." has lost what the last word links.
        whole = (whole[0], whole[1] - 1)
    tolls = _split_tolls(document, whole)
    if tolls:
        return tolls
    return _split_clauses(document, whole)


def _split_tolls(document: Document, whole: Range) -> list[Piece]:
    """Return the parts of a sentence that tells who was killed and who was hurt; [] when it does not."""
    found: list[Piece] = []
    harms = find_harms(document, *whole)
    if not harms:
        return []
    subject = subject_of(document, whole[0], harms[0].ends)
    if any(harm.shares for harm in harms) and subject is None:
        return []
    ends = [*(harm.ends for harm in harms[1:]), whole[1]]
    rest: Range | None = None
    for harm, last in zip(harms, ends, strict=True):
        end = end_of_harm(document, harm.first, last) if document.tokens[harm.first].tag == "VBG" else last
        part = trim(document, harm.first, end)
        rest = trim(document, end, last) if end < last else rest
        if part is not None and harm.shares and subject is not None:
            found.append((subject, part))
        elif part is not None:
            halves = parted(document, part)
            found += [halves] if len(halves) > 1 else _split_clauses(document, part)
    main = _split_clauses(document, trim(document, whole[0], harms[0].ends) or whole)
    if rest is not None:
        main[-1] = (*main[-1], rest)
    return [*main, *found]


def _split_clauses(document: Document, whole: Range) -> list[Piece]:
    if not any(document.tokens[at].relation in _MAKING_PARTS for at in range(*whole)):
        return [(whole,)]
    pieces = [_with_marks(document, whole, piece) for piece in _pieces(document, *whole, fine=False)]
    if len(pieces) < 2 or any(
        _cuts_quotation(document, whole, piece) or not has_subject(document, piece) for piece in pieces
    ):
        return [(whole,)]
    return pieces


def split_denied(document: Document, first: int, last: int) -> list[Piece]:
    """Return what somebody denies, split only at "and that": who denies "A and B" may grant one of them."""
    parts = []
    for at in range(first + 1, last - 2):
        if (
            document.tokens[at].lower == "and"
            and document.tokens[at + 1].lower == "that"
            and starts_clause(document, at + 2, last)
        ):
            parts.append((first, at))
            first = at + 1
    trimmed = (trim(document, *part) for part in (*parts, (first, last)))
    return [(part,) for part in trimmed if part is not None]


def has_subject(document: Document, piece: Piece) -> bool:
    """Whether the piece names of what it says something: "was not armed" alone does not."""
    if document.tokens[piece[0][0]].tag not in FINITE_TAGS:
        return True
    words = (at for first, last in piece for at in range(first, last))
    return any(document.tokens[at].relation in SUBJECTS | {"expl"} for at in words)


def has_clause(document: Document, piece: Piece) -> bool:
    """Whether the piece is a sentence: it has a finite verb, or one that can be supplied.

    A word with a subject of its own before it is such a verb, whatever the tagger takes it for.
    """
    words = [at for first, last in piece for at in range(first, last)]
    return any(
        document.tokens[at].tag in FINITE_TAGS or _is_told_of_subject(document, at) for at in words
    ) or bool(supplied_verb(document, piece))


def _is_told_of_subject(document: Document, at: int) -> bool:
    """Whether token `at` is a subject before a bare "verb", as in "the paper tries" or "the mayor vetoed"."""
    token = document.tokens[at]
    head = document.tokens[token.head] if token.head > at else None
    if head is None or token.relation not in {"nsubj", "nsubj:pass"} or head.tag not in {"VB", "VBN", "NNS"}:
        return False
    return not any(
        document.tokens[child].relation in {"mark", "case"} for child in document.children[token.head]
    )


def starts_clause(document: Document, at: int, last: int) -> bool:
    """Whether the tokens [at, last) open with a subject that has its own finite verb there."""
    view = View(document, at, last, fine=False)
    for top in view.tops():
        if is_clause(view, top) and is_finite(view, top):
            subjects = [
                child for child in view.below(top) if view.tokens[child].relation in SUBJECTS | {"expl"}
            ]
            return bool(subjects) and not any(view.tokens[at].tag in RELATIVE_TAGS for at in subjects)
    return False


def supplied_verb(document: Document, piece: Piece) -> str:
    """Return "is", "are", "was" or "were" when it has to stand after the first range of the piece.

    So "Roe, a baker, left" gives (Roe) (a baker), which reads "Roe was a baker"; "" when nothing is wanting.
    """
    tokens = document.tokens
    first, last = piece[0]
    rest = [at for part in piece[1:] for at in range(*part)]
    if any(tokens[at].tag in FINITE_TAGS for at in (*range(first, last), *rest)):
        return ""
    if is_parted(document, piece):
        return "were"
    tied = [at for at in rest if tokens[at].relation in {"appos", "acl"} and first <= tokens[at].head < last]
    noun = tokens[tied[0]].head if tied else _subject_of_act(document, piece)
    if noun < 0:
        return ""
    joined = any(tokens[at].head == noun and tokens[at].relation == "conj" for at in range(first, last))
    plural = joined or tokens[noun].tag in {"NNS", "NNPS"}
    dated = tokens[rest[0]].tag == "VBN" and any(YEAR.fullmatch(tokens[at].lower) for at in rest)
    acted = not tied and tokens[tokens[noun].head].tag in {"VBD", "VBN"}
    if dated or acted or _is_told_in_past(document, noun):
        return "were" if plural else "was"
    return "are" if plural else "is"


def _subject_of_act(document: Document, piece: Piece) -> int:
    """Return the subject in the first range of a piece whose second tells of an act of it ("killing six").

    -1 when the piece is of another kind.
    """
    tokens = document.tokens
    if len(piece) < 2 or tokens[piece[1][0]].tag != "VBG":
        return -1
    verb = tokens[piece[1][0]].head
    while tokens[verb].relation in {"conj", "advcl"} and tokens[verb].tag == "VBG":
        verb = tokens[verb].head
    inside = range(*piece[0])
    subject = next((at for at in document.children[verb] if tokens[at].relation in SUBJECTS), -1)
    return (
        subject if subject in inside else next((at for at in inside if tokens[at].relation in SUBJECTS), -1)
    )


def _is_told_in_past(document: Document, at: int) -> bool:
    """Whether the nearest finite verb above token `at` is a past form."""
    while at >= 0:
        token = document.tokens[at]
        helping = [
            document.tokens[child].tag
            for child in document.children[at]
            if document.tokens[child].relation in AUXILIARIES | {"cop"}
        ]
        if token.tag in FINITE_TAGS or (token.tag == "VBN" and token.relation not in {"acl", "amod"}):
            return "VBD" in helping or (token.tag in {"VBD", "VBN"} and not helping)
        if helping:
            return "VBD" in helping
        at = token.head
    return False


def piece_spans(document: Document, piece: Piece) -> tuple[Span, ...]:
    return tuple(document.span(*part) for part in piece)


def read_asserted(document: Document, first: int, last: int, *, fine: bool) -> list[Asserted]:
    """Return what the tokens [first, last) of one sentence assert, with the construction each came from.

    [] when it is not to be split, because its tree cannot be right.
    """
    view = View(document, first, last, fine=fine)
    starts, facts = find_asides(view) if fine else find_set_off(view)
    tops = [top for top in view.tops() if view.tokens[top].relation]
    heads = [top for top in tops if is_clause(view, top) or (fine and len(tops) == 1)]
    found = read_clauses(view, [*(Start(head) for head in heads), *starts])
    loose = tuple(
        word
        for top in tops
        if top not in heads
        for word in view.subtree(top)
        if view.tokens[top].relation not in MARKS | {"mark"}
    )
    if not fine and any(_skips_clause(view, one) for one in found):
        return []
    if found and loose and not fine:
        found[0] = Asserted(found[0].words + loose, found[0].kind)
    return [replace(one, words=view.completed(one.words)) for one in found + facts]


def _skips_clause(view: View, one: Asserted) -> bool:
    """Whether another clause stands in the middle of a main clause, which the parser then got wrong."""
    if one.kind != "clause":
        return False
    held = set(one.words)
    return any(
        view.tokens[at].tag in FINITE_TAGS and not view.is_detached(at)
        for at in range(min(held), max(held))
        if at not in held
    )


def _pieces(document: Document, first: int, last: int, *, fine: bool) -> list[Piece]:
    found: dict[Piece, None] = {}
    room = _OVERGROWN * (last - first)
    for asserted in read_asserted(document, first, last, fine=fine):
        room -= len(asserted.words)
        if len(asserted.words) >= _FEWEST_WORDS and room >= 0:
            found[_ranges(document, first, last, asserted)] = None
    return sorted(found, key=lambda piece: (piece[-1][1], piece))


def _ranges(document: Document, first: int, last: int, asserted: Asserted) -> Piece:
    """Return the words as ranges; the marks between two neighbouring words go with them."""
    words = asserted.words
    found = [(words[0], words[0] + 1)]
    for at in words[1:]:
        between = range(found[-1][1], at)
        if at != asserted.apart and all(document.tokens[mark].relation == "punct" for mark in between):
            found[-1] = (found[-1][0], at + 1)
        else:
            found.append((at, at + 1))
    return tuple(found)


def _with_marks(document: Document, whole: Range, piece: Piece) -> Piece:
    """Return the piece with the quotation mark or bracket beside a range that holds only its partner.

    A comma may stand between: “the ‘Star,’ | sank”.
    """
    found = []
    for first, last in piece:
        while first > whole[0] and _is_lone_mark(document, first - 1, (first, last)):
            first -= 1
        last = _closed(document, first, last, whole[1])
        found.append((first, last))
    return tuple(found)


def _closed(document: Document, first: int, last: int, end: int) -> int:
    """Return where the range ends with the marks that close what was opened in it."""
    reached = last
    while reached < end and document.tokens[reached].relation == "punct":
        word = document.tokens[reached].lower
        depth = sum(
            (document.tokens[at].lower in OPENING_BRACKETS) - (document.tokens[at].lower in CLOSING_BRACKETS)
            for at in range(first, last)
        )
        reached += 1
        if (word in CLOSING_BRACKETS and depth > 0) or _is_lone_mark(document, reached - 1, (first, last)):
            last = reached
    return last


def _is_lone_mark(document: Document, at: int, part: Range) -> bool:
    """Whether token `at` is a quotation mark whose partner stands in the range."""
    number = document.quotation_at[at]
    if number < 0 or document.tokens[at].relation != "punct":
        return False
    quotation, token = document.quotations[number].span, document.tokens[at]
    if token.start == quotation.start:
        return document.tokens[part[1] - 1].end >= quotation.end
    return token.end == quotation.end and document.tokens[part[0]].start <= quotation.start


def _cuts_quotation(document: Document, whole: Range, piece: Piece) -> bool:
    """Whether the piece holds some but not all of the words of a quotation that stands inside the whole."""
    inside = {at for part in piece for at in range(*part)}
    held: dict[int, set[bool]] = {}
    for at in range(*whole):
        number = document.quotation_at[at]
        if number >= 0 and document.tokens[at].relation != "punct":
            held.setdefault(number, set()).add(at in inside)
    opening = document.quotation_at[whole[0]]
    return any(len(both) == 2 for number, both in held.items() if number != opening)
