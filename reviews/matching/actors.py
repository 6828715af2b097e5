"""Who is said to have done it: named, claimed, blamed, denied, or said to be unknown."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from claims.extraction.types import Frame
from reviews.matching.names import canonical_words, is_people, names_armed_group
from reviews.matching.terms import stem

Stance = Literal["did", "denied", "unknown", "investigated"]

_NOUN: Final = r"(?:attack|bombing|blast|bomb|raid|strike|airstrike|assault|shooting|operation|killing|ambush|explosion|crash|fire|hack|leak|massacre|responsibility|it)s?"
_WHO: Final = r"(?P<who>(?:(?!(?:who|which|that|and|on|in|at|for|to|near|by|with|as|from|was|were|is|has|have|had)\b)[\w'’.\"“”-]+\s*){1,7})"
_PATTERNS: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b(?:carried out|claimed|launched|staged|perpetrated|committed|conducted|planted|orchestrated) by {_WHO}",
        rf"\b{_NOUN} by {_WHO}",
        rf"\b(?:killed|hit|struck|bombed|attacked|targeted|wounded|shot(?: down)?|destroyed) by {_WHO}",
        rf"\bblamed? (?:\w+ ){{0,3}}?(?:on|for it on) {_WHO}",
        rf"\b(?:blamed|blames|accused|accuses) {_WHO}",
        rf"\bwork of {_WHO}",
    )
)
_CLAIMED: Final = re.compile(
    rf"(?P<who>(?:[\w'’.-]+ ){{1,6}}?)(?:has |have |had |later )?(?:claims?|claimed|took|takes) (?:the |credit for |responsibility\b|this )(?:\w+ )?",
    re.IGNORECASE,
)
_LED: Final = re.compile(
    r"\b(?P<who>(?:[\w.-]+-led|international|coalition|regime|government|army|rebel|Russian|Israeli|Syrian|American|US|Turkish|Saudi|military|police)"
    r"(?: (?:coalition|government|army|military|air force|forces))*) (?:air ?strikes?|strikes|raids|warplanes|jets|shelling|bombardment|fire|planes|helicopters|forces dropped)\b"
)
_UNKNOWN: Final = re.compile(
    r"\bno (?:one|group|body|immediate claim|claim of)|nobody (?:has )?claimed|unclear who|not (?:immediately )?clear who|unknown (?:attackers?|assailants?|gunmen|group)|unidentified (?:attackers?|gunmen)|went unclaimed",
    re.IGNORECASE,
)
_DENIED: Final = re.compile(
    r"\b(?:den(?:y|ies|ied|ying)|reject(?:s|ed)|dismiss(?:es|ed)|had nothing to do with|not (?:behind|responsible|involved))\b",
    re.IGNORECASE,
)
_NOT_DENIED: Final = re.compile(
    r"\b(?:not|neither|nor) (?:immediately )?(?:den(?:y|ied)|confirm)", re.IGNORECASE
)
_INVESTIGATED: Final = re.compile(
    r"\b(?:investigat\w+|looking into|probe[sd]?|probing|collecting information|inquiry)\b", re.IGNORECASE
)
_PERPETRATOR: Final = re.compile(r"\b(?:bomber|attacker|gunman|gunmen|assailant)s?\b", re.IGNORECASE)
# Fighters without a name; who reports calls them one or the other.
_IRREGULAR: Final = frozenset(
    {"terrorist", "rebel", "militant", "insurgent", "extremist", "jihadist", "opposition"}
)
_MODIFIERS: Final = frozenset(
    stem(word) for word in ("coalition", "alliance", "international", "army", "police")
)
_IRREGULAR_STEM: Final = "irregular"
_FEARED: Final = re.compile(
    r"\b(?:fear(?:s|ed)?|warn(?:s|ed)?|threaten(?:s|ed)?|could|might|may|would)\b", re.IGNORECASE
)
_PERSON_STEMS: Final = frozenset(
    stem(word) for word in ("bomber", "attacker", "gunman", "gunmen", "assailant")
)
_OF_SPEAKER: Final = re.compile(r"\b(?:its|our|their|we|it)\b", re.IGNORECASE)
_ENDS_PHRASE: Final = frozenset(
    "of hit early late has have had was were early since during earlier partly also often - – have who".split()
)
_DOERS: Final = frozenset(
    stem(word)
    for word in (
        "army", "forces", "troops", "soldiers", "police", "officers", "rebels", "militants", "militia", "insurgents",
        "fighters", "terrorists", "extremists", "group", "coalition", "alliance", "government", "regime", "bomber",
        "attacker", "attackers", "gunman", "gunmen", "assailants", "jets", "warplanes", "helicopters", "navy", "guards",
        "settlers", "protesters", "robbers", "hackers", "pirates", "cartel", "gang", "we", "they",
    )
)  # fmt: skip
_EVENT_NOUNS: Final = frozenset(
    stem(word)
    for word in "massacre attack bombing blast bomb explosion strike raid airstrike fire crash death toll casualty war fighting shelling rocket missile jet".split()
)
_EMPTY: Final = frozenset(
    stem(w)
    for w in "the a an group groups forces force fighters fighter government regime militant terrorist terror organisation organization so-called many some several its their this that suspected alleged purportedly members one two who it they he armed key main led".split()
) - {"government", "regim"}


@dataclass(frozen=True, slots=True)
class Actor:
    """`stems` are the words that tell this actor from others; none when only a kind of doer is named."""

    words: str
    stems: frozenset[str]
    stance: Stance
    is_explicit: bool = True

    @property
    def is_person(self) -> bool:
        """Whether it is only said that a person did it ("a suicide bomber"), not for whom."""
        return not self.stems or bool(self.stems & _PERSON_STEMS)

    def is_same(self, other: "Actor") -> bool:
        """Whether both name one doer: the words of one are among those of the other, or they differ in an adjective."""
        if self.stance != "did" and self.stance != "denied":
            return self.stance == other.stance
        if self.is_person or other.is_person:
            return self.is_person and other.is_person
        if self.stems <= other.stems or other.stems <= self.stems:
            return True
        named, others = self.stems - _MODIFIERS, other.stems - _MODIFIERS
        shared = self.stems & other.stems & _MODIFIERS
        return bool(shared) and (not named or not others or bool(named & others))

    def may_be(self, other: "Actor") -> bool:
        """Whether both can be true: the bomber of a group, "terrorists" and such a group, an inquiry into it."""
        if "investigated" in {self.stance, other.stance}:
            return True
        if self.stance != "did" or other.stance != "did":
            return False
        if self.is_person or other.is_person:
            return True
        return (_IRREGULAR_STEM in self.stems and other.is_armed_group) or (
            _IRREGULAR_STEM in other.stems and self.is_armed_group
        )

    @property
    def is_armed_group(self) -> bool:
        return names_armed_group(self.words)


@lru_cache(maxsize=32768)
def find_actors(text: str, frame: Frame, speaker: str) -> tuple[Actor, ...]:
    """Return whom a statement holds to have done it, or what it says about that; mostly none or one."""
    if _UNKNOWN.search(text):
        return (Actor("nobody has said it was them", frozenset(), "unknown"),)
    if _INVESTIGATED.search(text):
        return (Actor("it is being investigated", frozenset(), "investigated"),)
    if _NOT_DENIED.search(text):
        return (Actor("neither confirmed nor denied", frozenset(), "investigated"),)
    if _FEARED.search(text):
        return ()
    if _DENIED.search(text):
        denier = speaker or frame.agent
        return (Actor(f"denied by {denier}", _stems(denier), "denied"),)
    found: list[str] = []
    for pattern in _PATTERNS:
        found += [match["who"].strip(" \"“”.'") for match in pattern.finditer(text)]
    claimed = _CLAIMED.search(text)
    if claimed:
        found.append(claimed["who"].strip() if claimed["who"].strip() else speaker)
    found += [match["who"] for match in _LED.finditer(text)]
    is_explicit = bool(found)
    if not found and frame.family in {"attack", "kill"} and not frame.negated and _is_doer(frame.agent):
        found.append(frame.agent)
    if speaker:
        found = [speaker if _OF_SPEAKER.search(words) else words for words in found]
    actors = [Actor(words, _stems(words), "did", is_explicit) for words in map(_trimmed, found) if words]
    return tuple(dict.fromkeys(actor for actor in actors if actor.stems or _PERPETRATOR.search(actor.words)))


def _is_doer(agent: str) -> bool:
    """Whether the subject of an attack can be who did it: "rebels", not "a twin" or "the blast"."""
    words = {stem(word) for word in agent.split()}
    if words & _EVENT_NOUNS:
        return False
    return (
        bool(words & _DOERS)
        or names_armed_group(agent)
        or any(word[0].isupper() for word in agent.split()[1:])
    )


def _trimmed(phrase: str) -> str:
    """Return the phrase up to a verb or preposition that was taken along: "the coalition | targeted ..."."""
    kept: list[str] = []
    for word in phrase.split():
        is_verb = word[0].islower() and word.endswith(("ed", "ing")) and "-" not in word
        if kept and (is_verb or word.lower() in _ENDS_PHRASE):
            break
        kept.append(word)
    return " ".join(kept).strip(" \"“”.'-")


@lru_cache(maxsize=8192)
def _stems(phrase: str) -> frozenset[str]:
    words = re.findall(r"[\w'’]+", canonical_words(phrase))
    stems = {stem(word.removesuffix("'s").removesuffix("’s")) for word in words if len(word) > 1}
    if any(stem_ in {stem(word) for word in _IRREGULAR} for stem_ in stems) and not any(
        word[0].isupper() and not is_people(word) for word in phrase.split()[1:]
    ):
        return frozenset({_IRREGULAR_STEM})
    if stems & _EVENT_NOUNS:
        return frozenset()
    return frozenset(stems - _EMPTY)
