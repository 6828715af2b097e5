"""The words that signal an attribution in one sentence, with who stands beside them and what they govern."""

from dataclasses import dataclass
from typing import Final

from claims.extraction import lexicon, words
from claims.extraction.document import Document, ReadSentence
from claims.extraction.noun_phrases import Phrase, phrase_after, phrase_before, sets_scene

Range = tuple[int, int]

_SAYING: Final = lexicon.SPEECH | lexicon.BELIEF | lexicon.NAMING
_CUE_CLASSES: Final = frozenset({words.FINITE, words.PARTICIPLE, words.BARE, words.ING})
_CHAIN: Final = frozenset({words.ADVERB, words.AUXILIARY, words.MODAL})
_QUESTIONS: Final = frozenset({"whether", "if", "how", "why", "what", "who", "where", "when"})
_ABOUT: Final = frozenset({"of", "about", "against"})
_OPEN_ENDED: Final = frozenset(
    {"warn", "complain", "boast", "accuse", "tell", "inform", "remind", "speculate", "lie"}
)
_MONTHS: Final = frozenset(lexicon.MONTHS)
_LONGEST_LABEL: Final = 8


@dataclass(slots=True)
class Reading:
    """One cue. Ranges are half-open over the document's tokens; `begins` is where its clause starts.

    `inherits` says that the source is that of the cue before it ("..., adding that ...").
    `encloses` says that the content stands before the cue, or around it.
    """

    cue: Range
    source: Phrase | None
    content: list[Range]
    begins: int
    base: str = ""
    inherits: bool = False
    encloses: bool = False
    negated: bool = False


def read_cues(document: Document, sentence: ReadSentence) -> list[Reading]:
    """Return the attributions one sentence signals by its own words, in the order of their cues."""
    low, high = sentence.first, _content_end(document, sentence)
    found: list[Reading] = []
    for at in range(low, high):
        if document.quotation_at[at] >= 0:
            continue
        reading = _read_at(document, low, high, at)
        if reading is not None and not (found and found[-1].cue[1] > reading.cue[0]):
            found.append(reading)
    if not found:
        labelled = _label(document, sentence, low, high)
        return [] if labelled is None else [labelled]
    _inherit_sources(document, low, found)
    _end_before_the_next(document, found)
    return [reading for reading in found if reading.content]


def _content_end(document: Document, sentence: ReadSentence) -> int:
    high = sentence.last
    while high > sentence.first and document.tokens[high - 1].lower in {".", "!", "?", "…", ";"}:
        high -= 1
    return high


def _read_at(document: Document, low: int, high: int, at: int) -> Reading | None:
    token, kind = document.tokens[at], document.classes[at]
    if token.lower == "according" and at + 2 < high and document.tokens[at + 1].lower == "to":
        return _according(document, low, high, at)
    if kind in _CUE_CLASSES:
        return _verb(document, low, high, at)
    if kind == words.NOUN and token.lower in lexicon.CUE_NOUNS and at + 2 < high:
        return _noun(document, low, high, at)
    return None


def _according(document: Document, low: int, high: int, at: int) -> Reading | None:
    source = phrase_after(document, at + 2, high)
    if source is None:
        return None
    before = at - 1 if at > low and document.tokens[at - 1].lower == "," else at
    after = (
        source.last + 1 if source.last < high and document.tokens[source.last].lower == "," else source.last
    )
    left = (low, before) if before > low else None
    right = (after, high) if after + 1 < high else None
    if left and _has_clause(document, *left):
        content = [left]
    elif left and right and before < at and _has_clause(document, *right):
        content = [left, right]
    else:
        content = [side for side in (right or left,) if side]
    encloses = bool(content) and content[0] == left
    return Reading((at, at + 2), source, content, before, "according", encloses=encloses)


def _noun(document: Document, low: int, high: int, at: int) -> Reading | None:
    """Read "the mayor's claim that ..."; "reports that ..." has no source but is not the outlet's voice."""
    if document.classes[at + 1] != words.THAT or not _has_clause(document, at + 2, high):
        return None
    source = None
    if at > low and document.tokens[at - 1].lower in {"'s", "'"}:
        source = phrase_before(document, low, at - 1)
    elif at > low and document.classes[at - 1] == words.POSSESSIVE:
        source = Phrase(at - 1, at, at)
    return Reading((at, at + 1), source, [(at + 1, high)], at, "claim")


def _verb(document: Document, low: int, high: int, at: int) -> Reading | None:
    base = words.verb_base(document.tokens[at].lower)
    first = _chain_start(document, low, at)
    beside_quotation = _beside_quotation(document, low, high, at, first)
    if base not in _SAYING and not beside_quotation:
        return None
    if not _may_signal(document, low, at, first, high):
        return None
    begins, source = _source_before(document, low, first)
    inherits = False
    is_participle = document.classes[at] == words.ING and first == at
    if source is None or is_participle:
        source = None
    if source is None and not is_participle and _opens_after_content(document, low, first):
        inverted = phrase_after(document, at + 1, high)
        if inverted is not None:
            return _inverted(document, low, high, (first, at + 1), inverted, base)
    if source is None:
        inherits = document.classes[at] == words.ING or _joins_predicates(document, low, first)
        if not inherits:
            return None
        begins = first
    content, encloses = _content(document, low, high, at, begins, base)
    if not content or (inherits and not is_participle and not _is_said(document, content[0][0], high)):
        return None
    negated = any(document.tokens[i].lower in lexicon.NEGATIONS for i in range(first, at))
    return Reading((first, at + 1), source, content, begins, base, inherits, encloses, negated)


def _is_said(document: Document, at: int, high: int) -> bool:
    """Whether a content starts as only speech does: "that ...", a quotation, a clause."""
    return document.classes[at] == words.THAT or _quoted(document, at) or _is_clause(document, at, high)


def _chain_start(document: Document, low: int, at: int) -> int:
    """Return where "has repeatedly been" before a verb starts."""
    first = at
    while first > low and document.quotation_at[first - 1] < 0:
        kind, word = document.classes[first - 1], document.tokens[first - 1].lower
        if kind in _CHAIN or (kind == words.PARTICIPLE and word == "been"):
            first -= 1
        elif kind == words.TO and first - 2 > low and document.classes[first - 2] == words.FINITE:
            first -= 2
        else:
            break
    return first


def _may_signal(document: Document, low: int, at: int, first: int, high: int) -> bool:
    """Whether a verb form stands where an active verb of saying can stand."""
    kind = document.classes[at]
    chain = {document.tokens[i].lower for i in range(first, at)}
    if kind == words.PARTICIPLE:
        return bool(chain & lexicon.HAVE) and not chain & {"been", "being"}
    if kind == words.BARE:
        return bool(chain)
    if kind == words.ING:
        before = document.classes[first - 1] if first > low else words.PUNCTUATION
        return bool(chain & lexicon.BE) or before in {words.PUNCTUATION, words.CONJUNCTION, words.PREPOSITION}
    return at + 1 >= high or document.tokens[at + 1].lower != "by"


def _source_before(document: Document, low: int, first: int) -> tuple[int, Phrase | None]:
    """Return where the clause of the cue begins, and its subject, over "however" and "on Monday"."""
    end = first
    if end - 3 > low and document.tokens[end - 1].lower == "," and document.classes[end - 2] == words.ADVERB:
        end = end - 3 if document.tokens[end - 3].lower == "," else end
    if end - 2 > low and document.tokens[end - 1].lower in lexicon.TIME_WORDS:
        end = end - 2 if document.classes[end - 2] == words.PREPOSITION else end - 1
    source = phrase_before(document, low, end) if end > low else None
    return (first, None) if source is None else (source.first, source)


def _opens_after_content(document: Document, low: int, first: int) -> bool:
    return first == low or document.tokens[first - 1].lower == "," or document.quotation_at[first - 1] >= 0


def _joins_predicates(document: Document, low: int, first: int) -> bool:
    """Whether the verb is a second predicate: "came in and said", "..., but added"."""
    return first > low and document.classes[first - 1] == words.CONJUNCTION


def _beside_quotation(document: Document, low: int, high: int, at: int, first: int) -> bool:
    """Whether any verb at all signals speech here: ", she laughed" or "shrugged: " beside a quotation."""
    if document.classes[at] != words.FINITE:
        return False
    if at + 2 < high and document.tokens[at + 1].lower in {":", ","} and _quoted(document, at + 2):
        return True
    begins, source = _source_before(document, low, first)
    opened = begins - 1 if source is not None else first - 1
    if opened < low or not _quoted(document, opened):
        return False
    return document.tokens[opened - 1].lower in {",", "?", "!"} if opened > low else False


def _quoted(document: Document, at: int) -> bool:
    return document.quotation_at[at] >= 0


def _inverted(
    document: Document, low: int, high: int, cue: Range, source: Phrase, base: str
) -> Reading | None:
    left = _left_content(document, low, cue[0])
    if left is None:
        return None
    content = [left]
    after = _skip_circumstances(document, source.last, high)
    if after < high and document.tokens[after].lower == ",":
        after += 1
    if after < high and _quoted(document, after):
        content.append((after, high))
    return Reading(cue, source, content, cue[0], base, encloses=True)


def _left_content(document: Document, low: int, end: int) -> Range | None:
    """Return what stands before `end` if it is a clause or a quotation closed by a comma or mark."""
    if end <= low:
        return None
    last = end - 1 if document.tokens[end - 1].lower == "," else end
    if last <= low or (last == end and not _quoted(document, end - 1)):
        return None
    first = low
    while (
        first > 0
        and _quoted(document, first)
        and document.quotation_at[first - 1] == document.quotation_at[low]
    ):
        first -= 1
    spoken = any(_quoted(document, at) for at in range(low, last))
    return (first, last) if spoken or _has_clause(document, low, last) else None


def _content(
    document: Document, low: int, high: int, at: int, begins: int, base: str
) -> tuple[list[Range], bool]:
    """Return what a verb with its subject before it governs, and whether that stands before or around it."""
    takes_left = document.classes[at] != words.ING or begins < at
    left = _left_content(document, low, begins) if takes_left else None
    after = _skip_circumstances(document, _skip_addressee(document, at + 1, high, base), high)
    if after < high and document.tokens[after].lower in {",", ":"}:
        return _content_past_comma(document, low, high, after, begins, left)
    right = _complement(document, after, high, base)
    if right is not None:
        if left is not None and _quoted(document, left[1] - 1) and _quoted(document, right):
            return [left, (right, high)], True
        return [(right, high)], False
    return ([left], True) if left is not None else ([], False)


def _content_past_comma(
    document: Document, low: int, high: int, comma: int, begins: int, left: Range | None
) -> tuple[list[Range], bool]:
    after = comma + 1
    if after >= high:
        return ([left], True) if left else ([], False)
    if (
        _quoted(document, after)
        or document.classes[after] == words.THAT
        or document.tokens[comma].lower == ":"
    ):
        right = (after, high)
        return ([left, right], True) if left and _quoted(document, after) else ([right], False)
    if left is not None:
        return [left], True
    if begins > low + 1 and document.tokens[begins - 1].lower == "," and _has_clause(document, after, high):
        return [(low, begins - 1), (after, high)], True
    if document.classes[after] in {words.DETERMINER, words.NAME, words.PRONOUN} and _has_clause(
        document, after, high
    ):
        return [(after, high)], False
    return [], False


def _skip_addressee(document: Document, at: int, high: int, base: str) -> int:
    if at < high and document.tokens[at].lower in {"out", "on"} and base in {"point", "go", "lash", "insist"}:
        at += 1
    if base not in lexicon.TELLING or at >= high:
        return at
    if document.classes[at] == words.OBJECT or document.tokens[at].lower in {"you", "it"}:
        return at + 1
    phrase = phrase_after(document, at, high)
    return at if phrase is None or phrase.head_last >= high else phrase.head_last


def _skip_circumstances(document: Document, at: int, high: int) -> int:
    """Step over when, where and to whom something was said."""
    for _ in range(6):
        if at >= high or _quoted(document, at):
            break
        token, kind = document.tokens[at], document.classes[at]
        is_day = kind == words.NUMBER and document.tokens[at - 1].lower in lexicon.MONTHS
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
        or _quoted(document, end)
    )
    return end if scene or (closes and document.tokens[at].lower not in _ABOUT) else at


def _complement(document: Document, at: int, high: int, base: str) -> int | None:
    """Return where the content after a verb starts, or None if the verb governs nothing that is said."""
    if at >= high:
        return None
    token, kind = document.tokens[at], document.classes[at]
    if _quoted(document, at) or kind == words.THAT:
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
        return at if base in _OPEN_ENDED and token.lower in _ABOUT else None
    if base in lexicon.SPEECH and _has_clause(document, at, high):
        return at
    if base in lexicon.BELIEF and _is_clause(document, at, high):
        return at
    return at if base in lexicon.OBJECT_SPEECH or base in lexicon.NAMING else None


def _is_clause(document: Document, at: int, high: int) -> bool:
    """Whether a subject and its finite verb start here."""
    phrase = phrase_after(document, at, high)
    if phrase is None:
        return False
    after = phrase.head_last
    while after < high and document.classes[after] == words.ADVERB:
        after += 1
    return after < high and document.classes[after] in words.CLAUSE_MAKING


def _has_clause(document: Document, first: int, last: int) -> bool:
    return any(kind in words.CLAUSE_MAKING for kind in document.classes[first:last])


def _label(document: Document, sentence: ReadSentence, low: int, high: int) -> Reading | None:
    """Read "Mayor: bridge is safe" and "Bridge is safe – mayor's office"."""
    for at in range(low + 1, min(high - 2, low + _LONGEST_LABEL)):
        if document.tokens[at].lower == ":" and document.tokens[at + 1].start > document.tokens[at].end:
            if _names_only(document, low, at) and _says_something(document, at + 1, high):
                return Reading((at, at + 1), Phrase(low, at, at), [(at + 1, high)], low, "label")
            return None
    if high != sentence.last:
        return None
    for at in range(high - 2, max(low + 3, high - _LONGEST_LABEL), -1):
        if document.tokens[at].lower in {"–", "—", "-"} and _names_only(document, at + 1, high):
            if _says_something(document, low, at):
                return Reading(
                    (at, at + 1), Phrase(at + 1, high, high), [(low, at)], low, "label", encloses=True
                )
            return None
    return None


def _names_only(document: Document, first: int, last: int) -> bool:
    kinds = set(document.classes[first:last])
    return words.NAME in kinds and kinds <= {
        words.NAME,
        words.NOUN,
        words.GENITIVE,
        words.DETERMINER,
        words.PREPOSITION,
    }


def _says_something(document: Document, first: int, last: int) -> bool:
    return last - first >= 3 and (_has_clause(document, first, last) or _quoted(document, first))


def _inherit_sources(document: Document, low: int, found: list[Reading]) -> None:
    """Give ", adding that ..." the source before it, or the subject of the sentence."""
    for number, reading in enumerate(found):
        if not reading.inherits:
            continue
        if number > 0:
            reading.source = found[number - 1].source
            continue
        for at in range(low, reading.cue[0]):
            if document.quotation_at[at] < 0 and document.classes[at] in words.CLAUSE_MAKING:
                reading.source = phrase_before(document, low, _chain_start(document, low, at))
                break


def _end_before_the_next(document: Document, found: list[Reading]) -> None:
    """End a content where the next attribution of the same rank begins."""
    for number, reading in enumerate(found):
        for later in found[number + 1 :]:
            first, last = reading.content[-1]
            if later.cue[0] <= first or later.begins >= last:
                continue
            end = _rank_boundary(document, later)
            if end is not None and end > first:
                reading.content[-1] = (first, end)
                break


def _rank_boundary(document: Document, later: Reading) -> int | None:
    """Return where a content before `later` has to end, or None when `later` is nested in it."""
    at = later.begins
    if later.encloses:
        return later.content[0][1] if later.base != "according" else later.begins
    crossed_comma = crossed_joint = False
    while at > 0:
        word = document.tokens[at - 1].lower
        if word in {",", ";", "-", "–", "—"}:
            crossed_comma = True
        elif word in {"and", "but", "while", "whereas", "although", "though", "as"}:
            crossed_joint = True
        else:
            break
        at -= 1
    if later.inherits:
        return at if crossed_comma or crossed_joint else None
    return at if crossed_comma and crossed_joint else None
