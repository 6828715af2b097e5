"""Whom and what a text speaks of: names, pronouns and noun phrases, with what their form tells about them."""

import re
from dataclasses import dataclass
from typing import Final, Literal

from claims.extraction import lexicon
from claims.extraction.names.gazetteers import find_listed, gender_of
from claims.extraction.parse.document import Document, Range, ReadSentence

Kind = Literal["name", "nominal", "pronoun", "group"]
Role = Literal["subject", "object", "possessive", "oblique", "other"]
Number = Literal["singular", "plural", ""]
Gender = Literal["female", "male", ""]

NAME_TAGS: Final = frozenset({"NNP", "NNPS"})
_NOUN_TAGS: Final = frozenset({"NN", "NNS"})
_PLURAL_TAGS: Final = frozenset({"NNS", "NNPS"})
# What joins the words of one name; the head of a title ("President Roe") is the name.
_INSIDE_NAME: Final = frozenset(
    {"flat", "compound", "amod", "nmod:desc", "nmod:unmarked", "goeswith", "fixed"}
)
# What hangs on a noun and is no part of its phrase: other clauses, other members of a list, its own clause.
_OUTSIDE_PHRASE: Final = lexicon.word_set(
    "punct appos conj cc acl:relcl parataxis nsubj cop aux advcl ccomp mark case obl nsubj:outer list csubj"
)
# What may stand right behind a name and be another one ("gave Roe Poe's book").
_APART: Final = frozenset({"nmod:poss", "obj", "obl", "obl:unmarked", "conj", "list", "appos"})
_LINKING: Final = frozenset({"of", "for"})
_ROLES: Final[dict[str, Role]] = {
    "nsubj": "subject", "nsubj:pass": "subject", "nsubj:outer": "subject", "csubj": "subject",
    "obj": "object", "iobj": "object", "nmod:poss": "possessive", "obl": "oblique", "obl:agent": "oblique",
    "obl:unmarked": "oblique", "nmod": "oblique",
}  # fmt: skip
# Form -> the pronoun it is a form of. Who "I" is tells who speaks, not the text before.
PRONOUNS: Final = {
    form: base
    for base, forms in {
        "he": "he him his himself",
        "she": "she her hers herself",
        "it": "it its itself",
        "they": "they them their theirs themselves themself",
    }.items()
    for form in forms.split()
}
REFLEXIVES: Final = frozenset({"himself", "herself", "itself", "themselves", "themself"})
DEFINITE: Final = frozenset({"the", "this", "that", "these", "those"})
FEMALE_WORDS: Final = lexicon.word_set(
    "mrs ms miss lady madam woman women girl girls mother daughter sister wife widow aunt niece grandmother "
    "queen princess duchess actress spokeswoman chairwoman congresswoman businesswoman policewoman heroine "
    "granddaughter girlfriend bride waitress nun countess baroness empress goddess fiancée stepmother"
)
MALE_WORDS: Final = lexicon.word_set(
    "mr sir lord man men boy boys father son brother husband widower uncle nephew grandfather king prince "
    "duke actor spokesman chairman congressman businessman policeman hero grandson boyfriend groom waiter "
    "monk count baron emperor imam pope priest fiancé stepfather fisherman serviceman gunman"
)
_TITLES: Final = FEMALE_WORDS | MALE_WORDS | lexicon.ROLES
_NATIONAL: Final = re.compile(r"(?:[aei]an|ish|ese|[^aeiou]i|nch|tch|eek)$")


@dataclass(frozen=True, slots=True)
class Mention:
    """A phrase [first, last) around its token `head`; `name` is the range of the name in it, titles left out.

    `role` is what the phrase does for its `governor` (-1: for no verb), `number` and `gender` are "" when the
    form does not tell. `bare` is a name that is only a kind ("the Ministry"); `titles` are the tokens of
    what a name is introduced with, `owner` is the one whose thing it is ("|his| office").
    """

    head: int
    first: int
    last: int
    kind: Kind
    sentence: int
    role: Role
    governor: int
    number: Number
    gender: Gender = ""
    name: Range = (0, 0)
    bare: bool = False
    titles: tuple[int, ...] = ()
    owner: int = -1


def find_mentions(document: Document) -> list[Mention]:
    """Return the mentions of a text in the order of their heads; "Roe and Poe" comes before "Roe".

    Sentences too long to be parsed have none.
    """
    found: list[Mention] = []
    known = _known_names(document)
    for number, sentence in enumerate(document.sentences):
        if sentence.is_prose:
            found += _Sentence(document, sentence, number, known).mentions()
    return found


def _known_names(document: Document) -> frozenset[str]:
    """Return the words that are only ever names in this text: "Roe", also where it opens a sentence."""
    names = {token.lower for token in document.tokens if token.tag in NAME_TAGS}
    return frozenset(names - {token.lower for token in document.tokens if not token.capital})


class _Sentence:
    def __init__(
        self, document: Document, sentence: ReadSentence, number: int, known: frozenset[str]
    ) -> None:
        self._document = document
        self._known = known
        self._tokens = document.tokens
        self._sentence = sentence
        self._number = number
        self._left, self._right = self._edges()
        self._names = {at for at in range(sentence.first, sentence.last) if self._is_name(at)}

    def mentions(self) -> list[Mention]:
        found: list[Mention] = []
        for at in range(self._sentence.first, self._sentence.last):
            tag = self._tokens[at].tag
            if tag in {"PRP", "PRP$"}:
                if self._tokens[at].lower in PRONOUNS:
                    found.append(self._pronoun(at))
            elif at in self._names:
                if not self._is_inside_name(at):
                    found += self._with_group(at, self._name(at))
            elif tag in _NOUN_TAGS and self._tokens[at].relation not in {
                "compound",
                "flat",
                "fixed",
                "nmod:desc",
            }:
                found += self._with_group(at, self._nominal(at))
        return found

    def _is_name(self, at: int) -> bool:
        """Whether a word is part of a name.

        So is a capitalised noun behind one ("Harbour Board"), and what the parser takes for another word
        but joins to a name or knows for one elsewhere.
        """
        token, before = self._tokens[at], at - 1
        if token.tag in NAME_TAGS:
            return True
        if not token.capital:
            return False
        below = self._document.children[at]
        if at + 1 in below and self._tokens[at + 1].relation == "flat":
            return self._tokens[at + 1].tag in NAME_TAGS
        if token.tag not in _NOUN_TAGS:
            return False
        if at == self._sentence.first:
            return token.lower in self._known and token.lower not in lexicon.COLLECTIVE_HEADS | lexicon.ROLES
        return (
            before >= self._sentence.first
            and self._tokens[before].tag in NAME_TAGS
            and (self._tokens[before].head == at or token.relation == "flat")
        )

    def _edges(self) -> tuple[dict[int, int], dict[int, int]]:
        """Return the first and the last token below each token, itself included."""
        left = {at: at for at in range(self._sentence.first, self._sentence.last)}
        right = dict(left)
        for at in self._leaves_first():
            head = self._tokens[at].head
            if head in left and self._tokens[at].relation != "punct":
                left[head] = min(left[head], left[at])
                right[head] = max(right[head], right[at])
        return left, right

    def _leaves_first(self) -> list[int]:
        order = [at for at in range(self._sentence.first, self._sentence.last) if self._tokens[at].head < 0]
        for at in order:
            order += self._document.children[at]
        return order[::-1]

    def _is_inside_name(self, at: int) -> bool:
        """Whether the token belongs to a name with another head, or is a compound's part that goes on."""
        token = self._tokens[at]
        if self._is_hyphenated(at) and self._tokens[at + 2].head != at:
            return True
        if self._is_doubled(at):
            return True
        if token.relation not in _INSIDE_NAME or token.head < 0:
            return False
        if token.head in self._names:
            return True
        following = at + 1
        return (
            following < self._sentence.last
            and following in self._names
            and self._tokens[following].head == token.head
            and self._tokens[following].relation == token.relation
            and not self._is_doubled(following)
        )

    def _is_doubled(self, at: int) -> bool:
        """Whether the parser sees two names in one, as when a verb has two subjects side by side."""
        before, token = at - 1, self._tokens[at]
        return (
            before in self._names
            and self._tokens[before].end + 1 == token.start
            and token.capital
            and (token.relation not in _APART or self._is_apposed_alike(before, at))
            and token.lower not in lexicon.TIME_WORDS
            and token.lower not in lexicon.MONTHS
            and self._tokens[before].lower not in lexicon.TIME_WORDS
            # "Professor Roe", whose first word hangs on the second, is one name for the parser too.
            and (self._tokens[before].head < before or self._tokens[before].head not in self._names)
        )

    def _is_apposed_alike(self, before: int, at: int) -> bool:
        """Whether two words side by side are appositions of the same: "a baker, |Jane| |Roe|"."""
        first, second = self._tokens[before], self._tokens[at]
        return first.relation == second.relation == "appos" and first.head == second.head

    def _is_hyphenated(self, at: int) -> bool:
        """Whether a name goes on behind a hyphen: the "al" of "al-Amr"."""
        return (
            at + 2 < self._sentence.last
            and self._tokens[at + 1].lower == "-"
            and self._tokens[at + 2].tag in NAME_TAGS
            and self._tokens[at].end == self._tokens[at + 1].start
            and self._tokens[at + 1].end == self._tokens[at + 2].start
        )

    def _pronoun(self, at: int) -> Mention:
        base = PRONOUNS[self._tokens[at].lower]
        gender: Gender = "male" if base == "he" else "female" if base == "she" else ""
        role, governor = self._role(at)
        number: Number = "plural" if base == "they" else "singular"
        return Mention(at, at, at + 1, "pronoun", self._number, role, governor, number, gender)

    def _nominal(self, at: int) -> Mention:
        token = self._tokens[at]
        number: Number = "plural" if token.tag in _PLURAL_TAGS else "singular"
        role, governor = self._role(at)
        first, last = self._phrase(at)
        owner = next((c for c in self._document.children[at] if self._tokens[c].relation == "nmod:poss"), -1)
        return Mention(
            at,
            first,
            last,
            "nominal",
            self._number,
            role,
            governor,
            number,
            _gender(token.lower),
            owner=owner,
        )

    def _name(self, at: int) -> Mention:
        whole, high = self._name_range(at)
        low, gender = self._after_titles(whole, high)
        titles = self._nouns_before(at, whole)
        role, governor = self._role(at)
        number: Number = "plural" if self._tokens[at].tag == "NNPS" else "singular" if gender else ""
        first, last = self._phrase(at)
        lower = self._tokens[at].lower
        bare = high - low == 1 and (lower in lexicon.ROLES or lower in lexicon.COLLECTIVE_HEADS)
        return Mention(
            at, min(first, low), max(last, high), "name", self._number, role, governor, number, gender,
            (low, high), bare, (*titles, *range(whole, low)),
        )  # fmt: skip

    def _nouns_before(self, at: int, first: int) -> list[int]:
        """Return the nouns before a name that say what it is: "|spokesman| Roe", "news |agency| Ritzau"."""
        found = [
            child
            for child in self._document.children[at]
            if child < first
            and self._tokens[child].relation in {"nmod:desc", "compound"}
            and self._tokens[child].tag in _NOUN_TAGS
        ]
        before = first - 1
        is_new = before >= self._sentence.first and before not in found and before not in self._names
        if is_new and self._tokens[before].lower in lexicon.NAMED_KINDS | lexicon.ROLES:
            found.append(before)
        return found

    def _name_range(self, at: int) -> Range:
        """Return the words of the name around its head, its titles among them."""
        parts, waiting = {at}, [at]
        while waiting:
            for child in self._document.children[waiting.pop()]:
                if self._belongs(child):
                    parts.add(child)
                    waiting.append(child)
        if (
            self._tokens[at].relation in {"compound", "flat"}
            and self._tokens[self._tokens[at].head].tag not in NAME_TAGS
        ):
            while self._is_compounded(at, min(parts) - 1):
                parts.add(min(parts) - 1)
        low, high = at, at + 1
        while low - 1 in parts or (low - 2 in parts and self._joins(low - 1)):
            low -= 1
        while (
            high in parts
            or (high + 1 in parts and self._joins(high))
            or (high + 2 in parts and self._joins(high) and self._joins(high + 1))
        ):
            high += 1
        while low - 2 >= self._sentence.first and self._is_hyphenated(low - 2):
            low -= 2
        while high in self._names and self._is_doubled(high):
            high += 1
        return low, high

    def _after_titles(self, low: int, high: int) -> tuple[int, Gender]:
        """Return where a name starts behind its titles, and the gender that they or the first name tell."""
        titles = [at for at in range(low, high - 1) if self._tokens[at].lower.rstrip(".") in _TITLES]
        start = low
        gender: Gender = ""
        if titles and self._is_title(titles[-1], high):
            start = titles[-1] + 1
            if start < high - 1 and self._tokens[start].lower == ".":
                start += 1
            gender = next((g for at in titles if (g := _gender(self._tokens[at].lower.rstrip(".")))), "")
        if not gender and (high - start > 1 or self._is_first_name_only(start)):
            gender = gender_of(self._tokens[start].lower)
        return start, gender

    def _is_first_name_only(self, at: int) -> bool:
        """Whether a name of one word is no place, body or month by the lists ("Florence", "April")."""
        if self._tokens[at].lower in lexicon.MONTHS or self._tokens[at].lower in lexicon.TIME_WORDS:
            return False
        (listed,) = find_listed(self._tokens[at : at + 1])
        return listed <= {"female", "male"}

    def _is_title(self, title: int, high: int) -> bool:
        """Whether a word of a name is a title of what follows, as not in "General Command"."""
        rest = {self._tokens[at].lower for at in range(title + 1, high)}
        return not (lexicon.COLLECTIVE_HEADS | lexicon.BODY_WORDS) & rest and not _LINKING & rest

    def _belongs(self, child: int) -> bool:
        token = self._tokens[child]
        if token.relation in _INSIDE_NAME:
            if child in self._names or (token.relation == "flat" and token.tag == "CD"):
                return True
            if not token.capital or token.tag == "CD":
                return False
            opens = child == self._sentence.first
            return not opens or bool(_NATIONAL.search(token.lower))
        return (
            token.relation == "nmod"
            and token.tag in NAME_TAGS
            and any(
                self._tokens[case].lower in self._linking(token.head)
                for case in self._document.children[child]
            )
        )

    def _linking(self, head: int) -> frozenset[str]:
        """Return what joins "of" names; bodies are also named for where they are ("Observatory at Vardo")."""
        return _LINKING | {"at"} if self._tokens[head].lower in lexicon.COLLECTIVE_HEADS else _LINKING

    def _is_compounded(self, at: int, before: int) -> bool:
        return (
            before >= self._sentence.first
            and self._tokens[before].tag in NAME_TAGS
            and self._tokens[before].head == self._tokens[at].head
            and self._tokens[before].relation == self._tokens[at].relation
        )

    def _joins(self, at: int) -> bool:
        return self._tokens[at].lower in {"of", "for", "at", "the", "&", "-", ".", "and"}

    def _phrase(self, at: int) -> Range:
        """Return the whole phrase, without the clauses and appositions that hang on it."""
        first, last = at, at + 1
        for child in self._document.children[at]:
            if self._tokens[child].relation in _OUTSIDE_PHRASE:
                continue
            first, last = min(first, self._left[child]), max(last, self._right[child] + 1)
        return first, last

    def _with_group(self, at: int, mention: Mention) -> list[Mention]:
        """Return the mention, after the list it opens: "Roe and Poe"."""
        others = [
            child
            for child in self._document.children[at]
            if self._tokens[child].relation == "conj" and self._tokens[child].tag in NAME_TAGS | _NOUN_TAGS
        ]
        joined = any(
            self._tokens[part].relation == "cc" for other in others for part in self._document.children[other]
        )
        if not joined:
            return [mention]
        last = max(self._phrase(other)[1] for other in others)
        group = Mention(
            at, mention.first, max(last, mention.last), "group", self._number, mention.role, mention.governor,
            "plural", "", (mention.name[0] or mention.first, last),
        )  # fmt: skip
        return [group, mention]

    def _role(self, at: int) -> tuple[Role, int]:
        """Return what a phrase does and for which verb; a later member of a list does what the first does."""
        token = self._tokens[at]
        while (
            token.relation == "conj" and token.head >= 0 and self._tokens[token.head].tag[:2] in {"NN", "PR"}
        ):
            token = self._tokens[token.head]
        return _ROLES.get(token.relation, "other"), token.head


def _gender(word: str) -> Gender:
    return "female" if word in FEMALE_WORDS else "male" if word in MALE_WORDS else ""
