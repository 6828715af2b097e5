"""Verbs of saying set behind, before or inside what is said: "The road, officials said, is closed"."""

from typing import Final

from claims.extraction.attribution import cue_words
from claims.extraction.attribution.contents import around, is_finite, is_quoted, trim
from claims.extraction.attribution.readings import Reading, read_cue
from claims.extraction.attribution.sources import Source, source_of, speaker_after
from claims.extraction.lexicon import TIME_WORDS
from claims.extraction.parse.trees import Phrase, SentenceTree

_VERBAL: Final = frozenset({"VERB", "AUX"})
_FINITE: Final = frozenset({"VBD", "VBZ", "VBP", "MD"})
_NOMINAL_PHRASE: Final = frozenset({"NOUN", "PROPN", "PRON", "DET", "ADJ", "NUM", "ADP", "CCONJ"})
_SPEAKERS: Final = frozenset({"NOUN", "PROPN", "PRON"})
_AS_SPEAKER: Final = ("nsubj", "obj", "ccomp", "xcomp", "dep", "parataxis", "iobj", "obl")
_BEFORE_INVERSION: Final = frozenset({",", "?", "!"})
_RELATIVE: Final = frozenset({"who", "which", "that", "whose", "whom"})
_TIME: Final = TIME_WORDS | {"on", "in", "last", "this", "late", "early", "earlier", "later"}
_LONGEST_INSERTION: Final = 12
_FEWEST_SAID: Final = 3
_LONGEST_ADDRESSEE: Final = 6


def read_between_commas(tree: SentenceTree, at: int, base: str) -> Reading | None:
    """Read "The road, officials said, is closed", whatever the tree takes for the subject of "said"."""
    document = tree.document
    tokens, quoted = document.tokens, document.quotation_at
    if base not in cue_words.SPEECH | cue_words.THOUGHT or tokens[at].tag not in _FINITE:
        return None
    after = next((i for i in range(at + 1, min(at + 4, tree.last)) if tokens[i].lower == ","), None)
    before = _comma_before(tree, at)
    if after is None or before is None:
        return None
    if quoted[before - 1] >= 0 or quoted[at] >= 0 or not is_finite(tree, after, tree.last):
        return None
    if any(tokens[i].pos in _VERBAL for i in range(at + 1, after)):
        return None
    phrase = Phrase(before + 1, at, at)
    head = _speaker_between(tree, before, at)
    if head is None or is_finite(tree, tree.first, before):
        return None
    content = [trim(tree, tree.first, before), trim(tree, after, tree.last)]
    return read_cue(tree, at, base, "around", Source(phrase, head), content)


def _comma_before(tree: SentenceTree, at: int) -> int | None:
    """Return the comma that only a noun phrase parts from the verb `at`."""
    tokens = tree.document.tokens
    before = at - 1
    while before > tree.first and at - before <= _LONGEST_INSERTION and tokens[before].pos in _NOMINAL_PHRASE:
        before -= 1
    opens = tree.first < before < at - 1 and tokens[before + 1].pos != "CCONJ"
    return before if opens and tokens[before].lower == "," else None


def _speaker_between(tree: SentenceTree, comma: int, at: int) -> int | None:
    return next((i for i in range(at - 1, comma, -1) if tree.document.tokens[i].pos in _SPEAKERS), None)


def read_inverted(tree: SentenceTree, at: int, base: str) -> Reading | None:
    """Read "…, said the mayor", however the tree hangs the mayor on the verb."""
    document = tree.document
    if base not in cue_words.SPEECH or base in cue_words.ADDRESSING or not tree.first < at < tree.last - 1:
        return None
    if document.tokens[at].tag == "VBG":
        return None
    closes_quotation = is_quoted(document, at - 1)
    if is_quoted(document, at) != closes_quotation and (
        is_quoted(document, at) or is_quoted(document, at + 1)
    ):
        return None
    if document.tokens[at - 1].lower not in _BEFORE_INVERSION and not closes_quotation:
        return None
    speaker = _speaker_behind(tree, at)
    if speaker is None:
        return None
    phrase = speaker_after(tree, speaker)
    phrase = Phrase(at + 1, phrase.last, phrase.head_last)
    content = [trim(tree, _start_before(tree, at), at)]
    if content[0][1] - content[0][0] < _FEWEST_SAID and not closes_quotation:
        return None
    if not (closes_quotation or is_finite(tree, *content[0]) or _only_mark_follows(tree, phrase.last)):
        return None
    going_on = next((i for i in range(phrase.last, tree.last) if is_quoted(document, i)), None)
    if going_on is not None and closes_quotation:
        content.append(trim(tree, going_on, tree.last))
    return read_cue(tree, at, base, "clause", Source(phrase, speaker), content)


def _speaker_behind(tree: SentenceTree, at: int) -> int | None:
    """Return the head of the phrase right behind a verb without a subject before it, if it can be one."""
    tokens = tree.document.tokens
    subjects = list(tree.children(at, "nsubj", "nsubj:pass"))
    is_behind = any(child > at and tree.extent(child)[0] == at + 1 for child in subjects)
    if not is_behind and any(child < at for child in subjects):
        return None
    for child in tree.children(at, *_AS_SPEAKER):
        if child > at and tree.extent(child)[0] == at + 1 and not _is_circumstance(tree, child):
            is_named = tokens[child].pos in {"PROPN", "NOUN", "PRON"} and tokens[child].lower not in {
                "that",
                "it",
            }
            is_clause = tokens[child].relation == "ccomp" and tree.subject(child) is not None
            return child if is_named and not is_clause else None
    return None


def _is_circumstance(tree: SentenceTree, child: int) -> bool:
    """Whether an oblique is one, and not a name whose first part the tagger took for a preposition."""
    first = tree.document.tokens[tree.extent(child)[0]]
    return tree.document.tokens[child].relation == "obl" and not first.capital


def _only_mark_follows(tree: SentenceTree, at: int) -> bool:
    """Whether nothing but the mark at the end of the sentence stands from `at` on."""
    return all(token.pos == "PUNCT" for token in tree.document.tokens[at : tree.last])


def _start_before(tree: SentenceTree, at: int) -> int:
    """Return where what is said before an inverted verb begins."""
    above = tree.document.tokens[at].head
    if is_quoted(tree.document, at - 1) or above < 0:
        return tree.first
    return tree.extent(above if above < at else at)[0]


_SETTINGS: Final = frozenset({"obl", "obl:unmarked", "advmod"})


def read_closing(tree: SentenceTree, at: int, base: str) -> Reading | None:
    """Read "The road is closed, officials said on Monday", wherever the tree hangs the officials."""
    document = tree.document
    tokens, quoted = document.tokens, document.quotation_at
    if base not in cue_words.SPEECH | cue_words.FINDING or tokens[at].tag not in _FINITE or quoted[at] >= 0:
        return None
    after = _behind_addressee(tree, at, base)
    while after < tree.last and (tokens[after].lower in _TIME or tokens[after].pos == "NUM"):
        after += 1
    if not _only_setting_follows(tree, at):
        if after < tree.last and not _only_mark_follows(tree, after) and tokens[after].lower != ",":
            return None
        if after + 1 < tree.last and tokens[after].lower == "," and tokens[after + 1].tag != "VBG":
            return None
    before = _comma_before(tree, at)
    if before is None or before - tree.first < _FEWEST_SAID:
        return None
    if quoted[before] >= 0 or quoted[before - 1] >= 0 or tokens[before + 1].lower in _RELATIVE:
        return None
    head = _speaker_between(tree, before, at)
    if head is None or tokens[before + 1].pos == "ADP" or not _has_verb(tree, tree.first, before):
        return None
    source = Source(Phrase(before + 1, at, at), head)
    return read_cue(tree, at, base, "clause", source, [trim(tree, tree.first, before)])


def _behind_addressee(tree: SentenceTree, at: int, base: str) -> int:
    """Return where "told |the BBC on Sunday" goes on behind whom they told; behind the verb if nobody."""
    if base not in cue_words.ADDRESSING:
        return at + 1
    target = tree.child(at, "obj", "iobj")
    is_behind = target is not None and tree.extent(target)[0] == at + 1 and target - at <= _LONGEST_ADDRESSEE
    return at + 1 if target is None or not is_behind else target + 1


def _only_setting_follows(tree: SentenceTree, at: int) -> bool:
    """Whether what hangs on the verb behind it, to the sentence's end, is where and when it was said."""
    tokens = tree.document.tokens
    settings = [child for child in tree.document.children[at] if child > at and tokens[child].pos != "PUNCT"]
    if not settings or any(tokens[child].relation not in _SETTINGS for child in settings):
        return False
    return _only_mark_follows(tree, tree.extent(settings[-1])[1])


def _has_verb(tree: SentenceTree, first: int, last: int) -> bool:
    tokens = tree.document.tokens
    opens_late = tokens[first].tag in {"IN", "VBG"} and tokens[first + 1].lower not in {"least", "most"}
    return not opens_late and any(tokens[at].pos in _VERBAL for at in range(first, last))


def read_inserted(tree: SentenceTree, at: int, base: str) -> Reading | None:
    """Read "The road, he said, is closed": the verb hangs on the content."""
    token = tree.document.tokens[at]
    if token.relation not in {"parataxis", "advcl", "discourse", "dep", "acl"} or token.head < 0:
        return None
    known = base in cue_words.SPEECH | cue_words.THOUGHT
    as_said = any(tree.document.tokens[c].lower == "as" for c in tree.children(at, "mark", "advmod"))
    if as_said and _puts_it(tree, at):
        own_first, own_last = tree.extent(at)
        content = [trim(tree, tree.first, own_first), trim(tree, own_last, tree.last)]
        content = [part for part in content if part[0] < part[1]]
        return read_cue(tree, at, "say", "around", source_of(tree, at), content, at + 2)
    if token.relation in {"advcl", "acl"} and not (as_said and known):
        return None
    if not known or tree.child(at, "ccomp", "xcomp", "obj") is not None:
        return None
    source = source_of(tree, at)
    if source.phrase is None or source.inherited:
        return None
    content = around(tree, at, token.head)
    return read_cue(tree, at, base, "around", source, content)


def _puts_it(tree: SentenceTree, at: int) -> bool:
    """Whether the verb is that of "as the mayor put it"."""
    tokens = tree.document.tokens
    return tokens[at].lemma == "put" and at + 1 < tree.last and tokens[at + 1].lower == "it"
