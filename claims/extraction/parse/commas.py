"""Where commas belong in a text that has lost them, as scraped and pasted texts often have.

Nothing is written into the text: the parser reads a sentence with the commas put in as tokens without width,
and every offset stays that of the text as given.
"""

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Final

from pycrfsuite import Tagger

from claims.extraction import lexicon

COMMAS: Final = "commas.crfsuite"
HAS_COMMA: Final = ","
HAS_NONE: Final = "-"

_WORD: Final = re.compile(r"\w+")
# English news has a comma in every seventeen words or so; a text of that many words hardly ever has so few.
_FEWEST_WORDS: Final = 60
_WORDS_PER_COMMA: Final = 200
# F1 over the commas of the dev parts is the same from 0.3 to 0.4.
LIKELY: Final = 0.35
# The least likely place between what is said and who says it that is taken at the end of a sentence.
LIKELY_BEFORE_SPEAKER: Final = 0.02
_REACH: Final = 3
_FARTHEST_VERB: Final = 20
_NOUN_PHRASE: Final = ("NN", "JJ", "DT", "PRP", "CD", "POS", "IN", "HYPH", "CC", "RBR", "VBN")
_FINITE: Final = frozenset({"VBD", "VBZ", "VBP", "MD"})
_OPENS_NAME: Final = frozenset({"DT", "NNP", "NNPS", "PRP", "JJ", "NN", "NNS", "PRP$"})
# Behind these a noun phrase is governed; behind those a name only goes on.
_GOVERNS: Final = frozenset(
    {"DT", "IN", "TO", "CC", "POS", "PRP$", "HYPH", "VBD", "VBZ", "VBP", "VBG", "VB", "MD"}
)
_HOLDS_NAME: Final = frozenset({"JJ", "NNP", "NNPS", "NN", "CD", "VBN"})
_OPENS_ASIDE: Final = frozenset({"including", "mostly", "mainly", "especially", "among"})
_QUOTES: Final = frozenset({'"', "”", "''", "’"})
_SPEAKERS: Final = lexicon.ROLES | lexicon.COLLECTIVE_HEADS | {"source", "sources", "officials", "activists"}
_MANY: Final = frozenset({"dozens", "scores", "hundreds", "thousands", "many", "several"})
_ADDS: Final = frozenset({"adding", "saying"})
_WHEN: Final = lexicon.TIME_WORDS | frozenset(lexicon.MONTHS) | {"on", "in", "at", "late", "early", "last"}
_AFTER_SPEECH: Final = lexicon.TIME_WORDS | frozenset({".", "on", "in", "at", "late", "early", "last"})


def has_lost_commas(text: str) -> bool:
    """Whether a text is long enough to have commas and has next to none."""
    words = sum(1 for _ in _WORD.finditer(text))
    return words >= _FEWEST_WORDS and text.count(",") * _WORDS_PER_COMMA <= words


def find_left_out(words: Sequence[str], tags: Sequence[str]) -> list[int]:
    """Return the numbers of the words of one sentence that a comma should follow."""
    if len(words) < _REACH:
        return []
    lower = [word.lower() for word in words]
    tagger = _load()
    tagger.set(comma_features(words, tags))
    likely = [tagger.marginal(HAS_COMMA, at) for at in range(len(words) - 1)]
    found = {
        at for at, value in enumerate(likely) if value >= LIKELY and not _parts_what_belongs(at, lower, tags)
    }
    _set_off_speaker(lower, tags, likely, found)
    _set_off_inversion(lower, tags, found)
    _close_asides(lower, tags, found)
    found |= {at for at in range(1, len(words) - 2) if lower[at + 1] in _ADDS and tags[at] not in _GOVERNS}
    return sorted(found)


def _says(at: int, lower: Sequence[str], tags: Sequence[str]) -> bool:
    return tags[at] in {"VBD", "VBZ"} and lexicon.verb_base(lower[at]) in lexicon.SPEECH


def _parts_what_belongs(at: int, lower: Sequence[str], tags: Sequence[str]) -> bool:
    """Whether a comma would part a noun from the bracket before it, or what is said from when it was said."""
    behind = tags[at + 1]
    if lower[at + 1] in {"more", "others"} and (tags[at] == "CD" or lower[at] in _MANY):
        return True
    if lower[at] == ")":
        return behind.startswith(("NN", "JJ"))
    begins = at
    while begins > 0 and (lower[begins] in _WHEN or tags[begins] == "CD"):
        begins -= 1
    return begins < at and _says(begins, lower, tags) and behind in _OPENS_NAME


def _set_off_speaker(
    lower: Sequence[str], tags: Sequence[str], likely: Sequence[float], found: set[int]
) -> None:
    """Put the comma of "…, officials said on Monday" where it is likeliest, and one before "adding that"."""
    verb = _closing_speech(lower, tags)
    if verb is None:
        return
    first = verb
    while first > 0 and verb - first <= _FARTHEST_VERB and tags[first - 1].startswith((*_NOUN_PHRASE, "VBG")):
        first -= 1
    places = [at for at in range(max(first - 1, 0), verb - 1) if _may_part(at, lower, tags)]
    place = max(places, key=likely.__getitem__, default=-1)
    if (
        place < 0
        or lower[place] in _QUOTES
        or likely[place] < LIKELY_BEFORE_SPEAKER
        or not any(tag in _FINITE for tag in tags[:place])
    ):
        return
    inside = sorted(at for at in found if place < at < verb)
    found -= set(inside if len(inside) == 1 else ())
    found.add(place)
    if verb + 1 < len(tags) and tags[verb + 1] == "VBG":
        found.add(verb)


def _set_off_inversion(lower: Sequence[str], tags: Sequence[str], found: set[int]) -> None:
    """Put the comma of "The road is closed, said the mayor", where a speaker ends the sentence."""
    verb = next((at for at in range(len(lower) - 1, 1, -1) if lower[at] in {"said", "added"}), None)
    if verb is None or tags[verb - 1] in _GOVERNS or not any(tag in _FINITE for tag in tags[:verb]):
        return
    at = verb + 1
    while at < len(lower) and tags[at].startswith(_NOUN_PHRASE) and tags[at] not in {"IN", "PRP"}:
        at += 1
    names = tags[at - 1].startswith("NNP") or lower[at - 1] in _SPEAKERS
    if at > verb + 1 and names and (at == len(lower) or tags[at] in {".", "VBG"}):
        found.add(verb - 1)


def _closing_speech(lower: Sequence[str], tags: Sequence[str]) -> int | None:
    """Return the last verb of saying that nothing follows but whom it was told, when, or "adding that"."""
    verb = next((at for at in range(len(lower) - 1, 0, -1) if _says(at, lower, tags)), None)
    if verb is None:
        return None
    at = verb + 1
    if lexicon.verb_base(lower[verb]) == "tell":
        while at < len(lower) and (tags[at].startswith(("NN", "PRP")) or tags[at] == "DT"):
            at += 1
    while at < len(lower) and (lower[at] in _WHEN or tags[at] in {"CD", "IN", "DT", "NN", "NNP"}):
        at += 1
    closes = at == len(lower) or tags[at] == "." or tags[at] == "VBG"
    return verb if closes else None


def _may_part(at: int, lower: Sequence[str], tags: Sequence[str]) -> bool:
    """Whether a noun phrase can begin behind the word, and none goes on there."""
    behind = tags[at + 1]
    if behind in {"DT", "PRP", "PRP$"}:
        return tags[at] not in _GOVERNS
    return behind in _OPENS_NAME and (tags[at] not in _HOLDS_NAME | _GOVERNS or lower[at] in _WHEN)


def _close_asides(lower: Sequence[str], tags: Sequence[str], found: set[int]) -> None:
    """Put a comma behind "56 people, including 11 children" and "Roe, a baker" where the verb follows."""
    closing = _closing_speech(lower, tags)
    for opened in sorted(found):
        at = opened + 1
        if lower[at] not in _OPENS_ASIDE and not (
            tags[opened].startswith("NNP") and lower[at] in {"a", "an", "the"}
        ):
            continue
        at += 1
        while at < len(lower) - 1 and tags[at].startswith(_NOUN_PHRASE) and at not in found:
            at += 1
        if at - 1 > opened + 1 and at != closing and tags[at] in _FINITE and at not in found:
            found.add(at - 1)


@cache
def _load() -> Tagger:
    tagger = Tagger()
    tagger.open(str(Path(__file__).parents[1] / "model" / COMMAS))
    return tagger


def comma_features(words: Sequence[str], tags: Sequence[str]) -> list[list[str]]:
    """Return what the model sees at each word: the words and tags around, and who may be speaking there."""
    lower = [word.lower() for word in words]
    speaks = _speech_ahead(lower, tags)
    finite = [tag in _FINITE for tag in tags]
    return [_features_at(at, words, lower, tags, speaks, finite) for at in range(len(words))]


def _features_at(
    at: int,
    words: Sequence[str],
    lower: Sequence[str],
    tags: Sequence[str],
    speaks: Sequence[str],
    finite: Sequence[bool],
) -> list[str]:
    last = len(words) - 1
    near = [(step, at + step if 0 <= at + step <= last else -1) for step in range(1 - _REACH, _REACH + 1)]
    found = [f"w{step}={lower[i]}" for step, i in near if i >= 0]
    found += [f"t{step}={tags[i] if i >= 0 else '#'}" for step, i in near]
    behind = tags[at + 1] if at < last else "#"
    second = tags[at + 2] if at + 2 <= last else "#"
    found += [
        "bias",
        f"tt={tags[at]}|{behind}",
        f"ttt={tags[at]}|{behind}|{second}",
        f"ptt={tags[at - 1] if at else '#'}|{tags[at]}|{behind}",
        f"wt={lower[at]}|{behind}",
        f"tw={tags[at]}|{lower[at + 1] if at < last else '#'}",
        f"shape={_shape(words[at])}|{_shape(words[at + 1]) if at < last else '#'}",
        f"first={lower[0]}|{min(at, 8)}",
        f"opening={tags[0]}|{any(finite[: at + 1])}|{behind}",
        f"left={min(last - at, 6)}|{behind}",
        f"speaks={speaks[at]}",
        f"verb={any(finite[: at + 1])}|{any(finite[at + 1 :])}|{speaks[at]}",
    ]
    return found


def _shape(word: str) -> str:
    if word.isdigit():
        return "9" * min(len(word), 5)
    return "X" if word.isupper() else "x" if word.islower() else "Xx" if word[0].isupper() else "-"


def _speech_ahead(lower: Sequence[str], tags: Sequence[str]) -> list[str]:
    """Tell of each word whether a noun phrase and a verb of saying follow, and what comes behind them."""
    found = ["no"] * len(lower)
    for verb, word in enumerate(lower):
        if tags[verb] not in {"VBD", "VBZ"} or lexicon.verb_base(word) not in lexicon.SPEECH:
            continue
        after = lower[verb + 1] if verb + 1 < len(lower) else "."
        behind = "end" if after in _AFTER_SPEECH else tags[verb + 1]
        at = verb - 1
        while at > 0 and verb - at <= _FARTHEST_VERB and tags[at].startswith(_NOUN_PHRASE):
            opens = tags[at] in {"DT", "PRP", "NNP", "NNPS", "PRP$"} or not tags[at - 1].startswith(
                _NOUN_PHRASE
            )
            joins = tags[at - 1] in {"IN", "CC", "POS", "DT", "JJ"}
            found[at - 1] = f"{behind}|{tags[at]}|{opens}|{joins}"
            at -= 1
    return found
