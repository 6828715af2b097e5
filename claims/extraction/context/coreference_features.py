"""What speaks for and against a pronoun or description meaning somebody spoken of before.

A feature is a short text; its weight is looked up in the model. Each kind of reference has its own weights.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from claims.extraction.context.coreference_model import (
    ORGANISATION,
    OTHER,
    PERSON,
    PLACE,
    TIME,
    CoreferenceModel,
)
from claims.extraction.context.mentions import PRONOUNS, REFLEXIVES, Mention
from claims.extraction.context.referents import Referent, kinds_of_noun
from claims.extraction.parse.document import Document

_DISTANCES: Final = ("0", "1", "2", "3-4", "3-4", "5-8", "5-8", "5-8", "5-8")
_FAR: Final = ">8"
_RANKS: Final = ("1", "2", "3", "4-5", "4-5", "6-9", "6-9", "6-9", "6-9")
_COUNTS: Final = ("", "1", "2", "3-4", "3-4", "5-8", "5-8", "5-8", "5-8")
_KIND_NAMES: Final = {PERSON: "person", ORGANISATION: "body", PLACE: "place", TIME: "time", OTHER: "thing"}
# How likely two are of one kind, in steps.
_AGREEMENT_STEPS: Final = (0.1, 0.25, 0.4, 0.6)
_COUNTRY_WORDS: Final = frozenset(
    {"country", "nation", "state", "republic", "kingdom", "homeland", "economy"}
)
_TOWN_WORDS: Final = frozenset(
    {"city", "town", "capital", "village", "municipality", "metropolis", "settlement", "port", "suburb"}
)
_OPENINGS: Final = frozenset(
    {"the", "a", "an", "this", "that", "these", "those", "no", "any", "every", "each"}
)
# Words that texts use in turn for the same thing: "the cyclone", later "the storm".
_ALIKE: Final = (
    _COUNTRY_WORDS,
    _TOWN_WORDS,
    frozenset({"storm", "cyclone", "hurricane", "typhoon", "tornado"}),
    frozenset({"report", "study", "survey", "paper", "research", "analysis", "article", "document"}),
    frozenset({"company", "firm", "business", "corporation", "group", "manufacturer", "maker", "operator"}),
    frozenset({"ministry", "department", "agency", "office", "authority", "administration", "bureau"}),
    frozenset({"shop", "store", "bookstore", "supermarket", "restaurant", "café", "bar", "venue"}),
    frozenset({"film", "movie", "picture", "documentary"}),
    frozenset({"book", "novel", "volume", "work", "story"}),
    frozenset({"song", "track", "single", "album", "record"}),
    frozenset({"ship", "vessel", "boat", "ferry", "tanker", "trawler", "yacht"}),
    frozenset({"plane", "aircraft", "jet", "airliner", "warplane", "fighter", "helicopter"}),
    frozenset({"school", "university", "college", "academy", "institution"}),
    frozenset({"attack", "strike", "raid", "bombing", "shelling", "assault", "offensive", "operation"}),
    frozenset({"child", "baby", "girl", "boy", "daughter", "son", "infant", "toddler"}),
    frozenset({"couple", "parent", "pair", "family"}),
    frozenset({"team", "club", "side", "squad"}),
    frozenset({"law", "bill", "act", "measure", "legislation"}),
    frozenset({"virus", "disease", "illness", "pandemic", "epidemic", "outbreak"}),
    frozenset({"man", "actor", "author", "writer", "artist", "singer", "politician", "player", "suspect"}),
    frozenset(
        {"woman", "actress", "author", "writer", "artist", "singer", "politician", "player", "suspect"}
    ),
    frozenset({"period", "era", "age", "time", "year", "decade", "century"}),
    frozenset({"museum", "gallery", "building", "palace", "mansion", "castle", "house"}),
    frozenset({"island", "archipelago", "isle", "atoll"}),
    frozenset({"region", "area", "province", "district", "territory", "place"}),
)
_CLOSE_BY: Final = 3
_SHARED: Final = 0.3
_LIKELY: Final = 0.4
_REPORTING: Final = frozenset({"ccomp", "parataxis", "csubj"})
_HIGHEST_CLIMB: Final = 12


@dataclass(slots=True)
class Reference:
    """A pronoun or description that is to be resolved, with what all its candidates are held against."""

    mention: Mention
    kind: str
    word: str
    lemma: str
    is_reflexive: bool
    is_possessive: bool
    demonstrative: bool
    kinds: tuple[float, ...]
    modifiers: frozenset[str]
    words: frozenset[str]
    clause_subject: int
    reported_by: int
    quotation: int
    paragraph: int
    is_expletive: bool
    seen: bool
    identified_with: int
    has_complement: bool
    owner: Referent | None = None


def kind_of(document: Document, mention: Mention) -> str:
    """Return the kind of weights a reference has: "he", "it", "they" or "the"."""
    if mention.kind != "pronoun":
        return "the"
    base = PRONOUNS[document.tokens[mention.head].lower]
    return "he" if base == "she" else base


def refer(document: Document, mention: Mention, model: CoreferenceModel, seen: set[str]) -> Reference:
    """Return what is known of a reference by itself; `seen` are the nouns used so far."""
    tokens = document.tokens
    head = tokens[mention.head]
    inside = [at for at in document.children[mention.head] if mention.first <= at < mention.last]
    modifiers = frozenset(
        tokens[at].lemma for at in inside if tokens[at].relation in {"amod", "compound", "nummod"}
    )
    governor = mention.governor
    return Reference(
        mention=mention,
        kind=kind_of(document, mention),
        word=head.lower,
        lemma=head.lemma,
        is_reflexive=head.lower in REFLEXIVES,
        is_possessive=mention.role == "possessive",
        demonstrative=tokens[mention.first].lower in {"this", "that", "these", "those"},
        kinds=kinds_of_noun(head.lemma, model),
        modifiers=modifiers,
        words=frozenset(tokens[at].lower for at in range(mention.first, mention.last)),
        clause_subject=_subject_of(document, governor) if mention.role != "subject" else -1,
        reported_by=_reporter(document, mention),
        quotation=document.quotation_at[mention.head],
        paragraph=document.sentences[mention.sentence].paragraph,
        is_expletive=head.relation == "expl" or _is_extraposed(document, mention),
        seen=head.lemma in seen,
        identified_with=_copula_subject(document, mention),
        has_complement=any(
            tokens[at].relation in {"nmod", "acl", "acl:relcl", "ccomp"}
            for at in document.children[mention.head]
        ),
    )


def _subject_of(document: Document, verb: int) -> int:
    """Return the subject of a verb, that of the verb it is coordinated with or depends on if it has none."""
    for _ in range(_HIGHEST_CLIMB):
        if verb < 0:
            return -1
        for child in document.children[verb]:
            if document.tokens[child].relation in {"nsubj", "nsubj:pass"}:
                return child
        if document.tokens[verb].relation not in {"conj", "xcomp", "advcl"}:
            return -1
        verb = document.tokens[verb].head
    return -1


def _reporter(document: Document, mention: Mention) -> int:
    """Return the subject of the verb whose reported speech or thought the mention stands in, or -1."""
    at = mention.head
    for _ in range(_HIGHEST_CLIMB):
        token = document.tokens[at]
        if token.head < 0:
            return -1
        if token.relation in _REPORTING:
            return _subject_of(document, token.head)
        at = token.head
    return -1


def _is_extraposed(document: Document, mention: Mention) -> bool:
    """Whether "it" stands for a clause that follows: "it is clear that ...", "it took years to ..."."""
    if document.tokens[mention.head].lower != "it" or mention.role != "subject":
        return False
    below = document.children[mention.governor]
    relations = {document.tokens[at].relation for at in below if at > mention.head}
    has_be = any(document.tokens[at].relation == "cop" for at in below)
    return "csubj" in relations or (has_be and bool(relations & {"ccomp", "xcomp", "advcl", "acl:relcl"}))


def _copula_subject(document: Document, mention: Mention) -> int:
    """Return whom the sentence says the mention is ("Oslo is the capital": Oslo), or -1."""
    if mention.kind == "pronoun":
        return -1
    below = document.children[mention.head]
    if not any(document.tokens[at].relation == "cop" for at in below):
        return -1
    if any(document.tokens[at].lower in {"not", "n't", "never", "no"} for at in below):
        return -1
    return next((at for at in below if document.tokens[at].relation in {"nsubj", "nsubj:outer"}), -1)


def describe(
    document: Document, reference: Reference, candidate: Referent, rank: int, alike: int | None
) -> list[str]:
    """Return the features of one candidate; `rank` counts the referents mentioned since, from 0.

    `alike` counts only those that the reference may mean by their kind; None if it is none of them.
    """
    last, mention = candidate.last, reference.mention
    distance = mention.sentence - last.sentence
    far = _DISTANCES[distance] if distance < len(_DISTANCES) else _FAR
    place = _RANKS[rank] if rank < len(_RANKS) else ">9"
    count = _COUNTS[candidate.count] if candidate.count < len(_COUNTS) else ">8"
    found = [
        f"sentences {far}",
        f"rank {place}",
        f"count {count}",
        f"was {last.role} {last.kind}",
        f"was {last.role} at {far}",
        f"named {candidate.name is not None} {far}",
        f"{mention.role} after {last.role} at {far}",
    ]
    found.append("unlike" if alike is None else f"alike {_RANKS[alike] if alike < len(_RANKS) else '>9'}")
    if alike is not None:
        found.append(f"alike {min(alike, 3)} at {far}")
        found.append(f"alike {min(alike, 3)}, was {last.role} {last.kind}")
        found.append(f"alike {min(alike, 3)}, count {count}")
    if 0 <= mention.first - last.last < _CLOSE_BY:
        found.append(f"close by, was {last.kind}")
    if candidate.name is not None:
        found.append(f"named, count {count}")
        found.append(f"named, rank {place}")
        since = mention.sentence - candidate.named_by.sentence if candidate.named_by is not None else 0
        found.append(f"named {_DISTANCES[since] if since < len(_DISTANCES) else _FAR} ago")
        found.append(f"names {_COUNTS[candidate.names] if candidate.names < len(_COUNTS) else '>8'}")
    if last.kind == "nominal":
        opening = document.tokens[last.first].lower
        found.append(f"was nominal with {opening if opening in _OPENINGS else 'none'}")
    if candidate.subjects * 2 > candidate.count:
        found.append("mostly subject")
    if candidate.first_sentence <= 1 and candidate.name is not None:
        found.append("named at the top")
    if document.sentences[last.sentence].paragraph == reference.paragraph:
        found.append("same paragraph")
    found += _in_the_tree(reference, last)
    found += _in_quotations(document, reference, last)
    if mention.kind == "pronoun":
        found += _agreement(reference, candidate)
    else:
        found += _description(reference, candidate, far)
    return found


def _in_the_tree(reference: Reference, last: Mention) -> list[str]:
    mention, found = reference.mention, []
    if last.first <= mention.head < last.last and last.kind != "pronoun":
        found.append("inside it")
    if mention.first <= last.head < mention.last:
        found.append("holds it")
    same = last.governor == mention.governor and last.sentence == mention.sentence and mention.governor >= 0
    form = "reflexive" if reference.is_reflexive else "possessive" if reference.is_possessive else "plain"
    if same:
        found.append(f"same verb, {form}")
    if reference.clause_subject == last.head:
        found.append(f"subject of its clause, {form}")
    if reference.reported_by == last.head:
        found.append(f"reports it, {mention.role}")
    if reference.identified_with == last.head:
        found.append("is said to be it")
    if last.head > mention.head:
        found.append("comes later")
    return found


def _in_quotations(document: Document, reference: Reference, last: Mention) -> list[str]:
    there = document.quotation_at[last.head]
    if reference.quotation < 0 and there < 0:
        return []
    if reference.quotation == there:
        return ["same quotation"]
    if reference.quotation >= 0 and there >= 0:
        return ["other quotation"]
    if reference.quotation < 0:
        return ["out of a quotation"]
    return ["into a quotation, said by it"] if reference.reported_by == last.head else ["into a quotation"]


def _agreement(reference: Reference, candidate: Referent) -> list[str]:
    word = PRONOUNS[reference.word]
    found = []
    person = candidate.kind(PERSON)
    most = max(range(len(candidate.kinds)), key=candidate.kinds.__getitem__)
    sure = "surely" if candidate.kind(most) > 0.6 else "perhaps"
    found.append(f"{sure} {_KIND_NAMES[most]}")
    found += [f"person {int(person * 5)}", f"person {int(person * 5)}, named {candidate.name is not None}"]
    if word in {"he", "she"}:
        wanted = "male" if word == "he" else "female"
        found.append(
            "gender unknown" if not candidate.gender else f"gender same {candidate.gender == wanted}"
        )
    found.append(f"number {candidate.number or 'unknown'}")
    if candidate.is_group:
        found.append("group")
    if word in candidate.pronouns:
        found += ["same pronoun before", f"same pronoun before, person {int(person * 5)}"]
    if candidate.pronouns - {word}:
        found.append("another pronoun before")
    elif not candidate.pronouns:
        found.append("no pronoun before")
    return found


def _description(reference: Reference, candidate: Referent, far: str) -> list[str]:
    named = "named" if candidate.name is not None else "unnamed"
    same_head = reference.lemma in candidate.heads
    in_name = reference.lemma in candidate.words or reference.word in candidate.words
    return [
        *_shared_words(reference, candidate, far, named=named, same_head=same_head, in_name=in_name),
        *_kinds(reference, candidate, far, named=named, shares=same_head or in_name),
        *_ties(reference, candidate, far, named=named, same_head=same_head),
    ]


def _shared_words(
    reference: Reference, candidate: Referent, far: str, *, named: str, same_head: bool, in_name: bool
) -> list[str]:
    found = []
    if same_head:
        clash = reference.modifiers and candidate.modifiers and not reference.modifiers & candidate.modifiers
        found += [
            "same noun",
            f"same noun, {named}",
            f"same noun at {far}",
            f"same noun, other modifiers {bool(clash)}",
        ]
        if reference.modifiers and reference.modifiers <= candidate.modifiers:
            found.append("same noun, same modifiers")
    if in_name:
        ends = bool(candidate.key) and reference.word == candidate.key[-1]
        found += ["noun in name", f"noun in name at {far}", f"noun ends name {ends}"]
    sorts = [sort for sort in _ALIKE if reference.lemma in sort]
    if not same_head and any(sort & (candidate.heads | candidate.words) for sort in sorts):
        found += ["like noun", f"like noun, {named}", f"like noun at {far}"]
    if not same_head and not in_name:
        found.append(f"no word shared, {named}")
        if candidate.heads and not candidate.name:
            found.append("other noun")
    if reference.words & candidate.words and not in_name:
        found.append("modifier in name")
    return found


def _kinds(reference: Reference, candidate: Referent, far: str, *, named: str, shares: bool) -> list[str]:
    mass = sum(candidate.kind(kind) * reference.kinds[kind] for kind in range(len(reference.kinds)))
    agreement = str(bisect_right(_AGREEMENT_STEPS, mass))
    found = [f"agreement {agreement}", f"agreement {agreement} {named} {far}"]
    most = max(range(len(reference.kinds)), key=reference.kinds.__getitem__)
    called = _called(candidate)
    place = (
        "country" if reference.lemma in _COUNTRY_WORDS else "town" if reference.lemma in _TOWN_WORDS else ""
    )
    if place and called:
        found += [f"{place} for {called}", f"{place} for {called} {far}"]
    if called:
        found.append(f"{reference.lemma} for {called}")
    if reference.kinds[most] > 0.5:
        found.append(f"{_KIND_NAMES[most]} {agreement} {named}")
        if not shares:
            found.append(f"{_KIND_NAMES[most]} {agreement} {named} {far} by kind alone")
    return found


def _ties(reference: Reference, candidate: Referent, far: str, *, named: str, same_head: bool) -> list[str]:
    found = []
    if (reference.mention.number == "plural") != (candidate.number == "plural") and candidate.number:
        found.append("number differs")
    if candidate.pronouns & {"he", "she"} and reference.kinds[PERSON] < 0.3:
        found.append("a person by pronoun")
    if reference.owner is not None:
        if id(reference.owner) in candidate.owners:
            found.append(f"same owner, same noun {same_head}")
        elif candidate is reference.owner:
            found.append("its own owner")
        else:
            found.append(f"owner, same noun {same_head}")
    elif reference.mention.owner >= 0:
        found.append(f"unknown owner, same noun {same_head}")
    if reference.demonstrative:
        found.append(f"demonstrative at {far}")
    if reference.modifiers and not same_head:
        found.append(f"adds modifiers, {named}")
    if reference.has_complement and not same_head:
        found.append(f"adds a complement, {named}")
    return found


def _called(candidate: Referent) -> str:
    """Return what kind of name the candidate has, as far as the lists of names tell."""
    if candidate.name is None:
        return ""
    for kind in ("country", "place", "group", "body", "people", "female", "male"):
        if kind in candidate.listed:
            return "person" if kind in {"female", "male"} else kind
    most = max(range(len(candidate.kinds)), key=candidate.kinds.__getitem__)
    return f"{_KIND_NAMES[most]} unlisted"


def describe_none(document: Document, reference: Reference) -> list[str]:
    """Return the features of "none of them": the reference is empty or brings up something new."""
    mention = reference.mention
    found = ["none", f"none {reference.word}" if mention.kind == "pronoun" else f"none {mention.role}"]
    if reference.is_expletive:
        found.append("none, empty")
    if reference.quotation >= 0:
        found.append("none, quoted")
    if mention.sentence == 0:
        found.append("none, at the top")
    if mention.kind == "pronoun":
        return found
    most = max(range(len(reference.kinds)), key=reference.kinds.__getitem__)
    sure = reference.kinds[most] > 0.5
    found += [
        f"none seen {reference.seen}",
        f"none complement {reference.has_complement}",
        f"none modifiers {len(reference.modifiers)}",
        f"none demonstrative {reference.demonstrative} seen {reference.seen}",
        f"none seen {reference.seen} complement {reference.has_complement}",
        f"none {mention.number}",
        f"none owned {mention.owner >= 0}",
        f"none {reference.lemma}",
        f"none {reference.lemma} seen {reference.seen}",
        f"none {_KIND_NAMES[most] if sure else 'unknown'} seen {reference.seen}",
        f"none {_KIND_NAMES[most] if sure else 'unknown'} complement {reference.has_complement}",
    ]
    return found


def candidates_features(
    document: Document, reference: Reference, candidates: Sequence[Referent | None]
) -> list[list[str]]:
    """Return the features of each candidate, the last mentioned coming first."""
    found, alike = [], 0
    for rank, candidate in enumerate(candidates):
        if candidate is None:
            found.append(describe_none(document, reference))
            continue
        may_be = _may_be(reference, candidate)
        found.append(describe(document, reference, candidate, rank, alike if may_be else None))
        alike += may_be
    return found


def _may_be(reference: Reference, candidate: Referent) -> bool:
    """Whether a candidate is of a kind, number and gender that the reference may mean."""
    mention, person = reference.mention, candidate.kind(PERSON)
    if mention.kind != "pronoun":
        kinds = range(len(reference.kinds))
        shared = sum(candidate.kind(kind) * reference.kinds[kind] for kind in kinds)
        return shared > _SHARED and (mention.number == "plural") == (candidate.number == "plural")
    word = PRONOUNS[reference.word]
    if word == "they":
        return candidate.is_group or candidate.number == "plural" or candidate.kind(ORGANISATION) > _LIKELY
    if candidate.number == "plural":
        return False
    return (
        person < 1 - _LIKELY
        if word == "it"
        else person > _LIKELY and candidate.gender in {"", mention.gender}
    )
