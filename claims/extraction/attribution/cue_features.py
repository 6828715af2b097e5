"""What the scorer of cues looks at: the word, what stands at it, what it governs, where it stands."""

from collections.abc import Iterator
from typing import Final

from claims.extraction.attribution import cue_words
from claims.extraction.attribution.readings import Reading
from claims.extraction.parse.document import Document

_WRITER: Final = frozenset({"i", "we", "me", "us"})
_READER: Final = frozenset({"you"})
_THINGS: Final = frozenset(
    {"it", "this", "that", "these", "those", "which", "what", "there", "nothing", "anything", "something"}
)
_LENGTHS: Final = (2, 4, 8, 16, 32)


def describe_source(document: Document, reading: Reading) -> str:
    """Return what kind of source a reading has, in one word."""
    if reading.subject < 0 or reading.source is None:
        return "none"
    head = document.tokens[reading.subject]
    for name, words in (("writer", _WRITER), ("reader", _READER), ("thing", _THINGS)):
        if head.lower in words:
            return name
    if head.pos == "PRON":
        return "pronoun"
    return "name" if head.pos == "PROPN" else "noun"


def cue_features(document: Document, readings: list[Reading], reading: Reading, *, report: bool) -> list[str]:
    """Return the features of one candidate among the `readings` of its sentence."""
    source = describe_source(document, reading)
    return [
        "bias",
        f"base={reading.base}",
        f"form={reading.form}",
        f"source={source}",
        f"form,source={reading.form},{source}",
        f"base,source={reading.base},{source}",
        *_of_word(document, reading),
        *_of_content(document, reading),
        *_of_place(document, readings, reading),
        f"report={report}",
        f"report,form={report},{reading.form}",
        f"report,source={report},{source}",
    ]


def _of_word(document: Document, reading: Reading) -> Iterator[str]:
    token = document.tokens[reading.at]
    yield f"tag={token.tag}"
    yield f"relation={token.relation}"
    yield f"speech={reading.base in cue_words.SPEECH},thought={reading.base in cue_words.THOUGHT}"
    yield f"negated={reading.negated}"
    yield f"inherits={reading.inherits}"
    for child in document.children[reading.at]:
        below = document.tokens[child]
        if child < reading.at and below.relation in {"aux", "mark", "advmod", "aux:pass"}:
            yield f"before={below.lower}"
    if reading.subject >= 0 and document.tokens[reading.subject].pos == "NOUN":
        yield f"subject={document.tokens[reading.subject].lemma}"


def _of_content(document: Document, reading: Reading) -> Iterator[str]:
    first, last = reading.content[0]
    opens = document.tokens[first]
    is_word = opens.tag in {"IN", "WDT", "WP", "WRB", "TO", "DT", "PRP"}
    yield f"opens={opens.lower if is_word else opens.tag}"
    yield f"encloses={reading.encloses}"
    yield f"parts={min(len(reading.content), 3)}"
    yield f"quoted={document.quotation_at[first] >= 0}"
    yield f"comma={document.tokens[first - 1].lower in {',', ':'}}"
    yield f"follows={first == reading.cue[1]}"
    yield f"length={sum(last - first >= bound for bound in _LENGTHS)}"
    finite = any(document.tokens[at].tag in {"VBD", "VBZ", "VBP", "MD"} for at in range(first, last))
    yield f"finite={finite},{reading.form}"


def _of_place(document: Document, readings: list[Reading], reading: Reading) -> Iterator[str]:
    yield f"in quotation={document.quotation_at[reading.cue[0]] >= 0}"
    outer = [
        other
        for other in readings
        if other is not reading
        and any(first <= reading.cue[0] and reading.cue[1] <= last for first, last in other.content)
    ]
    if outer:
        yield f"inside={outer[-1].base in cue_words.SPEECH},{describe_source(document, outer[-1])}"
    inner = [
        other
        for other in readings
        if other is not reading
        and any(first <= other.cue[0] and other.cue[1] <= last for first, last in reading.content)
    ]
    if inner:
        yield f"around={inner[0].base in cue_words.SPEECH}"
    yield f"root={document.tokens[reading.at].head < 0}"
