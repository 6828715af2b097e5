"""By what means an attack was carried out: "a suicide car bomb" says more than "a bomb", and not "a truck bomb"."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

_BASES: Final = {
    "barrel bombs": r"barrel[- ]bomb\w*",
    "an air strike": r"air ?strikes?|airstrikes?|air raids?|warplanes?|(?:fighter )?jets?|aerial bomb\w*|(?:coalition|led) (?:bombing )?(?:strikes?|raids?)",
    "shelling": r"shell(?:ing|ed|s)|mortars?|artillery|rockets?(?!-propelled)",
    "a missile": r"missiles?",
    "a drone": r"drones?",
    "gas": r"sarin|chlorine|chemical (?:weapon|attack|agent)\w*|poison(?:ous)? gas|nerve agent|mustard gas",
    "a knife": r"knife|knives|stabb\w+|machete",
    "shooting": r"gunfire|gunm[ae]n|shot dead|shooting|opened fire|(?:had )?fired (?:on|at)|sniper\w*",
    "arson": r"arson|set (?:fire|alight|ablaze)",
    "a bomb": r"(?:car|truck|suicide|motorcycle|van|roadside|nail|pipe)?[- ]?bomb(?:s|ing|ings|er|ers)?|blasts?|explo\w+|detonat\w+|blew|blown|landmines?|grenades?",
}
_TRAITS: Final = {
    "suicide": r"suicide|bl(?:ew|own|owing) (?:him|her|it|them)sel(?:f|ves)|explosive (?:belt|vest)s?",
    "car": r"car[- ]bomb\w*|(?:booby-trapped|explosives?[- ](?:laden|packed|filled)) (?:car|vehicle)|the car\b|a car\b",
    "truck": r"(?:truck|lorry)(?:[- ]bomb\w*)?",
    "van": r"vans?|minibus",
    "pick-up": r"pick-?up",
    "motorcycle": r"motor(?:cycle|bike)s?",
    "roadside": r"roadside|landmines?",
    "double": r"double|twin|two (?:car |suicide |truck )?(?:bomb|blast|explosion|bomber)\w*|second (?:bomb|blast|explosion)|first (?:bomb|blast|explosion)|blasts\b|explosions\b|bombings\b|followed by an? explo\w*",
}
_PLAIN: Final = frozenset({"a bomb", "an air strike", "shelling", "shooting"})
_VEHICLES: Final = frozenset({"car", "truck", "van", "pick-up", "motorcycle", "roadside"})
_BASE: Final = {name: re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE) for name, pattern in _BASES.items()}
_TRAIT: Final = {name: re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE) for name, pattern in _TRAITS.items()}


# "The blast" and "Saturday's attack" only point at the event.
_POINTING: Final = re.compile(
    r"\b(?:the|this|that|such|\w+day['’]?s|after|during) (?:(?:first|deadly|latest|same) )?"
    r"(?:bombing|blast|bomb|explosion|attack|shelling|shooting|strike|raid)\b(?! attack| blast)"
    r"|\b(?:blast|bomb|attack) (?:site|scene)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, order=True)
class Means:
    """`bases` name the weapon, `traits` how it was brought; what is left out is not said."""

    bases: tuple[str, ...]
    traits: tuple[str, ...]

    @property
    def vehicles(self) -> tuple[str, ...]:
        return tuple(trait for trait in self.traits if trait in _VEHICLES)

    @property
    def without_vehicle(self) -> "Means":
        return Means(self.bases, tuple(trait for trait in self.traits if trait not in _VEHICLES))

    @property
    def is_telling(self) -> bool:
        """Whether it says more than that it was an attack of this kind."""
        return bool(self.traits) or len(self.bases) > 1 or self.bases[0] not in _PLAIN

    @property
    def words(self) -> str:
        named = [base for base in self.bases if base != "a bomb"]
        if "a bomb" in self.bases:
            is_double, suicide = "double" in self.traits, "suicide " * ("suicide" in self.traits)
            vehicle = "".join(f"{vehicle} " for vehicle in self.vehicles)
            named.append(f"two {suicide}{vehicle}bombs" if is_double else f"a {suicide}{vehicle}bomb")
        return " and ".join(named)

    def may_be(self, other: "Means") -> bool:
        """Whether both can be true: one says more than the other, but nothing against it."""
        if not set(self.bases) & set(other.bases) or ("double" in self.traits) != ("double" in other.traits):
            return False
        return not self.vehicles or not other.vehicles or bool(set(self.vehicles) & set(other.vehicles))


@lru_cache(maxsize=32768)
def find_means(text: str) -> Means | None:
    """Return the means a statement names, None when it names none.

    >>> find_means("A suicide attacker detonated a car bomb near the gate.").words
    'a suicide car bomb'
    """
    text = _POINTING.sub("", text)
    bases = [name for name, pattern in _BASE.items() if pattern.search(text)]
    traits = tuple(name for name, pattern in _TRAIT.items() if pattern.search(text))
    if "barrel bombs" in bases or "an air strike" in bases:
        bases = [name for name in bases if name not in {"a bomb"}]
    if not bases and "suicide" in traits:
        bases = ["a bomb"]
    if not bases:
        return None
    return Means(tuple(bases), traits if "a bomb" in bases else ())
