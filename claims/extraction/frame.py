"""What a claim says happened: verb, who, to whom, where, when, how many; empty where it is not plain."""

from bisect import bisect_left
from dataclasses import replace
from datetime import date
from typing import Final

from claims.extraction import lexicon
from claims.extraction.clauses import SUBJECTS
from claims.extraction.dates import find_moments
from claims.extraction.document import Document, Range
from claims.extraction.predicate_families import deed_of, family_of, target_prepositions
from claims.extraction.quantities import MEASURES, find_quantities
from claims.extraction.types import Frame, Moment, Quantity, Span
from claims.extraction.verbs import VerbGroup, read_verbs, verb_lemma

_PLACE_PREPOSITIONS: Final = frozenset(
    {"in", "near", "at", "outside", "inside", "over", "above", "across", "around", "off", "along"}
)
_DISTANCES: Final = lexicon.word_set("km miles metres meters kilometres kilometers north south east west")
_AHEAD: Final = frozenset({"will", "'ll", "shall"})
_CALENDAR: Final = lexicon.TIME_WORDS | frozenset(lexicon.MONTHS)
# These tell more of a noun than who or what is meant.
_TELLING_MORE: Final = frozenset({"appos", "acl", "acl:relcl", "parataxis", "advcl", "cop", "obl", "advmod"})
_OUTSIDE_PHRASE: Final = SUBJECTS | {"case", "punct", "cc", "mark", "aux", "aux:pass", "expl", "obj"}


def read_frame(
    document: Document, piece: tuple[Range, ...], *, published_at: date | None, denied: bool
) -> Frame:
    """Return the frame of one proposition, given as token ranges; `denied` when its speaker denies it."""
    words = frozenset(at for first, last in piece for at in range(first, last))
    quantities = tuple(
        _counted(document, words, quantity)
        for span in _char_ranges(document, piece)
        for quantity in find_quantities(document.text, *span)
    )
    hedges = tuple(dict.fromkeys(word for word in _lower_words(document, piece) if word in lexicon.HEDGES))
    moment = _moment(document, piece, published_at)
    place = _place(document, sorted(words), quantities)
    verbs = read_verbs(document, words)
    if verbs is None:
        return Frame(place=place, time=moment, quantities=quantities, negated=denied, hedges=hedges)
    predicate, target = _event(document, words, verbs)
    agent = "" if _is_passive(document, verbs) else _subject(document, piece, words, verbs)
    return Frame(
        predicate=predicate,
        family=family_of(predicate),
        agent=_agent_of_passive(document, words, verbs) if _is_passive(document, verbs) else agent,
        target=_subject(document, piece, words, verbs) if _is_passive(document, verbs) else target,
        place=place,
        time=moment,
        quantities=quantities,
        negated=denied != verbs.negated,
        hedges=hedges,
        modality=verbs.modality,
    )


def speech_frame(
    document: Document,
    piece: tuple[Range, ...],
    cue: Range,
    speaker: str,
    *,
    published_at: date | None,
    denied: bool,
) -> Frame:
    """Return the frame of "Roe condemned the raid": the saying itself is what is claimed."""
    inner = read_frame(document, piece, published_at=published_at, denied=False)
    words = frozenset(at for first, last in piece for at in range(first, last))
    top = next((at for at in sorted(words) if document.tokens[at].head not in words), piece[0][0])
    predicate = verb_lemma(document, cue[1] - 1)
    return replace(
        inner,
        predicate=predicate,
        family=family_of(predicate),
        agent=speaker,
        target=_phrase(document, words, top),
        negated=denied,
        modality="happened",
    )


def _counted(document: Document, words: frozenset[int], quantity: Quantity) -> Quantity:
    """Return the quantity with the thing counted as its unit: "20 Syrian soldiers" are soldiers."""
    if quantity.unit in MEASURES:
        return quantity
    inside = bisect_left(document.tokens, quantity.span.start, key=lambda token: token.start)
    while inside < len(document.tokens) and document.tokens[inside].start < quantity.span.end:
        number = document.tokens[inside]
        noun = number.head
        if (
            number.relation == "nummod"
            and noun in words
            and noun > inside
            and document.tokens[noun].pos == "NOUN"
        ):
            token = document.tokens[noun]
            end = max(quantity.span.end, token.end)
            return replace(quantity, unit=token.lower, span=Span(quantity.span.start, end))
        inside += 1
    return quantity


def _lower_words(document: Document, piece: tuple[Range, ...]) -> list[str]:
    return [token.lower for first, last in piece for token in document.tokens[first:last]]


def _char_ranges(document: Document, piece: tuple[Range, ...]) -> list[tuple[int, int]]:
    return [(document.tokens[first].start, document.tokens[last - 1].end) for first, last in piece]


def _event(document: Document, words: frozenset[int], verbs: VerbGroup) -> tuple[str, str]:
    """Return the predicate and the target in the active voice; "carried out a raid on X" is an attack on X."""
    at = verbs.deed
    below = [child for child in document.children[at] if child in words]
    if any(document.tokens[child].relation == "cop" for child in below):
        return "be", _phrase(document, words, at)
    particle = next(
        (document.tokens[c].lower for c in below if document.tokens[c].relation == "compound:prt"), ""
    )
    predicate = f"{verb_lemma(document, at)} {particle}".strip()
    objects = [child for child in below if document.tokens[child].relation == "obj"]
    if objects:
        deed = deed_of(predicate, document.tokens[objects[0]].lemma)
        if not deed:
            return predicate, _phrase(document, words, objects[0])
        inside = [child for child in document.children[objects[0]] if child in words]
        return deed, _after_preposition(
            document, words, [*inside, *below], frozenset({"on", "against", "of", "to", "at", "with"})
        )
    return predicate, _after_preposition(document, words, below, target_prepositions(predicate))


def _after_preposition(
    document: Document, words: frozenset[int], given: list[int], prepositions: frozenset[str]
) -> str:
    for child in given:
        case = {
            document.tokens[part].lower
            for part in document.children[child]
            if document.tokens[part].relation == "case"
        }
        if (
            document.tokens[child].relation in {"obl", "nmod"}
            and case & prepositions
            and document.tokens[child].lower not in _CALENDAR
        ):
            return _phrase(document, words, child)
    return ""


def _is_passive(document: Document, verbs: VerbGroup) -> bool:
    """Whether what stands as subject is what something is done to: "was hit", or "the bridge, built in 1960"."""
    relations = {document.tokens[child].relation for child in document.children[verbs.deed]}
    if "aux:pass" in relations or "nsubj:pass" in relations or "obl:agent" in relations:
        return True
    token = document.tokens[verbs.deed]
    return token.tag == "VBN" and token.relation in {"acl", "advcl"} and "aux" not in relations


def _subject(document: Document, piece: tuple[Range, ...], words: frozenset[int], verbs: VerbGroup) -> str:
    """Return the words for the subject: below the verb, or carried over from a clause around it."""
    for at in reversed(verbs.chain):
        for child in document.children[at]:
            if child in words and document.tokens[child].relation in SUBJECTS:
                return _phrase(document, words, child)
    before = [at for at in range(*piece[0]) if document.tokens[at].head not in words and at < verbs.at]
    before = [
        at for at in before if document.tokens[at].relation not in {"obl", "obl:unmarked", "punct", "aux"}
    ]
    return _phrase(document, words, before[0]) if before and len(piece) > 1 else ""


def _agent_of_passive(document: Document, words: frozenset[int], verbs: VerbGroup) -> str:
    for child in document.children[verbs.deed]:
        if child in words and (
            document.tokens[child].relation == "obl:agent"
            or (document.tokens[child].relation == "obl" and _has_case(document, child, "by"))
        ):
            return _phrase(document, words, child)
    return ""


def _has_case(document: Document, at: int, word: str) -> bool:
    return any(
        document.tokens[child].lower == word and document.tokens[child].relation == "case"
        for child in document.children[at]
    )


def _phrase(document: Document, words: frozenset[int], head: int) -> str:
    """Return the words around a noun that say who or what is meant; "" for a pronoun, which names nobody."""
    if head not in words or document.tokens[head].tag in {"PRP", "WP", "WDT", "EX"}:
        return ""
    kept, waiting = {head}, [head]
    while waiting:
        at = waiting.pop()
        for child in document.children[at]:
            relation = document.tokens[child].relation
            outside = relation in _TELLING_MORE or (at == head and relation in _OUTSIDE_PHRASE)
            if child in words and not outside:
                kept.add(child)
                waiting.append(child)
    first = last = head
    while first - 1 in kept or (first - 2 in kept and _is_inner(document, first - 1)):
        first -= 1
    while last + 1 in kept or (last + 2 in kept and _is_inner(document, last + 1)):
        last += 1
    return document.span(first, last + 1).of(document.text)


def _is_inner(document: Document, at: int) -> bool:
    """Whether a mark or "and" between two kept words belongs to the phrase they make up."""
    return document.tokens[at].relation in {"punct", "cc"} and document.tokens[at].lower not in {
        ",",
        ";",
        ":",
    }


def _moment(document: Document, piece: tuple[Range, ...], published_at: date | None) -> Moment | None:
    ahead = any(word in _AHEAD for word in _lower_words(document, piece))
    for start, end in _char_ranges(document, piece):
        found = find_moments(document.text, start, end, published_at=published_at, ahead=ahead)
        if found:
            return found[0]
    return None


def _place(document: Document, words: list[int], quantities: tuple[Quantity, ...]) -> str:
    """Return "near Tabqa" or "some 40km from Raqqa": a preposition of place before a name."""
    for at in words:
        token = document.tokens[at]
        if token.relation != "case" or not _names_place(document, at, token.head):
            continue
        end = document.tokens[_name_end(document, token.head)].end
        before = document.tokens[at - 1] if at else None
        if before is not None and token.lower in {"from", "of"} and before.lower in _DISTANCES:
            begin = next((q.span.start for q in quantities if q.span.end == before.end), None)
            if begin is not None:
                return document.text[begin:end]
        if token.lower in _PLACE_PREPOSITIONS:
            return document.text[token.start : end]
    return ""


def _names_place(document: Document, preposition: int, head: int) -> bool:
    """Whether a name stands between a preposition and the end of its noun that is no month or weekday."""
    return any(
        document.tokens[at].pos == "PROPN" and document.tokens[at].lower not in _CALENDAR
        for at in range(preposition + 1, head + 1)
    )


def _name_end(document: Document, head: int) -> int:
    """Return the last token of a name: "New York City", without what is joined to it."""
    last = head
    while (
        last + 1 < len(document.tokens)
        and document.tokens[last + 1].relation in {"flat", "goeswith"}
        and document.tokens[last + 1].head == head
    ):
        last += 1
    return last
