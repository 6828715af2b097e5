"""Who "he", "its" or "the ministry" is: every mention of a text with the one it speaks of.

One pass in reading order. Names join a referent by their form, appositions by the tree; for a pronoun or a
description those spoken of before are ranked by learned weights, "none of them" being one candidate.
"""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Final

from claims.extraction.context.coreference_features import Reference, candidates_features, refer
from claims.extraction.context.coreference_model import PERSON, CoreferenceModel, load_model
from claims.extraction.context.mentions import DEFINITE, NAME_TAGS, PRONOUNS, Mention, find_mentions
from claims.extraction.context.referents import (
    NameIndex,
    Referent,
    acronym_of,
    is_fuller,
    kinds_of_name,
    kinds_of_noun,
    name_words,
)
from claims.extraction.names.gazetteers import find_listed
from claims.extraction.parse.document import Document, Range

# Among how many referents, the last mentioned first, a reference is looked up; and how many of those named
# last and of those mentioned most come with them from farther back.
_MOST_CANDIDATES: Final = 20
_NAMED: Final = 12
_MAIN: Final = 3

# The candidates (None: none of them) with their features -> which it is, and with what probability.
Decision = tuple[Referent | None, float]
Decide = Callable[[Reference, Sequence[Referent | None], Sequence[list[str]]], Decision]


@dataclass(frozen=True, slots=True)
class Resolved:
    """Whom a mention speaks of, and how surely; `kind` is that of the reference, "" for a name.

    `antecedent` is where the referent was named last before the mention.
    """

    referent: Referent
    probability: float
    kind: str
    mention: Mention
    antecedent: Mention | None


def rank(
    model: CoreferenceModel,
    reference: Reference,
    candidates: Sequence[Referent | None],
    features: Sequence[list[str]],
) -> Decision:
    """Return the most probable candidate and its probability; None if that is below the threshold."""
    probabilities = model.probabilities(reference.kind, features)
    best = max(range(len(candidates) - 1), key=probabilities.__getitem__, default=-1)
    if best < 0 or probabilities[best] < model.links[reference.kind]:
        return None, probabilities[-1]
    return candidates[best], probabilities[best]


class Coreference:
    """The mentions of one document by the token of their head, resolved."""

    def __init__(
        self, document: Document, *, model: CoreferenceModel | None = None, decide: Decide | None = None
    ):
        self.document = document
        self.model = model or load_model()
        self._decide = decide or partial(rank, self.model)
        self._listed = find_listed(document.tokens)
        self._active: OrderedDict[int, Referent] = OrderedDict()
        self._named: OrderedDict[int, Referent] = OrderedDict()
        self._main: list[Referent] = []
        self._names = NameIndex()
        self._seen: set[str] = set()
        self.resolved: dict[int, Resolved] = {}
        for mention in find_mentions(document):
            self._read(mention)

    def name_of(self, head: int) -> Range | None:
        """Return the fullest name of whom the mention with this head speaks of, if that is sure enough."""
        found = self.resolved.get(head)
        if found is None or found.referent.name is None:
            return None
        sure = not found.kind or found.probability >= self.model.sure[found.kind]
        return found.referent.name if sure or self._is_only_one(found) else None

    def _is_only_one(self, found: Resolved) -> bool:
        """Whether a description is the last word of one name in the text: "the board" of "Harbour Board"."""
        word, referent = self.document.tokens[found.mention.head].lower, found.referent
        plain = found.mention.last - found.mention.first == 2 and found.mention.owner < 0
        return plain and referent.key[-1:] == (word,) and self._names.count(word) == 1

    def _read(self, mention: Mention) -> None:
        if mention.kind == "group":
            self._start(mention, is_group=True)
            return
        described = self._apposed_to(mention)
        if described is not None:
            self._join(mention, described, 1.0, "")
        elif mention.kind == "name" and not (mention.bare and self._is_definite(mention)):
            self._read_name(mention)
        elif mention.kind == "pronoun" or self._is_definite(mention):
            self._read_reference(mention)
        else:
            self._start(mention)
        if mention.kind == "nominal":
            self._seen.add(self.document.tokens[mention.head].lemma)

    def _is_definite(self, mention: Mention) -> bool:
        return self.document.tokens[mention.first].lower in DEFINITE or mention.owner >= 0

    def _apposed_to(self, mention: Mention) -> Referent | None:
        """Return whom the mention is set beside: "Roe, |a baker|", "the mayor, |Roe|", "Board (|HSB|)"."""
        token = self.document.tokens[mention.head]
        beside = self.resolved.get(token.head)
        if beside is None or beside.referent.is_group or beside.kind or beside.mention.head > mention.head:
            return None
        if token.relation == "conj":
            siblings = self.document.children[token.head]
            if any(self.document.tokens[at].relation == "cc" for at in self.document.children[mention.head]):
                return None
            if any(self.document.tokens[at].relation == "conj" and at != mention.head for at in siblings):
                return None
        elif token.relation not in {"appos", "flat"}:
            return None
        if mention.kind != "name":
            return beside.referent if self._fits(mention, beside.referent) else None
        if beside.mention.kind == "name":
            letters = acronym_of(self.document, beside.mention.name)
            own = "".join(name_words(self.document, mention.name))
            return beside.referent if own.replace(".", "") == letters else None
        return beside.referent if self._joins_unnamed(mention, beside.referent) else None

    def _fits(self, mention: Mention, referent: Referent) -> bool:
        person = kinds_of_noun(self.document.tokens[mention.head].lemma, self.model)[PERSON]
        known = referent.kind(PERSON)
        return abs(person - known) < 0.75 and (mention.number == "plural") == (referent.number == "plural")

    def _joins_unnamed(self, mention: Mention, referent: Referent) -> bool:
        """Whether the name is that of somebody described just before, and of nobody named earlier."""
        words = name_words(self.document, mention.name)
        known = self._names.find(words, mention.gender, self._kinds(mention))
        return known is None and referent.name is None and self._fits_name(mention, referent)

    def _fits_name(self, mention: Mention, referent: Referent) -> bool:
        return mention.number != "plural" or referent.number == "plural"

    def _read_name(self, mention: Mention) -> None:
        words = name_words(self.document, mention.name)
        known = self._names.find(
            words, mention.gender, self._kinds(mention), has_article=self._is_definite(mention)
        )
        if known is None:
            self._start(mention)
        else:
            self._join(mention, known, 1.0, "")

    def _read_reference(self, mention: Mention) -> None:
        reference = refer(self.document, mention, self.model, self._seen)
        owner = self.resolved.get(mention.owner)
        reference.owner = owner.referent if owner is not None else None
        candidates = self._candidates()
        features = candidates_features(self.document, reference, candidates)
        chosen, probability = self._decide(reference, candidates, features)
        if chosen is not None:
            self._join(mention, chosen, probability, reference.kind)
        elif mention.kind != "pronoun":
            self._start(mention)

    def _candidates(self) -> list[Referent | None]:
        """Return whom a reference may mean, the last mentioned first, and None: nobody yet."""
        recent = {id(one): one for one in islice(reversed(self._active.values()), _MOST_CANDIDATES)}
        for farther in (*islice(reversed(self._named.values()), _NAMED), *self._main):
            recent.setdefault(id(farther), farther)
        return [*recent.values(), None]

    def _kinds(self, mention: Mention) -> list[float]:
        document = self.document
        if mention.kind != "name":
            return list(kinds_of_noun(document.tokens[mention.head].lemma, self.model))
        listed = self._listed[mention.name[0]] & self._listed[mention.name[1] - 1]
        return kinds_of_name(document, mention, listed, self.model)

    def _start(self, mention: Mention, *, is_group: bool = False) -> None:
        referent = Referent(
            mention, mention.number, mention.gender, self._kinds(mention), is_group=is_group, at=mention.head,
            first_sentence=mention.sentence, count=0,
        )  # fmt: skip
        if is_group:
            if self.document.tokens[mention.head].tag in NAME_TAGS:
                referent.name, referent.named_by = mention.name, mention
            referent.last, referent.count = mention, 1
            self._active[id(referent)] = referent
            return
        self._join(mention, referent, 1.0, "")

    def _join(self, mention: Mention, referent: Referent, probability: float, kind: str) -> None:
        document, head = self.document, self.document.tokens[mention.head]
        self.resolved[mention.head] = Resolved(referent, probability, kind, mention, referent.named_by)
        if mention.kind == "pronoun":
            referent.pronouns.add(PRONOUNS[head.lower])
        elif referent.count:
            product = [
                known * new**0.5 for known, new in zip(referent.kinds, self._kinds(mention), strict=True)
            ]
            referent.kinds = [value / sum(product) for value in product]
        if mention.kind == "name":
            self._name(mention, referent)
        elif mention.kind == "nominal":
            owner = self.resolved.get(mention.owner)
            if owner is not None:
                referent.owners.add(id(owner.referent))
            referent.heads.add(head.lemma)
            referent.modifiers |= {
                document.tokens[at].lemma
                for at in document.children[mention.head]
                if document.tokens[at].relation in {"amod", "compound", "nummod"}
            }
        referent.gender = referent.gender or mention.gender
        referent.number = referent.number or mention.number
        referent.last = mention
        referent.count += 1
        referent.subjects += mention.role == "subject"
        self._active[id(referent)] = referent
        self._active.move_to_end(id(referent))
        if referent.name is not None:
            self._named[id(referent)] = referent
            self._named.move_to_end(id(referent))
        self._keep_main(referent)

    def _name(self, mention: Mention, referent: Referent) -> None:
        words = name_words(self.document, mention.name)
        referent.names += 1
        referent.named_by = mention
        referent.heads |= {self.document.tokens[at].lower.rstrip(".") for at in mention.titles}
        referent.words |= {*words, *(self.document.tokens[at].lemma for at in range(*mention.name))}
        if referent.name is None or referent.is_bare or is_fuller(self.document, mention.name, referent.name):
            referent.name, referent.key, referent.is_bare = mention.name, words, mention.bare
            inside = {self.document.tokens[at].lower for at in range(*mention.name)}
            referent.links = bool(inside & {"of", "for"})
        referent.listed |= self._listed[mention.name[0]] & self._listed[mention.name[1] - 1]
        acronym = acronym_of(self.document, mention.name) if len(words) > 1 else ""
        self._names.add(referent, words, acronym=acronym)

    def _keep_main(self, referent: Referent) -> None:
        """Keep the named referents that are mentioned most."""
        if referent.name is None or referent in self._main:
            return
        self._main.append(referent)
        self._main.sort(key=lambda main: -main.count)
        del self._main[_MAIN:]
