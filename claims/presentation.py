"""Text and claims -> pieces of text to show. Pure; knows neither Django nor HTML.

Offsets count code points of the text, half-open, as everywhere. The pieces of a text always join
back to it: nothing is trimmed, replaced or moved.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import groupby, pairwise
from typing import Any, Protocol

PARAGRAPH_BREAK = re.compile(r"\n{2,}")
CONTEXT_CHARACTERS = 1_000
# To compare two sentences word by word takes time that grows with the product of their lengths.
COMPARED_WORDS = 300
Pieces = list[tuple[str, bool]]
_WORD = re.compile(r"\w+|\s+|[^\w\s]")

# Characters that show nothing themselves and change how others are read: controls, directions,
# zero-width and filler characters, tags. Arabic number signs and the like, of the same Unicode
# category, are seen and stay out.
_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f"
    "\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_JOINERS = "\u200c\u200d"
_FIRST_AFTER_LATIN = "\u0300"
_SHORT_NAMES = {
    "\xad": "SHY",
    "\u061c": "ALM",
    "\u200b": "ZWSP",
    "\u200c": "ZWNJ",
    "\u200d": "ZWJ",
    "\u200e": "LRM",
    "\u200f": "RLM",
    "\u202a": "LRE",
    "\u202b": "RLE",
    "\u202c": "PDF",
    "\u202d": "LRO",
    "\u202e": "RLO",
    "\u2060": "WJ",
    "\u2066": "LRI",
    "\u2067": "RLI",
    "\u2068": "FSI",
    "\u2069": "PDI",
    "\ufeff": "BOM",
}


class Marked(Protocol):
    """What is read of a claim; `claims.models.Claim` is one."""

    pk: int
    spans: list[list[int]]
    sentence_start: int
    sentence_end: int
    speaker_spans: list[list[int]]
    cue: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a text in which the same claims hold; ids of claims are in reading order.

    `claims` are those whose own words it is, `cues` and `speakers` those whose cue or speaker it
    names, `sentences` those whose sentence it stands in. `begins` are the claims that start here.
    """

    start: int
    text: str
    claims: tuple[int, ...] = ()
    cues: tuple[int, ...] = ()
    speakers: tuple[int, ...] = ()
    sentences: tuple[int, ...] = ()
    begins: tuple[int, ...] = ()

    @property
    def is_break(self) -> bool:
        """Whether it is the white space between two paragraphs, or a part of it."""
        return PARAGRAPH_BREAK.fullmatch(self.text) is not None


@dataclass(slots=True)
class _Edges:
    """The claims that a role starts or ends for at one offset."""

    starts: list[tuple[str, int]] = field(default_factory=list)
    ends: list[tuple[str, int]] = field(default_factory=list)


def segments(text: str, claims: Iterable[Marked], *, start: int = 0, end: int | None = None) -> list[Segment]:
    """Cut `text[start:end]` wherever a claim, its cue, speaker or sentence, or a paragraph begins or ends."""
    end = len(text) if end is None else end
    edges: dict[int, _Edges] = defaultdict(_Edges)
    order: dict[int, int] = {}
    begins: dict[int, list[int]] = defaultdict(list)
    for claim in claims:
        order[claim.pk] = len(order)
        begins[max(min(span[0] for span in claim.spans), start)].append(claim.pk)
        for role, first, last in _stretches(claim):
            if max(first, start) < min(last, end):
                edges[max(first, start)].starts.append((role, claim.pk))
                edges[min(last, end)].ends.append((role, claim.pk))
    breaks = {offset for found in PARAGRAPH_BREAK.finditer(text, start, end) for offset in found.span()}
    cuts = sorted({start, end, *edges, *breaks})
    open_now: dict[str, dict[int, int]] = defaultdict(dict)  # role -> claim -> how many stretches are open
    pieces = []
    for cut, following in pairwise(cuts):
        _step(open_now, edges.get(cut))
        pieces.append(
            Segment(
                cut,
                text[cut:following],
                **{role: tuple(sorted(open_now[role], key=order.__getitem__)) for role in _ROLES},
                begins=tuple(begins.get(cut, ())),
            )
        )
    return pieces


_ROLES = ("claims", "cues", "speakers", "sentences")


def _stretches(claim: Marked) -> Iterator[tuple[str, int, int]]:
    yield from (("claims", start, end) for start, end in claim.spans)
    yield from (("speakers", start, end) for start, end in claim.speaker_spans)
    yield "sentences", claim.sentence_start, claim.sentence_end
    if claim.cue is not None:
        yield "cues", *claim.cue["span"]


def _step(open_now: dict[str, dict[int, int]], edges: _Edges | None) -> None:
    """Close what ends at an offset and open what starts there."""
    if edges is None:
        return
    for role, claim in edges.starts:
        open_now[role][claim] = open_now[role].get(claim, 0) + 1
    for role, claim in edges.ends:
        open_now[role][claim] -= 1
        if not open_now[role][claim]:
            del open_now[role][claim]


def paragraphs(pieces: Iterable[Segment]) -> list[list[Segment]]:
    """Group segments by paragraph, leaving out the white space between paragraphs."""
    found: list[list[Segment]] = [[]]
    for piece in pieces:
        if not piece.is_break:
            found[-1].append(piece)
        elif found[-1]:
            found.append([])
    return [paragraph for paragraph in found if paragraph]


def context(text: str, claim: Marked, *, limit: int = CONTEXT_CHARACTERS) -> tuple[int, int]:
    """Return [start, end) of the paragraphs a claim stands in, with at most `limit` characters around it.

    A paragraph that is longer is cut between words.
    """
    own_start = min(claim.sentence_start, *(start for start, _ in claim.spans))
    own_end = max(claim.sentence_end, *(end for _, end in claim.spans))
    start = text.rfind("\n\n", 0, own_start)
    start = 0 if start < 0 else start + 2
    end = text.find("\n\n", own_end)
    end = len(text) if end < 0 else end
    if own_start - start > limit:
        space = text.find(" ", own_start - limit, own_start)
        start = own_start - limit if space < 0 else space + 1
    if end - own_end > limit:
        space = text.rfind(" ", own_end, own_end + limit)
        end = own_end + limit if space < 0 else space
    return start, end


def reveal(text: str) -> list[tuple[str, str]]:
    """Return the text in pieces with a label each: "" for what is seen, a name for a hidden character.

    Joiners within scripts that need them, and within emoji, do their work and stay unlabelled.

    >>> reveal("a\\u202eb")
    [('a', ''), ('\\u202e', 'RLO'), ('b', '')]
    """
    pieces: list[tuple[str, str]] = []
    seen_from = 0
    for found in _HIDDEN.finditer(text):
        at = found.start()
        if text[at] in _JOINERS and at > 0 and text[at - 1] >= _FIRST_AFTER_LATIN:
            continue
        if seen_from < at:
            pieces.append((text[seen_from:at], ""))
        pieces.append((text[at], _SHORT_NAMES.get(text[at], f"U+{ord(text[at]):04X}")))
        seen_from = at + 1
    if seen_from < len(text):
        pieces.append((text[seen_from:], ""))
    return pieces


def differing_words(old: str, new: str) -> tuple[Pieces, Pieces]:
    """Cut two sentences into pieces, True where their words differ; each joins back to its sentence.

    >>> differing_words("The jet fell", "The jet crashed")
    ([('The jet ', False), ('fell', True)], [('The jet ', False), ('crashed', True)])
    """
    before, after = _WORD.findall(old), _WORD.findall(new)
    if max(len(before), len(after)) > COMPARED_WORDS:
        return [(old, old != new)], [(new, old != new)]
    cut: tuple[Pieces, Pieces] = [], []
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for what, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        if old_from < old_to:
            cut[0].append(("".join(before[old_from:old_to]), what != "equal"))
        if new_from < new_to:
            cut[1].append(("".join(after[new_from:new_to]), what != "equal"))
    return cut


def full_name(character: str) -> str:
    """Name a character for those who want to know: "U+202E right-to-left override"."""
    return f"U+{ord(character):04X} {unicodedata.name(character, 'control character').lower()}"


def relay(chain: Iterable[dict[str, Any]]) -> list[str]:
    """Return the names a stored chain passes through, from outside in; one that quotes itself stands once."""
    return [name for name, _ in groupby(link["name"] for link in chain)]


def frame_rows(frame: dict[str, Any]) -> list[tuple[str, str]]:
    """Return what a stored event frame says as (what, said) rows; what it leaves open is left out."""
    named = [
        ("Event", frame.get("predicate")),
        ("Agent", frame.get("agent")),
        ("Target", frame.get("target")),
        ("Place", frame.get("place")),
        ("Time", _moment(frame["time"]) if frame.get("time") else ""),
        ("Quantities", "; ".join(_quantity(quantity) for quantity in frame.get("quantities", ()))),
        ("Polarity", "negated" if frame.get("negated") else ""),
        ("Hedges", ", ".join(frame.get("hedges", ()))),
    ]
    return [(what, said) for what, said in named if said]


def _moment(moment: dict[str, Any]) -> str:
    days = [day for day in (moment["earliest"], moment["latest"]) if day]
    return f"{moment['text']} ({' to '.join(dict.fromkeys(days))})" if days else str(moment["text"])


def _quantity(quantity: dict[str, Any]) -> str:
    value = f"{quantity['value']} to {quantity['upper']}" if quantity["upper"] else quantity["value"]
    return " ".join(part for part in (quantity["approximator"], value, quantity["unit"]) if part)
