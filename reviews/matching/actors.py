"""Who is said to have done it: named, claimed, blamed, denied, or said to be unknown."""

import re
from collections.abc import Set
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final, Literal

from claims.extraction.types import Frame
from reviews.matching.names import canonical_words, is_people, names_armed_group
from reviews.matching.terms import read_lists, stem, words_of

Stance = Literal["did", "denied", "unknown", "investigated"]

_LISTS: Final = read_lists("actors.txt")
_STEMS: Final = {role: frozenset(map(stem, words)) for role, words in _LISTS.items()}
_NO_DOERS: Final = _STEMS["deeds"] | _STEMS["no_doers"]
_IRREGULAR: Final = "irregular"


def _any(role: str) -> str:
    return "|".join(sorted(_LISTS[role], key=lambda word: (-len(word), word)))


_WHO: Final = rf"(?P<who>(?:(?!(?:{_any('ends')})\b)[\w'’.\"“”-]+\s*){{1,7}})"
_NAMED: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b(?:{_any('done_by')})(?: out| down| up)? by {_WHO}",
        rf"\b(?:{_any('deeds')}|responsibility) by {_WHO}",
        rf"\bblamed? (?:\w+ ){{0,3}}?(?:on|for it on) {_WHO}",
        rf"\b(?:blamed|blames) {_WHO}",
        rf"\b(?:accused|accuses) {_WHO}of (?:\w+ )?(?:carry|bomb|attack|kill|strik|shell|shoot|fir|plant)ing",
        rf"\bwork of {_WHO}",
    )
)
_CLAIMED: Final = re.compile(
    r"(?P<who>(?:[\w'’.-]+ ){1,6}?)(?:has |have |had |later )?"
    r"(?:claims?|claimed|took|takes) (?:the |credit for |responsibility\b|this )",
    re.IGNORECASE,
)
# "US-led coalition air strikes", "regime warplanes": whose strikes they were.
_WHOSE: Final = re.compile(
    r"\b(?P<who>(?:[\w.-]+-led|international|coalition|regime|government|army|rebel|military|police"
    r"|[A-Z][a-z]+(?:ian|ish|i|an|ese)|US|American)"
    r"(?: (?:coalition|government|army|military|air force|forces))*) "
    r"(?:air ?strikes?|strikes|raids|warplanes|(?:fighter )?jets|shelling|bombardment|fire|planes"
    r"|helicopters)\b"
)
_LEADER: Final = re.compile(r"\b([A-Z]\w+)-led (?:\w+ )?(?:coalition|alliance)")
_UNKNOWN: Final = re.compile(
    r"\bno (?:one|group|body|immediate claim|claim of)|nobody (?:has )?claimed|unclear who"
    r"|not (?:immediately )?clear who|unknown (?:attackers?|assailants?|gunmen|group)"
    r"|unidentified (?:attackers?|gunmen)|went unclaimed",
    re.IGNORECASE,
)
_DENIED: Final = re.compile(
    r"\b(?:den(?:y|ies|ied|ying)|reject(?:s|ed)|dismiss(?:es|ed)|had nothing to do with"
    r"|not (?:behind|responsible|involved))\b",
    re.IGNORECASE,
)
_NOT_DENIED: Final = re.compile(
    r"\b(?:not|neither|nor) (?:immediately )?(?:den(?:y|ied)|confirm)", re.IGNORECASE
)
# A call for "a thorough investigation" is none.
_INVESTIGATED: Final = re.compile(
    r"\b(?<!thorough )(?<!independent )"
    r"(?:investigat\w+|looking into|probe[sd]?|probing|collecting information|inquiry)\b",
    re.IGNORECASE,
)
_FEARED: Final = re.compile(
    r"\b(?:fear(?:s|ed)?|warn(?:s|ed)?|threaten(?:s|ed)?|could|might|may|would)\b", re.IGNORECASE
)
_ARTICLE: Final = re.compile(r"^(?:the|The) ")
# "Aircraft of the coalition", "members of the group" are the coalition and the group.
_PART_OF: Final = re.compile(
    r"^(?:[\w-]+ )?(?:aircraft|warplanes|planes|jets|members|forces|fighters|troops) of ", re.IGNORECASE
)
_OF_SPEAKER: Final = re.compile(r"\b(?:its|our|their|we|it)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Actor:
    """`stems` are the words that tell this actor from others; none when only a kind of doer is named.

    `is_explicit` when the words say that it was they, and not only a verb with a subject.
    """

    words: str
    stems: frozenset[str]
    stance: Stance
    is_explicit: bool = True

    @property
    def is_person(self) -> bool:
        """Whether it is only said that a person did it ("a suicide bomber"), not for whom."""
        return not self.stems or bool(self.stems & _STEMS["persons"])

    @property
    def is_irregular(self) -> bool:
        return _IRREGULAR in self.stems

    def is_same(self, other: "Actor") -> bool:
        """Whether both name one doer: the words of one are among those of the other, or they are one body."""
        if self.stance in {"unknown", "investigated"}:
            return self.stance == other.stance
        if self.is_person or other.is_person:
            return self.is_person and other.is_person
        if self.stems <= other.stems or other.stems <= self.stems:
            return True
        bodies = _STEMS["kinds_of_body"]
        named, others = self.stems - bodies, other.stems - bodies
        return bool(self.stems & other.stems & bodies) and (
            not named or not others or not named.isdisjoint(others)
        )

    def led_by(self, leaders: Set[str]) -> "Actor":
        """Return a coalition that is named without its leader with the one that the articles name."""
        is_bare = bool(self.stems) and self.stems <= _STEMS["kinds_of_body"] and self.stance == "did"
        if not is_bare or len(leaders) != 1 or stem("coalition") not in self.stems:
            return self
        return replace(self, stems=self.stems | _stems(next(iter(leaders))))

    def _is_side_of(self, coalition: "Actor") -> bool:
        """Whether these may be forces of the coalition: of the country that leads it."""
        named = coalition.stems - _STEMS["kinds_of_body"] - {"led"}
        return stem("coalition") in coalition.stems and bool(named) and named <= self.stems

    def _shares_a_name(self, other: "Actor") -> bool:
        return not self.stems.isdisjoint(other.stems)

    def may_be(self, other: "Actor") -> bool:
        """Whether both can be true: a group's bomber, "terrorists" and such a group, an inquiry into it."""
        if "investigated" in {self.stance, other.stance}:
            return True
        if {self.stance, other.stance} == {"did", "denied"} and self.stems and other.stems:
            # Who denies a part of their own says nothing against it that others did it.
            return not self.is_person and not other.is_person and not self._shares_a_name(other)
        if self.stance != "did" or other.stance != "did":
            return self.stance == other.stance == "denied"
        if self.is_person or other.is_person or self._is_side_of(other) or other._is_side_of(self):
            return True
        return (self.is_irregular and names_armed_group(other.words)) or (
            other.is_irregular and names_armed_group(self.words)
        )


@lru_cache(maxsize=32768)
def find_leaders(text: str) -> frozenset[str]:
    """Return who leads the coalitions a statement names: {"US"} for "the US-led coalition"."""
    return frozenset(_LEADER.findall(text))


@lru_cache(maxsize=32768)
def find_actors(text: str, frame: Frame, speaker: str) -> tuple[Actor, ...]:
    """Return whom a statement holds to have done it, or what else it says about that; mostly none or one.

    >>> [actor.words for actor in find_actors("The depot was attacked by armed rebels.", Frame(), "")]
    ['armed rebels']
    """
    stance = _stance(text, frame, speaker)
    if stance is not None:
        return (stance,)
    if _FEARED.search(text):
        return ()
    found = [match["who"] for pattern in _NAMED for match in pattern.finditer(text)]
    claimed = _CLAIMED.search(text)
    if claimed is not None:
        found.append(claimed["who"].strip() or speaker)
    found += [match["who"] for match in _WHOSE.finditer(text)]
    is_explicit = bool(found)
    if not found and frame.family in {"attack", "kill"} and not frame.negated and _can_do(frame.agent):
        found.append(frame.agent)
    if speaker:
        found = [speaker if _OF_SPEAKER.search(words) else words for words in found]
    actors = [Actor(words, _stems(words), "did", is_explicit) for words in map(_trimmed, found) if words]
    return tuple(dict.fromkeys(actor for actor in actors if actor.stems))


def _stance(text: str, frame: Frame, speaker: str) -> Actor | None:
    """Return what a statement says of who did it without naming anybody."""
    if _UNKNOWN.search(text):
        return Actor("nobody has said it was them", frozenset(), "unknown")
    if _INVESTIGATED.search(text):
        return Actor("it is being investigated", frozenset(), "investigated")
    if _NOT_DENIED.search(text):
        return Actor("neither confirmed nor denied", frozenset(), "investigated")
    if _DENIED.search(text) and _speaks_of_deed(text):
        denier = speaker or frame.agent
        return Actor(f"denied by {denier}" if denier else "denied", _stems(denier), "denied")
    return None


def _speaks_of_deed(text: str) -> bool:
    """Whether what is denied is a deed, or a part in it."""
    return any(stem(word) in _STEMS["denied"] | _STEMS["deeds"] for word in words_of(text))


def _can_do(agent: str) -> bool:
    """Whether the subject of an attack can be who did it: "rebels", not "a twin" or "the blast"."""
    words = {stem(word) for word in agent.split()}
    if words & _NO_DOERS:
        return False
    has_name = any(word[0].isupper() for word in agent.split()[1:])
    return bool(words & _STEMS["doers"]) or names_armed_group(agent) or has_name


def _trimmed(phrase: str) -> str:
    """Return the phrase up to a verb that was taken along: "the coalition | targeted ..."."""
    kept: list[str] = []
    for word in _PART_OF.sub("", phrase).split():
        is_verb = word[0].islower() and word.endswith(("ed", "ing")) and "-" not in word
        if kept and (is_verb or word.lower() in _LISTS["ends"]):
            break
        kept.append(word)
    return _ARTICLE.sub("", " ".join(kept)).strip(" \"“”.'-–")


@lru_cache(maxsize=8192)
def _stems(phrase: str) -> frozenset[str]:
    words = re.findall(r"[\w'’]+", canonical_words(phrase))
    stems = {stem(word.removesuffix("'s").removesuffix("’s")) for word in words if len(word) > 1}
    has_name = any(word[0].isupper() and not is_people(word) for word in phrase.split()[1:])
    if stems & _STEMS["irregular"] and not has_name:
        return frozenset({_IRREGULAR})
    if stems & _NO_DOERS and not stems & _STEMS["doers"] - _NO_DOERS:
        return frozenset()
    return frozenset(stems - _STEMS["empty"])
