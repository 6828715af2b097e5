"""Which of the words that may signal an attribution do: by the word, by who stands there, and where."""

from typing import Final

from claims.extraction import lexicon
from claims.extraction.attribution import cue_words
from claims.extraction.attribution.cue_features import cue_features
from claims.extraction.attribution.cue_scorer import score_cue
from claims.extraction.attribution.readings import Form, Reading
from claims.extraction.parse.document import Document

# What is said is a clause or a quotation in these; in the others it is a thing somebody has an attitude to.
_STRONG: Final[frozenset[Form]] = frozenset(
    {"clause", "around", "quotation", "according", "label", "reputed"}
)
# What their very form tells.
_PLAIN: Final[frozenset[Form]] = frozenset({"according", "label", "reputed"})
# What people marked in GUM, which is what the scorer learns from: outright sayings and thoughts.
LEARNED: Final[frozenset[Form]] = _STRONG | {"noun", "adjective"}
# The F1 over candidates, cross-validated on GUM's training documents, is the same from 0.3 to 0.5.
LIKELY: Final = 0.40
_PERSONAL: Final = frozenset({"i", "we", "you", "me", "us"})
_THIRD: Final = frozenset(
    {"he", "she", "they", "who", "some", "many", "others", "everyone", "most", "several", "critics"}
)
_WRITER: Final = frozenset({"i", "me", "my", "we", "us", "our", "you", "your"})
_SELF: Final = frozenset({"", "he", "she", "they", "it", "i", "we", "you"})
_IMPERSONAL: Final = frozenset(
    {"it", "this", "that", "these", "those", "which", "what", "there", "nothing", "anything", "something"}
)
# What bodies do that are spoken of as "it".
_UTTERING: Final = lexicon.word_set("say add claim warn announce insist confirm deny report")
_FILLERS: Final = frozenset({"know", "mean", "see", "say"})
_SPEAKING: Final = lexicon.ROLES | lexicon.COLLECTIVE_HEADS | cue_words.SPEAKING
_ENDINGS: Final = (
    "er",
    "ers",
    "or",
    "ors",
    "ist",
    "ists",
    "ian",
    "ians",
    "ant",
    "ants",
    "ent",
    "ents",
    "man",
    "men",
    "woman",
    "women",
    "people",
    "ee",
    "ees",
)
# In a report, others say something outright in one sentence of so many, and say or feel it in one of so many.
_FEWEST_SAYINGS: Final = 7
_FEWEST_VOICES: Final = 5
# Of fewer sentences one of the two has to do.
_ENOUGH_SENTENCES: Final = 8
# A text whose writer speaks of themselves in one word of so many is no report of others.
_FEWEST_WORDS_TO_SELF: Final = 50


def accept(document: Document, candidates: list[list[Reading]]) -> list[list[Reading]]:
    """Return the attributions among the candidates of each sentence, in the order of their cues."""
    report = is_report(document, candidates)
    found = []
    for readings in candidates:
        kept = [reading for reading in readings if _signals(document, readings, reading, report=report)]
        kept = [reading for reading in kept if not _is_told_inside(document, kept, reading)]
        found.append(kept)
    return found


def is_report(document: Document, candidates: list[list[Reading]]) -> bool:
    """Whether a text tells what others say and think, as news does, rather than its writer's own mind."""
    to_self = sum(
        token.lower in _WRITER and document.quotation_at[at] < 0 for at, token in enumerate(document.tokens)
    )
    if to_self * _FEWEST_WORDS_TO_SELF > len(document.tokens):
        return False
    sayings = sum(any(_is_saying(document, reading) for reading in readings) for readings in candidates)
    voices = sum(any(may_speak(document, reading) for reading in readings) for readings in candidates)
    total = len(document.sentences)
    says_often, speaks_often = sayings * _FEWEST_SAYINGS >= total, voices * _FEWEST_VOICES >= total
    return (says_often or speaks_often) if total < _ENOUGH_SENTENCES else (says_often and speaks_often)


def _is_saying(document: Document, reading: Reading) -> bool:
    """Whether somebody other than the writer says something outright."""
    if reading.form == "according":
        return True
    return reading.form in _STRONG and reading.base in cue_words.SPEECH and may_speak(document, reading)


def _signals(document: Document, readings: list[Reading], reading: Reading, *, report: bool) -> bool:
    if document.quotation_at[reading.cue[0]] >= 0:
        return reading.form == "clause" and _is_saying(document, reading)
    if reading.form in {"announcement", "toll"}:
        return may_speak(document, reading)
    if reading.form in _STRONG:
        return _signals_outright(document, reading) and (
            reading.form in _PLAIN
            or _is_postposed(document, reading)
            or (reading.base in cue_words.COMMITMENT and _has_other(document, reading))
            or (report and _is_saying(document, reading))
            or score_cue(cue_features(document, readings, reading, report=report)) >= LIKELY
        )
    if _is_commitment(document, reading) or _quotes_part(document, reading):
        return True
    if report and reading.form == "as" and reading.base in cue_words.NAMING:
        return _has_other(document, reading)
    if reading.form in {"noun", "adjective"} and document.tokens[reading.content[0][0]].lower == "that":
        return True
    return report and may_speak(document, reading) and not _is_supposed(document, reading)


def _is_postposed(document: Document, reading: Reading) -> bool:
    """Whether who speaks is named behind what is said: "The road is closed, the utility warned"."""
    head = document.tokens[reading.subject]
    return (
        reading.encloses
        and reading.subject >= 0
        and reading.base in cue_words.SPEECH | cue_words.FINDING
        and not reading.inherits
        and head.pos in {"NOUN", "PROPN"}
    )


def _is_commitment(document: Document, reading: Reading) -> bool:
    """Whether somebody promises, denies, admits or claims something, which nobody else can do for them."""
    if reading.form == "object" and reading.base == "claim":
        return _has_other(document, reading)
    return (
        reading.form == "infinitive"
        and reading.base in cue_words.COMMITMENT
        and _has_other(document, reading)
        and not _is_supposed(document, reading)
    )


def _quotes_part(document: Document, reading: Reading) -> bool:
    """Whether somebody calls a thing what the text sets in quotation marks."""
    if document.quotation_at[reading.cue[0]] >= 0 or reading.base not in cue_words.NAMING:
        return False
    quoted = (document.quotation_at[at] >= 0 for first, last in reading.content for at in range(first, last))
    return _has_other(document, reading) and any(quoted)


def _has_other(document: Document, reading: Reading) -> bool:
    """Whether somebody other than writer and reader is named at the cue."""
    return reading.subject >= 0 and document.tokens[reading.subject].lower not in _PERSONAL | _IMPERSONAL


def _is_supposed(document: Document, reading: Reading) -> bool:
    """Whether somebody "could" or "would" do it, or "to" do it is all that is said."""
    return any(document.tokens[c].tag == "TO" for c in document.children[reading.at] if c < reading.at)


def _signals_outright(document: Document, reading: Reading) -> bool:
    """Whether the word can be one of saying or thinking here: "you know" and "that means" are none."""
    if reading.form in _PLAIN or reading.form == "quotation":
        return True
    if reading.base not in cue_words.SPEECH | cue_words.THOUGHT | cue_words.DENIAL:
        return False
    source = document.tokens[reading.subject].lower if reading.subject >= 0 else ""
    if source in _IMPERSONAL:
        return reading.base != "mean"
    is_aside = reading.form == "around" or document.tokens[reading.content[0][0] - 1].lower == ","
    return not (is_aside and source in _PERSONAL and reading.base in _FILLERS)


def may_speak(document: Document, reading: Reading) -> bool:
    """Whether the source is, by its form, somebody or some body other than the writer."""
    if reading.subject < 0 or reading.source is None:
        return False
    head = document.tokens[reading.subject]
    if head.lower == "it" and reading.form == "clause" and reading.base in _UTTERING:
        return True
    if head.lower in _PERSONAL | _IMPERSONAL:
        return False
    if head.pos == "PROPN" or head.lower in _THIRD:
        return True
    return not {head.lemma, head.lower}.isdisjoint(_SPEAKING) or head.lower.endswith(_ENDINGS)


def _is_told_inside(document: Document, readings: list[Reading], reading: Reading) -> bool:
    """Whether an attitude is told inside what somebody says, or their own thought: "said she thinks"."""
    word = document.tokens[reading.subject].lower if reading.subject >= 0 else ""
    if (reading.form in _STRONG or _is_commitment(document, reading)) and word not in _SELF:
        return False
    return any(
        other is not reading
        and any(first <= reading.cue[0] and reading.cue[1] <= last for first, last in other.content)
        for other in readings
    )
