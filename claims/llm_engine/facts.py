"""What our own engine reads at a place a model pointed to: the only door to its inside."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import date
from typing import Final

from claims.extraction import check_worthiness, lexicon
from claims.extraction.attribution import cue_words
from claims.extraction.context.statement import alone
from claims.extraction.frames.frame import read_frame
from claims.extraction.lexicon import verb_base
from claims.extraction.parse.document import Document, Range, read_document
from claims.extraction.types import ClaimKind, Cue, Frame, Span

Piece = tuple[Range, ...]

_CONDITIONS: Final = frozenset({"if", "unless", "whether", "lest", "provided"})
_JOINING: Final = frozenset({"and", "but", "yet", "while", "whereas", "although", "though", "because"})
_UNASSERTED: Final = cue_words.DOUBT | cue_words.WISH
_ENDING: Final = frozenset(',;:.!?()[]–—“”"')


def tokens_at(document: Document, spans: Sequence[Span]) -> Piece | None:
    """Return the tokens that stand at the spans; None when one of them has none, as in a dateline."""
    found = tuple(_range(document, span) for span in spans)
    return found if all(first < last for first, last in found) else None


def _range(document: Document, span: Span) -> Range:
    tokens = document.tokens
    return (
        bisect_right(tokens, span.start, key=lambda token: token.end),
        bisect_left(tokens, span.end, key=lambda token: token.start),
    )


def is_torn_out(document: Document, piece: Piece, cue: Cue | None) -> bool:
    """Whether words beside the piece, or in its cue, keep anybody from asserting it.

    "It is not true that |the dam broke|", "if |the coalition shot the jet|", "Roe did not say |...|", "may
    have |shot the jet|", "|the port will close| if ...": each part would say what the whole does not.
    """
    first, last = piece[0][0], piece[-1][1]
    opening = document.sentences[document.sentence_index(document.tokens[first].start)].first
    if cue is not None:
        said_first, said_last = _range(document, cue.span)
        if any(_lower(document, at) in lexicon.NEGATIONS for at in range(max(0, said_first - 2), said_last)):
            return True
        if said_last <= first:
            opening = max(opening, said_last)
    return _goes_on_openly(document, last) or _is_turned_before(document, opening, first)


def _goes_on_openly(document: Document, last: int) -> bool:
    """Whether a question mark or a condition follows."""
    following = [token.lower for token in document.tokens[last : last + 2]]
    if following[:1] == [","]:
        following = following[1:]
    return bool(following) and (following[0] == "?" or following[0] in _CONDITIONS)


def _is_turned_before(document: Document, opening: int, first: int) -> bool:
    """Whether the clause that leads to token `first`, looked at from `opening` on, negates or supposes it."""
    clause = True
    for at in range(first - 1, opening - 1, -1):
        word = _lower(document, at)
        if word in _ENDING or word in _JOINING:
            return False
        if (
            word in lexicon.NEGATIONS
            or word in _CONDITIONS
            or _bases(document, at, at + 1) & cue_words.DENIAL
        ):
            return True
        if clause and (word in lexicon.MODALS or word in lexicon.HEDGES):
            return True
        clause = clause and word != "that"
    return False


def is_denied(document: Document, cue: Cue | None) -> bool:
    """Whether the cue says that its content is not so: "denied", "dismissed reports that", "ruled out"."""
    bases = _cue_bases(document, cue)
    return bool(bases & cue_words.DENIAL) or {"rule", "out"} <= bases


def is_asserted(document: Document, cue: Cue | None) -> bool:
    """Whether the speaker says that the content is so, and does not deny, doubt, want or plan it."""
    return not (is_denied(document, cue) or _cue_bases(document, cue) & _UNASSERTED)


def _cue_bases(document: Document, cue: Cue | None) -> set[str]:
    return set() if cue is None else _bases(document, *_range(document, cue.span))


def _bases(document: Document, first: int, last: int) -> set[str]:
    """Return the base forms of words by the parser and by our lexicon: a denial needs only one of them."""
    tokens = document.tokens[first:last]
    return {token.lemma.lower() for token in tokens} | {verb_base(token.lower) for token in tokens}


def kind_of(document: Document, piece: Piece, *, attributed: bool) -> ClaimKind:
    """Return how the words are given: all in quotation marks, some, or none of them."""
    quoted = [document.quotation_at[at] >= 0 for first, last in piece for at in range(first, last)]
    if all(quoted):
        return "direct"
    if not attributed:
        return "own_voice"
    return "mixed" if any(quoted) else "indirect"


def frame_of(document: Document, piece: Piece, *, published_at: date | None, denied: bool) -> Frame:
    return read_frame(document, piece, published_at=published_at, denied=denied)


def check_worthiness_of(document: Document, piece: Piece) -> float:
    return check_worthiness.score(document, *max(piece, key=lambda part: part[1] - part[0]))


def unresolved_in(statements: Sequence[str], published_at: date | None) -> list[tuple[str, ...]]:
    """Return for each statement, which has to be one line, the words that keep it from standing alone."""
    document = read_document("\n".join(statements))
    ends = {paragraph.start: paragraph.end for paragraph in document.paragraphs}
    found: list[tuple[str, ...]] = []
    start = 0
    for statement in statements:
        piece = tokens_at(document, (Span(start, ends[start]),))
        found.append(() if piece is None else alone(document, piece, None, published_at).unresolved)
        start += len(statement) + 1
    return found


def _lower(document: Document, at: int) -> str:
    return document.tokens[at].lower
