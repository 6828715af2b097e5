"""What a verb of saying governs: the words before it, after it or around it, up to where they end."""

from typing import Final

from claims.extraction import lexicon, words
from claims.extraction.document import Document, Range
from claims.extraction.noun_phrases import phrase_after, sets_scene

_QUESTIONS: Final = frozenset({"whether", "if", "how", "why", "what", "who", "where", "when"})
_ABOUT: Final = frozenset({"of", "about", "against"})
_OPEN_ENDED: Final = frozenset(
    {"warn", "complain", "boast", "accuse", "tell", "inform", "remind", "speculate", "lie"}
)
_MONTHS: Final = frozenset(lexicon.MONTHS)
_SUBJECT_STARTS: Final = frozenset(
    {
        words.NAME,
        words.NOUN,
        words.NUMBER,
        words.DETERMINER,
        words.POSSESSIVE,
        words.PRONOUN,
        words.OBJECT,
        words.ING,
    }
)
_LONGEST_SUBJECT: Final = 15


def is_said(document: Document, at: int, high: int) -> bool:
    """Whether a content starts as only speech does: "that ...", a quotation, a clause."""
    return document.classes[at] == words.THAT or is_quoted(document, at) or is_clause(document, at, high)


def content_before(document: Document, low: int, end: int) -> Range | None:
    """Return what stands before `end` if it is a clause or a quotation closed by a comma or mark."""
    if end <= low:
        return None
    last = end - 1 if document.tokens[end - 1].lower == "," else end
    if last <= low or (last == end and not is_quoted(document, end - 1)):
        return None
    first = low
    while (
        first > 0
        and is_quoted(document, first)
        and document.quotation_at[first - 1] == document.quotation_at[low]
    ):
        first -= 1
    spoken = any(is_quoted(document, at) for at in range(low, last))
    return (first, last) if spoken or has_clause(document, low, last) else None


def find_content(
    document: Document, low: int, high: int, at: int, begins: int, base: str
) -> tuple[list[Range], bool]:
    """Return what a verb with its subject before it governs, and whether that stands before or around it."""
    takes_left = document.classes[at] != words.ING or begins < at
    left = content_before(document, low, begins) if takes_left else None
    after = skip_circumstances(document, skip_addressee(document, at + 1, high, base), high)
    if after < high and document.tokens[after].lower in {",", ":"}:
        return _content_past_comma(document, low, high, after, begins, left)
    right = _complement(document, after, high, base)
    if right is not None:
        if left is not None and is_quoted(document, left[1] - 1) and is_quoted(document, right):
            return [left, (right, high)], True
        return [(right, _predicate_end(document, right, high, denied=base in lexicon.DENIAL))], False
    return ([left], True) if left is not None else ([], False)


def _predicate_end(document: Document, first: int, high: int, *, denied: bool) -> int:
    """End what is said before ", but left": that is the speaker's next act.

    After a clause ("said the bridge held, and ...") the verb may be the clause's own; it is taken for the
    speaker's when it is one of saying, or when the clause is denied, where a guess would turn the sense.
    """
    if is_quoted(document, first):
        return high
    is_clausal = has_clause(document, first, min(high, first + 2)) or is_said(document, first, high)
    for at in range(first + 1, high - 2):
        if document.tokens[at].lower != "," or is_quoted(document, at):
            continue
        verb = at + 2 if document.tokens[at + 1].lower in {"but", "and"} else at + 1
        while verb < high - 1 and document.classes[verb] == words.ADVERB:
            verb += 1
        if document.classes[verb] not in {words.FINITE, words.AUXILIARY}:
            continue
        if verb == at + 1:
            return high
        says = words.verb_base(document.tokens[verb].lower) in lexicon.SAYING
        if not is_clausal or denied or says:
            return at
    return high


def _content_past_comma(
    document: Document, low: int, high: int, comma: int, begins: int, left: Range | None
) -> tuple[list[Range], bool]:
    after = comma + 1
    if after >= high:
        return ([left], True) if left else ([], False)
    if (
        is_quoted(document, after)
        or document.classes[after] == words.THAT
        or document.tokens[comma].lower == ":"
    ):
        right = (after, high)
        return ([left, right], True) if left and is_quoted(document, after) else ([right], False)
    if left is not None:
        return [left], True
    if begins > low + 1 and document.tokens[begins - 1].lower == "," and has_clause(document, after, high):
        return [(low, begins - 1), (after, high)], True
    if document.classes[after] in {words.DETERMINER, words.NAME, words.PRONOUN} and has_clause(
        document, after, high
    ):
        return [(after, high)], False
    return [], False


def skip_addressee(document: Document, at: int, high: int, base: str) -> int:
    if at < high and document.tokens[at].lower in {"out", "on"} and base in {"point", "go", "lash", "insist"}:
        at += 1
    if base not in lexicon.TELLING or at >= high:
        return at
    if document.classes[at] == words.OBJECT or document.tokens[at].lower in {"you", "it"}:
        return at + 1
    phrase = phrase_after(document, at, high)
    return at if phrase is None or phrase.head_last >= high else phrase.head_last


def skip_circumstances(document: Document, at: int, high: int) -> int:
    """Step over when, where and to whom something was said."""
    for _ in range(6):
        if at >= high or is_quoted(document, at):
            break
        token, kind = document.tokens[at], document.classes[at]
        is_day = kind == words.NUMBER and document.tokens[at - 1].lower in lexicon.MONTHS
        if _focuses(document, at, high):
            break
        if kind == words.ADVERB or is_day or token.lower in lexicon.TIME_WORDS | _MONTHS:
            at += 1
        elif kind in {words.PREPOSITION, words.TO} or token.lower == "as":
            end = _circumstance_end(document, at, high)
            if end == at:
                break
            at = end
        else:
            break
    return at


def _focuses(document: Document, at: int, high: int) -> bool:
    """Whether "only" or "not" stands before what it restricts: "only two came", "not to be named"."""
    if document.tokens[at].lower not in lexicon.FOCUSING or at + 1 >= high:
        return False
    return document.classes[at + 1] in _SUBJECT_STARTS | {words.TO, words.ADVERB}


def _circumstance_end(document: Document, at: int, high: int) -> int:
    """Return the end of "at a news conference in Oslo", or `at` when it is no mere circumstance."""
    phrase = phrase_after(document, at + 1, high)
    if phrase is None:
        return at
    scene = sets_scene(document, at, high)
    end = phrase.head_last
    if end >= high:
        return end if scene or document.tokens[at].lower not in _ABOUT else at
    closes = (
        document.tokens[end].lower in {",", ":"}
        or document.classes[end] == words.THAT
        or is_quoted(document, end)
    )
    return end if scene or (closes and document.tokens[at].lower not in _ABOUT) else at


def _complement(document: Document, at: int, high: int, base: str) -> int | None:
    """Return where the content after a verb starts, or None if the verb governs nothing that is said."""
    if at >= high:
        return None
    if _focuses(document, at, high):
        return None if _complement(document, at + 1, high, base) is None else at
    token, kind = document.tokens[at], document.classes[at]
    if is_quoted(document, at) or kind == words.THAT:
        return at
    if token.lower in _QUESTIONS and kind != words.PRONOUN:
        return (
            at
            if base in lexicon.SPEECH | lexicon.BELIEF and token.lower not in {"when", "if", "where"}
            else None
        )
    if kind in {words.SUBORDINATOR, words.CONJUNCTION, words.PUNCTUATION}:
        return None
    if kind == words.TO:
        return at if base in lexicon.TO_SPEECH else None
    if kind == words.PREPOSITION:
        if base == "call":
            return at if token.lower in {"for", "on"} else None
        return at if base in _OPEN_ENDED and token.lower in _ABOUT else None
    if base in lexicon.PLAIN_SPEECH and has_clause(document, at, high):
        return at
    if base in lexicon.SPEECH | lexicon.BELIEF and is_clause(document, at, high):
        return at
    if base == "call":
        return at if _gives_a_name(document, at, high) else None
    return at if base in lexicon.OBJECT_SPEECH or base in lexicon.NAMING else None


def _gives_a_name(document: Document, at: int, high: int) -> bool:
    """Whether "called" has two objects ("the raid a crime"): with one it is a telephone call."""
    if document.classes[at] == words.OBJECT or document.tokens[at].lower in {"it", "this"}:
        after = at + 1
    else:
        phrase = phrase_after(document, at, high)
        after = high if phrase is None else phrase.head_last
    named = {words.DETERMINER, words.NOUN, words.POSSESSIVE, words.NAME}
    return after < high and (is_quoted(document, after) or document.classes[after] in named)


def is_clause(document: Document, at: int, high: int) -> bool:
    """Whether a subject and its finite verb start here; a relative clause in between is none."""
    if document.classes[at] not in _SUBJECT_STARTS:
        return False
    for i in range(at, min(high, at + _LONGEST_SUBJECT)):
        if document.classes[i] in words.CLAUSE_MAKING:
            return i > at
        relative = i > at and document.classes[i] in {words.PRONOUN, words.THAT, words.SUBORDINATOR}
        if relative or document.tokens[i].lower in {",", ";", ":"}:
            return False
    return False


def has_clause(document: Document, first: int, last: int) -> bool:
    return any(kind in words.CLAUSE_MAKING for kind in document.classes[first:last])


def is_quoted(document: Document, at: int) -> bool:
    return document.quotation_at[at] >= 0
