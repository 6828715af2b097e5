"""Verbs as cues: what each governs, and in which form."""

from collections.abc import Iterator
from typing import Final

from claims.extraction.attribution import cue_words
from claims.extraction.attribution.contents import (
    clause_content,
    end_of_reach,
    is_quoted,
    object_content,
    trim,
)
from claims.extraction.attribution.placed_cues import (
    read_between_commas,
    read_closing,
    read_inserted,
    read_inverted,
)
from claims.extraction.attribution.readings import Form, Reading, read_cue
from claims.extraction.attribution.sources import NOBODY, Source, agent_of, source_of
from claims.extraction.attribution.toll_cues import read_toll
from claims.extraction.parse.document import Range
from claims.extraction.parse.trees import Phrase, SentenceTree

_VERBAL: Final = frozenset({"VERB", "AUX"})
_FINITE: Final = frozenset({"VBD", "VBZ", "VBP", "MD"})
_OPENS_CLAUSE: Final = frozenset(
    {"DT", "PRP", "PRP$", "NNP", "NNS", "NN", "NNPS", "EX", "JJ", "CD", "IN", "WRB", "WP", "WDT"}
)
_FARTHEST_THAT: Final = 12
_CLAUSE_WORDS: Final = frozenset({"that", "whether", "how", "why", "what"})


def read_verb(tree: SentenceTree, at: int) -> Reading | None:
    """Read a verb by the first of its complements that can be a content."""
    token = tree.document.tokens[at]
    base = cue_words.base_of(token.lower, token.lemma)
    if _is_by_others(tree, at):
        return _objective(tree, at, base)
    if toll := read_toll(tree, at):
        return toll
    for read in (
        _reputed,
        read_between_commas,
        read_inverted,
        read_closing,
        _clausal,
        read_inserted,
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


def _is_by_others(tree: SentenceTree, at: int) -> bool:
    """Whether a participle says who did it: "the blast |claimed| by the rebels tore through"."""
    token = tree.document.tokens[at]
    if token.tag not in {"VBN", "VBD"} or at + 1 >= tree.last or tree.document.tokens[at + 1].lower != "by":
        return False
    helped = tree.child(at, "aux", "aux:pass") is not None
    return (
        not helped and tree.document.tokens[at - 1].pos in {"NOUN", "PROPN"} and agent_of(tree, at).head >= 0
    )


def _clausal(tree: SentenceTree, at: int, base: str) -> Reading | None:
    """Read "said (that) the road is closed", also with the clause in front."""
    if base in cue_words.CAUSING:
        return None
    behind = _clause_behind_object(tree, at, base)
    if behind is not None:
        first, last = tree.extent(behind)
        return read_cue(tree, at, base, "clause", source_of(tree, at), [trim(tree, first, last)])
    clause = tree.child(at, "ccomp")
    if clause is None:
        return None
    if clause > at and not _is_finite(tree, clause) and base not in cue_words.SPEECH | cue_words.THOUGHT:
        return None
    source = source_of(tree, at)
    content = clause_content(tree, at, clause, base, source)
    return read_cue(tree, at, base, "clause", source, content)


def _clause_behind_object(tree: SentenceTree, at: int, base: str) -> int | None:
    """Return what the "that" behind a noun opens: "told the court that", "said in a letter that".

    The tree hangs such a clause on the noun as often as on the verb; who denies a report that it is so
    denies the clause.
    """
    tokens = tree.document.tokens
    if base not in cue_words.SPEECH | cue_words.DENIAL:
        return None
    for child in tree.children(at, "obj", "iobj", "obl"):
        clause = tree.child(child, "acl", "acl:relcl", "ccomp")
        if child < at or clause is None or clause < child:
            continue
        opens = tree.extent(clause)[0]
        if (
            tokens[opens].lower == "that"
            and tokens[opens].relation == "mark"
            and opens - at <= _FARTHEST_THAT
        ):
            return clause
    return None


def _is_finite(tree: SentenceTree, clause: int) -> bool:
    tokens = tree.document.tokens
    if tokens[clause].tag in _FINITE:
        return True
    return any(
        tokens[child].tag in _FINITE or (tokens[child].relation == "mark" and tokens[child].lower != "to")
        for child in tree.document.children[clause]
    ) or is_quoted(tree.document, clause)


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
        or (base in cue_words.INTENT - cue_words.SPEECH and tree.child(at, "xcomp") is not None)
    ):
        return None
    first = at + 1
    while first < tree.last and tokens[first].tag == "RB" and tokens[first].lower not in {"not", "only"}:
        first += 1
    before_predicate = _before_predicate(tree, at, first)
    if before_predicate is not None:
        return read_cue(tree, at, base, "clause", source_of(tree, at), [before_predicate])
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
            for i in _without_aside(tree, first, last)
            if tokens[i].tag in _FINITE or tokens[i].lower in {",", ";", ":", "who", "which", "and", "or"}
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


def _without_aside(tree: SentenceTree, first: int, last: int) -> Iterator[int]:
    """Give the tokens [first, last) without ", including two children,"."""
    words = [token.lower for token in tree.document.tokens[first:last]]
    opens = next((at for at in range(len(words) - 1) if words[at : at + 2] == [",", "including"]), len(words))
    closes = next((at for at in range(opens + 1, len(words)) if words[at] == ","), len(words))
    return (first + at for at in range(len(words)) if not opens <= at <= closes)


def _before_predicate(tree: SentenceTree, at: int, first: int) -> Range | None:
    """Return the clause of "critics say |the plan is a waste", where the tree hangs "say" on the waste."""
    token = tree.document.tokens[at]
    subject = _subject_before(tree, at)
    if token.relation != "parataxis" or token.head < first or subject is None or first >= tree.last:
        return None
    if tree.document.tokens[first].lower == "," or tree.subject(token.head) is not None:
        return None
    return trim(tree, first, tree.extent(token.head)[1])


def _subject_before(tree: SentenceTree, at: int) -> int | None:
    return next((child for child in tree.children(at, "nsubj") if child < at), None)


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
    if base not in cue_words.AS or _quotes_as_saying(tree, at):
        return None
    passive = tree.child(at, "nsubj:pass")
    target = passive if passive is not None else tree.child(at, "obj")
    named = next(
        (
            c
            for c in tree.children(at, "obl", "advcl", "xcomp")
            if any(tree.document.tokens[m].lower == "as" for m in tree.document.children[c])
        ),
        None,
    )
    if target is None or named is None or named < at:
        return None
    if passive is not None:
        agent = agent_of(tree, at)
        if agent.phrase is None:
            return None
        phrase = tree.phrase(passive, without=at)
        content = [(phrase.first, phrase.last), trim(tree, *tree.extent(named))]
        return read_cue(tree, at, base, "as", agent, content)
    if named < target or target < at:
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
    if passive is None and _is_by_others(tree, at):
        passive = tree.subject(at) if tree.subject(at) is not None else tree.document.tokens[at].head
    if passive is not None:
        source = agent_of(tree, at)
        if source.phrase is None or passive < 0 or passive > at:
            return None
        phrase = tree.phrase(passive, without=at)
        return read_cue(tree, at, base, "object", source, [(phrase.first, min(phrase.last, at))])
    target = tree.child(at, "obj")
    if target is None or target < at:
        return None
    source = source_of(tree, at)
    form: Form = "clause" if _quotes_as_saying(tree, at) else "object"
    return read_cue(tree, at, base, form, source, object_content(tree, at, target))


def _quotes_as_saying(tree: SentenceTree, at: int) -> bool:
    """Whether the verb passes on what others say: "quoted the mayor as saying ..."."""
    tokens = tree.document.tokens
    return any(
        tokens[child].tag == "VBG"
        and child - 1 > at
        and tokens[child - 1].lower == "as"
        and cue_words.base_of(tokens[child].lower, tokens[child].lemma) in cue_words.SPEECH
        for child in tree.children(at, "advcl", "obl", "xcomp")
    )


def _reputed(tree: SentenceTree, at: int, base: str) -> Reading | None:
    """Read "is believed to have left", "it is said that he left": nobody is named, or "by" names them."""
    document = tree.document
    said_to = _said_to(tree, at, base)
    if said_to is not None:
        return said_to
    source = agent_of(tree, at)
    if passive_it := _reported_by(tree, at, base, source):
        return passive_it
    known = cue_words.REPUTED if source.phrase is None else cue_words.REPUTED | cue_words.SPEECH
    if base not in known or tree.child(at, "aux:pass") is None:
        return None
    passive = tree.child(at, "nsubj:pass")
    named = () if source.phrase is None else ("advcl",)
    clause = tree.child(at, "xcomp", "ccomp", "csubj", "csubj:pass", *named)
    if clause is None or clause < at:
        return None
    first, last = tree.extent(clause)
    own = trim(tree, max(first, at + 1, 0 if source.phrase is None else source.phrase.last), last)
    if own[0] >= own[1]:
        return None
    if document.tokens[own[0]].lower == "to" and passive is not None:
        phrase = tree.phrase(passive, without=at)
        return read_cue(tree, at, base, "reputed", source, [(phrase.first, phrase.last), own])
    return read_cue(tree, at, base, "reputed", source, [own])


def _said_to(tree: SentenceTree, at: int, base: str) -> Reading | None:
    """Read "the mill, said to be haunted, ...": nobody is named."""
    tokens = tree.document.tokens
    following = [token.lower for token in tokens[at + 1 : min(at + 3, tree.last)]]
    if base != "say" or following not in (["to", "be"], ["to", "have"]) or at - 1 <= tree.first:
        return None
    comma = at - 1 if tokens[at - 1].lower == "," else at
    head = tokens[comma - 1]
    if head.pos not in {"NOUN", "PROPN"} or tokens[at].tag not in {"VBN", "VBD"}:
        return None
    phrase = tree.phrase(comma - 1, without=at)
    stops = (i for i in range(at + 1, tree.last) if tokens[i].lower == ",")
    content = [(phrase.first, comma), trim(tree, at + 1, next(stops, tree.last))]
    return read_cue(tree, at, base, "reputed", NOBODY, content)


def _reported_by(tree: SentenceTree, at: int, base: str, source: Source) -> Reading | None:
    """Read "it was reported by the board that ...", where the tree hangs what was reported on the board."""
    tokens = tree.document.tokens
    subject = tree.child(at, "nsubj:pass", "expl")
    if (
        base not in cue_words.SPEECH
        or source.phrase is None
        or subject is None
        or tokens[subject].lower != "it"
    ):
        return None
    clause = tree.child(source.head, "acl", "acl:relcl", "ccomp")
    if clause is None or tokens[tree.extent(clause)[0]].lower != "that":
        return None
    first, last = tree.extent(clause)
    agent = Source(Phrase(source.phrase.first, first, first), source.head)
    return read_cue(tree, at, base, "reputed", agent, [trim(tree, first, last)])
