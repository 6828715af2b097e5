"""Who gives a number of dead or hurt: "the clinic counted 12 dead", "the board put the toll at six"."""

from typing import Final

from claims.extraction.attribution.contents import trim
from claims.extraction.attribution.readings import Reading, read_cue
from claims.extraction.attribution.sources import source_of
from claims.extraction.lexicon import verb_base, word_set
from claims.extraction.parse.trees import SentenceTree

TOLL: Final = "count"
_COUNTING: Final = word_set("count tally record document register log")
_GIVING: Final = word_set("give put set place")
_HURT: Final = word_set(
    "dead deaths death killed wounded injured hurt casualties fatalities victims bodies missing"
)
_FIGURES: Final = word_set("toll tally figure figures count number estimate")
_MANY: Final = word_set("dozens scores hundreds thousands several")
_FARTHEST: Final = 8
_ENDS: Final = frozenset({",", ";", ":", ".", "adding", "saying", "citing", "but", "while", "whereas"})


def read_toll(tree: SentenceTree, at: int) -> Reading | None:
    """Read a verb that gives a toll, whatever the tree takes its numbers for."""
    tokens = tree.document.tokens
    base = verb_base(tokens[at].lower)
    if base not in _COUNTING | _GIVING or tokens[at].tag not in {"VBD", "VBZ", "VBP", "VBN"}:
        return None
    last = at + 1
    while last < tree.last and tokens[last].lower not in _ENDS and tokens[last].tag not in {"WDT", "WP"}:
        last += 1
    said = [tokens[i].lower for i in range(at + 1, min(last, at + 1 + _FARTHEST))]
    if base in _GIVING and not _FIGURES & set(said[:_FARTHEST]):
        return None
    counted = any(tokens[i].pos == "NUM" or tokens[i].lower in _MANY for i in range(at + 1, last))
    if not counted or not (_HURT | {"toll"}) & {tokens[i].lower for i in range(at + 1, last)}:
        return None
    if tree.child(at, "aux:pass", "nsubj:pass") is not None:
        return None
    source = source_of(tree, at)
    content = trim(tree, at + 1, last)
    if source.phrase is None or content[0] >= content[1] or source.phrase.last > at:
        return None
    return read_cue(tree, at, TOLL, "toll", source, [content])
