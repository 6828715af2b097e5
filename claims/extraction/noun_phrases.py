"""Who stands beside a verb: the noun phrase that ends, or begins, at a token."""

from dataclasses import dataclass
from typing import Final

from claims.extraction import lexicon, words
from claims.extraction.document import Document

# No source is longer; the bound keeps the work per cue constant.
LONGEST_PHRASE: Final = 45
_LONGEST_REMARK: Final = 8

_INNER: Final = frozenset(
    {words.NAME, words.NOUN, words.NUMBER, words.GENITIVE, words.POSSESSIVE, words.DETERMINER}
)
_NOMINAL: Final = frozenset({words.NAME, words.NOUN, words.NUMBER})
_JOINING: Final = frozenset({"of", "for", "in", "at", "from", "with", "on", "to", "near", "within"})
_APPOSITION_STARTS: Final = frozenset({"who", "whose", "which"})


@dataclass(frozen=True, slots=True)
class Phrase:
    """Tokens [first, last); `head_last` ends the phrase before its apposition ("Jane Roe|, a baker")."""

    first: int
    last: int
    head_last: int


def phrase_before(document: Document, low: int, end: int, *, within: int = -1) -> Phrase | None:
    """Return the noun phrase whose last token is `end - 1`, not reaching before token `low`.

    It has to stand wholly in the quotation with the index `within`; -1 is outside of any.
    """
    low = max(low, end - LONGEST_PHRASE)
    at = end - 1
    while low <= at and document.quotation_at[low] != within:
        low += 1
    if at < low or document.quotation_at[at] != within:
        return None
    if document.tokens[at].lower == ",":
        return _with_apposition(document, low, at)
    if document.classes[at] in {words.PRONOUN, words.THAT, words.DETERMINER}:
        return _pronoun_before(document, low, at)
    first = _walk_left(document, low, end)
    return None if first is None else _named_before(document, low, Phrase(first, end, end))


def _named_before(document: Document, low: int, role: Phrase) -> Phrase:
    """Read "Jane Roe, spokesperson for the harbour said": an apposition without its second comma."""
    comma = role.first - 1
    opens = document.tokens[role.first].lower in lexicon.ROLES
    if (
        comma <= low
        or not opens
        or document.tokens[comma].lower != ","
        or document.classes[comma - 1] != words.NAME
    ):
        return role
    first = _walk_left(document, low, comma)
    return role if first is None or first > low else Phrase(first, role.last, comma)


def _pronoun_before(document: Document, low: int, at: int) -> Phrase | None:
    word = document.tokens[at].lower
    if word in {"who", "which", "that"}:
        end = at - 1 if at > low and document.tokens[at - 1].lower == "," else at
        return phrase_before(document, low, end) if end > low else None
    if word in {"there", "what", "the", "a", "an", "every", "least"}:
        return None
    return Phrase(at, at + 1, at + 1)


def _with_apposition(document: Document, low: int, comma: int) -> Phrase | None:
    """Read "Jane Roe, a spokesperson for the harbour," from its last comma."""
    at = comma - 1
    within = document.quotation_at[comma]
    while (
        at > low and document.tokens[at].lower not in {",", ";", ":"} and document.quotation_at[at] == within
    ):
        at -= 1
    if at <= low or document.tokens[at].lower != ",":
        return None
    first = _walk_left(document, low, at)
    if first is None:
        return None
    says_more = begins_apposition(document, at + 1) or _names_the_role(document, at, comma)
    if says_more:
        return Phrase(first, comma, at)
    return Phrase(first, at, at) if _is_aside(document, first, at, comma) else None


def _names_the_role(document: Document, opening: int, closing: int) -> bool:
    """Whether only a name stands between the commas behind a role: "the harbour's pilot, Jane Roe,"."""
    return _is_role(document, opening - 1) and all(
        document.classes[i] == words.NAME or _is_initial(document, i) for i in range(opening + 1, closing)
    )


def _is_aside(document: Document, first: int, opening: int, closing: int) -> bool:
    """Whether the commas hold what the subject did besides: "Roe, citing the crew,", "Roe, in a letter,".

    The subject has to open its clause: in "The wave hit the pier, killing two, said Roe" it does not.
    """
    if document.classes[opening + 1] not in {words.ING, words.PARTICIPLE, words.PREPOSITION}:
        return False
    opens = first == 0 or document.classes[first - 1] in {
        words.PUNCTUATION,
        words.CONJUNCTION,
        words.SUBORDINATOR,
        words.THAT,
    }
    starts_sentence = document.sentences[document.sentence_index(document.tokens[first].start)].first == first
    return (opens or starts_sentence) and not any(
        kind in words.CLAUSE_MAKING for kind in document.classes[opening + 1 : closing]
    )


def begins_apposition(document: Document, at: int) -> bool:
    """Whether what follows a comma can say more of the name before it: "a baker", "who bakes", "41"."""
    if at >= len(document.tokens):
        return False
    token, kind = document.tokens[at], document.classes[at]
    if token.lower in _APPOSITION_STARTS or kind == words.NUMBER:
        return True
    if token.lower in lexicon.ROLES or token.lower in {
        "former",
        "deputy",
        "acting",
        "senior",
        "himself",
        "chief",
    }:
        return True
    return kind in {words.DETERMINER, words.POSSESSIVE} or (
        kind == words.NAME and any(_is_role(document, at + offset) for offset in range(1, 6))
    )


def _is_role(document: Document, at: int) -> bool:
    return at < len(document.tokens) and document.tokens[at].lower in lexicon.ROLES


def _walk_left(document: Document, low: int, end: int) -> int | None:
    """Return the first token of the noun phrase ending at `end`, or None if there is none."""
    tokens, classes = document.tokens, document.classes
    if tokens[end - 1].lower == ")":
        opened = next(
            (at for at in range(end - 2, max(low, end - 8) - 1, -1) if tokens[at].lower == "("), None
        )
        return None if opened is None or opened <= low else _walk_left(document, low, opened)
    if classes[end - 1] not in _NOMINAL and classes[end - 1] not in {words.GENITIVE, words.OBJECT}:
        return None
    first = end - 1
    joints: list[int] = []
    while first > low and document.quotation_at[first - 1] == document.quotation_at[first]:
        left = first - 1
        if classes[first] in {words.DETERMINER, words.POSSESSIVE} and classes[left] in _NOMINAL:
            break
        if classes[left] in _INNER or _is_initial(document, left):
            first = left
        elif tokens[left].lower == ")" and (opened := _opening(document, low, left)) is not None:
            first = opened
        elif _joins(document, low, left):
            if classes[left] == words.CONJUNCTION:
                joints.append(first)
            first = left - 1
        else:
            break
    if (
        joints
        and first > low
        and classes[first - 1] in words.CLAUSE_MAKING | {words.PREPOSITION, words.BARE, words.ING}
    ):
        first = joints[0]
    while (
        first < end - 1 and classes[first] in {words.NUMBER, words.GENITIVE} and tokens[first].lower == "'s"
    ):
        first += 1
    return first


def _opening(document: Document, low: int, close: int) -> int | None:
    """Return the "(" of a short remark that closes at `close` and follows a word, or None."""
    for at in range(close - 1, max(low, close - _LONGEST_REMARK), -1):
        if document.tokens[at].lower == "(":
            return at if at > low else None
    return None


def _is_initial(document: Document, at: int) -> bool:
    """Whether the token is the full stop of "J." inside a name."""
    return (
        document.tokens[at].lower == "."
        and at > 0
        and len(document.tokens[at - 1].lower) <= 4
        and (document.tokens[at - 1].capital)
    )


def _joins(document: Document, low: int, at: int) -> bool:
    """Whether a preposition or "and" at `at` has a noun on its left to join to the phrase."""
    if at - 1 < low or document.classes[at - 1] not in _NOMINAL:
        return False
    word = document.tokens[at].lower
    if word in {"and", "&"}:
        return True
    return word in _JOINING and document.tokens[at - 1].lower not in lexicon.TIME_WORDS


def phrase_after(document: Document, start: int, high: int, *, within: int = -1) -> Phrase | None:
    """Return the noun phrase whose first token is `start`, not reaching token `high`; see `phrase_before`."""
    high = min(high, start + LONGEST_PHRASE)
    if start >= high or document.quotation_at[start] != within:
        return None
    kind = document.classes[start]
    if kind == words.PRONOUN and document.tokens[start].lower not in {"there", "what", "which"}:
        return Phrase(start, start + 1, start + 1)
    if kind not in _INNER - {words.GENITIVE}:
        return None
    last = start
    while last < high and document.quotation_at[last] == within and _goes_on(document, start, last, high):
        last += 1
    while last > start and document.classes[last - 1] in {words.PREPOSITION, words.CONJUNCTION}:
        last -= 1
    if last == start or document.classes[last - 1] == words.DETERMINER:
        return None
    return Phrase(start, _apposition_end(document, last, high), last)


def _goes_on(document: Document, start: int, at: int, high: int) -> bool:
    token, kind = document.tokens[at], document.classes[at]
    if token.lower in lexicon.TIME_WORDS and at > start:
        return False
    if kind in _INNER or _is_initial(document, at):
        return (
            kind != words.DETERMINER
            or at == start
            or document.classes[at - 1]
            in {
                words.PREPOSITION,
                words.CONJUNCTION,
                words.DETERMINER,
            }
        )
    if at + 1 >= high:
        return False
    if kind == words.CONJUNCTION and token.lower == "and":
        return document.classes[at + 1] in _INNER
    return kind == words.PREPOSITION and token.lower in _JOINING and not sets_scene(document, at, high)


def sets_scene(document: Document, at: int, high: int) -> bool:
    """Whether the preposition at `at` opens a time or an occasion: "on Monday", "in a statement"."""
    for offset in range(1, 6):
        if at + offset >= high or document.classes[at + offset] not in _INNER:
            return False
        word = document.tokens[at + offset].lower
        if word in lexicon.TIME_WORDS or word in lexicon.MONTHS or word in lexicon.SETTINGS:
            return True
    return False


def _apposition_end(document: Document, last: int, high: int) -> int:
    """Return the end of the apposition that follows token `last`, or `last` when none does."""
    if last + 1 >= high or document.tokens[last].lower != "," or not begins_apposition(document, last + 1):
        return last
    at = last + 1
    while (
        at < high and document.quotation_at[at] < 0 and document.tokens[at].lower not in {",", ";", ":", "."}
    ):
        at += 1
    for i in range(last + 1, at):
        if document.tokens[i].lower in _APPOSITION_STARTS | {"that"}:
            return at
        if document.classes[i] in words.CLAUSE_MAKING:
            return last
    return at
