"""The words that signal an attribution in one sentence, with who stands beside them and what they govern."""

from dataclasses import dataclass
from typing import Final

from claims.extraction import lexicon, words
from claims.extraction.contents import (
    content_before,
    find_content,
    has_clause,
    is_clause,
    is_quoted,
    is_said,
    skip_addressee,
    skip_circumstances,
)
from claims.extraction.document import Document, Range, ReadSentence
from claims.extraction.noun_phrases import Phrase, phrase_after, phrase_before

_CUE_CLASSES: Final = frozenset({words.FINITE, words.PARTICIPLE, words.BARE, words.ING})
_CHAIN: Final = frozenset({words.ADVERB, words.AUXILIARY, words.MODAL})
_NOBODY: Final = frozenset({"no", "nobody", "none", "neither", "nothing", "anyone", "any", "few"})
_DENYING: Final = frozenset({"no", "nobody", "none", "neither", "nor", "not"})
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
        if reading is not None and not (found and _is_read_already(found[-1], reading)):
            found.append(reading)
    if not found:
        labelled = _label(document, sentence, low, high)
        return [] if labelled is None else [labelled]
    _inherit_sources(document, low, high, found)
    found = [reading for reading in found if reading.content]
    _end_before_the_next(document, found)
    return [reading for reading in found if reading.content]


def _is_read_already(before: Reading, reading: Reading) -> bool:
    """Whether the cue is part of the one before, or "statement that" in "said in a statement that"."""
    if before.cue[1] > reading.cue[0]:
        return True
    return reading.base == "claim" and before.content[-1][0] == reading.content[0][0]


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
    if left and has_clause(document, *left):
        content = [left]
    elif left and right and before < at and has_clause(document, *right):
        content = [left, right]
    else:
        content = [side for side in (right or left,) if side]
    encloses = bool(content) and content[0] == left
    return Reading((at, at + 2), source, content, before, "according", encloses=encloses)


def _noun(document: Document, low: int, high: int, at: int) -> Reading | None:
    """Read "the mayor's claim that ..."; "reports that ..." has no source but is not the outlet's voice."""
    if document.classes[at + 1] != words.THAT or not is_clause(document, at + 2, high):
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
    if base not in lexicon.SAYING and not beside_quotation:
        return None
    if not _may_signal(document, low, at, first, high):
        return None
    begins, source = _source_before(document, low, first)
    if source is not None and _is_nobody(document, low, source):
        return None
    inherits = False
    is_participle = document.classes[at] == words.ING and first == at
    if source is None or is_participle:
        source = None
    may_be_inverted = source is None and not is_participle and base not in lexicon.ADDRESSING
    if may_be_inverted and _opens_after_content(document, low, first):
        inverted = phrase_after(document, at + 1, high)
        if inverted is not None and document.tokens[inverted.first].lower not in _NOBODY:
            return _inverted(document, low, high, (first, at + 1), inverted, base)
    if source is None:
        inherits = document.classes[at] == words.ING or _joins_predicates(document, low, first)
        if not inherits:
            return None
        begins = first
    content, encloses = find_content(document, low, high, at, begins, base)
    if not content and base in lexicon.PLAIN_SPEECH and source is not None:
        return _without_comma(document, low, high, (first, at + 1), source, base)
    if not content or (inherits and not is_participle and not is_said(document, content[0][0], high)):
        return None
    nor = max(low, first - 1)
    negated = any(document.tokens[i].lower in lexicon.NEGATIONS for i in range(nor, at))
    return Reading((first, at + 1), source, content, begins, base, inherits, encloses, negated)


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
        if at + 1 < high and document.classes[at + 1] == words.THAT:
            return True
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


def _is_nobody(document: Document, low: int, source: Phrase) -> bool:
    """Whether "neither Roe nor |Doe", "not one of |the crew" or "nor did |Roe" ends with this source."""
    if document.tokens[source.first].lower in _NOBODY:
        return True
    crossed_or = False
    for at in range(source.first - 1, low - 1, -1):
        word, kind = document.tokens[at].lower, document.classes[at]
        if word in _DENYING:
            return True
        crossed_or = crossed_or or word == "or"
        counts = word in {"of", "or"} or kind in {
            words.DETERMINER,
            words.NUMBER,
            words.AUXILIARY,
            words.MODAL,
        }
        if not counts and not (crossed_or and kind in {words.NAME, words.NOUN}):
            return False
    return False


def _opens_after_content(document: Document, low: int, first: int) -> bool:
    return first == low or document.tokens[first - 1].lower == "," or document.quotation_at[first - 1] >= 0


def _joins_predicates(document: Document, low: int, first: int) -> bool:
    """Whether the verb is a second predicate: "came in and said", "..., but added"."""
    return first > low and document.classes[first - 1] == words.CONJUNCTION


def _beside_quotation(document: Document, low: int, high: int, at: int, first: int) -> bool:
    """Whether any verb at all signals speech here: ", she laughed" or "shrugged: " beside a quotation."""
    if document.classes[at] != words.FINITE:
        return False
    if at + 2 < high and document.tokens[at + 1].lower in {":", ","} and is_quoted(document, at + 2):
        return True
    begins, source = _source_before(document, low, first)
    opened = begins - 1 if source is not None else first - 1
    if opened < low or not is_quoted(document, opened):
        return False
    return document.tokens[opened - 1].lower in {",", "?", "!"} if opened > low else False


def _inverted(
    document: Document, low: int, high: int, cue: Range, source: Phrase, base: str
) -> Reading | None:
    left = content_before(document, low, cue[0])
    if left is None:
        return None
    content = [left]
    after = skip_circumstances(document, source.last, high)
    if after < high and document.tokens[after].lower == ",":
        after += 1
    if after < high and is_quoted(document, after):
        content.append((after, high))
    return Reading(cue, source, content, cue[0], base, encloses=True)


def _without_comma(
    document: Document, low: int, high: int, cue: Range, source: Phrase, base: str
) -> Reading | None:
    """Read "Two were hurt a witness said" and "It is closed said the mayor", where the comma is missing."""
    after = skip_addressee(document, cue[1], high, base)
    if skip_circumstances(document, after, high) >= high:
        if has_clause(document, low, source.first):
            return Reading(cue, source, [(low, source.first)], source.first, base, encloses=True)
        return None
    speaker = phrase_after(document, cue[1], high)
    if speaker is None or base in lexicon.TELLING or skip_circumstances(document, speaker.last, high) < high:
        return None
    if not has_clause(document, low, cue[0]):
        return None
    return Reading(cue, speaker, [(low, cue[0])], cue[0], base, encloses=True)


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
        if document.tokens[at].lower in {"–", "—", "―", "-"} and _names_only(document, at + 1, high):
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
    return last - first >= 3 and (has_clause(document, first, last) or is_quoted(document, first))


def _inherit_sources(document: Document, low: int, high: int, found: list[Reading]) -> None:
    """Give ", adding that ..." the source before it, or the subject of the sentence."""
    for number, reading in enumerate(found):
        if not reading.inherits:
            continue
        if number > 0:
            reading.source = found[number - 1].source
            continue
        verb = _first_verb(document, low, reading.cue[0])
        if verb is not None:
            reading.source = phrase_before(document, low, _chain_start(document, low, verb))
        elif not is_said(document, reading.content[0][0], high):
            _inherit_from_after(document, low, high, reading)


def _inherit_from_after(document: Document, low: int, high: int, reading: Reading) -> None:
    """Read "Roe, citing fog, closed it" and "Citing fog, Roe closed it": the main verb comes later."""
    verb = _first_verb(document, reading.cue[1], high)
    if verb is None:
        return
    start = _chain_start(document, low, verb)
    reading.source = phrase_before(document, low, start)
    if reading.source is None:
        return
    first, last = reading.content[-1]
    end = start if reading.source.first < reading.cue[0] else reading.source.first
    if document.tokens[end - 1].lower == "," and first < end - 1 < last:
        reading.content[-1] = (first, end - 1)
    if _is_nobody(document, low, reading.source):
        reading.content = []


def _first_verb(document: Document, low: int, high: int) -> int | None:
    verbs = (
        at
        for at in range(low, high)
        if document.quotation_at[at] < 0 and document.classes[at] in words.CLAUSE_MAKING
    )
    return next(verbs, None)


def _end_before_the_next(document: Document, found: list[Reading]) -> None:
    """End a content where the next attribution of the same rank begins."""
    for number, reading in enumerate(found):
        for later in found[number + 1 :]:
            first, last = reading.content[-1]
            if later.cue[0] <= first or later.begins >= last:
                continue
            end = _aside_end(document, reading, later) or _rank_boundary(document, later)
            if end is not None and end > first:
                reading.content[-1] = (first, end)
                break


def _aside_end(document: Document, reading: Reading, later: Reading) -> int | None:
    """Return where a cue between another's speaker and verb ends: "Roe, |citing the crew|, said ..."."""
    if later.source is None or later.inherits or not later.source.first < reading.cue[0]:
        return None
    end = later.cue[0] - 1
    return end if document.tokens[end].lower == "," else None


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
