"""Which of the words that may signal an attribution do: by what kind of word it is, who stands there, and where."""

from typing import Final

from claims.extraction import cue_words, lexicon
from claims.extraction.cues import Reading
from claims.extraction.document import Document

# What is said is a clause or a quotation in these; in the others it is a thing somebody has an attitude to.
_STRONG: Final = frozenset({"clause", "around", "quotation", "according", "label", "reputed"})
_PERSONAL: Final = frozenset({"i", "we", "you", "me", "us"})
_THIRD: Final = frozenset({"he", "she", "they", "who", "some", "many", "others", "everyone", "most", "several", "critics"})
_SELF: Final = frozenset({"", "he", "she", "they", "it", "i", "we", "you"})
_IMPERSONAL: Final = frozenset({"it", "this", "that", "these", "those", "which", "what", "there", "nothing", "anything", "something"})
_ENDINGS: Final = ("er", "ers", "or", "ors", "ist", "ists", "ian", "ians", "ant", "ants", "ent", "ents", "man", "men", "woman", "women", "people", "ee", "ees")
# A text in which fewer sentences than one in this many report what somebody says is no report.
_FEWEST_REPORTS: Final = 12


def accept(document: Document, candidates: list[list[Reading]]) -> list[list[Reading]]:
    """Return the attributions among the candidates of each sentence, in the order of their cues."""
    reports = sum(any(is_report(document, reading) for reading in readings) for readings in candidates)
    is_a_report = reports * _FEWEST_REPORTS >= len(document.sentences)
    found = []
    for readings in candidates:
        kept = [reading for reading in readings if _signals(document, reading, reports=is_a_report)]
        found.append([reading for reading in kept if not _is_told_inside(document, kept, reading)])
    return found


def is_report(document: Document, reading: Reading) -> bool:
    """Whether somebody other than the writer says something outright."""
    if reading.form == "according":
        return True
    return reading.form in _STRONG and reading.base in cue_words.SPEECH and _may_speak(document, reading)


def _signals(document: Document, reading: Reading, *, reports: bool) -> bool:
    quoted = document.quotation_at[reading.cue[0]] >= 0 if reading.cue[0] < len(document.tokens) else False
    if quoted:
        return reading.form in {"clause"} and reading.base in cue_words.SPEECH and _may_speak(document, reading)
    if reading.form in _STRONG:
        return _signals_outright(document, reading)
    if reading.form in {"noun", "adjective"} and document.tokens[reading.content[0][0]].lower == "that":
        return True
    return reports and _may_speak(document, reading) and not _is_supposed(document, reading)


def _is_supposed(document: Document, reading: Reading) -> bool:
    """Whether somebody "could" or "would" do it, or "to" do it is all that is said."""
    return any(document.tokens[c].tag in {"MD", "TO"} for c in document.children[reading.at] if c < reading.at)


def _signals_outright(document: Document, reading: Reading) -> bool:
    if reading.form in {"according", "label", "quotation"}:
        return True
    source = reading.source
    word = document.tokens[reading.subject].lower if reading.subject >= 0 else ""
    if word in _IMPERSONAL and reading.base == "mean":
        return False
    if word in _PERSONAL and reading.base in {"know", "mean", "see", "say"} and document.tokens[reading.content[0][0] - 1].lower == ",":
        return False
    if reading.form == "around" and word in _PERSONAL and reading.base in {"know", "mean", "see"}:
        return False
    if reading.form == "reputed":
        return True
    if source is None:
        return reading.base in cue_words.SPEECH | cue_words.THOUGHT
    return reading.base in cue_words.SPEECH | cue_words.THOUGHT


def _may_speak(document: Document, reading: Reading) -> bool:
    """Whether the source is, by its form, somebody or some body other than the writer."""
    if reading.subject < 0 or reading.source is None:
        return False
    head = document.tokens[reading.subject]
    if head.lower in _PERSONAL | _IMPERSONAL:
        return False
    if head.pos == "PROPN" or head.lower in _THIRD:
        return True
    return head.lemma in lexicon.ROLES | lexicon.COLLECTIVE_HEADS or head.lower.endswith(_ENDINGS)


def _is_told_inside(document: Document, readings: list[Reading], reading: Reading) -> bool:
    """Whether an attitude is told inside what somebody else says, or a speaker tells of himself: "said he thinks"."""
    word = document.tokens[reading.subject].lower if reading.subject >= 0 else ""
    if reading.form in _STRONG and word not in _SELF:
        return False
    return any(
        other is not reading and any(first <= reading.cue[0] and reading.cue[1] <= last for first, last in other.content)
        for other in readings
    )
