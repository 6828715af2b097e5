"""By what means an attack was carried out: "a suicide bomb" says more than "a bomb", but not "a missile"."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from reviews.matching.terms import read_patterns

# What each weapon and each trait is told by stands in `lexicon/means.txt`.
_WEAPONS: Final = read_patterns("means.txt", "weapon")
_TRAITS: Final = read_patterns("means.txt", "trait")
_VEHICLES: Final = frozenset({"car", "truck", "van", "pick-up", "motorcycle"})
_BOMB: Final = "a bomb"
_FROM_THE_AIR: Final = frozenset({"barrel bombs", "an air strike"})
# Of two of these, the one can be what the other was done with.
_TOGETHER: Final = (
    frozenset({"an air strike", "barrel bombs", "a missile", "gas", _BOMB}),
    frozenset({"shelling", "a missile", "gas"}),
)
# They say no more than what kind of event it was.
_PLAIN: Final = frozenset({_BOMB, "an air strike", "shelling", "shooting"})
# "The blast" and "Saturday's attack" only point at the event.
_POINTING: Final = re.compile(
    r"\b(?:the|this|that|such|\w+day['’]?s|after|during) (?:(?:first|deadly|latest|same) )?"
    r"(?:bombing|blast|bomb|explosion|attack|shelling|shooting|strike|raid)\b(?! attack| blast)"
    r"|\b(?:blast|bomb|attack) (?:site|scene)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, order=True)
class Means:
    """`weapons` name what was used, `traits` how it was brought; what is left out is not said."""

    weapons: tuple[str, ...]
    traits: tuple[str, ...]

    @property
    def vehicles(self) -> tuple[str, ...]:
        return tuple(trait for trait in self.traits if trait in _VEHICLES)

    @property
    def without_vehicle(self) -> "Means":
        return Means(self.weapons, tuple(trait for trait in self.traits if trait not in _VEHICLES))

    @property
    def is_telling(self) -> bool:
        """Whether it says more than that it was an attack of this kind."""
        return bool(self.traits) or len(self.weapons) > 1 or self.weapons[0] not in _PLAIN

    @property
    def words(self) -> str:
        named = [weapon for weapon in self.weapons if weapon != _BOMB]
        if _BOMB in self.weapons:
            kind = "".join(f"{trait} " for trait in self.traits if trait != "double")
            named.append(f"two {kind}bombs" if "double" in self.traits else f"a {kind}bomb")
        return " and ".join(named)

    def may_be(self, other: "Means") -> bool:
        """Whether both can be true: one says more than the other, but nothing against it."""
        all_weapons = {*self.weapons, *other.weapons}
        if not set(self.weapons) & set(other.weapons) and not any(all_weapons <= some for some in _TOGETHER):
            return False
        if ("double" in self.traits) != ("double" in other.traits):
            return False
        return not self.vehicles or not other.vehicles or bool(set(self.vehicles) & set(other.vehicles))


@lru_cache(maxsize=32768)
def find_means(text: str) -> Means | None:
    """Return the means a statement names, None when it names none.

    >>> find_means("The suicide attackers used a car bomb.").words
    'a suicide car bomb'
    """
    told = _POINTING.sub("", text)
    weapons = [name for name, pattern in _WEAPONS.items() if pattern.search(told)]
    traits = tuple(name for name, pattern in _TRAITS.items() if pattern.search(told))
    if _FROM_THE_AIR & set(weapons):
        weapons = [name for name in weapons if name != _BOMB]
    if not weapons and "suicide" in traits:
        weapons = [_BOMB]
    if not weapons:
        return None
    return Means(tuple(weapons), traits if _BOMB in weapons else ())
