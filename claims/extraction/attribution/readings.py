"""One cue with who stands at it and what it governs, as the rules read it."""

from dataclasses import dataclass
from typing import Final, Literal

from claims.extraction.attribution.sources import Source
from claims.extraction.parse.document import Range
from claims.extraction.parse.trees import Phrase, SentenceTree

Form = Literal[
    "clause", "quotation", "around", "infinitive", "object", "about", "as", "noun", "adjective", "according",
    "reputed", "label", "continued", "credit", "announcement", "toll",
]  # fmt: skip

_NEGATIONS: Final = frozenset({"not", "n't", "never", "no", "neither", "nor", "hardly", "nobody"})
_NOBODY: Final = frozenset({"no", "nobody", "none", "neither", "few", "not"})
_NOR: Final = frozenset({"nor", "neither"})
_DO: Final = frozenset(
    {"do", "does", "did", "has", "have", "had", "will", "would", "can", "could", "is", "was"}
)
_OF_THE_VERB: Final = frozenset({"aux", "aux:pass", "advmod", "cop"})
_JOINING: Final = frozenset({"when", "as", "how", "why", "where", "so", "then", "however"})


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


def read_cue(
    tree: SentenceTree, at: int, base: str, form: Form, source: Source, content: list[Range], end: int = -1
) -> Reading:
    """Return the reading of the cue at `at`, which ends before token `end` when it is more than one word."""
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
        belongs = before.head == at and before.relation in _OF_THE_VERB and before.lower not in _JOINING
        if not belongs:
            break
        first -= 1
    if first - 3 >= tree.first and [token.lower for token in tokens[first - 2 : first]] == ["on", "to"]:
        return (first - 3 if tokens[first - 3].lemma == "go" else first), end
    return first, end


def _is_negated(tree: SentenceTree, at: int, source: Phrase | None) -> bool:
    tokens = tree.document.tokens
    if any(tokens[child].lower in _NEGATIONS for child in tree.document.children[at] if child < at):
        return True
    head = tokens[at].head
    if tokens[tree.first].lower in _NOR and (head < 0 or tokens[head].lower in _DO):
        return True
    return source is not None and tokens[source.first].lower in _NOBODY
