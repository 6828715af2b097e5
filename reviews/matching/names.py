"""Names under their spellings: aliases, countries, and one skeleton for "Tokhar" and "Al-Tukhar"."""

import re
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from claims.extraction import names as engine_names

_LISTS: Final = Path(engine_names.__file__).parent / "lists"
_ALIASES: Final = Path(__file__).parent / "lexicon" / "aliases.txt"
_ARTICLE: Final = re.compile(r"^(?:the |al[- ]|el[- ]|ad[- ]|ash?[- ]|ar[- ]|at[- ])", re.IGNORECASE)
_POSSESSIVE: Final = re.compile(r"['’]s?$")
_VOWELS: Final = re.compile(r"[aeiouy'’ -]")
_DOUBLED: Final = re.compile(r"(.)\1+")


@lru_cache(maxsize=32768)
def skeleton(name: str) -> str:
    """Return what spellings of one name share: consonants, without article, doubling and a silent end.

    Transliterations differ most in vowels. Names of less than two consonants keep theirs.

    >>> skeleton("Tokhar") == skeleton("Al-Tukhar"), skeleton("Hasakah") == skeleton("Hassakeh")
    (True, True)
    """
    lower = _POSSESSIVE.sub("", _ARTICLE.sub("", name.lower()))
    bare = _DOUBLED.sub(r"\1", _VOWELS.sub("", lower))
    if len(bare) > 2:
        bare = bare.removesuffix("h")
    return bare if len(bare) >= 2 else _DOUBLED.sub(r"\1", lower)


def is_country(name: str) -> bool:
    """Whether a name is a state or continent, which says too little of where something happened."""
    return _plain(name) in _countries()[0]


def is_people(word: str) -> bool:
    """Whether a word says which country or people somebody belongs to: "Syrian", "Kurds"."""
    return _plain(word) in _countries()[1]


@lru_cache(maxsize=4096)
def names_armed_group(phrase: str) -> bool:
    """Whether a known armed group is named in a phrase."""
    return bool(_armed_groups().search(phrase))


def canonical(name: str) -> str:
    """Return the first of a name's aliases in lower case, or the name itself in lower case.

    >>> canonical("Daesh"), canonical("the ISIS group"), canonical("Harbour Board")
    ('islamic state', 'islamic state', 'harbour board')
    """
    plain = _plain(name).removesuffix(" group")
    return _aliases().get(plain, plain)


def canonical_words(phrase: str) -> str:
    """Return the phrase in lower case with every alias in it replaced by its first name."""
    return _alias_pattern().sub(lambda match: _aliases()[_plain(match[0])], phrase).lower()


def _plain(name: str) -> str:
    lower = _POSSESSIVE.sub("", name.strip().lower())
    return lower.removeprefix("the ").removeprefix("so-called ")


@cache
def _aliases() -> dict[str, str]:
    aliases: dict[str, str] = {}
    for line in _ALIASES.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            first, *others = line.split(" | ")
            aliases |= {name.lower(): first.lower() for name in (first, *others)}
    return aliases


@cache
def _alias_pattern() -> re.Pattern[str]:
    written = [
        re.escape(name)
        for line in _ALIASES.read_text(encoding="utf-8").splitlines()
        if line and not line.startswith("#")
        for name in line.split(" | ")
    ]
    # Short names are words when written small: "is", "us".
    long = [name for name in written if len(name) > 3]
    short = [name for name in written if len(name) <= 3]
    return re.compile(rf"(?<![\w-])(?:(?i:{_longest_first(long)})|{_longest_first(short)})(?!\w)")


def _longest_first(names: list[str]) -> str:
    return "|".join(sorted(names, key=len, reverse=True))


@cache
def _armed_groups() -> re.Pattern[str]:
    lines = (_LISTS / "armed_groups.txt").read_text(encoding="utf-8").splitlines()
    listed = [re.escape(line) for line in lines if line and not line.startswith("#")]
    return re.compile(rf"(?<![\w-])(?:{_longest_first(listed)}|DAESH)(?!\w)")


@cache
def _countries() -> tuple[frozenset[str], frozenset[str]]:
    """Return the names of countries, and of those who belong to one or to a people."""
    countries, peoples = set(), set()
    for line in (_LISTS / "countries.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            names, belonging, *_ = [part.split(", ") for part in line.split(" | ")]
            countries |= {name.strip().lower() for name in names}
            peoples |= {name.strip().lower() for name in belonging}
    listed = (_LISTS / "peoples.txt").read_text(encoding="utf-8").splitlines()
    peoples |= {line.lower() for line in listed if line and not line.startswith("#")}
    # "Syrias north": possessive endings are lost in much scraped text
    countries |= {f"{name}s" for name in countries if not name.endswith("s")}
    return frozenset(countries), frozenset(peoples)
