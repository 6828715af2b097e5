"""The numbers a statement gives: how many of whom, and what became of them."""

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from typing import Final

from claims.extraction.frames.quantities import MEASURES, find_quantities
from claims.extraction.types import Quantity, Span
from reviews.matching.terms import read_lists

_WORD: Final = re.compile(r"[^\W_]+(?:['’.,-][^\W_]+)*")
# These state no number, but answer the question all the same; what they may mean.
_FEW: Final = re.compile(
    r"\b((?:several|a few) (?:dozen|hundred|thousand)|several|many|a number of|numerous|a handful of)\b",
    re.IGNORECASE,
)
_LOOSE: Final = {
    "dozen": (Decimal(20), Decimal(150)),
    "hundred": (Decimal(120), Decimal(1500)),
    "thousand": (Decimal(1200), Decimal(20_000)),
    "several": (Decimal(3), Decimal(150)),
    "a handful of": (Decimal(3), Decimal(10)),
    "a number of": (Decimal(3), Decimal(1000)),
    "many": (Decimal(5), Decimal(100_000)),
    "numerous": (Decimal(5), Decimal(100_000)),
    # "Dozens" is said of 20 and of 140 alike.
    "dozens": (Decimal(20), Decimal(150)),
    "scores": (Decimal(30), Decimal(200)),
    "hundreds": (Decimal(120), Decimal(1500)),
    "thousands": (Decimal(1200), Decimal(20_000)),
}
_ABOVE: Final = frozenset({"more than", "over", "just over", "well over", "upwards of"})
_OPEN: Final = ("at least", "no fewer than", "no less than", *sorted(_ABOVE))
_BELOW: Final = frozenset(
    {"nearly", "almost", "close to", "just under", "under", "less than", "fewer than", "up to", "as many as"}
)
_LISTS: Final = read_lists("counted.txt")
_FATE_ROLES: Final = (
    "killed", "wounded", "missing", "arrested", "abducted", "freed", "moved", "gathered",
)  # fmt: skip
_AFTER: Final = {word: role for role in _FATE_ROLES for word in _LISTS.get(f"{role}_after", ())}
_BEFORE: Final = {word: role for role in _FATE_ROLES for word in _LISTS.get(f"{role}_before", ())}
_EITHER: Final = {word: role for role in _FATE_ROLES for word in _LISTS[role]}
_PEOPLE: Final = {word: role for role in ("people", "children", "women") for word in _LISTS[role]}
_CROWD: Final = _LISTS["crowd"]
_OTHER_PEOPLE: Final = _LISTS["other_people"] | _CROWD
_FATE_WORDS: Final = frozenset({*_AFTER, *_BEFORE, *_EITHER})
# Said beside of those killed or wounded: "killing 12 people evacuated from the town".
_ASIDE: Final = frozenset({"moved", "gathered"})
_TOLLS: Final = frozenset({"toll", "tolls"})
_FEW_WORDS: Final = frozenset({"several", "many", "a number of", "numerous", "a handful of"})
_OF_MORE: Final = (("the",), ("them",), ("those",), ("whom",))
_NUMBER_OF: Final = 8
_REACH: Final = 6
_VERB_REACH: Final = 14
# "98 evacuees, most of them from the northern villages, among them 12 children, ..."
_BETWEEN: Final = 8
# A toll names its number far off: "the toll of the blast in the old town of ... has risen to 12".
_TOLL_REACH: Final = 24


@dataclass(frozen=True, slots=True)
class Count:
    """How many of whom: "at least 56 civilians were killed" is 56 to 56 "civilians", "killed".

    `low` to `high` is what the words allow when read loosely; `is_exact` when they name one number, be it
    with "at least" or "some". `counted` is "people", "children", "women", or the noun; `fate` is
    what became of them, see `lexicon/counted.txt`, or "". `start` is the offset into the statement. `is_part`
    when it counts some of those counted otherwise: "six of the missing were sailors".
    """

    low: Decimal
    high: Decimal
    is_exact: bool
    counted: str
    fate: str
    words: str
    start: int
    is_part: bool = False

    @property
    def is_bound(self) -> bool:
        """Whether the number may still grow: "at least 56", "more than 50"."""
        return self.words.lower().startswith(_OPEN)

    @property
    def answer_words(self) -> str:
        """The number as an answer: "56" for "at least 56" too, "more than 120", "dozens"."""
        if self.is_exact:
            return f"{self.low:,f}".rstrip("0").rstrip(".") if "." in str(self.low) else f"{self.low:,}"
        return self.words.lower().removesuffix(" of")

    @property
    def answer(self) -> tuple[Decimal, Decimal, bool]:
        """What equal answers have in common."""
        return self.low, self.high, self.is_exact

    def is_within(self, other: "Count", *, is_same_day: bool) -> bool:
        """Whether a number that is not smaller says more and nothing against it.

        "At least 12" and "five of them" leave room for 56, and so do 22 officers for 81 people.
        """
        is_sort = self.counted != "people" and other.counted == "people"
        leaves_room = (self.is_bound and is_same_day) or (bool(self.fate) and (self.is_part or is_sort))
        return leaves_room and self.low <= other.high

    def may_be(self, other: "Count") -> bool:
        """Whether both can be true of one thing; two different exact numbers cannot."""
        if self.is_exact and other.is_exact:
            return self.low == other.low
        return self.low <= other.high and other.low <= self.high


@dataclass(frozen=True, slots=True)
class _Words:
    """A statement as lower-case words; `amount_at` tells which words are numbers, and of which amount."""

    words: tuple[str, ...]
    amount_at: dict[int, int]

    def free(self, at: int) -> bool:
        """Whether there is a word at this place that is no number."""
        return 0 <= at < len(self.words) and at not in self.amount_at


@dataclass(frozen=True, slots=True)
class _Draft:
    """An amount as written, its words from `first` to before `last`, and what was read of it."""

    quantity: Quantity
    written: str
    first: int
    last: int
    counted: str
    fates: tuple[str, ...]
    is_part: bool


@lru_cache(maxsize=32768)
def find_counts(statement: str) -> tuple[Count, ...]:
    """Return the counts of a statement in reading order; "killed and wounded dozens" makes two.

    >>> [(c.words, c.counted, c.fate) for c in find_counts("The fire killed 12 people and injured dozens.")]
    [('12', 'people', 'killed'), ('dozens', 'people', 'wounded')]
    """
    amounts = _amounts(statement)
    if not amounts:
        return ()
    matches = list(_WORD.finditer(statement))
    amount_at = {
        at: number
        for at, match in enumerate(matches)
        for number, (quantity, end) in enumerate(amounts)
        if quantity.span.start <= match.start() < end
    }
    words = _Words(tuple(match[0].lower() for match in matches), amount_at)
    drafts: list[_Draft] = []
    for number, (quantity, end) in enumerate(amounts):
        own = [at for at, of in amount_at.items() if of == number]
        if own:
            first, last = min(own), max(own) + 1
            counted, noun_end = _counted(words, last, quantity)
            written = statement[quantity.span.start : end].strip()
            drafts.append(
                _Draft(
                    quantity,
                    written,
                    first,
                    last,
                    counted,
                    _fates(words, first, last, noun_end),
                    _is_part(words, last),
                )
            )
    return tuple(count for draft in _with_shared_fates(words, drafts) for count in _counts(draft))


def _is_part(words: _Words, last: int) -> bool:
    """Whether only some are counted: "five of them died", "another shell killed four"."""
    of = words.words[last : last + 2]
    return words.words[0] == "another" or (of[:1] == ("of",) and of[1:] in _OF_MORE)


def is_plural(noun: str) -> bool:
    return noun in _LISTS["plural"] or (noun.endswith("s") and len(noun) > 3)


def _amounts(statement: str) -> list[tuple[Quantity, int]]:
    """Return the amounts and where their number ends, without the noun."""
    found = []
    for quantity in find_quantities(statement):
        written = quantity.span.of(statement)
        has_noun = quantity.unit and written.lower().endswith(quantity.unit) and quantity.unit not in MEASURES
        end = quantity.span.end - len(quantity.unit) if has_noun else quantity.span.end
        if quantity.unit in MEASURES or quantity.span.start < end:
            found.append((quantity, end))
    for match in _FEW.finditer(statement):
        if not any(quantity.span.start <= match.start() < quantity.span.end for quantity, _ in found):
            span = Span(match.start(), match.end())
            if not any(match.end() == quantity.span.start - 1 for quantity, _ in found):
                found.append((Quantity(Decimal(0), "", span, match[1].lower()), match.end()))
    return sorted(found, key=lambda amount: amount[0].span.start)


def _counted(words: _Words, at: int, quantity: Quantity) -> tuple[str, int]:
    """Return who or what is counted, "" when it is left out, and the first word after it."""
    if quantity.unit in MEASURES:
        return quantity.unit, at
    if words.words[at : at + 2] == ("of", "the") and set(words.words[at + 2 : at + 3]) & _LISTS["harmed"]:
        kind = next((word for word in words.words[at + 3 : at + 7] if word in _OTHER_PEOPLE | {*_PEOPLE}), "")
        return _PEOPLE.get(kind, kind), at + 2
    before = words.words[max(0, at - _NUMBER_OF) : at]
    if "number" in before and before[before.index("number") + 1 :][:1] == ("of",):
        kind = next((word for word in before if word in _OTHER_PEOPLE | {*_PEOPLE}), "")
        if kind:
            return _PEOPLE.get(kind, kind), at
    noun = ""
    if words.words[at : at + 2] == ("of", "the") and at + 2 in words.amount_at:
        at = max(position for position, of in words.amount_at.items() if of == words.amount_at[at + 2]) + 1
    for position in range(at, min(at + 5, len(words.words))):
        word = words.words[position]
        if position in words.amount_at:
            return noun, position
        if word in _PEOPLE:
            return _PEOPLE[word], position + 1
        if word in _OTHER_PEOPLE:
            return word, position + 1
        if word in _FATE_WORDS:
            return "", position
        if word in _LISTS["ends_noun"] and (noun or word != "of"):
            return noun, position
        if noun and word.endswith("ing"):
            return noun, position
        if word not in _LISTS["passed_over"] and not is_plural(noun):
            noun = word
    return noun, min(at + 5, len(words.words))


def _fates(words: _Words, first: int, last: int, noun_end: int) -> tuple[str, ...]:
    """Return what became of those counted: by the nearest word that tells, before or after.

    Words `first` to `last` are the number, the noun ends before `noun_end`.
    """
    at = first - 1
    while words.free(at) and words.words[at] in _LISTS["passed_over"]:
        at -= 1
    governs = words.free(at) and (words.words[at] in _AFTER or words.words[at] in _EITHER)
    governs = governs and not _has_its_number_before(words, at)
    told = words.words[noun_end] if words.free(noun_end) else ""
    tells = told in _BEFORE or told in _EITHER
    if governs and ({**_BEFORE, **_EITHER}.get(told) in _ASIDE or noun_end + 1 in words.amount_at):
        tells = False
    if tells:
        return _both(words, noun_end, {**_EITHER, **_BEFORE}, step=1)
    if governs:
        return _both(words, at, {**_EITHER, **_AFTER}, step=-1)
    return _fate_told_after(words, noun_end) or _fate_told_before(words, first)


def _both(words: _Words, at: int, fates: dict[str, str], *, step: int) -> tuple[str, ...]:
    """Return the fate a word tells, and that of a second one joined to it: "killed and wounded"."""
    joined = at + 2 * step
    found = [fates[words.words[at]]]
    if words.free(at + step) and words.free(joined) and words.words[at + step] in {"and", "or"}:
        other = fates.get(words.words[joined])
        if other and not (step > 0 and joined + 1 in words.amount_at):
            found.append(other)
    return tuple(dict.fromkeys(found))


def _fate_told_after(words: _Words, end: int) -> tuple[str, ...]:
    """Return the fate in "... were killed": near, or further off after a form of "be"."""
    for position in range(end, min(end + _VERB_REACH, len(words.words))):
        word = words.words[position]
        if not words.free(position) or (word in _AFTER and word not in _EITHER):
            break
        is_near = position < end + _REACH
        is_led = words.words[position - 1] in _LISTS["be"]
        if (word in _EITHER and (is_near or is_led)) or (word in _BEFORE and is_near):
            return _both(words, position, {**_EITHER, **_BEFORE}, step=1)
    return ()


def _fate_told_before(words: _Words, first: int) -> tuple[str, ...]:
    """Return the fate in "killed in the crash were 12" and "the toll of the crash has risen to 12"."""
    for position in range(first - 1, max(-1, first - 1 - _TOLL_REACH), -1):
        word = words.words[position]
        if not words.free(position):
            break
        harmed = _LISTS["harmed"].intersection(words.words[position + 2 : position + 3])
        if word in _TOLLS or (word == "number" and harmed):
            return ("killed",)
        is_verb = word in _AFTER or word in _EITHER
        if is_verb and first - position <= _REACH and not _has_its_number_before(words, position):
            return (_AFTER.get(word) or _EITHER[word],)
    return ()


def _has_its_number_before(words: _Words, at: int) -> bool:
    """Whether the word at this place tells of a number before it: "9 sailors drowned 12 were rescued"."""
    if words.words[at] in _AFTER and words.words[at] not in _EITHER:
        return False
    back = at - 1
    while words.free(back) and words.words[back] in _LISTS["be"]:
        back -= 1
    # Only a passive tells of whatever was counted: in "the fire on 3 boats killed 9" no boat was killed.
    nouns = 2 if back < at - 1 else 0
    while words.free(back) and (words.words[back] in _PEOPLE or nouns > 0):
        nouns -= 1
        back -= 1
    return back in words.amount_at


def _with_shared_fates(words: _Words, drafts: list[_Draft]) -> list[_Draft]:
    """Return the drafts, where "12 people, among them 3 children, died" counts 3 dead children too."""
    shared = list(drafts)
    for at in range(1, len(shared)):
        before, draft = shared[at - 1], shared[at]
        between = words.words[before.last : draft.first]
        is_part = bool(_LISTS["part"] & set(between[-3:]))
        is_rest = words.words[draft.last : draft.last + 1] in (("others",), ("more",))
        if (is_part or is_rest) and not draft.fates:
            shared[at] = replace(draft, fates=before.fates, is_part=is_part)
        elif is_part and not before.fates and len(between) <= _BETWEEN:
            shared[at - 1] = replace(before, fates=draft.fates)
    return shared


def _counts(draft: _Draft) -> list[Count]:
    counted = draft.counted
    if counted in _CROWD and not draft.fates:
        return [_count(draft, "people", "gathered")]
    is_people = counted in _OTHER_PEOPLE or counted in {"", "people", "children", "women"}
    if not is_people or not draft.fates:
        is_thing = is_plural(counted) or counted in MEASURES
        return [_count(draft, counted, "")] if is_thing and counted not in _LISTS["times"] else []
    if draft.quantity.approximator in _FEW_WORDS and not counted:
        return []
    return [_count(draft, counted or "people", fate) for fate in draft.fates]


def _count(draft: _Draft, counted: str, fate: str) -> Count:
    quantity, hedge = draft.quantity, draft.quantity.approximator
    vague = next((word for word in _LOOSE if hedge.endswith(word)), "")
    low, high, is_exact = quantity.value, quantity.upper or quantity.value, quantity.upper is None
    if vague:
        (low, high), is_exact = _LOOSE[vague], False
    elif hedge in _ABOVE:
        high, is_exact = low * Decimal("1.5"), False
    elif hedge in _BELOW:
        low, is_exact = low * Decimal("0.9"), False
    return Count(low, high, is_exact, counted, fate, draft.written, quantity.span.start, draft.is_part)
