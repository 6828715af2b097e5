"""The words that may signal an attribution in one sentence, with who stands at them and what they govern."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from claims.extraction import cue_words
from claims.extraction.contents import (
    around,
    clause_content,
    is_finite,
    is_quoted,
    object_content,
    trim,
)
from claims.extraction.document import Document, Range, ReadSentence
from claims.extraction.noun_phrases import Phrase
from claims.extraction.sources import Source, agent_of, owner_of, source_of, speaker_after
from claims.extraction.trees import SentenceTree

Form = Literal[
    "clause", "quotation", "around", "infinitive", "object", "about", "as", "noun", "adjective", "according",
    "reputed", "label", "continued", "credit", "announcement",
]  # fmt: skip

_CLAUSES: Final = ("ccomp", "csubj", "csubj:pass")
_VERBAL: Final = frozenset({"VERB", "AUX"})
_FINITE: Final = frozenset({"VBD", "VBZ", "VBP", "MD"})
_OPENS_CLAUSE: Final = frozenset({"DT", "PRP", "PRP$", "NNP", "NNS", "NN", "NNPS", "EX", "JJ", "CD", "IN", "WRB", "WP", "WDT"})
_CLAUSE_WORDS: Final = frozenset({"that", "whether", "how", "why", "what"})
_NEGATIONS: Final = frozenset({"not", "n't", "never", "no", "neither", "nor", "hardly", "nobody"})
_LONGEST_LABEL: Final = 8


@dataclass(slots=True)
class Reading:
    """One cue. Ranges are half-open over the document's tokens; `begins` is where its clause starts.

    `at` is the word of the cue its tree hangs on, and `form` what it governs. `inherits` says that the source
    is that of the cue before it ("..., adding that ..."), `encloses` that the content stands before the cue,
    or around it.
    """

    cue: Range
    source: Phrase | None
    content: list[Range]
    begins: int
    base: str = ""
    inherits: bool = False
    encloses: bool = False
    negated: bool = False
    form: Form = "clause"
    at: int = -1
    subject: int = -1
    mention: int = -1


def read_candidates(document: Document, sentence: ReadSentence) -> list[Reading]:
    """Return everything in a sentence that may be an attribution, in the order of the cues."""
    tree = SentenceTree(document, sentence)
    found = []
    for at in range(sentence.first, sentence.last):
        reading = _read_at(tree, at)
        if reading is not None and reading.content:
            found.append(reading)
    if not found:
        found = [reading for read in (_label, _announcement) if (reading := read(tree)) is not None][:1]
    return found


def _read_at(tree: SentenceTree, at: int) -> Reading | None:
    token = tree.document.tokens[at]
    if token.lower == "according" and at + 2 < tree.last:
        return _according(tree, at)
    if token.pos in _VERBAL and token.relation not in {"aux", "aux:pass", "cop", "case", "mark"}:
        return _verb(tree, at)
    if token.pos == "NOUN" and token.lemma in cue_words.NOUNS:
        return _noun(tree, at)
    if token.pos == "ADJ" and token.lemma in cue_words.ADJECTIVES:
        return _adjective(tree, at)
    return None


def _verb(tree: SentenceTree, at: int) -> Reading | None:
    """Read a verb by the first of its complements that can be a content."""
    token = tree.document.tokens[at]
    base = cue_words.base_of(token.lower, token.lemma)
    for read in (_reputed, _inverted, _clausal, _inserted, _quoting, _loose, _infinitive, _as, _prepositional, _objective):
        reading = read(tree, at, base)
        if reading is not None:
            return reading
    return None


def _reading(
    tree: SentenceTree, at: int, base: str, form: Form, source: Source, content: list[Range], end: int = -1
) -> Reading:
    cue = _cue_range(tree, at, max(at + 1, end))
    phrase = source.phrase
    begins = min(cue[0], phrase.first) if phrase is not None and not source.inherited else cue[0]
    return Reading(
        cue=cue,
        source=phrase,
        content=content,
        begins=begins,
        base=base,
        inherits=source.inherited,
        encloses=bool(content) and content[0][0] < cue[0],
        negated=_is_negated(tree, at, phrase),
        form=form,
        at=at,
        subject=source.head,
        mention=source.mention,
    )


def _cue_range(tree: SentenceTree, at: int, end: int) -> Range:
    """Return the cue with what belongs to the verb right before it: "has repeatedly said"."""
    tokens = tree.document.tokens
    first = at
    while first > tree.first:
        before = tokens[first - 1]
        belongs = (
            before.head == at
            and before.relation in {"aux", "aux:pass", "advmod", "cop"}
            and before.lower not in {"when", "as", "how", "why", "where", "so", "then", "however"}
        )
        if not belongs:
            break
        first -= 1
    return first, end


def _is_negated(tree: SentenceTree, at: int, source: Phrase | None) -> bool:
    tokens = tree.document.tokens
    if any(tokens[child].lower in _NEGATIONS for child in tree.document.children[at] if child < at):
        return True
    return source is not None and tokens[source.first].lower in {"no", "nobody", "none", "neither", "few"}


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
    return _reading(tree, at, base, "clause", source, content)


def _inverted(tree: SentenceTree, at: int, base: str) -> Reading | None:
    """Read "…, said the mayor", however the tree hangs the mayor on the verb."""
    document = tree.document
    if base not in cue_words.SPEECH or base in cue_words.ADDRESSING or at == tree.first or at + 1 >= tree.last:
        return None
    before = document.tokens[at - 1]
    if before.lower not in {",", "?", "!"} and not (is_quoted(document, at - 1) and not is_quoted(document, at)):
        return None
    if is_quoted(document, at + 1) and not is_quoted(document, at):
        return None
    speaker = next(
        (c for c in document.children[at] if c > at and tree.extent(c)[0] == at + 1
         and document.tokens[c].pos in {"PROPN", "NOUN", "PRON"} and document.tokens[c].lower not in {"that", "it"}
         and document.tokens[c].relation in {"nsubj", "obj", "ccomp", "xcomp", "dep", "parataxis", "iobj"}), None)
    if speaker is None or any(c < at and document.tokens[c].relation in {"nsubj", "nsubj:pass"} for c in document.children[at]):
        return None
    if document.tokens[speaker].relation == "ccomp" and tree.subject(speaker) is not None:
        return None
    source = Source(speaker_after(tree, speaker), speaker)
    if is_quoted(document, at - 1) or document.tokens[at].head < 0:
        first = tree.first
    else:
        above = document.tokens[at].head
        first = tree.extent(above)[0] if above < at else tree.extent(at)[0]
    content = [trim(tree, first, at)]
    after = source.phrase.last if source.phrase else at + 1
    going_on = next((i for i in range(after, tree.last) if is_quoted(document, i)), None)
    if going_on is not None and is_quoted(document, at - 1):
        content.append(trim(tree, going_on, tree.last))
    if content[0][0] >= content[0][1] or not (is_quoted(document, at - 1) or is_finite(tree, *content[0])):
        return None
    return _reading(tree, at, base, "clause", source, content)


def _is_finite(tree: SentenceTree, clause: int) -> bool:
    tokens = tree.document.tokens
    if tokens[clause].tag in _FINITE:
        return True
    return any(
        tokens[child].tag in _FINITE or tokens[child].relation == "mark" and tokens[child].lower != "to"
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
    return _reading(tree, at, base, "around", source, content)


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
        return _reading(tree, at, base, "quotation", source, [trim(tree, after + 1, tree.last)])
    begins = min(at, source.phrase.first)
    before = begins - 1
    if base in cue_words.SPEECH and before > tree.first and is_quoted(document, before):
        content = [trim(tree, tree.first, begins)]
        return _reading(tree, at, base, "quotation", source, content)
    if base in cue_words.SPEECH:
        clause = tree.child(at, "parataxis")
        if clause is not None and clause > at and document.tokens[clause - 1].lower != "(":
            first, last = tree.extent(clause)
            if first > at and document.tokens[first - 1].lower in {":", ","}:
                return _reading(tree, at, base, "quotation", source, [trim(tree, first, tree.last)])
    return None


def _loose(tree: SentenceTree, at: int, base: str) -> Reading | None:
    """Read "said the road is closed" where the tree has no clause: a finite verb stands in what follows."""
    tokens = tree.document.tokens
    if base not in cue_words.SPEECH | cue_words.THOUGHT or base in cue_words.CAUSING or tree.child(at, "aux:pass"):
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
    verb = next((i for i in range(first, last) if tokens[i].tag in _FINITE or tokens[i].lower in {",", ";", ":", "who", "which"}), None)
    if verb is None or tokens[verb].tag not in _FINITE or verb == first:
        return None
    if tokens[first].lower != "that" and any(tokens[i].lower in {"that", "when", "as", "while", "if", "because", "what", "how"} for i in range(first + 1, verb)):
        return None
    source = source_of(tree, at)
    if source.phrase is None:
        return None
    return _reading(tree, at, base, "clause", source, [trim(tree, first, last)])


def _infinitive(tree: SentenceTree, at: int, base: str) -> Reading | None:
    """Read "vowed to close the road", "urged them to leave"."""
    if base not in cue_words.INTENT:
        return None
    clause = tree.child(at, "xcomp")
    if clause is None or clause < at:
        return None
    first, last = tree.extent(clause)
    target = tree.child(at, "obj", "iobj")
    if target is not None and target > at:
        first = min(first, tree.extent(target)[0])
    elif tree.document.tokens[clause].pos not in _VERBAL:
        return None
    source = source_of(tree, at)
    return _reading(tree, at, base, "infinitive", source, [trim(tree, first, max(last, tree.extent(at)[1]))])


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
    return _reading(tree, at, base, "as", source, [trim(tree, tree.extent(target)[0], tree.extent(named)[1])])


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
            return _reading(tree, at, base, "about", source_of(tree, at), [trim(tree, first, last)], end)
    return None


def _objective(tree: SentenceTree, at: int, base: str) -> Reading | None:
    """Read "condemned the raid", "was condemned by the mayor"."""
    if base not in cue_words.ATTITUDE:
        return None
    document = tree.document
    passive = tree.child(at, "nsubj:pass")
    if passive is not None:
        source = agent_of(tree, at)
        if source.phrase is None:
            return None
        phrase = tree.phrase(passive, without=at)
        return _reading(tree, at, base, "object", source, [(phrase.first, phrase.last)])
    target = tree.child(at, "obj")
    if target is None or target < at:
        return None
    source = source_of(tree, at)
    return _reading(tree, at, base, "object", source, object_content(tree, at, target))


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
        return _reading(tree, at, base, "reputed", source, [(phrase.first, phrase.last), own])
    return _reading(tree, at, base, "reputed", source, [own])


def _noun(tree: SentenceTree, at: int) -> Reading | None:
    """Read "the mayor's claim that ...", "plans to close the road"."""
    document = tree.document
    clause = tree.child(at, "acl", "acl:relcl", "ccomp")
    if clause is None or clause < at or tree.extent(clause)[0] != at + 1:
        return None
    opens = document.tokens[at + 1].lower
    if opens not in {"that", "to"} or (opens == "that" and document.tokens[at + 1].relation not in {"mark"}):
        return None
    content = [trim(tree, *tree.extent(clause))]
    base = document.tokens[at].lemma
    return _reading(tree, at, base, "noun", owner_of(tree, at), content)


def _adjective(tree: SentenceTree, at: int) -> Reading | None:
    """Read "is sure that ...", "was critical of the deal"."""
    document = tree.document
    if tree.child(at, "cop") is None:
        return None
    base = document.tokens[at].lemma
    source = source_of(tree, at)
    clause = tree.child(at, "ccomp", "xcomp", "csubj", "advcl")
    if clause is not None and clause > at and tree.extent(clause)[0] == at + 1:
        return _reading(tree, at, base, "adjective", source, [trim(tree, *tree.extent(clause))])
    for child in tree.children(at, "obl", "advcl"):
        case = tree.child(child, "case", "mark")
        if case == at + 1 and document.tokens[case].lower in {
            "of",
            "about",
            "with",
            "at",
            "over",
            "to",
            "on",
            "by",
        }:
            first, last = tree.extent(child)
            return _reading(tree, at, base, "adjective", source, [trim(tree, case + 1, last)], case + 1)
    return None


def _according(tree: SentenceTree, at: int) -> Reading | None:
    """Read "according to the mayor"."""
    document = tree.document
    if document.tokens[at + 1].lower != "to":
        return None
    own = document.tokens[at]
    if own.relation == "case" and own.head > at:
        head = own.head
    else:
        head = next((c for c in tree.children(at, "obl", "pobj", "obj", "nmod") if c > at), -1)
    if head < 0:
        return None
    phrase = tree.phrase(head)
    phrase = Phrase(max(at + 2, phrase.first), phrase.last, phrase.head_last)
    if phrase.first >= phrase.last:
        return None
    before, after = at, phrase.last
    if phrase.last < tree.last and document.tokens[phrase.last].lower == ",":
        after += 1
    if at - tree.first <= 1:
        content = [trim(tree, after, tree.last)]
    elif not is_finite(tree, after, tree.last):
        content = [trim(tree, _clause_start(tree, at), before)]
    else:
        content = [trim(tree, _clause_start(tree, at), before), trim(tree, after, tree.last)]
    content = [part for part in content if part[0] < part[1]]
    return Reading(
        (at, at + 2),
        phrase,
        content,
        at,
        "according",
        encloses=bool(content) and content[0][0] < at,
        form="according",
        at=at,
        subject=head,
    )


def _clause_start(tree: SentenceTree, at: int) -> int:
    """Return where the main clause that ends with "according to" begins: the sentence, or behind "and" or "which"."""
    tokens = tree.document.tokens
    above = tokens[at].head
    while above >= 0 and tokens[above].relation not in {"root", "ROOT", "acl:relcl", "parataxis", "ccomp"}:
        if tokens[above].relation == "conj" and tree.subject(above) is not None and tokens[above].head < above:
            break
        above = tokens[above].head
    if above < 0 or tokens[above].head < 0 or above > at:
        return tree.first
    first = tree.extent(above)[0]
    return first + 1 if tokens[first].relation == "cc" else first


def _announcement(tree: SentenceTree) -> Reading | None:
    """Read "The mayor continued:" at the end of a paragraph: what is said comes in the next."""
    tokens = tree.document.tokens
    if tokens[tree.last - 1].lower != ":":
        return None
    for at in range(tree.last - 2, tree.first, -1):
        base = cue_words.base_of(tokens[at].lower, tokens[at].lemma)
        if tokens[at].pos == "VERB" and base in cue_words.SPEECH:
            source = source_of(tree, at)
            if source.phrase is not None:
                return _reading(tree, at, base, "announcement", source, [])
    return None


def _label(tree: SentenceTree) -> Reading | None:
    """Read "Mayor: bridge is safe" and "Bridge is safe – mayor's office"."""
    document, low = tree.document, tree.first
    high = tree.last
    for at in range(low + 1, min(high - 2, low + _LONGEST_LABEL)):
        if document.tokens[at].lower == ":" and document.tokens[at + 1].start > document.tokens[at].end:
            if _names_only(document, low, at) and _says_something(document, at + 1, high):
                return Reading(
                    (at, at + 1),
                    Phrase(low, at, at),
                    [trim(tree, at + 1, high)],
                    low,
                    "label",
                    form="label",
                    at=at,
                )
            return None
    if document.tokens[high - 1].lower in {".", "!", "?"}:
        return None
    for at in range(high - 2, max(low + 3, high - _LONGEST_LABEL), -1):
        if document.tokens[at].lower in {"–", "—", "―", "-"} and _names_only(document, at + 1, high):
            if _says_something(document, low, at):
                return Reading(
                    (at, at + 1),
                    Phrase(at + 1, high, high),
                    [trim(tree, low, at)],
                    low,
                    "label",
                    encloses=True,
                    form="label",
                    at=at,
                )
            return None
    return None


def _names_only(document: Document, first: int, last: int) -> bool:
    kinds = {document.tokens[at].pos for at in range(first, last)}
    return "PROPN" in kinds and kinds <= {"PROPN", "NOUN", "PART", "DET", "ADP", "ADJ"}


def _says_something(document: Document, first: int, last: int) -> bool:
    return last - first >= 3 and (
        is_quoted(document, first) or any(document.tokens[at].tag in _FINITE for at in range(first, last))
    )
