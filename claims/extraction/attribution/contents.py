"""What a cue governs: the clause, quotation or phrase before it, after it or around it."""

from typing import Final

from claims.extraction.attribution import cue_words
from claims.extraction.attribution.sources import Source, is_act_of_speaker
from claims.extraction.parse.document import Document, Range
from claims.extraction.parse.trees import SUBJECTS, SentenceTree

_EDGES: Final = frozenset({",", ";", ":", ".", "-", "–", "—", "--", "?", "!", "…"})
_CIRCUMSTANCES: Final = frozenset(
    {"advmod", "obl", "obl:tmod", "obl:unmarked", "punct", "compound:prt", "discourse", "iobj"}
)
_PREDICATED: Final = frozenset({"xcomp", "obj", "ccomp", "dep", "nmod", "acl", "acl:relcl"})
_OF_OBJECTS: Final = frozenset({"for", "of", "as", "to", "with", "from", "against"})
_OPENS_CLAUSE: Final = frozenset({"DET", "PRON", "PROPN", "SCONJ"})
_FINITE: Final = frozenset({"VBD", "VBZ", "VBP", "MD"})


def is_quoted(document: Document, at: int) -> bool:
    return document.quotation_at[at] >= 0


def is_finite(tree: SentenceTree, first: int, last: int) -> bool:
    """Whether a finite verb stands in the range."""
    return any(tree.document.tokens[at].tag in _FINITE for at in range(first, last))


def trim(tree: SentenceTree, first: int, last: int) -> Range:
    """Return the range without the marks at its edges that stand outside of quotations.

    The marks of a quotation that opens or closes at an edge are taken in.
    """
    tokens, quoted = tree.document.tokens, tree.document.quotation_at
    while first < last and quoted[first] < 0 and tokens[first].lower in _EDGES:
        first += 1
    while last > first and quoted[last - 1] < 0 and tokens[last - 1].lower in _EDGES:
        last -= 1
    if first < last:
        while (
            first > tree.first
            and quoted[first] >= 0
            and quoted[first - 1] == quoted[first]
            and not tokens[first - 1].lower[0].isalnum()
        ):
            first -= 1
        while (
            last < tree.last
            and quoted[last - 1] >= 0
            and quoted[last] == quoted[last - 1]
            and not tokens[last].lower[0].isalnum()
        ):
            last += 1
    return first, last


def clause_content(tree: SentenceTree, at: int, clause: int, base: str, source: Source) -> list[Range]:
    """Return the clause that the verb `at` governs, as far as it goes."""
    if clause < at:
        return content_before(tree, at, clause, source)
    tokens = tree.document.tokens
    first = _start_after(tree, at, clause, base)
    last = _end_of_quotation(tree, first) or end_of_reach(tree, at, clause)
    last = min(last, _before_addition(tree, first, last), _before_next_act(tree, at, clause, last))
    content = [trim(tree, first, last)]
    phrase = source.phrase if not source.inherited else None
    opening = phrase.first if phrase is not None else at
    if opening - tree.first > 2 and tokens[opening - 1].lower == "," and tokens[first - 1].lower == ",":
        content.insert(0, trim(tree, tree.extent(at)[0], opening))
    return _non_empty(content)


def _non_empty(parts: list[Range]) -> list[Range]:
    return [part for part in parts if part[0] < part[1]]


def _before_addition(tree: SentenceTree, first: int, last: int) -> int:
    """Return where ", adding that ..." or ", according to ..." ends a content, or `last`."""
    tokens = tree.document.tokens
    for at in range(first + 1, last - 1):
        verb = tokens[at + 1]
        if tokens[at].lower == "," and verb.lower == "according" and not is_quoted(tree.document, at):
            return at
        adds = tokens[at].lower == "," and verb.tag == "VBG" and not is_quoted(tree.document, at)
        if adds and cue_words.base_of(verb.lower, verb.lemma) in cue_words.SPEECH:
            return at
    return last


def content_before(tree: SentenceTree, at: int, clause: int, source: Source) -> list[Range]:
    """Return what stands before "he said", and the quotation that goes on after it."""
    phrase = source.phrase if not source.inherited else None
    first, last = tree.extent(clause)
    end = at if phrase is None or phrase.first > at else phrase.first
    end = min(end, last) if last <= at and phrase is None else end
    if tree.document.tokens[at].head < 0:
        first = tree.first
    parts = [trim(tree, first, min(end, _close_of_quotation(tree, first, end)))]
    after = at + 1 if phrase is None else max(at + 1, phrase.last)
    going_on = next((i for i in range(after, tree.last) if is_quoted(tree.document, i)), None)
    if going_on is not None and _goes_on(tree, going_on):
        parts.append(trim(tree, going_on, tree.last))
    elif (
        after < tree.last
        and tree.document.tokens[after].lower == ","
        and is_finite(tree, after, tree.last)
        and clause < after < tree.extent(clause)[1]
    ):
        parts.append(trim(tree, after, tree.extent(clause)[1]))
    return _non_empty(parts)


def _before_next_act(tree: SentenceTree, at: int, clause: int, last: int) -> int:
    """Return where "denied it had fired |and said ..." goes on with the speaker, or `last`."""
    for child in tree.children(clause, "conj"):
        if at < child < last and is_act_of_speaker(tree, at, clause, child):
            joined = tree.child(child, "cc")
            return child if joined is None else joined
    return last


def _goes_on(tree: SentenceTree, at: int) -> bool:
    """Whether the quotation that opens at `at` goes on with one before it, and is no word inside a clause."""
    before = tree.document.tokens[at - 1]
    return before.pos in {"PUNCT", "CCONJ"} or is_finite(tree, at, tree.last)


def _start_after(tree: SentenceTree, at: int, clause: int, base: str) -> int:
    """Return where the content begins behind the verb, its addressee and circumstances.

    The tree may hang the subject of the clause on the verb itself; behind a verb that takes no object but
    what is said, everything that is no circumstance belongs to what is said.
    """
    tokens = tree.document.tokens
    first = max(tree.extent(clause)[0], at + 1)
    if first == at + 1 and first + 1 < clause and tokens[first].lower.endswith("ly"):
        first += tokens[first].tag == "RB" and tokens[first + 1].pos in _OPENS_CLAUSE
    if base in cue_words.TELLING or base not in cue_words.SPEECH | cue_words.THOUGHT:
        return first
    for child in tree.document.children[at]:
        if at < child < clause and tree.child(child, "fixed") is not None:
            return min(first, child)
        if (
            at < child < clause
            and tokens[child].relation not in _CIRCUMSTANCES
            and tokens[child].relation not in SUBJECTS
        ):
            return min(first, max(tree.extent(child)[0], at + 1))
    return first


def _end_of_quotation(tree: SentenceTree, first: int) -> int | None:
    """Return the end of the quotation that opens at `first`, if it holds a sentence of its own."""
    quoted = tree.document.quotation_at
    if quoted[first] < 0 or (first > tree.first and quoted[first - 1] == quoted[first]):
        return None
    last = first
    while last < tree.last and quoted[last] == quoted[first]:
        last += 1
    return last if is_finite(tree, first, last) else None


def end_of_reach(tree: SentenceTree, at: int, clause: int) -> int:
    """Return where what the verb says ends: before its next predicate, or with its own clause."""
    tokens = tree.document.tokens
    end = tree.extent(clause)[1]
    for child in tree.document.children[at]:
        relation = tokens[child].relation
        if child < end or relation == "punct":
            continue
        if relation == "conj" and _is_said_too(tree, child):
            end = max(end, tree.extent(child)[1])
            continue
        if relation in {"conj", "parataxis", "cc"} or relation in SUBJECTS:
            break
        if relation == "advcl" and tokens[child].tag == "VBG" and tokens[tree.extent(child)[0]].tag == "VBG":
            break
        end = max(end, tree.extent(child)[1])
    return end


def _close_of_quotation(tree: SentenceTree, first: int, end: int) -> int:
    """Return where the quotation opened at `first` closes, if only names follow it; else `end`."""
    quoted, tokens = tree.document.quotation_at, tree.document.tokens
    close = first
    while close < end and quoted[close] >= 0 and quoted[close] == quoted[first]:
        close += 1
    behind = tokens[close:end]
    return end if any(token.pos in {"VERB", "AUX", "PRON"} for token in behind) or close == first else close


def _is_said_too(tree: SentenceTree, clause: int) -> bool:
    """Whether a clause is one more thing said: "said it was closed and |that it would stay so".

    What "would" be, without a subject of its own, would be by what is said before it.
    """
    if tree.subject(clause) is None and any(
        tree.document.tokens[child].lower == "would" for child in tree.children(clause, "aux")
    ):
        return True
    first, tokens = tree.extent(clause)[0], tree.document.tokens
    first += tokens[first].relation == "cc"
    return tokens[first].lower == "that" and tokens[first].relation == "mark"


def around(tree: SentenceTree, at: int, head: int) -> list[Range]:
    """Return the content that the verb `at` is inserted into, `head` being its predicate."""
    own_first, own_last = tree.extent(at)
    first, last = tree.extent(head)
    if tree.document.tokens[head].head < 0:
        first, last = tree.first, tree.last
    return _non_empty([trim(tree, first, own_first), trim(tree, own_last, last)])


def object_content(tree: SentenceTree, at: int, target: int) -> list[Range]:
    """Return the object with the predicate said of it: "the raid a crime", "the crew for the loss"."""
    tokens = tree.document.tokens
    first, last = tree.extent(target)
    for child in tree.document.children[at]:
        left, right = tree.extent(child)
        if child < target or left < last:
            continue
        relation = tokens[child].relation
        if relation not in _PREDICATED and not (
            relation in {"obl", "advcl"} and tokens[left].lower in _OF_OBJECTS
        ):
            if relation == "punct":
                continue
            break
        last = max(last, right)
    return _non_empty([trim(tree, max(first, at + 1), last)])
