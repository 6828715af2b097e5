"""Verbs as cues: what each governs, and in which form."""

from typing import Final

from claims.extraction.attribution import cue_words
from claims.extraction.attribution.contents import (
    around,
    clause_content,
    end_of_reach,
    is_finite,
    is_quoted,
    object_content,
    trim,
)
from claims.extraction.attribution.readings import Reading, read_cue
from claims.extraction.attribution.sources import Source, agent_of, source_of, speaker_after
from claims.extraction.parse.trees import Phrase, SentenceTree

_VERBAL: Final = frozenset({"VERB", "AUX"})
_FINITE: Final = frozenset({"VBD", "VBZ", "VBP", "MD"})
_OPENS_CLAUSE: Final = frozenset(
    {"DT", "PRP", "PRP$", "NNP", "NNS", "NN", "NNPS", "EX", "JJ", "CD", "IN", "WRB", "WP", "WDT"}
)
_NOMINAL_PHRASE: Final = frozenset({"NOUN", "PROPN", "PRON", "DET", "ADJ", "NUM", "ADP"})
_SPEAKERS: Final = frozenset({"NOUN", "PROPN", "PRON"})
_LONGEST_INSERTION: Final = 12
_BEFORE_INVERSION: Final = frozenset({",", "?", "!"})
_AS_SPEAKER: Final = ("nsubj", "obj", "ccomp", "xcomp", "dep", "parataxis", "iobj")
_CLAUSE_WORDS: Final = frozenset({"that", "whether", "how", "why", "what"})


def read_verb(tree: SentenceTree, at: int) -> Reading | None:
    """Read a verb by the first of its complements that can be a content."""
    token = tree.document.tokens[at]
    base = cue_words.base_of(token.lower, token.lemma)
    for read in (
        _reputed,
        _between_commas,
        _inverted,
        _clausal,
        _inserted,
        _quoting,
        _loose,
        _infinitive,
        _as,
        _prepositional,
        _objective,
    ):
        reading = read(tree, at, base)
        if reading is not None:
            return reading
    return None


def _clausal(tree: SentenceTree, at: int, base: str) -> Reading | None:
    """Read "said (that) the road is closed", also with the clause in front."""
    if base in cue_words.CAUSING:
        return None
    clause = tree.child(at, "ccomp")
    if clause is None:
        return None
    if clause > at and not _is_finite(tree, clause) and base not in cue_words.SPEECH | cue_words.THOUGHT:
        return None
    source = source_of(tree, at)
    content = clause_content(tree, at, clause, base, source)
    return read_cue(tree, at, base, "clause", source, content)


def _between_commas(tree: SentenceTree, at: int, base: str) -> Reading | None:
    """Read "The road, officials said, is closed", whatever the tree takes for the subject of "said"."""
    document = tree.document
    tokens, quoted = document.tokens, document.quotation_at
    if base not in cue_words.SPEECH | cue_words.THOUGHT or tokens[at].tag not in _FINITE:
        return None
    after = next((i for i in range(at + 1, min(at + 4, tree.last)) if tokens[i].lower == ","), None)
    before = at - 1
    while before > tree.first and at - before <= _LONGEST_INSERTION and tokens[before].pos in _NOMINAL_PHRASE:
        before -= 1
    if after is None or before <= tree.first or before == at - 1 or tokens[before].lower != ",":
        return None
    if quoted[before - 1] >= 0 or quoted[at] >= 0 or not is_finite(tree, after, tree.last):
        return None
    if any(tokens[i].pos in _VERBAL for i in range(at + 1, after)):
        return None
    phrase = Phrase(before + 1, at, at)
    head = next((i for i in range(at - 1, before, -1) if tokens[i].pos in _SPEAKERS), None)
    if head is None or is_finite(tree, tree.first, before):
        return None
    content = [trim(tree, tree.first, before), trim(tree, after, tree.last)]
    return read_cue(tree, at, base, "around", Source(phrase, head), content)


def _inverted(tree: SentenceTree, at: int, base: str) -> Reading | None:
    """Read "…, said the mayor", however the tree hangs the mayor on the verb."""
    document = tree.document
    if base not in cue_words.SPEECH or base in cue_words.ADDRESSING or not tree.first < at < tree.last - 1:
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
    content = [trim(tree, _start_before(tree, at), at)]
    if content[0][0] >= content[0][1] or not (closes_quotation or is_finite(tree, *content[0])):
        return None
    going_on = next((i for i in range(phrase.last, tree.last) if is_quoted(document, i)), None)
    if going_on is not None and closes_quotation:
        content.append(trim(tree, going_on, tree.last))
    return read_cue(tree, at, base, "clause", Source(phrase, speaker), content)


def _speaker_behind(tree: SentenceTree, at: int) -> int | None:
    """Return the head of the phrase right behind a verb without a subject before it, if it can be one."""
    tokens = tree.document.tokens
    if any(child < at for child in tree.children(at, "nsubj", "nsubj:pass")):
        return None
    for child in tree.children(at, *_AS_SPEAKER):
        if child > at and tree.extent(child)[0] == at + 1:
            is_named = tokens[child].pos in {"PROPN", "NOUN", "PRON"} and tokens[child].lower not in {
                "that",
                "it",
            }
            is_clause = tokens[child].relation == "ccomp" and tree.subject(child) is not None
            return child if is_named and not is_clause else None
    return None


def _start_before(tree: SentenceTree, at: int) -> int:
    """Return where what is said before an inverted verb begins."""
    above = tree.document.tokens[at].head
    if is_quoted(tree.document, at - 1) or above < 0:
        return tree.first
    return tree.extent(above if above < at else at)[0]


def _is_finite(tree: SentenceTree, clause: int) -> bool:
    tokens = tree.document.tokens
    if tokens[clause].tag in _FINITE:
        return True
    return any(
        tokens[child].tag in _FINITE or (tokens[child].relation == "mark" and tokens[child].lower != "to")
        for child in tree.document.children[clause]
    ) or is_quoted(tree.document, clause)


def _inserted(tree: SentenceTree, at: int, base: str) -> Reading | None:
    """Read "The road, he said, is closed": the verb hangs on the content."""
    token = tree.document.tokens[at]
    if token.relation not in {"parataxis", "advcl", "discourse", "dep"} or token.head < 0:
        return None
    known = base in cue_words.SPEECH | cue_words.THOUGHT
    as_said = any(tree.document.tokens[c].lower == "as" for c in tree.children(at, "mark", "advmod"))
    if token.relation == "advcl" and not (as_said and known):
        return None
    if not known or tree.child(at, "ccomp", "xcomp", "obj") is not None:
        return None
    source = source_of(tree, at)
    if source.phrase is None or source.inherited:
        return None
    content = around(tree, at, token.head)
    return read_cue(tree, at, base, "around", source, content)


def _quoting(tree: SentenceTree, at: int, base: str) -> Reading | None:
    """Read any verb of a person beside a quotation: "he shrugged: “No.”"."""
    document = tree.document
    if is_quoted(document, at):
        return None
    source = source_of(tree, at)
    if source.phrase is None:
        return None
    after = at + 1
    while (
        after < tree.last
        and not is_quoted(document, after)
        and document.tokens[after].lower not in {":", ","}
    ):
        after += 1
    if (
        after + 1 < tree.last
        and document.tokens[after].lower in {":", ","}
        and is_quoted(document, after + 1)
        and (document.tokens[after].lower == ":" or base in cue_words.SPEECH)
    ):
        return read_cue(tree, at, base, "quotation", source, [trim(tree, after + 1, tree.last)])
    begins = min(at, source.phrase.first)
    before = begins - 1
    if base in cue_words.SPEECH and before > tree.first and is_quoted(document, before):
        content = [trim(tree, tree.first, begins)]
        return read_cue(tree, at, base, "quotation", source, content)
    if base in cue_words.SPEECH:
        clause = tree.child(at, "parataxis")
        if clause is not None and clause > at and document.tokens[clause - 1].lower != "(":
            first = tree.extent(clause)[0]
            if first > at and document.tokens[first - 1].lower in {":", ","}:
                return read_cue(tree, at, base, "quotation", source, [trim(tree, first, tree.last)])
    return None


def _loose(tree: SentenceTree, at: int, base: str) -> Reading | None:
    """Read "said the road is closed" where the tree has no clause: a finite verb stands in what follows."""
    tokens = tree.document.tokens
    if (
        base not in cue_words.SPEECH | cue_words.THOUGHT
        or base in cue_words.CAUSING
        or tree.child(at, "aux:pass") is not None
    ):
        return None
    first = at + 1
    while first < tree.last and tokens[first].tag == "RB" and tokens[first].lower not in {"not", "only"}:
        first += 1
    if first < tree.last and tokens[first].lower == "like" and base in {"feel", "look", "seem", "sound"}:
        first += 1
    if first + 2 >= tree.last or tokens[first].tag not in _OPENS_CLAUSE:
        return None
    if tokens[first].tag in {"IN", "WRB", "WP", "WDT"} and tokens[first].lower not in _CLAUSE_WORDS:
        return None
    last = max(tree.extent(at)[1], first)
    verb = next(
        (
            i
            for i in range(first, last)
            if tokens[i].tag in _FINITE or tokens[i].lower in {",", ";", ":", "who", "which"}
        ),
        None,
    )
    if verb is None or tokens[verb].tag not in _FINITE or verb == first:
        return None
    if tokens[first].lower != "that" and any(
        tokens[i].lower in {"that", "when", "as", "while", "if", "because", "what", "how"}
        for i in range(first + 1, verb)
    ):
        return None
    source = source_of(tree, at)
    if source.phrase is None:
        return None
    return read_cue(tree, at, base, "clause", source, [trim(tree, first, last)])


def _infinitive(tree: SentenceTree, at: int, base: str) -> Reading | None:
    """Read "vowed to close the road", "urged them to leave"."""
    if base not in cue_words.INTENT:
        return None
    clause = tree.child(at, "xcomp")
    if clause is None or clause < at:
        return None
    first = tree.extent(clause)[0]
    target = tree.child(at, "obj", "iobj")
    if target is not None and target > at:
        first = min(first, tree.extent(target)[0])
    elif tree.document.tokens[clause].pos not in _VERBAL:
        return None
    source = source_of(tree, at)
    return read_cue(tree, at, base, "infinitive", source, [trim(tree, first, end_of_reach(tree, at, clause))])


def _as(tree: SentenceTree, at: int, base: str) -> Reading | None:
    """Read "described the raid as a crime"."""
    if base not in cue_words.AS:
        return None
    target = tree.child(at, "obj")
    named = next(
        (
            c
            for c in tree.children(at, "obl", "advcl", "xcomp")
            if any(tree.document.tokens[m].lower == "as" for m in tree.document.children[c])
        ),
        None,
    )
    if target is None or named is None or named < target or target < at:
        return None
    source = source_of(tree, at)
    return read_cue(tree, at, base, "as", source, [trim(tree, tree.extent(target)[0], tree.extent(named)[1])])


def _prepositional(tree: SentenceTree, at: int, base: str) -> Reading | None:
    """Read "called for calm", "warned of floods": the preposition is part of the cue."""
    if base not in cue_words.ABOUT:
        return None
    document = tree.document
    for child in tree.children(at, "obl", "advcl"):
        case = tree.child(child, "case", "mark")
        if case is not None and case > at and document.tokens[case].lower in cue_words.ABOUT[base]:
            first = case + 1
            last = tree.extent(child)[1]
            if first >= last:
                continue
            end = case + 1 if case - at <= 3 else at + 1
            return read_cue(tree, at, base, "about", source_of(tree, at), [trim(tree, first, last)], end)
    return None


def _objective(tree: SentenceTree, at: int, base: str) -> Reading | None:
    """Read "condemned the raid", "was condemned by the mayor"."""
    if base not in cue_words.ATTITUDE:
        return None
    passive = tree.child(at, "nsubj:pass")
    if passive is not None:
        source = agent_of(tree, at)
        if source.phrase is None:
            return None
        phrase = tree.phrase(passive, without=at)
        return read_cue(tree, at, base, "object", source, [(phrase.first, phrase.last)])
    target = tree.child(at, "obj")
    if target is None or target < at:
        return None
    source = source_of(tree, at)
    return read_cue(tree, at, base, "object", source, object_content(tree, at, target))


def _reputed(tree: SentenceTree, at: int, base: str) -> Reading | None:
    """Read "is believed to have left", "it is said that he left": nobody is named, or "by" names them."""
    document = tree.document
    if base not in cue_words.REPUTED or tree.child(at, "aux:pass") is None:
        return None
    source = agent_of(tree, at)
    passive = tree.child(at, "nsubj:pass")
    clause = tree.child(at, "xcomp", "ccomp", "csubj", "csubj:pass")
    if clause is None or clause < at:
        return None
    own = trim(tree, *tree.extent(clause))
    if document.tokens[clause].relation == "xcomp" and passive is not None:
        phrase = tree.phrase(passive, without=at)
        return read_cue(tree, at, base, "reputed", source, [(phrase.first, phrase.last), own])
    return read_cue(tree, at, base, "reputed", source, [own])
