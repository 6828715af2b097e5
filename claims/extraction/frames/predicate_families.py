"""Which predicates tell of the same kind of event: "shoot down", "destroy" and "raid" are all attacks.

The families stand in `predicates.txt`. A predicate is a lemma, with its particle if it has one.
"""

from pathlib import Path
from typing import Final

_FAMILIES: Final = Path(__file__).with_name("predicates.txt")

# What "carried out an attack on" and "paid a visit to" are about: the noun's own verb.
_DEEDS: Final = """
attack: attack strike raid assault offensive bombing shelling airstrike ambush bombardment operation
kill: killing murder assassination execution massacre
withdraw: withdrawal retreat
meet: meeting talk
investigate: investigation inquiry probe
accuse: accusation allegation
promise: promise pledge
protest: protest demonstration rally
violate: violation breach
visit: visit trip tour
arrest: arrest
announce: announcement
state: statement
decide: decision
search: search
test: test trial
inspect: inspection
sell: sale
buy: purchase
threaten: threat
rescue: rescue
deploy: deployment
evacuate: evacuation
appeal: appeal
vote: vote
"""
_LIGHT_VERBS: Final = frozenset(
    {"carry out", "conduct", "launch", "stage", "mount", "make", "pay", "perform", "undertake", "hold"}
    | {"commit", "take", "issue", "execute"}
)
# Events that come about without anybody who makes them: "the trawler sank", "prices fell".
_HAPPENING: Final = frozenset({"crash", "die", "fall", "rise", "end", "travel", "displace", "launch"})
# Where the other party of an event stands when it is no object: "fired on the bus", "met with the mayor".
_TARGET_PREPOSITIONS: Final[dict[str, frozenset[str]]] = {
    "attack": frozenset({"on", "at", "against", "into", "with"}),
    "crash": frozenset({"into", "with"}),
    "meet": frozenset({"with"}),
    "agree": frozenset({"on", "to", "with"}),
    "withdraw": frozenset({"from"}),
    "travel": frozenset({"to", "into"}),
    "investigate": frozenset({"into"}),
    "demand": frozenset({"for"}),
    "lose": frozenset({"to", "against"}),
    "win": frozenset({"against"}),
    "join": frozenset({"with"}),
    "cause": frozenset({"to", "in"}),
    "protest": frozenset({"against"}),
}


def _by_member(listed: str, separator: str) -> dict[str, tuple[str, ...]]:
    """Return member -> the words before the colon of the lines it stands in."""
    found: dict[str, tuple[str, ...]] = {}
    for line in listed.splitlines():
        if line and not line.startswith("#"):
            name, members = line.split(": ")
            for member in members.split(separator):
                found[member] = (*found.get(member, ()), name)
    return found


_FAMILIES_OF: Final = _by_member(_FAMILIES.read_text(encoding="utf-8"), ", ")
_VERB_OF_NOUN: Final = _by_member(_DEEDS, " ")


def family_of(predicate: str, *, by_itself: bool = False) -> str:
    """Return the family of a predicate, "" when it is in none; `by_itself` when nothing undergoes it.

    >>> family_of("shoot down"), family_of("sink"), family_of("sink", by_itself=True), family_of("hum")
    ('attack', 'attack', 'crash', '')
    """
    families = _FAMILIES_OF.get(predicate, ())
    happening = [family for family in families if by_itself and family in _HAPPENING]
    return next(iter(happening or families), "")


def deed_of(verb: str, noun: str) -> str:
    """Return the verb a light verb and its object stand for, "" when the verb is to be taken literally.

    >>> deed_of("carry out", "raid"), deed_of("launch", "rocket")
    ('attack', '')
    """
    return _VERB_OF_NOUN.get(noun, ("",))[0] if verb in _LIGHT_VERBS else ""


def target_prepositions(predicate: str) -> frozenset[str]:
    """Return the prepositions before the target of a predicate that has no object."""
    return _TARGET_PREPOSITIONS.get(family_of(predicate), frozenset())
