"""The persons, bodies, places and things a text speaks of, and which names are names of the same one."""

from collections import defaultdict, deque
from dataclasses import dataclass, field
from typing import Final

from claims.extraction import lexicon
from claims.extraction.context.coreference_model import (
    EVEN,
    ORGANISATION,
    OTHER,
    PERSON,
    PLACE,
    CoreferenceModel,
    Distribution,
)
from claims.extraction.context.mentions import Gender, Mention
from claims.extraction.parse.document import Document, Range

# Of how many referents with the same word in their name a short name is looked up.
_MOST_NAMESAKES: Final = 6
_LONGEST_NAME: Final = 8
_LINKING: Final = frozenset({"of", "for", "the", "and", "&", "-", ".", ",", "'s", "in"})
_SPELLINGS: Final = {
    "defence": "defense", "centre": "center", "organisation": "organization", "u.s.": "us", "u.s": "us",
    "u.k.": "uk", "u.n.": "un", "labour": "labor", "harbour": "harbor",
}  # fmt: skip
_LISTED: Final = {
    "country": PLACE, "place": PLACE, "group": ORGANISATION, "body": ORGANISATION, "female": PERSON,
    "male": PERSON, "title": PERSON, "vehicle": OTHER, "weapon": OTHER,
}  # fmt: skip
# What a name of two words can begin with and be left out again: "Lake Tahoe", "Tahoe".
_KINDS_IN_NAMES: Final = lexicon.word_set(
    "cyclone hurricane typhoon storm lake mount river cape fort planet comet ss hms uss"
)
_SURE: Final = 0.8
_UNSURE: Final = 0.05
# The words around a name repeat what others of them say already.
_TRUST: Final = 0.5


@dataclass(slots=True, eq=False)
class Referent:
    """Somebody or something, as known so far. `words` are those of its names, `heads` of its descriptions."""

    last: Mention
    number: str
    gender: Gender
    kinds: list[float]
    at: int
    name: Range | None = None
    key: tuple[str, ...] = ()
    words: set[str] = field(default_factory=set)
    heads: set[str] = field(default_factory=set)
    modifiers: set[str] = field(default_factory=set)
    pronouns: set[str] = field(default_factory=set)
    acronym: str = ""
    count: int = 1
    subjects: int = 0
    names: int = 0
    named_by: Mention | None = None
    is_group: bool = False
    first_sentence: int = 0
    is_bare: bool = False
    links: bool = False
    owners: set[int] = field(default_factory=set)
    listed: set[str] = field(default_factory=set)

    def kind(self, number: int) -> float:
        """Return how probably this is a person, a body, a place, a time or another thing."""
        return self.kinds[number] / sum(self.kinds)


def name_words(document: Document, name: Range) -> tuple[str, ...]:
    """Return what tells a name from others: its words, folded, without "of" and "the"."""
    found = (document.tokens[at].lower for at in range(*name))
    return tuple(_SPELLINGS.get(word, word) for word in found if word not in _LINKING)


def settings_of(document: Document, mention: Mention) -> list[str]:
    """Return what stands around a name and tells of what kind it is: "in", "subject of say"."""
    found = [
        f"case {document.tokens[at].lower}"
        for at in document.children[mention.head]
        if document.tokens[at].relation == "case"
    ]
    if mention.governor >= 0 and mention.role != "other":
        found.append(f"{mention.role} of {document.tokens[mention.governor].lemma}")
    found.append(f"{document.tokens[mention.head].relation} {document.tokens[mention.first].lower == 'the'}")
    return found


def kinds_of_name(
    document: Document, mention: Mention, listed: frozenset[str], model: CoreferenceModel
) -> list[float]:
    """Return how probably a name is a person's, a body's, a place's, a time or another thing's."""
    words = name_words(document, mention.name)
    product = list(EVEN)
    for entry, known in _LISTED.items():
        if entry in listed:
            product = [value * (_SURE if kind == known else _UNSURE) for kind, value in enumerate(product)]
    if mention.gender:
        product[PERSON] *= 8
    evidence = [model.names.get(word) for word in words[-2:]]
    evidence += [model.settings.get(setting) for setting in settings_of(document, mention)]
    for learned in evidence:
        if learned is not None:
            product = [value * given**_TRUST for value, given in zip(product, learned, strict=True)]
    if set(words) & (lexicon.COLLECTIVE_HEADS | lexicon.BODY_WORDS):
        product[ORGANISATION] *= 4
    total = sum(product)
    return [value / total for value in product]


class NameIndex:
    """Finds the referent a name belongs to among those named before."""

    def __init__(self) -> None:
        self._by_word: dict[str, deque[Referent]] = defaultdict(lambda: deque(maxlen=_MOST_NAMESAKES))
        self._by_acronym: dict[str, Referent] = {}

    def add(self, referent: Referent, words: tuple[str, ...], *, acronym: str) -> None:
        """Remember a name of the referent; `acronym` is made of its capitals ("SDF"), or ""."""
        for word in set(words):
            namesakes = self._by_word[word]
            if referent in namesakes:
                namesakes.remove(referent)
            namesakes.append(referent)
        if len(acronym) > 1:
            self._by_acronym[acronym] = referent

    def count(self, word: str) -> int:
        """Return how many referents have the word in their name, up to the bound."""
        return len(self._by_word.get(word, ()))

    def find(
        self, words: tuple[str, ...], gender: Gender, kinds: list[float], *, has_article: bool = False
    ) -> Referent | None:
        """Return whose name this is, the last mentioned of several; None for a name that is new."""
        if not words:
            return None
        if len(words) == 1 and words[0] in self._by_acronym:
            return self._by_acronym[words[0]]
        # A shared name must share its last word, or begin with the only word of the shorter one.
        for namesake in reversed(self._by_word.get(words[-1], ())):
            if _same(namesake, words, gender, kinds, has_article=has_article):
                return namesake
        for namesake in reversed(self._by_word.get(words[0], ())):
            if _same(namesake, words, gender, kinds, has_article=has_article):
                return namesake
        return None


def _same(
    referent: Referent, words: tuple[str, ...], gender: Gender, kinds: list[float], *, has_article: bool
) -> bool:
    if gender and referent.gender and gender != referent.gender:
        return False
    known = referent.key
    if words == known:
        return True
    shorter, longer = sorted((words, known), key=len)
    if len(shorter) == len(longer) or not shorter:
        return False
    is_person = referent.kind(PERSON) > 0.3 or kinds[PERSON] > 0.3
    if referent.links and len(known) > len(words):
        return words[0] == known[0] and words[0] in lexicon.COLLECTIVE_HEADS
    if len(words) == 1 and has_article:
        return words[0] in {known[0], known[-1]}
    if len(shorter) == 1 and len(longer) == 2 and longer[0] in _KINDS_IN_NAMES:
        return shorter[0] == longer[1]
    if len(shorter) == 1:
        return (is_person and shorter[0] in {longer[0], longer[-1]}) or (
            shorter[0] in lexicon.COLLECTIVE_HEADS and shorter[0] in {longer[0], longer[-1]}
        )
    if is_person:
        return shorter[-1] == longer[-1] and shorter[0] == longer[0]
    return set(shorter) <= set(longer) and shorter[-1] == longer[-1]


def acronym_of(document: Document, name: Range) -> str:
    """Return the first letters of the capitalised words of a name, in lower case."""
    return "".join(document.tokens[at].lower[0] for at in range(*name) if document.tokens[at].capital)


def is_fuller(document: Document, name: Range, than: Range | None) -> bool:
    """Whether `name` says more than another name of the same referent."""
    return than is None or (
        name[1] - name[0] <= _LONGEST_NAME
        and len(name_words(document, name)) > len(name_words(document, than))
    )


def kinds_of_noun(lemma: str, model: CoreferenceModel) -> Distribution:
    """Return how probably a noun stands for a person, a body, a place, a time or another thing."""
    return model.nouns.get(lemma, EVEN)
